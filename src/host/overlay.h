/* overlay.h - layers put on each other, as a directory descriptor: a mount that hangs nowhere and goes when the descriptor is closed.
 * Shape:  lower: absolute paths, the top one first, at least one. With upper and work it can be written to.
 * Errors: ERR_SYSTEM what the kernel says (owners of layers: 5.19 and a file system that can, one layer by one from 6.8); ERR_LIMIT more layers than a kernel before 6.8 takes.
 * Spec:   the kernel's Documentation/filesystems/overlayfs.rst. Renamed directories and copied attributes alone (redirect_dir, metacopy)
 *         are switched off: what is in an upper directory must say all.
 */
#pragma once

#include "base/err.h"
#include "host/userns.h"

#include <stdbool.h>

struct overlay {
	char *const *lower;
	const char *upper, *work; /* NULL: to be read only */
	bool setuid;		  /* its setuid programs work: a container may be started from it */
	bool is_volatile;	  /* nothing of it survives: no syncs */
	bool in_userns;		  /* we are root of a user namespace only: a child mounts, where it may */
	const struct userns_map *uids, *gids; /* root only: the owners of the layers, what `inside` is on the disk seen as `outside`; NULL: as they lie */
	size_t as_it_lies;	  /* so many of the uppermost layers have those owners already */
};
/* scratch: any directory of ours; on kernels before 6.8 a child mounts there, in a mount namespace of its own. */
int overlay_open(const struct overlay *overlay, const char *scratch, int *ret_fd, struct err *err) must_check;
