/* test_rt.h - what the two halves of the runtime's tests share. */
#pragma once

#include "rt_case.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/proc.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

extern char *test_root; /* busybox */

/* Runs `sh -c script`; fails the test when it does not start. Returns the exit code. */
int run_script(struct rt_case *c, char output[4096]);
void case_script(struct rt_case *c, const char *script);
char *read_text(const char *path); /* owned */

extern const struct CMUnitTest escape_tests[];
extern const size_t escape_count;
