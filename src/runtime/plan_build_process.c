#include "runtime/plan_build.h"

#include "base/file.h"
#include "host/userns.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>

/* --- what the host is like --- */

static bool map_has(const struct userns_map *maps, uint32_t id)
{
	return userns_map_id(maps, id, true) != USERNS_UNMAPPED;
}

static bool groups_denied(void)
{
	auto_free char *text = NULL;
	size_t len;
	return file_read(AT_FDCWD, "/proc/self/setgroups", 16, &text, &len) >= 0 && str_starts(text, "deny");
}

int plan_host_read(const struct spec *spec, struct plan_host *ret, struct err *err)
{
	struct userns_map *users, *groups;
	if (userns_current_maps(&users, &groups, err) < 0)
		return -1;
	bool whole = groups->count == UINT32_MAX; /* the initial namespace */
	*ret = (struct plan_host){ .in_userns = !whole, .has_tty_group = map_has(groups, 5) };
	free(users);
	free(groups);
	ret->setgroups_denied = !whole && groups_denied();
	if (spec && spec->ns[SPEC_NS_USER] != SPEC_NS_HOST) {
		ret->in_userns = true;
		ret->has_tty_group = spec->gid_maps && map_has((const struct userns_map *)spec->gid_maps, 5);
	}
	return 0;
}

/* --- sysctl --- */

static const char *const ipc_sysctls[] = {
	"kernel/msgmax", "kernel/msgmnb", "kernel/msgmni", "kernel/sem", "kernel/shmall", "kernel/shmmax", "kernel/shmmni",
	"kernel/shm_rmid_forced", NULL,
};

/* As sysctl(8): the separator that comes first separates, the other one stands for itself swapped ("eth0/1" is eth0.1). */
static char *sysctl_path_dup(const char *key, size_t len)
{
	char *path = mem_strndup(key, len);
	if (strcspn(path, "/") < strcspn(path, "."))
		return path;
	for (char *p = path; *p; p++)
		*p = (char)(*p == '.' ? '/' : *p == '/' ? '.' : *p);
	return path;
}

static bool path_is_plain(const char *path)
{
	size_t ok = strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./");
	return *path && !path[ok] && ok < 256 && !strstr(path, "..") && !strstr(path, "//") && path[0] != '/' && path[ok - 1] != '/';
}

/* Only what belongs to a namespace of the container, and only when that is not the host's. */
static bool sysctl_allowed(const struct spec *spec, const char *path)
{
	if (!path_is_plain(path))
		return false;
	if (str_starts(path, "net/"))
		return spec->ns[SPEC_NS_NET] != SPEC_NS_HOST;
	if (str_index(ipc_sysctls, path) >= 0 || str_starts(path, "fs/mqueue/"))
		return spec->ns[SPEC_NS_IPC] != SPEC_NS_HOST;
	if (strcmp(path, "kernel/domainname") == 0)
		return spec->ns[SPEC_NS_UTS] != SPEC_NS_HOST;
	return false;
}

int plan_build_sysctl(struct plan_buf *b, struct err *err)
{
	for (char **pair = b->spec->sysctl; pair && *pair; pair++) {
		const char *equals = strchr(*pair, '=');
		size_t len = equals ? (size_t)(equals - *pair) : strlen(*pair);
		auto_free char *path = sysctl_path_dup(*pair, len);
		if (!equals || !sysctl_allowed(b->spec, path))
			return err_set(err, ERR_USAGE, "sysctl '%.*s' is not allowed", (int)len, *pair); /* COMPAT */
		if (strpbrk(equals + 1, "\n\r") || strlen(equals + 1) > 1024)
			return err_set(err, ERR_USAGE, "the value of sysctl '%.*s' is not one line of text", (int)len, *pair);
		struct plan_op *op = plan_add(b, PLAN_SYSCTL);
		plan_set_text(b, op, 0, path);
		plan_set_text(b, op, 1, equals[1] ? equals + 1 : " ");
	}
	return 0;
}

/* --- limits --- */

