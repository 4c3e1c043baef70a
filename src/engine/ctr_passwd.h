/* ctr_passwd.h - a line of /etc/passwd and /etc/group for a user who is a number only, so that programs find a name and a home.
 * Shape:  with --userns keep-id the person who typed the command is known by name; any other number is its own name. The lines
 *         are appended in the container's root while it is made (spec->appends), so `diff` shows them and a later start
 *         finds them. --hostuser adds the host's own. Nothing is added for root, to a root of the host's (--rootfs), or after --passwd=false.
 * COMPAT: Podman's lines, but that a number has no name of the host's.
 */
#pragma once

#include "engine/ctr_idmap.h"
#include "engine/ctr_user.h"
#include "runtime/spec.h"

/* The ids of def->user, where --hostuser names that user of the host: "UID:GID"; owned, NULL when it does not. */
char *ctr_passwd_host_user_dup(const struct ctr_def *def);
/* Gives user->home what the line says. */
int ctr_passwd_add(struct engine *engine, const struct ctr *ctr, const struct ctr_idmap *map, struct ctr_user *user, struct spec *spec,
		   struct err *err) must_check;
