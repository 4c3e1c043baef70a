#include "engine/events.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/ntime.h"
#include "base/num.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"
#include "engine/ctr_health.h"
#include "host/userns.h"
#include "storage/store.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who did it: the person who logged in, whatever user they have become since (design: the login uid is kept by every process). */
static void add_user(struct json_out *o)
{
	static uint64_t uid = UINT64_MAX; /* it stays what it is */
	auto_free char *text = NULL;
	size_t len;
	/* 2^32-1: nobody logged in */
	if (uid == UINT64_MAX && (file_read(AT_FDCWD, "/proc/self/loginuid", 64, &text, &len) < 0 || num_u64(text, UINT32_MAX - 1, &uid) < 0))
		uid = userns_caller_uid();
	json_out_u64(o, "UID", uid);
}

/* The number is what happened, and cannot be forged by an environment; its name is looked up by who reads. */
static void name_user(struct json *event)
{
	static struct { uint64_t uid; char name[64]; } last = { .uid = UINT64_MAX };
	uint64_t uid = json_get_u64(event, "UID", UINT64_MAX);
	if (uid > UINT32_MAX)
		return;
	if (last.uid != uid) {
		auto_free char *name = userns_user_name_dup((uid_t)uid);
		last.uid = uid;
		snprintf(last.name, sizeof(last.name), "%s", name ? name : "");
	}
	if (last.name[0])
		json_set_str(event, "User", last.name);
}

static void add_attributes(struct json_out *o, const struct ctr *ctr)
{
	json_out_open_object(o, "Attributes");
	for (char **label = ctr->def.labels; label && *label; label++) {
		auto_free char *key = mem_strdup(*label);
		char *value = strchr(key, '=');
		if (value)
			*value++ = 0;
		json_out_str(o, key, value ? value : "");
	}
	json_out_close_object(o);
}

static void add_time(struct json_out *o)
{
	int64_t now = ntime_now();
	json_out_str(o, "Time", ntime_rfc3339_local(now).text);
	json_out_i64(o, "timeNano", now);
}

/* Members that are the same for every event of a container, without the closing brace when status is NULL. */
char *events_ctr_line_dup(const struct ctr *ctr, const char *status)
{
	auto_str text = { 0 };
	struct json_out o = json_out(&text, NULL);
	json_out_open_object(&o, NULL);
	json_out_str(&o, "Name", ctr->def.name);
	json_out_str(&o, "ID", ctr->id);
	json_out_str(&o, "Image", ctr->def.image_name ? ctr->def.image_name : "");
	json_out_str(&o, "Type", "container");
	add_user(&o);
	add_attributes(&o, ctr);
	if (status) {
		json_out_str(&o, "Status", status);
		add_time(&o);
		json_out_close_object(&o);
	}
	return str_take(&text);
}

static void append(struct engine *engine, const char *line)
{
	auto_free char *whole = mem_printf("%s\n", line);
	int rc = file_append(store_graph_fd(engine->store), "events.jsonl", 0600, whole, strlen(whole));
	if (rc < 0)
		log_debug("an event was not written: %s", err_reason(-rc));
}

void events_add_ctr(struct engine *engine, const struct ctr *ctr, const char *status)
{
	auto_free char *line = events_ctr_line_dup(ctr, status);
	append(engine, line);
}

/* With events_logger the answer itself goes here, too. */
void events_add_health(struct engine *engine, const struct ctr *ctr, const struct ctr_health *health)
{
	auto_free char *begun = events_ctr_line_dup(ctr, NULL);
	auto_str line = { 0 };
	str_add(&line, begun);
	struct json_out o = { .out = &line, .style = &json_style_compact, .depth = 1 };
	json_out_str(&o, "health_status", health->status);
	json_out_u64(&o, "health_failing_streak", health->streak);
	auto_free char *log = str_eq(ctr->def.health_log_destination, "events_logger") && health->count ?
				      ctr_health_entry_text_dup(&health->entries[health->count - 1]) : mem_strdup("");
	json_out_str(&o, "health_log", log);
	json_out_str(&o, "Status", "health_status");
	add_time(&o);
	json_out_close_object(&o);
	append(engine, str_text(&line));
}

void events_add_start(struct engine *engine, const struct ctr *ctr)
{
	auto_free char *init = events_ctr_line_dup(ctr, "init"), *start = events_ctr_line_dup(ctr, "start");
	auto_free char *both = mem_printf("%s\n%s", init, start);
	append(engine, both);
}

static void add_object(struct engine *engine, const char *type, const char *status, const char *id, const char *name)
{
	auto_str text = { 0 };
	struct json_out o = json_out(&text, NULL);
	json_out_open_object(&o, NULL);
	json_out_str(&o, "Name", name ? name : "");
	if (id)
		json_out_str(&o, "ID", id);
	json_out_str(&o, "Type", type);
	add_user(&o);
	json_out_str(&o, "Status", status);
	add_time(&o);
	json_out_close_object(&o);
	append(engine, str_text(&text));
}

void events_add_image(struct engine *engine, const char *status, const char *id, const char *name)
{
	add_object(engine, "image", status, id, name);
}

void events_add_volume(struct engine *engine, const char *status, const char *name)
{
	add_object(engine, "volume", status, NULL, name);
}

void events_add_secret(struct engine *engine, const char *status, const char *id)
{
	add_object(engine, "secret", status, id, NULL);
}

/* --- reading --- */

