/* test_file.c - records are whole or absent, whatever fails on the way.
 * The fault wanted is read once in a process: each case runs in a child.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct place {
	char name[64];
	int fd;
};

static int make_place(void **state)
{
	struct place *p = mem_alloc(sizeof(*p));
	snprintf(p->name, sizeof(p->name), "/tmp/cpod-test-file.XXXXXX");
	if (!mkdtemp(p->name))
		return -1;
	p->fd = open(p->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = p;
	return p->fd < 0;
}

static int remove_place(void **state)
{
	struct place *p = *state;
	fd_close(p->fd);
	int rc = file_remove_tree(AT_FDCWD, p->name);
	free(p);
	return rc;
}

static char *content_of(int dir_fd, const char *name)
{
	char *data = NULL;
	size_t len;
	return file_read(dir_fd, name, 1 << 20, &data, &len) < 0 ? NULL : data;
}

/* What file_write does in a child with a fault: its result, or 137. */
static int faulty(int dir_fd, const char *fault, unsigned flags)
{
	pid_t pid = proc_fork();
	if (pid == 0) {
		setenv("CPOD_FAULT", fault, 1);
		_exit(-file_write(dir_fd, "record", 0600, "new content", 11, flags));
	}
	return proc_wait(pid);
}

static void test_faults(void **state)
{
	static const struct {
		const char *what;
		int result;
		bool only_write, leaves;
	} faults[] = { { "fail@%d", EIO, false, false }, { "nospace@%d", ENOSPC, false, false }, { "short@%d", ENOSPC, true, false }, { "kill@%d", 137, false, true } };
	static const unsigned kinds[] = { 0, FILE_DURABLE, FILE_EXCLUSIVE, FILE_DURABLE | FILE_EXCLUSIVE };
	const struct place *p = *state;
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		for (size_t f = 0; f < ARRAY_LEN(faults); f++)
			for (int at = 1, reached = 1; reached; at++) {
				char fault[32];
				bool exclusive = kinds[k] & FILE_EXCLUSIVE;
				snprintf(fault, sizeof(fault), faults[f].what, at);
				unlinkat(p->fd, "record", 0);
				if (!exclusive)
					assert_int_equal(file_write(p->fd, "record", 0600, "old", 3, 0), 0);
				int rc = faulty(p->fd, fault, kinds[k]);
				reached = rc != 0 || (faults[f].only_write && at < 6);
				assert_true(rc == 0 || rc == faults[f].result);
				/* create, write, (sync,) rename, (sync of the directory) */
				assert_true(at <= 6);
				auto_free char *now = content_of(p->fd, "record");
				bool old = exclusive ? !now : now && strcmp(now, "old") == 0, whole = now && strcmp(now, "new content") == 0;
				assert_true(old || whole);
				assert_true(rc != 0 || whole);
				auto_strv names = NULL;
				assert_int_equal(file_list(p->fd, &names), 0);
				for (char **n = names; n && *n; n++) {
					if (strcmp(*n, "record") == 0)
						continue;
					assert_true(faults[f].leaves && str_starts(*n, ".tmp-"));
					unlinkat(p->fd, *n, 0);
				}
			}
}

