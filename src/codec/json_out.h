/* json_out.h - writes JSON as Go's encoding/json does: byte for byte what Podman prints.
 * Shape:  a stream into a struct str, so that a long listing needs no tree; json_out_value writes a tree into it.
 *         Wrong UTF-8 in a C string comes out as \ufffd: output is always valid JSON.
 * Owner:  the str and the style are borrowed until the last call.
 *
 * In an object every call has the member's name, in an array (and at the top) NULL. After open comes close.
 */
#pragma once

#include "codec/json.h"

/* NULL members: one line. Podman: inspect has indent "     ", --format json of listings "    ", docker's own "  ". */
struct json_style {
	const char *prefix; /* in front of every line but the first */
	const char *indent; /* per level; NULL with prefix NULL is compact */
	bool html;	    /* < > & as \u003c \u003e \u0026: Go's default, which Podman's commands turn off */
	bool spread;	    /* {} over two lines, with the indent between them: what Podman prints of some listings */
	bool sorted;	    /* members in order of their names, as Go prints maps */
};

extern const struct json_style json_style_compact;
extern const struct json_style json_style_indent4;
extern const struct json_style json_style_inspect; /* five spaces */

struct json_out {
	struct str *out;
	const struct json_style *style;
	unsigned depth;
	bool fresh; /* nothing yet in the innermost container */
};

struct json_out json_out(struct str *out, const struct json_style *style); /* NULL: compact */
void json_out_open_object(struct json_out *o, const char *name);
void json_out_close_object(struct json_out *o);
void json_out_open_array(struct json_out *o, const char *name);
void json_out_close_array(struct json_out *o);
void json_out_str(struct json_out *o, const char *name, const char *text); /* NULL gives null */
void json_out_bool(struct json_out *o, const char *name, bool value);
void json_out_i64(struct json_out *o, const char *name, int64_t value);
void json_out_u64(struct json_out *o, const char *name, uint64_t value);
void json_out_null(struct json_out *o, const char *name);
void json_out_value(struct json_out *o, const char *name, const struct json *value);

/* A whole value. No newline at the end. */
void json_write(struct str *out, const struct json *value, const struct json_style *style);
/* A string in quotes. */
void json_quote(struct str *out, const char *text, size_t len, bool html);
