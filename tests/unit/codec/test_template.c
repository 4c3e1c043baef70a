/* test_template.c - templates; the results were recorded from Podman 5.8.6: podman info --format TEMPLATE. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "codec/json.h"
#include "codec/json_parse.h"
#include "codec/template.h"

static const char object[] =
	"{\"Id\":\"abc\",\"N\":5,\"Big\":18446744073709551615,\"F\":1.5,\"Nil\":null,\"On\":true,\"Names\":[\"a\",\"b\"],"
	"\"Labels\":{\"x\":\"y\",\"a.b\":\"c\"},\"Config\":{\"Env\":[],\"Cmd\":[\"sh\",\"-c\"]},\"Mounts\":[{\"Dst\":\"/a\"},{\"Dst\":\"/b\"}]}";

struct row {
	const char *text, *expect; /* '!' begins an error */
};

static void run_rows_on(const struct json *value, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		auto_str out = { 0 };
		auto_ptr(template) t = NULL;
		struct err why = { 0 };
		if (template_parse("t", rows[i].text, &t, &why) < 0 || template_run(t, value, &out, &why) < 0) {
			str_cut(&out, 0);
			str_addf(&out, "!%s", why.text);
		}
		if (strcmp(str_text(&out), rows[i].expect) != 0)
			fail_msg("'%s' gives '%s', not '%s'", rows[i].text, str_text(&out), rows[i].expect);
	}
}

static void run_rows(const struct row *rows, size_t count)
{
	auto_ptr(json) value = NULL;
	struct err err = { 0 };
	assert_int_equal(json_parse(object, strlen(object), 16, 0, &value, &err), 0);
	run_rows_on(value, rows, count);
}

static void test_recorded(void **state)
{
	static const struct row rows[] = {
		{ "{{printf \"%5s|%-5s|%05d|%x|%X|%q|%v\" \"a\" \"b\" 42 255 255 \"q\\\"\" true}}", "    a|b    |00042|ff|FF|\"q\\\"\"|true" },
		{ "{{printf \"%.2f %t %d\" 1.5 true 7}}", "1.50 true 7" },
		{ "{{printf \"%d\" \"x\"}}", "%!d(string=x)" },
		{ "{{printf \"%s\" 5}}", "%!s(int=5)" },
		{ "{{printf \"%s %s\" \"a\"}}", "a %!s(MISSING)" },
		{ "{{printf \"%%\"}}", "%" },
		{ "{{printf \"%6.2f|%-8v|%+d\" 3.14159 \"x\" 5}}", "  3.14|x       |+5" },
		{ "{{printf \"%3d|%-3d|%03d\" 5 5 5}}", "  5|5  |005" },
		{ "{{printf \"%x\" \"hi\"}}", "6869" },
		{ "{{print 1 2 \"a\" \"b\" 3}}", "1 2ab3" },
		{ "{{print \"a\" \"b\"}}", "ab" },
		{ "{{print 1.0 true}}", "1 true" },
		{ "{{println \"a\" 1}}", "a 1\n" },
		{ "{{len \"abc\"}}", "3" },
		{ "{{len \"\xc3\xa9\"}}", "2" },
		{ "{{eq 1 1}} {{eq 1 2}} {{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt 1 2}} {{ge 2 3}}", "true false true true true false false" },
		{ "{{eq \"a\" \"b\" \"a\"}}", "true" },
		{ "{{lt \"a\" \"b\"}}", "true" },
		{ "{{and 1 0}} {{and 1 2}} {{or 0 3}} {{or 0 \"\"}}|", "0 2 3 |" },
		{ "{{not true}} {{not 0}} {{not \"x\"}}", "false true false" },
		{ "{{if true}}a{{else}}b{{end}}", "a" },
		{ "{{if false}}a{{else if true}}b{{else}}c{{end}}", "b" },
		{ "{{if eq 1 2}}a{{else if eq 1 3}}b{{else}}c{{end}}", "c" },
		{ "{{if and true (not false)}}y{{end}}", "y" },
		{ "{{with \"x\"}}{{.}}{{end}}", "x" },
		{ "{{with \"\"}}a{{else}}b{{end}}", "b" },
		{ "{{with $a := \"q\"}}{{$a}}{{.}}{{end}}", "qq" },
		{ "{{$x := 5}}{{$x}}", "5" },
		{ "{{$x := \"a\"}}{{$x = \"b\"}}{{$x}}", "b" },
		{ "{{range $i, $v := split \"a:b:c\" \":\"}}{{$i}}={{$v}} {{end}}", "0=a 1=b 2=c " },
		{ "{{range split \"a:b\" \":\"}}<{{.}}>{{end}}", "<a><b>" },
		{ "{{range $v := split \"a:b\" \":\"}}<{{$v}}>{{end}}", "<a><b>" },
		{ "{{range split \"\" \":\"}}<{{.}}>{{else}}none{{end}}", "<>" },
		{ "{{range 5}}x{{end}}", "xxxxx" },
		{ "{{join (split \"a:b\" \":\") \",\"}}", "a,b" },
		{ "{{split \"a:b\" \":\"}}", "[a b]" },
		{ "{{upper \"aB\"}} {{lower \"aB\"}} {{title \"ab cd\"}}", "AB ab Ab Cd" },
		{ "{{\"aB\" | upper}}", "AB" },
		{ "{{\"aB\" | upper | lower | printf \"%s!\"}}", "ab!" },
		{ "{{(index (split \"a:b\" \":\") 0) | upper}}", "A" },
		{ "{{truncate \"abcdef\" 3}}", "abc" },
		{ "{{pad \"x\" 1 2}}|", " x  |" },
		{ "{{json \"a<b\"}}", "\"a<b\"" },
		{ "{{json (split \"a:b\" \":\")}}", "[\"a\",\"b\"]" },
		{ "{{index (split \"a:b\" \":\") 1}}", "b" },
		{ "{{slice \"abcdef\" 1 3}}", "bc" },
		{ "{{len (split \"a:b:c\" \":\")}}", "3" },
		{ "a {{- \"b\" -}} c", "abc" },
		{ "a {{/* c */}} b", "a  b" },
		{ "a {{- /* c */ -}} b", "ab" },
		{ "{{`raw\\n`}}", "raw\\n" },
		{ "{{\"tab\\there\"}}", "tab\there" },
		{ "{{true}}", "true" },
		{ "{{1.50}}", "1.5" },
	};
	run_rows(rows, ARRAY_LEN(rows));
}

