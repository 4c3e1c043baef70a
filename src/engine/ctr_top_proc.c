#include "engine/ctr_top_proc.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/num.h"

#include <ctype.h>
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROC_FILE_MAX = 64 << 10 };

void ctr_top_procs_free(struct top_proc *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i].args);
	free(list);
}

static char *read_file(int dir_fd, const char *name, size_t *ret_len)
{
	char *text = NULL;
	return file_read(dir_fd, name, PROC_FILE_MAX, &text, ret_len) < 0 ? NULL : text;
}

static uint64_t number(const char *text)
{
	uint64_t n = 0;
	auto_free char *word = mem_strndup(text, strspn(text, "0123456789"));
	return num_u64(word, UINT64_MAX, &n) < 0 ? 0 : n;
}

static uint64_t hex(const char *text)
{
	uint64_t n = 0;
	for (; isxdigit((unsigned char)*text); text++)
		n = n << 4 | (uint64_t)(isdigit((unsigned char)*text) ? *text - '0' : tolower(*text) - 'a' + 10);
	return n;
}

/* --- stat: numbers after the name, which may hold anything --- */

static int read_stat(int dir_fd, struct top_proc *p)
{
	size_t len;
	auto_free char *text = read_file(dir_fd, "stat", &len);
	char *open = text ? strchr(text, '(') : NULL, *close = text ? strrchr(text, ')') : NULL;
	if (!open || !close || close[1] != ' ')
		return -ESRCH;
	*close = 0;
	snprintf(p->comm, sizeof(p->comm), "%s", open + 1);
	p->state = close[2];
	auto_strv f = strv_split(close + 2, ' '); /* f[0] is field 3 */
	if (strv_len(f) < 22)
		return -ESRCH;
	p->ppid = (pid_t)number(f[1]);
	p->tty = (unsigned)number(f[4]);
	p->cpu_ticks = number(f[11]) + number(f[12]);
	p->nice = *f[16] == '-' ? -(int)number(f[16] + 1) : (int)number(f[16]);
	p->start_ticks = number(f[19]);
	p->vsz_kib = number(f[20]) / 1024;
	p->rss_kib = number(f[21]) * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
	return 0;
}

/* --- status: a name, a tab, words --- */

static char **words_of(const char *status, const char *name)
{
	auto_free char *line = mem_printf("\n%s:", name);
	const char *at = strstr(status, line);
	if (!at)
		return NULL;
	at += strlen(line);
	at += strspn(at, "\t ");
	auto_free char *rest = mem_strndup(at, strcspn(at, "\n"));
	for (char *c = rest; *c; c++)
		if (*c == ' ')
			*c = '\t';
	return strv_split(rest, '\t');
}

static uint64_t last_number(const char *status, const char *name)
{
	auto_strv words = words_of(status, name);
	size_t count = strv_len(words);
	return count ? number(words[count - 1]) : 0;
}

/* An id that we see is `outside` of the namespace's map, or (away) `inside` of ours: 65534 where it has none. */
static uint32_t map_id(const struct userns_map *maps, uint32_t id, bool away)
{
	uint32_t mapped = maps ? userns_map_id(maps, id, away) : id;
	return mapped == USERNS_UNMAPPED ? 65534 : mapped;
}

struct id_maps {
	struct userns_map theirs[2][64], *ours[2]; /* users, groups */
};

/* The kernel writes ids as the reader's namespace has them, but those of the parent where it is the reader's own. */
static bool is_our_namespace(int dir_fd)
{
	struct stat theirs, ours;
	return fstatat(dir_fd, "ns/user", &theirs, 0) == 0 && stat("/proc/self/ns/user", &ours) == 0 && theirs.st_ino == ours.st_ino;
}

static void read_maps(int dir_fd, const char *name, struct userns_map maps[64])
{
	size_t len, n = 0;
	if (is_our_namespace(dir_fd)) {
		maps[0] = (struct userns_map){ 0, 0, UINT32_MAX };
		maps[1] = (struct userns_map){ 0 };
		return;
	}
	auto_free char *text = read_file(dir_fd, name, &len);
	auto_strv lines = text ? strv_split(text, '\n') : NULL;
	for (char **line = lines; line && *line && n < 63; line++) {
		uint32_t ids[3] = { 0 };
		const char *at = *line;
		for (size_t i = 0; i < 3; i++) {
			at += strspn(at, " ");
			ids[i] = (uint32_t)number(at);
			at += strspn(at, "0123456789");
		}
		if (ids[2])
			maps[n++] = (struct userns_map){ ids[0], ids[1], ids[2] };
	}
	maps[n] = (struct userns_map){ 0 };
}

