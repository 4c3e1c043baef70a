/* Reads back, from outside, what the waiting process is like. It has dropped everything by then; nothing of the container
 * has run. What cannot be read is a mismatch: confinement is never assumed. */
#include "runtime/rt_priv.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "host/userns.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { STATUS_BYTES = 64 << 10, MOUNTINFO_BYTES = 4 << 20 };

static int differs(struct err *err, const char *what, const char *is, const char *wanted)
{
	return err_set(err, ERR_INTERNAL, "the container is not confined as asked: %s is '%s', not '%s'; it was not started", what, is, wanted);
}

static int read_proc(const struct rt_process *p, const char *file, size_t max, char **ret, struct err *err)
{
	size_t len;
	auto_free char *path = mem_printf("/proc/%d/%s", p->pid, file);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int rc = fd < 0 ? -errno : file_read_fd(fd, max, ret, &len);
	return rc < 0 ? err_sys(err, -rc, "cannot verify the container: '%s'", path) : 0;
}

/* --- /proc/PID/status --- */

/* The text after "KEY:\t", to the end of its line; owned, NULL when absent. */
static char *field_dup(const char *status, const char *key)
{
	size_t len = strlen(key);
	for (const char *line = status; line && *line; line = strchr(line, '\n'), line += line != NULL) {
		if (strncmp(line, key, len) != 0 || line[len] != ':')
			continue;
		const char *value = line + len + 1 + strspn(line + len + 1, "\t ");
		size_t end = strcspn(value, "\n");
		while (end && value[end - 1] == ' ')
			end--;
		return mem_strndup(value, end);
	}
	return NULL;
}

static int expect(const char *status, const char *key, const char *wanted, struct err *err)
{
	auto_free char *is = field_dup(status, key);
	return is && strcmp(is, wanted) == 0 ? 0 : differs(err, key, is ? is : "unreadable", wanted);
}

/* Capabilities above the last one this kernel knows cannot be had. */
static int expect_caps(const char *status, const char *key, uint64_t wanted, uint64_t possible, struct err *err)
{
	char text[20];
	snprintf(text, sizeof(text), "%016" PRIx64, wanted & possible);
	return expect(status, key, text, err);
}

/* Sets as this process has them; a container's are always among its bounds. */
static int possible_caps(uint64_t *ret, struct err *err)
{
	auto_free char *last = NULL;
	size_t len;
	uint64_t cap;
	int rc = file_read(AT_FDCWD, "/proc/sys/kernel/cap_last_cap", 16, &last, &len);
	if (rc < 0)
		return err_sys(err, -rc, "cannot read '/proc/sys/kernel/cap_last_cap'");
	last[strcspn(last, "\n")] = 0;
	if (num_u64(last, 62, &cap) < 0)
		return err_set(err, ERR_INTERNAL, "'/proc/sys/kernel/cap_last_cap' holds no number");
	*ret = (2ULL << cap) - 1;
	return 0;
}

