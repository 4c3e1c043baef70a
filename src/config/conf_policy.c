/* conf_policy.c - see conf_policy.h */
#include "config/conf_policy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/json_parse.h"

#define SYSTEM_POLICY "/etc/containers/policy.json"

void conf_policy_free(struct conf_policy *p)
{
	if (!p)
		return;
	free(p->path);
	json_free(p->doc);
	free(p->rows);
	free(p);
}

void conf_policy_verdict_done(struct conf_policy_verdict *v)
{
	free(v->file);
	free(v->rule);
	*v = (struct conf_policy_verdict){ 0 };
}

/* --- one requirement --- */

static const struct kind_row {
	const char *type, *word;
	const char *members[12]; /* besides "type"; ends with NULL, as the next */
	const char *keys[7];	 /* one of these, and one only */
} kinds[] = {
	[CONF_POLICY_ACCEPT] = { "insecureAcceptAnything", "accept", { NULL }, { NULL } },
	[CONF_POLICY_REJECT] = { "reject", "reject", { NULL }, { NULL } },
	[CONF_POLICY_SIGNED_BY] = { "signedBy", "signed", { "keyType", "keyPath", "keyPaths", "keyData", "signedIdentity" },
				    { "keyPath", "keyPaths", "keyData" } },
	[CONF_POLICY_SIGSTORE] = { "sigstoreSigned", "sigstoreSigned",
				   { "keyPath", "keyPaths", "keyData", "keyDatas", "fulcio", "pki", "rekorPublicKeyPath", "rekorPublicKeyPaths",
				     "rekorPublicKeyData", "rekorPublicKeyDatas", "signedIdentity" },
				   { "keyPath", "keyPaths", "keyData", "keyDatas", "fulcio", "pki" } },
};

const char *conf_policy_word(enum conf_policy_kind kind)
{
	return kinds[kind].word;
}

static int check_members(const struct json *r, const struct kind_row *kind, struct err *err)
{
	for (struct json_iter it = json_iter(r); json_next(&it);)
		if (strcmp(it.name, "type") != 0 && str_index(kind->members, it.name) < 0)
			return err_set(err, ERR_INVALID, "Unknown key \"%.100s\" in a requirement of type %s", it.name, kind->type);
	size_t keys = 0;
	for (const char *const *key = kind->keys; *key; key++)
		keys += json_has(r, *key);
	if (kind->keys[0] && keys != 1)
		return err_set(err, ERR_INVALID, "a requirement of type %s names %s key: exactly one of its key members is expected", kind->type,
			       keys ? "more than one" : "no");
	return 0;
}

static int read_requirement(const struct json *r, enum conf_policy_kind *ret, struct err *err)
{
	const char *type = json_get_str(r, "type", NULL);
	if (json_kind(r) != JSON_OBJECT || !type)
		return err_set(err, ERR_INVALID, "a policy requirement is an object with a \"type\"");
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i].type, type) != 0)
			continue;
		*ret = (enum conf_policy_kind)i;
		return check_members(r, &kinds[i], err);
	}
	return err_set(err, ERR_INVALID, "Unknown policy requirement type \"%.100s\"", type);
}

/* --- the file --- */

static int add_rows(struct conf_policy *p, const char *transport, const char *scope, const struct json *list, struct err *err)
{
	if (json_kind(list) != JSON_ARRAY || !json_len(list))
		return err_set(err, ERR_INVALID, "List of verification policy requirements must not be empty");
	for (size_t i = 0; i < json_len(list); i++) {
		struct conf_policy_row row = { .transport = transport, .scope = scope, .requirement = json_at(list, i) };
		if (read_requirement(row.requirement, &row.kind, err) < 0)
			return -1;
		p->rows = mem_resize(p->rows, p->count + 1, sizeof(*p->rows));
		p->rows[p->count++] = row;
	}
	return 0;
}

static int read_transports(struct conf_policy *p, const struct json *transports, struct err *err)
{
	if (transports && json_kind(transports) != JSON_OBJECT)
		return err_set(err, ERR_INVALID, "\"transports\" is an object");
	for (struct json_iter t = json_iter(transports); json_next(&t);) {
		if (json_kind(t.value) != JSON_OBJECT)
			return err_set(err, ERR_INVALID, "transport \"%.100s\" is an object of scopes", t.name);
		for (struct json_iter s = json_iter(t.value); json_next(&s);) {
			if (strcmp(s.name, "/") == 0)
				return err_set(err, ERR_INVALID, "Unknown key \"/\" of transport \"%.100s\": the scope of everything is \"\"", t.name);
			if (add_rows(p, t.name, s.name, s.value, err) < 0)
				return -1;
		}
	}
	return 0;
}

