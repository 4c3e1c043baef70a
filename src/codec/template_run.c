/* template_run.c - tree + value → text; see template.h */
#include "codec/template_priv.h"

/* Members of these names are free-form maps in Podman's types: asking them for a missing key is no error. */
static const char *const map_names[] = { "Labels", "Annotations", "Options", "Sysctls", "Networks", "Ports", "PortBindings", "Volumes",
					 "ExposedPorts", "Attributes", "LogOpts", "Tmpfs", "StorageOpt", "Data", "Network", "CgroupConf", NULL };
/* And these are lists there: one that is not there is printed as an empty one. */
static const char *const list_names[] = { "Cmd", "Entrypoint", "Env", "Shell", "RepoTags", "RepoDigests", "NamesHistory", "Layers",
					  "Mounts", "CapAdd", "CapDrop", "Binds", "Dns", "ExtraHosts", "SecurityOpt",
					  "BlkioDeviceReadBps", "BlkioDeviceReadIOps", "BlkioDeviceWriteBps", "BlkioDeviceWriteIOps", "BlkioWeightDevice",
					  "Links", "VolumesFrom", NULL };

struct var {
	const char *name;
	struct json *value; /* owned */
};

struct runner {
	const struct template *t;
	const struct json *root;
	struct str *out;
	struct var *vars;
	size_t var_count;
};

static int eval(struct runner *r, const struct texpr *e, const struct json *dot, struct json **ret, struct err *err);

/* --- fields --- */

static int no_field(const struct runner *r, char *const *path, const char *member, struct err *err)
{
	auto_free char *text = strv_join(path, ".");
	return err_set(err, ERR_USAGE, "template: %s: executing \"%s\" at <.%s>: can't evaluate field %s", r->t->name, r->t->name, text, member);
}

/* COMPAT: Podman's templates name Go's fields (.ID, .Host.OS), its JSON the members (Id, host.os); both are asked for. */
static bool find_member(const struct json *from, const char *name, const struct json **ret)
{
	*ret = json_get(from, name);
	if (*ret || json_has(from, name))
		return true;
	for (struct json_iter it = json_iter(from); json_next(&it);) {
		if (strcasecmp(it.name, name) == 0) {
			*ret = it.value;
			return true;
		}
	}
	return json_beside(from) && find_member(json_beside(from), name, ret);
}

/* A path, and the arguments of the method at its end. */
struct walk {
	const struct runner *r;
	char *const *path;
	struct json *const *args;
	size_t arg_count;
};

static int walk_error(const struct walk *w, struct err *err)
{
	auto_free char *text = strv_join(w->path, ".");
	return err_wrap(err, "template: %s: executing \"%s\" at <.%s>", w->r->t->name, w->r->t->name, text);
}

/* COMPAT: what is not in a map of strings is the empty one to a method */
static int look_up(const struct json *from, const char *name, const struct walk *w, struct json **ret, struct err *err)
{
	const char *key = w->arg_count == 1 ? json_str(w->args[0], NULL) : NULL;
	if (w->arg_count != 1)
		return err_set(err, ERR_USAGE, "wrong number of args for %s: want 1 got %zu", name, w->arg_count);
	if (!key)
		return err_set(err, ERR_USAGE, "wrong type for value; expected string");
	*ret = json_has(from, key) ? json_ref(json_get(from, key)) : json_str_new("");
	return 0;
}

/* One member of an object; 1: the path ends here, whatever follows. *in_map: from is a free-form map; then: whether what was found is one. */
static int step_into(const struct walk *w, const struct json *from, char *const *at, bool *in_map, struct json **ret, struct err *err)
{
	bool is_object = json_kind(from) == JSON_OBJECT;
	const struct json *found = json_get(from, *at);
	bool there = *in_map ? json_has(from, *at) : find_member(from, *at, &found);
	if (!there && (!is_object || !*in_map))
		return no_field(w->r, w->path, *at, err);
	if (json_role(found) == JSON_ROLE_LOOKUP)
		return look_up(found, *at, w, ret, err) < 0 ? walk_error(w, err) : 0;
	if (w->arg_count && !at[1]) {
		err_set(err, ERR_USAGE, "%s has arguments but cannot be invoked as function", *at);
		return walk_error(w, err);
	}
	*ret = there ? json_ref(found) : json_str_new("<no value>");
	*in_map = str_index(map_names, *at) >= 0 || json_role(found) == JSON_ROLE_MAP;
	return there ? 0 : 1;
}

