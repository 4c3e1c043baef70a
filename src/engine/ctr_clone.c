#include "engine/ctr_clone.h"

#include "base/str.h"
#include "codec/json.h"

#include <ctype.h>
#include <string.h>

enum { NAME_TRIES = 10000 };

static void drop(char **field)
{
	free(*field);
	*field = NULL;
}

int ctr_clone_begin(const struct ctr *from, struct ctr_opts *opts, struct err *err)
{
	auto_ptr(json) record = ctr_def_to_json_new(&from->def);
	struct ctr_def *def = &opts->def;
	ctr_def_done(def);
	if (ctr_def_from_json(record, def, err) < 0)
		return -1;
	opts->is_copy = true;
	drop(&def->id);
	drop(&def->name);
	drop(&def->cidfile);
	drop(&def->pidfile);
	drop(&def->conmon_pidfile);
	def->remove = false; /* COMPAT */
	if (def->user_mode && (str_starts(def->user_mode, "auto") || str_eq(def->user_mode, "nomap"))) { /* ids of its own */
		strv_free(take_ptr(def->uid_map));
		strv_free(take_ptr(def->gid_map));
	}
	return 0;
}

/* A copy of a copy is another copy: "c-clone1" gives "c". */
static char *stem_dup(const char *name)
{
	size_t len = strlen(name);
	while (len && isdigit((unsigned char)name[len - 1]))
		len--;
	auto_free char *head = mem_strndup(name, len);
	return str_ends(head, "-clone") && len > strlen("-clone") ? mem_strndup(head, len - strlen("-clone")) : mem_strdup(name);
}

int ctr_clone_name(struct engine *engine, const char *from, char **ret, struct err *err)
{
	auto_free char *stem = stem_dup(from);
	for (int i = 0; i < NAME_TRIES; i++) {
		auto_free char *id = NULL;
		auto_free char *name = i ? mem_printf("%s-clone%d", stem, i) : mem_printf("%s-clone", stem);
		if (store_name_get(engine->store, STORE_CONTAINER, name, &id, err) >= 0)
			continue;
		if (!err_is(err, ERR_NOT_FOUND))
			return -1;
		err_clear(err);
		*ret = take_ptr(name);
		return 0;
	}
	return err_set(err, ERR_EXISTS, "no free name was found for the copy of container %s: give one with --name", from);
}

int ctr_clone(struct engine *engine, const struct ctr *from, struct ctr_opts *opts, const struct images_progress *progress, struct ctr **ret,
	      struct err *err)
{
	struct ctr_def *def = &opts->def;
	if (!def->name || !*def->name) {
		drop(&def->name);
		if (ctr_clone_name(engine, from->def.name, &def->name, err) < 0)
			return -1;
	}
	return ctr_create(engine, opts, progress, ret, err);
}
