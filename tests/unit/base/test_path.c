/* test_path.c - names from outside: openat2 and the walk that stands in for it give the same answers, none of them outside.
 * Which of the two is used is decided once in a process; so each runs in a child, on a tree of its own, and tells what it found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *name, *link; /* NULL: a directory; "": a file */
} tree[] = {
	{ "a", NULL }, { "a/b", NULL }, { "a/b/file", "" }, { "file", "" }, { "etc", NULL }, { "etc/passwd", "" },
	{ "abs", "/a" }, { "abs-file", "/a/b/file" }, { "rel", "a/b" }, { "rel-file", "a/b/file" }, { "dot", "." }, { "slash", "/" },
	{ "up", "../../../../.." }, { "up-etc", "../../../etc/passwd" }, { "out", "/etc/passwd" }, { "a/up", ".." }, { "a/up2", "../../a" },
	{ "nothing", "none" }, { "nothing-far", "/none/none" }, { "loop1", "loop2" }, { "loop2", "loop1" }, { "self", "self" },
	{ "slashes", "a//b///" }, { "dots", "./a/./b/." }, { "to-up", "up/a" }, { "to-file-slash", "file/" }, { "a/back", "../file" },
	{ "proc", "/proc/self/root" },
};

static const char *const names[] = {
	"", ".", "..", "/", "//", "../..", "/..", "/../..", "./.", "a", "a/", "a/.", "a/..", "a/../..", "a/../../a", "a/b", "/a/b", "//a//b//",
	"a/b/file", "a/b/file/", "a/b/file/.", "a/b/file/..", "a/b/file/x", "file", "file/", "file/..", "./file", "../file", "/file", "none", "none/",
	"none/x", "none/..", "none/../file", "a/none", "a/none/", "abs", "abs/", "abs/b", "abs/b/file", "abs-file", "abs-file/", "rel", "rel/",
	"rel/file", "rel/..", "rel/../b/file", "rel-file", "rel-file/", "dot", "dot/", "dot/file", "dot/dot/dot/a", "slash", "slash/", "slash/file",
	"up", "up/", "up/etc/passwd", "up-etc", "out", "out/", "out/x", "a/up", "a/up/file", "a/up/..", "a/up2/b", "nothing", "nothing/", "nothing/x",
	"nothing-far", "loop1", "loop1/", "loop1/x", "self", "self/x", "slashes", "slashes/file", "dots", "dots/file", "to-up", "to-up/b",
	"to-file-slash", "to-file-slash/", "a/back", "a/back/", "proc", "proc/", "proc/etc", "l0", "l15", "l40", "l41", "l15/", "l15/file",
	"l40/file", "deep", "deep/x",
};

static const int flag_rows[] = {
	O_PATH, O_RDONLY, O_PATH | O_DIRECTORY, O_RDONLY | O_DIRECTORY, O_PATH | O_NOFOLLOW, O_RDONLY | O_NOFOLLOW,
	O_RDONLY | O_DIRECTORY | O_NOFOLLOW, O_WRONLY, O_WRONLY | O_CREAT | O_EXCL, O_WRONLY | O_CREAT,
};

enum { CHAIN = 45 }; /* the kernel allows 40, but counts twice when it has to begin again: no row lies between 20 and 40 */

static char *make_tree(void)
{
	char *top = mem_strdup("/tmp/cpod-test-path.XXXXXX"), name[32], target[32];
	assert_non_null(mkdtemp(top));
	auto_close int fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < ARRAY_LEN(tree); i++) {
		int rc = !tree[i].link ? mkdirat(fd, tree[i].name, 0755)
			 : *tree[i].link ? symlinkat(tree[i].link, fd, tree[i].name)
					 : file_create(fd, tree[i].name, 0644, tree[i].name, strlen(tree[i].name), 0);
		assert_int_equal(rc, 0);
	}
	assert_int_equal(symlinkat("a/b", fd, "l0"), 0);
	for (int i = 1; i < CHAIN; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		snprintf(target, sizeof(target), "l%d", i - 1);
		assert_int_equal(symlinkat(target, fd, name), 0);
	}
	return top;
}

