/* resctrl.h - classes of cache and memory bandwidth (Intel RDT, AMD QoS): a directory each below /sys/fs/resctrl.
 * Errors: ERR_CMD_NOT_FOUND (COMPAT: exit code 127) where no resctrl is mounted.
 * Spec:   Documentation/filesystems/resctrl.rst; OCI runtime-spec 1.2 config-linux.md, intelRdt (closID without a schema).
 */
#pragma once

#include "base/err.h"

#include <sys/types.h>

/* Puts a process into the class, which is made when missing. NULL or "": nothing is asked for. */
int resctrl_join(const char *class, pid_t pid, struct err *err) must_check;
