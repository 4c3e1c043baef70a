/* ctr_user.h - user[:group] words → ids, by the container's own /etc/passwd and /etc/group.
 * Shape:  the files are read from the definition's layers (upper first), never from the host.
 * Errors: ERR_NOT_FOUND no such user or group; ERR_USAGE the word makes no sense.
 */
#pragma once

#include "engine/ctr.h"

struct ctr_user {
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* supplementary, the primary among them */
	size_t group_count;
	char *home;    /* "/" where nobody says */
	char *name;    /* NULL where passwd has none */
};
void ctr_user_done(struct ctr_user *user);
AUTO_VAL(ctr_user, ctr_user_done);

/* words: NULL or "" is root. group_add: more groups by name or number. */
int ctr_user_resolve(struct engine *engine, const struct ctr *ctr, const char *words, char *const *group_add, struct ctr_user *ret,
		     struct err *err) must_check;
/* The same with the files of a running container, beneath its root. */
int ctr_user_resolve_at(int root_fd, const char *words, char *const *group_add, struct ctr_user *ret, struct err *err) must_check;
void ctr_user_add_group(struct ctr_user *user, gid_t gid);
/* Does the text of a passwd or group file have the number? */
bool ctr_user_has_uid(const char *passwd, uid_t uid);
bool ctr_user_has_gid(const char *group, gid_t gid);
/* The text of a file in the container's root as its layers make it, "" when it has none; owned. */
int ctr_user_file(struct engine *engine, const struct ctr *ctr, const char *path, char **ret_text, struct err *err) must_check;
