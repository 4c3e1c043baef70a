/* test_conf_policy.c - which rule an image falls under, and what is no policy. T-TR-01: precedence of scopes; what is malformed
 * is refused whole, naming the member. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/str.h"
#include "config/conf_policy.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define ANY "[{\"type\":\"insecureAcceptAnything\"}]"

static const char scopes[] =
	"{\"default\":" ANY ",\"transports\":{"
	"\"docker\":{\"\":" ANY ",\"a.io\":" ANY ",\"a.io/n\":" ANY ",\"a.io/n/r\":" ANY ",\"a.io/n/r:t\":" ANY ","
	"\"a.io/n/r@sha256:aa\":" ANY ",\"localhost:5000\":" ANY ",\"localhost:5000/x\":" ANY ",\"*.w.io\":" ANY ",\"*.sub.w.io\":" ANY ","
	"\"h.w.io\":" ANY ",\"docker.io/library\":" ANY ",\"docker.io/library/busybox\":" ANY ",\"*.io:5000\":" ANY "},"
	"\"dir\":{\"/a\":" ANY ",\"/a/b\":" ANY ",\"/t:1\":" ANY "},"
	"\"oci\":{\"\":" ANY ",\"/a/b/c\":" ANY "},"
	"\"docker-archive\":{\"\":" ANY "},"
	"\"docker-daemon\":{\"docker.io/x/y\":" ANY "},"
	"\"mine\":{\"what:ever\":" ANY "},\"empty\":{}"
	"}}";

/* T-TR-01: the nearest scope */
static const struct row {
	const char *transport, *name, *rule;
} rows[] = {
	{ "docker", "a.io/n/r:t", "docker a.io/n/r:t" },
	{ "docker", "a.io/n/r:u", "docker a.io/n/r" },
	{ "docker", "a.io/n/r:tt", "docker a.io/n/r" },
	{ "docker", "a.io/n/r@sha256:aa", "docker a.io/n/r@sha256:aa" },
	{ "docker", "a.io/n/r@sha256:bb", "docker a.io/n/r" },
	{ "docker", "a.io/n/r/s:t", "docker a.io/n/r" },
	{ "docker", "a.io/n/rr:t", "docker a.io/n" },
	{ "docker", "a.io/n/x/y/z:t", "docker a.io/n" },
	{ "docker", "a.io/nn/r:t", "docker a.io" },
	{ "docker", "a.io/x:t", "docker a.io" },
	{ "docker", "a.io/x@sha256:aa", "docker a.io" },
	{ "docker", "a.io:80/n/r:t", "docker" },
	{ "docker", "aa.io/n/r:t", "docker" },
	{ "docker", "b.io/n/r:t", "docker" },
	{ "docker", "a.io.evil/n/r:t", "docker" },
	{ "docker", "localhost:5000/x:t", "docker localhost:5000/x" },
	{ "docker", "localhost:5000/x/y:t", "docker localhost:5000/x" },
	{ "docker", "localhost:5000/y:t", "docker localhost:5000" },
	{ "docker", "localhost:5001/x:t", "docker" },
	{ "docker", "localhost/x:t", "docker" },
	{ "docker", "localhost:5000/a.io/n/r:t", "docker localhost:5000" },
	{ "docker", "x.w.io/r:t", "docker *.w.io" },
	{ "docker", "x.y.w.io/r:t", "docker *.w.io" },
	{ "docker", "x.sub.w.io/r:t", "docker *.sub.w.io" },
	{ "docker", "x.y.sub.w.io/r:t", "docker *.sub.w.io" },
	{ "docker", "sub.w.io/r:t", "docker *.w.io" },
	{ "docker", "x.w.io:443/r:t", "docker *.w.io" },
	{ "docker", "x.w.io/r@sha256:aa", "docker *.w.io" },
	{ "docker", "h.w.io/r:t", "docker h.w.io" },
	{ "docker", "w.io/r:t", "docker" },
	{ "docker", "xw.io/r:t", "docker" },
	{ "docker", "x.w.io.evil/r:t", "docker" },
	{ "docker", "evil/x.w.io:t", "docker" },
	{ "docker", "q.io:5000/r:t", "docker" },
	{ "docker", "docker.io/library/busybox:latest", "docker docker.io/library/busybox" },
	{ "docker", "docker.io/library/alpine:latest", "docker docker.io/library" },
	{ "docker", "docker.io/team/app:latest", "docker" },
	{ "dir", "/a", "dir /a" },
	{ "dir", "/a/b", "dir /a/b" },
	{ "dir", "/a/b/c/d", "dir /a/b" },
	{ "dir", "/a/c", "dir /a" },
	{ "dir", "/ab", "default" },
	{ "dir", "/t:1", "dir /t:1" },
	{ "dir", "/t", "default" },
	{ "dir", "/", "default" },
	{ "oci", "/a/b/c", "oci /a/b/c" },
	{ "oci", "/a/b", "oci" },
	{ "oci-archive", "/a/b/c", "default" },
	{ "docker-archive", "", "docker-archive" },
	{ "docker-daemon", "docker.io/x/y:t", "docker-daemon docker.io/x/y" },
	{ "docker-daemon", "docker.io/x/z:t", "default" },
	{ "mine", "what:ever", "mine what:ever" },
	{ "empty", "x", "default" },
	{ "none", "x", "default" },
};

