#include "engine/signal_names.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <strings.h>

static const char *const names[] = {
	[SIGHUP] = "SIGHUP",	 [SIGINT] = "SIGINT",	    [SIGQUIT] = "SIGQUIT",   [SIGILL] = "SIGILL",   [SIGTRAP] = "SIGTRAP",
	[SIGABRT] = "SIGABRT",	 [SIGBUS] = "SIGBUS",	    [SIGFPE] = "SIGFPE",     [SIGKILL] = "SIGKILL", [SIGUSR1] = "SIGUSR1",
	[SIGSEGV] = "SIGSEGV",	 [SIGUSR2] = "SIGUSR2",	    [SIGPIPE] = "SIGPIPE",   [SIGALRM] = "SIGALRM", [SIGTERM] = "SIGTERM",
	[SIGSTKFLT] = "SIGSTKFLT", [SIGCHLD] = "SIGCHLD",   [SIGCONT] = "SIGCONT",   [SIGSTOP] = "SIGSTOP", [SIGTSTP] = "SIGTSTP",
	[SIGTTIN] = "SIGTTIN",	 [SIGTTOU] = "SIGTTOU",	    [SIGURG] = "SIGURG",     [SIGXCPU] = "SIGXCPU", [SIGXFSZ] = "SIGXFSZ",
	[SIGVTALRM] = "SIGVTALRM", [SIGPROF] = "SIGPROF",   [SIGWINCH] = "SIGWINCH", [SIGIO] = "SIGIO",	    [SIGPWR] = "SIGPWR",
	[SIGSYS] = "SIGSYS",
};

/* The kernel's numbers, as seen by every libc: SIGRTMIN of the C library leaves out those it uses itself. COMPAT: Docker's. */
enum { RT_MIN = 34, RT_MAX = 64 };

static int parse_name(const char *text)
{
	static const struct { const char *alias; int sig; } aliases[] = { { "CLD", SIGCHLD }, { "POLL", SIGIO }, { "IOT", SIGABRT } };
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	for (int sig = 1; sig < (int)ARRAY_LEN(names); sig++)
		if (names[sig] && strcasecmp(names[sig] + 3, text) == 0)
			return sig;
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (strcasecmp(aliases[i].alias, text) == 0)
			return aliases[i].sig;
	if (strncasecmp(text, "RTMIN", 5) != 0 && strncasecmp(text, "RTMAX", 5) != 0)
		return -EINVAL;
	bool from_top = strncasecmp(text, "RTMAX", 5) == 0;
	uint64_t n = 0;
	if (text[5] && (text[5] != (from_top ? '-' : '+') || num_u64(text + 6, RT_MAX - RT_MIN, &n) < 0))
		return -EINVAL;
	return from_top ? RT_MAX - (int)n : RT_MIN + (int)n;
}

int signal_names_parse(const char *text, int *ret)
{
	uint64_t number;
	int sig = num_u64(text, RT_MAX, &number) >= 0 ? (int)number : parse_name(text);
	if (sig <= 0)
		return -EINVAL;
	*ret = sig;
	return 0;
}

const char *signal_names_text(int sig)
{
	static const char *const rt[] = {
		"SIGRTMIN",    "SIGRTMIN+1",  "SIGRTMIN+2",  "SIGRTMIN+3",  "SIGRTMIN+4",  "SIGRTMIN+5",  "SIGRTMIN+6",  "SIGRTMIN+7",
		"SIGRTMIN+8",  "SIGRTMIN+9",  "SIGRTMIN+10", "SIGRTMIN+11", "SIGRTMIN+12", "SIGRTMIN+13", "SIGRTMIN+14", "SIGRTMIN+15",
		"SIGRTMAX-14", "SIGRTMAX-13", "SIGRTMAX-12", "SIGRTMAX-11", "SIGRTMAX-10", "SIGRTMAX-9",  "SIGRTMAX-8",  "SIGRTMAX-7",
		"SIGRTMAX-6",  "SIGRTMAX-5",  "SIGRTMAX-4",  "SIGRTMAX-3",  "SIGRTMAX-2",  "SIGRTMAX-1",  "SIGRTMAX",
	};
	if (sig > 0 && sig < (int)ARRAY_LEN(names) && names[sig])
		return names[sig];
	return sig >= RT_MIN && sig <= RT_MAX ? rt[sig - RT_MIN] : "SIG?";
}
