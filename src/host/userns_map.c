#include "base/fd.h"
#include "base/str.h"
#include "host/userns_priv.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

uint32_t userns_map_id(const struct userns_map *maps, uint32_t id, bool outward)
{
	for (; maps->count; maps++) {
		uint32_t from = outward ? maps->inside : maps->outside, to = outward ? maps->outside : maps->inside;
		if (id >= from && id - from < maps->count)
			return to + (id - from);
	}
	return USERNS_UNMAPPED;
}

static int write_text(pid_t pid, const char *file, const char *text)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return write(fd, text, strlen(text)) < 0 ? -errno : 0; /* the kernel wants it in one write */
}

/* A line of the kernel's file may name ids of one line of ours only: cut where those end. */
static void map_text(const struct userns_map *maps, const struct userns_map *ours, struct str *out)
{
	for (; maps->count; maps++) {
		for (uint32_t done = 0, piece; done < maps->count; done += piece) {
			uint32_t id = maps->outside + done;
			piece = maps->count - done;
			for (const struct userns_map *o = ours; o->count; o++)
				if (id >= o->inside && id - o->inside < o->count && o->count - (id - o->inside) < piece)
					piece = o->count - (id - o->inside);
			str_addf(out, "%u %u %u\n", maps->inside + done, id, piece);
		}
	}
}

/* newuidmap PID INSIDE OUTSIDE COUNT… */
static pid_t start_helper(const char *helper, pid_t pid, const struct userns_map *maps, int err_fd)
{
	auto_strv argv = NULL;
	strv_add(&argv, helper);
	strv_addf(&argv, "%d", pid);
	for (; maps->count; maps++) {
		strv_addf(&argv, "%u", maps->inside);
		strv_addf(&argv, "%u", maps->outside);
		strv_addf(&argv, "%u", maps->count);
	}
	pid_t child = proc_fork();
	if (child == 0) {
		static const char *const env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C", NULL };
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		dup2(err_fd, 2);
		execve(helper, argv, (char *const *)env);
		_exit(127);
	}
	return child;
}

/* Both at the same time: each is a set-uid program that takes a millisecond. */
static int run_helpers(pid_t pid, const struct userns_map *uid_maps, const struct userns_map *gid_maps, struct err *err)
{
	static const char *const names[] = { "newuidmap", "newgidmap" };
	const struct userns_map *maps[] = { uid_maps, gid_maps };
	pid_t children[2] = { -1, -1 };
	int pipes[2], failed = -1;
	int rc = fd_pipe(pipes);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a pipe");
	for (int i = 0; i < 2; i++) {
		auto_free char *helper = proc_find_helper(names[i]);
		if (helper)
			children[i] = start_helper(helper, pid, maps[i], pipes[1]);
		if (children[i] < 0)
			failed = i;
	}
	fd_close(pipes[1]);
	for (int i = 0; i < 2; i++)
		if (children[i] > 0 && proc_wait(children[i]) != 0)
			failed = i;
	char said[512] = "";
	ssize_t len = fd_read_full(pipes[0], said, sizeof(said) - 1);
	fd_close(pipes[0]);
	if (failed < 0)
		return 0;
	while (len > 0 && said[len - 1] == '\n')
		said[--len] = 0;
	if (children[failed] < 0)
		return err_set(err, ERR_UNSUPPORTED, "the program '%s' is not installed: install the package uidmap (shadow-utils elsewhere)", names[failed]);
	return err_set(err, ERR_UNSUPPORTED, "%s refused the user map: %s; check /etc/subuid, /etc/subgid and that %s is set-uid root", names[failed],
		       len > 0 ? said : "it gave no reason", names[failed]);
}

