/* Lines as Podman reads them: what each row expects was recorded from Podman 5.8.6 (create --help and its errors). */
#include "options/flag.h"

#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>

struct values {
	char *name, *sort, *memory;
	char **caps, **env;
	int64_t pids;
	uint64_t period;
	uint32_t retries;
	int time;
	double cpus;
	bool tty, interactive, init, pids_given, proxy;
	char **hosts;
};

static int set_host(const struct flag *flag, void *base, const char *value, struct err *err)
{
	if (!strchr(value, ':'))
		return err_set(err, ERR_USAGE, "bad host %s of --%s", value, flag->name);
	strv_add(&((struct values *)base)->hosts, value);
	return 0;
}

#define AT(member) FLAG_AT(struct values, member)
static const char *const sorts[] = { "name", "size", NULL };
static const struct flag rows[] = {
	{ "add-host", 0, FLAG_SLICE, AT(hosts), .set = set_host, .help = "h" },
	{ "cap-add", 0, FLAG_SLICE, AT(caps), .help = "h" },
	{ "cpu-period", 0, FLAG_UINT, AT(period), .help = "h" },
	{ "cpus", 0, FLAG_FLOAT, AT(cpus), .help = "h" },
	{ "env", 'e', FLAG_ARRAY, AT(env), .help = "h" },
	{ "fds", 0, FLAG_UINTS, .bits = FLAG_NOT_YET, .help = "h" },
	{ "gpus", 0, FLAG_SLICE, .bits = FLAG_NOT_YET, .instead = "use --device", .help = "h" },
	{ "init", 0, FLAG_BOOL, AT(init), .help = "h" },
	{ "interactive", 'i', FLAG_BOOL, AT(interactive), .help = "h" },
	{ "memory", 'm', FLAG_STRING, AT(memory), .help = "h" },
	{ "name", 0, FLAG_STRING, AT(name), .help = "h", .aliases = "title,called" },
	{ "noop", 0, FLAG_BOOL, .bits = FLAG_NO_EFFECT, .help = "h" },
	{ "passwd", 0, FLAG_BOOL, .bits = FLAG_NOT_YET, .def = "true", .help = "h" },
	{ "pids-limit", 0, FLAG_INT, AT(pids), FLAG_GIVEN(struct values, pids_given), .help = "h" },
	{ "retries", 0, FLAG_UINT, AT(retries), .help = "h" },
	{ "sort", 0, FLAG_CHOICE, AT(sort), .choices = sorts, .help = "h" },
	{ "time", 't', FLAG_INT, AT(time), .help = "h" },
	{ "tz", 0, FLAG_STRING, .bits = FLAG_NOT_YET, .def = "local", .help = "h" },
	{ "zap", 'z', FLAG_BOOL, AT(tty), .help = "h" },
};
static const struct flag_group groups[] = { { rows, ARRAY_LEN(rows), 0 }, { 0 } };

/* What a line gives: its words and values as one text, or its error. */
struct line_case {
	const char *words; /* between tabs */
	const char *expect;
	bool stop;
};

static void add_list(struct str *out, const char *name, char *const *list)
{
	for (; list && *list; list++)
		str_addf(out, "%s=[%s] ", name, *list);
}

static char *show_dup(const struct values *v, const struct flag_words *words)
{
	auto_str out = { 0 };
	if (v->name)
		str_addf(&out, "name=[%s] ", v->name);
	if (v->memory)
		str_addf(&out, "memory=[%s] ", v->memory);
	if (v->sort)
		str_addf(&out, "sort=[%s] ", v->sort);
	add_list(&out, "cap", v->caps);
	add_list(&out, "env", v->env);
	add_list(&out, "host", v->hosts);
	if (v->pids_given)
		str_addf(&out, "pids=%lld ", (long long)v->pids);
	if (v->period)
		str_addf(&out, "period=%llu ", (unsigned long long)v->period);
	if (v->retries)
		str_addf(&out, "retries=%u ", v->retries);
	if (v->time)
		str_addf(&out, "time=%d ", v->time);
	if (v->cpus > 0)
		str_addf(&out, "cpus=%g ", v->cpus);
	str_addf(&out, "%s%s%s", v->interactive ? "i " : "", v->tty ? "z " : "", v->init ? "init " : "");
	for (size_t i = 0; i < words->rest_count; i++)
		str_addf(&out, "<%s>", words->rest[i]);
	return str_take(&out);
}

