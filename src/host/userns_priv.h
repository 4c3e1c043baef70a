/* userns_priv.h - what the userns files share.
 */
#pragma once

#include "host/userns.h"

/* The lock under which the shared namespace is looked for and made. */
int userns_join_lock(int runroot_fd, int *ret_fd, struct err *err) must_check;
/* 1 joined, 0 nobody holds one; with the lock held. ret_dead: how many were found gone before. */
int userns_join(int runroot_fd, size_t *ret_dead, struct err *err) must_check;
/* Adds a process that is inside to the record; with the lock held. prune: forgets who has gone. */
int userns_join_add(int runroot_fd, const struct proc_id *holder, bool prune, struct err *err) must_check;
