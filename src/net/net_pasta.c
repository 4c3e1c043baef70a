#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/str.h"
#include "net/net_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* One file for all: each pasta sees its own namespace there. */
#define MOUNT_POINT "networks/pasta/namespace"

/* A pasta of this change time does not know --map-guest-addr. */
#define OLD_MARK "networks/pasta/old.%lld"

/* pasta goes to the background when it forwards: its first process ending well is the sign. */
struct net_pasta {
	pid_t pid;
	int said_fd;
	pid_t target;		/* whose namespace it serves */
	char *file;		/* its name for pasta */
	char old_mark[64];
	struct net_pasta_words words;
};

/* pasta gives its capabilities away before it looks for the namespace, and could not open /proc/PID/ns/net of a process that has
 * some; newer ones close every descriptor they inherit first. So the namespace gets a name for it: a mount over a file, in a
 * mount namespace of its own that goes with it. */
static int name_netns(const char *netns, const char *file)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return -errno;
	return mount(netns, file, NULL, MS_BIND, NULL) < 0 ? -errno : 0;
}

static void exec_pasta(char **argv, int said_fd, const char *netns, const char *file)
{
	static const char *const env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C", NULL };
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(null_fd, 0);
	dup2(null_fd, 1);
	dup2(said_fd, 2);
	int rc = name_netns(netns, file);
	if (rc >= 0) {
		execve(argv[0], argv, (char *const *)env);
		rc = -errno;
	}
	dprintf(2, "%s: %s", rc == -ENOENT ? "the container has ended" : "cannot be started", err_reason(-rc));
	_exit(127);
}

static int spawn(struct net_pasta *p, struct err *err)
{
	int said[2];
	auto_free char *netns = mem_printf("/proc/%d/ns/net", p->target);
	int rc = fd_pipe(said);
	if (rc < 0)
		return err_sys(err, -rc, "cannot start pasta");
	p->pid = proc_fork();
	if (p->pid == 0)
		exec_pasta(p->words.argv, said[1], netns, p->file);
	int failed = errno;
	fd_close(said[1]);
	fd_close(p->said_fd);
	p->said_fd = said[0];
	return p->pid < 0 ? err_sys(err, failed, "cannot start pasta") : 0;
}

static bool is_old(int run_fd, const char *program, char *mark, size_t mark_len)
{
	struct stat st = { 0 };
	if (stat(program, &st) < 0)
		log_debug("%s: %s", program, err_reason(errno));
	snprintf(mark, mark_len, OLD_MARK, (long long)st.st_ctime);
	return faccessat(run_fd, mark, F_OK, 0) == 0;
}

int net_pasta_start(int run_fd, const struct net_pasta_request *request, struct net_pasta **ret, struct err *err)
{
	auto_free char *program = proc_find_helper("pasta");
	if (!program)
		return err_set(err, ERR_UNSUPPORTED, "the network of a rootless container needs the program pasta: install the package passt, or use --network host or none");
	int rc = file_mkdirs(run_fd, "networks/pasta", 0700);
	auto_close int file_fd = openat(run_fd, MOUNT_POINT, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (rc >= 0 && file_fd < 0)
		rc = -errno;
	if (rc < 0)
		return err_sys(err, -rc, "cannot start pasta");
	struct fd_path root = fd_proc_path(run_fd);
	char base[4096];
	ssize_t len = readlink(root.text, base, sizeof(base) - 1);
	base[len > 0 ? len : 0] = 0;
	auto_free char *pid_file = mem_printf("%s/networks/pasta/%s", base, request->id);
	auto_ptr(net_pasta) p = mem_alloc(sizeof(*p));
	*p = (struct net_pasta){ .pid = -1, .said_fd = -EBADF, .target = request->pid, .file = mem_printf("%s/" MOUNT_POINT, base) };
	bool old = is_old(run_fd, program, p->old_mark, sizeof(p->old_mark));
	net_pasta_words_make(program, pid_file, p->file, old, request, &p->words);
	if (spawn(p, err) < 0)
		return -1;
	*ret = take_ptr(p);
	return 0;
}

/* What it said, without noise, in one line. */
static char *said_dup(int said_fd)
{
	char said[4096];
	auto_str line = { 0 };
	fd_set_nonblock(said_fd, true);
	ssize_t len = fd_read_full(said_fd, said, sizeof(said) - 1);
	said[len > 0 ? len : 0] = 0;
	auto_strv lines = strv_split(said, '\n');
	for (char **l = lines; l && *l && !str_starts(*l, "Usage: "); l++)
		if (**l && !strstr(*l, " to syslog"))
			str_addf(&line, "%s%s", line.len ? "; " : "", *l);
	return str_take(&line);
}

/* What can be done about it, where that is known. */
static const char *way_out(const char *said)
{
	static const struct {
		const char *said, *way_out;
	} known[] = {
		{ "/dev/net/tun", ": it needs /dev/net/tun; have it opened to users (chmod 0666), or use --network host or none" },
		{ "tun socket", ": it needs /dev/net/tun; have it opened to users (chmod 0666), or use --network host or none" },
		{ "Address already in use", ": another program has the port on the host; publish another one" },
		{ "Failed to bind", ": another program has the port on the host, or it is below net.ipv4.ip_unprivileged_port_start" },
		{ "Permission denied", ": ports below net.ipv4.ip_unprivileged_port_start are root's" },
	};
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strstr(said, known[i].said))
			return known[i].way_out;
	return "";
}

