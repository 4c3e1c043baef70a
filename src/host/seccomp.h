/* seccomp.h - a profile (JSON) and a capability set in, a BPF program out; cached by content.
 * Shape:  the default profile is ours (a table, compiled at first use and cached in <graphroot>/cache/seccomp/<sha256>);
 *         compiling a JSON profile needs libseccomp (dlopen), a cache hit needs nothing but a read.
 * Errors: ERR_INVALID a profile that is not one, ERR_UNSUPPORTED no libseccomp.
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
