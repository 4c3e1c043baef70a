/* test_store.c - names, objects, records, damage, locks, a full disk, and twenty processes on the same names. */
#include "store_fixture.h"

#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

static int with_fixture(void **state)
{
	fixture_new();
	return 0;
}

static int without_fixture(void **state)
{
	fixture_drop();
	return 0;
}

static struct store *open_store(void)
{
	struct err err = { 0 };
	struct store *store;
	assert_int_equal(fixture_open(false, &store, &err), 0);
	return store;
}

static void test_names(void **state)
{
	auto_ptr(store) store = open_store();
	auto_free char *id = NULL, *found = NULL;
	struct err err = { 0 };
	struct store_stage stage;
	assert_int_equal(store_stage_for(store, "c1", &stage, &err), 0);
	assert_int_equal(store_name_reserve(store, STORE_CONTAINER, "web", "c1", &err), 0);
	assert_true(store_name_reserve(store, STORE_CONTAINER, "web", "c2", &err) < 0 && err_is(&err, ERR_EXISTS));
	err_clear(&err);
	assert_int_equal(store_name_get(store, STORE_CONTAINER, "web", &id, &err), 0);
	assert_string_equal(id, "c1");
	assert_true(store_name_drop(store, STORE_CONTAINER, "web", "c2", &err) < 0 && err_is(&err, ERR_NOT_FOUND));
	err_clear(&err);
	assert_true(store_find(store, STORE_CONTAINER, "web", &found, &err) < 0 && err_is(&err, ERR_NOT_FOUND));
	err_clear(&err);
	assert_int_equal(store_name_drop(store, STORE_CONTAINER, "web", "c1", &err), 0);
	assert_true(store_name_drop(store, STORE_CONTAINER, "web", NULL, &err) < 0 && err_is(&err, ERR_NOT_FOUND));
	err_clear(&err);
	store_stage_done(store, &stage);
}

/* Whoever made it was killed: the name is free at once, with the stage or without. */
static void test_name_of_the_dead(void **state)
{
	auto_ptr(store) store = open_store();
	struct err err = { 0 };
	struct store_stage stage;
	assert_int_equal(store_stage_for(store, "c1", &stage, &err), 0);
	assert_int_equal(store_name_reserve(store, STORE_CONTAINER, "web", "c1", &err), 0);
	stage.dir_fd = fd_close(stage.dir_fd);
	assert_int_equal(store_name_reserve(store, STORE_CONTAINER, "web", "c2", &err), 0);
	assert_int_equal(store_name_reserve(store, STORE_CONTAINER, "web", "c3", &err), 0);
}

static void test_names_outside(void **state)
{
	static const char *const bad[] = { "", ".", "..", "/", "../../x" };
	auto_ptr(store) store = open_store();
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = { 0 };
		auto_close int fd = -EBADF;
		assert_true(store_object_open(store, STORE_CONTAINER, bad[i], &fd, &err) < 0);
		assert_true(err_is(&err, ERR_NOT_FOUND));
	}
}

static void test_find(void **state)
{
	auto_ptr(store) store = open_store();
	auto_ptr(image) image = NULL;
	auto_ptr(image) same = NULL;
	struct image **all;
	size_t count;
	struct err err = { 0 };
	assert_int_equal(image_db_get(store, "docker.io/library/one:1", &image, &err), 0);
	image->id[12] = 0;
	assert_int_equal(image_db_get(store, image->id, &same, &err), 0);
	assert_int_equal(same->size, 9 + 20);
	assert_int_equal(image_db_list(store, &all, &count, &err), 0);
	assert_int_equal(count, 2);
	image_db_list_free(all, count);
}

static void test_absent_store(void **state)
{
	struct err err = { 0 };
	auto_ptr(store) store = NULL;
	struct image **all;
	size_t count;
	assert_int_equal(store_open(&(struct store_opts){ .graphroot = "/nonexistent/g", .runroot = "/nonexistent/r", .readonly = true },
				    &store, &err), 0);
	assert_int_equal(image_db_list(store, &all, &count, &err), 0);
	assert_int_equal(count, 0);
	image_db_list_free(all, count);
}

/* T-ST-02: whatever the umask, nobody else looks into the store. */
static void test_t_st_02_modes(void **state)
{
	static const mode_t masks[] = { 0, 077, 0777 };
	static const char *const dirs[] = { "graph", "graph/layers", "graph/containers", "graph/staging", "run", "run/containers" };
	for (size_t m = 0; m < ARRAY_LEN(masks); m++) {
		fixture_drop();
		mode_t old = umask(masks[m]);
		fixture_new();
		umask(old);
		for (size_t d = 0; d < ARRAY_LEN(dirs); d++) {
			struct stat st;
			auto_free char *path = mem_printf("%s/%s", fixture_root, dirs[d]);
			assert_int_equal(stat(path, &st), 0);
			assert_int_equal(st.st_mode & 07777, 0700);
		}
	}
}