static int verify_caps(const struct spec_caps *caps, const char *status, struct err *err)
{
	uint64_t possible = 0;
	const struct { const char *key; uint64_t set; } rows[] = {
		{ "CapBnd", caps->bounding }, { "CapPrm", caps->permitted }, { "CapEff", caps->effective },
		{ "CapInh", caps->inheritable }, { "CapAmb", caps->ambient },
	};
	if (possible_caps(&possible, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (expect_caps(status, rows[i].key, rows[i].set, possible, err) < 0)
			return -1;
	return 0;
}

/* Ids are told as our own namespace has them. */
static uint32_t outside(const struct spec_id_map *maps, uint32_t id)
{
	return userns_map_id((const struct userns_map *)maps, id, true);
}

static int verify_ids(const struct spec *spec, const char *status, struct err *err)
{
	char text[64];
	const struct spec_process *p = &spec->process;
	bool mapped = spec->uid_maps != NULL;
	uint32_t uid = mapped ? outside(spec->uid_maps, p->uid) : p->uid, gid = mapped ? outside(spec->gid_maps, p->gid) : p->gid;
	snprintf(text, sizeof(text), "%u\t%u\t%u\t%u", uid, uid, uid, uid);
	if (expect(status, "Uid", text, err) < 0)
		return -1;
	snprintf(text, sizeof(text), "%u\t%u\t%u\t%u", gid, gid, gid, gid);
	return expect(status, "Gid", text, err);
}

static int by_number(const void *a, const void *b)
{
	gid_t x = *(const gid_t *)a, y = *(const gid_t *)b;
	return x < y ? -1 : x > y;
}

static int verify_groups(const struct spec *spec, const struct rt_process *process, const char *status, struct err *err)
{
	const struct spec_process *p = &spec->process;
	if (p->keep_groups || process->setgroups_denied)
		return 0;
	auto_free gid_t *sorted = mem_array(p->group_count + 1, sizeof(*sorted));
	for (size_t i = 0; i < p->group_count; i++)
		sorted[i] = spec->gid_maps ? outside(spec->gid_maps, p->groups[i]) : p->groups[i];
	qsort(sorted, p->group_count, sizeof(*sorted), by_number);
	auto_str wanted = { 0 };
	for (size_t i = 0; i < p->group_count; i++)
		str_addf(&wanted, "%s%u", i ? " " : "", sorted[i]);
	return expect(status, "Groups", str_text(&wanted), err);
}

static int verify_status(const struct spec *spec, const struct rt_process *p, struct err *err)
{
	auto_free char *status = NULL;
	bool filter = spec->seccomp.filter && spec->seccomp.count;
	if (read_proc(p, "status", STATUS_BYTES, &status, err) < 0 || verify_caps(&spec->process.caps, status, err) < 0 ||
	    verify_ids(spec, status, err) < 0 || verify_groups(spec, p, status, err) < 0)
		return -1;
	/* it may have been set for us already: then it cannot be taken back, and is no less safe */
	if (spec->process.no_new_privs && expect(status, "NoNewPrivs", "1", err) < 0)
		return -1;
	return filter ? expect(status, "Seccomp", "2", err) : 0;
}

/* --- namespaces --- */

static const char *const ns_files[SPEC_NS_COUNT] = {
	[SPEC_NS_MOUNT] = "mnt", [SPEC_NS_PID] = "pid", [SPEC_NS_NET] = "net", [SPEC_NS_IPC] = "ipc",
	[SPEC_NS_UTS] = "uts",	 [SPEC_NS_CGROUP] = "cgroup", [SPEC_NS_USER] = "user",
};

static int verify_namespaces(const struct spec *spec, const struct rt_process *p, struct err *err)
{
	for (int i = 0; i < SPEC_NS_COUNT; i++) {
		struct stat theirs, ours, joined;
		auto_free char *path = mem_printf("/proc/%d/ns/%s", p->pid, ns_files[i]);
		auto_free char *own = mem_printf("/proc/self/ns/%s", ns_files[i]);
		if (stat(path, &theirs) < 0 || stat(own, &ours) < 0)
			return err_sys(err, errno, "cannot verify the container: '%s'", path);
		bool same = theirs.st_ino == ours.st_ino;
		if (same != (spec->ns[i] == SPEC_NS_HOST) && spec->ns[i] != SPEC_NS_JOIN)
			return differs(err, ns_files[i], same ? "the host's namespace" : "a namespace", same ? "one of its own" : "the host's");
		if (spec->ns[i] == SPEC_NS_JOIN && spec->ns_fd[i] >= 0 && fstat(spec->ns_fd[i], &joined) == 0 && joined.st_ino != theirs.st_ino)
			return differs(err, ns_files[i], "another namespace", "the one to join");
	}
	return 0;
}

/* --- limits --- */

/* Their lines in /proc/PID/limits. prlimit(2) of a process with other ids needs CAP_SYS_RESOURCE, which a host may withhold. */
static const char *const limit_lines[] = {
	[RLIMIT_CPU] = "Max cpu time", [RLIMIT_FSIZE] = "Max file size", [RLIMIT_DATA] = "Max data size", [RLIMIT_STACK] = "Max stack size",
	[RLIMIT_CORE] = "Max core file size", [RLIMIT_RSS] = "Max resident set", [RLIMIT_NPROC] = "Max processes",
	[RLIMIT_NOFILE] = "Max open files", [RLIMIT_MEMLOCK] = "Max locked memory", [RLIMIT_AS] = "Max address space",
	[RLIMIT_LOCKS] = "Max file locks", [RLIMIT_SIGPENDING] = "Max pending signals", [RLIMIT_MSGQUEUE] = "Max msgqueue size",
	[RLIMIT_NICE] = "Max nice priority", [RLIMIT_RTPRIO] = "Max realtime priority", [RLIMIT_RTTIME] = "Max realtime timeout",
};

static bool take_limit(const char **at, rlim_t *ret)
{
	char text[32];
	*at += strspn(*at, " ");
	size_t len = strcspn(*at, " \n");
	uint64_t value;
	if (len >= sizeof(text))
		return false;
	memcpy(text, *at, len);
	text[len] = 0;
	*at += len;
	if (strcmp(text, "unlimited") == 0) {
		*ret = RLIM_INFINITY;
		return true;
	}
	if (num_u64(text, UINT64_MAX, &value) < 0)
		return false;
	*ret = value;
	return true;
}

static int read_limit(pid_t pid, int resource, struct rlimit *ret, struct err *err)
{
	char path[64];
	auto_free char *text = NULL;
	size_t len;
	if (prlimit(pid, resource, NULL, ret) == 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/limits", pid);
	int rc = file_read(AT_FDCWD, path, LIMIT_ETC_FILE_BYTES, &text, &len);
	const char *line = rc < 0 ? NULL : strstr(text, limit_lines[resource]);
	if (!line)
		return err_sys(err, rc < 0 ? -rc : ENOENT, "cannot verify the container's limits");
	line += strlen(limit_lines[resource]);
	if (!take_limit(&line, &ret->rlim_cur) || !take_limit(&line, &ret->rlim_max))
		return err_set(err, ERR_INTERNAL, "cannot verify the container's limits: '%s' is not understood", path);
	return 0;
}

static int verify_limits(const struct spec *spec, const struct rt_process *p, struct err *err)
{
	for (size_t i = 0; i < spec->process.rlimit_count; i++) {
		const struct spec_rlimit *r = &spec->process.rlimits[i];
		struct rlimit is;
		char text[64], wanted[64];
		if (read_limit(p->pid, r->resource, &is, err) < 0)
			return -1;
		bool lower = r->is_default && is.rlim_max <= r->hard && is.rlim_cur <= r->soft;
		if ((is.rlim_cur == r->soft && is.rlim_max == r->hard) || lower)
			continue;
		snprintf(text, sizeof(text), "%" PRIu64 ":%" PRIu64, (uint64_t)is.rlim_cur, (uint64_t)is.rlim_max);
		snprintf(wanted, sizeof(wanted), "%" PRIu64 ":%" PRIu64, r->soft, r->hard);
		return differs(err, "a resource limit", text, wanted);
	}
	return 0;
}

/* --- what is mounted --- */

struct mount_row {
	const char *point; /* as the container sees it */
	const char *type;
	bool readonly;
};

struct mount_table {
	struct mount_row *rows;
	size_t count;
};

/* Cuts the next word of a line off, in place. */
static char *word(char **at)
{
	char *begin = *at;
	*at += strcspn(*at, " ");
	if (**at)
		*(*at)++ = 0;
	return begin;
}

/* \040 and its like are undone. */
static void unescape(char *text)
{
	char *to = text;
	for (const char *from = text; *from; to++) {
		if (from[0] == '\\' && from[1] && from[2] && from[3]) {
			*to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = 0;
}

/* "36 35 98:0 /root /point opts … - type source superopts", in place. */
static struct mount_row parse_mount(char *line)
{
	struct mount_row row = { 0 };
	for (int i = 0; i < 4; i++)
		word(&line);
	char *point = word(&line);
	const char *options = word(&line);
	unescape(point);
	row.point = point;
	row.readonly = strcmp(options, "ro") == 0 || str_starts(options, "ro,");
	while (*line && strcmp(word(&line), "-") != 0)
		;
	row.type = word(&line);
	return row;
}

static void parse_mounts(char *info, struct mount_table *ret)
{
	size_t lines = 1;
	for (const char *p = info; (p = strchr(p, '\n')); p++)
		lines++;
	*ret = (struct mount_table){ .rows = mem_array(lines, sizeof(*ret->rows)) };
	while (*info) {
		char *line = info;
		info += strcspn(info, "\n");
		if (*info)
			*info++ = 0;
		ret->rows[ret->count++] = parse_mount(line);
	}
}

/* The uppermost mount at a point is the last one in the list. */
static const struct mount_row *find_mount(const struct mount_table *table, const char *point)
{
	for (size_t i = table->count; i-- > 0;)
		if (strcmp(table->rows[i].point, point) == 0)
			return &table->rows[i];
	return NULL;
}

static int verify_root(const struct spec *spec, const struct rt_process *p, const struct mount_table *table, struct err *err)
{
	const struct mount_row *row = find_mount(table, "/");
	if (!row)
		return differs(err, "its root", "not a mount", "one");
	if (!spec->root.path && strcmp(row->type, "overlay") != 0)
		return differs(err, "its root", row->type, "overlay");
	if (spec->root.readonly && !row->readonly)
		return differs(err, "its root", "writable", "read-only");
	struct stat theirs, ours;
	if (fstat(p->root_fd, &theirs) < 0 || stat("/", &ours) < 0)
		return err_sys(err, errno, "cannot verify the container's root");
	if (theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino)
		return differs(err, "its root", "the host's", "its own");
	return 0;
}

static int verify_mounts(const struct spec *spec, const struct mount_table *table, struct err *err)
{
	for (size_t i = 0; i < spec->mount_count; i++) {
		const struct spec_mount *m = &spec->mounts[i];
		const struct mount_row *row = find_mount(table, m->destination);
		/* behind a link of the image it lies at another name: resolving that again would prove nothing */
		if (!row) {
			if (strcmp(m->destination, "/proc") == 0 || strcmp(m->destination, "/dev") == 0)
				return differs(err, m->destination, "not a mount", "one");
			continue;
		}
		if ((m->attr_set & 1 /* MOUNT_ATTR_RDONLY */) && !row->readonly)
			return differs(err, m->destination, "writable", "read-only");
		if (strcmp(m->destination, "/proc") == 0 && strcmp(row->type, "proc") != 0)
			return differs(err, "/proc", row->type, "proc");
	}
	return 0;
}

/* Each path of the list that exists in the container is covered by a mount, read-only. */
static int verify_covered(const struct rt_process *p, char *const *paths, const struct mount_table *table, struct err *err)
{
	for (; paths && *paths; paths++) {
		struct stat st;
		const char *path = *paths + strspn(*paths, "/");
		if (fstatat(p->root_fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0 || S_ISLNK(st.st_mode))
			continue;
		const struct mount_row *row = find_mount(table, *paths);
		if (!row || !row->readonly)
			return differs(err, *paths, "open", "masked or read-only");
	}
	return 0;
}

static int verify_mount_table(const struct spec *spec, const struct rt_process *p, struct err *err)
{
	auto_free char *info = NULL;
	struct mount_table table;
	if (read_proc(p, "mountinfo", MOUNTINFO_BYTES, &info, err) < 0)
		return -1;
	parse_mounts(info, &table);
	int rc = verify_root(spec, p, &table, err);
	if (rc >= 0)
		rc = verify_mounts(spec, &table, err);
	if (rc >= 0)
		rc = verify_covered(p, spec->masked_paths, &table, err);
	if (rc >= 0)
		rc = verify_covered(p, spec->readonly_paths, &table, err);
	free(table.rows);
	return rc;
}

int rt_verify_tree(const struct spec *spec, const struct rt_process *p, struct err *err)
{
	if (verify_namespaces(spec, p, err) < 0 || verify_limits(spec, p, err) < 0)
		return -1;
	return verify_mount_table(spec, p, err);
}

int rt_verify_process(const struct spec *spec, const struct rt_process *p, struct err *err)
{
	return verify_status(spec, p, err);
}

int rt_verify(const struct spec *spec, const struct rt_process *p, struct err *err)
{
	return rt_verify_tree(spec, p, err) < 0 ? -1 : rt_verify_process(spec, p, err);
}
