/* signature.c - see signature.h */
#include "image/signature.h"

#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "codec/enc.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"
#include "image/ref.h"

#define MADE_ANNOTATION "dev.cosignproject.cosign/signature"
#define CLAIM_TYPE "application/vnd.dev.cosign.simplesigning.v1+json"

void signature_done(struct signature *s)
{
	free(s->data);
	free(s->made);
	*s = (struct signature){ 0 };
}

void signature_list_done(struct signature_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		signature_done(&list->rows[i]);
	free(list->rows);
	*list = (struct signature_list){ 0 };
}

int signature_list_add(struct signature_list *list, struct signature *one, struct err *err)
{
	if (list->count >= SIGNATURES_MAX)
		return err_set(err, ERR_LIMIT, "the image has more than %d signatures", SIGNATURES_MAX);
	list->rows = mem_resize(list->rows, list->count + 1, sizeof(*one));
	list->rows[list->count++] = *one;
	*one = (struct signature){ 0 };
	return 0;
}

/* ---- files ---- */

static int parse_sigstore(const char *data, size_t len, struct signature *ret, struct err *err)
{
	auto_ptr(json) doc = NULL;
	const char *made;

	if (json_parse_object(data, len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &doc, err) < 0)
		return -1;
	made = json_get_str(json_get(doc, "annotations"), MADE_ANNOTATION, "");
	if (strcmp(json_get_str(doc, "mimeType", ""), CLAIM_TYPE) != 0 || !*made)
		return err_set(err, ERR_INVALID, "it is a sigstore record, but no signature");
	if (enc_base64_decode(json_get_str(doc, "payload", "*"), &ret->data, &ret->len) < 0)
		return err_set(err, ERR_INVALID, "its payload is no base64");
	ret->kind = SIGNATURE_SIGSTORE;
	ret->made = mem_strdup(made);
	return 0;
}

int signature_parse(const char *data, size_t len, struct signature *ret, struct err *err)
{
	static const char head[] = "\0sigstore-json\n";
	const size_t head_len = sizeof(head) - 1;

	if (len > head_len && memcmp(data, head, head_len) == 0)
		return parse_sigstore(data + head_len, len - head_len, ret, err);
	if (!len || !(data[0] & 0x80))
		return err_set(err, ERR_INVALID, "it is of no form that is known here");
	*ret = (struct signature){ .kind = SIGNATURE_SIMPLE, .data = mem_dup(data, len), .len = len };
	return 0;
}

/* ---- claims ---- */

static const char *const claim_types[] = {
	[SIGNATURE_SIMPLE] = "atomic container signature",
	[SIGNATURE_SIGSTORE] = "cosign container image signature",
};

void signature_claim_done(struct signature_claim *c)
{
	free(c->reference);
	free(c->digest);
	*c = (struct signature_claim){ 0 };
}

/* An object of exactly these members: what nobody knows may change what is claimed. */
static int exactly(const struct json *object, const char *const *names, const char *what, struct err *err)
{
	size_t count = 0;

	if (json_kind(object) != JSON_OBJECT)
		return err_set(err, ERR_INVALID, "its claim has no object '%s'", what);
	for (; names[count]; count++)
		if (!json_has(object, names[count]))
			return err_set(err, ERR_INVALID, "its claim lacks '%s' in '%s'", names[count], what);
	if (json_len(object) != count)
		return err_set(err, ERR_INVALID, "its claim has members in '%s' that are not known", what);
	return 0;
}

static int check_optional(enum signature_kind kind, const struct json *optional, struct err *err)
{
	if (!optional && kind == SIGNATURE_SIGSTORE)
		return 0;
	if (json_kind(optional) != JSON_OBJECT ||
	    (json_has(optional, "creator") && json_kind(json_get(optional, "creator")) != JSON_STRING) ||
	    (json_has(optional, "timestamp") && !json_is_integer(json_get(optional, "timestamp"))))
		return err_set(err, ERR_INVALID, "its claim's 'optional' is not what it should be");
	return 0;
}

int signature_claim_parse(enum signature_kind kind, const char *data, size_t len, struct signature_claim *ret, struct err *err)
{
	static const char *const top[] = { "critical", "optional", NULL }, *const critical[] = { "type", "image", "identity", NULL };
	static const char *const image[] = { "docker-manifest-digest", NULL }, *const identity[] = { "docker-reference", NULL };
	auto_ptr(json) doc = NULL;
	const struct json *c;
	const char *digest, *reference;

	if (json_parse_object(data, len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &doc, err) < 0)
		return err_wrap(err, "its claim");
	c = json_get(doc, "critical");
	if (exactly(doc, top, "the claim", err) < 0 || exactly(c, critical, "critical", err) < 0 ||
	    exactly(json_get(c, "image"), image, "image", err) < 0 || exactly(json_get(c, "identity"), identity, "identity", err) < 0 ||
	    check_optional(kind, json_get(doc, "optional"), err) < 0)
		return -1;
	if (strcmp(json_get_str(c, "type", ""), claim_types[kind]) != 0)
		return err_set(err, ERR_INVALID, "its claim is none of an image");
	digest = json_get_str(json_get(c, "image"), image[0], "");
	reference = json_get_str(json_get(c, "identity"), identity[0], "");
	if (!ref_digest_valid(digest) || !*reference)
		return err_set(err, ERR_INVALID, "its claim names no digest, or no image");
	ret->digest = mem_strdup(digest);
	ret->reference = mem_strdup(reference);
	return 0;
}

char *signature_claim_make(const char *digest, const char *reference, long long now_s)
{
	auto_str text = { 0 };
	struct json_out o = json_out(&text, NULL);

	json_out_open_object(&o, NULL);
	json_out_open_object(&o, "critical");
	json_out_open_object(&o, "identity");
	json_out_str(&o, "docker-reference", reference);
	json_out_close_object(&o);
	json_out_open_object(&o, "image");
	json_out_str(&o, "docker-manifest-digest", digest);
	json_out_close_object(&o);
	json_out_str(&o, "type", claim_types[SIGNATURE_SIMPLE]);
	json_out_close_object(&o);
	json_out_open_object(&o, "optional");
	json_out_str(&o, "creator", "cpod " CPOD_VERSION);
	json_out_i64(&o, "timestamp", now_s);
	json_out_close_object(&o);
	json_out_close_object(&o);
	return str_take(&text);
}
