#include "rt_case.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/proc.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint64_t podman_caps = 0x800405fb;

struct spec_mount *rt_case_mount(struct rt_case *c, const char *type, const char *source, const char *destination, uint64_t attr, const char *data)
{
	struct spec_mount *m = spec_add_mount(&c->spec);
	m->type = mem_strdup(type);
	m->source = mem_strdup(source);
	m->destination = mem_strdup(destination);
	m->attr_set = attr;
	m->data = data ? mem_strdup(data) : NULL;
	return m;
}

static void add_mounts(struct rt_case *c)
{
	const uint64_t strict = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
	rt_case_mount(c, "proc", "proc", "/proc", strict, NULL);
	rt_case_mount(c, "tmpfs", "tmpfs", "/dev", MOUNT_ATTR_NOSUID | MOUNT_ATTR_STRICTATIME, "mode=755,size=65536k");
	rt_case_mount(c, "sysfs", "sysfs", "/sys", strict | MOUNT_ATTR_RDONLY, NULL);
	rt_case_mount(c, "devpts", "devpts", "/dev/pts", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5");
	rt_case_mount(c, "mqueue", "mqueue", "/dev/mqueue", strict, NULL);
	rt_case_mount(c, "tmpfs", "shm", "/dev/shm", strict, "mode=1777,size=65536000");
	rt_case_mount(c, "cgroup", "cgroup", "/sys/fs/cgroup", strict | MOUNT_ATTR_RDONLY, NULL);
}

static void add_paths(struct spec *spec)
{
	static const char *const masked[] = { "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
		"/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware", "/sys/fs/selinux", "/proc/interrupts" };
	static const char *const readonly[] = { "/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger" };
	for (size_t i = 0; i < ARRAY_LEN(masked); i++)
		strv_add(&spec->masked_paths, masked[i]);
	for (size_t i = 0; i < ARRAY_LEN(readonly); i++)
		strv_add(&spec->readonly_paths, readonly[i]);
}

void rt_case_init(struct rt_case *c, const char *root, const char *const *args)
{
	spec_init(&c->spec);
	snprintf(c->dir, sizeof(c->dir), "/var/tmp/cpod-rt-XXXXXX");
	if (!mkdtemp(c->dir))
		abort();
	c->spec.id = mem_strdup("0123456789ab");
	c->spec.hostname = mem_strdup("0123456789ab");
	strv_add(&c->spec.root.lower, root);
	c->spec.root.upper = mem_printf("%s/upper", c->dir);
	c->spec.root.work = mem_printf("%s/work", c->dir);
	c->spec.root.is_volatile = true;
	mkdir(c->spec.root.upper, 0755);
	mkdir(c->spec.root.work, 0755);
	for (int i = 0; i < SPEC_NS_USER; i++)
		c->spec.ns[i] = SPEC_NS_NEW;
	c->spec.process.args = strv_dup((char *const *)args);
	strv_add(&c->spec.process.env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	c->spec.process.cwd = mem_strdup("/");
	c->spec.process.caps = (struct spec_caps){ .bounding = podman_caps, .effective = podman_caps, .permitted = podman_caps };
	strv_add(&c->spec.sysctl, "net.ipv4.ping_group_range=0 0");
	add_mounts(c);
	add_paths(&c->spec);
}

void rt_case_done(struct rt_case *c)
{
	file_remove_tree(AT_FDCWD, c->dir);
	spec_done(&c->spec);
}

int rt_case_wait(struct rt_process *p)
{
	int code = proc_wait(p->pid);
	p->pid = -1;
	rt_process_done(p);
	return code;
}

static int run(struct rt_case *c, int out_fd, struct rt_process *p, struct err *err)
{
	auto_close int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct rt_spawn_opts opts = { .stdin_fd = null_fd, .stdout_fd = out_fd, .stderr_fd = out_fd, .cgroup_fd = -EBADF };
	if (rt_spawn(&c->spec, &opts, p, err) < 0)
		return -1;
	if (rt_wait_ready(p, err) < 0 || rt_verify(&c->spec, p, err) < 0 || rt_release(p, err) < 0) {
		rt_abort(p);
		rt_process_done(p);
		return -1;
	}
	return 0;
}

int rt_case_run(struct rt_case *c, char output[4096], struct err *err)
{
	int pipe_fds[2] = { -EBADF, -EBADF };
	struct rt_process p;
	if (output && fd_pipe(pipe_fds) < 0)
		abort();
	int rc = run(c, output ? pipe_fds[1] : 1, &p, err);
	fd_close(pipe_fds[1]);
	if (output) {
		ssize_t n = fd_read_full(pipe_fds[0], output, 4095);
		output[n > 0 ? n : 0] = 0;
	}
	fd_close(pipe_fds[0]);
	return rc < 0 ? -1 : rt_case_wait(&p);
}

char *rt_case_root_new(void)
{
	static const char *const names[] = { "sh", "cat", "echo", "ls", "id", "grep", "pwd", "env", "sleep", "tty", "stat", "touch", "true", "ps",
					     "head", "readlink", "mkdir", "stty", "hostname", "test", "sed", "wc", "dd" };
	static const char *const dirs[] = { "bin", "etc", "tmp", "proc", "dev", "sys" };
	static const char *const places[] = { "/bin/busybox", "/usr/bin/busybox" };
	char *data = NULL, dir[] = "/var/tmp/cpod-root-XXXXXX";
	size_t len;
	for (size_t i = 0; i < ARRAY_LEN(places) && !data; i++)
		if (file_read(AT_FDCWD, places[i], 16 << 20, &data, &len) < 0)
			data = NULL;
	if (!data)
		return NULL;
	if (!mkdtemp(dir) || chmod(dir, 0755) < 0)
		abort();
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
		mkdirat(fd, dirs[i], 0755);
	auto_close int bin_fd = openat(fd, "bin", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file_create(bin_fd, "busybox", 0755, data, len, 0) < 0)
		abort();
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (symlinkat("busybox", bin_fd, names[i]) < 0)
			abort();
	free(data);
	return mem_strdup(dir);
}

void rt_case_root_free(char *root)
{
	if (root)
		file_remove_tree(AT_FDCWD, root);
	free(root);
}
