#include "monitor/mon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool oom_killed(int fd)
{
	char text[512];
	ssize_t got = fd >= 0 ? pread(fd, text, sizeof(text) - 1, 0) : 0;
	if (got <= 0)
		return false;
	text[got] = 0;
	const char *at = strstr(text, "oom_kill ");
	return at && at[strlen("oom_kill ")] != '0';
}

void mon_exit_reap(struct mon *m)
{
	int status;
	while (waitpid(m->pid, &status, 0) < 0 && errno == EINTR)
		;
	m->exited = true;
	m->exit.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	if (m->timed_out)
		m->exit.code = 255; /* COMPAT: whatever killed it in the end */
	m->exit.oom = oom_killed(m->oom_fd);
}

static void add_event(struct mon *m, long long now_ns)
{
	static char line[8192];
	char when[40];
	mon_log_time(m->zone_minutes, when);
	mon_journal_died(m, when);
	if (m->events_dir_fd < 0 || !m->events_name || !m->event)
		return;
	int len = snprintf(line, sizeof(line), "%s,\"Status\":\"died\",\"ContainerExitCode\":%d,\"Time\":\"%s\",\"timeNano\":%lld}\n",
			   m->event, m->exit.code, when, now_ns);
	int fd = openat(m->events_dir_fd, m->events_name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0)
		return;
	if (len > 0 && (size_t)len < sizeof(line) && write(fd, line, (size_t)len) < 0) {
		/* a full disk: the exit record says the same */
	}
	close(fd);
}

/* Whole or absent: temporary name, then rename. It is synced after it was told (mon_exit_sync): who waits for the
 * container waits for its end, not for the disk. */
void mon_exit_record(struct mon *m)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	long long now_ns = now.tv_sec * 1000000000LL + now.tv_nsec;
	char text[160];
	int len = snprintf(text, sizeof(text), "{\"code\":%d,\"finished_ns\":%lld,\"oom\":%s,\"log_lost\":%llu}\n", m->exit.code, now_ns,
			   m->exit.oom ? "true" : "false", m->log_lost);
	/* a session of exec has no record: who waits for it is told */
	int fd = m->exit_dir_fd < 0 ? -1 : openat(m->exit_dir_fd, ".exit.tmp", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0) {
		bool whole = write(fd, text, (size_t)len) == len;
		close(fd);
		if (whole)
			renameat(m->exit_dir_fd, ".exit.tmp", m->exit_dir_fd, "exit");
	}
	add_event(m, now_ns);
}

void mon_exit_sync(struct mon *m)
{
	int fd = m->durable ? openat(m->exit_dir_fd, "exit", O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
	fsync(m->exit_dir_fd);
}