static void test_values(void **state)
{
	static const struct row rows[] = {
		{ "", "" }, { "text", "text" }, { "{{.Id}}", "abc" }, { "<{{ .Id }}> {{.N}}", "<abc> 5" }, { "{{.F}}", "1.5" },
		{ "{{.Big}}", "18446744073709551615" }, { "{{.Nil}}", "<nil>" }, { "{{.On}}", "true" }, { "{{.Names}}", "[a b]" },
		{ "{{.Labels}}", "map[a.b:c x:y]" }, { "{{.Labels.x}}", "y" }, { "{{.Labels.nope}}", "<no value>" },
		{ "{{index .Labels \"a.b\"}}", "c" }, { "{{index .Labels \"nope\"}}|", "|" }, { "{{.Config.Cmd}}", "[sh -c]" },
		{ "{{.Config.Env}}", "[]" }, { "{{json .Config}}", "{\"Env\":[],\"Cmd\":[\"sh\",\"-c\"]}" }, { "{{json .Nil}}", "null" },
		{ "{{range .Mounts}}{{.Dst}} {{$.Id}};{{end}}", "/a abc;/b abc;" },
		{ "{{range $k, $v := .Labels}}{{$k}}={{$v}},{{end}}", "a.b=c,x=y," },
		{ "{{range .Config.Env}}x{{else}}none{{end}}", "none" }, { "{{with .Config}}{{len .Cmd}}{{end}}", "2" },
		{ "{{if .Nil}}a{{else}}b{{end}}", "b" }, { "{{(index .Mounts 1).Dst}}", "/b" }, { "{{index .Mounts 0 \"Dst\"}}", "/a" },
		{ "{{if eq .Id \"abc\"}}yes{{end}}", "yes" }, { "{{.Names | json}}", "[\"a\",\"b\"]" },
	};
	run_rows(rows, ARRAY_LEN(rows));
}

static void test_errors(void **state)
{
	static const struct row rows[] = {
		{ "{{.Nope}}", "!template: t: executing \"t\" at <.Nope>: can't evaluate field Nope" },
		{ "{{.Config.Nope}}", "!template: t: executing \"t\" at <.Config.Nope>: can't evaluate field Nope" },
		{ "{{.Id.X}}", "!template: t: executing \"t\" at <.Id.X>: can't evaluate field X" },
		{ "{{.Nil.X}}", "!template: t: executing \"t\" at <.Nil.X>: nil pointer evaluating .X" },
		{ "{{.Id", "!template: t:1: unclosed action" },
		{ "a\n{{nope 1}}", "!template: t:2: function \"nope\" not defined" },
		{ "{{if true}}x", "!template: t:1: unexpected EOF" },
		{ "{{end}}", "!template: t:1: unexpected {{end}}" },
		{ "{{else}}", "!template: t:1: unexpected {{else}}" },
		{ "{{if true}}{{else}}{{else}}{{end}}", "!template: t:1: expected end; found {{else}}" },
		{ "{{upper}}", "!template: t: wrong number of args for upper: want 1 got 0" },
		{ "{{$y}}", "!template: t: undefined variable \"$y\"" },
		{ "{{range $v := .Names}}{{end}}{{$v}}", "!template: t: undefined variable \"$v\"" },
		{ "{{eq 1 \"a\"}}", "!template: t: error calling eq: incompatible types for comparison" },
		{ "{{index .Names 5}}", "!template: t: error calling index: index out of range: 5" },
		{ "{{range .Id}}x{{end}}", "!template: t: range can't iterate over a string" },
		{ "{{\"abc}}", "!template: t:1: unclosed action" },
		{ "{{printf \"%s\" (\"a\"}}", "!template: t:1: unclosed left paren" },
		{ "{{}}", "!template: t:1: missing value for command" },
		{ "{{.Id | \"x\"}}", "!template: t:1: non executable command in pipeline" },
		{ "{{.Id .N}}", "!template: t: executing \"t\" at <.Id>: Id has arguments but cannot be invoked as function" },
		{ "{{define \"x\"}}{{end}}", "!template: t: 'define' is not done: write the text out" },
		{ "{{range 10000000}}x{{end}}", "!template: t: range over more than 1000000" },
		{ "{{.Id}{{.N}}", "!template: t:1: unexpected '}' in command" },
	};
	run_rows(rows, ARRAY_LEN(rows));
}

