/* userns.h - being root without being root: subordinate ids, the user's shared namespace, and joining it.
 * Shape:  every rootless command that needs privileges enters ONE user namespace: 0 → the caller, 1… → the subordinate
 *         range. It is joined through the pidfd of a live holder recorded in <runroot>/userns (any container's monitor), or
 *         made once (unshare + newuidmap and newgidmap at the same time).
 * Errors: ERR_UNSUPPORTED with the one line that mends it (no subordinate ids, sysctl forbids namespaces).
 */
#pragma once

#include "base/err.h"
#include "base/proc.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct userns_range {
	uint32_t first, count;
};

/* What /etc/subuid and /etc/subgid (or libsubid, where nsswitch names a source) give this user; count 0: nothing. */
int userns_subids(uid_t uid, const char *user_name, struct userns_range *ret_uid, struct userns_range *ret_gid, struct err *err) must_check;

/* The command that gives the caller such ids, which nobody else has yet; owned. */
char *userns_subid_advice_dup(void);

/* True when the caller is not root of the initial namespace (or runs already inside its own). */
bool userns_is_rootless(void);
/* The real user behind the namespace: uid outside; inside ours it was remembered when entering. */
uid_t userns_caller_uid(void);
/* The name of a user, owned, NULL when nobody knows. */
char *userns_user_name_dup(uid_t uid);
/* The line of /etc/passwd (or of getent) of a user, by name or number; owned, NULL when nobody knows. */
char *userns_user_line_dup(const char *who);
gid_t userns_caller_gid(void);

/* Enters the user's shared namespace; a no-op for root and when inside already. A user without subordinate ids gets a
 * single-id namespace, and *ret_single is true (the caller warns once, naming the fix). The caller's mount namespace
 * becomes private to it. */
int userns_enter(int runroot_fd, bool *ret_single, struct err *err) must_check;
/* Records this process (a monitor) as a holder others may join: <runroot>/userns. */
int userns_record_holder(int runroot_fd, const struct proc_id *holder, struct err *err) must_check;

struct userns_map {
	uint32_t inside, outside, count;
};
enum { USERNS_UNMAPPED = UINT32_MAX };
/* outward: what the id inside is outside; else the other way round. USERNS_UNMAPPED where the maps have no place for it. */
uint32_t userns_map_id(const struct userns_map *maps, uint32_t id, bool outward);
/* Maps of this process's namespace as /proc/self/uid_map tells. Ends with count 0; owned. */
int userns_current_maps(struct userns_map **ret_uid, struct userns_map **ret_gid, struct err *err) must_check;
/* Maps of another namespace, as ids of ours. ERR_USAGE: the descriptor is of none, or of our own. */
int userns_maps_of(int ns_fd, struct userns_map **ret_uid, struct userns_map **ret_gid, struct err *err) must_check;
/* Writes the maps of a child in a new user namespace, from outside it: directly where permitted, else through
 * newuidmap/newgidmap run at the same time. */
int userns_write_maps(pid_t pid, const struct userns_map *uid_maps, const struct userns_map *gid_maps, struct err *err) must_check;
