/* shift.h - a copy of a tree whose owners are others: for a user namespace in which the ids of the store mean somebody else.
 * Shape:  a layer keeps the numbers of its archive, as the ids of our own namespace. A container whose namespace maps id i to
 *         another of ours must see that one as the owner of i's files. Where the mount cannot translate (an overlay in a user
 *         namespace, an old kernel), a copy is made once and lies beside the layer: layers/<id>/diff-<maps>.
 * Errors: ERR_UNSUPPORTED an owner that the maps have no place for, ERR_NO_SPACE.
 */
#pragma once

#include "base/err.h"
#include "host/userns.h"

#include <stddef.h>

struct shift {
	const struct userns_map *uids, *gids; /* inside the container → ours; end with count 0 */
};
/* A word for file names, the same for the same maps; owned. ERR_UNSUPPORTED when they have too many pieces for one. */
int shift_word(const struct shift *shift, char **ret, struct err *err) must_check;
/* The same of the ids inside alone. */
int shift_inside_word(const struct shift *shift, char **ret, struct err *err) must_check;
/* Would a copy find an owner for every file? ERR_UNSUPPORTED. */
int shift_check(int from_fd, const struct shift *shift, struct err *err) must_check;
/* to_fd is an empty directory; content, modes, times, attributes, links and holes stay as they are. */
int shift_copy(int from_fd, int to_fd, const struct shift *shift, struct err *err) must_check;
