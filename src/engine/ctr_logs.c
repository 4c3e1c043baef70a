#include "engine/ctr_logs.h"

#include "base/dl.h"
#include "base/log.h"
#include "base/ntime.h"
#include "engine/ctr_logs_priv.h"
#include "engine/ctr_state.h"
#include "host/journal_read.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { JOURNAL_LAG_S = 30 };

int ctr_logs_flush(struct logs_writer *w)
{
	for (int i = 0; i < 2; i++) {
		int rc = w->out[i].len ? fd_write_full(w->out_fd[i], w->out[i].data, w->out[i].len) : 0;
		str_cut(&w->out[i], 0);
		if (rc < 0)
			w->failed = rc;
	}
	return w->failed;
}

static void add_head(struct logs_writer *w, const struct logs_source *s, const struct logs_record *r, struct str *out)
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

static bool wanted(const struct ctr_logs_opts *opts, const struct logs_record *r)
{
	return (!opts->since_ns || r->time_ns >= opts->since_ns) && (!opts->until_ns || r->time_ns <= opts->until_ns);
}

void ctr_logs_write(struct logs_writer *w, struct logs_source *s, const struct logs_record *r)
{
	if (!wanted(w->opts, r))
		return;
	struct str *out = &w->out[r->is_err];
	if (w->out[!r->is_err].len && ctr_logs_flush(w) < 0) /* on one terminal they stand as they were written */
		return;
	if (!s->line_open[r->is_err])
		add_head(w, s, r, out);
	str_add_mem(out, r->text, r->len);
	if (!r->is_piece)
		str_add_char(out, '\n');
	s->line_open[r->is_err] = r->is_piece;
}

static int check_kept(const struct ctr *ctr, const struct ctr_log *log, struct err *err)
{
	/* COMPAT: the sentence scripts look for */
	return log->kind == CTR_LOG_FILE || log->kind == CTR_LOG_JOURNAL ? 0 :
	       err_set(err, ERR_UNSUPPORTED, "this container is using the '%s' log driver, cannot read logs: this container is not logging output",
		       ctr->def.log_driver);
}

static bool is_journal(const struct logs_source *s)
{
	return s->log.kind == CTR_LOG_JOURNAL;
}

static int open_source(struct logs_source *s, const struct ctr_logs_opts *opts, struct err *err)
{
	return is_journal(s) ? ctr_logs_journal_open(s, opts, err) : ctr_logs_files_open(s, opts, err);
}

static int read_source(struct logs_writer *w, struct logs_source *s, struct err *err)
{
	if (is_journal(s))
		return ctr_logs_journal_read(w, s, err);
	return ctr_logs_files_read(w, s) < 0 ? err_sys(err, -w->failed, "cannot write the log of container %s", s->ctr->def.name) : 0;
}

/* Still running, or its monitor has not written the last of it yet. */
static bool alive(struct logs_source *s)
{
	ctr_state_read(s->engine, s->ctr);
	return s->ctr->status.process.pid || (s->ctr->status.monitor.pid && ctr_state_alive(&s->ctr->status.monitor));
}

/* What the log of one that has ended says nothing about. */
static void tell_lost(const struct logs_source *s)
{
	if (s->ctr->status.log_lost)
		log_warn("the journal did not take %lld pieces of the output of container %s: they are lost", (long long)s->ctr->status.log_lost,
			 s->ctr->def.name);
}

static int watch(const struct logs_source *sources, size_t count, int watch_fd, struct err *err)
{
	if (watch_fd < 0)
		return err_sys(err, errno, "cannot watch logs");
	for (size_t i = 0; i < count; i++) {
		if (is_journal(&sources[i]))
			continue;
		struct fd_path dir = fd_proc_path(sources[i].dir_fd);
		if (inotify_add_watch(watch_fd, dir.text, IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF) < 0)
			return err_sys(err, errno, "cannot watch the log of container %s", sources[i].ctr->def.name);
	}
	return 0;
}

