/* template_run.c - tree + value → text; see template.h */
#include "codec/template_priv.h"

/* Members of these names are free-form maps in Podman's types: asking them for a missing key is no error. */
static const char *const map_names[] = { "Labels", "Annotations", "Options", "Sysctls", "Networks", "Ports", "PortBindings", "Volumes",
					 "ExposedPorts", "Attributes", "LogOpts", "Tmpfs", "StorageOpt", "Data", "Network", NULL };
/* And these are lists there: one that is not there is printed as an empty one. */
static const char *const list_names[] = { "Cmd", "Entrypoint", "Env", "OnBuild", "Shell", "RepoTags", "RepoDigests", "NamesHistory", "Layers",
					  "Mounts", "CapAdd", "CapDrop", "Binds", "Dns", "ExtraHosts", "SecurityOpt", NULL };

/* Members of an image's configuration that JSON leaves out when they are empty; a template may ask for them. */
static const char *const config_texts[] = { "User", "WorkingDir", "StopSignal", NULL };
static const char *const config_others[] = { "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "Labels", "Healthcheck", NULL };

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
static const char *member_of(const struct json *from, const char *name)
{
	if (json_has(from, name))
		return name;
	for (struct json_iter it = json_iter(from); json_next(&it);)
		if (strcasecmp(it.name, name) == 0)
			return it.name;
	return NULL;
}

static bool left_out(char *const *path, char *const *member, struct json **ret)
{
	if (member == path || strcmp(member[-1], "Config") != 0)
		return false;
	bool text = str_index(config_texts, *member) >= 0;
	*ret = text ? json_str_new("") : NULL;
	return text || str_index(config_others, *member) >= 0;
}

static int walk_path(const struct runner *r, const struct json *from, char *const *path, struct json **ret, struct err *err)
{
	bool in_map = false;
	for (char *const *p = path; p && *p; p++) {
		if (json_kind(from) == JSON_NULL && in_map)
			break;
		if (json_kind(from) == JSON_NULL && p != path) {
			auto_free char *text = strv_join(path, ".");
			return err_set(err, ERR_USAGE, "template: %s: executing \"%s\" at <.%s>: nil pointer evaluating .%s", r->t->name,
				       r->t->name, text, *p);
		}
		const char *member = json_kind(from) != JSON_OBJECT ? NULL : !in_map ? member_of(from, *p) : json_has(from, *p) ? *p : NULL;
		if (!member && json_kind(from) == JSON_OBJECT && !in_map && !p[1] && left_out(path, p, ret))
			return 0;
		if (!member && (json_kind(from) != JSON_OBJECT || !in_map))
			return no_field(r, path, *p, err);
		if (!member) {
			*ret = json_str_new("<no value>");
			return 0;
		}
		in_map = str_index(map_names, *p) >= 0;
		from = json_get(from, member);
	}
	*ret = json_ref(from);
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

static int eval_call(struct runner *r, const struct texpr *e, const struct json *dot, struct json **ret, struct err *err)
{
	const struct tfunc *f = template_func_find(e->name);
	struct json *args[TEMPLATE_MAX_ARGS + 1] = { 0 };
	if (!f->call)
		return eval_logic(r, e, dot, ret, err);
	if (e->arg_count < f->min || e->arg_count > f->max)
		return err_set(err, ERR_USAGE, "template: %s: wrong number of args for %s: want %zu got %zu", r->t->name, f->name, f->min, e->arg_count);
	int rc = 0;
	size_t done = 0;
	for (; done < e->arg_count && rc >= 0; done++)
		rc = eval(r, e->args[done], dot, &args[done], err);
	if (rc >= 0) {
		rc = f->call(args, e->arg_count, ret, err);
		if (rc < 0)
			rc = err_wrap(err, "template: %s: error calling %s", r->t->name, f->name);
	}
	for (size_t i = 0; i < done; i++)
		json_free(args[i]);
	return rc < 0 ? -1 : 0;
}

static int eval(struct runner *r, const struct texpr *e, const struct json *dot, struct json **ret, struct err *err)
{
	switch (e->kind) {
	case TEXPR_LITERAL:
		*ret = json_ref(e->literal);
		return 0;
	case TEXPR_DOT:
		return walk_path(r, e->root ? r->root : dot, e->path, ret, err);
	case TEXPR_VAR: {
		const struct var *var = find_var(r, e->name);
		if (!var)
			return err_set(err, ERR_USAGE, "template: %s: undefined variable \"$%s\"", r->t->name, e->name);
		return walk_path(r, var->value, e->path, ret, err);
	}
	case TEXPR_GROUP: {
		auto_ptr(json) value = NULL;
		if (eval(r, e->args[0], dot, &value, err) < 0)
			return -1;
		return walk_path(r, value, e->path, ret, err);
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
