/* test_manifest.c - manifests and indexes: what is taken, what is refused and why; the entry for a platform. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "base/str.h"
#include "image/manifest.h"

#include <string.h>

#define D(c) "sha256:" c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c
#define BLOB(type, c, size) "{\"mediaType\":\"" type "\",\"digest\":\"" D(c) "\",\"size\":" size "}"
#define CONFIG BLOB(MANIFEST_OCI_CONFIG, "ab", "12")
#define LAYER BLOB(MANIFEST_OCI_LAYER "+gzip", "cd", "34")
#define OCI(rest) "{\"schemaVersion\":2" rest "}"
#define PLAIN ",\"config\":" CONFIG ",\"layers\":[" LAYER "]"
#define TYPE(t) ",\"mediaType\":\"" t "\""
#define ENTRY(arch, variant, c)                                                              \
	"{\"mediaType\":\"" MANIFEST_OCI "\",\"digest\":\"" D(c) "\",\"size\":7,\"platform\":{\"os\":\"linux\"," \
	"\"architecture\":\"" arch "\",\"variant\":\"" variant "\"}}"

/* kind ERR_NONE: accepted, as `type` */
static const struct row {
	const char *text, *content_type;
	enum err_kind kind;
	const char *told; /* the type, or a part of the sentence */
} rows[] = {
	{ OCI(PLAIN), NULL, ERR_NONE, MANIFEST_OCI },
	{ OCI(PLAIN), "application/json", ERR_NONE, MANIFEST_OCI },
	{ OCI(PLAIN), "text/plain; charset=utf-8", ERR_NONE, MANIFEST_OCI },
	{ OCI(PLAIN), MANIFEST_OCI, ERR_NONE, MANIFEST_OCI },
	{ OCI(PLAIN), MANIFEST_OCI "; charset=utf-8", ERR_NONE, MANIFEST_OCI },
	{ OCI(TYPE(MANIFEST_OCI) PLAIN), MANIFEST_OCI, ERR_NONE, MANIFEST_OCI },
	{ OCI(TYPE(MANIFEST_DOCKER) ",\"config\":" BLOB(MANIFEST_DOCKER_CONFIG, "ab", "1") ",\"layers\":["
		BLOB(MANIFEST_DOCKER_LAYER ".gzip", "cd", "1") "]"), MANIFEST_DOCKER, ERR_NONE, MANIFEST_DOCKER },
	{ OCI(",\"config\":" CONFIG ",\"layers\":[]"), NULL, ERR_NONE, MANIFEST_OCI },
	{ OCI(",\"config\":" CONFIG ",\"layers\":[" BLOB(MANIFEST_OCI_LAYER, "01", "0") "," BLOB(MANIFEST_OCI_LAYER "+zstd", "02", "1") "]"),
	  NULL, ERR_NONE, MANIFEST_OCI },
	{ OCI(",\"config\":" CONFIG ",\"layers\":[" BLOB("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "02", "1") "]"),
	  NULL, ERR_NONE, MANIFEST_OCI },
	{ OCI(TYPE(MANIFEST_OCI) PLAIN ",\"annotations\":{\"a\":\"b\"},\"subject\":" LAYER ",\"new\":{}"), NULL, ERR_NONE, MANIFEST_OCI },
	{ OCI(TYPE(MANIFEST_OCI_INDEX) ",\"manifests\":[" ENTRY("amd64", "", "ef") "]"), MANIFEST_OCI_INDEX, ERR_NONE, MANIFEST_OCI_INDEX },
	{ OCI(",\"manifests\":[]"), NULL, ERR_NONE, MANIFEST_OCI_INDEX },
	{ OCI(TYPE(MANIFEST_DOCKER_LIST) ",\"manifests\":[" ENTRY("amd64", "", "ef") "]"), NULL, ERR_NONE, MANIFEST_DOCKER_LIST },

	/* not what it claims */
	{ "", NULL, ERR_INVALID, "" },
	{ "null", NULL, ERR_INVALID, "" },
	{ "[]", NULL, ERR_INVALID, "" },
	{ "{}", NULL, ERR_INVALID, "schemaVersion" },
	{ "<html>", NULL, ERR_INVALID, "" },
	{ OCI(PLAIN) "x", NULL, ERR_INVALID, "" },
	{ OCI(""), NULL, ERR_INVALID, "neither" },
	{ "{\"schemaVersion\":1,\"fsLayers\":[],\"history\":[]}", NULL, ERR_UNSUPPORTED, "schema 1" },
	{ "{\"schemaVersion\":3" PLAIN "}", NULL, ERR_INVALID, "schemaVersion" },
	{ "{\"schemaVersion\":\"2\"" PLAIN "}", NULL, ERR_INVALID, "schemaVersion" },
	{ "{\"schemaVersion\":2.0" PLAIN "}", NULL, ERR_INVALID, "schemaVersion" },
	{ "{\"schemaVersion\":null" PLAIN "}", NULL, ERR_INVALID, "schemaVersion" },
	{ OCI(TYPE("text/html") PLAIN), NULL, ERR_INVALID, "text/html" },
	{ OCI(",\"mediaType\":7" PLAIN), NULL, ERR_INVALID, "media type" },
	{ OCI(TYPE("application/vnd.oci.image.layer.v1.tar") PLAIN), NULL, ERR_INVALID, "media type" },
	{ OCI(",\"config\":7,\"layers\":[]"), NULL, ERR_INVALID, "config" },
	{ OCI(",\"config\":" CONFIG ",\"layers\":{}"), NULL, ERR_INVALID, "layers" },
	{ OCI(",\"config\":" CONFIG ",\"layers\":[7]"), NULL, ERR_INVALID, "layers" },
	{ OCI(",\"config\":" CONFIG), NULL, ERR_INVALID, "layers" },
	{ OCI(",\"layers\":[" LAYER "]"), NULL, ERR_INVALID, "config" },
	{ OCI(",\"config\":null,\"layers\":[]"), NULL, ERR_INVALID, "config" },
	{ OCI(",\"manifests\":{}"), NULL, ERR_INVALID, "manifests" },

	/* ambiguous: T-EX-04 */
	{ OCI(PLAIN ",\"manifests\":[]"), NULL, ERR_INVALID, "both" },
	{ OCI(TYPE(MANIFEST_OCI) PLAIN ",\"manifests\":[" ENTRY("amd64", "", "ef") "]"), MANIFEST_OCI, ERR_INVALID, "both" },
	{ OCI(",\"layers\":[],\"manifests\":[]"), NULL, ERR_INVALID, "both" },
	{ OCI(",\"config\":{},\"manifests\":[]"), NULL, ERR_INVALID, "both" },
	{ OCI(TYPE(MANIFEST_OCI) PLAIN), MANIFEST_OCI_INDEX, ERR_INVALID, "was sent as" },
	{ OCI(TYPE(MANIFEST_OCI) PLAIN), MANIFEST_DOCKER, ERR_INVALID, "was sent as" },
	{ OCI(PLAIN), MANIFEST_OCI_INDEX, ERR_INVALID, "members" },
	{ OCI(",\"manifests\":[]"), MANIFEST_OCI, ERR_INVALID, "members" },
	{ OCI(TYPE(MANIFEST_OCI_INDEX) PLAIN), NULL, ERR_INVALID, "members" },
	{ OCI(TYPE(MANIFEST_OCI) ",\"manifests\":[]"), NULL, ERR_INVALID, "members" },
	{ OCI(PLAIN ",\"layers\":[]"), NULL, ERR_INVALID, "" },
	{ OCI(PLAIN ",\"Layers\":[]"), NULL, ERR_INVALID, "Layers" },
	{ OCI(PLAIN ",\"MediaType\":\"" MANIFEST_OCI_INDEX "\""), NULL, ERR_INVALID, "MediaType" },
	{ OCI(PLAIN ",\"Manifests\":[]"), NULL, ERR_INVALID, "Manifests" },
	{ OCI(",\"config\":" CONFIG ",\"layers\":[{\"mediaType\":\"" MANIFEST_OCI_LAYER "\",\"digest\":\"" D("01") "\",\"digest\":\"" D("02") "\",\"size\":1}]"),
	  NULL, ERR_INVALID, "" },

	/* descriptors: T-EX-03 */
	{ OCI(",\"config\":{\"mediaType\":\"" MANIFEST_OCI_CONFIG "\",\"size\":1},\"layers\":[]"), NULL, ERR_INVALID, "digest" },
	{ OCI(",\"config\":{\"mediaType\":\"" MANIFEST_OCI_CONFIG "\",\"size\":1,\"digest\":\"\"},\"layers\":[]"), NULL, ERR_INVALID, "digest" },
	{ OCI(",\"config\":{\"mediaType\":\"" MANIFEST_OCI_CONFIG "\",\"size\":1,\"digest\":\"sha256:../../../etc/passwd\"},\"layers\":[]"),
	  NULL, ERR_INVALID, "digest" },
	{ OCI(",\"config\":{\"mediaType\":\"" MANIFEST_OCI_CONFIG "\",\"size\":1,\"digest\":\"sha256:AB\"},\"layers\":[]"), NULL, ERR_INVALID, "digest" },
	{ OCI(",\"config\":{\"mediaType\":\"" MANIFEST_OCI_CONFIG "\",\"size\":1,\"digest\":7},\"layers\":[]"), NULL, ERR_INVALID, "digest" },
	{ OCI(",\"config\":{\"mediaType\":\"" MANIFEST_OCI_CONFIG "\",\"digest\":\"" D("ab") "\"},\"layers\":[]"), NULL, ERR_INVALID, "size" },
	{ OCI(",\"config\":" BLOB(MANIFEST_OCI_CONFIG, "ab", "-1") ",\"layers\":[]"), NULL, ERR_INVALID, "size" },
	{ OCI(",\"config\":" BLOB(MANIFEST_OCI_CONFIG, "ab", "1.5") ",\"layers\":[]"), NULL, ERR_INVALID, "size" },
	{ OCI(",\"config\":" BLOB(MANIFEST_OCI_CONFIG, "ab", "\"1\"") ",\"layers\":[]"), NULL, ERR_INVALID, "size" },
	{ OCI(",\"config\":" BLOB(MANIFEST_OCI_CONFIG, "ab", "99999999999999999999") ",\"layers\":[]"), NULL, ERR_INVALID, "size" },
	{ OCI(",\"config\":" BLOB(MANIFEST_OCI_CONFIG, "ab", "18446744073709551615") ",\"layers\":[]"), NULL, ERR_INVALID, "size" },
	{ OCI(",\"config\":" BLOB(MANIFEST_OCI_CONFIG, "ab", "4194305") ",\"layers\":[]"), NULL, ERR_LIMIT, "configuration" },
	{ OCI(",\"config\":" BLOB("application/vnd.cncf.helm.config.v1+json", "ab", "1") ",\"layers\":[]"), NULL, ERR_UNSUPPORTED, "artifact" },
	{ OCI(",\"config\":" BLOB("application/vnd.oci.empty.v1+json", "ab", "2") ",\"layers\":[]"), NULL, ERR_UNSUPPORTED, "artifact" },
	{ OCI(",\"config\":" CONFIG ",\"layers\":[" BLOB("application/octet-stream", "01", "1") "]"), NULL, ERR_UNSUPPORTED, "layer 1" },
	{ OCI(",\"config\":" CONFIG ",\"layers\":[" LAYER "," BLOB(MANIFEST_OCI_LAYER "+gzip+encrypted", "01", "1") "]"), NULL, ERR_UNSUPPORTED,
	  "layer 2 is encrypted" },
	{ OCI(",\"manifests\":[{\"mediaType\":\"" MANIFEST_OCI "\",\"digest\":\"sha256:zz\",\"size\":1}]"), NULL, ERR_INVALID, "entry 1" },
};

static void test_table(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_val(manifest) m = { 0 };
		struct err err = { 0 };
		int r = manifest_parse(rows[i].text, strlen(rows[i].text), rows[i].content_type, &m, &err);

		if (err.kind != rows[i].kind)
			fail_msg("row %zu: kind %d: %s\n%s", i, (int)err.kind, err.text, rows[i].text);
		assert_int_equal(r, rows[i].kind ? -1 : 0);
		if (r == 0)
			assert_string_equal(m.media_type, rows[i].told);
		else if (!strstr(err.text, rows[i].told))
			fail_msg("row %zu: '%s' lacks '%s'", i, err.text, rows[i].told);
	}
}

