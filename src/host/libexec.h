/* libexec.h - the small static programs beside us: cpod-stage, cpod-monitor, cpod-init, hello.
 * Shape:  CPOD_LIBEXEC, else ../libexec/cpod beside the real /proc/self/exe, else the build tree. What runs inside a
 *         container is never a file of the host: libexec_memfd gives a sealed copy in memory.
 * Errors: ERR_NOT_FOUND naming the path that was looked at.
 */
#pragma once

#include "base/err.h"

int libexec_open(const char *program, int *ret_fd, struct err *err) must_check;	/* O_PATH-less, for fexecve */
int libexec_path(const char *program, char **ret_path, struct err *err) must_check;
int libexec_memfd(const char *program, int *ret_fd, struct err *err) must_check; /* sealed */
/* Our own executable, for helpers that run the engine again. */
int libexec_self(char **ret_path, struct err *err) must_check;
/* What of our environment a program of ours that stays may keep; owned. The rest may be secrets of the person who typed the command. */
char **libexec_env_dup(void) must_check;
