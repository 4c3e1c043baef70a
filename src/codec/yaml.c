/* yaml.c - see yaml.h
 *
 * libyaml gives events; the tree is made here, because its own composer has no budget. What an alias stands for is shared, not
 * copied, but counted as if it were: whoever walks the tree later walks no more than YAML_VALUES_MAX values.
 */
#include "codec/yaml_priv.h"

#include <string.h>
#include <yaml.h>

#include "base/dl.h"
#include "base/limits.h"
#include "base/str.h"

enum { ANCHORS_MAX = 1000 };

static struct {
	void *handle;
	__typeof__(yaml_parser_initialize) *init;
	__typeof__(yaml_parser_delete) *done;
	__typeof__(yaml_parser_set_input_string) *set_input;
	__typeof__(yaml_parser_set_encoding) *set_encoding;
	__typeof__(yaml_parser_parse) *next;
	__typeof__(yaml_event_delete) *event_done;
} lib; /* a cache behind dlopen */

static int load(struct err *err)
{
	static const char *const sonames[] = { "libyaml-0.so.2", NULL };
	static const struct dl_symbol symbols[] = {
		{ "yaml_parser_initialize", (void **)&lib.init },
		{ "yaml_parser_delete", (void **)&lib.done },
		{ "yaml_parser_set_input_string", (void **)&lib.set_input },
		{ "yaml_parser_set_encoding", (void **)&lib.set_encoding },
		{ "yaml_parser_parse", (void **)&lib.next },
		{ "yaml_event_delete", (void **)&lib.event_done },
	};

	return dl_load(sonames, "libyaml-0-2", symbols, ARRAY_LEN(symbols), &lib.handle, err);
}

struct anchor {
	char *name;
	struct json *value; /* owned; NULL while it is open, and of a null */
	bool open;
	size_t size; /* values in it */
};

struct reader {
	yaml_parser_t parser;
	yaml_event_t event;
	struct anchor *anchors; /* of this document */
	size_t anchor_count;
	size_t values; /* so far, aliases counted in full */
	unsigned depth;
	struct err *err;
};

static void forget_anchors(struct reader *r)
{
	for (size_t i = 0; i < r->anchor_count; i++) {
		free(r->anchors[i].name);
		json_free(r->anchors[i].value);
	}
	free(r->anchors);
	r->anchors = NULL;
	r->anchor_count = 0;
}

static void reader_done(struct reader *r)
{
	lib.event_done(&r->event);
	lib.done(&r->parser);
	forget_anchors(r);
}
AUTO_VAL(reader, reader_done);

static int fail(struct reader *r, enum err_kind kind, const char *what)
{
	return err_set(r->err, kind, "line %zu: %s", r->event.start_mark.line + 1, what);
}

static int next(struct reader *r)
{
	lib.event_done(&r->event);
	if (lib.next(&r->parser, &r->event))
		return 0;
	/* the event that never came says nothing of where */
	memset(&r->event, 0, sizeof(r->event));
	return err_set(r->err, ERR_INVALID, "line %zu: %s", r->parser.problem_mark.line + 1,
		       r->parser.problem ? r->parser.problem : "no YAML");
}

static int count(struct reader *r, size_t more)
{
	r->values += more;
	return r->values > YAML_VALUES_MAX ? fail(r, ERR_LIMIT, "more values than can be taken, aliases counted in full") : 0;
}

/* ---- anchors ---- */

/* The later of two with one name wins. */
static struct anchor *find_anchor(struct reader *r, const char *name)
{
	for (size_t i = r->anchor_count; i-- > 0;)
		if (strcmp(r->anchors[i].name, name) == 0)
			return &r->anchors[i];
	return NULL;
}

/* *ret_at: its place, or -1 when the node has none. */
static int open_anchor(struct reader *r, const yaml_char_t *name, ssize_t *ret_at)
{
	*ret_at = -1;
	if (!name)
		return 0;
	if (r->anchor_count >= ANCHORS_MAX)
		return fail(r, ERR_LIMIT, "too many anchors");
	r->anchors = mem_resize(r->anchors, r->anchor_count + 1, sizeof(*r->anchors));
	r->anchors[r->anchor_count] = (struct anchor){ .name = mem_strdup((const char *)name), .open = true };
	*ret_at = (ssize_t)r->anchor_count++;
	return 0;
}