static void test_members(void **state)
{
	auto_val(manifest) m = { 0 };
	struct err err = { 0 };

	assert_int_equal(manifest_parse(OCI(PLAIN), strlen(OCI(PLAIN)), NULL, &m, &err), 0);
	assert_false(m.is_index);
	assert_string_equal(m.config.digest, D("ab"));
	assert_int_equal(m.config.size, 12);
	assert_int_equal(m.layer_count, 1);
	assert_string_equal(m.layers[0].digest, D("cd"));
	assert_int_equal(m.layers[0].size, 34);
}

static void expect_layers(size_t count, enum err_kind kind)
{
	auto_val(manifest) m = { 0 };
	struct err err = { 0 };
	auto_str text = { 0 };

	str_add(&text, "{\"schemaVersion\":2,\"config\":" CONFIG ",\"layers\":[" LAYER);
	for (size_t i = 1; i < count; i++)
		str_add(&text, "," LAYER);
	str_add(&text, "]}");
	assert_int_equal(manifest_parse(text.data, text.len, NULL, &m, &err), kind ? -1 : 0);
	assert_int_equal(err.kind, kind);
}

static void test_limits(void **state)
{
	auto_str text = { 0 };
	auto_val(manifest) m = { 0 }, big = { 0 };
	struct err err = { 0 };

	expect_layers(LIMIT_LAYERS, ERR_NONE);
	expect_layers(LIMIT_LAYERS + 1, ERR_LIMIT);
	str_add(&text, OCI(PLAIN));
	while (text.len < LIMIT_MANIFEST_BYTES)
		str_add_char(&text, ' ');
	assert_int_equal(manifest_parse(text.data, text.len, NULL, &m, &err), 0);
	str_add_char(&text, ' ');
	assert_true(manifest_parse(text.data, text.len, NULL, &big, &err) < 0);
	assert_int_equal(err.kind, ERR_LIMIT);
}

