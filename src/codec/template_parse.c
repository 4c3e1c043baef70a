/* template_parse.c - text → tree; see template.h */
#include "codec/template_priv.h"

#include "base/num.h"

#include <ctype.h>

struct parser {
	const char *name, *text, *p;
	const char *end;	/* of the action being read */
	unsigned depth;
	bool trim;		/* the text that follows "-}}" loses its leading space */
};

static int fail(const struct parser *s, struct err *err, const char *what)
{
	unsigned line = 1;
	for (const char *p = s->text; p < s->p && *p; p++)
		line += *p == '\n';
	return err_set(err, ERR_USAGE, "template: %s:%u: %s", s->name, line, what);
}

static int fail_word(const struct parser *s, struct err *err, const char *what, const char *word)
{
	auto_free char *text = mem_printf("%s \"%s\"", what, word);
	return fail(s, err, text);
}

static int fail_function(const struct parser *s, struct err *err, const char *name)
{
	auto_free char *text = mem_printf("function \"%s\" not defined", name);
	return fail(s, err, text);
}

/* --- words of an action --- */

static void skip_space(struct parser *s)
{
	while (s->p < s->end && isspace((unsigned char)*s->p))
		s->p++;
}

static bool at_end(struct parser *s)
{
	skip_space(s);
	return s->p >= s->end;
}

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static char *read_word_dup(struct parser *s)
{
	const char *from = s->p;
	while (s->p < s->end && is_word_char(*s->p))
		s->p++;
	return mem_strndup(from, (size_t)(s->p - from));
}

/* Takes the word when it comes next and ends there. */
static bool take_word(struct parser *s, const char *word)
{
	size_t len = strlen(word);
	skip_space(s);
	if ((size_t)(s->end - s->p) < len || strncmp(s->p, word, len) != 0)
		return false;
	if (s->p + len < s->end && is_word_char(s->p[len]))
		return false;
	s->p += len;
	return true;
}

static bool take_mark(struct parser *s, const char *mark)
{
	size_t len = strlen(mark);
	skip_space(s);
	if ((size_t)(s->end - s->p) < len || strncmp(s->p, mark, len) != 0)
		return false;
	s->p += len;
	return true;
}

/* --- literals --- */

static int read_escape(struct parser *s, struct str *out, struct err *err)
{
	static const char from[] = "ntr\\\"'", to[] = "\n\t\r\\\"'";
	const char *hit = s->p < s->end && *s->p ? strchr(from, *s->p) : NULL;
	if (!hit)
		return fail(s, err, "invalid syntax in a quoted string");
	str_add_char(out, to[hit - from]);
	s->p++;
	return 0;
}

static int read_quoted(struct parser *s, struct json **ret, struct err *err)
{
	auto_str out = { 0 };
	char quote = *s->p++;
	while (s->p < s->end && *s->p != quote) {
		char c = *s->p++;
		if (c == '\\' && quote == '"') {
			if (read_escape(s, &out, err) < 0)
				return -1;
		} else {
			str_add_char(&out, c);
		}
	}
	if (s->p >= s->end)
		return fail(s, err, quote == '"' ? "unterminated quoted string" : "unterminated raw quoted string");
	s->p++;
	*ret = json_str_len_new(str_text(&out), out.len);
	return 0;
}

static int read_number(struct parser *s, struct json **ret, struct err *err)
{
	const char *from = s->p;
	if (*s->p == '-' || *s->p == '+')
		s->p++;
	while (s->p < s->end && (isalnum((unsigned char)*s->p) || *s->p == '.'))
		s->p++;
	auto_free char *text = mem_strndup(from + (*from == '+'), (size_t)(s->p - from) - (*from == '+'));
	const char *digits = text + (*text == '-');
	size_t whole = strspn(digits, "0123456789"), part = digits[whole] == '.' ? 1 + strspn(digits + whole + 1, "0123456789") : 0;
	if (!whole || part == 1 || digits[whole + part] || whole + part > 30 || (whole > 1 && *digits == '0'))
		return fail_word(s, err, "bad number syntax:", text);
	double value;
	*ret = part && num_double(text, &value) == 0 ? json_f64_new(value) : json_number_new(text);
	return 0;
}

/* --- expressions --- */

static int read_pipeline(struct parser *s, struct texpr **ret, struct err *err);

static void add_arg(struct texpr *e, struct texpr *arg)
{
	e->args = mem_resize(e->args, e->arg_count + 1, sizeof(struct texpr *));
	e->args[e->arg_count++] = arg;
}

