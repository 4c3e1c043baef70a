/* layer.h - one filesystem diff of an image, unpacked once and never changed.
 * Shape:  layers/<random id>/{diff/, layer.json, tar-index, diff-<maps>/}; names/layer/<diff-id hex> → random id. The random name
 *         matters: with FS_TOPDIR_FL on layers/ it spreads layers over ext4's block groups.
 *         Whiteouts are 0:0 devices, opaque directories carry {trusted,user}.overlay.opaque=y.
 * Units:  bytes.
 * Errors: ERR_MISMATCH digest or size, ERR_INVALID not a tar, ERR_LIMIT a bomb, ERR_NO_SPACE.
 * Locks:  none: a layer is published whole; who loses the race to publish a diff-id throws its own away.
 */
#pragma once

#include "storage/shift.h"
#include "storage/store.h"

struct layer {
	char id[STORE_ID_MAX + 1];
	char *diff_id;	 /* "sha256:…" of the uncompressed tar */
	char *digest;	 /* of the bytes received, may equal diff_id */
	uint64_t size;	 /* of the bytes received */
	uint64_t diff_size; /* sum of the files' sizes */
	int64_t created_ns;
	struct extra_store *extra; /* the additional image store it lies in (extra_store.h); NULL: this one */
};
void layer_free(struct layer *layer);
AUTO_PTR(layer, layer_free);

/* By diff-id; here, else in an additional image store. ERR_NOT_FOUND, ERR_CORRUPT. */
int layer_get(struct store *store, const char *diff_id, struct layer **ret, struct err *err) must_check;
/* Absolute path of its diff/ directory; owned. */
char *layer_diff_path(const struct store *store, const struct layer *layer);
/* Is it where a container can have it? What belongs to another user has to come, as what is not here. */
bool layer_is_usable(const struct layer *layer);
/* The path by diff-id, without reading the record: what a start needs of each layer. ERR_NOT_FOUND. */
int layer_path(struct store *store, const char *diff_id, char **ret_path, struct err *err) must_check;

/* The same with other owners (shift.h), copied when nobody has yet; shift NULL: layer_path. */
int layer_path_shifted(struct store *store, const char *diff_id, const struct shift *shift, char **ret_path, struct err *err) must_check;

/* Has every owner of its files an id in these maps? ERR_UNSUPPORTED names a file whose has not. Looked at once for the same ids inside. */
int layer_check_owners(struct store *store, const char *diff_id, const struct shift *shift, struct err *err) must_check;

/* Appends the directories of a stack of layers (diff-ids, bottom first) as an overlay takes them: top first. One that stands there
 * twice (an image may add the same files again, or nothing twice) is given once, where it is uppermost: what it has below is
 * covered by itself, and the kernel refuses a directory that comes again. */
int layer_stack(struct store *store, char *const *diff_ids, const struct shift *shift, char ***to, struct err *err) must_check;

/* What the bytes must turn out to be. NULL/0 fields are not checked. */
struct layer_want {
	const char *diff_id;
	const char *digest;
	uint64_t size;		/* of the compressed bytes; UINT64_MAX unknown */
	uint64_t max_diff_bytes; /* 0: LIMIT_LAYER_BYTES */
	bool counted;		/* the tar is the caller's own and not compressed: it counts the digest itself, see layer_job_counted */
};

/* One layer being unpacked by a jailed child: its own mount namespace pivoted onto the staging directory, no
 * descriptor of outside, few capabilities, rlimits, seccomp (layer_jail.c tells). Write the compressed bytes to input_fd (a non-blocking pipe; gzip, zstd, xz, bzip2 or plain is
 * told from the bytes), close it, then layer_job_finish. Several jobs may run at once. */
struct layer_job;
int layer_job_start(struct store *store, const struct layer_want *want, struct layer_job **ret, int *ret_input_fd,
		    struct err *err) must_check;
/* Waits, checks every digest and size, publishes (or drops its own copy where another was faster). Frees the job either way. */
int layer_job_finish(struct layer_job *job, struct layer **ret, struct err *err) must_check;
/* Before finish, of a job that was started with `counted`: "sha256:…" of all that was written. */
void layer_job_counted(struct layer_job *job, const char *digest);
/* Kills the child and leaves nothing. NULL is fine. */
void layer_job_abort(struct layer_job *job);
/* For poll(2): readable when the child has something to say (done or failed). */
int layer_job_fd(const struct layer_job *job);

/* Writes the exact tar of a layer (its sha256 is the diff-id) to out_fd; may be a pipe. */
int layer_write_tar(struct store *store, const struct layer *layer, int out_fd, struct err *err) must_check;

/* Makes layers/ spread its children (FS_TOPDIR_FL); errors do not matter. */
void layer_prepare_root(int layers_dir_fd);
/* Which overlay xattr prefix this process may write: "trusted.overlay." or "user.overlay." */
const char *layer_overlay_prefix(void);
