/* ctr_logs_journal.c - see ctr_logs_priv.h
 *
 * Anybody may send entries to the journal, with any container's id. Whose an entry is, the journal says itself (_UID): only those of
 * the user whose container it is count. The journal takes entries in the order they were sent: behind the last line of a container that
 * has ended we send an entry of our own (CPOD_MARK), and when that one is there, so is every line.
 */
#include "base/file.h"
#include "base/ntime.h"
#include "engine/ctr_logs_priv.h"
#include "engine/ctr_state.h"
#include "host/journal_read.h"
#include "host/userns.h"
#include "wire/journal.h"

#include <stdio.h>

enum { MARK_WAIT_MS = 3000, FLUSH_BYTES = 64 << 10, LOGS_TIME_MAX = 80 };

/* Of an entry that is output: a line's end. */
static bool ends_line(struct journal_reader *j)
{
	size_t len;
	return journal_read_field(j, "MESSAGE", &len) && !journal_read_field(j, "CONTAINER_PARTIAL_MESSAGE", &len) &&
	       !journal_read_field(j, "CPOD_LOST", &len);
}

/* To before the last `lines` whole lines: a line may be several pieces. */
static int seek_lines(struct journal_reader *j, int64_t lines, struct err *err)
{
	int64_t found = 0;
	int there = journal_read_seek_last(j, err);
	for (; there > 0 && lines > 0; there = journal_read_previous(j, err))
		if (ends_line(j) && found++ == lines)
			return 0;
	return there < 0 ? -1 : lines > 0 ? journal_read_seek_first(j, err) : 0;
}

static int seek(struct journal_reader *j, const struct ctr_logs_opts *opts, struct err *err)
{
	if (opts->tail >= 0)
		return seek_lines(j, opts->tail, err);
	return opts->since_ns ? journal_read_seek_time(j, opts->since_ns, err) : journal_read_seek_first(j, err);
}

int ctr_logs_journal_open(struct logs_source *s, const struct ctr_logs_opts *opts, struct err *err)
{
	file_random_hex(s->mark, MARK_BYTES);
	auto_free char *uid = mem_printf("_UID=%u", (unsigned)userns_caller_uid());
	auto_free char *id = mem_printf("CONTAINER_ID_FULL=%s", s->ctr->id);
	auto_free char *mark = mem_printf("CPOD_MARK=%s", s->mark);
	const char *const lines[] = { id, uid, NULL }, *const marks[] = { mark, uid, NULL };
	if (journal_read_open(lines, marks, &s->journal, err) < 0)
		return -1;
	journal_read_fd(s->journal); /* from now on it looks for new entries */
	return seek(s->journal, opts, err);
}

/* COMPAT: nine digits, of which the journal keeps six */
static size_t time_text(int64_t ns, char ret[LOGS_TIME_MAX])
{
	struct ntime_text whole = ntime_rfc3339_local(ns / NS_PER_S * NS_PER_S);
	size_t seconds = strlen("2026-01-02T03:04:05");
	int len = snprintf(ret, LOGS_TIME_MAX, "%.*s.%09lld%s", (int)seconds, whole.text, (long long)(ns % NS_PER_S), whole.text + seconds);
	return len < LOGS_TIME_MAX ? (size_t)len : LOGS_TIME_MAX - 1;
}

static void write_entry(struct logs_writer *w, struct logs_source *s)
{
	char when[LOGS_TIME_MAX];
	size_t ignored, priority_len = 0;
	struct logs_record r = { .time = when, .time_ns = journal_read_time_ns(s->journal) };
	r.time_len = time_text(r.time_ns, when);
	const char *priority = journal_read_field(s->journal, "PRIORITY", &priority_len);
	r.is_err = priority_len == 1 && *priority == '3';
	bool partial = journal_read_field(s->journal, "CONTAINER_PARTIAL_MESSAGE", &ignored);
	r.text = journal_read_field(s->journal, "MESSAGE", &r.len);
	if (!r.text)
		return;
	r.is_piece = partial;
	if (!partial && r.len && r.text[r.len - 1] == '\n') /* others than conmon and we leave it out */
		r.len--;
	ctr_logs_write(w, s, &r);
}

int ctr_logs_journal_read(struct logs_writer *w, struct logs_source *s, struct err *err)
{
	size_t len;
	int there = 0;
	journal_read_look(s->journal);
	while (!w->failed && (there = journal_read_next(s->journal, err)) > 0) {
		if (journal_read_field(s->journal, "CPOD_MARK", &len))
			s->through = true;
		else if (!journal_read_field(s->journal, "CPOD_LOST", &len))
			write_entry(w, s);
		if (w->out[0].len + w->out[1].len > FLUSH_BYTES)
			ctr_logs_flush(w);
	}
	if (there < 0)
		return -1;
	return ctr_logs_flush(w) < 0 ? err_sys(err, -w->failed, "cannot write the log of container %s", s->ctr->def.name) : 0;
}

static int send_mark(const struct logs_source *s)
{
	static const char text[] = "The log of a container that has ended is read to this place.";
	const struct journal_field fields[] = {
		{ "MESSAGE", text, sizeof(text) - 1 }, { "PRIORITY", "7", 1 }, { "SYSLOG_IDENTIFIER", "cpod", 4 },
		{ "CPOD_MARK", s->mark, strlen(s->mark) },
	};
	auto_close int fd = journal_socket(0);
	return fd < 0 ? fd : journal_send(fd, fields, ARRAY_LEN(fields), true);
}

bool ctr_logs_journal_is_through(struct logs_source *s)
{
	int64_t now = ntime_monotonic();
	if (!s->mark_until_ns) {
		s->mark_until_ns = now + MARK_WAIT_MS * NS_PER_MS;
		s->through = send_mark(s) < 0; /* there is no journal to wait for */
	}
	return s->through || now >= s->mark_until_ns;
}

void ctr_logs_journal_close(struct logs_source *s)
{
	journal_read_close(s->journal);
}