/* .A.B, directly behind what they belong to */
static int read_path(struct parser *s, struct texpr *e, struct err *err)
{
	while (s->p < s->end && *s->p == '.') {
		s->p++;
		char *word = read_word_dup(s);
		if (!*word) {
			free(word);
			return fail(s, err, "unexpected <.> in operand");
		}
		strv_add_take(&e->path, word);
	}
	return 0;
}

static int read_dot(struct parser *s, struct texpr *e, struct err *err)
{
	e->kind = TEXPR_DOT;
	if (s->p + 1 < s->end && is_word_char(s->p[1]))
		return read_path(s, e, err);
	s->p++;
	return 0;
}

static int read_variable(struct parser *s, struct texpr *e, struct err *err)
{
	s->p++;
	e->name = read_word_dup(s);
	e->root = !*e->name;
	e->kind = e->root ? TEXPR_DOT : TEXPR_VAR;
	return read_path(s, e, err);
}

static int read_group(struct parser *s, struct texpr *e, struct err *err)
{
	s->p++;
	e->kind = TEXPR_GROUP;
	if (read_pipeline(s, &e->inner, err) < 0)
		return -1;
	if (!take_mark(s, ")"))
		return fail(s, err, "unclosed left paren");
	return read_path(s, e, err);
}

static int read_name(struct parser *s, struct texpr *e, struct err *err)
{
	auto_free char *word = read_word_dup(s);
	if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
		e->literal = json_bool_new(*word == 't');
		return 0;
	}
	if (strcmp(word, "nil") == 0)
		return 0;
	if (!template_func_find(word))
		return fail_function(s, err, word);
	e->kind = TEXPR_CALL;
	e->name = take_ptr(word);
	return 0;
}

static int fill_operand(struct parser *s, struct texpr *e, struct err *err)
{
	char c = *s->p;
	e->kind = TEXPR_LITERAL;
	if (c == '.')
		return read_dot(s, e, err);
	if (c == '$')
		return read_variable(s, e, err);
	if (c == '(')
		return read_group(s, e, err);
	if (c == '"' || c == '`')
		return read_quoted(s, &e->literal, err);
	if (isdigit((unsigned char)c) || c == '-' || c == '+')
		return read_number(s, &e->literal, err);
	if (is_word_char(c))
		return read_name(s, e, err);
	auto_free char *text = mem_printf("unexpected '%c' in command", c);
	return fail(s, err, text);
}

static int read_operand(struct parser *s, struct texpr **ret, struct err *err)
{
	struct texpr *e = mem_alloc(sizeof(*e));
	if (fill_operand(s, e, err) < 0) {
		template_expr_free(e);
		return -1;
	}
	*ret = e;
	return 0;
}

static bool command_ends(struct parser *s)
{
	return at_end(s) || *s->p == '|' || *s->p == ')';
}

static bool takes_args(const struct texpr *e)
{
	return e->kind == TEXPR_CALL || e->path; /* what stands at the end of a path may be a method */
}

/* An operand, or a function and its arguments. */
static int read_command(struct parser *s, struct texpr **ret, struct err *err)
{
	struct texpr *e = NULL;
	if (command_ends(s))
		return fail(s, err, "missing value for command");
	if (read_operand(s, &e, err) < 0)
		return -1;
	while (!command_ends(s)) {
		struct texpr *arg = NULL;
		if (!takes_args(e) || e->arg_count == TEMPLATE_MAX_ARGS || read_operand(s, &arg, err) < 0) {
			template_expr_free(e);
			return err->kind ? -1 : fail(s, err, "only functions take arguments, and not so many");
		}
		add_arg(e, arg);
	}
	*ret = e;
	return 0;
}

/* a | f b is f b a */
static int read_pipeline(struct parser *s, struct texpr **ret, struct err *err)
{
	struct texpr *e = NULL;
	if (++s->depth > TEMPLATE_MAX_DEPTH)
		return err_set(err, ERR_LIMIT, "template: %s: more than %d levels", s->name, TEMPLATE_MAX_DEPTH);
	if (read_command(s, &e, err) < 0)
		return -1;
	while (take_mark(s, "|")) {
		struct texpr *next = NULL;
		if (read_command(s, &next, err) < 0 || !takes_args(next)) {
			template_expr_free(e);
			template_expr_free(next);
			return err->kind ? -1 : fail(s, err, "non executable command in pipeline");
		}
		add_arg(next, e);
		e = next;
	}
	s->depth--;
	*ret = e;
	return 0;
}