static void close_anchor(struct reader *r, ssize_t at, const struct json *value, size_t size)
{
	if (at < 0)
		return;
	r->anchors[at].open = false;
	r->anchors[at].value = value ? json_ref(value) : NULL;
	r->anchors[at].size = size;
}

static int take_alias(struct reader *r, struct json **ret)
{
	const struct anchor *a = find_anchor(r, (const char *)r->event.data.alias.anchor);

	if (!a)
		return fail(r, ERR_INVALID, "an alias of an anchor that is not there");
	if (a->open)
		return fail(r, ERR_INVALID, "an anchor that holds itself");
	if (count(r, a->size) < 0)
		return -1;
	*ret = a->value ? json_ref(a->value) : NULL;
	return 0;
}

/* ---- values ---- */

static int value(struct reader *r, struct json **ret);

static int scalar(struct reader *r, struct json **ret)
{
	const char *why = "a NUL in a tagged value";
	const char *tag = (const char *)r->event.data.scalar.tag;

	if (yaml_scalar((const char *)r->event.data.scalar.value, r->event.data.scalar.length, tag,
			r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE, ret, &why) < 0)
		return fail(r, ERR_INVALID, why);
	return 0;
}

static int check_tag(struct reader *r, const yaml_char_t *tag, const char *own)
{
	return !tag || strcmp((const char *)tag, own) == 0 || strcmp((const char *)tag, "!") == 0 ? 0 :
													fail(r, ERR_INVALID, "an unknown tag");
}

static int sequence(struct reader *r, struct json **ret)
{
	auto_ptr(json) array = json_array_new();

	if (check_tag(r, r->event.data.sequence_start.tag, YAML_SEQ_TAG) < 0 || next(r) < 0)
		return -1;
	while (r->event.type != YAML_SEQUENCE_END_EVENT) {
		struct json *item = NULL;

		if (value(r, &item) < 0)
			return -1;
		json_add(array, item);
		if (next(r) < 0)
			return -1;
	}
	*ret = take_ptr(array);
	return 0;
}

