/* events_read.c - see events.h and events_priv.h */
#include "base/dl.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/ntime.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/json_parse.h"
#include "engine/events_priv.h"
#include "host/userns.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EVENT_LINE_MAX = 1 << 20, SHORT_ID = 12 };

/* --- the sentence --- */

static void add_marks(struct str *out, const struct json *event)
{
	const char *name = json_get_str(event, "Name", ""), *image = json_get_str(event, "Image", "");
	str_addf(out, "(image=%s, name=%s", image, name);
	if (json_has(event, "health_status"))
		str_addf(out, ", health_status=%s, health_failing_streak=%llu, health_log=%s", json_get_str(event, "health_status", ""),
			 (unsigned long long)json_get_u64(event, "health_failing_streak", 0), json_get_str(event, "health_log", ""));
	for (struct json_iter it = json_iter(json_get(event, "Attributes")); json_next(&it);)
		str_addf(out, ", %s=%s", it.name, json_str(it.value, ""));
	str_add_char(out, ')');
}

/* COMPAT: the form people grep */
void events_text(struct str *out, const struct json *event, bool cut)
{
	const char *type = json_get_str(event, "Type", ""), *id = json_get_str(event, "ID", "");
	const char *name = json_get_str(event, "Name", "");
	bool more = *name || strcmp(type, "container") == 0;
	str_addf(out, "%s %s %s %.*s%s", ntime_go(json_get_i64(event, "timeNano", 0)).text, type, json_get_str(event, "Status", ""),
		 cut ? SHORT_ID : INT32_MAX, id,
		 *id && more ? " " : ""); /* a volume has no id, a secret no name */
	if (strcmp(type, "container") == 0)
		add_marks(out, event);
	else
		str_add(out, name);
}

/* --- what is wanted --- */

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

int events_read_take(const struct events_reader *r, struct json *event)
{
	name_user(event);
	int64_t at = json_get_i64(event, "timeNano", 0);
	if ((r->opts->since_ns && at < r->opts->since_ns) || (r->opts->until_ns && at > r->opts->until_ns) || !matches(event, r->opts->filters))
		return 0;
	return r->cb(r->ctx, event);
}

int events_read_ms_left(const struct events_reader *r)
{
	if (!r->opts->until_ns)
		return -1;
	int64_t left_ms = (r->opts->until_ns - ntime_now()) / NS_PER_MS;
	return left_ms <= 0 ? 0 : left_ms > INT32_MAX ? INT32_MAX : (int)left_ms;
}

/* COMPAT: who waits for what comes, and says no time, has seen what was */
bool events_read_only_new(const struct events_opts *opts)
{
	return opts->stream && !opts->since_ns && !opts->until_ns;
}

/* --- the file, and the one before it --- */

struct part {
	int fd;
	struct str rest; /* a last line without its newline stays for the next time */
};

struct files {
	int dir_fd;
	const char *name;
	struct part old, now;
};

static void part_close(struct part *p)
{
	p->fd = fd_close(p->fd);
	str_done(&p->rest);
}

static void files_done(struct files *f)
{
	part_close(&f->old);
	part_close(&f->now);
	fd_close(f->dir_fd);
}
AUTO_VAL(files, files_done);

