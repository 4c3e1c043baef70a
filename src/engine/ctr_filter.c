#include "base/ntime.h"
#include "base/num.h"
#include "engine/ctr.h"
#include "engine/ctr_policy.h"
#include "engine/filter_values.h"
#include "engine/images.h"

#include <fnmatch.h>
#include <regex.h>

/* One function a key; COMPAT: names and meanings of `podman ps --filter`. */

static bool regex_matches(const char *pattern, const char *text)
{
	regex_t re;
	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	bool match = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return match;
}

static int by_id(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	*ret = str_starts(ctr->id, value) || regex_matches(value, ctr->id);
	return 0;
}

static int by_name(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	*ret = regex_matches(value, ctr->def.name);
	return 0;
}

static bool has_label(const struct ctr *ctr, const char *value)
{
	const char *eq = strchr(value, '=');
	for (char **label = ctr->def.labels; label && *label; label++) {
		size_t key = strcspn(*label, "=");
		if (eq ? strcmp(*label, value) == 0 : key == strlen(value) && strncmp(*label, value, key) == 0)
			return true;
	}
	return false;
}

static int by_label(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	*ret = has_label(ctr, value);
	return 0;
}

static int by_not_label(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	*ret = !has_label(ctr, value);
	return 0;
}

static int by_exited(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	int64_t code;
	if (num_i64(value, INT32_MIN, INT32_MAX, &code) < 0)
		return err_set(err, ERR_USAGE, "exited code out of range: '%s'", value);
	*ret = ctr->status.state == CTR_EXITED && ctr->status.exit_code == code;
	return 0;
}

static int by_status(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	static const char *const words[] = { "created", "exited", "paused", "running", "stopped", "unknown", "initialized", "removing", "stopping", NULL };
	if (str_index(words, value) < 0)
		return err_set(err, ERR_USAGE, "unknown container state: %s: invalid argument", value);
	*ret = strcmp(value, ctr_state_word(ctr->status.state)) == 0 || (strcmp(value, "stopped") == 0 && ctr->status.state == CTR_EXITED);
	return 0;
}

static int by_ancestor(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	const char *name = ctr->def.image_name ? ctr->def.image_name : "";
	const char *base = strrchr(name, '/');
	size_t len = strlen(value);
	*ret = strcmp(name, value) == 0 || (ctr->def.image && *ctr->def.image && str_starts(ctr->def.image, value)) ||
	       (str_starts(name, value) && name[len] == ':') ||
	       (base && (strcmp(base + 1, value) == 0 || (str_starts(base + 1, value) && base[1 + len] == ':')));
	return 0;
}

static int by_before(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	auto_ptr(ctr) other = NULL;
	if (ctr_open(engine, value, &other, err) < 0)
		return -1;
	*ret = ctr->def.created_ns < other->def.created_ns;
	return 0;
}

static int by_since(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	auto_ptr(ctr) other = NULL;
	if (ctr_open(engine, value, &other, err) < 0)
		return -1;
	*ret = ctr->def.created_ns > other->def.created_ns;
	return 0;
}

/* COMPAT: a volume by its name, anything else by where it is in the container, or both with a colon */
static int by_volume(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	*ret = false;
	for (size_t i = 0; i < ctr->def.mount_count; i++) {
		const struct ctr_mount *m = &ctr->def.mounts[i];
		bool is_volume = str_eq(m->type, "volume");
		auto_free char *both = mem_printf("%s:%s", m->source ? m->source : "", m->target);
		*ret |= strcmp(both, value) == 0 || str_eq(is_volume ? m->source : m->target, value);
	}
	return 0;
}

/* COMPAT: networks it is connected to; a mode is none, but that of another container's */
static int by_network(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	const char *other = str_after(value, "container:");
	auto_ptr(ctr) found = NULL;
	struct err gone = { 0 };
	*ret = !other && *value && str_eq(ctr->status.net.network, value);
	if (!other || !str_starts(ctr->def.net_mode ? ctr->def.net_mode : "", "container:"))
		return 0;
	const char *shared = ctr->def.net_mode + strlen("container:");
	*ret = strcmp(shared, other) == 0 || (ctr_open(engine, other, &found, &gone) >= 0 && (str_eq(found->id, shared) || str_eq(found->def.name, shared)));
	return 0;
}