static void test_scopes(void **state)
{
	auto_val(conf_policy) policy = { 0 };
	struct err err = { 0 };

	if (conf_policy_parse(scopes, strlen(scopes), &policy, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_free char *rule = conf_policy_rule_dup(conf_policy_find(&policy, rows[i].transport, rows[i].name));

		if (strcmp(rule, rows[i].rule) != 0)
			fail_msg("%s:%s: %s, not %s", rows[i].transport, rows[i].name, rule, rows[i].rule);
	}
}

#define ONE(requirement) "{\"default\":[" requirement "]}"
#define SIGNED(rest) ONE("{\"type\":\"signedBy\",\"keyType\":\"GPGKeys\"" rest "}")
#define STORE(rest) ONE("{\"type\":\"sigstoreSigned\"" rest "}")
#define IDENTITY(rest) SIGNED(",\"keyPath\":\"/k\",\"signedIdentity\":{" rest "}")

/* T-TR-01: malformed is refused. member NULL: a good one */
static const struct bad {
	const char *text, *member;
} bad[] = {
	{ "{\"default\":" ANY "}", NULL },
	{ ONE("{\"type\":\"reject\"},{\"type\":\"insecureAcceptAnything\"}"), NULL },
	{ SIGNED(",\"keyPath\":\"/k\""), NULL },
	{ SIGNED(",\"keyPaths\":[\"/k\",\"/l\"]"), NULL },
	{ SIGNED(",\"keyData\":\"aGVsbG8=\""), NULL },
	{ STORE(",\"keyPath\":\"/k\""), NULL },
	{ STORE(",\"keyDatas\":[\"aGVsbG8=\"]"), NULL },
	{ STORE(",\"fulcio\":{\"caPath\":\"/c\",\"oidcIssuer\":\"i\",\"subjectEmail\":\"e\"},\"rekorPublicKeyPath\":\"/r\""), NULL },
	{ IDENTITY("\"type\":\"matchExact\""), NULL },
	{ IDENTITY("\"type\":\"exactReference\",\"dockerReference\":\"a.io/b:c\""), NULL },
	{ IDENTITY("\"type\":\"exactReference\",\"dockerReference\":\"a.io/b@sha256:aa\""), NULL },
	{ IDENTITY("\"type\":\"exactRepository\",\"dockerRepository\":\"a.io:5000/b\""), NULL },
	{ IDENTITY("\"type\":\"remapIdentity\",\"prefix\":\"a.io:5000\",\"signedPrefix\":\"b.io/c\""), NULL },

	{ "", "line 1" },
	{ "[]", "object" },
	{ "{\"default\":" ANY "} x", "line 1" },
	{ "{\"default\":" ANY ",}", "line 1" },
	{ "{\"default\":" ANY ",\"default\":" ANY "}", "default" },
	{ "{}", "'default': it is missing" },
	{ "{\"default\":null}", "'default'" },
	{ "{\"default\":[]}", "'default': a list" },
	{ "{\"default\":{}}", "'default': an array is expected, not an object" },
	{ "{\"Default\":" ANY "}", "'Default'" },
	{ "{\"default\":" ANY ",\"foo\":1}", "'foo': Unknown key \"foo\"" },
	{ "{\"default\":" ANY ",\"transports\":[]}", "'transports'" },
	{ "{\"default\":" ANY ",\"transports\":{\"docker\":[]}}", "'transports.docker'" },
	{ "{\"default\":" ANY ",\"transports\":{\"docker\":{\"x\":[]}}}", "'transports.docker[\"x\"]'" },
	{ "{\"default\":" ANY ",\"transports\":{\"docker\":{\"x\":[1]}}}", "'transports.docker[\"x\"][0]'" },
	{ "{\"default\":" ANY ",\"transports\":{\"docker\":{\"x\":" ANY ",\"x\":" ANY "}}}", "x" },
	{ "{\"default\":" ANY ",\"transports\":{\"docker-archive\":{\"/a\":" ANY "}}}", "'transports.docker-archive[\"/a\"]'" },
	{ "{\"default\":" ANY ",\"transports\":{\"dir\":{\"a\":" ANY "}}}", "'transports.dir[\"a\"]'" },
	{ "{\"default\":" ANY ",\"transports\":{\"dir\":{\"/\":" ANY "}}}", "'transports.dir[\"/\"]'" },
	{ "{\"default\":" ANY ",\"transports\":{\"oci\":{\"/a/\":" ANY "}}}", "'transports.oci[\"/a/\"]'" },
	{ "{\"default\":" ANY ",\"transports\":{\"oci\":{\"/a/../b\":" ANY "}}}", "'transports.oci[\"/a/../b\"]'" },
	{ ONE("{}"), "'default[0].type': it is missing" },
	{ ONE("{\"type\":\"accept\"}"), "'default[0].type'" },
	{ ONE("{\"type\":\"Reject\"}"), "'default[0].type'" },
	{ ONE("{\"type\":1}"), "'default[0].type'" },
	{ ONE("{\"type\":\"reject\",\"x\":1}"), "'default[0].x'" },
	{ ONE("{\"type\":\"reject\",\"type\":\"insecureAcceptAnything\"}"), "type" },
	{ ONE("{\"type\":\"signedBy\",\"keyPath\":\"/k\"}"), "'default[0].keyType': it is missing" },
	{ ONE("{\"type\":\"signedBy\",\"keyType\":\"X509Certificates\",\"keyPath\":\"/k\"}"), "'default[0].keyType'" },
	{ SIGNED(""), "'default[0]': one of keyPath" },
	{ SIGNED(",\"keyPath\":\"\""), "'default[0].keyPath'" },
	{ SIGNED(",\"keyPath\":\"/k\",\"keyData\":\"aGVsbG8=\""), "exclude each other" },
	{ SIGNED(",\"keyPaths\":[]"), "'default[0].keyPaths'" },
	{ SIGNED(",\"keyPaths\":[1]"), "'default[0].keyPaths[0]'" },
	{ SIGNED(",\"keyPaths\":[\"/k\",\"\"]"), "'default[0].keyPaths[1]'" },
	{ SIGNED(",\"keyPaths\":\"/k\""), "'default[0].keyPaths'" },
	{ SIGNED(",\"keyDatas\":[\"aGVsbG8=\"]"), "'default[0].keyDatas'" },
	{ SIGNED(",\"keyData\":\"***\""), "'default[0].keyData': it is no base64" },
	{ SIGNED(",\"keypath\":\"/k\""), "'default[0].keypath'" },
	{ SIGNED(",\"keyPath\":null"), "'default[0].keyPath'" },
	{ SIGNED(",\"keyPath\":\"/k\",\"signedIdentity\":null"), "'default[0].signedIdentity'" },
	{ IDENTITY(""), "'default[0].signedIdentity.type': it is missing" },
	{ IDENTITY("\"type\":\"matchAnything\""), "'default[0].signedIdentity.type'" },
	{ IDENTITY("\"type\":\"matchExact\",\"dockerReference\":\"a.io/b:c\""), "'default[0].signedIdentity.dockerReference'" },
	{ IDENTITY("\"type\":\"exactReference\""), "'default[0].signedIdentity.dockerReference': it is missing" },
	{ IDENTITY("\"type\":\"exactReference\",\"dockerReference\":\"a.io/b\""), "'default[0].signedIdentity.dockerReference'" },
	{ IDENTITY("\"type\":\"exactRepository\",\"dockerRepository\":\"a.io/b:c\""), "'default[0].signedIdentity.dockerRepository'" },
	{ IDENTITY("\"type\":\"remapIdentity\",\"prefix\":\"a.io\""), "'default[0].signedIdentity.signedPrefix': it is missing" },
	{ IDENTITY("\"type\":\"remapIdentity\",\"prefix\":\"a.io/b:c\",\"signedPrefix\":\"b.io\""), "'default[0].signedIdentity.prefix'" },
	{ IDENTITY("\"type\":\"remapIdentity\",\"prefix\":\"a.io\",\"signedPrefix\":\"b.io/\""), "'default[0].signedIdentity.signedPrefix'" },
	{ STORE(""), "'default[0]': one of keyPath" },
	{ STORE(",\"keyType\":\"GPGKeys\",\"keyPath\":\"/k\""), "'default[0].keyType'" },
	{ STORE(",\"keyPath\":\"/k\",\"fulcio\":{}"), "exclude each other" },
	{ STORE(",\"keyDatas\":[\"?\"]"), "'default[0].keyDatas[0]'" },
};

static void test_malformed(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		auto_val(conf_policy) policy = { 0 };
		struct err err = { 0 };
		int r = conf_policy_parse(bad[i].text, strlen(bad[i].text), &policy, &err);

		if (!bad[i].member) {
			if (r < 0)
				fail_msg("%s: %s", bad[i].text, err.text);
			continue;
		}
		if (r == 0 || err.kind != ERR_INVALID || !strstr(err.text, bad[i].member))
			fail_msg("%s: %s, not of %s", bad[i].text, r == 0 ? "taken" : err.text, bad[i].member);
		assert_int_equal(policy.rule_count, 0);
	}
}

