/* inode_names.h - the first name of each file that has several.
 * Shape:  (device, inode) → path, as first given. Only files with more than one link should be asked for.
 */
#pragma once

#include "base/mem.h"

#include <stddef.h>
#include <sys/types.h>

struct inode_names {
	struct inode_name *rows; /* open addressing */
	size_t count, cap;
};
/* NULL: it was not known, and `path` is its first name from now on. Borrowed until done. */
const char *inode_names_first(struct inode_names *names, dev_t dev, ino_t inode, const char *path);
void inode_names_done(struct inode_names *names);
