/* A tree as a tar stream: order, kinds, marks of overlay, owners. As root, which alone may give files away and make devices. */
#include "storage/tree_pack.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/str.h"
#include "storage/layer.h"

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

struct tree {
	char *top;
	int fd;
};

static int setup(void **state)
{
	struct tree *t = calloc(1, sizeof(*t));
	char template[] = "/tmp/cpod-test-pack.XXXXXX";
	t->top = strdup(mkdtemp(template));
	t->fd = open(t->top, O_RDONLY | O_DIRECTORY);
	*state = t;
	return t->fd < 0 ? -1 : 0;
}

static int teardown(void **state)
{
	struct tree *t = *state;
	close(t->fd);
	int rc = file_remove_tree(AT_FDCWD, t->top);
	free(t->top);
	free(t);
	return rc;
}

static void put(struct tree *t, const char *name, const char *text)
{
	assert_int_equal(file_create(t->fd, name, 0640, text, strlen(text), 0), 0);
}

static int to_str(void *ctx, const void *data, size_t len, struct err *err)
{
	str_add_mem(ctx, data, len);
	return 0;
}

struct reader {
	const struct str *text;
	size_t at;
};

static ssize_t from_str(void *ctx, void *buf, size_t len, struct err *err)
{
	struct reader *r = ctx;
	size_t n = r->text->len - r->at < len ? r->text->len - r->at : len;
	memcpy(buf, r->text->data + r->at, n);
	r->at += n;
	return (ssize_t)n;
}

static int ignore_raw(void *ctx, const void *data, size_t len, struct err *err)
{
	return 0;
}

static int pack(struct tree *t, const struct tree_pack *how, struct str *archive, struct err *err)
{
	struct tar_out out = { .write = to_str, .ctx = archive };
	return tree_pack(t->fd, how, &out, err) < 0 ? -1 : tar_out_end(&out, err);
}

/* A line an entry: kind, mode, owner, size, name, link. */
static char *list_dup(const struct str *archive)
{
	auto_str out = { 0 };
	struct err err = { 0 };
	struct reader reader = { archive, 0 };
	auto_ptr(tar) tar = tar_new(from_str, ignore_raw, &reader);
	const struct tar_entry *e;
	int rc;
	while ((rc = tar_next(tar, &e, &err)) > 0) {
		str_addf(&out, "%c %o %u:%u %llu", "-hlcbdp"[e->type], e->mode, e->uid, e->gid, (unsigned long long)e->size);
		if (e->type == TAR_CHAR || e->type == TAR_BLOCK)
			str_addf(&out, " %u,%u", e->major, e->minor);
		str_addf(&out, " %s", e->path);
		if (e->link && *e->link)
			str_addf(&out, " > %s", e->link);
		for (size_t i = 0; i < e->xattr_count; i++)
			str_addf(&out, " %s=%.*s", e->xattrs[i].name, (int)e->xattrs[i].len, e->xattrs[i].value);
		str_add_char(&out, '\n');
	}
	assert_int_equal(rc, 0);
	return str_take(&out);
}

static void kinds_and_order(void **state)
{
	struct tree *t = *state;
	auto_str archive = { 0 };
	struct err err = { 0 };
	assert_int_equal(mkdirat(t->fd, "b", 0755), 0);
	assert_int_equal(mkdirat(t->fd, "b/c", 01700), 0);
	put(t, "b/c/deep", "12345");
	put(t, "b.txt", "1");
	put(t, "a", "");
	assert_int_equal(linkat(t->fd, "b.txt", t->fd, "b/link", 0), 0);
	assert_int_equal(symlinkat("/etc/x", t->fd, "b/sym"), 0);
	assert_int_equal(mkfifoat(t->fd, "fifo", 0600), 0);
	assert_int_equal(mknodat(t->fd, "null", S_IFCHR | 0644, makedev(1, 3)), 0);
	assert_int_equal(mknodat(t->fd, "socket", S_IFSOCK | 0666, 0), 0);
	assert_int_equal(fchownat(t->fd, "a", 7, 8, 0), 0);
	auto_close int fd = openat(t->fd, "a", O_RDONLY);
	assert_int_equal(fsetxattr(fd, "user.note", "hello", 5, 0), 0);
	assert_int_equal(fsetxattr(fd, "trusted.hidden", "x", 1, 0), 0);
	assert_int_equal(pack(t, &(struct tree_pack){ 0 }, &archive, &err), 0);
	auto_free char *got = list_dup(&archive);
	assert_string_equal(got, "- 640 7:8 0 a user.note=hello\n"
				 "d 755 0:0 0 b/\n"
				 "d 1700 0:0 0 b/c/\n"
				 "- 640 0:0 5 b/c/deep\n"
				 "- 640 0:0 1 b/link\n"
				 "l 777 0:0 0 b/sym > /etc/x\n"
				 "h 640 0:0 0 b.txt > b/link\n"
				 "p 600 0:0 0 fifo\n"
				 "c 644 0:0 0 1,3 null\n");
}

