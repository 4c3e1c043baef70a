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
/* Makes the start known: started, then state.json. */
int ctr_state_write(struct engine *engine, struct ctr *ctr, int run_dir_fd, struct err *err) must_check;
/* Is that process (pid and start time) alive and no zombie? */
bool ctr_state_alive(const struct proc_id *id);
void ctr_status_done(struct ctr_status *status);
