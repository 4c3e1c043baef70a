/* template_priv.h - the tree a template is parsed into, and its functions. */
#pragma once

#include "base/str.h"
#include "codec/json.h"
#include "codec/template.h"

enum { TEMPLATE_MAX_BYTES = 64 << 10, TEMPLATE_MAX_DEPTH = 64, TEMPLATE_MAX_OUT = 64 << 20, TEMPLATE_MAX_ARGS = 16,
       TEMPLATE_MAX_TIMES = 1000 * 1000 };

enum texpr_kind {
	TEXPR_LITERAL,
	TEXPR_DOT,   /* . or $ */
	TEXPR_VAR,   /* $x */
	TEXPR_CALL,  /* a function and its arguments */
	TEXPR_GROUP, /* what stood in parentheses: inner */
};

struct texpr {
	enum texpr_kind kind;
	struct json *literal;
	char *name;	/* of the variable or the function */
	char **path;	/* .A.B after it */
	struct texpr *inner;
	struct texpr **args; /* of the function, or of the method at the path's end */
	size_t arg_count;
	bool root;	/* $ rather than . */
};

enum tnode_kind { TNODE_TEXT, TNODE_PRINT, TNODE_SET, TNODE_IF, TNODE_WITH, TNODE_RANGE };

struct tnode {
	enum tnode_kind kind;
	char *text;		/* TEXT */
	struct texpr *expr;
	char *key_var, *var;	/* SET, and what range, if and with declare */
	bool assign;		/* $x = rather than := */
	struct tnode **body, **other;
	size_t body_count, other_count;
};

struct template {
	char *name;
	struct tnode **nodes;
	size_t node_count;
};

void template_expr_free(struct texpr *e);
void template_nodes_free(struct tnode **nodes, size_t count);

/* A function by name; argument values are borrowed, the result is owned. */
struct tfunc {
	const char *name;
	size_t min, max;
	int (*call)(struct json *const *args, size_t count, struct json **ret, struct err *err);
};
const struct tfunc *template_func_find(const char *name);
bool template_func_true(const struct json *value);

/* A value of JSON_ROLE_TIME: its text, and its methods. Arguments are borrowed, the result is owned. */
void template_time_value(struct str *out, const struct json *value);
int template_time_call(const struct json *value, const char *name, struct json *const *args, size_t count, struct json **ret, struct err *err) must_check;
