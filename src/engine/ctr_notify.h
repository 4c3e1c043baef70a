/* ctr_notify.h - telling the service manager that a container is ready: sd_notify(3), by --sdnotify.
 * Shape:  only where NOTIFY_SOCKET is in the environment of who starts the container. "conmon": the monitor says ready when the
 *         container runs. "healthy": the monitor's health check says it, the first time it succeeds. "container" (the default): the
 *         program says it, over the same socket, seen as CTR_NOTIFY_PATH. The monitor is named as the main process by all three.
 *         "ignore": nothing.
 * Errors: ERR_IO where the socket cannot be reached.
 * Spec:   sd_notify(3).
 */
#pragma once

#include "engine/ctr_def.h"

#include <sys/types.h>

struct spec;

#define CTR_NOTIFY_PATH "/run/notify.sock"
/* The socket's mount and the variable. */
void ctr_notify_add(const struct ctr_def *def, struct spec *spec);
int ctr_notify_started(const struct ctr_def *def, pid_t monitor, struct err *err) must_check;
/* By a check that the monitor started: the environment is still that of who started the container. */
int ctr_notify_healthy(const struct ctr_def *def, struct err *err) must_check;
