/* test_secret_record.c - the record of a secret, its name's word, the sizes of data and what drivers want. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fd.h"
#include "base/limits.h"
#include "base/str.h"
#include "codec/json.h"
#include "engine/secret_driver.h"

#include <sys/mman.h>
#include <unistd.h>

static struct secret *secret_of(const char *driver, const char *options)
{
	struct secret *s = mem_alloc(sizeof(*s));
	s->id = mem_strdup("0123456789abcdef012345678");
	s->name = mem_strdup("a b");
	s->driver = mem_strdup(driver);
	s->created_ns = 1234567890123456789;
	s->updated_ns = 1234567890123456790;
	s->options = strv_split(options, '\t');
	return s;
}

static void test_kept(void **state)
{
	auto_ptr(secret) s = secret_of("shell", "list=a=b\tstore=");
	auto_ptr(secret) back = NULL;
	struct err err = { 0 };
	(void)state;
	strv_add(&s->labels, "x=y=z");
	auto_ptr(json) record = secret_record_new(s);
	assert_int_equal(secret_record_from(record, &back, &err), 0);
	assert_string_equal(back->id, s->id);
	assert_string_equal(back->name, "a b");
	assert_string_equal(back->driver, "shell");
	assert_true(back->created_ns == s->created_ns && back->updated_ns == s->updated_ns);
	assert_string_equal(strv_env_get(back->labels, "x"), "y=z");
	assert_string_equal(strv_env_get(back->options, "list"), "a=b");
	assert_string_equal(strv_env_get(back->options, "store"), "");
}

static void test_damaged(void **state)
{
	static const char *const needed[] = { "id", "name", "driver" };
	auto_ptr(secret) s = secret_of("file", "");
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
		auto_ptr(json) record = secret_record_new(s);
		auto_ptr(secret) back = NULL;
		struct err err = { 0 };
		json_del(record, needed[i]);
		assert_true(secret_record_from(record, &back, &err) < 0);
		assert_int_equal(err.kind, ERR_CORRUPT);
		assert_null(back);
	}
}

/* No two names have one word, and none begins with a point. */
static void test_name_words(void **state)
{
	static const char *const rows[][2] = { { "a", "a" }, { ".", "+." }, { "..", "+.." }, { ".x", "+.x" }, { "+.x", "++.x" }, { "+", "++" }, { "a.", "a." } };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_free char *word = secret_record_name_dup(rows[i][0]);
		assert_string_equal(word, rows[i][1]);
	}
}

static const struct driver_row {
	const char *driver, *options; /* options between tabs */
	enum err_kind refused;
} drivers[] = {
	{ "file", "", ERR_NONE },
	{ "file", "a=b", ERR_NONE },
	{ "file", "path=/x", ERR_UNSUPPORTED },
	{ "pass", "key=me", ERR_NONE },
	{ "shell", "list=a\tlookup=b\tstore=c\tdelete=d", ERR_NONE },
	{ "shell", "list=a\tlookup=b\tstore=c", ERR_USAGE },
	{ "shell", "list=a\tlookup=b\tstore=c\tdelete=", ERR_USAGE },
	{ "shell", "list=a\tlookup=b\tstore=c\tdelete=d\te=f", ERR_USAGE },
	{ "vault", "", ERR_USAGE },
};

static void test_drivers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(drivers); i++) {
		auto_ptr(secret) s = secret_of(drivers[i].driver, drivers[i].options);
		struct err err = { 0 };
		assert_int_equal(secret_driver_check(s, &err) < 0, drivers[i].refused != ERR_NONE);
		assert_int_equal(err.kind, drivers[i].refused);
	}
}

static bool fits(size_t len)
{
	struct err err = { 0 };
	const struct secret_data data = { .len = len };
	return secret_data_check(&data, &err) >= 0;
}

static void test_sizes(void **state)
{
	(void)state;
	assert_false(fits(0));
	assert_true(fits(1));
	assert_true(fits(LIMIT_SECRET_BYTES - 1));
	assert_false(fits(LIMIT_SECRET_BYTES));
}

/* What is larger than a secret may be is not read to its end. */
static void test_read_stops(void **state)
{
	auto_close int fd = memfd_create("test", MFD_CLOEXEC);
	auto_val(secret_data) data = { 0 };
	(void)state;
	assert_int_equal(ftruncate(fd, 10L * LIMIT_SECRET_BYTES), 0);
	assert_int_equal(secret_data_read(fd, &data), 0);
	assert_int_equal(data.len, LIMIT_SECRET_BYTES);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), LIMIT_SECRET_BYTES);
	assert_int_equal(data.bytes[data.len], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept),	cmocka_unit_test(test_damaged), cmocka_unit_test(test_name_words),
		cmocka_unit_test(test_drivers), cmocka_unit_test(test_sizes),	cmocka_unit_test(test_read_stops),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
