#include "engine/ctr_top.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/ntime.h"
#include "base/num.h"
#include "base/path.h"
#include "engine/ctr_state.h"
#include "engine/ctr_top_proc.h"
#include "host/cap.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

struct top {
	char **users, **groups;		  /* lines of the container's passwd and group */
	char **host_users, **host_groups;
	int64_t now_ns, boot_ns;	  /* wall clock, and since the kernel started */
};

/* --- names of ids --- */

static char *name_dup(char *const *lines, uint32_t id)
{
	auto_free char *wanted = mem_printf("%u", id);
	for (; lines && *lines; lines++) {
		auto_strv fields = strv_split(*lines, ':');
		if (strv_len(fields) >= 3 && strcmp(fields[2], wanted) == 0)
			return mem_strdup(fields[0]);
	}
	return take_ptr(wanted);
}

static char *list_dup(char *const *lines, const uint32_t *ids, size_t count)
{
	auto_strv names = NULL;
	for (size_t i = 0; i < count; i++)
		strv_add_take(&names, name_dup(lines, ids[i]));
	char *text = strv_join(names, ",");
	return text ? text : mem_strdup("");
}

/* --- one function a column --- */

#define COLUMN(name) static char *name(const struct top *t, const struct top_proc *p)
#define NUMBER(name, format, value)                                  \
	COLUMN(name)                                                 \
	{                                                            \
		(void)t;                                             \
		return mem_printf(format, value);                    \
	}
NUMBER(args, "%s", p->args)
NUMBER(comm, "%s", p->comm)
NUMBER(hpid, "%d", (int)p->pid)
NUMBER(huid, "%u", p->host_uid)
NUMBER(label, "%s", p->label)
NUMBER(nice_, "%d", p->nice)
NUMBER(pgid, "%d", p->ns_pgid)
NUMBER(pid, "%d", p->ns_pid)
NUMBER(ppid, "%d", p->ns_ppid)
NUMBER(rss, "%llu", (unsigned long long)p->rss_kib)
NUMBER(seccomp, "%s", p->seccomp == 2 ? "filter" : p->seccomp == 1 ? "strict" : "disabled")
NUMBER(state, "%c", p->state)
NUMBER(uid, "%u", p->uid[1])
NUMBER(vsz, "%llu", (unsigned long long)p->vsz_kib)

COLUMN(user) { return name_dup(t->users, p->uid[1]); }
COLUMN(ruser) { return name_dup(t->users, p->uid[0]); }
COLUMN(huser) { return name_dup(t->host_users, p->host_uid); }
COLUMN(group) { return name_dup(t->groups, p->gid[1]); }
COLUMN(rgroup) { return name_dup(t->groups, p->gid[0]); }
COLUMN(hgroup) { return name_dup(t->host_groups, p->host_gid); }
COLUMN(groups) { return list_dup(t->groups, p->groups, p->group_count); }
COLUMN(hgroups) { return list_dup(t->host_groups, p->host_groups, p->group_count); }

static char *caps_dup(uint64_t set)
{
	auto_strv names = NULL;
	if (!set)
		return mem_strdup("none");
	if ((set & cap_all()) == cap_all())
		return mem_strdup("full");
	for (int cap = 0; cap < 64; cap++)
		if (set & 1ULL << cap && cap_name(cap))
			strv_add(&names, cap_name(cap) + strlen("CAP_"));
	strv_sort(names);
	return strv_join(names, ",");
}

COLUMN(capinh) { (void)t; return caps_dup(p->caps[0]); }
COLUMN(capprm) { (void)t; return caps_dup(p->caps[1]); }
COLUMN(capeff) { (void)t; return caps_dup(p->caps[2]); }
COLUMN(capbnd) { (void)t; return caps_dup(p->caps[3]); }
COLUMN(capamb) { (void)t; return caps_dup(p->caps[4]); }

static int64_t ticks_ns(uint64_t ticks)
{
	return (int64_t)(ticks * (uint64_t)NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK));
}

static int64_t elapsed_ns(const struct top *t, const struct top_proc *p)
{
	int64_t ns = t->boot_ns - ticks_ns(p->start_ticks);
	return ns > 0 ? ns : 1;
}

COLUMN(etime) { return mem_strdup(ntime_duration(elapsed_ns(t, p)).text); }
COLUMN(time_) { (void)t; return mem_strdup(ntime_duration(ticks_ns(p->cpu_ticks) / NS_PER_S * NS_PER_S).text); }
COLUMN(pcpu) { return mem_printf("%.3f", 100.0 * (double)ticks_ns(p->cpu_ticks) / (double)elapsed_ns(t, p)); }
COLUMN(start_time) { return mem_strdup(ntime_go((t->now_ns - elapsed_ns(t, p)) / NS_PER_S * NS_PER_S).text); }

COLUMN(tty)
{
	unsigned major = p->tty >> 8 & 0xfff, minor = (p->tty & 0xff) | (p->tty >> 12 & 0xfff00);
	(void)t;
	if (!p->tty)
		return mem_strdup("?");
	if (major >= 136 && major <= 143)
		return mem_printf("pts/%u", (major - 136) * 256 + minor);
	return major == 4 ? mem_printf("tty%u", minor) : mem_strdup("?");
}

