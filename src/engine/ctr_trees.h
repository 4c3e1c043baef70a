/* ctr_trees.h - mounts whose tree the engine makes: of an image, an overlay over what would be mounted (O), a part of a volume (subpath),
 * with other owners (idmap); and a root file system with other owners.
 * Shape:  what can be written into such an overlay lies in the container's directory, overlay/<number of the mount>/{upper,work}: each start
 *         begins with an empty one, and it goes with the container. Trees hang nowhere; the stage places them.
 * Owner:  the descriptors are the specification's.
 * Errors: ERR_NOT_FOUND an image or a part that is not there; ERR_UNSUPPORTED what the kernel does not let us; ERR_USAGE maps that are none.
 */
#pragma once

#include "engine/ctr.h"
#include "runtime/spec.h"

/* Does the engine make its tree? */
bool ctr_trees_need(const struct ctr_mount *mount);
/* Its options' part of a volume or an image; NULL: the whole. */
const char *ctr_trees_subpath(const struct ctr_mount *mount);
/* idmap was asked for; *ret_maps: the words behind it; NULL: none, it is as the container's user namespace has them. */
bool ctr_trees_idmap(const struct ctr_mount *mount, const char **ret_maps);
/* Before anything is made. */
int ctr_trees_check(const struct engine *engine, const struct ctr_def *def, struct err *err) must_check;
/* Of a container that has its place, for mounts that ctr_mounts_build has put into the specification. */
int ctr_trees_open(struct engine *engine, struct ctr *ctr, struct spec *spec, struct err *err) must_check;