/* What a descriptor is, by its name below the top. */
static void tell(struct str *out, const char *top, int fd)
{
	char name[64], where[4200];
	struct stat st;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	ssize_t len = readlink(name, where, sizeof(where) - 1);
	where[len > 0 ? len : 0] = 0;
	const char *below = str_after(where, top);
	fstat(fd, &st);
	str_addf(out, "%s %o %s", below ? *below ? below : "/" : "OUTSIDE", st.st_mode & S_IFMT, fcntl(fd, F_GETFD) & FD_CLOEXEC ? "" : "INHERITED");
}

static void try_open(struct str *out, const char *top, int top_fd, const char *name, enum path_policy policy, int flags)
{
	auto_close int fd = -EBADF;
	int rc = path_open(top_fd, name, policy, flags, 0644, &fd);
	str_addf(out, "%s %s %o: ", name, policy == PATH_IN_ROOT ? "in-root" : "beneath", flags);
	if (rc < 0)
		str_addf(out, "%s", strerror(-rc));
	else
		tell(out, top, fd);
	str_add_char(out, '\n');
}

static void try_all(struct str *out, const char *top)
{
	auto_close int top_fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int policy = PATH_IN_ROOT; policy <= PATH_BENEATH; policy++)
		for (size_t f = 0; f < ARRAY_LEN(flag_rows); f++)
			for (size_t i = 0; i < ARRAY_LEN(names); i++) {
				try_open(out, top, top_fd, names[i], (enum path_policy)policy, flag_rows[f]);
				if (flag_rows[f] & O_CREAT) { /* each starts from the same tree */
					unlinkat(top_fd, "none", 0);
					unlinkat(top_fd, "a/none", 0);
					unlinkat(top_fd, "deep", 0);
				}
			}
}

static void try_dirs(struct str *out, const char *top)
{
	static const char *const rows[] = { "a", "new", "a/new/x/y", "abs/n", "rel/n/m", "up/n2", "/n3/", "a/../n4/z", "nothing/x", "nothing", "loop1/x", "file/x",
					    "file", "../n5", "n6//n7/./n8", "", "slash/n9", "out/x", "n10/../n11", "to-file-slash/x", "n12/../../n13/../n14/x", "a//",
					    "/", "//n15", "a/b/../../n16/..", "rel/../n17", "file/..", "nothing/..", "n18/./../n19/" };
	auto_close int top_fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int policy = PATH_IN_ROOT; policy <= PATH_BENEATH; policy++)
		for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
			auto_close int fd = -EBADF, parent_fd = -EBADF, point_fd = -EBADF;
			char last[256] = "";
			int rc = path_open_parent(top_fd, rows[i], (enum path_policy)policy, &parent_fd, last);
			str_addf(out, "%d parent of %s: %s ", policy, rows[i], rc < 0 ? strerror(-rc) : last);
			if (rc >= 0)
				tell(out, top, parent_fd);
			rc = path_mkdirs(top_fd, rows[i], (enum path_policy)policy, 0755, &fd);
			str_addf(out, "\nmkdirs: %s ", rc < 0 ? strerror(-rc) : "");
			if (rc >= 0)
				tell(out, top, fd);
			auto_free char *point = mem_printf("%s/f%zu", rows[i], i);
			rc = path_mount_point(top_fd, point, 1, &point_fd);
			str_addf(out, "\npoint: %s ", rc < 0 ? strerror(-rc) : "");
			if (rc >= 0)
				tell(out, top, point_fd);
			str_add_char(out, '\n');
		}
}

/* Below /proc: what is a link by its text may be followed, what only looks like one may not. */
static void try_magic(struct str *out)
{
	static const char *const rows[] = { "self", "self/", "self/root", "self/root/", "self/root/etc", "self/cwd", "self/exe", "self/fd/0", "self/ns/mnt",
					    "thread-self/root/etc/passwd", "self/task/../root/etc", "mounts", "self/status" };
	static const int rows_flags[] = { O_PATH, O_RDONLY, O_PATH | O_NOFOLLOW };
	auto_close int proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int policy = PATH_IN_ROOT; policy <= PATH_BENEATH; policy++)
		for (size_t f = 0; f < ARRAY_LEN(rows_flags); f++)
			for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
				auto_close int fd = -EBADF;
				struct stat st = { 0 };
				int rc = path_open(proc_fd, rows[i], (enum path_policy)policy, rows_flags[f], 0, &fd);
				if (rc >= 0)
					fstat(fd, &st);
				str_addf(out, "proc %d %o %s: %s %o\n", policy, rows_flags[f], rows[i], rc < 0 ? strerror(-rc) : "found", st.st_mode & S_IFMT);
			}
}

