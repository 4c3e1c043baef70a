/* ctr_health.h - whether a container's program does its work: the check that asks it, and the record of the answers.
 * Shape:  <graphroot>/containers/<id>/healthcheck.log, or <dir>/<id>-healthcheck.log with --health-log-destination: the Health of
 *         inspect, and how far a startup check has come. One record, replaced by rename; made anew by every start; it outlives the run.
 * Units:  nanoseconds since 1970.
 * Errors: ERR_STATE no check, or not running.
 * Locks:  the container's while a record is written, never while a check runs.
 */
#pragma once

#include "engine/ctr.h"
#include "wire/monitor_proto.h"

struct ctr_health_entry {
	int64_t start_ns, end_ns;
	int exit_code;	/* 0, 1; 125: it took too long */
	char *output;	/* what it wrote to stdout, then to stderr; bounded */
};

struct ctr_health {
	char *status;	/* "starting", "healthy", "unhealthy", "stopped", "reset"; NULL before the first start */
	uint32_t streak; /* failures in a row that count */
	struct ctr_health_entry *entries; /* oldest first */
	size_t count;
	bool started;	/* the startup check has done its part, or there is none */
	uint32_t successes, failures; /* of the startup check, in a row */
};
void ctr_health_done(struct ctr_health *health);
AUTO_VAL(ctr_health, ctr_health_done);

/* Is one to be run at all? */
bool ctr_health_is_set(const struct ctr_def *def);
/* When the monitor is to ask. */
void ctr_health_times(const struct ctr_def *def, struct monitor_health *ret);
/* The one that is due: the startup check until it has succeeded. */
const struct ctr_healthcheck *ctr_health_current(const struct ctr_def *def, const struct ctr_health *health);

/* Zeroed where there is no record. */
void ctr_health_read(struct engine *engine, const struct ctr *ctr, struct ctr_health *ret);
/* The lock is held, dir_fd open. */
int ctr_health_write(const struct ctr *ctr, const struct ctr_health *health, struct err *err) must_check;
int ctr_health_begin(const struct ctr *ctr, struct err *err) must_check; /* a start: "starting", nothing asked yet */
/* After a pause nothing is known until the next check. */
int ctr_health_reset(struct engine *engine, struct ctr *ctr, struct err *err) must_check;
struct json *ctr_health_json_new(struct engine *engine, const struct ctr *ctr); /* State.Health */
char *ctr_health_entry_text_dup(const struct ctr_health_entry *entry); /* its JSON */
char *ctr_health_status_dup(struct engine *engine, const struct ctr *ctr); /* "" before the first start */

/* What an answer makes of the record; it is added. */
enum ctr_health_step { CTR_HEALTH_GO_ON, CTR_HEALTH_ACT, CTR_HEALTH_START_AGAIN };
enum ctr_health_step ctr_health_judge(const struct ctr_def *def, int64_t started_ns, struct ctr_health_entry *answer /* taken */,
				      struct ctr_health *health);

struct ctr_health_result {
	char word[16];	/* "unhealthy", "starting", "stopped"; "" when it is well */
	int monitor_word; /* the exit code for the monitor: enum monitor_probe */
	bool turned_well; /* it was not healthy before, and is now */
};
/* Runs the check once. ERR_STATE as well when it took too long; the record knows. */
int ctr_health_run(struct engine *engine, struct ctr *ctr, struct ctr_health_result *ret, struct err *err) must_check;
