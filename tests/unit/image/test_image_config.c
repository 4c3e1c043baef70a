/* test_image_config.c - the configuration: what is read, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "base/str.h"
#include "image/image_config.h"

#include <string.h>

#define Z64 "0000000000000000000000000000000000000000000000000000000000000000"
#define ROOTFS "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" Z64 "\"]}"

static const char full[] =
	"{\"created\":\"2015-10-31T22:22:56.015925234Z\",\"author\":\"A <a@b>\",\"architecture\":\"arm64\",\"os\":\"linux\",\"variant\":\"v8\","
	"\"config\":{\"User\":\"alice\",\"ExposedPorts\":{\"8080/tcp\":{},\"53/udp\":{}},\"Env\":[\"PATH=/bin\",\"FOO=a=b\"],"
	"\"Entrypoint\":[\"/bin/app\"],\"Cmd\":[\"--x\"],\"Volumes\":{\"/var/x\":{}},\"WorkingDir\":\"/home\",\"Labels\":{\"k\":\"v\"},"
	"\"StopSignal\":\"SIGINT\",\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"],\"Interval\":30000000000,\"Retries\":3},"
	"\"Shell\":[\"/bin/sh\",\"-c\"],\"OnBuild\":null,\"Unknown\":{}},"
	ROOTFS ",\"history\":[{\"created\":\"2015-10-31T22:22:54.690851953Z\",\"created_by\":\"ADD x\"},"
	"{\"created_by\":\"CMD y\",\"empty_layer\":true,\"comment\":\"c\"}]}";

static void test_full(void **state)
{
	auto_val(image_config) c = { 0 };
	struct err err = { 0 };

	if (image_config_parse(full, strlen(full), &c, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(c.created_ns == 1446330176015925234LL);
	assert_string_equal(c.architecture, "arm64");
	assert_string_equal(c.variant, "v8");
	assert_string_equal(c.run.user, "alice");
	assert_string_equal(strv_env_get(c.run.env, "FOO"), "a=b");
	assert_string_equal(c.run.entrypoint[0], "/bin/app");
	assert_string_equal(c.run.cmd[0], "--x");
	assert_string_equal(c.run.volumes[0], "/var/x");
	assert_int_equal(strv_len(c.run.exposed_ports), 2);
	assert_string_equal(c.run.working_dir, "/home");
	assert_string_equal(c.run.labels[0], "k=v");
	assert_string_equal(c.run.stop_signal, "SIGINT");
	assert_non_null(c.run.health);
	assert_true(c.run.health->interval_ns == 30000000000LL);
	assert_int_equal(c.run.health->retries, 3);
	assert_int_equal(c.history_count, 2);
	assert_true(c.history[1].empty_layer);
	assert_string_equal(c.rootfs.diff_ids[0], "sha256:" Z64);
}

static const struct row {
	const char *text;
	enum err_kind kind;
	const char *told;
} rows[] = {
	{ "{" ROOTFS "}", ERR_NONE, "" },
	{ "{\"config\":null," ROOTFS "}", ERR_NONE, "" },
	{ "{\"config\":{\"Env\":null,\"Cmd\":null,\"Volumes\":null,\"Labels\":null}," ROOTFS "}", ERR_NONE, "" },
	{ "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}", ERR_NONE, "" },
	{ "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":null}}", ERR_NONE, "" },
	{ "{\"history\":[]," ROOTFS "}", ERR_NONE, "" },
	{ "{\"config\":{\"env\":[\"A=b\"]}," ROOTFS "}", ERR_NONE, "" },
	{ "{\"container_config\":{\"Cmd\":[\"x\"]},\"id\":\"x\",\"parent\":\"y\"," ROOTFS "}", ERR_NONE, "" },
	{ "", ERR_INVALID, "" },
	{ "hello", ERR_INVALID, "" },
	{ "[]", ERR_INVALID, "" },
	{ "null", ERR_INVALID, "" },
	{ "{}", ERR_INVALID, "rootfs" },
	{ "{\"rootfs\":null}", ERR_INVALID, "rootfs" },
	{ "{\"rootfs\":[]}", ERR_INVALID, "rootfs" },
	{ "{\"rootfs\":{}}", ERR_INVALID, "type" },
	{ "{\"rootfs\":{\"type\":\"layers+base\",\"diff_ids\":[]}}", ERR_INVALID, "rootfs.type" },
	{ "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:../../x\"]}}", ERR_INVALID, "diff-id" },
	{ "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[7]}}", ERR_INVALID, "diff_ids" },
	{ "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":{}}}", ERR_INVALID, "diff_ids" },
	{ "{\"config\":[]," ROOTFS "}", ERR_INVALID, "config" },
	{ "{\"config\":{\"Env\":\"A=b\"}," ROOTFS "}", ERR_INVALID, "Env" },
	{ "{\"config\":{\"Env\":[7]}," ROOTFS "}", ERR_INVALID, "Env" },
	{ "{\"config\":{\"Env\":[\"=x\"]}," ROOTFS "}", ERR_INVALID, "Env" },
	{ "{\"config\":{\"Cmd\":\"sh\"}," ROOTFS "}", ERR_INVALID, "Cmd" },
	{ "{\"config\":{\"Cmd\":[\"a\\u0000b\"]}," ROOTFS "}", ERR_INVALID, "NUL" },
	{ "{\"config\":{\"User\":0}," ROOTFS "}", ERR_INVALID, "User" },
	{ "{\"config\":{\"Labels\":[]}," ROOTFS "}", ERR_INVALID, "Labels" },
	{ "{\"config\":{\"Volumes\":[]}," ROOTFS "}", ERR_INVALID, "Volumes" },
	{ "{\"created\":\"yesterday\"," ROOTFS "}", ERR_INVALID, "created" },
	{ "{\"history\":[{}],\"history\":[]," ROOTFS "}", ERR_INVALID, "" },
	{ "{\"history\":[{\"empty_layer\":true}]," ROOTFS "}", ERR_INVALID, "history" },
	{ "{\"history\":[{},{}]," ROOTFS "}", ERR_INVALID, "history" },
	{ "{" ROOTFS "} x", ERR_INVALID, "" },
};

static void test_table(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_val(image_config) c = { 0 };
		struct err err = { 0 };

		int r = image_config_parse(rows[i].text, strlen(rows[i].text), &c, &err);

		if (err.kind != rows[i].kind || (r < 0) != (err.kind != ERR_NONE))
			fail_msg("row %zu: kind %d: %s\n%s", i, (int)err.kind, err.text, rows[i].text);
		if (!strstr(err.text, rows[i].told))
			fail_msg("row %zu: '%s' lacks '%s'", i, err.text, rows[i].told);
	}
}

static void test_limits(void **state)
{
	auto_str text = { 0 };
	auto_val(image_config) ok = { 0 }, big = { 0 };
	struct err err = { 0 };

	str_add(&text, "{" ROOTFS "}");
	while (text.len < LIMIT_MANIFEST_BYTES)
		str_add_char(&text, '\n');
	assert_int_equal(image_config_parse(text.data, text.len, &ok, &err), 0);
	str_add_char(&text, '\n');
	assert_true(image_config_parse(text.data, text.len, &big, &err) < 0);
	assert_int_equal(err.kind, ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
