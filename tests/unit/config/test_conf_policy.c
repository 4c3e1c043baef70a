/* test_conf_policy.c - which requirement of a policy holds for which image, and policies that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "config/conf_policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/cpod-policy-test-XXXXXX";

static int read_text(const char *text, struct conf_policy **ret, struct err *err)
{
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	return conf_policy_read(path, ret, err);
}

#define ACCEPT "[{\"type\":\"insecureAcceptAnything\"}]"
#define REJECT "[{\"type\":\"reject\"}]"
#define SIGNED "[{\"type\":\"signedBy\",\"keyType\":\"GPGKeys\",\"keyPath\":\"/k\"}]"

static const char policy_text[] =
	"{\"default\":" REJECT ",\"transports\":{"
	"\"docker\":{\"\":" ACCEPT ",\"quay.io\":" REJECT ",\"quay.io/team\":" ACCEPT ",\"quay.io/team/app:1\":" SIGNED ","
	"\"quay.io/team/app@sha256:0123456789012345678901234567890123456789012345678901234567890123\":" REJECT ","
	"\"*.example.com\":" REJECT ",\"*.a.example.com\":" SIGNED ",\"b.a.example.com\":" ACCEPT ","
	"\"both.io\":[{\"type\":\"insecureAcceptAnything\"},{\"type\":\"reject\"}],\"localhost:5000\":" SIGNED "},"
	"\"dir\":{\"/srv/images\":" ACCEPT ",\"/srv/images/bad\":" REJECT ",\"/srv\":" SIGNED "},"
	"\"atomic\":{\"\":[{\"type\":\"sigstoreSigned\",\"keyDatas\":[\"a\"]}]},\"docker-archive\":{\"\":" ACCEPT "}}}";

static const struct judged_row {
	const char *transport, *repository, *tag, *digest; /* or a path, alone */
	enum conf_policy_kind kind;
	const char *rule;
} judged[] = {
	{ "docker", "docker.io/library/debian", "12", NULL, CONF_POLICY_ACCEPT, "docker" },
	{ "docker", "quay.io/other", "1", NULL, CONF_POLICY_REJECT, "docker quay.io" },
	{ "docker", "quay.io", "1", NULL, CONF_POLICY_REJECT, "docker quay.io" },
	{ "docker", "quay.io.evil.net/other", "1", NULL, CONF_POLICY_ACCEPT, "docker" },
	{ "docker", "quay.io/team", "1", NULL, CONF_POLICY_ACCEPT, "docker quay.io/team" },
	{ "docker", "quay.io/team/app", "2", NULL, CONF_POLICY_ACCEPT, "docker quay.io/team" },
	{ "docker", "quay.io/team/app", "1", NULL, CONF_POLICY_SIGNED_BY, "docker quay.io/team/app:1" },
	{ "docker", "quay.io/team/app/1", "x", NULL, CONF_POLICY_ACCEPT, "docker quay.io/team" },
	{ "docker", "quay.io/teams/app", "1", NULL, CONF_POLICY_REJECT, "docker quay.io" },
	{ "docker", "quay.io/team/app", NULL, "sha256:0123456789012345678901234567890123456789012345678901234567890123", CONF_POLICY_REJECT,
	  "docker quay.io/team/app@sha256:0123456789012345678901234567890123456789012345678901234567890123" },
	{ "docker", "quay.io/team/app", NULL, "sha256:1123456789012345678901234567890123456789012345678901234567890123", CONF_POLICY_ACCEPT, "docker quay.io/team" },
	{ "docker", "x.example.com/y", "1", NULL, CONF_POLICY_REJECT, "docker *.example.com" },
	{ "docker", "example.com/y", "1", NULL, CONF_POLICY_ACCEPT, "docker" },
	{ "docker", "xexample.com/y", "1", NULL, CONF_POLICY_ACCEPT, "docker" },
	{ "docker", "x.a.example.com/y", "1", NULL, CONF_POLICY_SIGNED_BY, "docker *.a.example.com" },
	{ "docker", "b.a.example.com/y", "1", NULL, CONF_POLICY_ACCEPT, "docker b.a.example.com" },
	{ "docker", "z.b.a.example.com/y", "1", NULL, CONF_POLICY_SIGNED_BY, "docker *.a.example.com" },
	{ "docker", "both.io/x", "1", NULL, CONF_POLICY_REJECT, "docker both.io" },
	{ "docker", "localhost:5000/x", "1", NULL, CONF_POLICY_SIGNED_BY, "docker localhost:5000" },
	{ "docker", "localhost:5001/x", "1", NULL, CONF_POLICY_ACCEPT, "docker" },
	{ "dir", "/srv/images/good", NULL, NULL, CONF_POLICY_ACCEPT, "dir /srv/images" },
	{ "dir", "/srv/images", NULL, NULL, CONF_POLICY_ACCEPT, "dir /srv/images" },
	{ "dir", "/srv/images/bad/one", NULL, NULL, CONF_POLICY_REJECT, "dir /srv/images/bad" },
	{ "dir", "/srv/imagesbad", NULL, NULL, CONF_POLICY_SIGNED_BY, "dir /srv" },
	{ "dir", "/srv", NULL, NULL, CONF_POLICY_SIGNED_BY, "dir /srv" },
	{ "dir", "/", NULL, NULL, CONF_POLICY_REJECT, "default" },
	{ "atomic", "host/x", "1", NULL, CONF_POLICY_SIGSTORE, "atomic" },
	{ "docker-archive", "", NULL, NULL, CONF_POLICY_ACCEPT, "docker-archive" },
	{ "oci-archive", "/srv/images/x", NULL, NULL, CONF_POLICY_REJECT, "default" },
	{ "oci", "/x", NULL, NULL, CONF_POLICY_REJECT, "default" },
};

