#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/proc.h"
#include "codec/decompress.h"
#include "codec/digest.h"
#include "host/userns.h"
#include "storage/layer_apply.h"
#include "storage/layer_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifndef MOUNT_ATTR_NODEV /* musl leaves it to the kernel's header, glibc cannot be had with it */
#include <linux/mount.h>
#endif

/* Theory of operation: whatever a hostile layer makes the code in the child do, it can do it to the staging directory only.
 *  1. libraries are loaded;
 *  2. a mount namespace of its own, whose root is the staging directory; there is no /proc and no other file system in it, and
 *     what lies there can be neither executed nor opened as a device;
 *  3. but for the standard ones, the pipe and the report are the only descriptors left: a directory of outside would be a door;
 *  4. capabilities for owners, modes, attributes and nodes only; no new privileges; no core file; limits on files and memory;
 *  5. a seccomp filter without sockets, exec, processes, mounts, namespaces, keys, tracing. */

struct layer_job {
	struct store *store;
	struct store_stage stage;
	pid_t pid;
	int report_fd;
	struct layer_want want;
	char *diff_id, *digest; /* of want */
	char counted[sizeof(((struct layer_result *)0)->diff_id)];
};

const char *layer_overlay_prefix(void)
{
	return userns_is_rootless() ? "user.overlay." : "trusted.overlay.";
}

/* --- the child --- */

/* The working directory moves into the new namespace with us, a descriptor does not. */
static int change_root(int stage_fd)
{
	if (fchdir(stage_fd) < 0 || unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) < 0)
		return -errno;
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSUID };
	auto_close int tree_fd = (int)syscall(SYS_open_tree, AT_FDCWD, ".", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree_fd < 0)
		return -errno;
	if (syscall(SYS_mount_setattr, tree_fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0 && errno != ENOSYS) /* Linux 5.12 */
		return -errno;
	if (syscall(SYS_move_mount, tree_fd, "", AT_FDCWD, ".", MOVE_MOUNT_F_EMPTY_PATH) < 0 || fchdir(tree_fd) < 0)
		return -errno;
	if (syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0)
		return -errno;
	return 0;
}

static const int forbidden[] = {
	SYS_socket, SYS_socketpair, SYS_connect, SYS_execve, SYS_execveat, SYS_fork, SYS_vfork, SYS_clone, SYS_clone3, SYS_ptrace,
	SYS_process_vm_readv, SYS_process_vm_writev, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_unshare,
	SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsmount, SYS_mount_setattr, SYS_bpf, SYS_perf_event_open, SYS_keyctl,
	SYS_add_key, SYS_request_key, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_io_uring_setup,
	SYS_userfaultfd, SYS_open_by_handle_at, SYS_setuid, SYS_setgid, SYS_setresuid, SYS_setresgid, SYS_pidfd_getfd, SYS_reboot,
	SYS_swapon, SYS_acct, SYS_quotactl, SYS_ioperm, SYS_iopl, SYS_kcmp, SYS_personality,
};

static int filter_calls(void)
{
	enum { COUNT = sizeof(forbidden) / sizeof(forbidden[0]) };
	struct sock_filter code[COUNT + 5];
	size_t n = 0;
#if defined(__x86_64__)
	const unsigned arch = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
	const unsigned arch = AUDIT_ARCH_AARCH64;
#else
	const unsigned arch = 0;
#endif
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch, 0, COUNT + 1);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < COUNT; i++)
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)forbidden[i], (unsigned char)(COUNT - i), 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	struct sock_fprog program = { .len = (unsigned short)n, .filter = code };
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0 ? -errno : 0;
}

static int drop_capabilities(void)
{
	const uint64_t keep = 1ULL << CAP_CHOWN | 1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_FOWNER | 1ULL << CAP_FSETID | 1ULL << CAP_MKNOD |
			      1ULL << CAP_SETFCAP | 1ULL << CAP_SYS_ADMIN; /* the last for trusted.overlay attributes */
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { .effective = (uint32_t)keep, .permitted = (uint32_t)keep },
						  { .effective = (uint32_t)(keep >> 32), .permitted = (uint32_t)(keep >> 32) } };
	return syscall(SYS_capset, &head, data) < 0 ? -errno : 0;
}

