#include "engine/ctr_systemd.h"

#include "base/path.h"
#include "base/str.h"

#include <string.h>

enum { UUID_DIGITS = 32 };

const char *const ctr_systemd_tmpfs[] = { "/run", "/run/lock", "/tmp", "/var/log/journal", NULL };

static bool is_systemd(const char *program)
{
	static const char *const inits[] = { "/sbin/init", "/usr/sbin/init", "/usr/local/sbin/init" };
	for (size_t i = 0; i < ARRAY_LEN(inits); i++)
		if (strcmp(program, inits[i]) == 0)
			return true;
	return strcmp(path_base(program), "systemd") == 0;
}

void ctr_systemd_complete(struct ctr_def *def)
{
	const char *program = def->entrypoint && *def->entrypoint ? *def->entrypoint : def->command ? *def->command : NULL;
	if (str_eq(def->systemd, "always"))
		def->systemd_mode = true;
	else
		def->systemd_mode = !str_eq(def->systemd, "false") && program && is_systemd(program);
	if (def->systemd_mode && !(def->stop_signal && *def->stop_signal)) {
		free(def->stop_signal);
		def->stop_signal = mem_strdup("SIGRTMIN+3");
	}
}

char *ctr_systemd_options_dup(const struct ctr_def *def)
{
	auto_free char *size = def->systemd_shm_bytes ? mem_printf(",size=%llu", (unsigned long long)def->systemd_shm_bytes) : mem_strdup("");
	return mem_printf("rw,rprivate,nosuid,nodev,tmpcopyup%s", size);
}

void ctr_systemd_env(const struct ctr_def *def, char ***env)
{
	if (!def->systemd_mode || strv_env_get(*env, "container_uuid"))
		return;
	auto_free char *uuid = mem_strndup(def->id, UUID_DIGITS);
	strv_env_set(env, "container_uuid", uuid);
}
