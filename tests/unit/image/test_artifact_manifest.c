/* test_artifact_manifest.c - manifests of artifacts: what is read, what is refused, and what files may be called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "image/artifact_manifest.h"

#include <string.h>

#define HEX "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
#define CONFIG "\"config\":{\"mediaType\":\"" ARTIFACT_EMPTY_TYPE "\",\"digest\":\"" ARTIFACT_EMPTY_DIGEST "\",\"size\":2}"
#define LAYER(digest, more) "{\"mediaType\":\"text/plain\",\"digest\":\"" digest "\",\"size\":6" more "}"
#define TITLED(title) LAYER("sha256:" HEX, ",\"annotations\":{\"" ARTIFACT_TITLE "\":\"" title "\"}")
#define DOC(layers) "{\"schemaVersion\":2," CONFIG ",\"layers\":[" layers "]}"

static const struct {
	const char *text;
	enum err_kind kind;
} docs[] = {
	{ DOC(""), ERR_NONE },
	{ DOC(LAYER("sha256:" HEX, "")), ERR_NONE },
	{ DOC(LAYER("sha512:" HEX HEX, ",\"unknown\":[1]")), ERR_NONE },
	{ DOC(TITLED("../x")), ERR_NONE }, /* it may be pulled: it is where a file is written that it is refused */
	{ DOC(TITLED("a\\u0000b")), ERR_INVALID },
	{ DOC(LAYER("sha256:../../x", "")), ERR_INVALID },
	{ DOC(LAYER("sha256:", "")), ERR_INVALID },
	{ DOC(LAYER("", "")), ERR_INVALID },
	{ DOC(LAYER("md5:" HEX, "")), ERR_INVALID },
	{ DOC("{\"digest\":\"sha256:" HEX "\",\"size\":-1}"), ERR_INVALID },
	{ DOC("{\"digest\":\"sha256:" HEX "\",\"size\":999999999999999}"), ERR_LIMIT },
	{ "{\"schemaVersion\":2,\"layers\":[]}", ERR_INVALID },
	{ "{\"schemaVersion\":2," CONFIG "}", ERR_INVALID },
	{ "{\"schemaVersion\":1," CONFIG ",\"layers\":[]}", ERR_INVALID },
	{ "{\"schemaVersion\":2," CONFIG ",\"layers\":[],\"manifests\":[]}", ERR_UNSUPPORTED },
	{ "{\"schemaVersion\":2," CONFIG ",\"layers\":[],\"layers\":[]}", ERR_INVALID },
	{ "[]", ERR_INVALID },
	{ "", ERR_INVALID },
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(docs); i++) {
		auto_val(artifact_manifest) m = { 0 };
		struct err err = { 0 };
		int rc = artifact_manifest_parse(docs[i].text, strlen(docs[i].text), &m, &err);
		if (err.kind != docs[i].kind || (rc < 0) != (docs[i].kind != ERR_NONE))
			fail_msg("document %zu: kind %d, %s", i, err.kind, err.text);
	}
}

static void test_layers(void **state)
{
	auto_str text = { 0 };
	auto_val(artifact_manifest) m = { 0 };
	struct err err = { 0 };
	(void)state;
	str_add(&text, "{\"schemaVersion\":2," CONFIG ",\"layers\":[");
	for (int i = 0; i < 501; i++)
		str_addf(&text, "%s" LAYER("sha256:" HEX, ""), i ? "," : "");
	str_add(&text, "]}");
	assert_int_equal(artifact_manifest_parse(text.data, text.len, &m, &err), -1);
	assert_int_equal(err.kind, ERR_LIMIT);
}

