/* ctr_state.h - the records of a container's life, and the state that follows from them.
 * Shape:  <runroot>/containers/<id>/state.json   written when its process 1 runs; gone after a reboot
 *         <graphroot>/containers/<id>/started    {"started_ns"}: it has been started at least once
 *         …/exit                                 cpod-monitor's record (wire/monitor_proto.h); of --rm beside state.json. It counts when
 *                                                it is not older than the start.
 * Errors: a record that does not parse was never written.
 */
#pragma once

#include "engine/ctr.h"

/* Exit code of a container that was running when the host or its monitor went down. COMPAT: Docker's. */
enum { CTR_EXIT_UNKNOWN = 255 };

/* Fills ctr->status from the files and the kernel. Never fails: what is missing or broken counts as absent. */
void ctr_state_read(struct engine *engine, struct ctr *ctr);
/* The same of one that is known to have no run directory: it has not run since the host started. */
void ctr_state_read_at_rest(struct engine *engine, struct ctr *ctr);
/* A start is written down in two steps: state.json in the run directory, which goes with a start that fails
 * (ctr_state_forget), and `started` beside the definition, when nothing but the program itself can fail any more. */
int ctr_state_write(const struct ctr *ctr, int run_dir_fd, struct err *err) must_check;
void ctr_state_forget(int run_dir_fd);
int ctr_state_started(const struct ctr *ctr, struct err *err) must_check;
/* Is that process (pid and start time) alive and no zombie? */
bool ctr_state_alive(const struct proc_id *id);
void ctr_status_done(struct ctr_status *status);
