/* --format's templates and the columns of tables. */
#include "cli/format.h"

#include "codec/json.h"
#include "codec/json_parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const char object[] = "{\"Id\":\"abc\",\"N\":5,\"Nil\":null,\"On\":true,\"Names\":[\"a\",\"b\"],"
			     "\"Labels\":{\"x\":\"y\",\"a\":\"b\"},\"Config\":{\"Env\":[],\"Cmd\":[\"sh\"]}}";

static const struct {
	const char *format, *expect; /* '!' begins an error */
} cases[] = {
	{ "", "" },
	{ "text", "text" },
	{ "{{.Id}}", "abc" },
	{ "{{ .Id }}", "abc" },
	{ "<{{.Id}}> {{.N}}", "<abc> 5" },
	{ "{{.Nil}}", "<nil>" },
	{ "{{.On}}", "true" },
	{ "{{.Names}}", "[a b]" },
	{ "{{.Labels}}", "map[a:b x:y]" },
	{ "{{.Config.Cmd}}", "[sh]" },
	{ "{{.Config.Env}}", "[]" },
	{ "{{json .Names}}", "[\"a\",\"b\"]" },
	{ "{{json .Config.Cmd}}", "[\"sh\"]" },
	{ "{{\"x\"}}", "x" },
	{ "{{.Nope}}", "!template: t: executing \"t\" at <.Nope>: can't evaluate field Nope" },
	{ "{{.Config.Nope}}", "!template: t: executing \"t\" at <.Config.Nope>: can't evaluate field Nope" },
	{ "{{.Id.X}}", "!template: t: executing \"t\" at <.Id.X>: can't evaluate field X" },
	{ "{{.Id", "!template: t:1: unclosed action" },
};

static void test_render(void **state)
{
	(void)state;
	auto_ptr(json) value = NULL;
	struct err err = { 0 };
	assert_int_equal(json_parse(object, strlen(object), 16, 0, &value, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_str out = { 0 };
		struct err why = { 0 };
		if (format_render("t", cases[i].format, value, &out, &why) < 0) {
			str_cut(&out, 0);
			str_addf(&out, "!%s", why.text);
		}
		assert_string_equal(str_text(&out), cases[i].expect);
	}
}

static void test_clean(void **state)
{
	(void)state;
	static const struct { const char *format, *clean; bool table; } rows[] = {
		{ "{{.A}}", "{{.A}}", false },	     { "table {{.A}}\\t{{.B}}", "{{.A}}\t{{.B}}", true },
		{ "{{.A}}\\n", "{{.A}}\n", false },  { "table", "table", false },
		{ "tablet", "tablet", false },	     { "  json", "json", false },
		{ "table  {{.A}} {{.B}}x", "{{.A}}\t{{.B}}x", true },  { "table {{ .A }}", "{{\t.A\t}}", true },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool table;
		auto_free char *clean = format_clean_dup(rows[i].format, &table);
		assert_string_equal(clean, rows[i].clean);
		assert_int_equal(table, rows[i].table);
	}
}

static void test_columns(void **state)
{
	(void)state;
	auto_str out = { 0 };
	format_columns(&out, "NAMES\tIMAGE\tSTATUS\na\tlocalhost/bb:latest\tUp\n\xc3\xa9\t\tx\n");
	assert_string_equal(str_text(&out), "NAMES       IMAGE                STATUS\n"
					    "a           localhost/bb:latest  Up\n"
					    "\xc3\xa9                                x\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_render), cmocka_unit_test(test_clean), cmocka_unit_test(test_columns) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