static const char *const rlimit_names[] = {
	[RLIMIT_CPU] = "RLIMIT_CPU", [RLIMIT_FSIZE] = "RLIMIT_FSIZE", [RLIMIT_DATA] = "RLIMIT_DATA",
	[RLIMIT_STACK] = "RLIMIT_STACK", [RLIMIT_CORE] = "RLIMIT_CORE", [RLIMIT_RSS] = "RLIMIT_RSS",
	[RLIMIT_NPROC] = "RLIMIT_NPROC", [RLIMIT_NOFILE] = "RLIMIT_NOFILE", [RLIMIT_MEMLOCK] = "RLIMIT_MEMLOCK",
	[RLIMIT_AS] = "RLIMIT_AS", [RLIMIT_LOCKS] = "RLIMIT_LOCKS", [RLIMIT_SIGPENDING] = "RLIMIT_SIGPENDING",
	[RLIMIT_MSGQUEUE] = "RLIMIT_MSGQUEUE", [RLIMIT_NICE] = "RLIMIT_NICE", [RLIMIT_RTPRIO] = "RLIMIT_RTPRIO",
	[RLIMIT_RTTIME] = "RLIMIT_RTTIME",
};

void plan_build_limits(struct plan_buf *b)
{
	for (size_t i = 0; i < b->spec->process.rlimit_count; i++) {
		const struct spec_rlimit *r = &b->spec->process.rlimits[i];
		struct plan_op *op = plan_add(b, PLAN_RLIMIT);
		bool known = r->resource >= 0 && (size_t)r->resource < ARRAY_LEN(rlimit_names);
		op->flags = r->is_default ? PLAN_DEFAULT : 0;
		op->num[0] = (uint64_t)r->resource;
		op->num[1] = r->soft;
		op->num[2] = r->hard;
		plan_set_text(b, op, 0, known ? rlimit_names[r->resource] : "unknown");
	}
}

/* --- the process --- */

void plan_build_terminal(struct plan_buf *b)
{
	struct plan_op *op = plan_add(b, PLAN_TERMINAL);
	op->num[0] = b->spec->process.rows;
	op->num[1] = b->spec->process.cols;
	op->num[2] = b->spec->process.uid;
	op->flags = b->has_dev ? PLAN_CONSOLE_LINK : 0;
}

static void add_groups(struct plan_buf *b)
{
	const struct spec_process *p = &b->spec->process;
	bool only_own = true;
	for (size_t i = 0; i < p->group_count; i++)
		only_own &= p->groups[i] == p->gid;
	/* a namespace with one id has one group, and the kernel refuses even to say so */
	if (p->keep_groups || (b->host->setgroups_denied && only_own))
		return;
	struct plan_op *op = plan_add(b, PLAN_GROUPS);
	plan_set_blob(b, op, 0, p->groups, p->group_count * sizeof(*p->groups));
}

/* Capabilities go last, after the filter that needs one of them; the command is looked up as the user, before the filter. */
void plan_build_process(struct plan_buf *b)
{
	const struct spec_process *p = &b->spec->process;
	struct plan_op *op;
	plan_set_text(b, plan_add(b, PLAN_CHDIR), 0, p->cwd && *p->cwd ? p->cwd : "/");
	plan_add(b, PLAN_UMASK)->num[0] = p->umask < 0 ? 0022 : (uint64_t)p->umask;
	plan_add(b, PLAN_BOUNDING)->num[0] = p->caps.bounding;
	add_groups(b);
	op = plan_add(b, PLAN_USER);
	op->num[0] = p->uid;
	op->num[1] = p->gid;
	op = plan_add(b, PLAN_COMMAND);
	plan_set_list(b, op, 0, p->args);
	plan_set_list(b, op, 1, p->env);
	if (p->no_new_privs)
		plan_add(b, PLAN_NO_NEW_PRIVS);
	if (b->spec->seccomp.filter && b->spec->seccomp.count) {
		op = plan_add(b, PLAN_SECCOMP);
		plan_set_blob(b, op, 0, b->spec->seccomp.filter, b->spec->seccomp.count * 8);
	}
	op = plan_add(b, PLAN_CAPS);
	op->num[0] = p->caps.effective;
	op->num[1] = p->caps.permitted;
	op->num[2] = p->caps.inheritable;
	op->num[3] = p->caps.ambient;
	plan_add(b, PLAN_RUN);
}