static int close_others(int a, int b)
{
	unsigned low = (unsigned)(a < b ? a : b), high = (unsigned)(a < b ? b : a);
	const struct { unsigned from, to; } gaps[] = { { 3, low - 1 }, { low + 1, high - 1 }, { high + 1, ~0U } };
	for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++)
		if (gaps[i].from <= gaps[i].to && syscall(SYS_close_range, gaps[i].from, gaps[i].to, 0) < 0)
			return -errno;
	return 0;
}

/* Behind the limits of the code itself. The sanitizers of a development build reserve far more memory. */
static int set_limits(void)
{
	static const struct { int what; rlim_t max; } rows[] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_FSIZE, LIMIT_FILE_BYTES },
#if !defined(__SANITIZE_ADDRESS__)
		{ RLIMIT_AS, 2ULL << 30 },
#endif
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rlimit now;
		if (getrlimit(rows[i].what, &now) < 0)
			return -errno;
		now.rlim_max = now.rlim_max < rows[i].max ? now.rlim_max : rows[i].max;
		now.rlim_cur = now.rlim_cur < now.rlim_max ? now.rlim_cur : now.rlim_max;
		if (setrlimit(rows[i].what, &now) < 0)
			return -errno;
	}
	return 0;
}

static int enter_jail(int stage_fd, int in_fd, int report_fd, struct err *err)
{
	int rc = change_root(stage_fd);
	if (rc >= 0)
		rc = close_others(in_fd, report_fd);
	if (rc >= 0)
		rc = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : set_limits();
	if (rc >= 0)
		rc = drop_capabilities();
	if (rc >= 0)
		rc = filter_calls();
	return rc < 0 ? err_sys(err, -rc, "cannot confine the unpacking of a layer") : 0;
}

/* Only one id: nothing can be given to anybody else. */
static bool has_single_id(void)
{
	struct userns_map *uids, *gids;
	struct err ignored = { 0 };
	if (userns_current_maps(&uids, &gids, &ignored) < 0)
		return false;
	bool single = uids[0].count == 1 && uids[1].count == 0;
	free(uids);
	free(gids);
	return single;
}

static int unpack(const struct layer_job *job, int in_fd, int report_fd, struct layer_result *ret, struct err *err)
{
	struct layer_apply_opts opts = {
		.max_diff_bytes = job->want.max_diff_bytes ? job->want.max_diff_bytes : LIMIT_LAYER_BYTES,
		.single_id = userns_is_rootless() && has_single_id(), .skip_devices = userns_is_rootless(),
		.overlay_prefix = layer_overlay_prefix(), .no_digest = job->want.counted,
	};
	decompress_preload();
	if (digest_prepare(err) < 0 || enter_jail(job->stage.dir_fd, in_fd, report_fd, err) < 0)
		return -1;
	auto_close int root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return err_sys(err, errno, "cannot open the staging directory");
	return layer_apply(root_fd, in_fd, &opts, ret, err);
}

static void run_child(const struct layer_job *job, int in_fd, int report_fd)
{
	struct err err = { 0 };
	struct layer_result result = { 0 };
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int rc = unpack(job, in_fd, report_fd, &result, &err);
	proc_report(report_fd, &err);
	if (rc >= 0 && fd_write_full(report_fd, &result, sizeof(result)) < 0)
		rc = -1;
	proc_exit(rc < 0);
}

/* --- the parent --- */

static void job_free(struct layer_job *job)
{
	fd_close(job->report_fd);
	store_stage_done(job->store, &job->stage);
	free(job->diff_id);
	free(job->digest);
	free(job);
}

enum { PIPE_BYTES = 1 << 20 };