int userns_write_maps(pid_t pid, const struct userns_map *uid_maps, const struct userns_map *gid_maps, struct err *err)
{
	auto_str uid_text = { 0 }, gid_text = { 0 };
	struct userns_map *our_uids, *our_gids;
	if (userns_current_maps(&our_uids, &our_gids, err) < 0)
		return -1;
	map_text(uid_maps, our_uids, &uid_text);
	map_text(gid_maps, our_gids, &gid_text);
	free(our_uids);
	free(our_gids);
	int rc = write_text(pid, "uid_map", str_text(&uid_text));
	if (rc == -EPERM)
		return run_helpers(pid, uid_maps, gid_maps, err);
	if (rc < 0)
		return err_sys(err, -rc, "cannot write the user map");
	rc = write_text(pid, "gid_map", str_text(&gid_text));
	if (rc == -EPERM) { /* a single group of one's own needs this first */
		write_text(pid, "setgroups", "deny");
		rc = write_text(pid, "gid_map", str_text(&gid_text));
	}
	return rc < 0 ? err_sys(err, -rc, "cannot write the group map") : 0;
}

static int read_map(const char *path, struct userns_map **ret, struct err *err)
{
	FILE *f = fopen(path, "re");
	struct userns_map *maps = NULL, one;
	size_t count = 0;
	if (!f)
		return err_sys(err, errno, "cannot read '%s'", path);
	while (fscanf(f, "%u %u %u", &one.inside, &one.outside, &one.count) == 3) {
		maps = mem_resize(maps, count + 2, sizeof(*maps));
		maps[count++] = one;
	}
	fclose(f);
	maps = mem_resize(maps, count + 1, sizeof(*maps));
	maps[count] = (struct userns_map){ 0 };
	*ret = maps;
	return 0;
}

static int read_maps(const char *who, struct userns_map **ret_uid, struct userns_map **ret_gid, struct err *err)
{
	auto_free char *uid_path = mem_printf("/proc/%s/uid_map", who), *gid_path = mem_printf("/proc/%s/gid_map", who);
	if (read_map(uid_path, ret_uid, err) < 0)
		return -1;
	if (read_map(gid_path, ret_gid, err) < 0) {
		free(take_ptr(*ret_uid));
		return -1;
	}
	return 0;
}

int userns_current_maps(struct userns_map **ret_uid, struct userns_map **ret_gid, struct err *err)
{
	return read_maps("self", ret_uid, ret_gid, err);
}

/* --- of another namespace: the kernel tells a process's, so one goes there --- */

static _Noreturn void visit(int ns_fd, int fd)
{
	int errnum = setns(ns_fd, CLONE_NEWUSER) < 0 ? errno : 0;
	char byte;
	if (send(fd, &errnum, sizeof(errnum), MSG_NOSIGNAL) == sizeof(errnum) && read(fd, &byte, 1) != 0)
		proc_exit(1);
	proc_exit(0);
}

static int ask_visitor(pid_t pid, int fd, struct userns_map **ret_uid, struct userns_map **ret_gid, struct err *err)
{
	int errnum = ECHILD;
	char who[16];
	if (read(fd, &errnum, sizeof(errnum)) != sizeof(errnum))
		errnum = ECHILD;
	if (errnum == EINVAL)
		return err_set(err, ERR_USAGE, "it is no user namespace, or the one that is shared already");
	if (errnum)
		return err_sys(err, errnum, "it cannot be joined");
	snprintf(who, sizeof(who), "%d", pid);
	return read_maps(who, ret_uid, ret_gid, err);
}

int userns_maps_of(int ns_fd, struct userns_map **ret_uid, struct userns_map **ret_gid, struct err *err)
{
	int ends[2];
	int rc = fd_socketpair(SOCK_SEQPACKET, ends);
	if (rc < 0)
		return err_sys(err, -rc, "cannot make a socket");
	pid_t pid = proc_fork();
	if (pid == 0) {
		fd_close(ends[0]);
		visit(ns_fd, ends[1]);
	}
	int code = errno;
	fd_close(ends[1]);
	rc = pid < 0 ? err_sys(err, code, "cannot start a process") : ask_visitor(pid, ends[0], ret_uid, ret_gid, err);
	fd_close(ends[0]);
	if (pid > 0)
		proc_wait(pid);
	return rc;
}
