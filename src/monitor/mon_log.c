#include "monitor/mon.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* SPEC Kubernetes CRI logging: "<time> <stream> F|P <text>\n"; P is a piece whose line goes on in the next record. */

enum { LOG_LINES_A_WRITE = 128, LOG_PARTS_A_LINE = 4 };

size_t mon_log_time(int zone_minutes, char ret_text[40])
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	time_t local = now.tv_sec + zone_minutes * 60;
	struct tm tm;
	gmtime_r(&local, &tm);
	int ahead = zone_minutes < 0 ? -zone_minutes : zone_minutes;
	int len = snprintf(ret_text, 40, "%04d-%02d-%02dT%02d:%02d:%02d.%09ld%c%02d:%02d", (tm.tm_year + 1900) % 10000, tm.tm_mon + 1,
			   tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, now.tv_nsec, zone_minutes < 0 ? '-' : '+',
			   ahead / 60 % 100, ahead % 60);
	return len > 0 && len < 40 ? (size_t)len : 39;
}

/* A full disk or a reader's lock must not stop the container: what cannot be written is dropped. */
static void log_flush(int fd, struct iovec *parts, int count)
{
	while (count > 0) {
		ssize_t done = writev(fd, parts, count);
		if (done < 0)
			return;
		for (; count > 0 && (size_t)done >= parts->iov_len; parts++, count--)
			done -= (ssize_t)parts->iov_len;
		if (count > 0) {
			parts->iov_base = (char *)parts->iov_base + done;
			parts->iov_len -= (size_t)done;
		}
	}
}

void mon_log_init(struct mon *m)
{
	if (m->log_max > 0 && m->log_fd >= 0)
		m->log_size = lseek(m->log_fd, 0, SEEK_END);
	mon_journal_init(m);
}

void mon_log_end(struct mon *m)
{
	if (m->journal.count)
		mon_journal_end(m);
}

enum { LOG_NAME_MAX = 256 };

static void name_of(const struct mon *m, int index, char ret_name[LOG_NAME_MAX])
{
	snprintf(ret_name, LOG_NAME_MAX, index ? "%s.%d" : "%s", m->log_name, index);
}

/* Every file keeps its bytes and gets the next name, so whoever reads one reads it to its end and finds the next. Where the new one
 * cannot be made, the old one goes on. */
static void turn(struct mon *m)
{
	char from[LOG_NAME_MAX], to[LOG_NAME_MAX];
	m->log_size = 0;
	for (int i = m->log_files - 1; i > 0; i--) {
		name_of(m, i - 1, from);
		name_of(m, i, to);
		renameat(m->log_dir_fd, from, m->log_dir_fd, to);
	}
	if (m->log_files <= 1)
		unlinkat(m->log_dir_fd, m->log_name, 0);
	int fd = openat(m->log_dir_fd, m->log_name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0)
		return;
	close(m->log_fd);
	m->log_fd = fd;
}

/* A file begins with the beginning of a line, unless one line alone would fill two. */
static bool is_full(const struct mon *m, long long more, bool line_open)
{
	return m->log_max > 0 && m->log_size > 0 && m->log_size + more > m->log_max && (!line_open || m->log_size > 2 * m->log_max);
}

void mon_log_write(struct mon *m, enum mon_stream stream, const char *data, size_t len)
{
	if (m->journal.count)
		mon_journal_write(m, stream, data, len);
	if (m->log_fd < 0)
		return;
	char head[2][64]; /* of whole lines, of pieces */
	size_t head_len[2];
	for (int piece = 0; piece < 2; piece++) {
		size_t at = mon_log_time(m->zone_minutes, head[piece]);
		int more = snprintf(head[piece] + at, sizeof(head[piece]) - at, " %s %c ", stream == MON_OUT ? "stdout" : "stderr",
				    piece ? 'P' : 'F');
		head_len[piece] = at + (size_t)more;
	}
	struct iovec parts[LOG_LINES_A_WRITE * LOG_PARTS_A_LINE];
	int count = 0;
	while (len > 0) {
		const char *end = memchr(data, '\n', len);
		size_t line = end ? (size_t)(end - data) + 1 : len;
		int piece = !end;
		long long bytes = (long long)(head_len[piece] + line) + piece;
		if (is_full(m, bytes, m->out[stream].line_open)) {
			log_flush(m->log_fd, parts, count);
			count = 0;
			turn(m);
		}
		m->log_size += bytes;
		parts[count++] = (struct iovec){ head[piece], head_len[piece] };
		parts[count++] = (struct iovec){ (char *)data, line };
		if (piece)
			parts[count++] = (struct iovec){ "\n", 1 };
		m->out[stream].line_open = piece;
		data += line;
		len -= line;
		if (count > (LOG_LINES_A_WRITE - 1) * LOG_PARTS_A_LINE || len == 0) {
			log_flush(m->log_fd, parts, count);
			count = 0;
		}
	}
}