/* T-ST-02: a directory that somebody else made is refused. */
static void test_t_st_02_foreign(void **state)
{
	struct err err = { 0 };
	struct store *store;
	auto_free char *graph = mem_printf("%s/graph", fixture_root);
	if (geteuid() != 0) {
		print_message("[  NOTE    ] only root can give a directory away\n");
		skip();
	}
	assert_int_equal(chown(graph, 12345, 12345), 0);
	assert_true(fixture_open(false, &store, &err) < 0);
	assert_true(err_is(&err, ERR_DENIED));
}

/* --- damage --- */

static void write_text(int dir_fd, const char *file, const char *text, size_t len)
{
	auto_close int fd = openat(dir_fd, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && write(fd, text, len) == (ssize_t)len);
}

enum { BREAKAGES = 8 };

static void break_record(int dir_fd, const char *file, int how)
{
	static const struct {
		const char *text;
		size_t len;
	} texts[] = { { "", 0 }, { "{\"diff_id\":\"sha", 15 }, { "[]", 2 }, { "\0\0\0\0", 4 }, { "{\"diff_id\":7,\"digest\":7,\"layers\":7}x", 37 } };
	if (how < (int)ARRAY_LEN(texts)) {
		write_text(dir_fd, file, texts[how].text, texts[how].len);
		return;
	}
	assert_int_equal(unlinkat(dir_fd, file, 0), 0);
	if (how == 6)
		assert_int_equal(mkdirat(dir_fd, file, 0700), 0);
	if (how == 7)
		assert_int_equal(symlinkat("/dev/zero", dir_fd, file), 0);
}

static int count_damage(struct store *store)
{
	struct err err = { 0 };
	struct fixture_count count = { 0 };
	assert_int_equal(store_check(store, 0, fixture_count_one, &count, &err), 0);
	return count.damage;
}

static void break_image(int how)
{
	auto_ptr(store) store = open_store();
	auto_ptr(image) one = NULL;
	auto_ptr(image) two = NULL;
	auto_ptr(image) again = NULL;
	auto_close int dir_fd = -EBADF;
	struct image **all;
	size_t count;
	struct err err = { 0 };
	assert_int_equal(image_db_get(store, "docker.io/library/one:1", &one, &err), 0);
	assert_int_equal(store_object_open(store, STORE_IMAGE, one->id, &dir_fd, &err), 0);
	break_record(dir_fd, "image.json", how);
	assert_int_equal(count_damage(store), 1);
	assert_true(image_db_get(store, "docker.io/library/one:1", &again, &err) < 0 && err_is(&err, ERR_CORRUPT));
	assert_non_null(strstr(err.text, one->id));
	err_clear(&err);
	assert_int_equal(image_db_get(store, "docker.io/library/two:1", &two, &err), 0);
	assert_int_equal(image_db_list(store, &all, &count, &err), 0);
	assert_int_equal(count, 1);
	image_db_list_free(all, count);
	/* pulled again it is whole */
	assert_int_equal(fixture_put(store, "docker.io/library/one:1", "{\"one\":1}", LAYER_ONE, &err), 0);
	assert_int_equal(count_damage(store), 0);
}

static void break_layer(int how)
{
	auto_ptr(store) store = open_store();
	auto_ptr(layer) layer = NULL;
	auto_ptr(layer) other = NULL;
	auto_ptr(layer) again = NULL;
	auto_close int dir_fd = -EBADF;
	struct err err = { 0 };
	assert_int_equal(layer_get(store, LAYER_ONE, &layer, &err), 0);
	assert_int_equal(store_object_open(store, STORE_LAYER, layer->id, &dir_fd, &err), 0);
	break_record(dir_fd, "layer.json", how);
	assert_int_equal(count_damage(store), 2); /* itself, and the image that needs it */
	assert_true(layer_get(store, LAYER_ONE, &again, &err) < 0 && err_is(&err, ERR_CORRUPT));
	err_clear(&err);
	assert_int_equal(layer_get(store, LAYER_TWO, &other, &err), 0);
}

static void break_container(int how)
{
	auto_ptr(store) store = open_store();
	auto_strv ids = NULL;
	auto_close int broken_fd = -EBADF, good_fd = -EBADF;
	struct err err = { 0 };
	assert_int_equal(mkdirat(store_kind_fd(store, STORE_CONTAINER), "bad", 0700), 0);
	assert_int_equal(mkdirat(store_kind_fd(store, STORE_CONTAINER), "good", 0700), 0);
	assert_int_equal(store_object_open(store, STORE_CONTAINER, "bad", &broken_fd, &err), 0);
	assert_int_equal(store_object_open(store, STORE_CONTAINER, "good", &good_fd, &err), 0);
	write_text(broken_fd, "definition.json", "{}", 2);
	write_text(good_fd, "definition.json", "{}", 2);
	break_record(broken_fd, "definition.json", how);
	assert_int_equal(count_damage(store), 1);
	assert_int_equal(store_list(store, STORE_CONTAINER, &ids, &err), 0);
	assert_int_equal(strv_len(ids), 2);
	auto_ptr(image) two = NULL;
	auto_strv deleted = NULL;
	assert_int_equal(image_db_get(store, "docker.io/library/two:1", &two, &err), 0);
	assert_int_equal(image_db_remove(store, two, &deleted, &err), 0); /* the image goes, its layers wait */
	assert_int_equal(strv_len(deleted), 1);
}