static char *read_dup(const struct line_case *c)
{
	auto_strv argv = *c->words ? strv_split(c->words, '\t') : NULL;
	char *none[] = { NULL };
	const struct flag_line line = { .groups = groups, .stop_at_first = c->stop };
	auto_val(flag_words) words = { 0 };
	struct values v = { 0 };
	struct err err = { 0 };
	char *text;
	if (flag_parse(&line, argv ? argv : none, &words, &err) < 0)
		text = mem_printf("parse: %s", err.text);
	else if (words.help)
		text = mem_strdup("help");
	else if (flag_apply(&line, &words, &v, &v, &err) < 0)
		text = mem_printf("apply: %s", err.text);
	else
		text = show_dup(&v, &words);
	flag_values_done(groups, &v);
	strv_free(v.hosts);
	return text;
}

static const struct line_case cases[] = {
	/* forms */
	{ "", "" },
	{ "a", "<a>" },
	{ "a\tb", "<a><b>" },
	{ "--name\tx", "name=[x] " },
	{ "--name=x", "name=[x] " },
	{ "--name=", "name=[] " },
	{ "--name\t", "name=[] " },
	{ "--name=a=b", "name=[a=b] " },
	{ "--name\t--zap", "name=[--zap] " },
	{ "--name\tx\t--name\ty", "name=[y] " },
	{ "--title=x", "name=[x] " },
	{ "--called\tx", "name=[x] " },
	{ "--call\tx", "parse: unknown flag: --call" },
	{ "-m5m", "memory=[5m] " },
	{ "-m=5m", "memory=[5m] " },
	{ "-m\t5m", "memory=[5m] " },
	{ "-m", "parse: flag needs an argument: 'm' in -m" },
	{ "-im5m", "memory=[5m] i " },
	{ "-izm\t5m", "memory=[5m] i z " },
	{ "-iz", "i z " },
	{ "-zi", "i z " },
	{ "-i=false\t-z", "z " },
	{ "-iz=false", "i " },
	{ "-zi=true\tx", "i z <x>" },
	{ "-eA=B", "env=[A=B] " },
	{ "-e=A=B", "env=[A=B] " },
	{ "-e\tA=B\t-e\tC=1,2", "env=[A=B] env=[C=1,2] " },
	{ "-ie\tA", "env=[A] i " },
	{ "-", "<->" },
	{ "--", "" },
	{ "--\t--name\tx", "<--name><x>" },
	{ "a\t--\t-i", "<a><-i>" },
	{ "a\t-i\tb", "i <a><b>" },
	{ "-i\ta\t-z", "i z <a>" },
	{ "-i\ta\t-z", "i <a><-z>", .stop = true },
	{ "a\t--bogus", "<a><--bogus>", .stop = true },
	{ "--\ta\t-z", "<a><-z>", .stop = true },
	{ "-i\t--\ta", "i <a>", .stop = true },
	/* booleans */
	{ "--init", "init " },
	{ "--init=true", "init " },
	{ "--init=1", "init " },
	{ "--init=t", "init " },
	{ "--init=TRUE", "init " },
	{ "--init=false", "" },
	{ "--init=0", "" },
	{ "--init=F", "" },
	{ "--init\tfalse", "init <false>" },
	{ "--init=yes", "parse: invalid argument \"yes\" for \"--init\" flag: strconv.ParseBool: parsing \"yes\": invalid syntax" },
	{ "--init=", "parse: invalid argument \"\" for \"--init\" flag: strconv.ParseBool: parsing \"\": invalid syntax" },
	{ "-z=maybe", "parse: invalid argument \"maybe\" for \"-z, --zap\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax" },
	/* numbers */
	{ "--pids-limit=5", "pids=5 " },
	{ "--pids-limit=-1", "pids=-1 " },
	{ "--pids-limit\t-1", "pids=-1 " },
	{ "--pids-limit=+5", "pids=5 " },
	{ "--pids-limit=0x10", "pids=16 " },
	{ "--pids-limit=09", "parse: invalid argument \"09\" for \"--pids-limit\" flag: strconv.ParseInt: parsing \"09\": invalid syntax" },
	{ "--pids-limit=a", "parse: invalid argument \"a\" for \"--pids-limit\" flag: strconv.ParseInt: parsing \"a\": invalid syntax" },
	{ "--pids-limit=9223372036854775808", "parse: invalid argument \"9223372036854775808\" for \"--pids-limit\" flag: strconv.ParseInt: parsing \"9223372036854775808\": value out of range" },
	{ "--pids-limit=9223372036854775807", "pids=9223372036854775807 " },
	{ "--cpu-period=1_000", "period=1000 " },
	{ "--cpu-period=0x10", "period=16 " },
	{ "--cpu-period=-1", "parse: invalid argument \"-1\" for \"--cpu-period\" flag: strconv.ParseUint: parsing \"-1\": invalid syntax" },
	{ "--cpu-period=1e3", "parse: invalid argument \"1e3\" for \"--cpu-period\" flag: strconv.ParseUint: parsing \"1e3\": invalid syntax" },
	{ "--retries=010", "retries=8 " },
	{ "--retries=99999999999999999999999", "parse: invalid argument \"99999999999999999999999\" for \"--retries\" flag: strconv.ParseUint: parsing \"99999999999999999999999\": value out of range" },
	{ "-t\t5", "time=5 " },
	{ "-t\tx", "parse: invalid argument \"x\" for \"-t, --time\" flag: strconv.ParseInt: parsing \"x\": invalid syntax" },
	{ "-t=3=4", "parse: invalid argument \"3=4\" for \"-t, --time\" flag: strconv.ParseInt: parsing \"3=4\": invalid syntax" },
	{ "--cpus=1.5", "cpus=1.5 " },
	{ "--cpus=.5", "cpus=0.5 " },
	{ "--cpus=abc", "parse: invalid argument \"abc\" for \"--cpus\" flag: strconv.ParseFloat: parsing \"abc\": invalid syntax" },
	{ "--cpus=", "parse: invalid argument \"\" for \"--cpus\" flag: strconv.ParseFloat: parsing \"\": invalid syntax" },
	/* lists */
	{ "--cap-add=a", "cap=[a] " },
	{ "--cap-add=a,b", "cap=[a] cap=[b] " },
	{ "--cap-add=a\t--cap-add=b,c", "cap=[a] cap=[b] cap=[c] " },
	{ "--cap-add=", "" },
	{ "--cap-add=\"a,b\",c", "cap=[a,b] cap=[c] " },
	{ "--cap-add=\"a\"\"b\"", "cap=[a\"b] " },
	{ "--cap-add=a\"b", "parse: invalid argument \"a\\\"b\" for \"--cap-add\" flag: parse error on line 1, column 2: bare \" in non-quoted-field" },
	{ "--cap-add=\"ab", "parse: invalid argument \"\\\"ab\" for \"--cap-add\" flag: parse error on line 1, column 4: extraneous or missing \" in quoted-field" },
	{ "--env=a,b", "env=[a,b] " },
	{ "--add-host=a:1,b:2", "host=[a:1] host=[b:2] " },
	{ "--add-host=a", "apply: bad host a of --add-host" },
	/* choices */
	{ "--sort=name", "sort=[name] " },
	{ "--sort=bad", "parse: invalid argument \"bad\" for \"--sort\" flag: \"bad\" is not a valid value.  Choose from: \"name, size\"" },
	/* errors */
	{ "--bogus", "parse: unknown flag: --bogus" },
	{ "--bogus=x", "parse: unknown flag: --bogus" },
	{ "--hel", "parse: unknown flag: --hel" },
	{ "--name", "parse: flag needs an argument: --name" },
	{ "---x", "parse: bad flag syntax: ---x" },
	{ "--=x", "parse: bad flag syntax: --=x" },
	{ "-=x", "parse: unknown shorthand flag: '=' in -=x" },
	{ "-Q", "parse: unknown shorthand flag: 'Q' in -Q" },
	{ "-izQ", "parse: unknown shorthand flag: 'Q' in -Q" },
	{ "-Qi", "parse: unknown shorthand flag: 'Q' in -Qi" },
	/* help */
	{ "--help", "help" },
	{ "-h", "help" },
	{ "-ih", "help" },
	{ "--help=false", "" },
	{ "--help=maybe", "parse: invalid argument \"maybe\" for \"--help\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax" },
	{ "--help\t--bogus", "parse: unknown flag: --bogus" },
	{ "-h\t--bogus", "help" },
	{ "--add-host=a\t--help", "help" },
	/* not yet, without effect */
	{ "--gpus=all", "apply: the flag --gpus is not done yet: use --device" },
	{ "--gpus=all\t--help", "help" },
	{ "--tz=UTC", "apply: the flag --tz is not done yet: leave it out" },
	{ "--tz=local", "" },
	{ "--passwd", "" },
	{ "--passwd=false", "apply: the flag --passwd is not done yet: leave it out" },
	{ "--fds=3,4", "apply: the flag --fds is not done yet: leave it out" },
	{ "--fds=3,x", "parse: invalid argument \"x\" for \"--fds\" flag: strconv.ParseUint: parsing \"x\": invalid syntax" },
	{ "--noop", "" },
};