/* The exit code; *ret_said is what it said when that is not 0. */
static int end_of(struct net_pasta *p, char **ret_said)
{
	int code = proc_wait(p->pid);
	p->pid = -1;
	*ret_said = code == 0 ? NULL : said_dup(p->said_fd);
	return code;
}

static void forget_word(struct net_pasta *p, const char *word)
{
	char **argv = NULL;
	for (char **w = p->words.argv; *w; w++) {
		if (strcmp(*w, word) == 0)
			w++; /* and its value */
		else
			strv_add(&argv, *w);
	}
	strv_free(p->words.argv);
	p->words.argv = argv;
	free(take_ptr(p->words.host_ip));
	p->words.maps_guest = false;
}

int net_pasta_wait(int run_fd, struct net_pasta *p, struct net_result *ret, struct err *err)
{
	auto_free char *said = NULL;
	int code = end_of(p, &said);
	if (code != 0 && p->words.maps_guest && strstr(said, "--map-guest-addr")) {
		int rc = file_write(run_fd, p->old_mark, 0600, "", 0, 0);
		if (rc < 0)
			log_debug("networks/pasta: %s", err_reason(-rc));
		free(take_ptr(said));
		forget_word(p, "--map-guest-addr");
		if (spawn(p, err) < 0)
			return -1;
		code = end_of(p, &said);
	}
	if (code != 0) /* COMPAT: 126, as when a port is taken */
		return err_set(err, ERR_CMD_NOT_EXECUTABLE, "pasta failed with exit code %d: %s%s", code, said, way_out(said));
	*ret = (struct net_result){ .network = mem_strdup(""), .own_ip = net_addr_of_process_dup(p->target), .host_ip = take_ptr(p->words.host_ip),
				    .dns_ip = take_ptr(p->words.dns_ip) };
	if (!ret->host_ip)
		ret->host_ip = net_addr_of_host_dup(ret->own_ip);
	return 0;
}

void net_pasta_free(struct net_pasta *p)
{
	if (!p)
		return;
	if (p->pid > 0) {
		kill(p->pid, SIGKILL);
		proc_wait(p->pid);
	}
	fd_close(p->said_fd);
	net_pasta_words_done(&p->words);
	free(p->file);
	free(p);
}

void net_pasta_teardown(int run_fd, const char *id)
{
	auto_free char *name = mem_printf("networks/pasta/%s", id), *text = NULL;
	size_t len;
	uint64_t pid;
	if (file_read(run_fd, name, 64, &text, &len) < 0)
		return;
	text[strcspn(text, "\n")] = 0;
	if (num_u64(text, INT32_MAX, &pid) >= 0 && pid > 1) {
		/* its command line has the container's id, in the name of this very file */
		auto_free char *path = mem_printf("/proc/%llu/cmdline", (unsigned long long)pid), *words = NULL;
		if (file_read(AT_FDCWD, path, 64 << 10, &words, &len) >= 0 && memmem(words, len, id, strlen(id)))
			kill((pid_t)pid, SIGTERM);
	}
	file_unlink(run_fd, name, 0);
}
