#include "monitor/mon.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Theory of operation
 *  1. The engine's process M becomes this program by exec: the container's process 1 is our child already.
 *  2. Until process 1 ends: poll output, input, clients, signals. SIGTERM, SIGINT and SIGQUIT are passed on to it.
 *  3. When it ends: reap, drain its output into the log, publish the exit record and the event, tell the clients, sync.
 *  4. The foreground command cleans up what others may ask for next, and says so; what nobody waits for it leaves to us
 *     (mon_clean). Where there is no such command, or it has died, we become the engine's cleanup command by exec.
 * Namespaces and ports named by hold_fd stay until 4, so that taking them down is never waited for by anybody.
 */

enum word_kind { WORD_INT, WORD_FLAG, WORD_TEXT, WORD_GROUP, WORD_PROBE, WORD_LONG, WORD_FIELD };

struct word {
	const char *key;
	enum word_kind kind;
	size_t offset;
};

static const struct word words[] = {
	{ "pid", WORD_INT, offsetof(struct mon, pid) },
	{ "pid_fd", WORD_INT, offsetof(struct mon, pid_fd) },
	{ "console_fd", WORD_INT, offsetof(struct mon, console_fd) },
	{ "in_fd", WORD_INT, offsetof(struct mon, in_fd) },
	{ "out_fd", WORD_INT, offsetof(struct mon, out[MON_OUT].fd) },
	{ "err_fd", WORD_INT, offsetof(struct mon, out[MON_ERR].fd) },
	{ "keep_in", WORD_FLAG, offsetof(struct mon, keep_in) },
	{ "listen_fd", WORD_INT, offsetof(struct mon, listen_fd) },
	{ "client_fd", WORD_INT, offsetof(struct mon, clients[0].fd) },
	{ "log_fd", WORD_INT, offsetof(struct mon, log_fd) },
	{ "log_dir_fd", WORD_INT, offsetof(struct mon, log_dir_fd) },
	{ "log_name", WORD_TEXT, offsetof(struct mon, log_name) },
	{ "log_max", WORD_LONG, offsetof(struct mon, log_max) },
	{ "log_files", WORD_INT, offsetof(struct mon, log_files) },
	{ "journal", WORD_FIELD, offsetof(struct mon, journal) },
	{ "zone", WORD_INT, offsetof(struct mon, zone_minutes) },
	{ "exit_dir_fd", WORD_INT, offsetof(struct mon, exit_dir_fd) },
	{ "durable", WORD_FLAG, offsetof(struct mon, durable) },
	{ "events_dir_fd", WORD_INT, offsetof(struct mon, events_dir_fd) },
	{ "events_name", WORD_TEXT, offsetof(struct mon, events_name) },
	{ "event", WORD_TEXT, offsetof(struct mon, event) },
	{ "event_text", WORD_TEXT, offsetof(struct mon, event_text) },
	{ "event_journal", WORD_FIELD, offsetof(struct mon, event_journal) },
	{ "oom_fd", WORD_INT, offsetof(struct mon, oom_fd) },
	{ "control_fd", WORD_INT, offsetof(struct mon, control_fd) },
	{ "cgroup", WORD_GROUP, 0 },
	{ "run", WORD_TEXT, offsetof(struct mon, run) },
	{ "trash", WORD_TEXT, offsetof(struct mon, trash) },
	{ "timeout", WORD_INT, offsetof(struct mon, timeout_s) },
	{ "probe", WORD_PROBE, 0 },
	{ "probe_ms", WORD_INT, offsetof(struct mon, health.regular_ms) },
	{ "startup_ms", WORD_INT, offsetof(struct mon, health.startup_ms) },
	{ "hold_fd", WORD_INT, SIZE_MAX },
};

/* Our own engine wrote it, so anything but a plain number is a bug that shows at once. */
static long long parse_long(const char *text)
{
	bool minus = *text == '-';
	long long value = 0;
	for (text += minus; *text >= '0' && *text <= '9' && value <= LLONG_MAX / 10 - 1; text++)
		value = value * 10 + (*text - '0');
	return *text ? -1 : minus ? -value : value;
}

static int parse_int(const char *text)
{
	long long value = parse_long(text);
	return value > INT_MAX || value < INT_MIN ? -1 : (int)value;
}

static bool take_word(struct mon *m, char *arg)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i].key);
		if (strncmp(arg, words[i].key, len) != 0 || arg[len] != '=')
			continue;
		char *value = arg + len + 1;
		if (words[i].offset == SIZE_MAX)
			return true;
		void *field = (char *)m + words[i].offset;
		switch (words[i].kind) {
		case WORD_INT:
			*(int *)field = parse_int(value);
			break;
		case WORD_LONG:
			*(long long *)field = parse_long(value);
			break;
		case WORD_FLAG:
			*(bool *)field = *value == '1';
			break;
		case WORD_TEXT:
			*(char **)field = value;
			break;
		case WORD_GROUP:
			if (m->cgroup_count == MON_CGROUPS_MAX)
				return false;
			m->cgroups[m->cgroup_count++] = value;
			break;
		case WORD_PROBE:
			if (m->health.word_count == MONITOR_PROBE_WORDS_MAX)
				return false;
			m->health.words[m->health.word_count++] = value;
			break;
		case WORD_FIELD:
			return mon_journal_add_field(field, value);
		}
		return true;
	}
	return false;
}

