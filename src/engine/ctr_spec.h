/* ctr_spec.h - a definition → what the runtime is told (runtime/spec.h).
 * Shape:  ctr_spec builds it from tables of defaults (COMPAT: Podman 5.8's OCI configuration) and the definition; ctr_mounts
 *         adds the files, ctr_user who runs.
 * Owner:  ctr_spec_done frees the spec and closes the namespaces that are joined.
 * Errors: ERR_NOT_FOUND a bind source, user or container that is not there; ERR_UNSUPPORTED; ERR_USAGE.
 */
#pragma once

#include "engine/ctr.h"
#include "runtime/spec.h"

/* Where --init is bound. COMPAT: Podman's. */
#define CTR_SPEC_INIT_PATH "/run/podman-init"

struct ctr_spec {
	struct spec spec;
	int ns_fds[SPEC_NS_COUNT];
	bool joins_network; /* another container's, or a path: nothing to set up */
	bool new_network;   /* its own, to be set up by net_mode */
};
/* run_path: absolute path of the container's run directory, where the generated files lie. */
int ctr_spec_build(struct engine *engine, struct ctr *ctr, const char *run_path, struct ctr_spec *ret, struct err *err) must_check;
void ctr_spec_done(struct ctr_spec *s);
AUTO_VAL(ctr_spec, ctr_spec_done);

/* What the definition makes of capabilities; also used by exec (privileged: --privileged of exec). */
int ctr_spec_caps(const struct ctr_def *def, bool privileged, uid_t uid, struct spec_caps *ret, struct err *err) must_check;
int ctr_spec_seccomp(struct engine *engine, const struct ctr_def *def, bool privileged, uint64_t caps, struct spec_seccomp *ret, struct err *err) must_check;
/* The namespaces that flags choose. */
struct ctr_ns {
	enum spec_ns ns;
	const char *file; /* in /proc/PID/ns */
	const char *flag;
	size_t mode; /* of ctr_def */
};
enum { CTR_NS_COUNT = 5 };
extern const struct ctr_ns ctr_ns_rows[CTR_NS_COUNT];
extern const struct ctr_ns ctr_ns_users; /* the same of --userns, which says more than a namespace */
const char *ctr_ns_mode(const struct ctr_ns *row, const struct ctr_def *def);

/* KEY=VALUE of the container: image's, given, container=, TERM, HOME, HOSTNAME. */
char **ctr_spec_env_dup(const struct ctr_def *def, const char *home, const char *hostname);
/* The name the container's kernel tells: given, or the id's first twelve digits, or (uts host) the host's. */
char *ctr_spec_hostname_dup(const struct ctr *ctr);
/* Is the mode one of a private network that has to be set up? */
bool ctr_spec_net_is(const struct engine *engine, const struct ctr_def *def, const char *mode);
/* "bridge", "pasta", "none", "host", "container", "ns": what net_mode amounts to for this user. */
const char *ctr_spec_net_mode(const struct engine *engine, const struct ctr_def *def);

/* "nofile"; "" for one that no flag names. */
const char *ctr_spec_rlimit_word(int resource);

/* ctr_mounts.c */
/* Appends one; options as fstab has them. */
struct spec_mount *ctr_mounts_add(struct spec *spec, const char *type, const char *source, const char *target, const char *options);
/* Option U: what lies at path, and below, is the container's user's from now on. */
int ctr_mounts_give(const struct ctr_mount *mount, const struct spec *spec, int dir_fd, const char *path, struct err *err) must_check;
int ctr_mounts_build(struct engine *engine, struct ctr *ctr, const char *run_path, struct spec *spec, struct err *err) must_check;
