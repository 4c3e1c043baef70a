/* events_journal.c - events in the systemd journal; see events_priv.h
 *
 * The table says how a member of an event is called there, in both directions. A field of ours (CPOD_STORE) says of which store it is.
 */
#include "base/fd.h"
#include "base/limits.h"
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"
#include "engine/engine.h"
#include "engine/events_priv.h"
#include "host/journal_read.h"
#include "host/userns.h"
#include "storage/store.h"
#include "wire/journal.h"

#include <errno.h>
#include <poll.h>

enum kind { TEXT, NUMBER, OBJECT };

/* COMPAT: Podman's names */
static const struct row {
	const char *member, *field;
	enum kind kind;
} rows[] = {
	{ "Name", "PODMAN_NAME", TEXT },
	{ "ID", "PODMAN_ID", TEXT },
	{ "Image", "PODMAN_IMAGE", TEXT },
	{ "Type", "PODMAN_TYPE", TEXT },
	{ "Status", "PODMAN_EVENT", TEXT },
	{ "Time", "PODMAN_TIME", TEXT },
	{ "Attributes", "PODMAN_LABELS", OBJECT },
	{ "ContainerExitCode", "PODMAN_EXIT_CODE", NUMBER },
	{ "health_status", "PODMAN_HEALTH_STATUS", TEXT },
	{ "health_failing_streak", "PODMAN_HEALTH_FAILING_STREAK", NUMBER },
	{ "health_log", "PODMAN_HEALTH_LOG", TEXT },
	{ "ContainerInspectData", "PODMAN_CONTAINER_INSPECT_DATA", TEXT },
};

/* --- writing --- */

static void add_field(const struct row *row, const struct json *value, char ***words)
{
	auto_str text = { 0 };
	if (row->kind == TEXT && *json_str(value, ""))
		strv_addf(words, "%s=%s", row->field, json_str(value, ""));
	if (row->kind == NUMBER)
		strv_addf(words, "%s=%lld", row->field, (long long)json_i64(value, 0));
	if (row->kind != OBJECT || !json_len(value))
		return;
	json_write(&text, value, &json_style_compact);
	strv_addf(words, "%s=%s", row->field, str_text(&text));
}

/* "FIELD=value" of all but the sentence and what is known at the end only. */
static void add_fields(const struct engine *engine, const struct json *event, bool with_time, char ***words)
{
	bool health = json_has(event, "health_status");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (json_has(event, rows[i].member) && (with_time || strcmp(rows[i].member, "Time") != 0))
			add_field(&rows[i], json_get(event, rows[i].member), words);
	strv_addf(words, "PRIORITY=%d", health ? 5 : 6); /* COMPAT */
	strv_add(words, "SYSLOG_IDENTIFIER=podman");	 /* COMPAT: by this they are found */
	strv_addf(words, "CPOD_STORE=%s", store_graphroot(engine->store));
}

static int send_event(const struct engine *engine, int fd, const struct json *event)
{
	struct journal_field fields[ARRAY_LEN(rows) + 4];
	auto_strv words = NULL;
	auto_str message = { 0 };
	size_t count = 0;
	str_add(&message, "MESSAGE=");
	events_text(&message, event, false);
	strv_add(&words, str_text(&message));
	add_fields(engine, event, true, &words);
	for (char **word = words; *word; word++)
		if (journal_field_of(*word, &fields[count]) == 0)
			count++;
	return journal_send(fd, fields, count, false);
}

static struct json *parse(const char *line, size_t len)
{
	struct json *event = NULL;
	struct err ignored = { 0 };
	return json_parse_object(line, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &event, &ignored) < 0 ? NULL : event;
}

int events_journal_send(const struct engine *engine, const char *lines)
{
	auto_close int fd = journal_socket(JOURNAL_WAIT_MS);
	int rc = fd < 0 ? fd : 0;
	for (size_t len; rc >= 0 && *lines; lines += len + (lines[len] == '\n')) {
		len = strcspn(lines, "\n");
		auto_ptr(json) event = parse(lines, len);
		rc = event ? send_event(engine, fd, event) : -EINVAL;
	}
	return rc;
}