static void test_names(void **state)
{
	const struct place *p = *state;
	assert_int_equal(file_write(p->fd, "x", 0640, "1", 1, FILE_EXCLUSIVE), 0);
	assert_int_equal(file_write(p->fd, "x", 0640, "2", 1, FILE_EXCLUSIVE), -EEXIST);
	assert_int_equal(file_create(p->fd, "x", 0640, "2", 1, 0), -EEXIST);
	assert_int_equal(file_write(p->fd, "none/x", 0640, "2", 1, 0), -ENOENT);
	auto_free char *x = content_of(p->fd, "x");
	assert_string_equal(x, "1");
	/* a link is replaced, not written through */
	assert_int_equal(file_symlink("x", p->fd, "l"), 0);
	assert_int_equal(file_symlink("y", p->fd, "l"), -EEXIST);
	assert_int_equal(file_write(p->fd, "l", 0640, "3", 1, 0), 0);
	auto_free char *still = content_of(p->fd, "x");
	assert_string_equal(still, "1");
	assert_int_equal(file_symlink_replace("z", p->fd, "l"), 0);
	auto_free char *target = NULL;
	assert_int_equal(file_readlink(p->fd, "l", &target), 0);
	assert_string_equal(target, "z");
	assert_int_equal(file_readlink(p->fd, "x", &target), -EINVAL);
	/* modes are what was asked for */
	struct stat st;
	mode_t old = umask(077);
	assert_int_equal(file_write(p->fd, "m", 0666, "", 0, 0), 0);
	assert_int_equal(file_mkdir(p->fd, "d", 0777), 0);
	umask(old);
	assert_int_equal(fstatat(p->fd, "m", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0666);
	assert_int_equal(fstatat(p->fd, "d", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0777);
	assert_int_equal(file_mkdirs(p->fd, "e/f/g", 0700), 0);
	assert_int_equal(file_mkdirs(p->fd, "e/f/g", 0700), 0);
	assert_int_equal(file_mkdirs(p->fd, "x/g", 0700), -ENOTDIR);
	assert_int_equal(file_mkdirs(p->fd, "x", 0700), -ENOTDIR);
}

static void test_read(void **state)
{
	const struct place *p = *state;
	char *data = NULL;
	size_t len = 0;
	assert_int_equal(file_write(p->fd, "f", 0600, "12\000456", 6, 0), 0);
	assert_int_equal(file_read(p->fd, "f", 6, &data, &len), 0);
	assert_int_equal(len, 6);
	assert_int_equal(data[6], 0);
	free(data);
	assert_int_equal(file_read(p->fd, "f", 5, &data, &len), -EFBIG);
	assert_int_equal(file_symlink("f", p->fd, "l"), 0);
	assert_int_equal(file_read(p->fd, "l", 10, &data, &len), -ELOOP);
	assert_int_equal(file_read(p->fd, ".", 10, &data, &len), -EINVAL);
	assert_int_equal(file_read(p->fd, "none", 10, &data, &len), -ENOENT);
	/* a pipe does not block, an endless file ends */
	assert_int_equal(mkfifoat(p->fd, "p", 0600), 0);
	assert_int_equal(file_read(p->fd, "p", 10, &data, &len), -EINVAL);
	assert_int_equal(file_read(AT_FDCWD, "/proc/self/status", 16, &data, &len), -EFBIG);
	assert_int_equal(file_read(AT_FDCWD, "/proc/self/status", 1 << 20, &data, &len), 0);
	assert_true(len > 100);
	free(data);
}

static void test_append(void **state)
{
	const struct place *p = *state;
	assert_int_equal(file_append(p->fd, "log", 0600, "a\n", 2), 0);
	assert_int_equal(file_append(p->fd, "log", 0600, "b\n", 2), 0);
	auto_free char *log = content_of(p->fd, "log");
	assert_string_equal(log, "a\nb\n");
	assert_int_equal(file_symlink("log", p->fd, "l"), 0);
	assert_int_equal(file_append(p->fd, "l", 0600, "c\n", 2), -ELOOP);
}

static void test_lock(void **state)
{
	const struct place *p = *state;
	auto_close int one = openat(p->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), two = openat(p->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(file_lock(one, FILE_LOCK_SHARED, false), 0);
	assert_int_equal(file_lock(two, FILE_LOCK_SHARED, false), 0);
	assert_int_equal(file_lock(two, FILE_LOCK_EXCLUSIVE, false), -EWOULDBLOCK);
	file_unlock(one);
	assert_int_equal(file_lock(two, FILE_LOCK_EXCLUSIVE, false), 0);
	assert_int_equal(file_lock(one, FILE_LOCK_SHARED, false), -EWOULDBLOCK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_faults, make_place, remove_place), cmocka_unit_test_setup_teardown(test_names, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_read, make_place, remove_place), cmocka_unit_test_setup_teardown(test_append, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_lock, make_place, remove_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
