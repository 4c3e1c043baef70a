/* userns_join.c - the one namespace a user's commands share, and who holds it.
 * Shape:  <runroot>/userns: the boot id, then "PID START" a line for every process that has entered. Whoever enters
 *         adds itself before it lets the lock go, so that while one of them lives no second namespace is ever made: a
 *         process in a second one could neither join nor signal the containers of the first.
 * Locks:  <runroot>/userns.lock, exclusive, held from the look at the record until the own line is written.
 */
#include "host/userns_priv.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/num.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

enum { RECORD_MAX_BYTES = 1 << 20, PRUNE_LINES = 64 /* in any case */ };
#define RECORD "userns"

int userns_join_lock(int runroot_fd, int *ret_fd, struct err *err)
{
	auto_close int fd = openat(runroot_fd, RECORD ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int rc = fd < 0 ? -errno : file_lock(fd, FILE_LOCK_EXCLUSIVE, true);

	if (rc < 0)
		return err_sys(err, -rc, "cannot lock the user namespace's record '" RECORD ".lock'");
	*ret_fd = take_fd(fd);
	return 0;
}

static int parse_line(char *line, struct proc_id *ret)
{
	char *start = strchr(line, ' ');
	uint64_t pid;

	if (!start)
		return -EINVAL;
	*start++ = 0;
	if (num_u64(line, INT32_MAX, &pid) < 0 || num_u64(start, UINT64_MAX, &ret->start_ticks) < 0)
		return -EINVAL;
	ret->pid = (pid_t)pid;
	return 0;
}

/* The lines of the record, of this boot only; the empty list when there is none. */
static int read_record(int runroot_fd, char ***ret, struct err *err)
{
	auto_free char *data = NULL;
	size_t len;
	int rc = file_read(runroot_fd, RECORD, RECORD_MAX_BYTES, &data, &len);

	*ret = NULL;
	if (rc == -ENOENT)
		return 0;
	if (rc < 0)
		return err_sys(err, -rc, "cannot read the user namespace's record '" RECORD "'");
	auto_strv lines = strv_split(data, '\n');
	if (lines && str_eq(lines[0], proc_boot_id()))
		*ret = take_ptr(lines);
	return 0;
}

/* A dead one that nobody waits for (process 1 of a container, say, may never) holds nothing. */
static bool lives(const struct proc_id *id)
{
	auto_close int pidfd = -EBADF;

	return proc_open(id, &pidfd) >= 0 && proc_wait_gone(pidfd, 0) != 1;
}

int userns_join_add(int runroot_fd, const struct proc_id *holder, bool prune, struct err *err)
{
	char line[64];
	auto_strv lines = NULL;
	auto_str text = { 0 };

	if (read_record(runroot_fd, &lines, err) < 0)
		return -1;
	int len = snprintf(line, sizeof(line), "%d %llu\n", holder->pid, (unsigned long long)holder->start_ticks);
	size_t count = strv_len(lines);
	int rc;
	if (count && count < PRUNE_LINES && !prune) {
		rc = file_append(runroot_fd, RECORD, 0600, line, (size_t)len);
	} else {
		/* the first line of this boot, or time to forget who is gone */
		str_addf(&text, "%s\n", proc_boot_id());
		for (size_t i = 1; i < count; i++) {
			struct proc_id id;
			if (parse_line(lines[i], &id) >= 0 && lives(&id))
				str_addf(&text, "%d %llu\n", id.pid, (unsigned long long)id.start_ticks);
		}
		str_add_mem(&text, line, (size_t)len);
		rc = file_write(runroot_fd, RECORD, 0600, text.data, text.len, FILE_SOLE);
	}
	return rc < 0 ? err_sys(err, -rc, "cannot write the user namespace's record '" RECORD "'") : 0;
}

int userns_record_holder(int runroot_fd, const struct proc_id *holder, struct err *err)
{
	auto_close int lock_fd = -EBADF;

	if (userns_join_lock(runroot_fd, &lock_fd, err) < 0)
		return -1;
	return userns_join_add(runroot_fd, holder, false, err);
}

static int join_one(const struct proc_id *id)
{
	auto_close int pidfd = -EBADF;

	int rc = proc_open(id, &pidfd);
	if (rc < 0)
		return rc;
	if (setns(pidfd, CLONE_NEWUSER) < 0)
		return -errno;
	return 0;
}

/* The first of the record has lived longest and so is likely to live on: a monitor, as soon as the dead before it have been
 * forgotten. Then from the last, which came a moment ago. */
int userns_join(int runroot_fd, size_t *ret_dead, struct err *err)
{
	auto_strv lines = NULL;
	*ret_dead = 0;

	if (read_record(runroot_fd, &lines, err) < 0)
		return -1;
	size_t count = strv_len(lines);
	for (size_t n = 1; n < count; n++) {
		struct proc_id id;
		size_t i = n == 1 ? 1 : count - (n - 1);
		/* one that dies meanwhile, or whose number another user has, is no holder */
		if (parse_line(lines[i], &id) < 0 || join_one(&id) < 0) {
			++*ret_dead;
			continue;
		}
		if (geteuid() != 0)
			return err_set(err, ERR_INTERNAL, "process %d of the record '" RECORD "' holds a namespace in which user %u is not root; "
				       "end it and remove the record", id.pid, geteuid());
		return 1;
	}
	return 0;
}