static char *answers(const char *top, bool walk, void (*try)(struct str *out, const char *top))
{
	int ends[2];
	auto_str got = { 0 };
	char chunk[4096];
	assert_int_equal(fd_pipe(ends), 0);
	pid_t pid = proc_fork();
	if (pid == 0) {
		auto_str out = { 0 };
		if (walk)
			setenv("CPOD_NO_OPENAT2", "1", 1);
		try(&out, top);
		int rc = fd_write_full(ends[1], str_text(&out), out.len);
		str_done(&out);
		_exit(rc < 0);
	}
	fd_close(ends[1]);
	for (ssize_t n; (n = read(ends[0], chunk, sizeof(chunk))) > 0;)
		str_add_mem(&got, chunk, (size_t)n);
	fd_close(ends[0]);
	assert_int_equal(proc_wait(pid), 0);
	return str_take(&got);
}

static void compare(void (*try)(struct str *out, const char *top), size_t at_least)
{
	auto_free char *top1 = make_tree(), *top2 = make_tree();
	auto_free char *kernel = answers(top1, false, try), *walk = answers(top2, true, try);
	auto_strv lines1 = strv_split(kernel, '\n');
	auto_strv lines2 = strv_split(walk, '\n');
	int wrong = 0;
	assert_int_equal(strv_len(lines1), strv_len(lines2));
	assert_true(strv_len(lines1) >= at_least);
	for (size_t i = 0; lines1[i]; i++)
		if (strcmp(lines1[i], lines2[i]) != 0 && ++wrong < 60)
			print_error("kernel: %s\nwalk:   %s\n", lines1[i], lines2[i]);
	assert_null(strstr(kernel, "OUTSIDE"));
	assert_null(strstr(walk, "OUTSIDE"));
	assert_null(strstr(walk, "INHERITED"));
	assert_int_equal(file_remove_tree(AT_FDCWD, top1), 0);
	assert_int_equal(file_remove_tree(AT_FDCWD, top2), 0);
	assert_int_equal(wrong, 0);
}

static void test_open(void **state)
{
	compare(try_all, ARRAY_LEN(names) * ARRAY_LEN(flag_rows) * 2);
}

static void test_dirs(void **state)
{
	compare(try_dirs, 100);
}

static void try_magic_row(struct str *out, const char *top)
{
	try_magic(out);
}

static void test_magic(void **state)
{
	compare(try_magic_row, 78);
}

/* Rows whose answer is known, so that both being wrong is seen too. */
static void test_known(void **state)
{
	static const struct {
		const char *name;
		enum path_policy policy;
		const char *where; /* NULL: error */
		int error;
	} rows[] = {
		{ "up-etc", PATH_IN_ROOT, "/etc/passwd", 0 }, { "out", PATH_IN_ROOT, "/etc/passwd", 0 }, { "/../..", PATH_IN_ROOT, "/", 0 },
		{ "rel/../b/file", PATH_IN_ROOT, "/a/b/file", 0 }, { "loop1", PATH_IN_ROOT, NULL, -ELOOP }, { "l15/file", PATH_IN_ROOT, "/a/b/file", 0 },
		{ "l40/file", PATH_IN_ROOT, NULL, -ELOOP }, { "out", PATH_BENEATH, NULL, -ELOOP }, { "..", PATH_BENEATH, NULL, -EXDEV },
		{ "/a", PATH_BENEATH, NULL, -EXDEV }, { "a/..", PATH_BENEATH, "/", 0 }, { "a/b/file", PATH_BENEATH, "/a/b/file", 0 },
	};
	auto_free char *top = make_tree();
	auto_close int top_fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_close int fd = -EBADF;
		auto_str told = { 0 };
		int rc = path_open(top_fd, rows[i].name, rows[i].policy, O_PATH, 0, &fd);
		assert_int_equal(rc, rows[i].error);
		if (!rows[i].where)
			continue;
		tell(&told, top, fd);
		assert_true(str_starts(str_text(&told), rows[i].where));
		assert_int_equal(str_text(&told)[strlen(rows[i].where)], ' ');
		assert_int_equal(path_is_under(top_fd, fd), strstr(rows[i].where, "file") || strstr(rows[i].where, "passwd") ? 0 : 1);
	}
	auto_close int etc_fd = open("/etc", O_PATH | O_CLOEXEC);
	assert_int_equal(path_is_under(top_fd, etc_fd), 0);
	assert_int_equal(path_is_under(etc_fd, top_fd), 0);
	assert_int_equal(file_remove_tree(AT_FDCWD, top), 0);
}