static void overlay_marks(void **state)
{
	struct tree *t = *state;
	auto_str archive = { 0 }, plain = { 0 };
	struct err err = { 0 };
	auto_free char *opaque = mem_printf("%sopaque", layer_overlay_prefix());
	auto_free char *origin = mem_printf("%sorigin", layer_overlay_prefix());
	assert_int_equal(mkdirat(t->fd, "d", 0755), 0);
	assert_int_equal(mkdirat(t->fd, "e", 0755), 0);
	put(t, "d/new", "x");
	assert_int_equal(mknodat(t->fd, "e/gone", S_IFCHR, 0), 0);
	auto_close int fd = openat(t->fd, "d", O_RDONLY | O_DIRECTORY);
	assert_int_equal(fsetxattr(fd, opaque, "y", 1, 0), 0);
	auto_close int file_fd = openat(t->fd, "d/new", O_RDONLY);
	assert_int_equal(fsetxattr(file_fd, origin, "zz", 2, 0), 0);
	assert_int_equal(pack(t, &(struct tree_pack){ .upper = true }, &archive, &err), 0);
	auto_free char *got = list_dup(&archive);
	assert_string_equal(got, "d 755 0:0 0 d/\n"
				 "- 0 0:0 0 d/.wh..wh..opq\n"
				 "- 640 0:0 1 d/new\n"
				 "d 755 0:0 0 e/\n"
				 "- 0 0:0 0 e/.wh.gone\n");
	/* a tree that is no upper directory has no marks, only an odd device */
	assert_int_equal(pack(t, &(struct tree_pack){ 0 }, &plain, &err), 0);
	auto_free char *as_is = list_dup(&plain);
	assert_non_null(strstr(as_is, "c 0 0:0 0 0,0 e/gone\n"));
	assert_null(strstr(as_is, ".wh."));
}

static void names_that_mean_something_else(void **state)
{
	struct tree *t = *state;
	auto_str archive = { 0 };
	struct err err = { 0 };
	put(t, ".wh.file", "");
	assert_int_equal(pack(t, &(struct tree_pack){ .upper = true }, &archive, &err), -1);
	assert_true(err_is(&err, ERR_UNSUPPORTED));
	assert_non_null(strstr(err.text, "/.wh.file"));
	err_clear(&err);
}

static void owners_as_inside(void **state)
{
	static const struct userns_map maps[] = { { 0, 1001, 1000 }, { 1000, 1000, 1 }, { 0 } };
	static const struct shift shift = { maps, maps };
	struct tree *t = *state;
	auto_str archive = { 0 };
	struct err err = { 0 };
	put(t, "a", "");
	put(t, "b", "");
	assert_int_equal(fchownat(t->fd, "a", 1003, 1000, 0), 0);
	assert_int_equal(fchownat(t->fd, "b", 1001, 1001, 0), 0);
	assert_int_equal(pack(t, &(struct tree_pack){ .shift = &shift }, &archive, &err), 0);
	auto_free char *got = list_dup(&archive);
	assert_string_equal(got, "- 640 2:1000 0 a\n- 640 0:0 0 b\n");
	assert_int_equal(fchownat(t->fd, "b", 5000, 1001, 0), 0);
	assert_int_equal(pack(t, &(struct tree_pack){ .shift = &shift }, &archive, &err), -1);
	assert_non_null(strstr(err.text, "'/b' belongs to 5000:1001"));
	err_clear(&err);
}

static void holes_are_not_written(void **state)
{
	struct tree *t = *state;
	auto_str archive = { 0 };
	struct err err = { 0 };
	auto_close int fd = openat(t->fd, "holes", O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_int_equal(ftruncate(fd, 1LL << 30), 0);
	assert_int_equal(pwrite(fd, "middle", 6, 512 << 20), 6);
	assert_int_equal(pack(t, &(struct tree_pack){ 0 }, &archive, &err), 0);
	assert_true(archive.len < 1 << 20);
	auto_free char *got = list_dup(&archive);
	assert_string_equal(got, "- 600 0:0 1073741824 holes\n");
	assert_non_null(memmem(archive.data, archive.len, "middle", 6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(kinds_and_order, setup, teardown),
		cmocka_unit_test_setup_teardown(overlay_marks, setup, teardown),
		cmocka_unit_test_setup_teardown(names_that_mean_something_else, setup, teardown),
		cmocka_unit_test_setup_teardown(owners_as_inside, setup, teardown),
		cmocka_unit_test_setup_teardown(holes_are_not_written, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
