/* rt_case.h - a spec as Podman would make it for `run --network none`, for tests and measurements of the runtime.
 * Owner:  rt_case_done removes what rt_case_init made: a temporary directory with upper and work.
 */
#pragma once

#include "runtime/rt.h"
#include "runtime/spec.h"

#include <errno.h>

struct rt_case {
	struct spec spec;
	char dir[64];
};

/* root: a directory to be the lowest layer of an overlay. args: NULL-terminated. */
void rt_case_init(struct rt_case *c, const char *root, const char *const *args);
void rt_case_done(struct rt_case *c);
struct spec_mount *rt_case_mount(struct rt_case *c, const char *type, const char *source, const char *destination, uint64_t attr, const char *data);
/* Spawns, waits, verifies, releases. The exit code, or -1 with err set. output: up to 4095 bytes of stdout and stderr; may be NULL. */
int rt_case_run(struct rt_case *c, char output[4096], struct err *err);
/* Collects a process that was started: its exit code. */
int rt_case_wait(struct rt_process *p);
/* A directory with a static busybox and its usual names; owned, removed by rt_case_root_free. NULL: this machine has none. */
char *rt_case_root_new(void);
void rt_case_root_free(char *root);
