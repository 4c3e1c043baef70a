/* volume_mount.h - the files of a volume on the host.
 * Shape:  _data, or the host's directory that the volume is: both are there without a mount. A tmpfs is mounted (mount_place.h), as often
 *         as asked for; containers that start meanwhile use that one.
 * Errors: ERR_NOT_FOUND.
 * Locks:  the place's.
 */
#pragma once

#include "engine/engine.h"

/* By name, or by a part that only one begins with; ret_path: owned. */
int volume_mount(struct engine *engine, const char *word, char **ret_path, struct err *err) must_check;
/* One time less; fine when it was not mounted. ret_name: owned. */
int volume_unmount(struct engine *engine, const char *word, char **ret_name, struct err *err) must_check;