static void test_damage(void **state)
{
	static void (*const breaks[])(int how) = { break_image, break_layer, break_container };
	for (size_t b = 0; b < ARRAY_LEN(breaks); b++) {
		for (int how = 0; how < BREAKAGES; how++) {
			breaks[b](how);
			fixture_drop();
			fixture_new();
		}
	}
}

/* --- locks --- */

static int wrong_order(struct store *store, struct err *err)
{
	auto_close int image_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_close int ctr_fd = open(fixture_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	(void)!freopen("/dev/null", "w", stderr); /* the assertion's words */
	if (store_lock(image_fd, STORE_IMAGE, "i", false, err) < 0)
		return -1;
	return store_lock(ctr_fd, STORE_CONTAINER, "c", false, err);
}

static void test_lock_order(void **state)
{
#ifdef NDEBUG
	skip();
#endif
	assert_int_equal(fixture_run(wrong_order, NULL, NULL), 128 + SIGABRT);
}

/* --- many at once --- */

static int tolerate(int rc, struct err *err)
{
	if (rc < 0 && !err_is(err, ERR_NOT_FOUND) && !err_is(err, ERR_IN_USE))
		return -1;
	err_clear(err);
	return 0;
}

static int hammer(struct store *store, struct err *err)
{
	for (int i = 0; i < 15; i++) {
		auto_ptr(image) image = NULL;
		auto_strv deleted = NULL;
		if (fixture_put(store, "docker.io/library/one:1", "{\"one\":1}", LAYER_ONE, err) < 0)
			return -1;
		int rc = image_db_get(store, "docker.io/library/one:1", &image, err);
		if (tolerate(rc, err) < 0)
			return -1;
		if (rc < 0)
			continue;
		if (tolerate(image_db_tag(store, image, "localhost/t:1", err), err) < 0 ||
		    tolerate(image_db_untag(store, image, "localhost/t:1", err), err) < 0 ||
		    (getpid() % 2 && tolerate(image_db_remove(store, image, &deleted, err), err) < 0))
			return -1;
	}
	return 0;
}

static void test_many(void **state)
{
	pid_t pids[20];
	for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			alarm(30); /* T-ST-01: nothing deadlocks */
			_exit(fixture_child(hammer, NULL, NULL));
		}
	}
	int failed = 0;
	for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
		int status = 0;
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		failed += status != 0;
	}
	assert_int_equal(failed, 0);
	assert_int_equal(fixture_run(fixture_undamaged, NULL, NULL), 0);
	assert_int_equal(fixture_run(fixture_fill, NULL, NULL), 0);
}

/* --- no space --- */

static int use_full(struct store *store, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_strv ids = NULL;
	auto_strv deleted = NULL;
	char zeros[4096] = { 0 };
	auto_free char *path = mem_printf("%s/fill", fixture_root);
	auto_close int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write(fd, zeros, sizeof(zeros)) > 0)
		;
	if (fixture_put(store, "docker.io/library/x:1", "{\"x\":1}", LAYER_ONE, err) >= 0)
		return err_set(err, ERR_INTERNAL, "the disk is not full");
	if (!err_is(err, ERR_NO_SPACE))
		return -1;
	err_clear(err);
	if (store_list(store, STORE_LAYER, &ids, err) < 0 || strv_len(ids) != 3 || fixture_undamaged(store, err) < 0 ||
	    image_db_get(store, "docker.io/library/one:1", &image, err) < 0)
		return -1;
	return image_db_remove(store, image, &deleted, err);
}

static int on_small_disk(struct err *err)
{
	auto_ptr(store) store = NULL;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || mount("small", fixture_root, "tmpfs", 0, "size=256k") < 0)
		return err_sys(err, errno, "cannot mount a small disk");
	if (fixture_open(false, &store, err) < 0 || fixture_fill(store, err) < 0)
		return -1;
	return use_full(store, err);
}

static void test_full(void **state)
{
	int status = 0;
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		struct err err = { 0 };
		if (unshare(CLONE_NEWNS) < 0)
			_exit(77);
		int rc = on_small_disk(&err);
		if (rc < 0)
			fprintf(stderr, "%s\n", err.text);
		_exit(rc < 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		print_message("[  NOTE    ] a small disk needs the right to mount\n");
		skip();
	}
	assert_int_equal(status, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, with_fixture, without_fixture)
	const struct CMUnitTest tests[] = {
		TEST(test_names), TEST(test_name_of_the_dead), TEST(test_names_outside), TEST(test_find), TEST(test_absent_store), TEST(test_t_st_02_modes),
		TEST(test_t_st_02_foreign), TEST(test_damage), TEST(test_lock_order), TEST(test_many), TEST(test_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