/* The files and the journal tell when there is more; a second bounds how late the end of a container is seen. */
static int wait_more(const struct logs_source *sources, size_t count, int watch_fd, struct pollfd *fds, struct err *err)
{
	char events[4096];
	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){ .fd = is_journal(&sources[i]) ? journal_read_fd(sources[i].journal) : -1, .events = POLLIN };
	fds[count] = (struct pollfd){ .fd = watch_fd, .events = POLLIN };
	if (poll(fds, count + 1, 1000) > 0 && fds[count].revents && read(watch_fd, events, sizeof(events)) < 0 && errno != EAGAIN)
		return err_sys(err, errno, "cannot watch logs");
	return 0;
}

/* Asked before reading: what it wrote until then is read. 1: there may be more. */
static int read_on(struct logs_writer *w, struct logs_source *s, struct err *err)
{
	bool more = alive(s) || (is_journal(s) && !ctr_logs_journal_is_through(s));
	return read_source(w, s, err) < 0 ? -1 : more;
}

static int follow(struct logs_writer *w, struct logs_source *sources, size_t count, struct err *err)
{
	auto_close int watch_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	auto_free struct pollfd *fds = mem_array(count + 1, sizeof(*fds));
	if (watch(sources, count, watch_fd, err) < 0)
		return -1;
	for (;;) {
		bool any = false;
		for (size_t i = 0; i < count; i++) {
			int more = read_on(w, &sources[i], err);
			if (more < 0)
				return -1;
			any |= more > 0;
		}
		if (!any || (w->opts->until_ns && ntime_now() > w->opts->until_ns))
			return 0;
		if (wait_more(sources, count, watch_fd, fds, err) < 0)
			return -1;
	}
}

/* Asked before anything is written: the program that can load the library begins anew (base/dl.h). */
static int prepare(struct engine *engine, struct ctr *const *ctrs, struct logs_source *sources, size_t count, struct err *err)
{
	bool journal = false;
	for (size_t i = 0; i < count; i++)
		sources[i] = (struct logs_source){ .engine = engine, .ctr = ctrs[i], .color = (unsigned)i, .fd = -EBADF, .dir_fd = -EBADF };
	for (size_t i = 0; i < count; i++) {
		if (ctr_log_read(&ctrs[i]->def, &sources[i].log, err) < 0 || check_kept(ctrs[i], &sources[i].log, err) < 0)
			return -1;
		journal |= is_journal(&sources[i]);
	}
	return journal ? dl_need(err) : 0;
}

/* The journal may be behind one that has ended just now. */
static int settle(struct logs_writer *w, struct logs_source *s, struct err *err)
{
	struct pollfd fds[2];
	if (!is_journal(s) || alive(s) || ntime_now() - s->ctr->status.finished_ns > JOURNAL_LAG_S * NS_PER_S)
		return 0;
	while (!ctr_logs_journal_is_through(s))
		if (wait_more(s, 1, -1, fds, err) < 0 || read_source(w, s, err) < 0)
			return -1;
	return 0;
}

static int print(struct logs_writer *w, struct logs_source *sources, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (open_source(&sources[i], w->opts, err) < 0 || read_source(w, &sources[i], err) < 0 ||
		    (!w->opts->follow && settle(w, &sources[i], err) < 0))
			return -1;
	if (w->opts->follow && follow(w, sources, count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		tell_lost(&sources[i]);
	return 0;
}

int ctr_logs(struct engine *engine, struct ctr *const *ctrs, size_t count, const struct ctr_logs_opts *opts, int out_fd, int err_fd, struct err *err)
{
	struct logs_source *sources = mem_array(count + 1, sizeof(*sources));
	struct logs_writer w = { .opts = opts, .many = count > 1, .out_fd = { out_fd, err_fd } };
	int rc = prepare(engine, ctrs, sources, count, err);
	if (rc >= 0)
		rc = print(&w, sources, count, err);
	if (rc < 0 && w.failed) { /* nobody reads us any more: that is no failure */
		err_clear(err);
		rc = 0;
	}
	for (size_t i = 0; i < count; i++) {
		ctr_logs_files_close(&sources[i]);
		ctr_logs_journal_close(&sources[i]);
	}
	str_done(&w.out[0]);
	str_done(&w.out[1]);
	free(sources);
	return rc;
}
