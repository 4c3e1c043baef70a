/* test_registry_auth.c - challenges, and who may be sent a password. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "image/registry_auth.h"

static const struct row {
	const char *header;
	enum challenge_kind kind;
	const char *realm, *service, *scope;
} rows[] = {
	{ "Bearer realm=\"https://a/t\",service=\"s\",scope=\"repository:x:pull\"", CHALLENGE_BEARER, "https://a/t", "s", "repository:x:pull" },
	{ "bearer realm=\"https://a/t\"", CHALLENGE_BEARER, "https://a/t", NULL, NULL },
	{ "Bearer  Realm = \"https://a/t\" , SERVICE=s", CHALLENGE_BEARER, "https://a/t", "s", NULL },
	{ "Bearer realm=\"https://a/\\\"t\"", CHALLENGE_BEARER, "https://a/\"t", NULL, NULL },
	{ "Bearer realm=\"https://a/t,b\",scope=\"repository:x:pull,push\"", CHALLENGE_BEARER, "https://a/t,b", NULL, "repository:x:pull,push" },
	{ "Basic realm=\"x\"", CHALLENGE_BASIC, "x", NULL, NULL },
	{ "Basic", CHALLENGE_BASIC, NULL, NULL, NULL },
	{ "Basic realm=\"x\", Bearer realm=\"https://a/t\",service=\"s\"", CHALLENGE_BEARER, "https://a/t", "s", NULL },
	{ "Bearer realm=\"https://a/t\", Basic realm=\"x\"", CHALLENGE_BEARER, "https://a/t", NULL, NULL },
	{ "Negotiate, Basic realm=\"x\"", CHALLENGE_BASIC, "x", NULL, NULL },
	{ "Bearer", CHALLENGE_NONE, NULL, NULL, NULL },
	{ "Bearer service=\"s\"", CHALLENGE_NONE, NULL, NULL, NULL },
	{ "Digest realm=\"x\",nonce=\"y\"", CHALLENGE_NONE, NULL, NULL, NULL },
	{ "", CHALLENGE_NONE, NULL, NULL, NULL },
	{ "=", CHALLENGE_NONE, NULL, NULL, NULL },
	{ "Bearer realm=\"https://a/t", CHALLENGE_BEARER, "https://a/t", NULL, NULL },
	{ "Bearer realm=\"first\",realm=\"second\"", CHALLENGE_BEARER, "first", NULL, NULL },
};

static void expect(const char *got, const char *wanted, const char *header)
{
	if ((got == NULL) != (wanted == NULL) || (got && !str_eq(got, wanted)))
		fail_msg("%s: '%s' instead of '%s'", header, got ? got : "NULL", wanted ? wanted : "NULL");
}

static void test_challenges(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_val(challenge) c = { 0 };

		registry_auth_parse(rows[i].header, &c);
		if (c.kind != rows[i].kind)
			fail_msg("%s: kind %d", rows[i].header, (int)c.kind);
		expect(c.realm, rows[i].realm, rows[i].header);
		expect(c.service, rows[i].service, rows[i].header);
		expect(c.scope, rows[i].scope, rows[i].header);
	}
}

static void test_parties(void **state)
{
	static const struct {
		const char *host, *other;
		bool same;
	} parties[] = {
		{ "quay.io", "quay.io", true },
		{ "quay.io", "QUAY.io", true },
		{ "registry-1.docker.io", "auth.docker.io", true },
		{ "registry.gitlab.com", "gitlab.com", true },
		{ "registry.example.co.uk", "auth.example.co.uk", true },
		{ "localhost", "localhost", true },
		{ "127.0.0.1", "127.0.0.1", true },
		{ "[::1]", "[::1]", true },
		{ "quay.io", "evil.io", false },
		{ "good.co.uk", "evil.co.uk", false },
		{ "good.com.au", "evil.com.au", false },
		{ "docker.io.evil.com", "docker.io", false },
		{ "evildocker.io", "docker.io", false },
		{ "127.0.0.1", "127.0.0.2", false },
		{ "10.0.0.1", "11.0.0.1", false },
		{ "localhost", "127.0.0.1", false },
		{ "registry", "auth", false },
		{ "io", "io.", false },
		{ "co.uk", "evil.co.uk", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(parties); i++)
		if (registry_auth_same_party(parties[i].host, parties[i].other) != parties[i].same)
			fail_msg("%s and %s", parties[i].host, parties[i].other);
}

static void test_basic(void **state)
{
	struct conf_auth auth = { .user = (char *)"testuser", .password = (char *)"a:b" };
	auto_free char *header = registry_auth_basic(&auth);

	assert_string_equal(header, "Basic dGVzdHVzZXI6YTpi");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_challenges),
		cmocka_unit_test(test_parties),
		cmocka_unit_test(test_basic),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