static void test_names(void **state)
{
	static const struct { const char *title, *file; } names[] = {
		{ "a.txt", "a.txt" }, { "", "sha256-" HEX }, { NULL, "sha256-" HEX }, { "...", "..." }, { ".hidden", ".hidden" }, { "a b", "a b" },
		{ "../x", NULL }, { "/x", NULL }, { "a/b", NULL }, { "a/", NULL }, { ".", NULL }, { "..", NULL }, { "a\nb", NULL },
	};
	char exact[256], longer[257];
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names) + 2; i++) {
		auto_free char *file = NULL;
		auto_strv annotations = NULL;
		struct err err = { 0 };
		memset(exact, 'x', 255), exact[255] = 0;
		memset(longer, 'x', 256), longer[256] = 0;
		const char *title = i < ARRAY_LEN(names) ? names[i].title : i == ARRAY_LEN(names) ? exact : longer;
		const char *want = i < ARRAY_LEN(names) ? names[i].file : i == ARRAY_LEN(names) ? exact : NULL;
		if (title)
			strv_env_set(&annotations, ARTIFACT_TITLE, title);
		const struct artifact_blob blob = { .digest = (char *)(uintptr_t)"sha256:" HEX, .annotations = annotations };
		int rc = artifact_blob_file(&blob, false, &file, &err);
		if ((rc == 0) != (want != NULL) || (want && strcmp(file, want) != 0))
			fail_msg("title '%s': %d, '%s'", title ? title : "(none)", rc, file ? file : "");
		if (want == NULL)
			assert_int_equal(err.kind, ERR_INVALID);
	}
}

static void test_write(void **state)
{
	auto_val(artifact_manifest) m = { 0 }, again = { 0 };
	auto_str text = { 0 };
	struct err err = { 0 };
	(void)state;
	artifact_manifest_init(&m);
	struct artifact_blob *b = artifact_manifest_add(&m);
	b->media_type = mem_strdup("text/plain");
	b->digest = mem_strdup("sha256:" HEX);
	b->size = 6;
	strv_env_set(&b->annotations, ARTIFACT_TITLE, "<a>");
	artifact_manifest_write(&m, &text);
	assert_string_equal(text.data,
			    "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"mediaType\":\"" ARTIFACT_EMPTY_TYPE
			    "\",\"digest\":\"" ARTIFACT_EMPTY_DIGEST "\",\"size\":2,\"data\":\"e30=\"},\"layers\":[{\"mediaType\":\"text/plain\",\"digest\":\"sha256:" HEX
			    "\",\"size\":6,\"annotations\":{\"" ARTIFACT_TITLE "\":\"\\u003ca\\u003e\"}}]}");
	assert_int_equal(artifact_manifest_parse(text.data, text.len, &again, &err), 0);
	assert_string_equal(artifact_blob_title(&again.layers[0]), "<a>");
}

static void test_select(void **state)
{
	static const char text[] = DOC(TITLED("a") "," TITLED("b") "," TITLED("a"));
	static const struct { struct artifact_want want; size_t count; enum err_kind kind; } rows[] = {
		{ { NULL, NULL }, 3, ERR_NONE }, { { NULL, "a" }, 1, ERR_NONE }, { { NULL, "b" }, 1, ERR_NONE }, { { "sha256:" HEX, NULL }, 1, ERR_NONE },
		{ { NULL, "c" }, 0, ERR_NOT_FOUND }, { { "sha256:" HEX "0", NULL }, 0, ERR_NOT_FOUND }, { { "x", "a" }, 0, ERR_USAGE },
	};
	auto_val(artifact_manifest) m = { 0 };
	struct err err = { 0 };
	(void)state;
	assert_int_equal(artifact_manifest_parse(text, strlen(text), &m, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		auto_free const struct artifact_blob **blobs = NULL;
		size_t count = 0;
		err_clear(&err);
		int rc = artifact_manifest_select(&m, &rows[i].want, &blobs, &count, &err);
		assert_int_equal(err.kind, rows[i].kind);
		assert_int_equal(rc < 0, rows[i].kind != ERR_NONE);
		assert_int_equal(count, rows[i].count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse), cmocka_unit_test(test_layers), cmocka_unit_test(test_names), cmocka_unit_test(test_write), cmocka_unit_test(test_select),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
