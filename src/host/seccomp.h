/* seccomp.h - a profile (JSON) and a capability set in, a BPF program out; the default's is cached.
 * Shape:  the profile is containers/common's seccomp.json or an OCI configuration's linux.seccomp. The default is
 *         src/host/seccomp_default.json, part of the program; what is made of it lies in the cache directory under a name that
 *         holds the program's version and the capabilities. The names of calls come from the kernel's headers at build time.
 * Errors: ERR_INVALID a profile that is not one; ERR_UNSUPPORTED an action this program does not do (notify, trace).
 */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct seccomp_program {
	void *filter; /* struct sock_filter[count]; owned */
	size_t count;
};
/* profile_json NULL: the default profile. caps decides the profile's conditional groups. cache_dir_fd -EBADF: no cache. */
int seccomp_compile(const char *profile_json, size_t profile_len, uint64_t caps, int cache_dir_fd,
		    struct seccomp_program *ret, struct err *err) must_check;
