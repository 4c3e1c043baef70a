#include "engine/check.h"

#include "base/log.h"
#include "base/str.h"
#include "engine/check_repair.h"
#include "storage/store_check.h"

#include <stdlib.h>

void check_done(struct check_report *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->rows[i].id);
		free(r->rows[i].text);
		free(r->rows[i].done);
	}
	free(r->rows);
	*r = (struct check_report){ 0 };
}

static void found(const struct check_finding *f, void *data)
{
	struct check_report *r = data;
	r->rows = mem_resize(r->rows, r->count + 1, sizeof(*r->rows));
	r->rows[r->count++] = (struct check_row){ .is_damage = f->grade == CHECK_DAMAGE, .is_name = f->is_name, .kind = f->kind,
						       .what = store_kind_word(f->kind), .id = mem_strdup(f->id), .text = mem_strdup(f->text) };
	r->damaged += f->grade == CHECK_DAMAGE;
}

/* Names first, then layers: an image that lacks one is whole again with it, and a container with its image's. */
static void repair_those(struct engine *engine, struct check_report *r, bool names, int kind)
{
	for (size_t i = 0; i < r->count; i++) {
		struct check_row *row = &r->rows[i];
		struct err err = { 0 };
		if (row->is_name != names || (!names && row->kind != kind) || !row->is_damage)
			continue;
		if (check_repair(engine, row, &err) < 0)
			log_warn("%s", err.text);
		r->damaged -= row->done != NULL;
	}
}

static void repair(struct engine *engine, struct check_report *r)
{
	static const enum store_kind order[] = { STORE_LAYER, STORE_IMAGE, STORE_VOLUME, STORE_SECRET, STORE_CONTAINER, STORE_LIST, STORE_ARTIFACT };
	repair_those(engine, r, true, 0);
	for (size_t k = 0; k < ARRAY_LEN(order); k++)
		repair_those(engine, r, false, (int)order[k]);
}

int check_store(struct engine *engine, unsigned how, struct check_report *ret, struct err *err)
{
	if (store_check(engine->store, how & CHECK_RECORDS ? 0 : CHECK_DEEP, found, ret, err) < 0)
		return -1;
	if (how & CHECK_REPAIR)
		repair(engine, ret);
	return 0;
}
