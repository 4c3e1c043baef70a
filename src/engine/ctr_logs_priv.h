/* ctr_logs_priv.h - the parts of ctr_logs: one writer, and a source a container, which is files or the journal.
 * Owner:  what a source's open made, its close gives back; either may be called on one that was never opened.
 * Errors: read functions return -1 with err; -EPIPE and what else writing may say is err_sys.
 */
#pragma once

#include "engine/ctr_log.h"
#include "engine/ctr_logs.h"

struct journal_reader;
enum { MARK_BYTES = 16 };

/* One container's log being read. */
struct logs_source {
	struct engine *engine;
	struct ctr *ctr;
	struct ctr_log log;
	unsigned color;
	bool line_open[2]; /* the last piece written to stdout, stderr had no newline */
	/* files: records are cut at newlines; a record without its newline stays for the next read */
	int dir_fd, fd;
	struct str rest;
	/* the journal */
	struct journal_reader *journal;
	bool through; /* our mark behind the container's last line has come */
	int64_t mark_until_ns; /* on CLOCK_MONOTONIC; 0: it was not sent */
	char mark[2 * MARK_BYTES + 1];
};

struct logs_writer {
	const struct ctr_logs_opts *opts;
	bool many;
	int out_fd[2];
	struct str out[2];
	int failed; /* -errno of what could not be written: nobody reads us any more */
};

struct logs_record {
	int64_t time_ns;
	const char *time;
	size_t time_len;
	bool is_err, is_piece;
	const char *text;
	size_t len;
};

/* Unless --since and --until leave it out. */
void ctr_logs_write(struct logs_writer *w, struct logs_source *s, const struct logs_record *r);
int ctr_logs_flush(struct logs_writer *w); /* -errno */

/* ctr_logs_files.c */
int ctr_logs_files_open(struct logs_source *s, const struct ctr_logs_opts *opts, struct err *err) must_check;
int ctr_logs_files_read(struct logs_writer *w, struct logs_source *s); /* what there is; < 0: it cannot be written */
void ctr_logs_files_close(struct logs_source *s);

/* ctr_logs_journal.c */
int ctr_logs_journal_open(struct logs_source *s, const struct ctr_logs_opts *opts, struct err *err) must_check;
int ctr_logs_journal_read(struct logs_writer *w, struct logs_source *s, struct err *err) must_check;
/* Of a container that has ended: has its last line been read? Asked until it has, with reads between; bounded by itself. */
bool ctr_logs_journal_is_through(struct logs_source *s);
void ctr_logs_journal_close(struct logs_source *s);