static void test_judge(void **state)
{
	struct err err = { 0 };
	auto_ptr(conf_policy) policy = NULL;
	(void)state;
	assert_int_equal(read_text(policy_text, &policy, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(judged); i++) {
		const struct judged_row *row = &judged[i];
		auto_strv scopes = strcmp(row->transport, "docker") == 0 ? conf_policy_scopes_docker(row->repository, row->tag, row->digest) :
									    conf_policy_scopes_path(row->repository);
		auto_val(conf_policy_verdict) v = { 0 };
		conf_policy_judge(policy, row->transport, scopes, &v);
		if (v.kind != row->kind || strcmp(v.rule, row->rule) != 0)
			fail_msg("%s:%s: %s by %s", row->transport, row->repository, conf_policy_word(v.kind), v.rule);
		assert_string_equal(v.file, path);
	}
}

static const struct refused_row {
	const char *text, *why;
} refused[] = {
	{ "", "JSON" }, { "{", "JSON" }, { "[]", "no object" }, { "{}", "Default policy is missing" }, { "{\"transports\":{}}", "Default policy is missing" },
	{ "{\"default\":[]}", "must not be empty" }, { "{\"default\":{}}", "must not be empty" }, { "{\"default\":null}", "must not be empty" },
	{ "{\"default\":[{}]}", "\"type\"" }, { "{\"default\":[1]}", "\"type\"" }, { "{\"default\":[{\"type\":\"accept\"}]}", "Unknown policy requirement type \"accept\"" },
	{ "{\"default\":[{\"type\":\"Reject\"}]}", "Unknown policy requirement type \"Reject\"" },
	{ "{\"default\":" REJECT ",\"Transports\":{}}", "Unknown key \"Transports\"" },
	{ "{\"default\":" ACCEPT ",\"default\":" REJECT "}", "default" },
	{ "{\"default\":[{\"type\":\"reject\",\"x\":1}]}", "Unknown key \"x\"" },
	{ "{\"default\":" REJECT ",\"transports\":[]}", "\"transports\"" }, { "{\"default\":" REJECT ",\"transports\":{\"docker\":[]}}", "\"docker\"" },
	{ "{\"default\":" REJECT ",\"transports\":{\"docker\":{\"a\":[]}}}", "must not be empty" },
	{ "{\"default\":" REJECT ",\"transports\":{\"dir\":{\"/\":" ACCEPT "}}}", "Unknown key \"/\"" },
	{ "{\"default\":[{\"type\":\"signedBy\",\"keyType\":\"GPGKeys\"}]}", "no key" },
	{ "{\"default\":[{\"type\":\"sigstoreSigned\"}]}", "no key" },
	{ "{\"default\":[{\"type\":\"signedBy\",\"keyPath\":\"a\",\"keyData\":\"b\"}]}", "more than one key" },
	{ "{\"default\":[{\"type\":\"signedBy\",\"keyPath\":\"a\",\"rekorPublicKeyPath\":\"b\"}]}", "Unknown key \"rekorPublicKeyPath\"" },
	{ "{\"default\":[{\"type\":\"sigstoreSigned\",\"keyType\":\"x\",\"keyPath\":\"a\"}]}", "Unknown key \"keyType\"" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct err err = { 0 };
		auto_ptr(conf_policy) policy = NULL;
		assert_true(read_text(refused[i].text, &policy, &err) < 0);
		if (!strstr(err.text, refused[i].why) || !strstr(err.text, path))
			fail_msg("%s: %s", refused[i].text, err.text);
	}
}

static void test_missing(void **state)
{
	struct err err = { 0 };
	auto_ptr(conf_policy) policy = NULL;
	(void)state;
	assert_true(conf_policy_read("/nonexistent/policy.json", &policy, &err) < 0);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_judge), cmocka_unit_test(test_refused), cmocka_unit_test(test_missing) };
	int fd = mkstemp(path);
	if (fd < 0)
		return 1;
	close(fd);
	int rc = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return rc;
}
