/* skeleton.h - the places every container mounts on, as a layer below its image's own.
 * Shape:  <graphroot>/skeleton[-<maps>]/{none,net}/{dev,etc,proc,run,sys}/…: empty directories and files. What an image has itself, or
 *         has as something else, hides them. Without this layer each start makes the missing places in the container's
 *         upper directory: eight inodes to make and to take away, which also `diff` and `commit` would have to hide.
 *         It lies on the layers' file system, since overlay gives files of two file systems two device numbers.
 * Life:   made once by whoever needs it first, never changed.
 */
#pragma once

#include "storage/shift.h"
#include "storage/store.h"

/* network: with /etc/resolv.conf. shift: for the root of another user namespace, or NULL. The path is owned. */
int skeleton_path(struct store *store, bool network, const struct shift *shift, char **ret, struct err *err) must_check;
