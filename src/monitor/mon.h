/* mon.h - cpod-monitor's parts, private to this room.
 * Shape:  one process a running container: parent of its process 1, reader of its output, writer of its log and exit record.
 *         Static, no heap: its whole state is struct mon. It survives everything but SIGKILL, and nothing is lost then either:
 *         the next command finds the process gone and no record, and says so.
 */
#pragma once

#include "wire/journal.h"
#include "wire/monitor_proto.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum mon_stream { MON_OUT, MON_ERR, MON_STREAM_COUNT };

/* One chunk on its way from the container to the log (written at once) and to every client that was attached when it came. */
struct mon_output {
	int fd;		      /* -1: at its end */
	bool line_open;	      /* the log's last line had no newline yet */
	size_t len;	      /* of data, 0: nothing under way */
	unsigned waiting;     /* bit per client that has not got it */
	char data[1 + MONITOR_CHUNK_BYTES];
};

enum { MON_CGROUPS_MAX = 8 }; /* the v2 group and one a v1 controller */

/* The health check's timer. What it means is decided by the engine, which it runs. */
struct mon_health {
	char *words[MONITOR_PROBE_WORDS_MAX + 1];
	int word_count;
	int regular_ms, startup_ms;
	bool startup;
	pid_t pid; /* of the probe that runs; 0: none */
	long long due_ms; /* on CLOCK_MONOTONIC; -1: no more */
};

/* What every entry of one kind carries. */
enum { MON_JOURNAL_FIELDS = 16, MON_EVENT_TEXT_MAX = 4096 };
struct mon_journal {
	struct journal_field fields[MON_JOURNAL_FIELDS];
	size_t count; /* 0: nothing of the kind is sent */
};

struct mon_line {
	size_t len;
	char data[MONITOR_CHUNK_BYTES];
};

struct mon_client {
	int fd; /* -1: free */
	bool foreground, quiet;
};

struct mon {
	pid_t pid;
	int pid_fd, console_fd, in_fd, listen_fd, log_fd, log_dir_fd, exit_dir_fd, events_dir_fd, oom_fd, control_fd, signal_fd;
	int zone_minutes;
	const char *log_name;
	int log_files;
	long long log_max, log_size; /* 0: no bound, nothing is counted */
	bool keep_in, durable, exited, client_cleans, timed_out;
	int timeout_s;
	const char *event, *event_text, *events_name;
	struct mon_journal journal, event_journal;
	int journal_fd;
	bool journal_stuck; /* it took nothing in its time */
	unsigned long long log_lost, log_lost_told; /* pieces of output */
	struct mon_line lines[MON_STREAM_COUNT]; /* begun, not sent yet */
	const char *run, *trash, *cgroups[MON_CGROUPS_MAX];
	int cgroup_count;
	char trash_name[MONITOR_TRASH_NAME_MAX + 1]; /* set: the rest is ours to clean (mon_clean) */
	char **cleanup;
	struct mon_health health;
	struct monitor_exit exit;
	struct mon_output out[MON_STREAM_COUNT];
	struct mon_client clients[MONITOR_CLIENTS_MAX];
	size_t in_len, in_done; /* input the container has not taken yet */
	char in_data[1 + MONITOR_CHUNK_BYTES];
};

/* mon_io.c */
void mon_io_init(struct mon *m);
size_t mon_io_poll(const struct mon *m, struct pollfd *ret_fds); /* fills, returns how many; at most MON_IO_FDS */
void mon_io_handle(struct mon *m, const struct pollfd *fds, size_t count);
bool mon_io_drained(const struct mon *m); /* the container's output is in the log */
bool mon_io_delivered(const struct mon *m); /* and with every client */
void mon_io_tell_exit(struct mon *m);
/* Until the foreground client has cleaned up or gone; true when it has. */
bool mon_io_wait_done(struct mon *m);
enum { MON_IO_FDS = MONITOR_CLIENTS_MAX + 5 };

/* mon_log.c: the k8s-file lines of one chunk; the next file where the one at hand is full. Or the journal's. */
void mon_log_init(struct mon *m);
void mon_log_write(struct mon *m, enum mon_stream stream, const char *data, size_t len);
void mon_log_end(struct mon *m); /* what was held back for the rest of its line */
/* RFC 3339 with nanoseconds and our zone; returns its length. */
size_t mon_log_time(int zone_minutes, char ret_text[40]);

/* mon_journal.c: lines as entries of the systemd journal, and the event of the end */
bool mon_journal_add_field(struct mon_journal *j, char *word); /* NAME=VALUE */
void mon_journal_init(struct mon *m);
void mon_journal_write(struct mon *m, enum mon_stream stream, const char *data, size_t len);
void mon_journal_end(struct mon *m);
void mon_journal_died(struct mon *m, const char *when);

/* mon_health.c: nothing of it costs a call where there is no check */
void mon_health_start(struct mon *m);
int mon_health_wait_ms(const struct mon *m); /* -1: nothing is due */
void mon_health_run_due(struct mon *m);
void mon_health_change(struct mon *m, const struct monitor_health *times);
void mon_health_ended(struct mon *m, pid_t pid, int status); /* a child that is not process 1 */

/* mon_clean.c: false when something is left for the engine. */
bool mon_clean(struct mon *m);

/* mon_exit.c */
void mon_exit_reap(struct mon *m);
void mon_exit_record(struct mon *m);
void mon_exit_sync(struct mon *m);
