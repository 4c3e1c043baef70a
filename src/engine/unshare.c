#include "engine/unshare.h"

#include "base/str.h"
#include "host/userns.h"
#include "storage/store.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

/* COMPAT: scripts ask these; owned */
static char **environment_new(struct engine *engine)
{
	char uid[16], gid[16];
	char **env = strv_dup(environ);
	snprintf(uid, sizeof(uid), "%u", (unsigned)userns_caller_uid());
	snprintf(gid, sizeof(gid), "%u", (unsigned)userns_caller_gid());
	strv_env_set(&env, "CONTAINERS_GRAPHROOT", store_graphroot(engine->store));
	strv_env_set(&env, "CONTAINERS_RUNROOT", store_runroot(engine->store));
	strv_env_set(&env, "_CONTAINERS_USERNS_CONFIGURED", "done");
	strv_env_set(&env, "_CONTAINERS_ROOTLESS_UID", uid);
	strv_env_set(&env, "_CONTAINERS_ROOTLESS_GID", gid);
	return env;
}

int unshare_exec(struct engine *engine, char *const *argv, struct err *err)
{
	if (!engine->rootless)
		return err_set(err, ERR_UNSUPPORTED, "unshare is for ordinary users: root is in no user namespace of cpod's");
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return err_sys(err, errno, "cannot make a mount namespace");
	auto_strv env = environment_new(engine);
	execvpe(argv[0], argv, env);
	if (errno == ENOENT)
		return err_set(err, ERR_CMD_NOT_FOUND, "'%s': no such program in $PATH", argv[0]);
	enum err_kind kind = errno == EACCES || errno == ENOEXEC ? ERR_CMD_NOT_EXECUTABLE : ERR_SYSTEM;
	return err_set(err, kind, "cannot run '%s': %s", argv[0], err_reason(errno));
}
