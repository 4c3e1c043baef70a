/* ctr_hold.h - a container whose program is ready to run and held back: initialized.
 * Life:   ctr_init makes everything of a start but its last step; the monitor then keeps the socket to the stage, which waits before its
 *         execve. ctr_hold_release takes that socket and lets the program go. The process, its namespaces and its tree are the same
 *         before and after. Without its monitor the stage ends: nobody could let it go any more.
 * Errors: ERR_STATE initialized or started already; ERR_CMD_NOT_EXECUTABLE from the release; those of a start (ctr_start.h).
 * Locks:  the container's.
 */
#pragma once

#include "engine/ctr.h"

/* Locked, and held. foreground: the caller takes part as the command that starts a container does, over *ret_client_fd. */
int ctr_hold_release(struct engine *engine, struct ctr *ctr, bool foreground, int *ret_client_fd, struct err *err) must_check;