static void test_lines(void **state)
{
	(void)state;
	assert_true(ARRAY_LEN(cases) >= 80);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		auto_free char *got = read_dup(&cases[i]);
		if (strcmp(got, cases[i].expect) != 0)
			fail_msg("'%s' gives '%s', not '%s'", cases[i].words, got, cases[i].expect);
	}
}

static void test_was_given(void **state)
{
	(void)state;
	char *argv[] = { (char *)"--title=x", NULL };
	const struct flag_line line = { .groups = groups };
	auto_val(flag_words) words = { 0 };
	struct err err = { 0 };
	assert_int_equal(flag_parse(&line, argv, &words, &err), 0);
	assert_true(flag_was_given(&words, "name"));
	assert_false(flag_was_given(&words, "memory"));
}

/* A line that is still being typed. */
static void test_partial(void **state)
{
	(void)state;
	static const struct { const char *words, *open; bool ended; size_t rest; } lines[] = {
		{ "--name", "name", false, 0 },		{ "-iz\t-e", "env", false, 0 },	{ "-ie", "env", false, 0 },
		{ "--name\tx", NULL, false, 0 },	{ "--name=", NULL, false, 0 },	{ "-i", NULL, false, 0 },
		{ "a\t--\tb", NULL, true, 2 },		{ "--name\t--", NULL, false, 0 },	{ "a\t--title", "name", false, 1 },
	};
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		const struct flag_line line = { .groups = groups, .partial = true };
		const struct flag_line whole = { .groups = groups };
		auto_strv argv = strv_split(lines[i].words, '\t');
		auto_val(flag_words) words = { 0 };
		auto_val(flag_words) again = { 0 };
		struct err err = { 0 }, why = { 0 };
		if (flag_parse(&line, argv, &words, &err) < 0)
			fail_msg("'%s' is refused: %s", lines[i].words, err.text);
		assert_string_equal(words.open ? words.open->name : "", lines[i].open ? lines[i].open : "");
		assert_int_equal(words.ended, lines[i].ended);
		assert_int_equal(words.rest_count, lines[i].rest);
		assert_int_equal(flag_parse(&whole, argv, &again, &why) < 0, lines[i].open != NULL);
	}
}

static void test_raw(void **state)
{
	(void)state;
	char *argv[] = { (char *)"--nosuch", (char *)"--", (char *)"-x", NULL };
	const struct flag_line line = { .groups = groups, .raw = true };
	auto_val(flag_words) words = { 0 };
	struct err err = { 0 };
	assert_int_equal(flag_parse(&line, argv, &words, &err), 0);
	assert_int_equal(words.rest_count, 3);
	assert_int_equal(words.count, 0);
	assert_string_equal(words.rest[1], "--");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_lines), cmocka_unit_test(test_was_given), cmocka_unit_test(test_partial),
					    cmocka_unit_test(test_raw) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