static bool field_matches(const struct json *event, const char *key, const char *value)
{
	static const struct { const char *key, *member; } rows[] = {
		{ "event", "Status" }, { "type", "Type" }, { "image", "Image" }, { "user", "User" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].key, key) == 0)
			return strcmp(json_get_str(event, rows[i].member, ""), value) == 0;
	if (strcmp(key, "container") == 0)
		return strcmp(json_get_str(event, "Type", ""), "container") == 0 &&
		       (strcmp(json_get_str(event, "Name", ""), value) == 0 || str_starts(json_get_str(event, "ID", ""), value));
	if (strcmp(key, "volume") == 0)
		return strcmp(json_get_str(event, "Type", ""), "volume") == 0 && str_starts(json_get_str(event, "Name", ""), value);
	if (strcmp(key, "pod") == 0)
		return false; /* there are no pods that something happens to */
	auto_free char *name = mem_strdup(value);
	char *wanted = strchr(name, '=');
	if (wanted)
		*wanted++ = 0;
	const char *label = json_get_str(json_get(event, "Attributes"), name, NULL);
	return label && (!wanted || strcmp(label, wanted) == 0);
}

static const char *const filter_keys[] = { "event", "type", "image", "user", "container", "volume", "label", "pod", NULL };

static int check_filters(char *const *filters, struct err *err)
{
	for (; filters && *filters; filters++) {
		auto_free char *key = mem_strdup(*filters);
		char *value = strchr(key, '=');
		if (value)
			*value = 0;
		if (!value || str_index(filter_keys, key) < 0)
			return err_set(err, ERR_USAGE, "invalid filter \"%s\": expected container, event, image, label, pod, type, user or volume =VALUE", *filters);
	}
	return 0;
}

/* COMPAT: values of one key are alternatives, keys are conditions. */
static bool matches(const struct json *event, char *const *filters)
{
	for (size_t k = 0; filter_keys[k]; k++) {
		bool asked = false, met = false;
		for (char *const *f = filters; f && *f; f++) {
			const char *rest = str_after(*f, filter_keys[k]);
			if (!rest || *rest != '=')
				continue;
			asked = true;
			met |= field_matches(event, filter_keys[k], rest + 1);
		}
		if (asked && !met)
			return false;
	}
	return true;
}

struct reader {
	const struct events_opts *opts;
	int (*cb)(void *ctx, const struct json *event);
	void *ctx;
};

static int take_line(const struct reader *r, const char *line, size_t len)
{
	auto_ptr(json) event = NULL;
	struct err ignored = { 0 };
	if (json_parse_object(line, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &event, &ignored) < 0)
		return 0;
	name_user(event);
	int64_t at = json_get_i64(event, "timeNano", 0);
	if ((r->opts->since_ns && at < r->opts->since_ns) || (r->opts->until_ns && at > r->opts->until_ns) || !matches(event, r->opts->filters))
		return 0;
	return r->cb(r->ctx, event);
}

enum { EVENT_LINE_MAX = 64 << 10 };

/* Reads whole lines from where the descriptor stands; a last line without its newline stays for the next time. */
static int read_lines(const struct reader *r, int fd, struct str *rest)
{
	char chunk[32 << 10];
	ssize_t got;
	while ((got = read(fd, chunk, sizeof(chunk))) > 0) {
		str_add_mem(rest, chunk, (size_t)got);
		size_t from = 0;
		char *end;
		while ((end = memchr(rest->data + from, '\n', rest->len - from))) {
			int rc = take_line(r, rest->data + from, (size_t)(end - rest->data) - from);
			if (rc)
				return rc;
			from = (size_t)(end - rest->data) + 1;
		}
		memmove(rest->data, rest->data + from, rest->len - from);
		str_cut(rest, rest->len - from);
		if (rest->len > EVENT_LINE_MAX)
			str_cut(rest, 0);
	}
	return 0;
}

static int wait_more(int watch_fd, int64_t until_ns)
{
	struct pollfd p = { .fd = watch_fd, .events = POLLIN };
	int64_t left_ms = until_ns ? (until_ns - ntime_now()) / NS_PER_MS : -1;
	if (until_ns && left_ms <= 0)
		return 0;
	int ms = left_ms > INT32_MAX ? INT32_MAX : (int)left_ms;
	if (poll(&p, 1, until_ns ? ms : -1) < 0)
		return errno == EINTR ? 1 : -errno;
	char events[4096];
	return p.revents && read(watch_fd, events, sizeof(events)) > 0;
}

int events_read(struct engine *engine, const struct events_opts *opts, int (*cb)(void *ctx, const struct json *event), void *ctx, struct err *err)
{
	if (check_filters(opts->filters, err) < 0)
		return -1;
	struct reader r = { .opts = opts, .cb = cb, .ctx = ctx };
	auto_free char *path = mem_printf("%s/events.jsonl", store_graphroot(engine->store));
	auto_close int watch_fd = inotify_init1(IN_CLOEXEC);
	auto_close int fd = open(path, O_RDONLY | (opts->stream ? O_CREAT : 0) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0)
		return errno == ENOENT ? 0 : err_sys(err, errno, "cannot read the events in '%s'", path);
	if (opts->stream && (watch_fd < 0 || inotify_add_watch(watch_fd, path, IN_MODIFY) < 0))
		return err_sys(err, errno, "cannot watch '%s'", path);
	auto_str rest = { 0 };
	for (;;) {
		if (read_lines(&r, fd, &rest) || !opts->stream || wait_more(watch_fd, opts->until_ns) <= 0)
			return 0;
	}
}
