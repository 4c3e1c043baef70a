/* rt_trees.h - the sources of a container's bind mounts, opened for a stage in a user namespace of its own.
 * Shape:  what leads to a source may be closed to the root of that namespace, to whom its owners are nobody. So the engine opens
 *         them, in the order in which the plan takes them: the binds of spec->mounts that have no tree yet, then spec->files.
 * Owner:  rt_trees_done closes them.
 * Errors: ERR_IO and its like, naming the source.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"
#include "runtime/spec.h"
#include "wire/plan.h"

struct rt_trees {
	int fds[PLAN_SLOTS + 1]; /* -EBADF ends; what is beyond the stage opens by name */
	size_t count;
};
void rt_trees_done(struct rt_trees *trees);
AUTO_VAL(rt_trees, rt_trees_done);

int rt_trees_open(const struct spec *spec, struct rt_trees *ret, struct err *err) must_check;
