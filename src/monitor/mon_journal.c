#include "monitor/mon.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* COMPAT: the fields conmon sends; a message is a line with its newline, or a piece of one, which says so. A line that comes in parts
 * is put together, up to what one chunk holds.
 * One that takes nothing is waited for once; then what it does not take at once is lost, until it takes something again. */

enum { OWN_FIELDS = 3 }; /* MESSAGE, PRIORITY, CONTAINER_PARTIAL_MESSAGE */

static struct journal_field field(const char *name, const char *value, size_t len)
{
	return (struct journal_field){ .name = name, .value = value, .len = len };
}

bool mon_journal_add_field(struct mon_journal *j, char *word)
{
	return j->count < MON_JOURNAL_FIELDS && journal_field_of(word, &j->fields[j->count++]) == 0;
}

void mon_journal_init(struct mon *m)
{
	if (m->journal.count || m->event_journal.count)
		m->journal_fd = journal_socket(JOURNAL_WAIT_MS);
}

static int send_entry(struct mon *m, const struct mon_journal *j, const struct journal_field *more, size_t count)
{
	struct journal_field all[MON_JOURNAL_FIELDS + OWN_FIELDS];
	memcpy(all, j->fields, j->count * sizeof(all[0]));
	memcpy(all + j->count, more, count * sizeof(all[0]));
	int rc = m->journal_fd < 0 ? -EBADF : journal_send(m->journal_fd, all, j->count + count, m->journal_stuck);
	m->journal_stuck = rc == -EAGAIN;
	return rc;
}

/* Once each time it is back. Those who read the log know it by its field. */
static void tell_lost(struct mon *m)
{
	char number[24], text[96];
	int number_len = snprintf(number, sizeof(number), "%llu", m->log_lost - m->log_lost_told);
	int len = snprintf(text, sizeof(text), "cpod: the journal did not take %s pieces of the container's output before this", number);
	const struct journal_field more[] = { field("MESSAGE", text, (size_t)len), field("PRIORITY", "4", 1), field("CPOD_LOST", number, (size_t)number_len) };
	if (send_entry(m, &m->journal, more, 3) == 0)
		m->log_lost_told = m->log_lost;
}

static void send_piece(struct mon *m, enum mon_stream stream, const char *data, size_t len)
{
	if (m->log_lost > m->log_lost_told)
		tell_lost(m);
	bool whole = data[len - 1] == '\n';
	const struct journal_field more[] = { field("MESSAGE", data, len), field("PRIORITY", stream == MON_OUT ? "6" : "3", 1),
					      field("CONTAINER_PARTIAL_MESSAGE", "true", 4) };
	if (send_entry(m, &m->journal, more, whole ? 2 : 3) < 0)
		m->log_lost++;
}

static void flush_line(struct mon *m, enum mon_stream stream)
{
	struct mon_line *line = &m->lines[stream];
	if (line->len)
		send_piece(m, stream, line->data, line->len);
	line->len = 0;
}

void mon_journal_write(struct mon *m, enum mon_stream stream, const char *data, size_t len)
{
	struct mon_line *line = &m->lines[stream];
	while (len > 0) {
		const char *end = memchr(data, '\n', len);
		size_t piece = end ? (size_t)(end - data) + 1 : len, room = sizeof(line->data) - line->len;
		if (piece > room) {
			piece = room;
			end = NULL;
		}
		if (!line->len && (end || piece == room)) {
			send_piece(m, stream, data, piece); /* nothing to put it together with */
		} else {
			memcpy(line->data + line->len, data, piece);
			line->len += piece;
			if (end || line->len == sizeof(line->data))
				flush_line(m, stream);
		}
		data += piece;
		len -= piece;
	}
}

void mon_journal_end(struct mon *m)
{
	for (int i = 0; i < MON_STREAM_COUNT; i++)
		flush_line(m, i);
	if (m->log_lost > m->log_lost_told)
		tell_lost(m);
}

/* COMPAT: as Podman's events, which are found by these fields. What is too long for the sentence is in its fields. */
void mon_journal_died(struct mon *m, const char *when)
{
	static char text[MON_EVENT_TEXT_MAX];
	char utc[40], number[16];
	if (!m->event_journal.count)
		return;
	mon_log_time(0, utc);
	utc[strcspn(utc, "T")] = ' ';
	utc[strcspn(utc, "+")] = 0;
	int len = snprintf(text, sizeof(text), "%s +0000 UTC container died %s", utc, m->event_text ? m->event_text : "");
	int number_len = snprintf(number, sizeof(number), "%d", m->exit.code);
	const struct journal_field more[] = { field("MESSAGE", text, len < (int)sizeof(text) ? (size_t)len : sizeof(text) - 1),
					      field("PODMAN_TIME", when, strlen(when)), field("PODMAN_EXIT_CODE", number, (size_t)number_len) };
	send_entry(m, &m->event_journal, more, 3);
}
