/* file_remove_tree: whatever a container can leave behind, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static char top[] = "/var/tmp/cpod-remove-XXXXXX";
static int top_fd;

static int make_top(void **state)
{
	top_fd = mkdtemp(top) ? open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	return top_fd < 0;
}

static int drop_top(void **state)
{
	close(top_fd);
	return rmdir(top);
}

/* Deeper than there are descriptors, and than the stack would bear. */
static void test_deep(void **state)
{
	struct rlimit old, few = { 0 };
	assert_int_equal(mkdirat(top_fd, "deep", 0755), 0);
	int fd = openat(top_fd, "deep", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < 5000; i++) {
		assert_int_equal(mkdirat(fd, "d", 0700), 0);
		int next = openat(fd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(fd);
		fd = next;
		if (i % 100 == 0)
			close(openat(fd, "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0));
	}
	close(fd);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = (struct rlimit){ .rlim_cur = 128, .rlim_max = old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(file_remove_tree(top_fd, "deep"), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(faccessat(top_fd, "deep", F_OK, 0), -1);
}

static void test_modes_and_links(void **state)
{
	assert_int_equal(mkdirat(top_fd, "outside", 0755), 0);
	close(openat(top_fd, "outside/kept", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_int_equal(mkdirat(top_fd, "tree", 0755), 0);
	assert_int_equal(mkdirat(top_fd, "tree/closed", 0755), 0);
	close(openat(top_fd, "tree/closed/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_int_equal(symlinkat("../outside", top_fd, "tree/link"), 0);
	assert_int_equal(linkat(top_fd, "outside/kept", top_fd, "tree/hard", 0), 0);
	assert_int_equal(fchmodat(top_fd, "tree/closed", 0, 0), 0);
	assert_int_equal(file_remove_tree(top_fd, "tree"), 0);
	assert_int_equal(faccessat(top_fd, "tree", F_OK, 0), -1);
	assert_int_equal(faccessat(top_fd, "outside/kept", F_OK, 0), 0);
	assert_int_equal(file_remove_tree(top_fd, "tree"), -ENOENT);
	assert_int_equal(symlinkat("outside", top_fd, "link"), 0);
	assert_int_equal(file_remove_tree(top_fd, "link"), 0);
	assert_int_equal(faccessat(top_fd, "outside/kept", F_OK, 0), 0);
	assert_int_equal(file_remove_tree(top_fd, "outside"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_deep), cmocka_unit_test(test_modes_and_links) };
	return cmocka_run_group_tests(tests, make_top, drop_top);
}