static int by_command(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	char **first = ctr->def.entrypoint && ctr->def.entrypoint[0] ? ctr->def.entrypoint : ctr->def.command;
	*ret = first && str_eq(first[0], value);
	return 0;
}

static int by_restart_policy(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	static const char *const words[] = { "always", "no", "on-failure", "unless-stopped", "", NULL };
	if (str_index(words, value) < 0)
		return err_set(err, ERR_USAGE, "invalid restart policy '%s': always, no, on-failure or unless-stopped is expected", value);
	*ret = strcmp(ctr->def.restart_policy ? ctr->def.restart_policy : "", value) == 0; /* COMPAT: "no" only where it was said */
	return 0;
}

static int by_until(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	int64_t at;
	if (ntime_parse_loose(value, ntime_now(), &at) < 0)
		return err_set(err, ERR_USAGE, "invalid time '%s' of filter until: give a time or how long ago (10m, 24h)", value);
	*ret = ctr->def.created_ns < at;
	return 0;
}

static int by_health(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	*ret = str_eq(ctr->status.health, value);
	return 0;
}

static int by_boot(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	int want = num_bool(value);
	if (want < 0)
		return err_set(err, ERR_USAGE, "strconv.ParseBool: parsing \"%s\": invalid syntax", value);
	*ret = ctr_policy_at_boot(engine, ctr) == (want == 1);
	return 0;
}

static int never(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err)
{
	*ret = false; /* pods: no container has one */
	return 0;
}

static const struct filter_row {
	const char *key;
	int (*match)(struct engine *engine, const struct ctr *ctr, const char *value, bool *ret, struct err *err);
	bool each; /* several are a condition each; COMPAT: of the others one is enough, also of label! and since */
} rows[] = {
	{ "id", by_id },	   { "name", by_name },	      { "label", by_label, true },	 { "label!", by_not_label },
	{ "exited", by_exited },   { "status", by_status },   { "ancestor", by_ancestor }, { "before", by_before, true },
	{ "since", by_since },	   { "volume", by_volume },   { "network", by_network }, { "command", by_command },
	{ "restart-policy", by_restart_policy }, { "until", by_until, true }, { "pod", never }, { "health", by_health },
	{ "should-start-on-boot", by_boot },
};

/* "label!=x" is the key "label!"; "label=a=b" has the value "a=b" */
static const struct filter_row *find_row(const char *filter)
{
	size_t key = strcspn(filter, "=");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strlen(rows[i].key) == key && strncmp(rows[i].key, filter, key) == 0)
			return &rows[i];
	return NULL;
}

int ctr_match(struct engine *engine, const struct ctr *ctr, const char *filter, bool *ret, struct err *err)
{
	const struct filter_row *row = find_row(filter);
	const char *eq = strchr(filter, '=');
	if (!eq)
		return err_set(err, ERR_USAGE, "invalid filter \"%s\": expected KEY=VALUE", filter);
	if (!row)
		return err_set(err, ERR_USAGE, "%.*s is an invalid filter", (int)(eq - filter), filter);
	return row->match(engine, ctr, eq + 1, ret, err);
}

struct asked {
	struct engine *engine;
	const struct ctr *ctr;
};

static int match_one(void *ctx, const char *filter, bool *ret, struct err *err)
{
	const struct asked *a = ctx;
	return ctr_match(a->engine, a->ctr, filter, ret, err);
}

static bool is_any(const char *filter)
{
	const struct filter_row *row = find_row(filter);
	return row && !row->each;
}

int ctr_match_all(struct engine *engine, const struct ctr *ctr, char *const *filters, bool *ret, struct err *err)
{
	struct asked asked = { engine, ctr };
	const struct filter_values how = { is_any, match_one, &asked };
	return filter_values_match(&how, filters, ret, err);
}

/* By asking it of a container that has nothing. */
int ctr_match_check(struct engine *engine, const char *filter, struct err *err)
{
	static char nothing[] = "";
	const struct ctr probe = { .dir_fd = -EBADF, .def.name = nothing, .def.image_name = nothing, .def.image = nothing };
	bool ignored;
	return ctr_match(engine, &probe, filter, &ignored, err);
}
