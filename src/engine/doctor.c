#include "engine/doctor.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/str.h"
#include "engine/doctor_priv.h"
#include "host/userns.h"
#include "storage/store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static const struct doctor_check checks[] = {
	{ "kernel", "the kernel", DOCTOR_EVERYBODY, doctor_kernel },
	{ "user-namespaces", "user namespaces", DOCTOR_USER, doctor_userns },
	{ "subordinate-ids", "ids for the users of containers", DOCTOR_USER, doctor_subids },
	{ "id-map-helpers", "newuidmap and newgidmap", DOCTOR_USER, doctor_idmap_helpers },
	{ "proc", "a container's /proc", DOCTOR_USER, doctor_proc },
	{ "runtime-dir", "XDG_RUNTIME_DIR", DOCTOR_USER, doctor_runtime_dir },
	{ "linger", "containers after logging out", DOCTOR_USER, doctor_linger },
	{ "filesystem", "the file system of the store", DOCTOR_EVERYBODY, doctor_filesystem },
	{ "overlay", "overlay mounts on it", DOCTOR_EVERYBODY, doctor_overlay },
	{ "space", "room on it", DOCTOR_EVERYBODY, doctor_space },
	{ "cgroups", "control groups", DOCTOR_ROOT, doctor_cgroup },
	{ "cgroup-delegation", "control groups of this user", DOCTOR_USER, doctor_cgroup_user },
	{ "bridge", "networks and published ports", DOCTOR_ROOT, doctor_nft },
	{ "pasta", "networks and published ports", DOCTOR_USER, doctor_pasta },
	{ "low-ports", "ports below 1024", DOCTOR_USER, doctor_low_ports },
	{ "inotify", "inotify instances", DOCTOR_EVERYBODY, doctor_inotify },
	{ "keys", "kernel keyrings", DOCTOR_USER, doctor_keys },
	{ "clock", "the clock", DOCTOR_EVERYBODY, doctor_clock },
	{ "programs", "cpod's own programs", DOCTOR_EVERYBODY, doctor_programs },
	{ "libraries", "libraries for images", DOCTOR_EVERYBODY, doctor_libraries },
};

const char *doctor_state_word(enum doctor_state state)
{
	static const char *const words[] = { [DOCTOR_FINE] = "ok", [DOCTOR_HINT] = "hint", [DOCTOR_BROKEN] = "broken" };
	return words[state];
}

static void set(struct doctor_finding *f, enum doctor_state state, const char *fix, const char *text, va_list ap)
{
	auto_str s = { 0 };
	str_addv(&s, text, ap);
	f->state = state;
	f->text = str_take(&s);
	f->fix = fix ? mem_strdup(fix) : NULL;
}

void doctor_fine(struct doctor_finding *f, const char *text, ...)
{
	va_list ap;
	va_start(ap, text);
	set(f, DOCTOR_FINE, NULL, text, ap);
	va_end(ap);
}

void doctor_hint(struct doctor_finding *f, const char *fix, const char *text, ...)
{
	va_list ap;
	va_start(ap, text);
	set(f, DOCTOR_HINT, fix, text, ap);
	va_end(ap);
}

void doctor_broken(struct doctor_finding *f, const char *fix, const char *text, ...)
{
	va_list ap;
	va_start(ap, text);
	set(f, DOCTOR_BROKEN, fix, text, ap);
	va_end(ap);
}

char *doctor_read_dup(const struct doctor_host *host, const char *path)
{
	char *text;
	size_t len;
	auto_close int fd = openat(host->root_fd, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || file_read_fd(fd, LIMIT_ETC_FILE_BYTES, &text, &len) < 0)
		return NULL;
	if (len && text[len - 1] == '\n')
		text[len - 1] = 0;
	return text;
}

int64_t doctor_number(const struct doctor_host *host, const char *path, int64_t otherwise)
{
	auto_free char *text = doctor_read_dup(host, path);
	int64_t value;
	return text && num_i64(text, INT64_MIN, INT64_MAX, &value) >= 0 ? value : otherwise;
}

bool doctor_has(const struct doctor_host *host, const char *path)
{
	return faccessat(host->root_fd, path, F_OK, 0) == 0;
}

int doctor_probe(int (*probe)(const void *arg), const void *arg)
{
	pid_t pid = proc_fork();
	if (pid == 0)
		proc_exit(-probe(arg) & 0xff);
	return pid < 0 ? -1 : -proc_wait(pid);
}

static bool concerns(const struct doctor_check *check, bool rootless)
{
	return check->who == DOCTOR_EVERYBODY || (check->who == DOCTOR_USER) == rootless;
}

/* user, owned by the caller, is what host->user borrows. */
static struct doctor_host host_of(int root_fd, const char *graphroot, const char *runroot, char **user)
{
	uid_t uid = userns_caller_uid();
	*user = userns_user_name_dup(uid);
	if (!*user)
		*user = mem_printf("%u", (unsigned)uid);
	return (struct doctor_host){ .root_fd = root_fd, .rootless = userns_is_rootless(), .uid = uid, .user = *user,
				     .graphroot = graphroot, .runroot = runroot };
}

int doctor_look(const struct engine_opts *opts, struct doctor_finding **ret, size_t *ret_count, struct err *err)
{
	auto_free char *graph = NULL, *run = NULL, *user = NULL;
	if (store_default_roots(&graph, &run, err) < 0)
		return -1;
	auto_close int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const struct doctor_host host = host_of(root_fd, opts->root ? opts->root : graph, opts->runroot ? opts->runroot : run, &user);
	struct doctor_finding *list = mem_array(ARRAY_LEN(checks), sizeof(*list));
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		if (!concerns(&checks[i], host.rootless))
			continue;
		list[count].name = checks[i].name;
		list[count].subject = checks[i].subject;
		checks[i].look(&host, &list[count++]);
	}
	*ret = list;
	*ret_count = count;
	return 0;
}

bool doctor_look_at(const struct engine *engine, const char *name, struct doctor_finding *ret)
{
	auto_free char *user = NULL;
	auto_close int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const struct doctor_host host = host_of(root_fd, store_graphroot(engine->store), store_runroot(engine->store), &user);
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		if (strcmp(checks[i].name, name) != 0 || !concerns(&checks[i], host.rootless))
			continue;
		checks[i].look(&host, ret);
		return true;
	}
	return false;
}

void doctor_findings_free(struct doctor_finding *findings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(findings[i].text);
		free(findings[i].fix);
	}
	free(findings);
}