void events_journal_words(const struct engine *engine, const char *line, char ***words)
{
	auto_ptr(json) event = parse(line, strlen(line));
	auto_strv fields = NULL;
	auto_str text = { 0 };
	add_fields(engine, event, false, &fields);
	for (char **field = fields; field && *field; field++)
		strv_addf(words, "event_journal=%s", *field);
	events_text(&text, event, false);
	const char *id = json_get_str(event, "ID", ""), *tail = strstr(str_text(&text), id);
	strv_addf(words, "event_text=%s", tail ? tail : id);
}

/* --- reading --- */

/* Who it was: the login uid, which the journal has from the kernel; else the uid. */
static void set_user(struct journal_reader *j, struct json *event)
{
	static const char *const fields[] = { "_AUDIT_LOGINUID", "_UID" };
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		size_t len;
		uint64_t uid;
		const char *text = journal_read_field(j, fields[i], &len);
		auto_free char *word = text ? mem_strndup(text, len) : NULL;
		if (word && num_u64(word, UINT32_MAX - 1, &uid) == 0) {
			json_set_i64(event, "UID", (int64_t)uid);
			return;
		}
	}
}

static void set_member(struct json *event, const struct row *row, const char *text, size_t len)
{
	auto_free char *word = mem_strndup(text, len);
	int64_t number;
	if (row->kind == TEXT)
		json_set_str(event, row->member, word);
	else if (row->kind == NUMBER && num_i64(word, INT64_MIN, INT64_MAX, &number) == 0)
		json_set_i64(event, row->member, number);
	else if (row->kind == OBJECT)
		json_set(event, row->member, parse(word, len));
}

static struct json *event_new(struct journal_reader *j)
{
	struct json *event = json_object_new();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t len;
		const char *text = journal_read_field(j, rows[i].field, &len);
		if (text)
			set_member(event, &rows[i], text, len);
	}
	int64_t at;
	if (ntime_parse(json_get_str(event, "Time", ""), &at) < 0)
		at = journal_read_time_ns(j);
	json_set_i64(event, "timeNano", at);
	set_user(j, event);
	return event;
}

/* 1: the caller has had enough. */
static int read_all(struct journal_reader *j, const struct events_reader *r, struct err *err)
{
	int there;
	journal_read_look(j);
	while ((there = journal_read_next(j, err)) > 0) {
		auto_ptr(json) event = event_new(j);
		if (json_has(event, "Status") && events_read_take(r, event))
			return 1;
	}
	return there;
}

static int seek(struct journal_reader *j, const struct events_opts *opts, struct err *err)
{
	if (events_read_only_new(opts))
		return journal_read_seek_last(j, err) < 0 ? -1 : 0;
	return opts->since_ns ? journal_read_seek_time(j, opts->since_ns, err) : journal_read_seek_first(j, err);
}

int events_journal_read(const struct engine *engine, const struct events_reader *r, struct err *err)
{
	auto_ptr(journal_reader) j = NULL;
	auto_free char *store = mem_printf("CPOD_STORE=%s", store_graphroot(engine->store));
	auto_free char *uid = mem_printf("_UID=%u", (unsigned)userns_caller_uid());
	const char *const set[] = { "SYSLOG_IDENTIFIER=podman", store, uid, NULL };
	if (journal_read_open(set, NULL, &j, err) < 0)
		return -1;
	struct pollfd p = { .fd = journal_read_fd(j), .events = POLLIN };
	if (seek(j, r->opts, err) < 0)
		return -1;
	for (;;) {
		int rc = read_all(j, r, err), ms = events_read_ms_left(r);
		if (rc || !r->opts->stream || ms == 0)
			return rc < 0 ? -1 : 0;
		if (poll(&p, 1, ms) < 0 && errno != EINTR)
			return err_sys(err, errno, "cannot wait for events");
	}
}