static int walk_path(const struct walk *w, const struct json *start, struct json **ret, struct err *err)
{
	auto_ptr(json) from = json_ref(start);
	bool in_map = json_role(from) == JSON_ROLE_MAP;
	for (char *const *p = w->path; p && *p; p++) {
		struct json *next = NULL;
		int rc = 0;
		if (json_kind(from) == JSON_NULL && in_map)
			break;
		if (json_kind(from) == JSON_NULL && p != w->path) {
			err_set(err, ERR_USAGE, "nil pointer evaluating .%s", *p);
			return walk_error(w, err);
		}
		if (json_role(from) == JSON_ROLE_TIME)
			rc = template_time_call(from, *p, w->args, p[1] ? 0 : w->arg_count, &next, err) < 0 ? walk_error(w, err) : 0;
		else
			rc = step_into(w, from, p, &in_map, &next, err);
		if (rc < 0)
			return -1;
		json_free(from);
		from = next;
		if (rc)
			break;
	}
	*ret = take_ptr(from);
	return 0;
}

/* --- variables --- */

static struct var *find_var(struct runner *r, const char *name)
{
	for (size_t i = r->var_count; i-- > 0;)
		if (strcmp(r->vars[i].name, name) == 0)
			return &r->vars[i];
	return NULL;
}

static void push_var(struct runner *r, const char *name, struct json *value)
{
	r->vars = mem_resize(r->vars, r->var_count + 1, sizeof(*r->vars));
	r->vars[r->var_count++] = (struct var){ name, value };
}

static void pop_vars(struct runner *r, size_t count)
{
	while (r->var_count > count)
		json_free(r->vars[--r->var_count].value);
}

/* --- expressions --- */