static bool take_words(struct mon *m, char **argv)
{
	m->pid_fd = m->console_fd = m->in_fd = m->listen_fd = m->log_fd = m->log_dir_fd = m->exit_dir_fd = m->events_dir_fd = m->oom_fd = m->control_fd = m->journal_fd = -1;
	for (int i = 0; i < MON_STREAM_COUNT; i++)
		m->out[i].fd = -1;
	for (int i = 0; i < MONITOR_CLIENTS_MAX; i++)
		m->clients[i].fd = -1;
	for (argv++; *argv; argv++) {
		if (strcmp(*argv, "--") == 0) {
			m->cleanup = argv + 1;
			break;
		}
		if (!take_word(m, *argv))
			return false;
	}
	m->clients[0].foreground = m->clients[0].fd >= 0;
	if (m->console_fd >= 0)
		m->in_fd = m->out[MON_OUT].fd = m->console_fd;
	return m->pid > 0 && m->pid_fd >= 0;
}

static void prepare(struct mon *m)
{
	static const int passed_on[] = { SIGTERM, SIGINT, SIGQUIT, SIGCHLD };
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++)
		sigaddset(&set, passed_on[i]);
	sigprocmask(SIG_SETMASK, &set, NULL);
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	m->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	prctl(PR_SET_NAME, "cpod-monitor");
	if (chdir("/") < 0)
		return; /* we only keep a directory busy */
	mon_io_init(m);
	mon_log_init(m);
}

static void handle_signal(struct mon *m)
{
	struct signalfd_siginfo info;
	if (read(m->signal_fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo != SIGCHLD) {
		syscall(SYS_pidfd_send_signal, m->pid_fd, (int)info.ssi_signo, NULL, 0);
		return;
	}
	/* we are a subreaper: whatever else was left to us goes here; process 1 is reaped by mon_exit_reap */
	siginfo_t child = { 0 };
	while (waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) == 0 && child.si_pid && child.si_pid != m->pid) {
		int status = 0;
		waitpid(child.si_pid, &status, WNOHANG);
		mon_health_ended(m, child.si_pid, status);
		child.si_pid = 0;
	}
}

static int ms_until(const struct timespec *deadline)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	long long ms = (deadline->tv_sec - now.tv_sec) * 1000LL + (deadline->tv_nsec - now.tv_nsec) / 1000000 + 1;
	return ms < 0 ? 0 : ms > INT_MAX ? INT_MAX : (int)ms;
}

static int sooner(int a_ms, int b_ms)
{
	return a_ms < 0 ? b_ms : b_ms < 0 || a_ms < b_ms ? a_ms : b_ms;
}

static void set_deadline(const struct mon *m, struct timespec *ret)
{
	clock_gettime(CLOCK_MONOTONIC, ret);
	ret->tv_sec += m->timeout_s;
}

static void serve(struct mon *m)
{
	struct timespec deadline;
	set_deadline(m, &deadline);
	bool timed = m->timeout_s > 0, recorded = false;
	mon_health_start(m);
	while (!m->exited || !recorded || !mon_io_delivered(m) || !mon_io_drained(m)) {
		struct pollfd fds[MON_IO_FDS + 2];
		size_t n = mon_io_poll(m, fds);
		fds[n] = (struct pollfd){ .fd = m->exited ? -1 : m->pid_fd, .events = POLLIN };
		fds[n + 1] = (struct pollfd){ .fd = m->exited ? -1 : m->signal_fd, .events = POLLIN };
		if (poll(fds, n + 2, sooner(timed ? ms_until(&deadline) : -1, mon_health_wait_ms(m))) < 0)
			continue;
		if (timed && m->control_fd >= 0)
			set_deadline(m, &deadline); /* it counts from when the program is let go */
		mon_io_handle(m, fds, n);
		if (fds[n + 1].revents)
			handle_signal(m);
		if (fds[n].revents)
			mon_exit_reap(m);
		mon_health_run_due(m);
		if (timed && ms_until(&deadline) == 0) {
			syscall(SYS_pidfd_send_signal, m->pid_fd, SIGKILL, NULL, 0);
			timed = false;
			m->timed_out = true;
		}
		/* a client that does not read may delay its own end, not the container's record */
		if (m->exited && !recorded && (mon_io_drained(m) || !mon_io_delivered(m))) {
			mon_log_end(m);
			mon_exit_record(m);
			recorded = true;
		}
	}
}

int main(int argc, char **argv)
{
	static struct mon m;
	if (argc < 2 || !take_words(&m, argv)) {
		fprintf(stderr, "cpod-monitor is started by cpod, with words only cpod knows; run `cpod run` instead\n");
		return 125;
	}
	prepare(&m);
	serve(&m);
	mon_log_end(&m);
	mon_io_tell_exit(&m);
	mon_exit_sync(&m);
	if ((mon_io_wait_done(&m) && (!m.trash_name[0] || mon_clean(&m))) || !m.cleanup || !m.cleanup[0])
		return 0;
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	const struct sigaction usual = { .sa_handler = SIG_DFL };
	sigaction(SIGPIPE, &usual, NULL);
	execv(m.cleanup[0], m.cleanup);
	return 125;
}
