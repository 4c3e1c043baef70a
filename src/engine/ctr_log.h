/* ctr_log.h - where a container's output is kept: what --log-driver and --log-opt come to.
 * Shape:  files: <name>, <name>.1, … <name>.<files - 1>, newest first; <name> is ctr.log in the container's directory, or what path= says.
 *         The monitor turns them by rename when the newest would grow beyond max-size (monitor/mon_log.c).
 *         journald: entries of the systemd journal, by the monitor (monitor/mon_journal.c); path= and max-size= say nothing there.
 * Errors: ERR_USAGE, ERR_UNSUPPORTED.
 */
#pragma once

#include "engine/ctr.h"

enum ctr_log_kind { CTR_LOG_FILE, CTR_LOG_JOURNAL, CTR_LOG_NONE, CTR_LOG_PASSTHROUGH };

struct ctr_log {
	enum ctr_log_kind kind;
	bool tty;	    /* passthrough-tty */
	const char *path;   /* borrowed from the definition, or NULL: the container's own */
	const char *tag;    /* borrowed; NULL: none. A Go template over what inspect shows */
	int64_t max_bytes;  /* 0: no bound, and one file */
	unsigned files;
};
enum { CTR_LOG_FILES_MAX = 100, CTR_LOG_NAME_MAX = 200 };

int ctr_log_read(const struct ctr_def *def, struct ctr_log *ret, struct err *err) must_check;
/* When it is created: the path becomes absolute; what does not go together is refused. */
int ctr_log_complete(struct ctr_def *def, struct err *err) must_check;

/* log_path of containers.conf: a directory, which gets ID/ctr.log, or a file. NULL, or where --log-opt path is: not used.
 * COMPAT: what lies there stays when the container goes. */
int ctr_log_use_dir(struct ctr_def *def, const char *place, struct err *err) must_check;

/* A program that has the caller's terminal can type into it: only where that was asked for. Asked again by every start. */
int ctr_log_check_terminal(const struct ctr_log *log, struct err *err) must_check;
/* What every entry of it in the journal says: words "journal=NAME=VALUE" for the monitor. ERR_USAGE: the tag's template. */
int ctr_log_journal_words(struct engine *engine, const struct ctr *ctr, const struct ctr_log *log, char ***words, struct err *err) must_check;
bool ctr_log_passes(const struct ctr_def *def); /* is the caller's stdio the container's? */

const char *ctr_log_name(const struct ctr_log *log); /* borrowed from it */
/* The directory the files are in. */
int ctr_log_open_dir(const struct ctr *ctr, const struct ctr_log *log, int *ret_fd, struct err *err) must_check;
struct json *ctr_log_json_new(struct engine *engine, const struct ctr *ctr); /* HostConfig.LogConfig */
