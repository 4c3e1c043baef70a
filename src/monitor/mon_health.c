#include "monitor/mon.h"

#include <limits.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A probe is the engine, started here and reaped by the loop. The next one is counted from its end, so there are never two. A
 * probe bounds itself (its timeout is the engine's), and one that outlives the container ends by itself, without a record. */

static long long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void set_due(struct mon_health *h, bool at_once)
{
	int period_ms = h->startup ? h->startup_ms : h->regular_ms;
	h->due_ms = period_ms <= 0 || !h->word_count ? -1 : now_ms() + (at_once ? 0 : period_ms);
}

void mon_health_start(struct mon *m)
{
	m->health.startup = m->health.startup_ms > 0;
	set_due(&m->health, true);
}

void mon_health_change(struct mon *m, const struct monitor_health *times)
{
	m->health.regular_ms = times->regular_ms;
	m->health.startup_ms = times->startup_ms;
	mon_health_start(m);
}

int mon_health_wait_ms(const struct mon *m)
{
	if (m->health.due_ms < 0 || m->health.pid || m->exited)
		return -1;
	long long left = m->health.due_ms - now_ms();
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

/* Ours are the container's pipes, its ports and namespaces: none of them is the probe's. */
static void become_probe(const struct mon *m)
{
	sigset_t none;
	sigemptyset(&none);
	const struct sigaction usual = { .sa_handler = SIG_DFL };
	sigaction(SIGPIPE, &usual, NULL);
	sigaction(SIGHUP, &usual, NULL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
	execv(m->health.words[0], m->health.words);
	_exit(125);
}

void mon_health_run_due(struct mon *m)
{
	if (mon_health_wait_ms(m) != 0)
		return;
	pid_t pid = fork();
	if (pid == 0)
		become_probe(m);
	if (pid < 0)
		set_due(&m->health, false); /* no process to be had now: the next time */
	else
		m->health.pid = pid;
}

void mon_health_ended(struct mon *m, pid_t pid, int status)
{
	struct mon_health *h = &m->health;
	if (pid != h->pid)
		return;
	h->pid = 0;
	if (WIFEXITED(status) && (WEXITSTATUS(status) == MONITOR_PROBE_REGULAR || WEXITSTATUS(status) == MONITOR_PROBE_STARTUP))
		h->startup = WEXITSTATUS(status) == MONITOR_PROBE_STARTUP;
	set_due(h, false);
}
