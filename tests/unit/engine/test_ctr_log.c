/* What --log-driver and --log-opt come to. */
#include "engine/ctr_log.h"
#include "base/str.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static int read_words(const char *driver, const char *const *words, struct ctr_log *ret, struct err *err)
{
	auto_val(ctr_def) def;
	ctr_def_init(&def);
	def.log_driver = mem_strdup(driver);
	for (; *words; words++)
		strv_add(&def.log_opts, *words);
	return ctr_log_complete(&def, err) < 0 ? -1 : ctr_log_read(&def, ret, err);
}

static void sizes_are_powers_of_a_thousand(void **state)
{
	static const struct { const char *word; long long bytes; } rows[] = {
		{ "max-size=100", 100 }, { "max-size=1k", 1000 }, { "max-size=10mb", 10000000 }, { "max-size=1.5 GB", 1500000000 },
		{ "max-size=2MiB", 2000000 }, { "max-size=1536B", 1536 }, { "max-size=0", 0 },
		{ "max-size=", -1 }, { "max-size=-1", -1 }, { "max-size=k", -1 }, { "max-size=1x", -1 }, { "max-size=1kk", -1 }, { "max-size=99999999p", -1 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctr_log log;
		struct err err = { 0 };
		const char *const words[] = { rows[i].word, NULL };
		assert_int_equal(read_words("", words, &log, &err), rows[i].bytes < 0 ? -1 : 0);
		if (rows[i].bytes >= 0)
			assert_int_equal(log.max_bytes, rows[i].bytes);
	}
}

static void what_makes_no_sense_is_refused(void **state)
{
	static const struct { const char *driver, *word; } rows[] = {
		{ "bad", NULL }, { "journald", "max-file=3" }, { "journald", "tga=x" }, { "k8s-file", "max-file=3" }, { "k8s-file", "max-file=0" }, { "k8s-file", "max-file=101" },
		{ "k8s-file", "tag=x" }, { "k8s-file", "max-sise=1k" }, { "k8s-file", "path=/" }, { "k8s-file", "path=" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctr_log log;
		struct err err = { 0 };
		const char *const words[] = { rows[i].word, NULL };
		assert_int_equal(read_words(rows[i].driver, words, &log, &err), -1);
	}
}

static void names_come_from_the_path(void **state)
{
	const struct ctr_log own = { 0 }, other = { .path = "/a/b.log" };
	assert_string_equal(ctr_log_name(&own), "ctr.log");
	assert_string_equal(ctr_log_name(&other), "b.log");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_powers_of_a_thousand),
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(names_come_from_the_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
