/* tree_pack.h - a directory tree as a tar stream: what a container has written (commit), or all that it sees (export).
 * Shape:  depth first, names sorted, without the root itself. Two names of one file: the first is the file, the others are hard links to it.
 *         Kept of the xattrs are security.capability, security.ima and user.*; sockets are left out, as Podman does both.
 *         Large files with holes are sparse entries. What vanishes while we read is left out; a file that shrinks is filled with zeros.
 * Errors: ERR_UNSUPPORTED an owner without a place in `unshift`, a name that would be read as a whiteout; what the sink says.
 * Locks:  none. However deep the tree, a few descriptors are open.
 */
#pragma once

#include "codec/tar_out.h"
#include "storage/shift.h"

struct tree_pack {
	const char *as;	       /* the root itself is an entry of this name, and all else lies below it; NULL: it is none */
	bool mounts;	       /* what is mounted in the tree belongs to it */
	bool upper;	       /* an overlay's upper directory: its marks become whiteouts, ".wh.NAME" and ".wh..wh..opq" */
	const struct shift *shift; /* owners in the tree are the outside ids of these maps: written is what stands inside; NULL: as they are */
};
/* The archive is not ended: tar_out_end is the caller's. */
int tree_pack(int root_fd, const struct tree_pack *how, struct tar_out *out, struct err *err) must_check;
/* One regular file, open for reading, as the entry `how->as`. */
int tree_pack_file(int fd, const struct tree_pack *how, struct tar_out *out, struct err *err) must_check;