/* What is made, where; the last one of five hundred parts. */
static void test_mkdirs(void **state)
{
	static const struct {
		const char *name, *where; /* NULL: error */
		int error;
	} rows[] = {
		{ "x/y/z", "/x/y/z", 0 }, { "x/y/z", "/x/y/z", 0 }, { "/p//q/", "/p/q", 0 }, { "abs/new", "/a/new", 0 }, { "a/../../up1", "/up1", 0 }, { "m/../n", "/n", 0 },
		{ "rel/../r", "/a/r", 0 }, { "up/u/v", "/u/v", 0 }, { "", "/", 0 }, { "/", "/", 0 }, { ".", "/", 0 }, { "nothing", NULL, -ENOENT }, { "nothing/x", NULL, -ENOENT },
		{ "file", NULL, -ENOTDIR }, { "file/x", NULL, -ENOTDIR }, { "loop1/x", NULL, -ELOOP },
	};
	auto_free char *top = make_tree();
	auto_close int top_fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_close int fd = -EBADF;
		auto_str told = { 0 };
		int rc = path_mkdirs(top_fd, rows[i].name, PATH_IN_ROOT, 0750, &fd);
		if (rc != rows[i].error)
			fail_msg("%s: %d", rows[i].name, rc);
		if (!rows[i].where)
			continue;
		tell(&told, top, fd);
		if (!str_starts(str_text(&told), rows[i].where) || str_text(&told)[strlen(rows[i].where)] != ' ')
			fail_msg("%s: %s", rows[i].name, str_text(&told));
	}
	assert_int_equal(fstatat(top_fd, "m", &st, 0), 0); /* made on the way, as mkdir -p does */
	auto_str deep = { 0 };
	auto_close int deep_fd = -EBADF;
	for (int i = 0; i < 500; i++)
		str_add(&deep, "d/");
	assert_int_equal(path_mkdirs(top_fd, deep.data, PATH_BENEATH, 0750, &deep_fd), 0);
	assert_int_equal(path_is_under(top_fd, deep_fd), 1);
	assert_int_equal(file_remove_tree(AT_FDCWD, top), 0);
}

static void test_text(void **state)
{
	static const struct { const char *in, *out; } rows[] = {
		{ "a//b/./c/../d", "a/b/d" }, { "../../a", "a" }, { "/..", "/" }, { "/../a/../../b/", "/b" }, { "", "." }, { ".", "." }, { "a/..", "." }, { "//", "/" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_free char *got = path_clean_dup(rows[i].in);
		assert_string_equal(got, rows[i].out);
	}
	auto_free char *one = path_join_dup("/a/", "/b"), *two = path_join_dup("a", "b"), *three = path_join_dup("", "b");
	assert_string_equal(one, "/a/b");
	assert_string_equal(two, "a/b");
	assert_string_equal(three, "/b");
	assert_string_equal(path_base("/a/b"), "b");
	assert_string_equal(path_base("b"), "b");
	assert_string_equal(path_base("a/"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open), cmocka_unit_test(test_dirs), cmocka_unit_test(test_magic), cmocka_unit_test(test_known), cmocka_unit_test(test_mkdirs), cmocka_unit_test(test_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
