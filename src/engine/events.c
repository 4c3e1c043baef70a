#include "engine/events.h"

#include "base/file.h"
#include "base/log.h"
#include "base/ntime.h"
#include "base/num.h"
#include "codec/json_out.h"
#include "engine/ctr_health.h"
#include "engine/ctr_inspect.h"
#include "engine/events_priv.h"
#include "host/userns.h"
#include "storage/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
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
		if (strcmp(status, "remove") == 0 && ctr->status.finished_ns)
			json_out_i64(&o, "ContainerExitCode", ctr->status.exit_code);
		add_time(&o);
		json_out_close_object(&o);
	}
	return str_take(&text);
}

/* --- the file --- */

char *events_dir_dup(const struct engine *engine)
{
	const char *path = engine->events.path;
	size_t len = path ? (size_t)(strrchr(path, '/') - path) : 0;
	return path ? mem_strndup(path, len ? len : 1) : mem_strdup(store_graphroot(engine->store));
}

const char *events_name(const struct engine *engine)
{
	return engine->events.path ? strrchr(engine->events.path, '/') + 1 : "events.jsonl";
}

int events_open_dir(const struct engine *engine)
{
	auto_free char *dir = events_dir_dup(engine);
	if (engine->events.path)
		(void)!file_mkdirs(AT_FDCWD, dir, 0700); /* what cannot be made cannot be opened */
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Under its lock the full file gets its other name, once: whoever comes second finds that it is not the file any more. One who has it open
 * may still add a line there; readers look at both. */
static void turn_when_full(const struct engine *engine, int dir_fd)
{
	const char *name = events_name(engine);
	struct stat mine, there;
	if (!engine->events.max_bytes || fstatat(dir_fd, name, &there, AT_SYMLINK_NOFOLLOW) < 0 || there.st_size <= engine->events.max_bytes)
		return;
	auto_close int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 || fstat(fd, &mine) < 0 || fstatat(dir_fd, name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	auto_free char *older = mem_printf("%s.1", name);
	if (mine.st_ino == there.st_ino && mine.st_dev == there.st_dev && renameat(dir_fd, name, dir_fd, older) < 0)
		log_debug("the file of events does not turn: %s", err_reason(errno));
}

static int append_to_file(const struct engine *engine, const char *lines)
{
	auto_free char *whole = mem_printf("%s\n", lines);
	auto_close int dir_fd = events_open_dir(engine);
	if (dir_fd < 0)
		return dir_fd;
	int rc = file_append(dir_fd, events_name(engine), 0600, whole, strlen(whole));
	turn_when_full(engine, dir_fd);
	return rc;
}

/* Several lines at once stay together in a file. */
static void append(struct engine *engine, const char *lines)
{
	int rc = 0;
	switch (engine->events.backend) {
	case EVENTS_FILE:
		rc = append_to_file(engine, lines);
		break;
	case EVENTS_JOURNALD:
		rc = events_journal_send(engine, lines);
		break;
	case EVENTS_NONE:
		break;
	}
	if (rc < 0)
		log_debug("an event was not written: %s", err_reason(-rc));
}

void events_add_ctr(struct engine *engine, const struct ctr *ctr, const char *status)
{
	auto_free char *line = events_ctr_line_dup(ctr, status);
	append(engine, line);
}

void events_add_create(struct engine *engine, const struct ctr *ctr)
{
	auto_free char *line = events_ctr_line_dup(ctr, "create");
	auto_ptr(json) view = NULL;
	auto_str data = { 0 };
	struct err why = { 0 };
	if (engine->events.with_inspect && ctr_inspect(engine, ctr, false, &view, &why) < 0)
		log_debug("the event has no data: %s", why.text);
	if (!view) {
		append(engine, line);
		return;
	}
	json_write(&data, view, &json_style_compact);
	auto_str whole = { 0 };
	str_add_mem(&whole, line, strlen(line) - 1);
	struct json_out o = { .out = &whole, .style = &json_style_compact, .depth = 1 };
	json_out_str(&o, "ContainerInspectData", str_text(&data));
	json_out_close_object(&o);
	append(engine, str_text(&whole));
}

/* With events_logger the answer itself goes here, too. */
void events_add_health(struct engine *engine, const struct ctr *ctr, const struct ctr_health *health)
{
	if (engine->events.no_health)
		return;
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

void events_monitor_words(const struct engine *engine, const struct ctr *ctr, char ***words)
{
	auto_free char *event = NULL;
	switch (engine->events.backend) {
	case EVENTS_FILE:
		event = events_ctr_line_dup(ctr, NULL);
		strv_addf(words, "event=%s", event);
		strv_addf(words, "events_name=%s", events_name(engine));
		break;
	case EVENTS_JOURNALD:
		event = events_ctr_line_dup(ctr, "died");
		events_journal_words(engine, event, words);
		break;
	case EVENTS_NONE:
		break;
	}
}