int layer_job_start(struct store *store, const struct layer_want *want, struct layer_job **ret, int *ret_input_fd, struct err *err)
{
	struct layer_job *job = mem_alloc(sizeof(*job));
	int in[2] = { -EBADF, -EBADF }, report[2] = { -EBADF, -EBADF };
	*job = (struct layer_job){ .store = store, .stage.dir_fd = -EBADF, .report_fd = -EBADF, .want = *want };
	job->want.diff_id = job->diff_id = want->diff_id ? mem_strdup(want->diff_id) : NULL;
	job->want.digest = job->digest = want->digest ? mem_strdup(want->digest) : NULL;
	int rc = store_stage(store, &job->stage, err);
	if (rc >= 0 && ((rc = fd_pipe(in)) < 0 || (rc = fd_pipe(report)) < 0))
		rc = err_sys(err, -rc, "cannot make a pipe");
	if (rc >= 0) {
		fcntl(in[1], F_SETPIPE_SZ, PIPE_BYTES); /* as much as the host allows */
		job->pid = proc_fork();
		if (job->pid == 0) {
			fd_close(in[1]);
			fd_close(report[0]);
			run_child(job, in[0], report[1]);
		}
		rc = job->pid < 0 ? err_sys(err, errno, "cannot start the unpacking of a layer") : 0;
	}
	fd_close(in[0]);
	fd_close(report[1]);
	job->report_fd = report[0];
	if (rc < 0) {
		fd_close(in[1]);
		job_free(job);
		return -1;
	}
	fd_set_nonblock(in[1], true);
	*ret_input_fd = in[1];
	*ret = job;
	return 0;
}

int layer_job_fd(const struct layer_job *job)
{
	return job->report_fd;
}

void layer_job_abort(struct layer_job *job)
{
	if (!job)
		return;
	kill(job->pid, SIGKILL);
	proc_wait(job->pid);
	job_free(job);
}

void layer_job_counted(struct layer_job *job, const char *digest)
{
	snprintf(job->counted, sizeof(job->counted), "%s", digest);
}

static int check_result(const struct layer_want *want, const struct layer_result *r, struct err *err)
{
	if (want->size && want->size != UINT64_MAX && want->size != r->size)
		return err_set(err, ERR_MISMATCH, "the layer %s has %llu bytes where %llu were promised", want->digest ? want->digest : "", (unsigned long long)r->size,
			       (unsigned long long)want->size);
	if (want->digest && str_starts(want->digest, "sha256:") && strcmp(want->digest, r->digest) != 0)
		return err_set(err, ERR_MISMATCH, "the layer %s came as %s: it was changed on the way", want->digest, r->digest);
	if (want->diff_id && strcmp(want->diff_id, r->diff_id) != 0)
		return err_set(err, ERR_MISMATCH, "the layer unpacks to %s, but the image's configuration says %s", r->diff_id, want->diff_id);
	return 0;
}

static int publish(struct layer_job *job, const struct layer_result *r, struct layer **ret, struct err *err)
{
	auto_ptr(layer) layer = mem_alloc(sizeof(*layer));
	layer->diff_id = mem_strdup(r->diff_id);
	layer->digest = mem_strdup(r->digest);
	layer->size = r->size;
	layer->diff_size = r->diff_size;
	if (layer_publish(job->store, &job->stage, layer, err) < 0)
		return -1;
	*ret = take_ptr(layer);
	return 0;
}

int layer_job_finish(struct layer_job *job, struct layer **ret, struct err *err)
{
	struct layer_result result;
	int rc = proc_collect(job->report_fd, -1, "the unpacking of a layer", err);
	if (rc >= 0 && fd_read_full(job->report_fd, &result, sizeof(result)) != sizeof(result))
		rc = err_set(err, ERR_INTERNAL, "the unpacking of a layer ended without a result");
	int code = proc_wait(job->pid);
	if (rc < 0 && code > 128 && err_is(err, ERR_INTERNAL)) { /* the kernel's doing, as a rule: it had no word to say */
		err_clear(err);
		rc = err_set(err, ERR_SYSTEM, "the unpacking of a layer was killed by signal %d: is there memory enough?", code - 128);
	}
	if (rc >= 0 && code != 0)
		rc = err_set(err, ERR_INTERNAL, "the unpacking of a layer ended with code %d", code);
	if (job->want.counted)
		memcpy(result.digest, memcpy(result.diff_id, job->counted, sizeof(job->counted)), sizeof(job->counted));
	if (rc >= 0 && job->want.counted && !*job->counted)
		rc = err_set(err, ERR_INTERNAL, "the unpacking of a layer ended before all was written");
	if (rc >= 0)
		rc = check_result(&job->want, &result, err);
	if (rc >= 0)
		rc = publish(job, &result, ret, err);
	job_free(job);
	return rc;
}
