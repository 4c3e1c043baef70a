/* fault.c - see fault.h */
#include "base/fault.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum fault_what { WHAT_OFF, WHAT_FAIL, WHAT_NOSPACE, WHAT_SHORT, WHAT_KILL };

static struct {
	bool ready;
	bool active;
	enum fault_what what;
	unsigned long at;
	unsigned long count;
	const char *pattern;
	int log_fd;
} fault = { .log_fd = -EBADF };

static void parse(const char *spec)
{
	static const char *const names[] = { [WHAT_FAIL] = "fail@", [WHAT_NOSPACE] = "nospace@",
					     [WHAT_SHORT] = "short@", [WHAT_KILL] = "kill@" };

	for (int i = WHAT_FAIL; i <= WHAT_KILL; i++) {
		size_t len = strlen(names[i]);
		char *end;

		if (strncmp(spec, names[i], len) != 0)
			continue;
		fault.at = strtoul(spec + len, &end, 10);
		fault.pattern = *end == ':' ? end + 1 : "";
		fault.what = (enum fault_what)i;
		fault.active = true;
	}
}

static void init(void)
{
	const char *spec = secure_getenv("CPOD_FAULT");
	const char *log = secure_getenv("CPOD_FAULT_LOG");

	fault.ready = true;
	if (spec)
		parse(spec);
	if (log && *log >= '0' && *log <= '9') {
		fault.log_fd = (int)strtol(log, NULL, 10);
		fault.active = true;
	}
}

enum fault_verdict fault_point(const char *verb, const char *name)
{
	if (!fault.ready)
		init();
	if (__builtin_expect(!fault.active, 1))
		return FAULT_NONE;

	char line[512];
	int len = snprintf(line, sizeof(line), "%s %s\n", verb, name ? name : "");
	if (len >= (int)sizeof(line))
		len = sizeof(line) - 1;
	if (fault.log_fd >= 0 && write(fault.log_fd, line, (size_t)len) < 0)
		fault.log_fd = -EBADF;
	if (fault.what == WHAT_OFF || !strstr(line, fault.pattern) || ++fault.count != fault.at)
		return FAULT_NONE;
	switch (fault.what) {
	case WHAT_KILL:
		kill(getpid(), SIGKILL);
		_exit(137);
	case WHAT_SHORT:
		return FAULT_SHORT;
	case WHAT_NOSPACE:
		errno = ENOSPC;
		return FAULT_FAIL;
	case WHAT_OFF:
	case WHAT_FAIL:
		break;
	}
	errno = EIO;
	return FAULT_FAIL;
}
