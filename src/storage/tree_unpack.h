/* tree_unpack.h - a tar stream into a tree that is there already: what cp and `volume import` do.
 * Shape:  directories that are there stay as they are, what else is in the way is replaced. No name leaves the base: `..` ends there, links below
 *         it are not followed, or (root_fd) only within the tree that they belong to. Every step is made below a descriptor.
 * Units:  ids of our own namespace in `uid` and `gid`; those of the archive are ids inside of `shift`.
 * Errors: ERR_EXISTS a directory in the way of a file, or the other way round, without `overwrite`; ERR_INVALID, ERR_LIMIT of tar.h;
 *         ERR_UNSUPPORTED an owner this user has no id for.
 */
#pragma once

#include "codec/tar.h"
#include "storage/shift.h"

struct tree_unpack {
	int base_fd;		   /* the directory it goes into; borrowed */
	int root_fd;		   /* the tree that base is a part of, whose links lead to directories of it; -EBADF: no links */
	const char *base;	   /* the path of base below root */
	bool one_owner;		   /* everything becomes uid's and gid's */
	uint32_t uid, gid;
	const struct shift *shift; /* owners of the archive are inside ids of these maps; NULL: as they are */
	bool no_set_id;		   /* set-uid and set-gid bits, capabilities and devices stay behind: the tree is the host's */
	bool overwrite;		   /* directories and others replace each other */
};
int tree_unpack(const struct tree_unpack *how, tar_read_fn read, void *ctx, struct err *err) must_check;
/* The tar that a descriptor gives, compressed or not (as decompress.h knows it); or only plain. */
int tree_unpack_fd(const struct tree_unpack *how, int fd, bool maybe_compressed, struct err *err) must_check;
