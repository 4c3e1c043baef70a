/* values_mount.h - what -v, --tmpfs and --mount share: the words of a mount's options, and adding it.
 * Errors: ERR_USAGE.
 */
#pragma once

#include "engine/ctr_def.h"

/* Is it private, slave, shared or unbindable, or one of them with r? */
bool values_mount_is_propagation(const char *word);
/* Known words, those that exclude each other not twice, and O alone (COMPAT: Podman's sentences). */
int values_mount_check(char *const *options, struct err *err) must_check;
/* The same for a tmpfs. */
int values_mount_check_tmpfs(char *const *options, struct err *err) must_check;
int values_mount_check_target(const char *target, struct err *err) must_check;
/* A path of the caller, absolute and clean; owned. */
int values_mount_absolute(const char *path, char **ret, struct err *err) must_check;
/* Appends it. A bind's source must be there. */
int values_mount_add(struct ctr_def *def, const char *type, const char *source, const char *target, char *const *options, struct err *err) must_check;

/* Paths that match, as Go's filepath.Glob finds them (COMPAT): *, ?, [a-z], [^a-z], \\x; a leading dot is nothing special. Sorted, owned;
 * NULL when there is none. ERR_USAGE a pattern that is none. */
int values_glob(const char *pattern, char ***ret, struct err *err) must_check;
