/* complete_names.c - the objects that a word may name, each with a few words about it; see complete.h */
#include "cli/complete_priv.h"

#include "cli/session.h"
#include "engine/ctr.h"
#include "engine/ctr_top.h"
#include "engine/images.h"
#include "engine/signal_names.h"
#include "engine/volume.h"

#include <signal.h>

enum { ID_SHOWN = 12 };

static bool is_given(const struct complete *c, const char *word)
{
	return c->given && strv_has(c->given, word);
}

/* What follows the prefix in the word typed; NULL: another prefix is. */
static const char *typed_name(const struct complete *c, const char *prefix)
{
	return str_after(c->typed, prefix);
}

/* an id only for who has begun to type one */
static bool begins_id(const struct complete *c, const char *prefix, const char *id)
{
	const char *typed = typed_name(c, prefix);
	return typed && *typed && strlen(typed) <= ID_SHOWN && str_starts(id, typed);
}

/* --- containers --- */

static unsigned states_of(enum word_kind kind)
{
	switch ((unsigned)kind) {
	case WORD_CTR_RUNNING:
		return 1U << CTR_RUNNING;
	case WORD_CTR_IDLE:
		return 1U << CTR_CREATED | 1U << CTR_EXITED;
	case WORD_CTR_PAUSED:
		return 1U << CTR_PAUSED;
	default:
		return UINT32_MAX;
	}
}

static void offer_ctr(struct complete *c, const struct ctr *ctr, const char *prefix, const char *suffix)
{
	const char *image = ctr->def.image_name ? ctr->def.image_name : "", *state = ctr_state_word(ctr->status.state);
	auto_free char *about = mem_printf("%s%s%s", image, *image ? ", " : "", state);
	auto_free char *name = mem_printf("%s%s", ctr->def.name, suffix);
	auto_free char *id = mem_printf("%.*s%s", ID_SHOWN, ctr->id, suffix);
	if (is_given(c, ctr->def.name))
		return;
	complete_offer(c, prefix, name, about);
	if (begins_id(c, prefix, ctr->id)) {
		auto_free char *more = mem_printf("%s, %s", ctr->def.name, about);
		complete_offer(c, prefix, id, more);
	}
}

static void offer_ctrs(struct complete *c, struct engine *engine, unsigned states, const char *prefix, const char *suffix)
{
	struct ctr **list;
	size_t count;
	struct err err = { 0 };
	if (ctr_list(engine, &list, &count, &err) < 0) {
		err_clear(&err);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (states & 1U << list[i]->status.state)
			offer_ctr(c, list[i], prefix, suffix);
	ctr_list_free(list, count);
}

/* --- images --- */

/* "debian:12" for docker.io/library/debian:12, too, where that is what was begun */
static void offer_image(struct complete *c, const struct image_row *image, const char *prefix)
{
	const char *typed = typed_name(c, prefix), *name = image->name;
	auto_free char *about = mem_printf("%.*s", ID_SHOWN, image->id);
	if (name && is_given(c, name))
		return;
	if (name)
		complete_offer(c, prefix, name, about);
	for (const char *p = name ? strchr(name, '/') : NULL; p && typed && *typed; p = strchr(p + 1, '/'))
		complete_offer(c, prefix, p + 1, name);
	if (begins_id(c, prefix, image->id))
		complete_offer(c, prefix, about, name);
}

static void offer_images(struct complete *c, struct engine *engine, bool lists, const char *prefix)
{
	const struct images_list_opts opts = { 0 };
	struct image_row *rows;
	size_t count;
	struct err err = { 0 };
	if (images_list(engine, &opts, &rows, &count, &err) < 0) {
		err_clear(&err);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (!lists || rows[i].is_list)
			offer_image(c, &rows[i], prefix);
	images_list_free(rows, count);
}

/* --- volumes --- */

static void offer_volumes(struct complete *c, struct engine *engine, const char *prefix)
{
	struct volume **list;
	size_t count;
	struct err err = { 0 };
	if (volume_list(engine, NULL, true, &list, &count, &err) < 0) {
		err_clear(&err);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (!is_given(c, list[i]->name))
			complete_offer(c, prefix, list[i]->name, list[i]->anonymous ? "anonymous volume" : "volume");
	volume_list_free(list, count);
}

/* --- words of our own --- */

static void offer_descriptors(struct complete *c)
{
	const char *name;
	for (size_t i = 0; (name = ctr_top_name(i)); i++)
		if (!is_given(c, name))
			complete_offer(c, "", name, NULL);
}

static void offer_signals(struct complete *c)
{
	for (int sig = 1; sig < NSIG; sig++) {
		const char *name = signal_names_text(sig), *end = str_after(name, "SIG");
		if (end && *end != '?')
			complete_offer(c, "", str_starts(c->typed, "S") ? name : end, NULL);
	}
}

/* Without a store there are no names. */
static void offer_objects(struct complete *c, enum word_kind kind, const char *prefix)
{
	auto_ptr(engine) engine = NULL;
	struct err err = { 0 };
	if (session_open(c->cli, ENGINE_READ, &engine, &err) < 0) {
		err_clear(&err);
		return;
	}
	if (kind == WORD_CTR_PATH)
		offer_ctrs(c, engine, UINT32_MAX, prefix, ":");
	else if (kind != WORD_IMAGE && kind != WORD_LIST && kind != WORD_VOLUME)
		offer_ctrs(c, engine, states_of(kind), prefix, "");
	if (kind == WORD_IMAGE || kind == WORD_LIST || kind == WORD_CTR_IMAGE || kind == WORD_OBJECT)
		offer_images(c, engine, kind == WORD_LIST, prefix);
	if (kind == WORD_VOLUME || kind == WORD_OBJECT)
		offer_volumes(c, engine, prefix);
}

void complete_names(struct complete *c, enum word_kind kind, const char *prefix)
{
	switch (kind) {
	case WORD_NONE:
	case WORD_COMMAND:
	case WORD_KIND_COUNT:
		return;
	case WORD_FILE:
		c->bits &= ~(unsigned)COMPLETE_NO_FILES;
		return;
	case WORD_SHELL:
		complete_offer_list(c, "", "bash,zsh,fish");
		return;
	case WORD_DESCRIPTOR:
		offer_descriptors(c);
		return;
	case WORD_SIGNAL:
		offer_signals(c);
		return;
	case WORD_CTR_PATH:
		c->bits &= ~(unsigned)COMPLETE_NO_FILES;
		break;
	case WORD_CTR:
	case WORD_CTR_RUNNING:
	case WORD_CTR_IDLE:
	case WORD_CTR_PAUSED:
	case WORD_CTR_IMAGE:
	case WORD_IMAGE:
	case WORD_LIST:
	case WORD_VOLUME:
	case WORD_OBJECT:
		break;
	}
	offer_objects(c, kind, prefix);
}
