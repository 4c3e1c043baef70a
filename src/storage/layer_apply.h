/* layer_apply.h - a compressed tar stream → a layer's diff/ and tar-index.
 * Shape:  everything is made below a descriptor of the staging directory: diff/, lost/ (what later entries replaced), tar-index.
 *         A name is taken apart here; its directories are resolved beneath diff/ (base/path.h, PATH_IN_ROOT), its last part is
 *         never followed. What is there already is moved away, not written through.
 * Errors: ERR_INVALID, ERR_LIMIT, ERR_NO_SPACE, ERR_UNSUPPORTED an owner this user has no id for.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct layer_result {
	char diff_id[160], digest[160]; /* "sha256:…" of the tar, of the bytes received */
	uint64_t size, diff_size;
};

struct layer_apply_opts {
	uint64_t max_diff_bytes;
	bool single_id;	    /* one id only: every file is the caller's */
	bool skip_devices;  /* not permitted here (COMPAT: rootless Podman leaves them out) */
	bool no_digest;	    /* the caller counts: diff_id and digest stay empty */
	const char *overlay_prefix; /* "trusted.overlay." or "user.overlay." */
};
int layer_apply(int stage_fd, int in_fd, const struct layer_apply_opts *opts, struct layer_result *ret, struct err *err) must_check;
