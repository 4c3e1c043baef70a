/* mnt_piece.h - a tree that is to be mounted somewhere else, as a descriptor: a file or directory of the host, what lies somewhere in it,
 * or in a mount that hangs nowhere; with other owners where that is wanted.
 * Shape:  `sub` comes from somebody who may write into the tree: it is resolved as a process would whose root the tree is, and the
 *         mount is made of the descriptor that this gives. Links stay inside, also those that change meanwhile.
 * Owner:  descriptors are the caller's; a tree_fd that is given stays so, but is used up.
 * Errors: ERR_NOT_FOUND and others by errno; ERR_UNSUPPORTED a file system that cannot be mounted with other owners.
 */
#pragma once

#include "base/err.h"
#include "host/userns.h"

struct mnt_piece {
	const char *path;    /* absolute, links followed; NULL: tree_fd */
	int tree_fd;	     /* a mount that hangs nowhere */
	const char *scratch; /* a directory it can hang on meanwhile, where only we see it */
	const char *sub;     /* NULL or "": the whole */
};
int mnt_piece_open(const struct mnt_piece *piece, int *ret_fd, bool *ret_is_file, struct err *err) must_check;

/* A user namespace with these maps, as the kernel takes one for a mount with other owners. */
int mnt_piece_userns(const struct userns_map *uids, const struct userns_map *gids, int *ret_fd, struct err *err) must_check;
/* Owners of tree_fd's mounts: the id `inside` on the disk is seen as `outside`. Maps end with count 0. */
int mnt_piece_map(int tree_fd, const struct userns_map *uids, const struct userns_map *gids, struct err *err) must_check;
