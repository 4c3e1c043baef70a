/* complete_names.c - the objects that a word may name, each with a few words about it; see complete.h */
#include "cli/complete_priv.h"

#include "cli/session.h"
#include "engine/ctr.h"
#include "engine/ctr_top.h"
#include "engine/names.h"
#include "engine/signal_names.h"

#include <signal.h>

enum { ID_SHOWN = 12, DESCRIBED_MAX = 200 };

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

/* Does the word typed begin the name, or an id? */
static bool fits(const struct complete *c, const char *prefix, const struct names_item *item)
{
	const char *typed = typed_name(c, prefix);
	return typed && !is_given(c, item->name) && (str_starts(item->name, typed) || begins_id(c, prefix, item->id));
}

/* Those of a kind that fit; none when there is no store. Owned. */
static struct names_item *list_fitting(struct complete *c, struct engine *engine, enum names_kind kind, const char *prefix, size_t *ret_count)
{
	struct names_item *items;
	size_t count, kept = 0;
	struct err err = { 0 };
	*ret_count = 0;
	if (names_list(engine, kind, &items, &count, &err) < 0) {
		err_clear(&err);
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		struct names_item item = items[i];
		if (fits(c, prefix, &item)) {
			items[i] = items[kept];
			items[kept++] = item;
		}
	}
	for (size_t i = kept; i < count; i++) {
		free(items[i].name);
		free(items[i].id);
	}
	*ret_count = kept;
	return items;
}

/* --- containers --- */

static unsigned states_of(enum word_kind kind)
{
	switch ((unsigned)kind) {
	case WORD_CTR_RUNNING:
		return 1U << CTR_RUNNING;
	case WORD_CTR_IDLE:
		return 1U << CTR_CREATED | 1U << CTR_INITIALIZED | 1U << CTR_EXITED;
	case WORD_CTR_PAUSED:
		return 1U << CTR_PAUSED;
	default:
		return UINT32_MAX;
	}
}

static void offer_ctr(struct complete *c, const struct names_item *item, const char *about, const char *prefix, const char *suffix)
{
	auto_free char *name = mem_printf("%s%s", item->name, suffix);
	auto_free char *id = mem_printf("%.*s%s", ID_SHOWN, item->id, suffix);
	complete_offer(c, prefix, name, about);
	if (begins_id(c, prefix, item->id)) {
		auto_free char *more = mem_printf("%s%s%s", item->name, about ? ", " : "", about ? about : "");
		complete_offer(c, prefix, id, more);
	}
}

/* with its image and its state, when the state is one of those */
static void offer_known_ctr(struct complete *c, struct engine *engine, const struct names_item *item, unsigned states, const char *prefix,
			    const char *suffix)
{
	auto_ptr(ctr) ctr = NULL;
	struct err err = { 0 };
	if (ctr_open(engine, item->id, &ctr, &err) < 0) {
		err_clear(&err);
		return;
	}
	const char *image = ctr->def.image_name ? ctr->def.image_name : "", *state = ctr_state_word(ctr->status.state);
	auto_free char *about = mem_printf("%s%s%s", image, *image ? ", " : "", state);
	if (states & 1U << ctr->status.state)
		offer_ctr(c, item, about, prefix, suffix);
}

/* Of many nobody reads what they are, and reading all records would be felt: names alone, by what the run directory tells. */
static void offer_ctrs(struct complete *c, struct engine *engine, enum word_kind kind, const char *prefix, const char *suffix)
{
	unsigned states = states_of(kind);
	size_t count, read = 0;
	struct names_item *items = list_fitting(c, engine, NAMES_CTR, prefix, &count);
	for (size_t i = 0; i < count; i++) {
		bool active_wanted = !!(states & (1U << CTR_RUNNING | 1U << CTR_PAUSED)), idle_wanted = !!(states & 1U << CTR_EXITED);
		if (!items[i].active && !idle_wanted)
			continue;
		if (count <= DESCRIBED_MAX || (items[i].active && states != UINT32_MAX && read++ < DESCRIBED_MAX))
			offer_known_ctr(c, engine, &items[i], states, prefix, suffix);
		else if (items[i].active ? active_wanted : idle_wanted)
			offer_ctr(c, &items[i], NULL, prefix, suffix);
	}
	names_list_free(items, count);
}

