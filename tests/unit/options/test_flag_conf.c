/* test_flag_conf.c - containers.conf in front of the words typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "options/ctr_flags.h"
#include "options/flag_conf.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/cpod-test-flag-conf-XXXXXX";

static int make_file(void **state)
{
	(void)state;
	int fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void read_conf(const char *text, struct conf_containers *conf)
{
	struct err err = { 0 };
	assert_int_equal(file_write(AT_FDCWD, path, 0600, text, strlen(text), 0), 0);
	setenv("CONTAINERS_CONF", path, 1);
	if (conf_containers_read(&(struct conf_containers_opts){ 0 }, conf, &err) < 0)
		fail_msg("%s", err.text);
}

/* "flag=value" of every word that comes of it, those of the file with a star. */
static char *joined_dup(const char *text, const char *line)
{
	auto_val(conf_containers) conf = { 0 };
	auto_val(flag_words) words = { 0 };
	auto_strv argv = strv_split(line, ' ');
	auto_strv all = NULL;
	struct err err = { 0 };
	const struct flag_line how = { .groups = ctr_run_groups, .stop_at_first = true };
	read_conf(text, &conf);
	if (flag_parse(&how, argv, &words, &err) < 0 || flag_conf_add(ctr_run_groups, FLAG_CONF_CREATE, &conf, &words, &err) < 0)
		return mem_strdup(err.text);
	for (size_t i = 0; i < words.count; i++)
		strv_addf(&all, "%s%s=%s", words.seen[i].origin ? "*" : "", words.seen[i].flag->name, words.seen[i].value);
	return all ? strv_join(all, " ") : mem_strdup("");
}

static void expect(const char *text, const char *line, const char *joined)
{
	auto_free char *whole = mem_printf("[containers]\n%s\n", text), *got = joined_dup(whole, line);
	assert_string_equal(got, joined);
}

static void test_merges(void **state)
{
	(void)state;
	expect("tz=\"UTC\"", "img", "*tz=UTC");
	expect("tz=\"UTC\"", "--tz local img", "tz=local");
	expect("dns_servers=[\"1.1.1.1\", \"1.0.0.1\"]", "img", "*dns=1.1.1.1 *dns=1.0.0.1");
	expect("dns_servers=[\"1.1.1.1\"]", "--dns 2.2.2.2 img", "dns=2.2.2.2");
	expect("annotations=[\"a=1\", \"b=2\"]", "--annotation b=3 img", "*annotation=a=1 annotation=b=3");
	expect("default_ulimits=[\"nofile=1:1\", \"core=0:0\"]", "--ulimit nofile=2:2 img", "*ulimit=core=0:0 ulimit=nofile=2:2");
	expect("devices=[\"/dev/null:/dev/x\", \"/dev/full\"]", "--device /dev/zero:/dev/x img", "*device=/dev/full device=/dev/zero:/dev/x");
	expect("mounts=[\"type=tmpfs,dst=/a\", \"type=tmpfs,dst=/b\"]", "-v /x:/a img", "*mount=type=tmpfs,dst=/b volume=/x:/a");
	expect("log_size_max=1000\nlog_tag=\"t\"", "--log-opt tag=u img", "*log-opt=max-size=1000 log-opt=tag=u");
	expect("log_size_max=-1", "img", "");
	expect("default_sysctls=[\"net.core.somaxconn=9\", \"kernel.msgmax=9\"]", "--network host img", "*sysctl=kernel.msgmax=9 network=host");
}

static void test_wrong_value_names_its_line(void **state)
{
	(void)state;
	auto_free char *got = joined_dup("[containers]\n\noom_score_adj = 1\n", "--bogus img");
	assert_string_equal(got, "unknown flag: --bogus");
	auto_free char *sentence = mem_printf("%s:2: containers.umask: ", path);
	auto_val(conf_containers) conf = { 0 };
	auto_val(flag_words) words = { 0 };
	struct ctr_words values;
	struct err err = { 0 };
	char *argv[] = { path, NULL };
	const struct flag_line how = { .groups = ctr_run_groups, .stop_at_first = true };
	read_conf("[containers]\numask = \"nonsense\"\n", &conf);
	assert_int_equal(flag_parse(&how, argv, &words, &err), 0);
	assert_int_equal(flag_conf_add(ctr_run_groups, FLAG_CONF_CREATE, &conf, &words, &err), 0);
	ctr_words_init(&values);
	assert_int_equal(flag_apply(&how, &words, &values, NULL, &err), -1);
	assert_true(str_starts(err.text, sentence));
	ctr_words_done(&values);
}

static void test_scope(void **state)
{
	(void)state;
	auto_val(conf_containers) conf = { 0 };
	auto_val(flag_words) words = { 0 };
	struct err err = { 0 };
	char *argv[] = { path, NULL };
	const struct flag_line how = { .groups = ctr_run_groups, .stop_at_first = true };
	read_conf("[containers]\ninit = true\n[engine]\ndetach_keys = \"ctrl-x\"\n", &conf);
	assert_int_equal(flag_parse(&how, argv, &words, &err), 0);
	assert_int_equal(flag_conf_add(ctr_run_groups, FLAG_CONF_KEYS, &conf, &words, &err), 0);
	assert_int_equal(words.count, 1);
	assert_string_equal(words.seen[0].flag->name, "detach-keys");
	assert_false(flag_was_given(&words, "detach-keys"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merges), cmocka_unit_test(test_wrong_value_names_its_line), cmocka_unit_test(test_scope),
	};
	return cmocka_run_group_tests_name("flag_conf", tests, make_file, remove_file);
}
