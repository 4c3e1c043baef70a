#include "engine/trust.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"
#include "config/conf_policy.h"
#include "config/conf_registries_d.h"
#include "image/signature.h"

#include <fcntl.h>
#include <stdlib.h>

#define SYSTEM_POLICY "/etc/containers/policy.json"

void trust_done(struct trust *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->rows[i].transport);
		free(t->rows[i].name);
		free(t->rows[i].keys);
		free(t->rows[i].store);
	}
	free(t->rows);
	free(t->text);
	*t = (struct trust){ 0 };
}

static int by_place(const void *a, const void *b)
{
	const struct conf_rule *x = a, *y = b;
	int order = strcmp(x->transport, y->transport);
	return order ? order : strcmp(x->scope, y->scope);
}

/* COMPAT: its words */
static const char *word_of(enum conf_requirement_kind kind)
{
	static const char *const words[] = {
		[CONF_REQUIRE_REJECT] = "reject", [CONF_REQUIRE_NOTHING] = "accept", [CONF_REQUIRE_SIGNED_BY] = "signed", [CONF_REQUIRE_SIGSTORE] = "sigstoreSigned",
	};
	return words[kind];
}

static void add_names(const struct conf_requirement *req, size_t i, char ***names)
{
	struct conf_requirement one = { .kind = req->kind, .keys = &req->keys[i], .key_count = 1 };
	auto_ptr(signature_keys) keys = NULL;
	struct err err = { 0 };
	/* a key that is not there is no reason to show nothing */
	if (signature_keys_open(&one, &keys, &err) < 0 || signature_keys_names(keys, names, &err) < 0)
		log_warn("%s", err.text);
}

static char *names_dup(const struct conf_requirement *req)
{
	auto_strv names = NULL;
	if (req->kind == CONF_REQUIRE_SIGSTORE)
		return mem_strdup("N/A"); /* COMPAT */
	for (size_t i = 0; req->kind == CONF_REQUIRE_SIGNED_BY && i < req->key_count; i++)
		add_names(req, i, &names);
	return names ? strv_join(names, ", ") : NULL;
}

static int add_rule(struct trust *t, const struct conf_rule *rule, const char *registries_d, struct err *err)
{
	auto_val(conf_signatures) where = { 0 };
	if (conf_registries_d_find(registries_d, rule->transport ? rule->scope : "", &where, err) < 0)
		return -1;
	for (size_t i = 0; i < rule->count; i++) {
		bool is_default = !rule->transport;
		t->rows = mem_resize(t->rows, t->count + 1, sizeof(*t->rows));
		t->rows[t->count++] = (struct trust_row){
			/* COMPAT */
			.transport = mem_strdup(is_default ? "all" : strcmp(rule->transport, "docker") == 0 ? "repository" : rule->transport),
			.name = mem_strdup(is_default ? "default" : rule->scope), .type = word_of(rule->requirements[i].kind), .is_default = is_default,
			.keys = names_dup(&rule->requirements[i]), .store = where.file && where.lookaside ? mem_strdup(where.lookaside) : NULL,
		};
	}
	return 0;
}

int trust_read(const char *path, const char *registries_d, struct trust *ret, struct err *err)
{
	auto_val(conf_policy) policy = { 0 };
	if (conf_policy_load(path, &policy, err) < 0)
		return -1;
	if (policy.rule_count)
		qsort(policy.rules, policy.rule_count, sizeof(*policy.rules), by_place);
	auto_val(trust) t = { .text = take_ptr(policy.text) };
	if (policy.path && add_rule(&t, &policy.fallback, registries_d, err) < 0)
		return -1;
	for (size_t i = 0; i < policy.rule_count; i++)
		if (add_rule(&t, &policy.rules[i], registries_d, err) < 0)
			return -1;
	*ret = t;
	t = (struct trust){ 0 };
	return 0;
}

/* --- changing --- */