static void test_choice(void **state)
{
	static const char text[] = OCI(",\"manifests\":[" ENTRY("arm", "v5", "a5") "," ENTRY("arm", "v7", "a7") "," ENTRY("arm64", "v8", "a8") ","
					ENTRY("amd64", "", "64") "," ENTRY("amd64", "v3", "63") "," ENTRY("arm64", "", "a0") "]");
	static const struct {
		const char *arch, *variant, *digest;
	} wishes[] = {
		{ "amd64", NULL, D("64") }, { "amd64", "v3", D("63") }, { "amd64", "v4", D("63") }, { "amd64", "v2", D("64") },
		{ "arm64", NULL, D("a8") }, { "arm", NULL, D("a7") },	{ "arm", "v6", D("a5") },   { "s390x", NULL, NULL },
	};
	auto_val(manifest) m = { 0 };
	struct err err = { 0 };

	assert_int_equal(manifest_parse(text, strlen(text), NULL, &m, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
		struct manifest_wish wish = manifest_wish_of("linux", wishes[i].arch, wishes[i].variant);
		const struct manifest_blob *entry = NULL;
		int r;

		/* the host's own variant must not leak into the table */
		if (!wishes[i].variant && strcmp(wishes[i].arch, "amd64") == 0)
			wish.variant = "";
		r = manifest_choose(&m, &wish, &entry, &err);
		assert_int_equal(r, wishes[i].digest ? 0 : -1);
		if (r == 0)
			assert_string_equal(entry->digest, wishes[i].digest);
	}
	assert_string_equal(err.text, "no image found in image index for architecture \"s390x\", variant \"\", OS \"linux\"");
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
}

/* SPEC image-index.md: platform is optional */
static void test_choice_without_platform(void **state)
{
	static const char text[] = OCI(",\"manifests\":[{\"mediaType\":\"" MANIFEST_OCI "\",\"size\":1,\"digest\":\"" D("00") "\"}," ENTRY("arm64", "", "a0") "]");
	static const char *const wishes[][2] = { { "arm64", D("a0") }, { "s390x", D("00") } };
	auto_val(manifest) m = { 0 };
	struct err err = { 0 };

	assert_int_equal(manifest_parse(text, strlen(text), NULL, &m, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
		struct manifest_wish wish = manifest_wish_of("linux", wishes[i][0], NULL);
		const struct manifest_blob *entry = NULL;

		assert_int_equal(manifest_choose(&m, &wish, &entry, &err), 0);
		assert_string_equal(entry->digest, wishes[i][1]);
	}
}

static void test_write(void **state)
{
	struct manifest_blob layer = { .media_type = (char *)MANIFEST_OCI_LAYER, .digest = (char *)D("cd"), .size = 34 };
	struct manifest_write w = { .config_digest = D("ab"), .config_size = 12, .layers = &layer, .layer_count = 1 };
	auto_str out = { 0 };
	auto_val(manifest) m = { 0 };
	struct err err = { 0 };

	manifest_write(&w, &out);
	assert_int_equal(manifest_parse(out.data, out.len, MANIFEST_OCI, &m, &err), 0);
	assert_string_equal(m.layers[0].digest, D("cd"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table), cmocka_unit_test(test_members), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_choice_without_platform), cmocka_unit_test(test_write),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
