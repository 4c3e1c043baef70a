/* test_store_fault.c - each writing step with each of its operations failing, short, and its last: the store is undamaged, the
 * step done again succeeds and has its effect. */
#include "store_fixture.h"

#include <signal.h>
#include <string.h>

static int gone_is_fine(int rc, struct err *err)
{
	if (rc < 0 && (err_is(err, ERR_NOT_FOUND) || err_is(err, ERR_EXISTS))) {
		err_clear(err);
		return 0;
	}
	return rc;
}

static int do_publish(struct store *store, struct err *err)
{
	struct store_stage stage = { .dir_fd = -EBADF };
	if (store_stage(store, &stage, err) < 0)
		return -1;
	int rc = file_create(stage.dir_fd, "definition.json", 0600, "{\"layers\":[]}", 13, 0);
	rc = rc < 0 ? err_sys(err, -rc, "cannot fill") : store_publish(store, &stage, STORE_CONTAINER, "c1", true, err);
	store_stage_done(store, &stage);
	return gone_is_fine(rc, err);
}

static int seen_publish(struct store *store, struct err *err)
{
	auto_close int fd = -EBADF;
	return store_object_open(store, STORE_CONTAINER, "c1", &fd, err);
}

static int with_image(struct store *store, const char *word, int (*act)(struct store *, struct image *, struct err *), struct err *err)
{
	auto_ptr(image) image = NULL;
	int rc = image_db_get(store, word, &image, err);
	return gone_is_fine(rc < 0 ? rc : act(store, image, err), err);
}

static int tag(struct store *store, struct image *image, struct err *err)
{
	return image_db_tag(store, image, "localhost/new:1", err);
}

static int do_tag(struct store *store, struct err *err)
{
	return with_image(store, "docker.io/library/one:1", tag, err);
}

static int seen_name(struct store *store, const char *name, bool want, struct err *err)
{
	auto_ptr(image) image = NULL;
	int rc = image_db_get(store, name, &image, err);
	if (want)
		return rc;
	if (rc >= 0)
		return err_set(err, ERR_EXISTS, "'%s' is still there", name);
	return gone_is_fine(rc, err);
}

static int seen_tag(struct store *store, struct err *err)
{
	return seen_name(store, "localhost/new:1", true, err);
}

static int untag(struct store *store, struct image *image, struct err *err)
{
	return image_db_untag(store, image, "docker.io/library/one:1", err);
}

static int do_untag(struct store *store, struct err *err)
{
	return with_image(store, "docker.io/library/one:1", untag, err);
}

static int seen_untag(struct store *store, struct err *err)
{
	return seen_name(store, "docker.io/library/one:1", false, err);
}

static int drop(struct store *store, struct image *image, struct err *err)
{
	auto_strv deleted = NULL;
	return image_db_remove(store, image, &deleted, err);
}

/* By its id, as a person would whose first try took the name away. */
static int do_remove(struct store *store, struct err *err)
{
	auto_ptr(digest) sum = NULL;
	if (digest_open(NULL, &sum, err) < 0)
		return -1;
	digest_add(sum, "{\"one\":1}", 9);
	if (with_image(store, digest_now(sum).text + 7, drop, err) < 0)
		return -1;
	return image_db_sweep(store, err);
}

static int seen_remove(struct store *store, struct err *err)
{
	auto_ptr(layer) gone = NULL;
	auto_ptr(layer) shared = NULL;
	if (seen_name(store, "docker.io/library/one:1", false, err) < 0)
		return -1;
	if (layer_get(store, LAYER_ONE, &gone, err) >= 0)
		return err_set(err, ERR_EXISTS, "its layer is still there");
	err_clear(err);
	return layer_get(store, LAYER_BASE, &shared, err);
}

static int do_put(struct store *store, struct err *err)
{
	return fixture_put(store, "docker.io/library/three:1", "{\"three\":3}", DIFF("dddd"), err);
}

static int seen_put(struct store *store, struct err *err)
{
	return seen_name(store, "docker.io/library/three:1", true, err);
}

static int do_trash(struct store *store, struct err *err)
{
	int rc = gone_is_fine(store_trash(store, STORE_CONTAINER, "c0", err), err);
	store_empty_trash(store, -1);
	return rc;
}

static int seen_trash(struct store *store, struct err *err)
{
	auto_close int fd = -EBADF;
	if (store_object_open(store, STORE_CONTAINER, "c0", &fd, err) >= 0)
		return err_set(err, ERR_EXISTS, "the container is still there");
	return gone_is_fine(-1, err);
}

static int fill_container(struct store *store, struct err *err)
{
	auto_close int fd = -EBADF;
	int rc = file_mkdir(store_kind_fd(store, STORE_CONTAINER), "c0", 0700);
	if (rc >= 0)
		rc = file_open_dir(store_kind_fd(store, STORE_CONTAINER), "c0", &fd);
	if (rc >= 0)
		rc = file_create(fd, "definition.json", 0600, "{}", 2, 0);
	return rc < 0 ? err_sys(err, -rc, "cannot make a container") : 0;
}

static int count_operations(fixture_step *step)
{
	auto_free char *log = mem_printf("%s/log", fixture_root);
	char line[600];
	int count = 0;
	assert_int_equal(fixture_run(step, NULL, log), 0);
	FILE *file = fopen(log, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		count++;
	fclose(file);
	return count;
}

static void sweep(fixture_step *step, fixture_step *seen)
{
	static const char *const whats[] = { "fail", "short", "kill" };
	fixture_new();
	assert_int_equal(fixture_run(fill_container, NULL, NULL), 0);
	int count = count_operations(step);
	fixture_drop();
	assert_true(count > 0);
	for (size_t w = 0; w < ARRAY_LEN(whats); w++) {
		for (int n = 1; n <= count; n++) {
			auto_free char *fault = mem_printf("%s@%d", whats[w], n);
			fixture_new();
			assert_int_equal(fixture_run(fill_container, NULL, NULL), 0);
			int rc = fixture_run(step, fault, NULL);
			print_message("%s\r", fault);
			assert_true(rc == 0 || rc == 1 || rc == 128 + SIGKILL);
			if (w == 2)
				assert_int_equal(rc, 128 + SIGKILL);
			if (rc == 0) /* what was acknowledged is there */
				assert_int_equal(fixture_run(seen, NULL, NULL), 0);
			assert_int_equal(fixture_run(fixture_undamaged, NULL, NULL), 0);
			assert_int_equal(fixture_run(step, NULL, NULL), 0);
			assert_int_equal(fixture_run(seen, NULL, NULL), 0);
			assert_int_equal(fixture_run(fixture_undamaged, NULL, NULL), 0);
			fixture_drop();
		}
	}
}

#define SWEEP(name)                                   \
	static void test_##name(void **state)         \
	{                                             \
		sweep(do_##name, seen_##name);        \
	}
SWEEP(publish)
SWEEP(trash)
SWEEP(tag)
SWEEP(untag)
SWEEP(remove)
SWEEP(put)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_publish), cmocka_unit_test(test_trash),  cmocka_unit_test(test_tag),
		cmocka_unit_test(test_untag),	cmocka_unit_test(test_remove), cmocka_unit_test(test_put),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
