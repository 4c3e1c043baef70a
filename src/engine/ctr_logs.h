/* ctr_logs.h - what a container has written, from its log files or the journal.
 * Shape:  the journal's entries (monitor/mon_journal.c); k8s-file: "<RFC 3339 ns> stdout|stderr F|P <text>", in files that turn (ctr_log.h).
 */
#pragma once

#include "engine/ctr.h"

struct ctr_logs_opts {
	bool follow, timestamps, names, color;
	int64_t tail;		 /* lines; -1 all */
	int64_t since_ns, until_ns; /* 0: not given */
};
/* Writes to the two descriptors (stdout's lines and stderr's) until the end, or the container's end with follow. Several
 * containers: their lines in turn, each with its own place when following. */
int ctr_logs(struct engine *engine, struct ctr *const *ctrs, size_t count, const struct ctr_logs_opts *opts, int out_fd,
	     int err_fd, struct err *err) must_check;
