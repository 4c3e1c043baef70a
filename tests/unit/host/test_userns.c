/* test_userns.c - a user's commands, started all at once, meet in one namespace. Run by root it becomes an ordinary user:
 * one without subordinate ids, and the first of /etc/subuid where there is one. Elsewhere it says so and skips. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fd.h"
#include "base/file.h"
#include "host/userns.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AT_ONCE = 8, NOBODY_KNOWN = 54321 };

struct answer {
	char ns[64];
	bool ok, single;
	uid_t caller, inside;
};

/* In the child: an ordinary user's command. */
static void enter(const char *dir, uid_t uid, int start_fd, int answer_fd, int hold_fd)
{
	struct err err = { 0 };
	struct answer a = { 0 };
	char byte;

	if (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0)
		_exit(1);
	prctl(PR_SET_DUMPABLE, 1); /* as after the exec of a real command */
	int run_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	(void)!read(start_fd, &byte, 1); /* the end of file lets all go */
	a.ok = userns_enter(run_fd, &a.single, &err) >= 0;
	a.caller = userns_caller_uid();
	a.inside = geteuid();
	if (!a.ok)
		print_message("%s\n", err.text);
	(void)!readlink("/proc/self/ns/user", a.ns, sizeof(a.ns) - 1);
	(void)!write(answer_fd, &a, sizeof(a));
	(void)!read(hold_fd, &byte, 1);
	_exit(0);
}

static void meet(uid_t uid, bool single)
{
	char dir[] = "/tmp/test_userns.XXXXXX";
	int start[2], answers[2], hold[2];
	struct answer first, a;
	pid_t pids[AT_ONCE];

	assert_non_null(mkdtemp(dir));
	assert_int_equal(chown(dir, uid, uid), 0);
	assert_true(fd_pipe(start) == 0 && fd_pipe(answers) == 0 && fd_pipe(hold) == 0);
	for (int i = 0; i < AT_ONCE; i++) {
		pids[i] = proc_fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			close(start[1]);
			close(hold[1]);
			enter(dir, uid, start[0], answers[1], hold[0]);
		}
	}
	close(start[1]);
	for (int i = 0; i < AT_ONCE; i++) {
		assert_int_equal(fd_read_full(answers[0], &a, sizeof(a)), sizeof(a));
		assert_true(a.ok);
		assert_int_equal(a.inside, 0);
		assert_int_equal(a.caller, uid);
		if (i == 0)
			first = a;
		assert_string_equal(a.ns, first.ns);
	}
	assert_int_equal(first.single, single);
	close(hold[1]);
	for (int i = 0; i < AT_ONCE; i++)
		assert_int_equal(proc_wait(pids[i]), 0);
	close(start[0]);
	close(hold[0]);
	close(answers[0]);
	close(answers[1]);
	assert_int_equal(file_remove_tree(AT_FDCWD, dir), 0);
}

static void commands_without_ids_meet(void **state)
{
	if (geteuid() != 0 || getpwuid(NOBODY_KNOWN)) {
		print_message("SKIPPED: needs root\n");
		skip();
	}
	meet(NOBODY_KNOWN, true);
}

static void commands_with_ids_meet(void **state)
{
	struct err err = { 0 };
	struct userns_range uids, gids;
	const struct passwd *pw;
	uid_t uid = 0;

	while (geteuid() == 0 && !uid && (pw = getpwent()))
		if (pw->pw_uid && userns_subids(pw->pw_uid, pw->pw_name, &uids, &gids, &err) >= 0 && uids.count && gids.count && pw->pw_gid == pw->pw_uid)
			uid = pw->pw_uid;
	endpwent();
	if (!uid) {
		print_message("SKIPPED: needs root and a user with subordinate ids\n");
		skip();
	}
	meet(uid, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_without_ids_meet),
		cmocka_unit_test(commands_with_ids_meet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