static int read_doc(struct conf_policy *p, struct err *err)
{
	if (json_kind(p->doc) != JSON_OBJECT)
		return err_set(err, ERR_INVALID, "it is no object");
	for (struct json_iter it = json_iter(p->doc); json_next(&it);)
		if (strcmp(it.name, "default") != 0 && strcmp(it.name, "transports") != 0)
			return err_set(err, ERR_INVALID, "Unknown key \"%.100s\"", it.name);
	if (!json_has(p->doc, "default"))
		return err_set(err, ERR_INVALID, "Default policy is missing");
	return add_rows(p, "", "", json_get(p->doc, "default"), err) < 0 ? -1 : read_transports(p, json_get(p->doc, "transports"), err);
}

/* 0: it is not there. */
static int read_file(struct conf_policy *p, const char *path, struct err *err)
{
	auto_free char *data = NULL, *real = realpath(path, NULL);
	size_t len = 0;
	int rc = real ? file_read(AT_FDCWD, real, LIMIT_CONFIG_FILE_BYTES, &data, &len) : -errno;
	if (rc == -ENOENT || rc == -ENOTDIR)
		return 0;
	if (rc < 0)
		return err_sys(err, -rc, "cannot read '%s'", path);
	p->path = mem_strdup(path);
	if (json_parse(data, len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &p->doc, err) < 0 || read_doc(p, err) < 0)
		return err_wrap(err, "invalid policy in \"%s\"", path);
	return 1;
}

int conf_policy_read(const char *path, struct conf_policy **ret, struct err *err)
{
	auto_ptr(conf_policy) p = mem_alloc(sizeof(*p));
	const char *home = getenv("HOME"), *conf = getenv("XDG_CONFIG_HOME");
	auto_free char *base = conf && *conf == '/' ? mem_strdup(conf) : mem_printf("%s/.config", home ? home : "");
	auto_free char *own = mem_printf("%s/containers/policy.json", base);
	int rc = path ? read_file(p, path, err) : *own == '/' ? read_file(p, own, err) : 0;
	if (rc == 0 && path)
		return err_set(err, ERR_NOT_FOUND, "open %s: no such file or directory", path);
	if (rc == 0)
		rc = read_file(p, SYSTEM_POLICY, err);
	if (rc < 0)
		return -1;
	*ret = take_ptr(p);
	return 0;
}

/* --- judging --- */

/* "a/b/c" → "a/b/c", "a/b", "a" */
static void add_above(char ***list, const char *path)
{
	auto_free char *part = mem_strdup(path);
	for (char *slash; *part; *slash = 0) {
		strv_add(list, part);
		slash = strrchr(part, '/');
		if (!slash)
			return;
	}
}

char **conf_policy_scopes_docker(const char *repository, const char *tag, const char *digest)
{
	char **list = NULL;
	auto_free char *host = mem_strndup(repository, strcspn(repository, "/"));
	if (digest)
		strv_addf(&list, "%s@%s", repository, digest);
	if (tag)
		strv_addf(&list, "%s:%s", repository, tag);
	add_above(&list, repository);
	for (const char *dot = strchr(host, '.'); dot; dot = strchr(dot + 1, '.'))
		strv_addf(&list, "*%s", dot);
	return list;
}

char **conf_policy_scopes_path(const char *path)
{
	char **list = NULL;
	add_above(&list, path);
	return list;
}

static bool has_scope(const struct conf_policy *p, const char *transport, const char *scope)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->rows[i].transport, transport) == 0 && strcmp(p->rows[i].scope, scope) == 0)
			return true;
	return false;
}

static void choose(const struct conf_policy *p, const char *transport, char *const *scopes, const char **ret_transport, const char **ret_scope)
{
	*ret_transport = transport;
	for (; scopes && *scopes; scopes++) {
		*ret_scope = *scopes;
		if (has_scope(p, transport, *scopes))
			return;
	}
	*ret_scope = "";
	if (!has_scope(p, transport, ""))
		*ret_transport = "";
}

void conf_policy_judge(const struct conf_policy *p, const char *transport, char *const *scopes, struct conf_policy_verdict *ret)
{
	const char *t, *s;
	*ret = (struct conf_policy_verdict){ .kind = CONF_POLICY_ACCEPT };
	if (!p->path)
		return;
	choose(p, transport, scopes, &t, &s);
	for (size_t i = 0; i < p->count && ret->kind == CONF_POLICY_ACCEPT; i++)
		if (strcmp(p->rows[i].transport, t) == 0 && strcmp(p->rows[i].scope, s) == 0)
			ret->kind = p->rows[i].kind;
	ret->file = mem_strdup(p->path);
	ret->rule = *t ? mem_printf("%s%s%s", t, *s ? " " : "", s) : mem_strdup("default");
}
