/* timer.c - how long commands take, from the fork to the end: one after the other in turn, so that what else happens on the machine
 * hits all of them alike. Built by bench/run, static: it runs where the peers are.
 *
 * usage: timer [--cold] RUNS AT-ONCE -- COMMAND WORD... [-- COMMAND WORD...]...
 * Prints a line per command: the median in milliseconds, or "failed". AT-ONCE: so many of it together, until the last one has ended.
 * --cold: without the rounds that warm, for what can be done once only.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS_MAX = 8, WARM = 3 };

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* vfork: what is measured is the command, not a copy of us. */
static int start(char **argv, int null_fd)
{
	pid_t pid = vfork();
	if (pid == 0) {
		for (int fd = 0; fd < 3; fd++)
			dup2(null_fd, fd);
		execvp(argv[0], argv);
		_exit(127);
	}
	return pid < 0 ? -1 : 0;
}

static double once(char **argv, int at_once, int null_fd)
{
	double begin = now_ms();
	int bad = 0, status;
	for (int i = 0; i < at_once; i++)
		bad |= start(argv, null_fd) < 0;
	while (wait(&status) > 0)
		bad |= status != 0;
	return bad ? -1 : now_ms() - begin;
}

int main(int argc, char **argv)
{
	char **commands[COMMANDS_MAX];
	double *times[COMMANDS_MAX];
	int count = 0, failed[COMMANDS_MAX] = { 0 };
	bool is_cold = argc > 1 && strcmp(argv[1], "--cold") == 0;
	argv += is_cold, argc -= is_cold;
	int runs = argc > 4 ? atoi(argv[1]) : 0, at_once = argc > 4 ? atoi(argv[2]) : 0;
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int i = 3; i < argc && count < COMMANDS_MAX; i++) {
		if (strcmp(argv[i], "--") != 0)
			continue;
		argv[i] = NULL;
		commands[count++] = argv + i + 1;
	}
	if (runs <= 0 || at_once <= 0 || !count || null_fd < 0) {
		fputs("usage: timer [--cold] RUNS AT-ONCE -- COMMAND WORD... [-- COMMAND WORD...]...\n", stderr);
		return 2;
	}
	for (int c = 0; c < count; c++)
		times[c] = calloc((size_t)runs, sizeof(double));
	for (int i = is_cold ? 0 : -WARM; i < runs; i++) {
		for (int c = 0; c < count; c++) {
			double ms = failed[c] ? -1 : once(commands[c], at_once, null_fd);
			failed[c] |= ms < 0;
			if (i >= 0)
				times[c][i] = ms;
		}
	}
	for (int c = 0; c < count; c++) {
		qsort(times[c], (size_t)runs, sizeof(double), by_size);
		if (failed[c])
			puts("failed");
		else
			printf("%.3f\n", times[c][runs / 2]);
	}
	return 0;
}
