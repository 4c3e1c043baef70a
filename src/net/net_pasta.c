#include "base/fd.h"
#include "base/file.h"
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
#include <unistd.h>

/* One file for all: each pasta sees its own namespace there. */
#define MOUNT_POINT "networks/pasta/namespace"

/* pasta goes to the background when it forwards: its first process ending well is the sign. */
struct net_pasta {
	pid_t pid;
	int said_fd;
};

static void add_ports(char ***argv, const char *flag, const char *protocol, const struct net_pasta_request *r)
{
	bool any = false;
	for (size_t i = 0; i < r->port_count; i++) {
		const struct net_port *p = &r->ports[i];
		if (strcmp(p->protocol, protocol) != 0)
			continue;
		any = true;
		strv_add(argv, flag);
		strv_addf(argv, "%s%s%u-%u:%u-%u", p->host_ip && *p->host_ip ? p->host_ip : "", p->host_ip && *p->host_ip ? "/" : "", p->host_port,
			  p->host_port + p->count - 1, p->container_port, p->container_port + p->count - 1);
	}
	if (!any) {
		strv_add(argv, flag);
		strv_add(argv, "none");
	}
}

static char **words_new(const char *pasta, const char *pid_file, const char *netns, const struct net_pasta_request *r)
{
	char **argv = NULL;
	const char *const always[] = { pasta, "--config-net", "--quiet", "--no-map-gw", "-T", "none", "-U", "none" };
	for (size_t i = 0; i < ARRAY_LEN(always); i++)
		strv_add(&argv, always[i]);
	add_ports(&argv, "-t", "tcp", r);
	add_ports(&argv, "-u", "udp", r);
	strv_add(&argv, "--pid");
	strv_add(&argv, pid_file);
	strv_extend(&argv, r->options);
	strv_add(&argv, "--netns");
	strv_add(&argv, netns);
	return argv;
}

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

int net_pasta_start(int run_fd, const struct net_pasta_request *request, struct net_pasta **ret, struct err *err)
{
	auto_free char *program = proc_find_helper("pasta");
	int said[2], rc = 0;
	if (!program)
		return err_set(err, ERR_UNSUPPORTED, "the network of a rootless container needs the program pasta: install the package passt, or use --network host or none");
	rc = file_mkdirs(run_fd, "networks/pasta", 0700);
	auto_close int file_fd = openat(run_fd, MOUNT_POINT, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (rc >= 0 && file_fd < 0)
		rc = -errno;
	if (rc < 0 || (rc = fd_pipe(said)) < 0)
		return err_sys(err, -rc, "cannot start pasta");
	struct fd_path root = fd_proc_path(run_fd);
	char base[4096];
	ssize_t len = readlink(root.text, base, sizeof(base) - 1);
	base[len > 0 ? len : 0] = 0;
	auto_free char *pid_file = mem_printf("%s/networks/pasta/%s", base, request->id);
	auto_free char *netns = mem_printf("/proc/%d/ns/net", request->pid), *file = mem_printf("%s/" MOUNT_POINT, base);
	auto_strv argv = words_new(program, pid_file, file, request);
	struct net_pasta *p = mem_alloc(sizeof(*p));
	p->pid = proc_fork();
	if (p->pid == 0)
		exec_pasta(argv, said[1], netns, file);
	fd_close(said[1]);
	p->said_fd = said[0];
	if (p->pid < 0) {
		net_pasta_free(p);
		return err_sys(err, errno, "cannot start pasta");
	}
	*ret = p;
	return 0;
}

int net_pasta_wait(struct net_pasta *p, struct net_result *ret, struct err *err)
{
	char said[1024];
	int status = proc_wait(p->pid);
	p->pid = -1;
	*ret = (struct net_result){ .network = mem_strdup("") };
	if (status == 0)
		return 0;
	fd_set_nonblock(p->said_fd, true);
	ssize_t len = fd_read_full(p->said_fd, said, sizeof(said) - 1);
	said[len > 0 ? len : 0] = 0;
	for (; len > 0 && said[len - 1] == '\n'; len--)
		said[len - 1] = 0;
	/* COMPAT: 126, as when a port is taken */
	return err_set(err, ERR_CMD_NOT_EXECUTABLE, "pasta failed with exit code %d: %s", status, said);
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