static const struct column {
	const char *name, *code, *head; /* COMPAT: Podman's */
	char *(*text)(const struct top *t, const struct top_proc *p);
} columns[] = {
	{ "args", "%a", "COMMAND", args },	      { "capamb", NULL, "AMBIENT CAPS", capamb },
	{ "capbnd", NULL, "BOUNDING CAPS", capbnd },  { "capeff", NULL, "EFFECTIVE CAPS", capeff },
	{ "capinh", NULL, "INHERITED CAPS", capinh }, { "capprm", NULL, "PERMITTED CAPS", capprm },
	{ "comm", "%c", "COMMAND", comm },	      { "etime", "%t", "ELAPSED", etime },
	{ "group", "%G", "GROUP", group },	      { "groups", NULL, "GROUPS", groups },
	{ "hgroup", NULL, "HGROUP", hgroup },	      { "hgroups", NULL, "HGROUPS", hgroups },
	{ "hpid", NULL, "HPID", hpid },		      { "huid", NULL, "HUID", huid },
	{ "huser", NULL, "HUSER", huser },	      { "label", NULL, "LABEL", label },
	{ "nice", "%n", "NI", nice_ },		      { "pcpu", "%C", "%CPU", pcpu },
	{ "pgid", "%r", "PGID", pgid },		      { "pid", "%p", "PID", pid },
	{ "ppid", "%P", "PPID", ppid },		      { "rgroup", "%g", "RGROUP", rgroup },
	{ "rss", NULL, "RSS", rss },		      { "ruser", "%u", "RUSER", ruser },
	{ "seccomp", NULL, "SECCOMP", seccomp },      { "state", NULL, "STATE", state },
	{ "stime", NULL, "STIME", start_time },	      { "time", "%x", "TIME", time_ },
	{ "tty", "%y", "TTY", tty },		      { "uid", NULL, "UID", uid },
	{ "user", "%U", "USER", user },		      { "vsz", "%z", "VSZ", vsz },
};
static const char defaults[] = "user,pid,ppid,pcpu,etime,tty,time,args";

const char *ctr_top_name(size_t index)
{
	return index < ARRAY_LEN(columns) ? columns[index].name : NULL;
}

static const struct column *find_column(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		if (strcmp(columns[i].name, word) == 0 || str_eq(columns[i].code, word))
			return &columns[i];
	return NULL;
}

/* "pid, args" and "pid" "args" are the same. */
static int choose(char *const *words, const struct column ***ret, size_t *ret_count, struct err *err)
{
	auto_free char *joined = words && *words ? strv_join(words, ",") : mem_strdup("");
	auto_strv list = strv_split(*joined ? joined : defaults, ',');
	auto_free const struct column **chosen = mem_array(strv_len(list) + 1, sizeof(*chosen));
	size_t count = 0;
	for (char **word = list; *word; word++) {
		char *name = *word + strspn(*word, " ");
		name[strcspn(name, " ")] = 0;
		if (!*name)
			continue;
		chosen[count] = find_column(name);
		if (!chosen[count++])
			return err_set(err, ERR_USAGE, "unknown descriptor '%s': top --list-descriptors shows them; for options of ps use exec CONTAINER ps",
				       name);
	}
	*ret = take_ptr(chosen);
	*ret_count = count;
	return 0;
}

/* --- the table --- */

static char **lines_of(int root_fd, const char *path)
{
	int fd;
	size_t len;
	auto_free char *text = NULL;
	if (path_open(root_fd, path, PATH_IN_ROOT, O_RDONLY | O_NONBLOCK, 0, &fd) < 0)
		return NULL;
	int rc = file_read_fd(fd, LIMIT_ETC_FILE_BYTES, &text, &len);
	fd_close(fd);
	return rc < 0 ? NULL : strv_split(text, '\n');
}

static void read_names(pid_t leader, struct top *t)
{
	auto_free char *root = mem_printf("/proc/%d/root", (int)leader);
	auto_close int root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC), host_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	t->users = lines_of(root_fd, "/etc/passwd");
	t->groups = lines_of(root_fd, "/etc/group");
	t->host_users = lines_of(host_fd, "/etc/passwd");
	t->host_groups = lines_of(host_fd, "/etc/group");
}

static void top_done(struct top *t)
{
	strv_free(t->users);
	strv_free(t->groups);
	strv_free(t->host_users);
	strv_free(t->host_groups);
}
AUTO_VAL(top, top_done);

static void add_line(const struct column *const *chosen, size_t count, const struct top *t, const struct top_proc *p, char ***lines)
{
	auto_str line = { 0 };
	for (size_t i = 0; i < count; i++) {
		auto_free char *cell = p ? chosen[i]->text(t, p) : mem_strdup(chosen[i]->head);
		str_addf(&line, "%s%s", i ? "\t" : "", cell);
	}
	strv_add_take(lines, str_take(&line));
}

int ctr_top(struct engine *engine, struct ctr *ctr, char *const *words, char ***ret_lines, struct err *err)
{
	auto_free const struct column **chosen = NULL;
	auto_val(top) t = { .now_ns = ntime_now(), .boot_ns = ntime_monotonic() };
	struct top_proc *procs = NULL;
	size_t columns_count = 0, count = 0;
	ctr_state_read(engine, ctr);
	if (!ctr->status.process.pid || ctr->status.held)
		return err_set(err, ERR_STATE, "top can only be used on running containers");
	if (choose(words, &chosen, &columns_count, err) < 0 || ctr_top_procs(ctr->status.process.pid, &procs, &count, err) < 0)
		return -1;
	read_names(ctr->status.process.pid, &t);
	add_line(chosen, columns_count, &t, NULL, ret_lines);
	for (size_t i = 0; i < count; i++)
		add_line(chosen, columns_count, &t, &procs[i], ret_lines);
	ctr_top_procs_free(procs, count);
	return 0;
}
