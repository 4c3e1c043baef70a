/* test_shape.c - a struct, its table, and the way there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "base/str.h"
#include "codec/json_parse.h"
#include "codec/shape.h"

struct port {
	char *ip;
	uint32_t number;
};

static const struct shape_field port_fields[] = {
	SHAPE_STRING(struct port, ip, "HostIp"),
	SHAPE_U32(struct port, number, "HostPort", .rule = SHAPE_OMIT_EMPTY),
};
static const struct shape port_shape = SHAPE(struct port, "types.Port", port_fields);

struct thing {
	char *id, *status;
	bool on;
	int code;
	int64_t small, created;
	uint64_t big;
	double ratio;
	char **env, **labels, **volumes;
	struct json *extra, *unknown;
	struct port main_port, *maybe;
	struct port *ports;
	size_t port_count;
};

static const struct shape_field thing_fields[] = {
	SHAPE_STRING(struct thing, id, "Id", .go = "ID", .rule = SHAPE_REQUIRED),
	SHAPE_BOOL(struct thing, on, "on", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_INT(struct thing, code, "code", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_I64(struct thing, small, "small", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_U64(struct thing, big, "big", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_F64(struct thing, ratio, "ratio", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_TIME(struct thing, created, "created", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRV(struct thing, env, "env", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_MAP(struct thing, labels, "labels", .rule = SHAPE_EMPTY_NULL),
	SHAPE_SET(struct thing, volumes, "volumes", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_JSON(struct thing, extra, "extra", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRUCT(struct thing, main_port, "main", struct port, &port_shape),
	SHAPE_POINTER(struct thing, maybe, "maybe", struct port, &port_shape, .rule = SHAPE_OMIT_EMPTY),
	SHAPE_ARRAY(struct thing, ports, port_count, "ports", struct port, &port_shape),
	SHAPE_STRING(struct thing, status, "Status", .rule = SHAPE_FORMAT_ONLY),
};
static const struct shape thing_shape = SHAPE(struct thing, "test.Thing", thing_fields, .keep_unknown = true,
					      .unknown_offset = offsetof(struct thing, unknown));
static const struct shape any_case_shape = SHAPE(struct thing, "test.Thing", thing_fields, .any_case = true);

static int parse(const struct shape *shape, const char *text, struct thing *thing, struct err *err)
{
	return shape_parse(shape, text, strlen(text), LIMIT_JSON_DEPTH, 0, thing, err);
}

static const char full[] =
	"{\"Id\":\"x\",\"on\":true,\"code\":-5,\"small\":-9223372036854775808,\"big\":18446744073709551615,\"ratio\":0.5,"
	"\"created\":\"2026-01-02T03:04:05.123456789Z\",\"env\":[\"A=1\",\"B\"],\"labels\":{\"a\":\"=\",\"a.b\":\"\"},"
	"\"volumes\":{\"/a\":{},\"/a.b\":{}},\"extra\":[1,{\"k\":1.50}],\"main\":{\"HostIp\":\"1.2.3.4\",\"HostPort\":80},"
	"\"maybe\":{\"HostIp\":\"\"},\"ports\":[{\"HostIp\":\"a\",\"HostPort\":4294967295},{\"HostIp\":\"b\"}],"
	"\"future\":{\"x\":1}}";

static void test_there_and_back(void **state)
{
	struct thing thing = { 0 };
	struct err err = { 0 };
	auto_str out = { 0 };

	assert_int_equal(parse(&thing_shape, full, &thing, &err), 0);
	assert_string_equal(thing.id, "x");
	assert_true(thing.big == UINT64_MAX && thing.small == INT64_MIN && thing.code == -5 && thing.on);
	assert_string_equal(strv_env_get(thing.labels, "a"), "=");
	assert_int_equal(thing.port_count, 2);
	assert_int_equal(thing.ports[0].number, UINT32_MAX);
	assert_string_equal(thing.ports[1].ip, "b");
	assert_string_equal(thing.volumes[1], "/a.b");
	shape_write(&thing_shape, &thing, &out, NULL);
	assert_string_equal(str_text(&out), full);
	shape_done(&thing_shape, &thing);
	assert_null(thing.id);
	assert_null(thing.ports);
}

static void test_zero_struct(void **state)
{
	struct thing thing = { 0 };
	auto_str out = { 0 }, all = { 0 };
	auto_ptr(json) everything = shape_encode_new(&thing_shape, &thing, SHAPE_ENCODE_ALL);

	shape_write(&thing_shape, &thing, &out, NULL);
	assert_string_equal(str_text(&out), "{\"Id\":\"\",\"labels\":null,\"main\":{\"HostIp\":\"\"},\"ports\":[]}");
	json_write(&all, everything, NULL);
	assert_string_equal(str_text(&all),
			    "{\"Id\":\"\",\"on\":false,\"code\":0,\"small\":0,\"big\":0,\"ratio\":0,\"created\":"
			    "\"0001-01-01T00:00:00Z\",\"env\":[],\"labels\":null,\"volumes\":{},\"extra\":null,\"main\":"
			    "{\"HostIp\":\"\",\"HostPort\":0},\"maybe\":null,\"ports\":[],\"Status\":\"\"}");
}

static void test_null_leaves_zero(void **state)
{
	struct thing thing = { 0 };
	struct err err = { 0 };

	assert_int_equal(parse(&thing_shape,
			       "{\"Id\":\"x\",\"on\":null,\"env\":null,\"labels\":null,\"main\":null,\"maybe\":null,"
			       "\"ports\":null,\"created\":null,\"extra\":null,\"Status\":\"kept as unknown\"}",
			       &thing, &err),
			 0);
	assert_null(thing.env);
	assert_null(thing.maybe);
	assert_null(thing.status);
	assert_true(json_has(thing.unknown, "Status"));
	shape_done(&thing_shape, &thing);
}

static void test_times(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} rows[] = {
		{ "0001-01-01T00:00:00Z", 0 },
		{ "1970-01-01T00:00:00Z", 1 },
		{ "1970-01-01T00:00:01Z", 1000000000 },
		{ "2026-11-23T17:41:49.530456158Z", 1795455709530456158 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_free char *text = mem_printf("{\"Id\":\"x\",\"created\":\"%s\"}", rows[i].text);
		auto_ptr(json) back = NULL;
		struct thing thing = { 0 };
		struct err err = { 0 };

		assert_int_equal(parse(&thing_shape, text, &thing, &err), 0);
		assert_true(thing.created == rows[i].ns);
		back = shape_encode_new(&thing_shape, &thing, SHAPE_ENCODE_ALL);
		assert_string_equal(json_get_str(back, "created", ""), rows[i].text);
		shape_done(&thing_shape, &thing);
	}
}

static void test_errors_name_the_path(void **state)
{
	static const struct {
		const char *text, *sentence;
	} rows[] = {
		{ "[]", "an object is expected, not an array" },
		{ "{}", "member 'Id': it is missing" },
		{ "{\"Id\":null}", "member 'Id': it is missing" },
		{ "{\"Id\":5}", "member 'Id': a string is expected, not a number" },
		{ "{\"Id\":\"a\\u0000b\"}", "member 'Id': a string without NUL is expected" },
		{ "{\"Id\":\"\",\"on\":1}", "member 'on': true or false is expected, not a number" },
		{ "{\"Id\":\"\",\"code\":2147483648}", "member 'code': a number out of range" },
		{ "{\"Id\":\"\",\"code\":-2147483649}", "member 'code': a number out of range" },
		{ "{\"Id\":\"\",\"code\":1.0}", "member 'code': a whole number of at most 64 bits is expected" },
		{ "{\"Id\":\"\",\"big\":-1}", "member 'big': a number out of range" },
		{ "{\"Id\":\"\",\"small\":9223372036854775808}", "member 'small': a number out of range" },
		{ "{\"Id\":\"\",\"ratio\":\"1\"}", "member 'ratio': a number is expected, not a string" },
		{ "{\"Id\":\"\",\"created\":\"yesterday\"}", "member 'created': a time as in RFC 3339 is expected" },
		{ "{\"Id\":\"\",\"env\":{}}", "member 'env': an array is expected, not an object" },
		{ "{\"Id\":\"\",\"env\":[\"a\",1]}", "member 'env[1]': a string is expected, not a number" },
		{ "{\"Id\":\"\",\"labels\":{\"a\":[]}}", "member 'labels.a': a string is expected, not an array" },
		{ "{\"Id\":\"\",\"labels\":{\"a=b\":\"\"}}", "member 'labels.a=b': a name without '=' is expected" },
		{ "{\"Id\":\"\",\"volumes\":[]}", "member 'volumes': an object is expected, not an array" },
		{ "{\"Id\":\"\",\"main\":\"80\"}", "member 'main': an object is expected, not a string" },
		{ "{\"Id\":\"\",\"maybe\":{\"HostPort\":4294967296}}", "member 'maybe.HostPort': a number out of range" },
		{ "{\"Id\":\"\",\"ports\":[{},{\"HostIp\":1}]}", "member 'ports[1].HostIp': a string is expected, not a number" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct thing thing = { 0 }, zero = { 0 };
		struct err err = { 0 };

		assert_true(parse(&thing_shape, rows[i].text, &thing, &err) < 0);
		assert_string_equal(err.text, rows[i].sentence);
		assert_int_equal(err.kind, ERR_INVALID);
		assert_memory_equal(&thing, &zero, sizeof(zero));
	}
}

static void test_case_of_names(void **state)
{
	struct thing thing = { 0 };
	struct err err = { 0 };

	assert_int_equal(parse(&any_case_shape, "{\"ID\":\"x\",\"CODE\":3}", &thing, &err), 0);
	assert_int_equal(thing.code, 3);
	shape_done(&any_case_shape, &thing);
	assert_true(parse(&any_case_shape, "{\"Id\":\"x\",\"code\":3,\"Code\":4}", &thing, &err) < 0);
	assert_string_equal(err.text, "member 'Code': it is given twice, in different case");
	err_clear(&err);
	assert_true(parse(&thing_shape, "{\"ID\":\"x\"}", &thing, &err) < 0);
}

static void test_find(void **state)
{
	assert_ptr_equal(shape_find(&thing_shape, "ID"), &thing_fields[0]);
	assert_null(shape_find(&thing_shape, "Id"));
	assert_null(shape_find(&thing_shape, "id"));
	assert_non_null(shape_find(&thing_shape, "Status"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),	   cmocka_unit_test(test_zero_struct),
		cmocka_unit_test(test_null_leaves_zero),   cmocka_unit_test(test_times),
		cmocka_unit_test(test_errors_name_the_path), cmocka_unit_test(test_case_of_names),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