static void read_ids(const char *status, const struct id_maps *maps, struct top_proc *p)
{
	static const char *const names[] = { "Uid", "Gid" };
	for (int kind = 0; kind < 2; kind++) {
		auto_strv ids = words_of(status, names[kind]);
		uint32_t *in = kind ? p->gid : p->uid;
		for (size_t i = 0; i < 2 && strv_len(ids) >= 2; i++)
			in[i] = map_id(maps->theirs[kind], (uint32_t)number(ids[i]), false);
		if (strv_len(ids) >= 2)
			*(kind ? &p->host_gid : &p->host_uid) = map_id(maps->ours[kind], (uint32_t)number(ids[1]), true);
	}
	auto_strv groups = words_of(status, "Groups");
	for (char **g = groups; g && *g && p->group_count < ARRAY_LEN(p->groups); g++) {
		if (!**g)
			continue;
		p->host_groups[p->group_count] = map_id(maps->ours[1], (uint32_t)number(*g), true);
		p->groups[p->group_count++] = map_id(maps->theirs[1], (uint32_t)number(*g), false);
	}
}

static int read_status(int dir_fd, const struct id_maps *maps, struct top_proc *p)
{
	static const char *const caps[] = { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" };
	size_t len;
	auto_free char *status = read_file(dir_fd, "status", &len);
	if (!status)
		return -ESRCH;
	p->ns_pid = (int)last_number(status, "NSpid");
	p->ns_pgid = (int)last_number(status, "NSpgid");
	p->seccomp = (int)last_number(status, "Seccomp");
	for (size_t i = 0; i < ARRAY_LEN(caps); i++) {
		auto_strv words = words_of(status, caps[i]);
		p->caps[i] = words ? hex(words[0]) : 0;
	}
	read_ids(status, maps, p);
	return 0;
}

static void read_args(int dir_fd, struct top_proc *p)
{
	size_t len = 0;
	auto_free char *text = read_file(dir_fd, "cmdline", &len);
	if (!text || !len) {
		p->args = mem_printf("[%s]", p->comm);
		return;
	}
	for (size_t i = 0; i < len; i++)
		if (!text[i] || iscntrl((unsigned char)text[i])) /* a program writes what it likes there */
			text[i] = ' ';
	p->args = mem_strndup(text, len); /* COMPAT: the last end of a word is a space, too */
}

static void read_label(int dir_fd, struct top_proc *p)
{
	size_t len = 0;
	auto_free char *text = read_file(dir_fd, "attr/current", &len);
	if (text)
		text[strcspn(text, "\n")] = 0;
	snprintf(p->label, sizeof(p->label), "%s", text && *text ? text : "?");
}

static int read_proc(int proc_fd, const char *name, const struct stat *ns, const struct id_maps *maps, struct top_proc *p)
{
	struct stat st;
	auto_close int dir_fd = openat(proc_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0 || fstatat(dir_fd, "ns/pid", &st, 0) < 0 || st.st_ino != ns->st_ino || st.st_dev != ns->st_dev)
		return -ESRCH;
	p->pid = (pid_t)number(name);
	if (read_stat(dir_fd, p) < 0 || read_status(dir_fd, maps, p) < 0)
		return -ESRCH;
	read_args(dir_fd, p);
	read_label(dir_fd, p);
	return 0;
}

static int by_ns_pid(const void *a, const void *b)
{
	const struct top_proc *x = a, *y = b;
	return x->ns_pid < y->ns_pid ? -1 : x->ns_pid > y->ns_pid;
}

static void name_parents(struct top_proc *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			if (list[k].pid == list[i].ppid)
				list[i].ns_ppid = list[k].ns_pid;
}

static int list_procs(int proc_fd, const struct stat *ns, const struct id_maps *maps, struct top_proc **ret, size_t *ret_count)
{
	int fd = openat(proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct top_proc *list = NULL;
	size_t count = 0;
	if (!dir)
		return -errno;
	for (struct dirent *e; (e = readdir(dir));) {
		struct top_proc p = { 0 };
		if (!isdigit((unsigned char)e->d_name[0]) || read_proc(proc_fd, e->d_name, ns, maps, &p) < 0)
			continue;
		list = mem_resize(list, count + 1, sizeof(*list));
		list[count++] = p;
	}
	closedir(dir);
	*ret = list;
	*ret_count = count;
	return 0;
}

int ctr_top_procs(pid_t leader, struct top_proc **ret, size_t *ret_count, struct err *err)
{
	struct stat ns;
	struct id_maps maps = { 0 };
	char name[32];
	snprintf(name, sizeof(name), "%d", (int)leader);
	auto_close int proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_close int leader_fd = proc_fd >= 0 ? openat(proc_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -EBADF;
	if (leader_fd < 0 || fstatat(leader_fd, "ns/pid", &ns, 0) < 0)
		return err_set(err, ERR_STATE, "top can only be used on running containers");
	if (userns_current_maps(&maps.ours[0], &maps.ours[1], err) < 0)
		return -1;
	read_maps(leader_fd, "uid_map", maps.theirs[0]);
	read_maps(leader_fd, "gid_map", maps.theirs[1]);
	int rc = list_procs(proc_fd, &ns, &maps, ret, ret_count);
	free(maps.ours[0]);
	free(maps.ours[1]);
	if (rc < 0)
		return err_sys(err, -rc, "cannot read /proc");
	qsort(*ret, *ret_count, sizeof(**ret), by_ns_pid);
	name_parents(*ret, *ret_count);
	return 0;
}