/* $x := and $i, $v := before a pipeline */
static void read_declaration(struct parser *s, struct tnode *n)
{
	const char *from = s->p;
	auto_free char *first = NULL, *second = NULL;
	if (take_mark(s, "$"))
		first = read_word_dup(s);
	if (first && *first && take_mark(s, ",") && take_mark(s, "$"))
		second = read_word_dup(s);
	n->assign = false;
	if (first && *first && (take_mark(s, ":=") || (!second && take_mark(s, "=") && (n->assign = true)))) {
		n->key_var = second ? take_ptr(first) : NULL;
		n->var = second ? take_ptr(second) : take_ptr(first);
		return;
	}
	s->p = from;
}

static int read_expr(struct parser *s, struct tnode *n, struct err *err)
{
	skip_space(s);
	read_declaration(s, n);
	if (read_pipeline(s, &n->expr, err) < 0)
		return -1;
	return at_end(s) ? 0 : fail(s, err, "unexpected text after the command");
}

/* --- text and actions --- */

static struct tnode *add_node(struct tnode ***list, size_t *count, enum tnode_kind kind)
{
	struct tnode *n = mem_alloc(sizeof(*n));
	n->kind = kind;
	*list = mem_resize(*list, *count + 1, sizeof(struct tnode *));
	(*list)[(*count)++] = n;
	return n;
}

static void add_text(struct parser *s, const char *from, const char *to, bool trim_right, struct tnode ***list, size_t *count)
{
	while (s->trim && from < to && isspace((unsigned char)*from))
		from++;
	while (trim_right && to > from && isspace((unsigned char)to[-1]))
		to--;
	s->trim = false;
	if (from < to)
		add_node(list, count, TNODE_TEXT)->text = mem_strndup(from, (size_t)(to - from));
}

/* The end of the action that begins at s->p, quotes respected; NULL when there is none. */
static const char *find_close(const char *p)
{
	for (; *p; p++) {
		if (p[0] == '}' && p[1] == '}')
			return p;
		if (*p != '"' && *p != '`')
			continue;
		char quote = *p++;
		while (*p && *p != quote)
			p += *p == '\\' && quote == '"' && p[1] ? 2 : 1;
		if (!*p)
			return NULL;
	}
	return NULL;
}

/* Stands behind "{{" (and its trim mark); sets s->p and s->end around the action's words, *ret_after behind "}}". */
static int open_action(struct parser *s, const char **ret_after, struct err *err)
{
	const char *close;
	if (str_starts(s->p, "/*")) {
		const char *end = strstr(s->p, "*/");
		close = end ? strstr(end, "}}") : NULL;
		s->p = close ? close : s->p;
	} else {
		close = find_close(s->p);
	}
	if (!close)
		return fail(s, err, "unclosed action");
	s->end = close;
	if (close > s->p && close[-1] == '-' && close - 1 > s->p && isspace((unsigned char)close[-2])) {
		s->end = close - 1;
		s->trim = true;
	}
	if (s->p == close && close[-1] == '-')
		s->trim = true; /* behind a comment */
	*ret_after = close + 2;
	return 0;
}

enum stop { STOP_END_OF_TEXT, STOP_END, STOP_ELSE };

static int read_nodes(struct parser *s, struct tnode ***list, size_t *count, enum stop *ret_stop, struct err *err);

static int read_block(struct parser *s, struct tnode *n, const char *after, struct err *err);

/* else, else if …, else with … */
static int read_else(struct parser *s, struct tnode *n, struct err *err)
{
	enum stop stop;
	const char *after = s->end;
	while (*after != '}' || after[1] != '}')
		after++;
	if (!at_end(s)) {
		enum tnode_kind kind = take_word(s, "if") ? TNODE_IF : take_word(s, "with") ? TNODE_WITH : TNODE_TEXT;
		if (kind == TNODE_TEXT)
			return fail(s, err, "unexpected text after else");
		struct tnode *inner = add_node(&n->other, &n->other_count, kind);
		if (read_expr(s, inner, err) < 0)
			return -1;
		return read_block(s, inner, after + 2, err); /* its end is ours */
	}
	s->p = after + 2;
	if (read_nodes(s, &n->other, &n->other_count, &stop, err) < 0)
		return -1;
	return stop == STOP_END ? 0 : fail(s, err, stop == STOP_ELSE ? "expected end; found {{else}}" : "unexpected EOF");
}

