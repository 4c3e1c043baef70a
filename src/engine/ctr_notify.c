#include "engine/ctr_notify.h"

#include "base/fd.h"
#include "base/str.h"
#include "runtime/spec.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* NULL: nobody listens, or is to be told. */
static const char *socket_of(const struct ctr_def *def)
{
	const char *path = getenv("NOTIFY_SOCKET");
	return path && *path && !str_eq(def->sdnotify, "ignore") ? path : NULL;
}

static bool is_programs(const struct ctr_def *def)
{
	return !def->sdnotify || !*def->sdnotify || strcmp(def->sdnotify, "container") == 0;
}

void ctr_notify_add(const struct ctr_def *def, struct spec *spec)
{
	const char *path = socket_of(def);
	if (!path || !is_programs(def) || *path != '/') /* an abstract one is the host's network namespace's alone */
		return;
	struct spec_mount *m = spec_add_mount(spec);
	m->type = mem_strdup("bind");
	m->source = mem_strdup(path);
	m->destination = mem_strdup(CTR_NOTIFY_PATH);
	m->is_file = true;
	strv_env_set(&spec->process.env, "NOTIFY_SOCKET", CTR_NOTIFY_PATH);
}

static int tell(const struct ctr_def *def, const char *text, const char *what, struct err *err)
{
	const char *path = socket_of(def);
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	if (!path)
		return 0;
	size_t len = strlen(path);
	if (len >= sizeof(to.sun_path))
		return err_set(err, ERR_USAGE, "NOTIFY_SOCKET '%s' is too long for a socket's name", path);
	memcpy(to.sun_path, path, len);
	if (*path == '@')
		to.sun_path[0] = 0;
	auto_close int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || sendto(fd, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0)
		return err_sys(err, errno, "cannot tell the service manager at '%s' (NOTIFY_SOCKET) that container %s %s", path, def->name, what);
	return 0;
}

int ctr_notify_started(const struct ctr_def *def, pid_t monitor, struct err *err)
{
	auto_free char *text = mem_printf("MAINPID=%d%s", (int)monitor, str_eq(def->sdnotify, "conmon") ? "\nREADY=1" : "");
	return tell(def, text, "runs", err);
}

int ctr_notify_healthy(const struct ctr_def *def, struct err *err)
{
	return str_eq(def->sdnotify, "healthy") ? tell(def, "READY=1", "is healthy", err) : 0;
}