static void test_limits(void **state)
{
	static const struct {
		const char *before, *one, *after;
		int max;
	} lists[] = {
		{ "{\"default\":[", "{\"type\":\"reject\"}", "]}", CONF_POLICY_REQUIREMENTS_MAX },
		{ "{\"default\":[{\"type\":\"sigstoreSigned\",\"keyPaths\":[", "\"/k\"", "]}]}", CONF_POLICY_KEYS_MAX },
		{ "{\"default\":" ANY ",\"transports\":{\"docker\":{", NULL, "}}}", CONF_POLICY_SCOPES_MAX },
	};

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		for (int over = 0; over < 2; over++) {
			auto_val(conf_policy) policy = { 0 };
			auto_str text = { 0 };
			struct err err = { 0 };

			str_add(&text, lists[i].before);
			for (int k = 0; k < lists[i].max + over; k++)
				if (lists[i].one)
					str_addf(&text, "%s%s", k ? "," : "", lists[i].one);
				else
					str_addf(&text, "%s\"h%d\":" ANY, k ? "," : "", k);
			str_add(&text, lists[i].after);
			assert_int_equal(conf_policy_parse(text.data, text.len, &policy, &err), -over);
			assert_int_equal(err.kind, over ? ERR_LIMIT : ERR_NONE);
		}
}

