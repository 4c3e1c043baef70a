#include "engine/ctr_logs.h"

#include "base/log.h"
#include "base/ntime.h"
#include "engine/ctr_log.h"
#include "engine/ctr_state.h"
#include "storage/store.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LINE_HEAD_MAX = 64,	   /* time, stream, kind */
	READ_CHUNK = 64 << 10,
};

/* One container's log being read. Records are cut at newlines; a record without its newline stays for the next read. */
struct source {
	struct engine *engine;
	struct ctr *ctr;
	struct ctr_log log;
	int dir_fd;
	int fd;
	struct str rest;
	bool line_open[2];	   /* the last piece written to stdout, stderr had no newline */
	unsigned color;
};

struct writer {
	const struct ctr_logs_opts *opts;
	bool many;
	int out_fd[2];
	struct str out[2];
};

struct record {
	int64_t time_ns;
	const char *time;
	size_t time_len;
	bool is_err, is_piece;
	const char *text;
	size_t len;
};

/* "<time> stdout F text" */
static bool parse_record(const char *line, size_t len, struct record *ret)
{
	const char *end = line + len, *space = memchr(line, ' ', len > LINE_HEAD_MAX ? LINE_HEAD_MAX : len);
	if (!space || (size_t)(end - space) < strlen(" stdout F "))
		return false;
	char text[LINE_HEAD_MAX + 1];
	size_t time_len = (size_t)(space - line);
	memcpy(text, line, time_len);
	text[time_len] = 0;
	bool out = memcmp(space, " stdout ", 8) == 0;
	if (!out && memcmp(space, " stderr ", 8) != 0)
		return false;
	if ((space[8] != 'F' && space[8] != 'P') || space[9] != ' ')
		return false;
	*ret = (struct record){ .time = line, .time_len = time_len, .is_err = !out, .is_piece = space[8] == 'P',
				.text = space + 10, .len = (size_t)(end - space) - 10 };
	return ntime_parse(text, &ret->time_ns) >= 0;
}

