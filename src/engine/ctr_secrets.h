/* ctr_secrets.h - the secrets of a container: files that were copied when it was made, and variables that each start looks up.
 * Shape:  <graphroot>/containers/<id>/secrets/<n>, mode 0600: the data of the definition's n-th, as it was (COMPAT: what becomes
 *         of the secret later does not change it). <runroot>/containers/<id>/secret-<n>, on its tmpfs: the same, with owner and
 *         mode, for the container to be bound; .../secrets/ is its /run/secrets.
 *         A variable's value is in no file: it goes from the driver to the process.
 * Errors: ERR_NOT_FOUND; ERR_USAGE words that make no sense.
 */
#pragma once

#include "engine/ctr.h"

/* Where the relative ones are. */
#define CTR_SECRETS_DIR "/run/secrets"

struct spec;
struct secret_data;

/* Words into names and ids of secrets that are there. */
int ctr_secrets_resolve(struct engine *engine, struct ctr_def *def, struct err *err) must_check;
/* The copies, into the directory that will be the container's. ret_fd: where they are; -EBADF when there are none. */
int ctr_secrets_copy(struct engine *engine, const struct ctr_def *def, int dir_fd, int *ret_fd, struct err *err) must_check;
/* The mounts of a start. */
int ctr_secrets_mount(const struct engine *engine, const struct ctr *ctr, const char *run_path, struct spec *spec, struct err *err) must_check;
/* The variables, over those that are there. */
int ctr_secrets_env(struct engine *engine, const struct ctr_def *def, char ***env, struct err *err) must_check;
/* What inspect shows. */
struct json *ctr_secrets_view_new(const struct ctr_def *def);