/* and, or: what is not needed is not evaluated */
static int eval_logic(struct runner *r, const struct texpr *e, const struct json *dot, struct json **ret, struct err *err)
{
	bool stop_at = strcmp(e->name, "or") == 0;
	for (size_t i = 0; i < e->arg_count; i++) {
		auto_ptr(json) value = NULL;
		if (eval(r, e->args[i], dot, &value, err) < 0)
			return -1;
		if (template_func_true(value) == stop_at || i + 1 == e->arg_count) {
			*ret = take_ptr(value);
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "template: %s: wrong number of args for %s: want at least 1 got 0", r->t->name, e->name);
}

static void free_args(struct json **args, size_t count)
{
	for (size_t i = 0; i < count; i++)
		json_free(args[i]);
}

/* args: room for TEMPLATE_MAX_ARGS + 1; owned, none on failure */
static int eval_args(struct runner *r, const struct texpr *e, const struct json *dot, struct json **args, struct err *err)
{
	for (size_t i = 0; i < e->arg_count; i++) {
		if (eval(r, e->args[i], dot, &args[i], err) < 0) {
			free_args(args, i);
			return -1;
		}
	}
	return 0;
}

static int eval_call(struct runner *r, const struct texpr *e, const struct json *dot, struct json **ret, struct err *err)
{
	const struct tfunc *f = template_func_find(e->name);
	struct json *args[TEMPLATE_MAX_ARGS + 1] = { 0 };
	if (!f->call)
		return eval_logic(r, e, dot, ret, err);
	if (e->arg_count < f->min || e->arg_count > f->max)
		return err_set(err, ERR_USAGE, "template: %s: wrong number of args for %s: want %zu got %zu", r->t->name, f->name, f->min, e->arg_count);
	if (eval_args(r, e, dot, args, err) < 0)
		return -1;
	int rc = f->call(args, e->arg_count, ret, err);
	free_args(args, e->arg_count);
	return rc < 0 ? err_wrap(err, "template: %s: error calling %s", r->t->name, f->name) : 0;
}

/* A path from a value, and the arguments of the method at its end. */
static int eval_path(struct runner *r, const struct texpr *e, const struct json *dot, const struct json *from, struct json **ret, struct err *err)
{
	struct json *args[TEMPLATE_MAX_ARGS + 1] = { 0 };
	struct walk w = { .r = r, .path = e->path, .args = args, .arg_count = e->arg_count };
	if (eval_args(r, e, dot, args, err) < 0)
		return -1;
	int rc = walk_path(&w, from, ret, err);
	free_args(args, e->arg_count);
	return rc;
}

static int eval(struct runner *r, const struct texpr *e, const struct json *dot, struct json **ret, struct err *err)
{
	switch (e->kind) {
	case TEXPR_LITERAL:
		*ret = json_ref(e->literal);
		return 0;
	case TEXPR_DOT:
		return eval_path(r, e, dot, e->root ? r->root : dot, ret, err);
	case TEXPR_VAR: {
		const struct var *var = find_var(r, e->name);
		if (!var)
			return err_set(err, ERR_USAGE, "template: %s: undefined variable \"$%s\"", r->t->name, e->name);
		return eval_path(r, e, dot, var->value, ret, err);
	}
	case TEXPR_GROUP: {
		auto_ptr(json) value = NULL;
		return eval(r, e->inner, dot, &value, err) < 0 ? -1 : eval_path(r, e, dot, value, ret, err);
	}
	case TEXPR_CALL:
		return eval_call(r, e, dot, ret, err);
	}
	return err_set(err, ERR_INTERNAL, "template: %s: an expression of no kind", r->t->name);
}

/* --- nodes --- */

/* What a Go value that is not there looks like is a matter of its type. */
static const char *nothing_of(const struct texpr *e)
{
	size_t depth = e->kind == TEXPR_CALL ? 0 : strv_len(e->path);
	const char *name = depth ? e->path[depth - 1] : "";
	return str_index(map_names, name) >= 0 ? "map[]" : str_index(list_names, name) >= 0 ? "[]" : "<nil>";
}

static void print_value(struct runner *r, const struct texpr *e, const struct json *value)
{
	if (json_kind(value) == JSON_NULL)
		str_add(r->out, nothing_of(e));
	else
		template_value(r->out, value);
}

static int run_nodes(struct runner *r, struct tnode *const *nodes, size_t count, const struct json *dot, struct err *err);

static int run_branch(struct runner *r, const struct tnode *n, const struct json *dot, struct err *err)
{
	auto_ptr(json) value = NULL;
	if (eval(r, n->expr, dot, &value, err) < 0)
		return -1;
	size_t vars = r->var_count;
	if (n->var)
		push_var(r, n->var, json_ref(value));
	int rc = template_func_true(value) ? run_nodes(r, n->body, n->body_count, n->kind == TNODE_WITH ? value : dot, err) :
					     run_nodes(r, n->other, n->other_count, dot, err);
	pop_vars(r, vars);
	return rc;
}

/* key is owned by the call */
static int run_item(struct runner *r, const struct tnode *n, struct json *key, const struct json *value, struct err *err)
{
	size_t vars = r->var_count;
	if (n->key_var)
		push_var(r, n->key_var, key);
	else
		json_free(key);
	if (n->var)
		push_var(r, n->var, json_ref(value));
	int rc = run_nodes(r, n->body, n->body_count, value, err);
	pop_vars(r, vars);
	return rc;
}

static int run_map(struct runner *r, const struct tnode *n, const struct json *map, struct err *err)
{
	auto_strv names = NULL;
	for (struct json_iter it = json_iter(map); json_next(&it);)
		strv_add(&names, it.name);
	strv_sort(names); /* as Go goes through maps in templates */
	for (char **name = names; name && *name; name++)
		if (run_item(r, n, json_str_new(*name), json_get(map, *name), err) < 0)
			return -1;
	return 0;
}

/* range 3 is 0, 1, 2 */
static int run_times(struct runner *r, const struct tnode *n, uint64_t times, const struct json *dot, struct err *err)
{
	if (times > TEMPLATE_MAX_TIMES)
		return err_set(err, ERR_LIMIT, "template: %s: range over more than %d", r->t->name, TEMPLATE_MAX_TIMES);
	for (uint64_t i = 0; i < times; i++) {
		auto_ptr(json) value = json_u64_new(i);
		if (run_item(r, n, json_u64_new(i), value, err) < 0)
			return -1;
	}
	return times ? 0 : run_nodes(r, n->other, n->other_count, dot, err);
}

static int run_range(struct runner *r, const struct tnode *n, const struct json *dot, struct err *err)
{
	auto_ptr(json) value = NULL;
	if (eval(r, n->expr, dot, &value, err) < 0)
		return -1;
	enum json_kind kind = json_kind(value);
	uint64_t times;
	if (json_to_u64(value, &times) == 0)
		return run_times(r, n, times, dot, err);
	if (kind != JSON_ARRAY && kind != JSON_OBJECT && kind != JSON_NULL)
		return err_set(err, ERR_USAGE, "template: %s: range can't iterate over %s", r->t->name, json_kind_name(kind));
	if (!json_len(value))
		return run_nodes(r, n->other, n->other_count, dot, err);
	if (kind == JSON_OBJECT)
		return run_map(r, n, value, err);
	for (size_t i = 0; i < json_len(value); i++)
		if (run_item(r, n, json_u64_new(i), json_at(value, i), err) < 0)
			return -1;
	return 0;
}

static int run_set(struct runner *r, const struct tnode *n, const struct json *dot, struct err *err)
{
	struct json *value = NULL;
	struct var *var = n->assign ? find_var(r, n->var) : NULL;
	if (n->assign && !var)
		return err_set(err, ERR_USAGE, "template: %s: undefined variable \"$%s\"", r->t->name, n->var);
	if (eval(r, n->expr, dot, &value, err) < 0)
		return -1;
	if (var) {
		json_free(var->value);
		var->value = value;
	} else {
		push_var(r, n->var, value);
	}
	return 0;
}

static int run_print(struct runner *r, const struct tnode *n, const struct json *dot, struct err *err)
{
	auto_ptr(json) value = NULL;
	if (eval(r, n->expr, dot, &value, err) < 0)
		return -1;
	print_value(r, n->expr, value);
	return 0;
}

static int run_node(struct runner *r, const struct tnode *n, const struct json *dot, struct err *err)
{
	switch (n->kind) {
	case TNODE_TEXT:
		str_add(r->out, n->text);
		return 0;
	case TNODE_PRINT:
		return run_print(r, n, dot, err);
	case TNODE_SET:
		return run_set(r, n, dot, err);
	case TNODE_IF:
	case TNODE_WITH:
		return run_branch(r, n, dot, err);
	case TNODE_RANGE:
		return run_range(r, n, dot, err);
	}
	return err_set(err, ERR_INTERNAL, "template: %s: a node of no kind", r->t->name);
}

static int run_nodes(struct runner *r, struct tnode *const *nodes, size_t count, const struct json *dot, struct err *err)
{
	size_t vars = r->var_count;
	int rc = 0;
	for (size_t i = 0; i < count && rc >= 0; i++) {
		rc = run_node(r, nodes[i], dot, err);
		if (rc >= 0 && r->out->len > TEMPLATE_MAX_OUT)
			rc = err_set(err, ERR_LIMIT, "template: %s: more than %d bytes of output", r->t->name, TEMPLATE_MAX_OUT);
	}
	pop_vars(r, vars);
	return rc;
}

int template_run(const struct template *t, const struct json *dot, struct str *out, struct err *err)
{
	struct runner r = { .t = t, .root = dot, .out = out };
	int rc = run_nodes(&r, t->nodes, t->node_count, dot, err);
	free(r.vars);
	return rc;
}