static int flush(struct writer *w)
{
	for (int i = 0; i < 2; i++) {
		int rc = w->out[i].len ? fd_write_full(w->out_fd[i], w->out[i].data, w->out[i].len) : 0;
		str_cut(&w->out[i], 0);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static void add_head(struct writer *w, const struct source *s, const struct record *r, struct str *out)
{
	if (w->many) { /* COMPAT: one container needs no name */
		auto_free char *id = w->opts->names ? mem_strdup(s->ctr->def.name) : mem_strndup(s->ctr->id, 12);
		if (w->opts->color)
			str_addf(out, "\033[%um%s\033[0m ", 31 + s->color % 6, id);
		else
			str_addf(out, "%s ", id);
	}
	if (w->opts->timestamps) {
		str_add_mem(out, r->time, r->time_len);
		str_add_char(out, ' ');
	}
}

static void write_record(struct writer *w, struct source *s, const struct record *r)
{
	struct str *out = &w->out[r->is_err];
	if (!s->line_open[r->is_err])
		add_head(w, s, r, out);
	str_add_mem(out, r->text, r->len);
	if (!r->is_piece)
		str_add_char(out, '\n');
	s->line_open[r->is_err] = r->is_piece;
}

static bool wanted(const struct ctr_logs_opts *opts, const struct record *r)
{
	return (!opts->since_ns || r->time_ns >= opts->since_ns) && (!opts->until_ns || r->time_ns <= opts->until_ns);
}

/* --- one file after the other --- */

static int open_file(const struct source *s, unsigned index)
{
	char name[CTR_LOG_NAME_MAX + 16];
	snprintf(name, sizeof(name), index ? "%s.%u" : "%s", ctr_log_name(&s->log), index);
	return openat(s->dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

static bool is_at(const struct source *s, unsigned index)
{
	struct stat mine, there;
	auto_close int fd = open_file(s, index);
	return fd >= 0 && fstat(s->fd, &mine) == 0 && fstat(fd, &there) == 0 && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

static int open_oldest(const struct source *s, unsigned below)
{
	int fd = -EBADF;
	while (below > 0 && fd < 0)
		fd = open_file(s, --below);
	return fd;
}

/* The file that came after the one at hand, or -EBADF. They may be turned while we look; one that has been turned out of all of them is
 * followed by the oldest there is. */
static int open_next(const struct source *s)
{
	if (!s->log.max_bytes)
		return -EBADF;
	for (;;) {
		unsigned at = 0;
		while (at < s->log.files && !is_at(s, at))
			at++;
		if (at == 0)
			return -EBADF;
		int fd = at == s->log.files ? open_oldest(s, at) : open_file(s, at - 1);
		if (at == s->log.files || (fd >= 0 && is_at(s, at)))
			return fd;
		fd_close(fd);
	}
}

static int read_file(struct writer *w, struct source *s)
{
	char *chunk = mem_alloc(READ_CHUNK);
	ssize_t got;
	int rc = 0;
	while (rc >= 0 && (got = read(s->fd, chunk, READ_CHUNK)) > 0) {
		str_add_mem(&s->rest, chunk, (size_t)got);
		size_t from = 0;
		for (char *end; (end = memchr(s->rest.data + from, '\n', s->rest.len - from));) {
			struct record r;
			if (parse_record(s->rest.data + from, (size_t)(end - s->rest.data) - from, &r) && wanted(w->opts, &r))
				write_record(w, s, &r);
			from = (size_t)(end - s->rest.data) + 1;
		}
		if (from) {
			memmove(s->rest.data, s->rest.data + from, s->rest.len - from);
			str_cut(&s->rest, s->rest.len - from);
		}
		rc = flush(w);
	}
	free(chunk);
	return rc;
}

/* Of a file that has a next one nothing more is written; what came between our last look and that is read first. */
static int read_more(struct writer *w, struct source *s)
{
	int rc = read_file(w, s);
	for (int next; rc >= 0 && (next = open_next(s)) >= 0;) {
		rc = read_file(w, s);
		fd_close(s->fd);
		s->fd = next;
		if (rc >= 0)
			rc = read_file(w, s);
	}
	return rc;
}

/* Moves to the last `lines` whole lines (a line may be several pieces): reads backwards, so that the size does not matter. */
static int seek_tail(struct source *s, int64_t lines, int64_t *ret_found)
{
	*ret_found = 0;
	off_t at = lseek(s->fd, 0, SEEK_END);
	if (at < 0 || lines == 0)
		return at < 0 ? -errno : 0;
	char *chunk = mem_alloc(READ_CHUNK);
	auto_str carry = { 0 };
	int64_t found = 0;
	off_t start = 0;
	bool done = false;
	while (at > 0 && !done) {
		size_t want = at < READ_CHUNK ? (size_t)at : READ_CHUNK;
		at -= (off_t)want;
		if (pread(s->fd, chunk, want, at) != (ssize_t)want)
			break;
		auto_str joined = { 0 };
		str_add_mem(&joined, chunk, want);
		str_add_mem(&joined, carry.data ? carry.data : "", carry.len);
		size_t end = joined.len;
		for (size_t i = joined.len; i-- > 0 && !done;) {
			if (i && joined.data[i - 1] != '\n')
				continue;
			if (i == 0 && at > 0)
				break; /* its beginning lies in the chunk before */
			struct record r;
			size_t len = end > i && joined.data[end - 1] == '\n' ? end - i - 1 : end - i;
			if (end > i && parse_record(joined.data + i, len, &r) && !r.is_piece) {
				if (found++ == lines) {
					start = at + (off_t)end;
					done = true;
				}
			}
			end = i;
		}
		str_cut(&carry, 0);
		str_add_mem(&carry, joined.data, end);
	}
	free(chunk);
	*ret_found = found < lines ? found : lines;
	return lseek(s->fd, start, SEEK_SET) < 0 ? -errno : 0;
}

/* The last lines may begin in an older file. */
static int seek_tail_of_all(struct source *s, int64_t lines)
{
	int64_t found;
	int rc = seek_tail(s, lines, &found);
	for (unsigned at = 1; rc >= 0 && found < lines && at < s->log.files; at++) {
		int older = open_file(s, at);
		if (older < 0)
			break;
		lines -= found;
		fd_close(s->fd);
		s->fd = older;
		rc = seek_tail(s, lines, &found);
	}
	return rc;
}

static int check_kept(const struct ctr *ctr, const struct ctr_log *log, struct err *err)
{
	/* COMPAT: the sentence scripts look for */
	return log->kind == CTR_LOG_FILE ? 0 : err_set(err, ERR_UNSUPPORTED,
						       "this container is using the '%s' log driver, cannot read logs: this container is not logging output",
						       ctr->def.log_driver);
}

static int open_source(struct engine *engine, struct ctr *ctr, const struct ctr_logs_opts *opts, struct source *s, struct err *err)
{
	*s = (struct source){ .engine = engine, .ctr = ctr, .fd = -EBADF, .dir_fd = -EBADF };
	if (ctr_log_read(&ctr->def, &s->log, err) < 0 || check_kept(ctr, &s->log, err) < 0 || ctr_need_dir(engine, ctr, err) < 0 ||
	    ctr_log_open_dir(ctr, &s->log, &s->dir_fd, err) < 0)
		return -1;
	s->fd = opts->tail >= 0 ? open_file(s, 0) : open_oldest(s, s->log.files);
	if (s->fd < 0 && errno != ENOENT) /* never started: no output */
		return err_sys(err, errno, "cannot read the log of container %s", ctr->def.name);
	int rc = s->fd >= 0 && opts->tail >= 0 ? seek_tail_of_all(s, opts->tail) : 0;
	return rc < 0 ? err_sys(err, -rc, "cannot read the log of container %s", ctr->def.name) : 0;
}

/* Still running, or its monitor has not written the last of it yet. */
static bool alive(struct source *s)
{
	ctr_state_read(s->engine, s->ctr);
	return s->ctr->status.process.pid || (s->ctr->status.monitor.pid && ctr_state_alive(&s->ctr->status.monitor));
}

static int follow(struct writer *w, struct source *sources, size_t count, struct err *err)
{
	auto_close int watch_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (watch_fd < 0)
		return err_sys(err, errno, "cannot watch logs");
	for (size_t i = 0; i < count; i++) {
		struct fd_path dir = fd_proc_path(sources[i].dir_fd);
		if (inotify_add_watch(watch_fd, dir.text, IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF) < 0)
			return err_sys(err, errno, "cannot watch the log of container %s", sources[i].ctr->def.name);
	}
	for (;;) {
		bool any = false;
		for (size_t i = 0; i < count; i++) {
			any |= alive(&sources[i]); /* asked before reading: what it wrote until then is read */
			if (sources[i].fd < 0)
				sources[i].fd = open_oldest(&sources[i], sources[i].log.files);
			if (sources[i].fd >= 0 && read_more(w, &sources[i]) < 0)
				return 0; /* nobody reads us any more */
		}
		if (!any)
			return 0;
		/* the file tells when there is more; a second bounds how late the end of a container is seen */
		struct pollfd p = { .fd = watch_fd, .events = POLLIN };
		char events[4096];
		if (poll(&p, 1, 1000) > 0 && read(watch_fd, events, sizeof(events)) < 0 && errno != EAGAIN)
			return err_sys(err, errno, "cannot watch logs");
		if (w->opts->until_ns && ntime_now() > w->opts->until_ns)
			return 0;
	}
}

int ctr_logs(struct engine *engine, struct ctr *const *ctrs, size_t count, const struct ctr_logs_opts *opts, int out_fd, int err_fd, struct err *err)
{
	struct source *sources = mem_array(count + 1, sizeof(*sources));
	struct writer w = { .opts = opts, .many = count > 1, .out_fd = { out_fd, err_fd } };
	size_t opened = 0;
	int rc = 0;
	for (; rc >= 0 && opened < count; opened++) {
		rc = open_source(engine, ctrs[opened], opts, &sources[opened], err);
		sources[opened].color = (unsigned)opened;
		if (rc >= 0 && sources[opened].fd >= 0 && read_more(&w, &sources[opened]) < 0)
			break;
	}
	if (rc >= 0 && opened == count && opts->follow)
		rc = follow(&w, sources, count, err);
	for (size_t i = 0; i < opened; i++) {
		fd_close(sources[i].fd);
		fd_close(sources[i].dir_fd);
		str_done(&sources[i].rest);
	}
	str_done(&w.out[0]);
	str_done(&w.out[1]);
	free(sources);
	return rc;
}