static int open_part(const struct files *f, const char *end, int flags)
{
	auto_free char *name = mem_printf("%s%s", f->name, end);
	return openat(f->dir_fd, name, O_RDONLY | flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
}

/* Has the file that is open become the one before? */
static bool has_turned(const struct files *f)
{
	struct stat mine, there;
	return f->now.fd >= 0 && fstat(f->now.fd, &mine) == 0 && fstatat(f->dir_fd, f->name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (mine.st_ino != there.st_ino || mine.st_dev != there.st_dev);
}

static int open_files(struct files *f, bool make)
{
	do {
		fd_close(f->now.fd);
		fd_close(f->old.fd);
		f->now.fd = open_part(f, "", make ? O_CREAT : 0);
		int errnum = errno;
		f->old.fd = open_part(f, ".1", 0);
		if (f->now.fd < 0 && errnum != ENOENT)
			return -errnum;
	} while (has_turned(f));
	return 0;
}

static int take_line(const struct events_reader *r, const char *line, size_t len)
{
	auto_ptr(json) event = NULL;
	struct err ignored = { 0 };
	return json_parse_object(line, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &event, &ignored) < 0 ? 0 : events_read_take(r, event);
}

static int read_part(const struct events_reader *r, struct part *p)
{
	char chunk[32 << 10];
	ssize_t got;
	while (p->fd >= 0 && (got = read(p->fd, chunk, sizeof(chunk))) > 0) {
		str_add_mem(&p->rest, chunk, (size_t)got);
		size_t from = 0;
		for (char *end; (end = memchr(p->rest.data + from, '\n', p->rest.len - from));) {
			int rc = take_line(r, p->rest.data + from, (size_t)(end - p->rest.data) - from);
			if (rc)
				return rc;
			from = (size_t)(end - p->rest.data) + 1;
		}
		memmove(p->rest.data, p->rest.data + from, p->rest.len - from);
		str_cut(&p->rest, p->rest.len - from);
		if (p->rest.len > EVENT_LINE_MAX)
			str_cut(&p->rest, 0);
	}
	return 0;
}

/* To the end of the newest: of one that has turned somebody may still write the last line. */
static int read_files(const struct events_reader *r, struct files *f)
{
	for (;;) {
		int rc = read_part(r, &f->old);
		if (!rc)
			rc = read_part(r, &f->now);
		if (rc || !has_turned(f))
			return rc;
		part_close(&f->old);
		f->old = f->now;
		f->now = (struct part){ .fd = open_part(f, "", 0) };
	}
}

static bool wait_more(const struct events_reader *r, int watch_fd)
{
	struct pollfd p = { .fd = watch_fd, .events = POLLIN };
	int ms = events_read_ms_left(r);
	char events[4096];
	if (ms == 0)
		return false;
	int n = poll(&p, 1, ms);
	return n < 0 ? errno == EINTR : p.revents && read(watch_fd, events, sizeof(events)) > 0;
}

static int read_file(const struct engine *engine, const struct events_reader *r, struct err *err)
{
	auto_free char *dir = events_dir_dup(engine);
	auto_val(files) f = { .dir_fd = events_open_dir(engine), .name = events_name(engine), .old.fd = -EBADF, .now.fd = -EBADF };
	if (f.dir_fd == -ENOENT && !r->opts->stream)
		return 0;
	auto_close int watch_fd = inotify_init1(IN_CLOEXEC);
	int rc = f.dir_fd < 0 ? f.dir_fd : open_files(&f, r->opts->stream);
	if (rc < 0)
		return err_sys(err, -rc, "cannot read the events in '%s/%s'", dir, f.name);
	if (r->opts->stream && (watch_fd < 0 || inotify_add_watch(watch_fd, dir, IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0))
		return err_sys(err, errno, "cannot watch '%s'", dir);
	if (events_read_only_new(r->opts) && (lseek(f.now.fd, 0, SEEK_END) < 0 || (f.old.fd >= 0 && lseek(f.old.fd, 0, SEEK_END) < 0)))
		return err_sys(err, errno, "cannot read the events in '%s/%s'", dir, f.name);
	while (!read_files(r, &f) && r->opts->stream && wait_more(r, watch_fd))
		;
	return 0;
}

int events_read(struct engine *engine, const struct events_opts *opts, int (*cb)(void *ctx, const struct json *event), void *ctx, struct err *err)
{
	const struct events_reader r = { .opts = opts, .cb = cb, .ctx = ctx };
	if (check_filters(opts->filters, err) < 0)
		return -1;
	switch (engine->events.backend) {
	case EVENTS_FILE:
		return read_file(engine, &r, err);
	case EVENTS_JOURNALD:
		return dl_need(err) < 0 ? -1 : events_journal_read(engine, &r, err);
	case EVENTS_NONE:
		break;
	}
	return err_set(err, ERR_USAGE, "cannot read events with the \"none\" backend"); /* COMPAT */
}
