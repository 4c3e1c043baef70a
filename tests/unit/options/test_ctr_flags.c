/* The rows of create and run: what every table of flags must keep, and what whole lines make of a definition. */
#include "options/ctr_flags.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>

static void check_row(const struct flag_group *groups, const struct flag *f, const struct flag *before)
{
	const struct flag_group *group;
	assert_non_null(f->help);
	assert_true(*f->help);
	if (before && strcmp(before->name, f->name) >= 0)
		fail_msg("--%s is not in order", f->name);
	assert_ptr_equal(flag_find(groups, f->name, &group), f);
	if (f->letter)
		assert_ptr_equal(flag_find_letter(groups, f->letter, &group), f);
	if (f->kind == FLAG_CHOICE)
		assert_non_null(f->choices);
	bool reads = f->set || f->size || (f->bits & (FLAG_NOT_YET | FLAG_NO_EFFECT));
	if (!reads)
		fail_msg("--%s is accepted and ignored", f->name);
	if ((f->bits & FLAG_NOT_YET) && !f->instead)
		fail_msg("--%s is refused without a way out", f->name);
}

static void test_rows(void **state)
{
	(void)state;
	const struct flag_group *const all[] = { ctr_create_groups, ctr_run_groups };
	for (size_t t = 0; t < ARRAY_LEN(all); t++)
		for (const struct flag_group *g = all[t]; g->rows; g++)
			for (size_t i = 0; i < g->count; i++)
				check_row(all[t], &g->rows[i], i ? &g->rows[i - 1] : NULL);
}

/* The field's size fits the kind: a wrong one would write beside it. */
static void test_sizes(void **state)
{
	(void)state;
	static const size_t sizes[FLAG_KIND_COUNT][2] = {
		[FLAG_STRING] = { sizeof(char *), sizeof(char *) }, [FLAG_BOOL] = { sizeof(bool), sizeof(bool) },
		[FLAG_ARRAY] = { sizeof(char **), sizeof(char **) }, [FLAG_SLICE] = { sizeof(char **), sizeof(char **) },
		[FLAG_INT] = { sizeof(int), sizeof(int64_t) }, [FLAG_UINT] = { sizeof(uint32_t), sizeof(uint64_t) },
		[FLAG_FLOAT] = { sizeof(double), sizeof(double) }, [FLAG_CHOICE] = { sizeof(char *), sizeof(char *) },
		[FLAG_UINTS] = { sizeof(char **), sizeof(char **) },
	};
	for (const struct flag_group *g = ctr_run_groups; g->rows; g++)
		for (size_t i = 0; i < g->count; i++) {
			const struct flag *f = &g->rows[i];
			if (!f->set && f->size && f->size != sizes[f->kind][0] && f->size != sizes[f->kind][1])
				fail_msg("--%s has a field of %u bytes", f->name, f->size);
		}
}

struct whole {
	struct ctr_words words;
	struct flag_words seen;
	struct err err;
	int rc;
};

static struct whole read_line(const char *text)
{
	struct whole w = { 0 };
	auto_strv argv = strv_split(text, ' ');
	const struct flag_line line = { .groups = ctr_run_groups, .stop_at_first = true };
	ctr_words_init(&w.words);
	w.rc = flag_parse(&line, argv, &w.seen, &w.err);
	if (w.rc >= 0)
		w.rc = flag_apply(&line, &w.seen, &w.words, NULL, &w.err);
	if (w.rc >= 0)
		w.rc = ctr_words_finish(&w.words, w.seen.rest, &w.err);
	flag_words_done(&w.seen);
	return w;
}