/* The text a key has as a member's name. *ret_merge: it is the plain word <<. */
static int key(struct reader *r, char **ret, bool *ret_merge)
{
	auto_ptr(json) name = NULL;
	bool word = r->event.type == YAML_SCALAR_EVENT && r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	auto_str text = { 0 };

	if (value(r, &name) < 0)
		return -1;
	switch (json_kind(name)) {
	case JSON_STRING:
		if (!json_str(name, NULL))
			return fail(r, ERR_INVALID, "a NUL in a key");
		*ret = mem_strdup(json_str(name, ""));
		*ret_merge = word && strcmp(*ret, "<<") == 0;
		return 0;
	case JSON_NUMBER:
		json_number_text(name, &text);
		*ret = str_take(&text);
		return 0;
	case JSON_BOOL:
		*ret = mem_strdup(json_bool(name, false) ? "true" : "false");
		return 0;
	case JSON_NULL:
		*ret = mem_strdup("null");
		return 0;
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	return fail(r, ERR_INVALID, "a key that is no plain value");
}

/* Members that are not written themselves. from: a mapping, or several, of which the first wins. */
static int merge(struct reader *r, const struct json *from, struct json *object)
{
	if (json_kind(from) == JSON_ARRAY) {
		for (size_t i = 0; i < json_len(from); i++)
			if (json_kind(json_at(from, i)) != JSON_OBJECT || merge(r, json_at(from, i), object) < 0)
				return r->err->kind ? -1 : fail(r, ERR_INVALID, "<< takes mappings");
		return 0;
	}
	if (json_kind(from) != JSON_OBJECT)
		return fail(r, ERR_INVALID, "<< takes mappings");
	for (struct json_iter it = json_iter(from); json_next(&it);)
		if (!json_has(object, it.name))
			json_set(object, it.name, it.value ? json_ref(it.value) : NULL);
	return 0;
}

/* merged: what << brings, put behind the members that are written. */
static int member(struct reader *r, struct json *object, struct json **merged)
{
	auto_free char *name = NULL;
	auto_ptr(json) content = NULL;
	bool is_merge = false;

	if (key(r, &name, &is_merge) < 0)
		return -1;
	if (is_merge ? *merged != NULL : json_has(object, name))
		return err_set(r->err, ERR_INVALID, "line %zu: the key '%.100s' is there twice", r->event.start_mark.line + 1, name);
	if (next(r) < 0 || value(r, &content) < 0)
		return -1;
	if (is_merge && !content)
		return fail(r, ERR_INVALID, "<< takes mappings");
	if (is_merge)
		*merged = take_ptr(content);
	else
		json_set(object, name, take_ptr(content));
	return 0;
}

static int mapping(struct reader *r, struct json **ret)
{
	auto_ptr(json) object = json_object_new();
	auto_ptr(json) merged = NULL;

	if (check_tag(r, r->event.data.mapping_start.tag, YAML_MAP_TAG) < 0 || next(r) < 0)
		return -1;
	while (r->event.type != YAML_MAPPING_END_EVENT)
		if (member(r, object, &merged) < 0 || next(r) < 0)
			return -1;
	if (merged && merge(r, merged, object) < 0)
		return -1;
	*ret = take_ptr(object);
	return 0;
}

static const yaml_char_t *anchor_of(const yaml_event_t *e)
{
	return e->type == YAML_SCALAR_EVENT	    ? e->data.scalar.anchor :
	       e->type == YAML_SEQUENCE_START_EVENT ? e->data.sequence_start.anchor :
						      e->data.mapping_start.anchor;
}

/* The value whose first event is the one at hand; its last event is at hand after. */
static int value(struct reader *r, struct json **ret)
{
	size_t before = r->values;
	ssize_t at;
	int rc;

	if (r->event.type == YAML_ALIAS_EVENT)
		return take_alias(r, ret);
	if (r->depth >= LIMIT_JSON_DEPTH_OUTSIDE)
		return fail(r, ERR_LIMIT, "nested too deeply");
	if (count(r, 1) < 0 || open_anchor(r, anchor_of(&r->event), &at) < 0)
		return -1;
	r->depth++;
	rc = r->event.type == YAML_SCALAR_EVENT ? scalar(r, ret) : r->event.type == YAML_SEQUENCE_START_EVENT ? sequence(r, ret) : mapping(r, ret);
	r->depth--;
	if (rc == 0)
		close_anchor(r, at, *ret, r->values - before);
	return rc;
}

/* ---- documents ---- */

/* 1: one was read (null for an empty one), 0: the stream is at its end. */
static int document(struct reader *r, struct json **ret)
{
	if (next(r) < 0)
		return -1;
	if (r->event.type == YAML_STREAM_END_EVENT)
		return 0;
	forget_anchors(r);
	if (next(r) < 0 || value(r, ret) < 0)
		return -1;
	if (next(r) < 0) {
		json_free(take_ptr(*ret));
		return -1;
	}
	return 1;
}

static int documents(struct reader *r, struct json *array)
{
	int rc = next(r); /* the stream's start */

	while (rc >= 0) {
		struct json *doc = NULL;

		rc = document(r, &doc);
		if (rc <= 0)
			break;
		if (doc)
			json_add(array, doc);
		if (json_len(array) > YAML_DOCUMENTS_MAX)
			return fail(r, ERR_LIMIT, "too many documents");
	}
	return rc;
}

int yaml_parse_all(const char *data, size_t len, struct json **ret, struct err *err)
{
	auto_ptr(json) array = json_array_new();

	if (load(err) < 0)
		return -1;
	auto_val(reader) r = { .err = err };
	if (!lib.init(&r.parser))
		abort(); /* out of memory */
	lib.set_encoding(&r.parser, YAML_UTF8_ENCODING);
	lib.set_input(&r.parser, (const unsigned char *)data, len);
	if (documents(&r, array) < 0)
		return -1;
	*ret = take_ptr(array);
	return 0;
}

int yaml_parse(const char *data, size_t len, struct json **ret, struct err *err)
{
	auto_ptr(json) docs = NULL;

	if (yaml_parse_all(data, len, &docs, err) < 0)
		return -1;
	if (json_len(docs) > 1)
		return err_set(err, ERR_INVALID, "more than one document");
	*ret = json_len(docs) ? json_ref(json_at(docs, 0)) : NULL;
	return 0;
}
