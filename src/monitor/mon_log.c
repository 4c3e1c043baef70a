#include "monitor/mon.h"

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

void mon_log_write(struct mon *m, enum mon_stream stream, const char *data, size_t len)
{
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