static void test_content(void **state)
{
	static const char text[] = SIGNED(",\"keyData\":\"aGVsbG8=\",\"signedIdentity\":{\"type\":\"remapIdentity\",\"prefix\":\"a.io\",\"signedPrefix\":\"b.io/c\"}");
	static const char rekor[] = STORE(",\"keyPath\":\"/k\",\"rekorPublicKeyData\":\"aGVsbG8=\"");
	auto_val(conf_policy) policy = { 0 }, other = { 0 };
	struct err err = { 0 };
	const struct conf_requirement *req;

	assert_int_equal(conf_policy_parse(text, strlen(text), &policy, &err), 0);
	req = &policy.fallback.requirements[0];
	assert_int_equal(req->kind, CONF_REQUIRE_SIGNED_BY);
	assert_int_equal(req->key_count, 1);
	assert_int_equal(req->keys[0].len, 5);
	assert_string_equal(req->keys[0].data, "hello");
	assert_int_equal(req->identity, CONF_IDENTITY_REMAP);
	assert_string_equal(req->name, "a.io");
	assert_string_equal(req->signed_prefix, "b.io/c");
	assert_null(req->not_done);
	assert_int_equal(conf_policy_parse(rekor, strlen(rekor), &other, &err), 0);
	assert_string_equal(other.fallback.requirements[0].not_done, "rekorPublicKeyData");
}

static char dir[] = "/tmp/cpod-test-policy-XXXXXX";

static void test_files(void **state)
{
	auto_free char *conf = NULL, *path = NULL;
	struct err err = { 0 };
	auto_val(conf_policy) none = { 0 }, own = { 0 }, given = { 0 }, broken = { 0 };

	assert_non_null(mkdtemp(dir));
	setenv("HOME", dir, 1);
	if (access("/etc/containers/policy.json", F_OK) < 0) {
		assert_int_equal(conf_policy_load(NULL, &none, &err), 0);
		assert_null(none.path);
		assert_int_equal(none.fallback.requirements[0].kind, CONF_REQUIRE_NOTHING);
	}
	conf = mem_printf("%s/.config/containers", dir);
	path = mem_printf("%s/policy.json", conf);
	assert_int_equal(file_mkdirs(AT_FDCWD, conf, 0700), 0);
	assert_int_equal(file_write(AT_FDCWD, path, 0600, "{\"default\":[{\"type\":\"reject\"}]}", 31, 0), 0);
	assert_int_equal(conf_policy_load(NULL, &own, &err), 0);
	assert_string_equal(own.path, path);
	assert_int_equal(own.len, 31);
	assert_string_equal(own.text, "{\"default\":[{\"type\":\"reject\"}]}");
	assert_int_equal(own.fallback.requirements[0].kind, CONF_REQUIRE_REJECT);
	assert_int_equal(conf_policy_load("/no/such", &given, &err), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	err_clear(&err);
	/* T-TR-01: malformed is no policy, not another one */
	assert_int_equal(file_write(AT_FDCWD, path, 0600, "{\"default\":[]}", 14, 0), 0);
	assert_int_equal(conf_policy_load(NULL, &broken, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID);
	assert_non_null(strstr(err.text, path));
	assert_int_equal(file_remove_tree(AT_FDCWD, dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scopes), cmocka_unit_test(test_malformed), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_content), cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
