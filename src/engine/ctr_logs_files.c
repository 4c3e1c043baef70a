/* ctr_logs_files.c - see ctr_logs_priv.h */
#include "base/ntime.h"
#include "engine/ctr_logs_priv.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LINE_HEAD_MAX = 64,	   /* time, stream, kind */
	READ_CHUNK = 64 << 10,
};

/* "<time> stdout F text" */
static bool parse_record(const char *line, size_t len, struct logs_record *ret)
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
	*ret = (struct logs_record){ .time = line, .time_len = time_len, .is_err = !out, .is_piece = space[8] == 'P',
				.text = space + 10, .len = (size_t)(end - space) - 10 };
	return ntime_parse(text, &ret->time_ns) >= 0;
}

/* --- one file after the other --- */

static int open_file(const struct logs_source *s, unsigned index)
{
	char name[CTR_LOG_NAME_MAX + 16];
	snprintf(name, sizeof(name), index ? "%s.%u" : "%s", ctr_log_name(&s->log), index);
	return openat(s->dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

static bool is_at(const struct logs_source *s, unsigned index)
{
	struct stat mine, there;
	auto_close int fd = open_file(s, index);
	return fd >= 0 && fstat(s->fd, &mine) == 0 && fstat(fd, &there) == 0 && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

static int open_oldest(const struct logs_source *s, unsigned below)
{
	int fd = -EBADF;
	while (below > 0 && fd < 0)
		fd = open_file(s, --below);
	return fd;
}

/* The file that came after the one at hand, or -EBADF. They may be turned while we look; one that has been turned out of all of them is
 * followed by the oldest there is. */
static int open_next(const struct logs_source *s)
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

static int read_file(struct logs_writer *w, struct logs_source *s)
{
	char *chunk = mem_alloc(READ_CHUNK);
	ssize_t got;
	int rc = 0;
	while (rc >= 0 && (got = read(s->fd, chunk, READ_CHUNK)) > 0) {
		str_add_mem(&s->rest, chunk, (size_t)got);
		size_t from = 0;
		for (char *end; (end = memchr(s->rest.data + from, '\n', s->rest.len - from));) {
			struct logs_record r;
			if (parse_record(s->rest.data + from, (size_t)(end - s->rest.data) - from, &r))
				ctr_logs_write(w, s, &r);
			from = (size_t)(end - s->rest.data) + 1;
		}
		if (from) {
			memmove(s->rest.data, s->rest.data + from, s->rest.len - from);
			str_cut(&s->rest, s->rest.len - from);
		}
		rc = ctr_logs_flush(w);
	}
	free(chunk);
	return rc;
}

/* Of a file that has a next one nothing more is written; what came between our last look and that is read first. */
int ctr_logs_files_read(struct logs_writer *w, struct logs_source *s)
{
	if (s->fd < 0)
		s->fd = open_oldest(s, s->log.files);
	if (s->fd < 0)
		return 0; /* never started: no output */
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
static int seek_tail(struct logs_source *s, int64_t lines, int64_t *ret_found)
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
			struct logs_record r;
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
static int seek_tail_of_all(struct logs_source *s, int64_t lines)
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

int ctr_logs_files_open(struct logs_source *s, const struct ctr_logs_opts *opts, struct err *err)
{
	if (ctr_need_dir(s->engine, s->ctr, err) < 0 || ctr_log_open_dir(s->ctr, &s->log, &s->dir_fd, err) < 0)
		return -1;
	s->fd = opts->tail >= 0 ? open_file(s, 0) : open_oldest(s, s->log.files);
	if (s->fd < 0 && errno != ENOENT)
		return err_sys(err, errno, "cannot read the log of container %s", s->ctr->def.name);
	int rc = s->fd >= 0 && opts->tail >= 0 ? seek_tail_of_all(s, opts->tail) : 0;
	return rc < 0 ? err_sys(err, -rc, "cannot read the log of container %s", s->ctr->def.name) : 0;
}

void ctr_logs_files_close(struct logs_source *s)
{
	fd_close(s->fd);
	fd_close(s->dir_fd);
	str_done(&s->rest);
}
