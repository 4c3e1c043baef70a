/* A tree copied to other owners: what changes and what must not. As root, which alone may give files away. */
#include "storage/shift.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/str.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

static const struct userns_map uids[] = { { 0, 1001, 1000 }, { 1000, 1000, 1 }, { 0 } };
static const struct userns_map gids[] = { { 0, 2001, 100 }, { 0 } };
static const struct shift shift = { uids, gids };

struct trees {
	char *top;
	int from_fd, to_fd;
};

static int setup(void **state)
{
	struct trees *t = calloc(1, sizeof(*t));
	char template[] = "/tmp/cpod-test-shift.XXXXXX";
	t->top = strdup(mkdtemp(template));
	int top_fd = open(t->top, O_RDONLY | O_DIRECTORY);
	if (mkdirat(top_fd, "from", 0751) < 0 || mkdirat(top_fd, "to", 0700) < 0)
		return -1;
	t->from_fd = openat(top_fd, "from", O_RDONLY | O_DIRECTORY);
	t->to_fd = openat(top_fd, "to", O_RDONLY | O_DIRECTORY);
	close(top_fd);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct trees *t = *state;
	close(t->from_fd);
	close(t->to_fd);
	int rc = file_remove_tree(AT_FDCWD, t->top);
	free(t->top);
	free(t);
	return rc;
}

static void put(struct trees *t, const char *name, mode_t mode, uid_t uid, gid_t gid, const char *text)
{
	assert_int_equal(file_create(t->from_fd, name, 0600, text, strlen(text), 0), 0);
	assert_int_equal(fchownat(t->from_fd, name, uid, gid, 0), 0);
	assert_int_equal(fchmodat(t->from_fd, name, mode, 0), 0);
}

static void copy(struct trees *t)
{
	struct err err = { 0 };
	if (shift_copy(t->from_fd, t->to_fd, &shift, &err) < 0)
		fail_msg("%s", err.text);
}

static struct stat look(int dir_fd, const char *name)
{
	struct stat st;
	assert_int_equal(fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH), 0);
	return st;
}

static void assert_owner(struct trees *t, const char *name, uid_t uid, gid_t gid)
{
	struct stat st = look(t->to_fd, name);
	assert_int_equal(st.st_uid, uid);
	assert_int_equal(st.st_gid, gid);
}

