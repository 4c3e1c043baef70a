/* rt_run ROOT COMMAND [WORD…]: runs a command in a root directory (under an overlay) through the runtime; exits with its code.
 * RT_TTY=1: with a terminal, whose output is copied to stdout. RT_PLAN=1: prints the plan instead. RT_USER=UID. */
#include "rt_case.h"

#include "base/fd.h"

#include <stdio.h>
#include <unistd.h>

static int run_terminal(struct rt_case *c, struct err *err)
{
	struct rt_process p;
	struct rt_spawn_opts opts = { .stdin_fd = -EBADF, .stdout_fd = -EBADF, .stderr_fd = -EBADF, .cgroup_fd = -EBADF };
	char buf[4096];
	ssize_t n;
	c->spec.process.terminal = true;
	c->spec.process.rows = 24;
	c->spec.process.cols = 80;
	if (rt_spawn(&c->spec, &opts, &p, err) < 0)
		return -1;
	if (rt_wait_ready(&p, err) < 0 || rt_verify(&c->spec, &p, err) < 0 || rt_release(&p, err) < 0) {
		rt_abort(&p);
		rt_process_done(&p);
		return -1;
	}
	while ((n = read(p.console_fd, buf, sizeof(buf))) > 0)
		fd_write_full(1, buf, (size_t)n);
	return rt_case_wait(&p);
}

int main(int argc, char **argv)
{
	struct rt_case c;
	struct err err = { 0 };
	if (argc < 3)
		return 2;
	rt_case_init(&c, argv[1], (const char *const *)argv + 2);
	if (getenv("RT_USER"))
		c.spec.process.uid = (uid_t)atol(getenv("RT_USER"));
	int code;
	if (getenv("RT_PLAN")) {
		char *text = NULL;
		code = rt_plan_text(&c.spec, &text, &err);
		if (text)
			fputs(text, stdout);
		free(text);
	} else {
		code = getenv("RT_TTY") ? run_terminal(&c, &err) : rt_case_run(&c, NULL, &err);
	}
	rt_case_done(&c);
	if (code < 0) {
		fprintf(stderr, "Error: %s\n", err.text);
		return err_exit_code(&err);
	}
	return code;
}