/* --- images --- */

/* "debian:12" for docker.io/library/debian:12, too, where that is what was begun */
static void offer_image(struct complete *c, const struct names_item *item, const char *prefix)
{
	const char *typed = typed_name(c, prefix);
	auto_free char *id = mem_printf("%.*s", ID_SHOWN, item->id);
	if (!typed || is_given(c, item->name))
		return;
	complete_offer(c, prefix, item->name, id);
	for (const char *p = *typed ? strchr(item->name, '/') : NULL; p; p = strchr(p + 1, '/'))
		complete_offer(c, prefix, p + 1, item->name);
	if (begins_id(c, prefix, item->id))
		complete_offer(c, prefix, id, item->name);
}

static void offer_images(struct complete *c, struct engine *engine, enum names_kind kind, const char *prefix)
{
	struct names_item *items;
	size_t count;
	struct err err = { 0 };
	if (names_list(engine, kind, &items, &count, &err) < 0) {
		err_clear(&err);
		return;
	}
	for (size_t i = 0; i < count; i++)
		offer_image(c, &items[i], prefix);
	names_list_free(items, count);
}

/* --- volumes --- */

static void offer_volumes(struct complete *c, struct engine *engine, const char *prefix)
{
	size_t count;
	struct names_item *items = list_fitting(c, engine, NAMES_VOLUME, prefix, &count);
	for (size_t i = 0; i < count; i++)
		complete_offer(c, prefix, items[i].name, "volume");
	names_list_free(items, count);
}

/* --- artifacts --- */

static void offer_artifacts(struct complete *c, struct engine *engine, const char *prefix)
{
	size_t count;
	struct names_item *items = list_fitting(c, engine, NAMES_ARTIFACT, prefix, &count);
	for (size_t i = 0; i < count; i++)
		complete_offer(c, prefix, items[i].name, "artifact");
	names_list_free(items, count);
}

/* --- secrets --- */

static void offer_secrets(struct complete *c, struct engine *engine, const char *prefix)
{
	size_t count;
	struct names_item *items = list_fitting(c, engine, NAMES_SECRET, prefix, &count);
	for (size_t i = 0; i < count; i++)
		complete_offer(c, prefix, items[i].name, "secret");
	names_list_free(items, count);
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

static void offer_keys(struct complete *c)
{
	for (const struct conf_key *key = conf_containers_keys; key->name; key++)
		if (!is_given(c, key->name))
			complete_offer(c, "", key->name, key->def ? key->def : "");
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
	if (kind == WORD_SECRET)
		return offer_secrets(c, engine, prefix);
	if (kind == WORD_CTR_PATH)
		offer_ctrs(c, engine, kind, prefix, ":");
	else if (kind != WORD_IMAGE && kind != WORD_LIST && kind != WORD_VOLUME && kind != WORD_ARTIFACT)
		offer_ctrs(c, engine, kind, prefix, "");
	if (kind == WORD_IMAGE || kind == WORD_CTR_IMAGE || kind == WORD_OBJECT)
		offer_images(c, engine, NAMES_IMAGE, prefix);
	if (kind == WORD_IMAGE || kind == WORD_CTR_IMAGE || kind == WORD_OBJECT || kind == WORD_LIST)
		offer_images(c, engine, NAMES_LIST, prefix);
	if (kind == WORD_ARTIFACT || kind == WORD_OBJECT)
		offer_artifacts(c, engine, prefix);
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
	case WORD_KEY:
		offer_keys(c);
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
	case WORD_ARTIFACT:
	case WORD_SECRET:
	case WORD_VOLUME:
	case WORD_OBJECT:
		break;
	}
	offer_objects(c, kind, prefix);
}