static void owners_modes_times(void **state)
{
	struct trees *t = *state;
	const struct timespec old[2] = { { 100, 5 }, { 200, 7 } };
	assert_int_equal(mkdirat(t->from_fd, "dir", 0500), 0);
	assert_int_equal(fchownat(t->from_fd, "dir", 3, 4, 0), 0);
	put(t, "dir/suid", 04755, 0, 0, "program");
	put(t, "mine", 0640, 1000, 99, "");
	assert_int_equal(symlinkat("/nowhere", t->from_fd, "link"), 0);
	assert_int_equal(fchownat(t->from_fd, "link", 7, 8, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(mkfifoat(t->from_fd, "pipe", 0622), 0);
	assert_int_equal(mknodat(t->from_fd, "whiteout", S_IFCHR, makedev(0, 0)), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(utimensat(t->from_fd, ((const char *[]){ "dir/suid", "link", "dir" })[i], old, AT_SYMLINK_NOFOLLOW), 0);
	copy(t);
	assert_owner(t, "", 1001, 2001);
	assert_owner(t, "dir", 1004, 2005);
	assert_owner(t, "dir/suid", 1001, 2001);
	assert_owner(t, "mine", 1000, 2100);
	assert_owner(t, "link", 1008, 2009);
	assert_int_equal(look(t->to_fd, "").st_mode & 07777, 0751);
	assert_int_equal(look(t->to_fd, "dir").st_mode & 07777, 0500);
	assert_int_equal(look(t->to_fd, "dir/suid").st_mode & 07777, 04755);
	assert_int_equal(look(t->to_fd, "pipe").st_mode, look(t->from_fd, "pipe").st_mode);
	assert_int_equal(look(t->to_fd, "whiteout").st_mode, look(t->from_fd, "whiteout").st_mode);
	assert_int_equal(look(t->to_fd, "whiteout").st_rdev, 0);
	for (size_t i = 0; i < 3; i++) {
		struct stat st = look(t->to_fd, ((const char *[]){ "dir/suid", "link", "dir" })[i]);
		assert_int_equal(st.st_mtim.tv_sec, 200);
		assert_int_equal(st.st_mtim.tv_nsec, 7);
	}
}

static void content_holes_and_links(void **state)
{
	struct trees *t = *state;
	char text[8] = "";
	put(t, "a", 0644, 1, 1, "abc");
	assert_int_equal(linkat(t->from_fd, "a", t->from_fd, "b", 0), 0);
	assert_int_equal(mkdirat(t->from_fd, "z", 0755), 0);
	assert_int_equal(linkat(t->from_fd, "a", t->from_fd, "z/c", 0), 0);
	auto_close int sparse = openat(t->from_fd, "sparse", O_WRONLY | O_CREAT, 0644);
	assert_int_equal(pwrite(sparse, "tail", 4, 8 << 20), 4);
	assert_int_equal(ftruncate(sparse, 16 << 20), 0);
	copy(t);
	assert_int_equal(look(t->to_fd, "a").st_ino, look(t->to_fd, "b").st_ino);
	assert_int_equal(look(t->to_fd, "a").st_ino, look(t->to_fd, "z/c").st_ino);
	assert_int_equal(look(t->to_fd, "a").st_nlink, 3);
	assert_int_not_equal(look(t->to_fd, "a").st_ino, look(t->from_fd, "a").st_ino);
	struct stat st = look(t->to_fd, "sparse");
	assert_int_equal(st.st_size, 16 << 20);
	assert_true(st.st_blocks < 1 << 11);
	auto_close int fd = openat(t->to_fd, "sparse", O_RDONLY);
	assert_int_equal(pread(fd, text, 4, 8 << 20), 4);
	assert_string_equal(text, "tail");
}

/* SPEC linux/posix_acl_xattr.h: user::rw- user:5:r-- group::r-- group:6:r-- mask::r-- other::r-- */
static const uint32_t acl[] = { 2, 0x00060001, UINT32_MAX, 0x00040002, 5, 0x00040004, UINT32_MAX, 0x00040008, 6, 0x00040010, UINT32_MAX, 0x00040020, UINT32_MAX };

static void attributes(void **state)
{
	struct trees *t = *state;
	static const unsigned char capability[20] = { 1, 0, 0, 2, 0, 4 }; /* version 2, effective: cap_net_bind_service */
	unsigned char got[64];
	uint32_t got_acl[ARRAY_LEN(acl)];
	put(t, "f", 0755, 0, 0, "x");
	auto_close int from = openat(t->from_fd, "f", O_RDONLY);
	assert_int_equal(fsetxattr(from, "user.note", "hello", 5, 0), 0);
	assert_int_equal(fsetxattr(from, "security.capability", capability, sizeof(capability), 0), 0);
	bool has_acl = fsetxattr(from, "system.posix_acl_access", acl, sizeof(acl), 0) == 0;
	assert_int_equal(fsetxattr(t->from_fd, "user.overlay.opaque", "y", 1, 0), 0);
	copy(t);
	auto_close int to = openat(t->to_fd, "f", O_RDONLY);
	assert_int_equal(fgetxattr(to, "user.note", got, sizeof(got)), 5);
	assert_int_equal(fgetxattr(to, "security.capability", got, sizeof(got)), sizeof(capability));
	assert_memory_equal(got, capability, sizeof(capability));
	assert_int_equal(fgetxattr(t->to_fd, "user.overlay.opaque", got, sizeof(got)), 1);
	if (!has_acl) {
		print_message("no access lists on this file system: not tested\n");
		return;
	}
	assert_int_equal(fgetxattr(to, "system.posix_acl_access", got_acl, sizeof(got_acl)), sizeof(acl));
	assert_int_equal(got_acl[4], 1006);
	assert_int_equal(got_acl[8], 2007);
	assert_int_equal(got_acl[2], UINT32_MAX);
}

static void owner_without_place(void **state)
{
	struct trees *t = *state;
	struct err err = { 0 };
	put(t, "foreign", 0644, 1001, 0, "");
	assert_int_equal(shift_copy(t->from_fd, t->to_fd, &shift, &err), -1);
	assert_true(err_is(&err, ERR_UNSUPPORTED));
	assert_non_null(strstr(err.text, "'/foreign' belongs to 1001:0"));
}

/* More directories than a process may have descriptors, one in the other. */
static void deep(void **state)
{
	struct trees *t = *state;
	auto_str path = { 0 };
	for (int i = 0; i < 1500; i++) {
		str_addf(&path, "%sd", i ? "/" : "");
		assert_int_equal(mkdirat(t->from_fd, str_text(&path), 0755), 0);
	}
	copy(t);
	assert_owner(t, str_text(&path), 1001, 2001);
}

static void words(void **state)
{
	(void)state;
	struct err err = { 0 };
	auto_free char *two = NULL, *one = NULL;
	struct userns_map many[40];
	for (uint32_t i = 0; i < 39; i++)
		many[i] = (struct userns_map){ i * 100, i * 1000, 1 };
	many[39] = (struct userns_map){ 0 };
	assert_int_equal(shift_word(&shift, &two, &err), 0);
	assert_string_equal(two, "0.1001.1000-1000.1000.1+0.2001.100");
	assert_int_equal(shift_word(&(struct shift){ gids, gids }, &one, &err), 0);
	assert_string_equal(one, "0.2001.100");
	assert_int_equal(shift_word(&(struct shift){ many, many }, &one, &err), -1);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* A look finds what a copy would stop at, and changes nothing. */
static void looks_only(void **state)
{
	struct trees *t = *state;
	struct err err = { 0 };
	auto_strv made = NULL;
	put(t, "mine", 0644, 5, 5, "");
	assert_int_equal(mkdirat(t->from_fd, "dir", 0755), 0);
	assert_int_equal(shift_check(t->from_fd, &shift, &err), 0);
	assert_int_equal(file_list(t->to_fd, &made), 0);
	assert_int_equal(strv_len(made), 0);
	put(t, "dir/theirs", 0644, 5, 100, "");
	assert_int_equal(shift_check(t->from_fd, &shift, &err), -1);
	assert_true(err_is(&err, ERR_UNSUPPORTED));
	assert_non_null(strstr(err.text, "'/dir/theirs' belongs to 5:100"));
	err_clear(&err);
	assert_int_equal(unlinkat(t->from_fd, "dir/theirs", 0), 0);
	assert_int_equal(fchown(t->from_fd, 5000, 0), 0);
	assert_int_equal(shift_check(t->from_fd, &shift, &err), -1);
}

/* What has been looked at counts for every map of the same ids inside. */
static void words_inside(void **state)
{
	const struct userns_map elsewhere[] = { { 0, 9001, 1000 }, { 1000, 9000, 1 }, { 0 } };
	const struct shift other = { elsewhere, gids };
	struct err err = { 0 };
	auto_free char *a = NULL, *b = NULL, *c = NULL, *d = NULL;
	assert_int_equal(shift_inside_word(&shift, &a, &err), 0);
	assert_int_equal(shift_inside_word(&other, &b, &err), 0);
	assert_string_equal(a, "0.1000-1000.1+0.100");
	assert_string_equal(a, b);
	assert_int_equal(shift_word(&shift, &c, &err), 0);
	assert_int_equal(shift_word(&other, &d, &err), 0);
	assert_string_not_equal(c, d);
}

int main(void)
{
	const struct CMUnitTest cases[] = {
		CASE(owners_modes_times), CASE(content_holes_and_links), CASE(attributes), CASE(owner_without_place), CASE(deep),
		CASE(looks_only), cmocka_unit_test(words), cmocka_unit_test(words_inside),
	};
	if (geteuid() != 0)
		return 77; /* meson: skipped */
	umask(0);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