static int check_scope(const char *scope, struct err *err)
{
	if (!*scope || scope[strspn(scope, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:/@*")])
		return err_set(err, ERR_USAGE, "invalid image uri: %s: a host with or without a path is expected, or default", scope);
	return 0;
}

static struct json *requirement_new(const char *type, const char *key)
{
	struct json *r = json_object_new();
	json_set_str(r, "type", strcmp(type, "accept") == 0 ? "insecureAcceptAnything" : type);
	if (strcmp(type, "signedBy") == 0)
		json_set_str(r, "keyType", "GPGKeys");
	if (key)
		json_set_str(r, "keyPath", key);
	return r;
}

static int requirements_new(const struct trust_change *c, struct json **ret, struct err *err)
{
	static const char *const types[] = { "accept", "reject", "signedBy", "sigstoreSigned", NULL };
	int type = str_index(types, c->type);
	if (type < 0)
		return err_set(err, ERR_USAGE, "invalid choice: %s (choose from 'accept', 'reject', 'signedBy', 'sigstoreSigned')", c->type);
	if (type >= 2 && !(c->keys && *c->keys))
		return err_set(err, ERR_USAGE, "at least one public key must be defined for type '%s'", c->type);
	struct json *list = json_array_new();
	for (char *const *key = c->keys; type >= 2 && *key; key++)
		json_add(list, requirement_new(c->type, *key));
	if (type < 2)
		json_add(list, requirement_new(c->type, NULL));
	*ret = list;
	return 0;
}

/* Members in order of their names, as Podman writes them. */
static struct json *sorted_new(const struct json *object)
{
	auto_strv names = NULL;
	struct json *o = json_object_new();
	for (struct json_iter it = json_iter(object); json_next(&it);)
		strv_add(&names, it.name);
	if (names)
		strv_sort(names);
	for (char **name = names; name && *name; name++)
		json_set(o, *name, json_ref(json_get(object, *name)));
	return o;
}

/* now: NULL: there is none. */
static struct json *document_new(const struct json *now, const char *scope, struct json *requirements)
{
	struct json *doc = json_object_new();
	bool is_default = strcmp(scope, "default") == 0;
	json_set(doc, "default", json_ref(is_default ? requirements : json_get(now, "default")));
	auto_ptr(json) transports = sorted_new(json_get(now, "transports"));
	if (!is_default) {
		auto_ptr(json) docker = sorted_new(json_get(transports, "docker"));
		json_set(docker, scope, json_ref(requirements));
		json_set(transports, "docker", sorted_new(docker));
	}
	struct json *all = json_object_new();
	auto_ptr(json) ordered = sorted_new(transports);
	for (struct json_iter it = json_iter(ordered); json_next(&it);)
		json_set(all, it.name, sorted_new(it.value));
	if (json_len(all))
		json_set(doc, "transports", all);
	else
		json_free(all);
	return doc;
}

static int write_document(const char *path, const struct json *doc, struct err *err)
{
	static const struct json_style style = { .indent = "    " };
	auto_str text = { 0 };
	auto_free char *dir = mem_strndup(path, (size_t)(path_base(path) - path));
	auto_close int dir_fd = open(*dir ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	json_write(&text, doc, &style);
	int rc = dir_fd < 0 ? -errno : file_write(dir_fd, path_base(path), 0644, str_text(&text), text.len, FILE_DURABLE);
	return rc < 0 ? err_sys(err, -rc, "cannot write the policy '%s'", path) : 0;
}

int trust_set(const struct trust_change *c, struct err *err)
{
	auto_val(conf_policy) policy = { 0 };
	auto_ptr(json) requirements = NULL;
	auto_ptr(json) now = NULL;
	if (check_scope(c->scope, err) < 0 || requirements_new(c, &requirements, err) < 0)
		return -1;
	if (conf_policy_load(c->path, &policy, err) < 0) {
		if (!c->path || !err_is(err, ERR_NOT_FOUND))
			return -1;
		err_clear(err); /* it is made */
	}
	if (!policy.text && strcmp(c->scope, "default") != 0)
		return err_set(err, ERR_USAGE, "default trust policy must be set: image trust set -t accept|reject default");
	if (policy.text && json_parse_object(policy.text, policy.len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &now, err) < 0)
		return -1;
	auto_ptr(json) doc = document_new(now, c->scope, requirements);
	return write_document(c->path ? c->path : policy.path ? policy.path : SYSTEM_POLICY, doc, err);
}