static void test_limits(void **state)
{
	auto_str deep = { 0 };
	auto_ptr(template) t = NULL;
	struct err err = { 0 };
	for (int i = 0; i < 64; i++)
		str_add(&deep, "{{if true}}");
	for (int i = 0; i < 64; i++)
		str_add(&deep, "{{end}}");
	assert_int_equal(template_parse("t", str_text(&deep), &t, &err), 0);
	auto_str deeper = { 0 };
	str_addf(&deeper, "{{if true}}%s{{end}}", str_text(&deep));
	auto_ptr(template) none = NULL;
	assert_true(template_parse("t", str_text(&deeper), &none, &err) < 0);
	assert_int_equal(err.kind, ERR_LIMIT);
	err_clear(&err);
	auto_str parens = { 0 };
	str_add(&parens, "{{");
	for (int i = 0; i < 10000; i++)
		str_add_char(&parens, '(');
	str_add(&parens, "}}");
	assert_true(template_parse("t", str_text(&parens), &none, &err) < 0);
	assert_int_equal(err.kind, ERR_LIMIT);
	err_clear(&err);
	auto_str longer = { 0 };
	for (int i = 0; i <= 64 << 10; i++)
		str_add_char(&longer, 'x');
	assert_true(template_parse("t", str_text(&longer), &none, &err) < 0);
	assert_int_equal(err.kind, ERR_LIMIT);
}

/* What a template knows of a value beyond JSON: a time, a method that takes a key, a free-form map, members left out. */
static void test_roles(void **state)
{
	static const struct row rows[] = {
		{ "{{.T}} {{json .T}} {{.T.Year}} {{.T.UTC.Hour}}", "2026-01-02 03:04:05.6 +0000 UTC \"2026-01-02T03:04:05.6Z\" 2026 3" },
		{ "{{.L \"k\"}}|{{.L \"x\"}}|", "v||" },
		{ "{{.L}}", "!template: t: executing \"t\" at <.L>: wrong number of args for L: want 1 got 0" },
		{ "{{.M.None.Deeper}}", "<no value>" },
		{ "{{.Beside}} {{json .}}", "b {\"T\":\"2026-01-02T03:04:05.6Z\",\"L\":{\"k\":\"v\"},\"M\":{}}" },
		{ "{{.T.Format}}", "!template: t: executing \"t\" at <.T.Format>: wrong number of args for Format: want 1 got 0" },
		{ "{{.T.AddDate 0 0 400000}}", "3121-03-03 03:04:05.6 +0000 UTC" },
		{ "{{.T.AddDate 9000 0 0}}", "!template: t: executing \"t\" at <.T.AddDate>: AddDate gives a time outside the years 0 to 9999" },
		{ "{{.T.AddDate 99999999999 0 0}}", "!template: t: executing \"t\" at <.T.AddDate>: AddDate gives a time outside the years 0 to 9999" },
		{ "{{.T.Add 9223372036854775807}} {{.T.Add -9223372036854775808}}", "2318-04-14 02:51:22.454775807 +0000 UTC 1733-09-23 03:16:48.745224192 +0000 UTC" },
		{ "{{.Bad.Year}}", "!template: t: executing \"t\" at <.Bad.Year>: Year of 'yesterday', which is no time of the years 0 to 9999" },
		{ "{{.Bad}}", "yesterday" },
	};
	auto_ptr(json) o = json_object_new();
	struct json *lookup = json_object_new(), *map = json_object_new();
	(void)state;
	json_set_str(lookup, "k", "v");
	json_set_role(lookup, JSON_ROLE_LOOKUP);
	json_set_role(map, JSON_ROLE_MAP);
	json_set(o, "T", json_time_new("2026-01-02T03:04:05.6Z"));
	json_set(o, "L", lookup);
	json_set(o, "M", map);
	json_set_beside(o, "Beside", json_str_new("b"));
	json_set_beside(o, "Bad", json_time_new("yesterday"));
	run_rows_on(o, rows, ARRAY_LEN(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_recorded), cmocka_unit_test(test_roles), cmocka_unit_test(test_values), cmocka_unit_test(test_errors),
					    cmocka_unit_test(test_limits) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
