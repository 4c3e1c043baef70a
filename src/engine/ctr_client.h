/* ctr_client.h - a command's side of the monitor's socket (wire/monitor_proto.h).
 */
#pragma once

#include "engine/ctr_attach.h"
#include "wire/monitor_proto.h"

/* Connects to a running container's monitor. -errno: nobody listens. */
int ctr_client_connect(struct engine *engine, const struct ctr *ctr, int *ret_fd);
/* Terminal, stdin, stdout, stderr and signals, until the exit is told, the keys are typed or the monitor goes. */
int ctr_client_run(struct engine *engine, struct ctr *ctr, int fd, const struct ctr_attach_opts *opts, int *ret_exit_code,
		   bool *ret_detached, struct err *err) must_check;
/* The foreground command has cleaned up; the monitor need not, but for what ctr_hand_over left in trash (NULL: nothing). */
void ctr_client_say_done(int fd, const char *trash_name);
/* When the monitor shall check the health from now on. Nobody listens: nothing is to be told. */
void ctr_client_say_health(struct engine *engine, const struct ctr *ctr, const struct monitor_health *times);
/* To hear of the exit only, and the exit once there is something to read. */
int ctr_client_listen(struct engine *engine, const struct ctr *ctr, int *ret_fd);
int ctr_client_hear_exit(int fd, int *ret_exit_code);
/* Waits for the exit only. -errno where no monitor tells it. */
int ctr_client_wait_exit(struct engine *engine, const struct ctr *ctr, int *ret_exit_code);
