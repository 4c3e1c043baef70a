/* test_volume_record.c - options of volumes as they are typed, and the record that keeps them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "codec/json.h"
#include "engine/volume_record.h"

static const struct options_row {
	const char *typed;    /* words between tabs */
	enum err_kind refused;
	const char *kept;     /* sorted, between tabs */
	enum volume_kind kind;
	uint32_t uid, gid;
} options[] = {
	{ "", ERR_NONE, "" },
	{ "o=uid=33,gid=44", ERR_NONE, "GID=44\tUID=33\to=uid=33,gid=44", VOLUME_PLAIN, 33, 44 },
	{ "o=noquota", ERR_NONE, "NOQUOTA=true" },
	{ "type=tmpfs", ERR_NONE, "type=tmpfs", VOLUME_TMPFS },
	{ "type=tmpfs\to=size=5m,nodev", ERR_NONE, "SIZE=5m\to=size=5m,nodev\ttype=tmpfs", VOLUME_TMPFS },
	{ "type=none\to=bind\tdevice=/", ERR_NONE, "device=/\to=bind\ttype=none", VOLUME_BIND },
	{ "type=bind\tdevice=/", ERR_NONE, "device=/\ttype=bind", VOLUME_BIND },
	{ "o=rbind\tdevice=/nonexist", ERR_NONE, "device=/nonexist\to=rbind", VOLUME_BIND },
	{ "type=bind\tdevice=/nonexist", ERR_NOT_FOUND },
	{ "type=none\to=bind\tdevice=relative", ERR_USAGE },
	{ "type=none\to=bind", ERR_USAGE },
	{ "type=nfs\tdevice=host:/x", ERR_UNSUPPORTED },
	{ "device=/dev/sda1", ERR_UNSUPPORTED },
	{ "o=nodev", ERR_UNSUPPORTED },
	{ "o=size=5m", ERR_UNSUPPORTED },
	{ "size=5m", ERR_UNSUPPORTED },
	{ "nocopy", ERR_UNSUPPORTED },
	{ "uid=3", ERR_UNSUPPORTED },
	{ "o=uid=abc", ERR_USAGE },
	{ "o=uid=4294967295", ERR_USAGE },
	{ "Type=tmpfs", ERR_USAGE },
	{ "=x", ERR_USAGE },
};

static void test_options(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		const struct options_row *row = &options[i];
		auto_ptr(volume) v = mem_alloc(sizeof(*v));
		auto_strv words = strv_split(row->typed, '\t');
		struct err err = { 0 };
		int rc = volume_record_options(v, words, &err);
		assert_int_equal(err.kind, row->refused);
		assert_int_equal(rc < 0, row->refused != ERR_NONE);
		if (rc < 0)
			continue;
		strv_sort(v->options);
		auto_free char *kept = strv_join(v->options, "\t");
		assert_string_equal(kept ? kept : "", row->kept);
		assert_int_equal(volume_record_kind(v), row->kind);
		assert_int_equal(v->uid, row->uid);
		assert_int_equal(v->gid, row->gid);
		assert_int_equal(v->owned, row->uid || row->gid);
	}
}

static void test_kept(void **state)
{
	auto_ptr(volume) v = mem_alloc(sizeof(*v));
	auto_ptr(volume) back = NULL;
	struct err err = { 0 };
	(void)state;
	v->name = mem_strdup("v1");
	v->owner = mem_strdup("abc");
	v->created_ns = 1234567890123456789;
	v->anonymous = v->owned = true;
	v->uid = 3;
	v->gid = 4294967294;
	strv_add(&v->labels, "a=b=c");
	strv_add(&v->labels, "z=");
	strv_add(&v->options, "type=tmpfs");
	auto_ptr(json) record = volume_record_new(v);
	assert_int_equal(volume_record_from(record, &back, &err), 0);
	assert_string_equal(back->name, "v1");
	assert_string_equal(back->owner, "abc");
	assert_true(back->created_ns == v->created_ns && back->anonymous && back->owned);
	assert_true(back->uid == 3 && back->gid == 4294967294);
	assert_string_equal(back->labels[0], "a=b=c");
	assert_string_equal(back->labels[1], "z=");
	assert_string_equal(back->options[0], "type=tmpfs");
}

/* What a disk may have made of it. */
static void test_damaged(void **state)
{
	static const char *const names[] = { NULL, "", "v" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		auto_ptr(json) record = json_object_new();
		auto_ptr(volume) back = NULL;
		struct err err = { 0 };
		if (names[i])
			json_set_str(record, "name", names[i]);
		json_set_u64(record, "uid", (uint64_t)UINT32_MAX + 1);
		assert_int_equal(volume_record_from(record, &back, &err), -1);
		assert_int_equal(err.kind, ERR_CORRUPT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_options), cmocka_unit_test(test_kept), cmocka_unit_test(test_damaged) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
