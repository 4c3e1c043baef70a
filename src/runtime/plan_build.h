/* plan_build.h - a spec, and what the host is like, become a plan.
 * Shape:  pure: the same spec and host give the same bytes. plan_build.c decides the order, its two neighbours the
 *         operations of the filesystem and of the process.
 * Owner:  the plan is a struct str, owned by the caller.
 * Errors: ERR_INVALID a spec that would break a rule of the confinement, ERR_UNSUPPORTED what is not done.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"
#include "runtime/spec.h"
#include "wire/plan.h"

/* What differs from host to host. */
struct plan_host {
	bool in_userns;		/* we are not root of the initial namespace */
	bool setgroups_denied;	/* a single-id namespace */
	bool has_tty_group;	/* gid 5 exists in the container's namespace */
	bool stdio;		/* descriptors 0-2 are given */
	int preserve_fds;
	const int *tree_fds;	/* of every bind of spec->mounts without a tree of its own, then of spec->files; NULL: the stage opens them by name */
	int root_fd;		/* of a root that stands already; 0: none */
};
/* spec NULL: for a stage that stays in our user namespace. */
int plan_host_read(const struct spec *spec, struct plan_host *ret, struct err *err) must_check;

int plan_build(const struct spec *spec, const struct plan_host *host, struct str *ret, struct err *err) must_check;
/* Only the overlay, for a container with a user namespace of its own: made where its layers' attributes can be read. */
int plan_build_overlay(const struct spec *spec, const struct plan_host *host, struct str *ret, struct err *err) must_check;
/* For a process that joins a container: target_fd is its process 1's pidfd in the stage. */
int plan_build_exec(const struct spec *spec, const struct plan_host *host, int target_fd, struct str *ret, struct err *err) must_check;
/* The plan as text, one operation a line; owned. */
char *plan_text_dup(const struct str *plan);
/* The namespaces of `mode` as CLONE_NEW* flags; without_fd: only those whose ns_fd is unset. */
int plan_ns_flags(const struct spec *spec, enum spec_ns_mode mode, bool without_fd);
/* Has it users of its own, and namespaces of others? Those it must join before it is made: once inside its user namespace it may join
 * only what belongs to that, and what it makes before would belong to ours. */
bool plan_joins_first(const struct spec *spec);

/* --- between the parts --- */

struct plan_buf {
	const struct spec *spec;
	const struct plan_host *host;
	struct plan_op *ops;
	size_t count;
	struct str pool;
	unsigned slots;
	bool has_dev; /* /dev is a fresh tmpfs: ours to fill */
};

/* Appends; the pointer is good until the next one. */
struct plan_op *plan_add(struct plan_buf *b, enum plan_code code);
void plan_set_text(struct plan_buf *b, struct plan_op *op, int ref, const char *text); /* NULL and "": absent */
void plan_set_list(struct plan_buf *b, struct plan_op *op, int ref, char *const *list);
void plan_set_blob(struct plan_buf *b, struct plan_op *op, int ref, const void *data, size_t bytes);

int plan_build_check(const struct spec *spec, struct err *err) must_check;
void plan_build_open(struct plan_buf *b); /* trees to be taken before the propagation changes */
void plan_build_root(struct plan_buf *b);
void plan_build_appends(struct plan_buf *b);
void plan_build_mounts(struct plan_buf *b);
void plan_build_devices(struct plan_buf *b);
void plan_build_paths(struct plan_buf *b);
int plan_build_sysctl(struct plan_buf *b, struct err *err) must_check;
void plan_build_limits(struct plan_buf *b);
void plan_build_terminal(struct plan_buf *b);
void plan_build_process(struct plan_buf *b);