static void test_everyday_line(void **state)
{
	(void)state;
	unsetenv("http_proxy");
	struct whole w = read_line("-it --rm --name c1 -e A=B -v /tmp:/t:ro -p 8080:80 --memory 64m --cpus=0.5 --pids-limit=-1 "
				   "--stop-timeout=3 --shm-size=1m --entrypoint= debian:12 sh -c ls");
	const struct ctr_def *d = &w.words.opts.def;
	assert_int_equal(w.rc, 0);
	assert_true(d->tty && d->interactive && d->remove);
	assert_string_equal(d->name, "c1");
	assert_int_equal(d->memory_bytes, 64 << 20);
	assert_int_equal(d->pids_limit, -1);
	assert_true(d->pids_limit_set);
	assert_int_equal(d->stop_timeout_s, 3);
	assert_true(d->stop_timeout_set && d->shm_size_set);
	assert_int_equal(d->shm_size_bytes, 1 << 20);
	assert_int_equal(d->mount_count, 1);
	assert_int_equal(d->port_count, 1);
	assert_true(strv_has(d->env, "A=B"));
	assert_true(w.words.opts.entrypoint_set);
	assert_string_equal(w.words.opts.entrypoint, "");
	assert_string_equal(w.words.opts.image, "debian:12");
	assert_int_equal(strv_len(w.words.opts.args), 3);
	ctr_words_done(&w.words);
}

static void test_proxies_are_passed(void **state)
{
	(void)state;
	setenv("http_proxy", "http://p:1", 1);
	struct whole w = read_line("-e http_proxy=mine x");
	assert_string_equal(w.words.opts.def.env[0], "http_proxy");
	ctr_words_done(&w.words);
	w = read_line("--http-proxy=false x");
	assert_null(w.words.opts.def.env);
	ctr_words_done(&w.words);
	unsetenv("http_proxy");
}

static const struct {
	const char *line, *error;
} refused[] = {
	{ "--no-hosts --add-host a:1.2.3.4 x", "--no-hosts and --add-host cannot be set together" },
	{ "--cpus=1 --cpu-quota=5 x", "--cpu-quota and --cpus cannot be set together" },
	{ "--rm --restart=always x", "the --rm option conflicts with --restart, when the restartPolicy is not \"\" and \"no\"" },
	{ "--pull=bad x", "unsupported pull policy \"bad\"" },
	{ "--userns=bogus x", "unrecognized namespace mode bogus passed" },
	{ "--cgroups=bogus x", "running container create option: invalid cgroup mode \"bogus\": invalid argument" },
	{ "--image-volume=bogus x", "invalid image volume mode \"bogus\" required value: anonymous, tmpfs, ignore" },
	{ "--env ==x x", "invalid variable: \"==x\"" },
	{ "--label =x x", "unable to process labels: invalid label format: \"=x\"" },
	{ "--annotation a x", "annotations must be formatted KEY=VALUE" },
	{ "--memory=1x x", "invalid value for memory: invalid size: '1x'" },
	{ "--memory=-1 x", "invalid value for memory: invalid size: '-1'" },
	{ "--memory-swap=-2 x", "invalid value for memory: invalid size: '-2'" },
	{ "--shm-size=x x", "unable to translate --shm-size: invalid size: 'x'" },
	{ "--sysctl=a x", "a is invalid, sysctl values must be in the form of KEY=VALUE" },
	{ "--log-opt=bogus x", "invalid log option \"bogus\"" },
	{ "--mac-address=x x", "address x: invalid MAC address" },
	{ "--ip=x x", "\"x\" is not an ip address" },
	{ "--dns=x x", "x is not an ip address" },
	{ "--umask=9 x", "running container create option: invalid umask string 9: invalid argument" },
	{ "--umask=99999 x", "running container create option: invalid umask string 99999: invalid argument" },
	{ "--blkio-weight=5 x", "range of blkio weight is from 10 to 1000, not 5" },
	{ "--attach=bogus x", "invalid stream \"bogus\" for --attach - must be one of stdin, stdout, or stderr" },
	{ "--pod=p x", "the flag --pod is not done yet: pods are not done; join another container's namespaces with --network container:NAME" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct whole w = read_line(refused[i].line);
		if (w.rc >= 0 || strcmp(w.err.text, refused[i].error) != 0)
			fail_msg("'%s' gives '%s', not '%s'", refused[i].line, w.err.text, refused[i].error);
		ctr_words_done(&w.words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_everyday_line),	cmocka_unit_test(test_proxies_are_passed),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