static int read_block(struct parser *s, struct tnode *n, const char *after, struct err *err)
{
	enum stop stop;
	if (++s->depth > TEMPLATE_MAX_DEPTH)
		return err_set(err, ERR_LIMIT, "template: %s: more than %d levels", s->name, TEMPLATE_MAX_DEPTH);
	s->p = after;
	if (read_nodes(s, &n->body, &n->body_count, &stop, err) < 0)
		return -1;
	if (stop == STOP_END_OF_TEXT)
		return fail(s, err, "unexpected EOF");
	if (stop == STOP_ELSE && read_else(s, n, err) < 0)
		return -1;
	s->depth--;
	return 0;
}

static int read_keyword(struct parser *s, enum tnode_kind kind, const char *after, struct tnode ***list, size_t *count, struct err *err)
{
	struct tnode *n = add_node(list, count, kind);
	if (read_expr(s, n, err) < 0)
		return -1;
	return read_block(s, n, after, err);
}

static int read_action(struct parser *s, const char *after, struct tnode ***list, size_t *count, struct err *err)
{
	static const char *const later[] = { "define", "template", "block", "break", "continue" };
	for (size_t i = 0; i < ARRAY_LEN(later); i++)
		if (take_word(s, later[i]))
			return err_set(err, ERR_UNSUPPORTED, "template: %s: '%s' is not done: write the text out", s->name, later[i]);
	if (take_word(s, "if"))
		return read_keyword(s, TNODE_IF, after, list, count, err);
	if (take_word(s, "with"))
		return read_keyword(s, TNODE_WITH, after, list, count, err);
	if (take_word(s, "range"))
		return read_keyword(s, TNODE_RANGE, after, list, count, err);
	struct tnode *n = add_node(list, count, TNODE_PRINT);
	if (read_expr(s, n, err) < 0)
		return -1;
	if (n->key_var)
		return fail(s, err, "only range can declare two variables");
	n->kind = n->var ? TNODE_SET : TNODE_PRINT;
	s->p = after;
	return 0;
}

/* Until {{end}}, {{else…}} or the end of the text. At {{else}}, s->p stands behind the word. */
static int read_nodes(struct parser *s, struct tnode ***list, size_t *count, enum stop *ret_stop, struct err *err)
{
	for (;;) {
		const char *from = s->p, *open = strstr(s->p, "{{"), *after;
		if (!open) {
			add_text(s, from, from + strlen(from), false, list, count);
			s->p = from + strlen(from);
			*ret_stop = STOP_END_OF_TEXT;
			return 0;
		}
		bool trim_left = open[2] == '-' && isspace((unsigned char)open[3]);
		add_text(s, from, open, trim_left, list, count);
		s->p = open + (trim_left ? 4 : 2);
		if (open_action(s, &after, err) < 0)
			return -1;
		if (s->p == s->end && str_starts(open + (trim_left ? 4 : 2), "/*")) {
			s->p = after;
			continue;
		}
		if (take_word(s, "end")) {
			s->p = after;
			*ret_stop = STOP_END;
			return 0;
		}
		if (take_word(s, "else")) {
			*ret_stop = STOP_ELSE;
			return 0;
		}
		if (read_action(s, after, list, count, err) < 0)
			return -1;
	}
}

int template_parse(const char *name, const char *text, struct template **ret, struct err *err)
{
	struct parser s = { .name = name, .text = text, .p = text };
	enum stop stop = STOP_END_OF_TEXT;
	if (strlen(text) > TEMPLATE_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "template: %s: longer than %d bytes", name, TEMPLATE_MAX_BYTES);
	auto_ptr(template) t = mem_alloc(sizeof(*t));
	t->name = mem_strdup(name);
	if (read_nodes(&s, &t->nodes, &t->node_count, &stop, err) < 0)
		return -1;
	if (stop != STOP_END_OF_TEXT)
		return fail(&s, err, stop == STOP_END ? "unexpected {{end}}" : "unexpected {{else}}");
	*ret = take_ptr(t);
	return 0;
}

/* --- the end --- */

void template_expr_free(struct texpr *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->arg_count; i++)
		template_expr_free(e->args[i]);
	template_expr_free(e->inner);
	free(e->args);
	json_free(e->literal);
	free(e->name);
	strv_free(e->path);
	free(e);
}

void template_nodes_free(struct tnode **nodes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct tnode *n = nodes[i];
		free(n->text);
		free(n->key_var);
		free(n->var);
		template_expr_free(n->expr);
		template_nodes_free(n->body, n->body_count);
		template_nodes_free(n->other, n->other_count);
		free(n);
	}
	free(nodes);
}

void template_free(struct template *t)
{
	if (!t)
		return;
	free(t->name);
	template_nodes_free(t->nodes, t->node_count);
	free(t);
}
