/* conf_policy_read.c - the strict reader of policy.json; see conf_policy.h */
#include "config/conf_policy.h"

#include <string.h>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/enc.h"
#include "codec/json_parse.h"

struct reader {
	struct str path; /* of the member at hand */
	struct err *err;
};

/* Goes to a member; the result is where to come back to. */
static size_t into(struct reader *r, const char *name)
{
	size_t before = r->path.len;

	str_addf(&r->path, "%s%s", before ? "." : "", name);
	return before;
}

static size_t into_quoted(struct reader *r, const char *name)
{
	size_t before = r->path.len;

	str_addf(&r->path, "[\"%.200s\"]", name);
	return before;
}

static size_t into_index(struct reader *r, size_t i)
{
	size_t before = r->path.len;

	str_addf(&r->path, "[%zu]", i);
	return before;
}

static int fail(struct reader *r, enum err_kind kind, const char *what)
{
	return err_set(r->err, kind, "member '%s': %s", str_text(&r->path), what);
}

static int want(struct reader *r, const struct json *v, enum json_kind kind)
{
	return json_kind(v) == kind ? 0 :
				      err_set(r->err, ERR_INVALID, "member '%s': %s is expected, not %s", str_text(&r->path),
					      json_kind_name(kind), json_kind_name(json_kind(v)));
}

/* ---- members ---- */

enum member_bits { MEMBER_NEEDED = 1 << 0 };
struct member {
	const char *name;
	enum json_kind kind;
	unsigned bits;
};

static const struct member *find_member(const struct member *rows, const char *name)
{
	for (; rows->name; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

/* Every member is one of the rows, of its kind; those that are needed are there. */
static int check_members(struct reader *r, const struct json *object, const struct member *rows)
{
	if (want(r, object, JSON_OBJECT) < 0)
		return -1;
	for (struct json_iter it = json_iter(object); json_next(&it);) {
		const struct member *row = find_member(rows, it.name);
		size_t before = into(r, it.name);

		if (!row)
			return err_set(r->err, ERR_INVALID, "member '%s': Unknown key \"%.100s\"", str_text(&r->path), it.name);
		if (want(r, it.value, row->kind) < 0)
			return -1;
		if (row->kind == JSON_STRING && !*json_str(it.value, ""))
			return fail(r, ERR_INVALID, "it is empty");
		str_cut(&r->path, before);
	}
	for (; rows->name; rows++)
		if (rows->bits & MEMBER_NEEDED && !json_has(object, rows->name)) {
			into(r, rows->name);
			return fail(r, ERR_INVALID, "it is missing");
		}
	return 0;
}

/* ---- keys ---- */

static int add_key(struct reader *r, const struct json *v, bool is_data, struct conf_requirement *req)
{
	struct conf_key key = { 0 };

	if (want(r, v, JSON_STRING) < 0)
		return -1;
	if (!*json_str(v, ""))
		return fail(r, ERR_INVALID, "it is empty");
	if (req->key_count >= CONF_POLICY_KEYS_MAX)
		return fail(r, ERR_LIMIT, "too many keys");
	if (!is_data)
		key.path = mem_strdup(json_str(v, ""));
	else if (enc_base64_decode(json_str(v, ""), &key.data, &key.len) < 0)
		return fail(r, ERR_INVALID, "it is no base64");
	req->keys = mem_resize(req->keys, req->key_count + 1, sizeof(key));
	req->keys[req->key_count++] = key;
	return 0;
}

static int add_keys(struct reader *r, const struct json *list, bool is_data, struct conf_requirement *req)
{
	if (!json_len(list))
		return fail(r, ERR_INVALID, "it is empty");
	for (size_t i = 0; i < json_len(list); i++) {
		size_t before = into_index(r, i);

		if (add_key(r, json_at(list, i), is_data, req) < 0)
			return -1;
		str_cut(&r->path, before);
	}
	return 0;
}

/* Exactly one of these says whose keys. */
static const struct source {
	const char *name;
	bool data, many, not_done;
} sources[] = {
	{ "keyPath", false, false, false }, { "keyPaths", false, true, false }, { "keyData", true, false, false },
	{ "keyDatas", true, true, false },  { "fulcio", false, false, true },	{ "pki", false, false, true },
};

static int read_keys(struct reader *r, const struct json *object, const char *choice, struct conf_requirement *req)
{
	const struct source *found = NULL;
	size_t before;

	for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
		if (!json_has(object, sources[i].name))
			continue;
		if (found)
			return err_set(r->err, ERR_INVALID, "member '%s': %s and %s exclude each other", str_text(&r->path), found->name,
				       sources[i].name);
		found = &sources[i];
	}
	if (!found)
		return err_set(r->err, ERR_INVALID, "member '%s': one of %s is needed", str_text(&r->path), choice);
	if (found->not_done) {
		req->not_done = found->name;
		return 0;
	}
	before = into(r, found->name);
	if (found->many ? add_keys(r, json_get(object, found->name), found->data, req) < 0 :
			  add_key(r, json_get(object, found->name), found->data, req) < 0)
		return -1;
	str_cut(&r->path, before);
	return 0;
}

/* ---- signedIdentity ---- */

static const struct member identity_plain[] = { { "type", JSON_STRING, MEMBER_NEEDED }, { 0 } };
static const struct member identity_reference[] = { { "type", JSON_STRING, MEMBER_NEEDED }, { "dockerReference", JSON_STRING, MEMBER_NEEDED }, { 0 } };
static const struct member identity_repository[] = { { "type", JSON_STRING, MEMBER_NEEDED }, { "dockerRepository", JSON_STRING, MEMBER_NEEDED }, { 0 } };
static const struct member identity_remap[] = {
	{ "type", JSON_STRING, MEMBER_NEEDED }, { "prefix", JSON_STRING, MEMBER_NEEDED }, { "signedPrefix", JSON_STRING, MEMBER_NEEDED }, { 0 }
};

static const struct identity {
	const char *word;
	enum conf_identity_kind kind;
	const struct member *members;
	const char *name, *other;
} identities[] = {
	{ "matchExact", CONF_IDENTITY_EXACT, identity_plain, NULL, NULL },
	{ "matchRepoDigestOrExact", CONF_IDENTITY_REPO_DIGEST_OR_EXACT, identity_plain, NULL, NULL },
	{ "matchRepository", CONF_IDENTITY_REPOSITORY, identity_plain, NULL, NULL },
	{ "exactReference", CONF_IDENTITY_EXACT_REFERENCE, identity_reference, "dockerReference", NULL },
	{ "exactRepository", CONF_IDENTITY_EXACT_REPOSITORY, identity_repository, "dockerRepository", NULL },
	{ "remapIdentity", CONF_IDENTITY_REMAP, identity_remap, "prefix", "signedPrefix" },
};

/* A prefix, or a repository, has neither tag nor digest; a port is none. */
static bool is_repository(const char *text)
{
	const char *slash = strrchr(text, '/');

	return !strchr(text, '@') && (!slash || !strchr(slash, ':')) && *text != '/' && text[strlen(text) - 1] != '/';
}

static int check_names(struct reader *r, const struct conf_requirement *req)
{
	if (req->identity == CONF_IDENTITY_EXACT_REFERENCE) {
		into(r, "dockerReference");
		return is_repository(req->name) ? fail(r, ERR_INVALID, "it has neither tag nor digest") : 0;
	}
	if (req->name && !is_repository(req->name)) {
		into(r, req->identity == CONF_IDENTITY_REMAP ? "prefix" : "dockerRepository");
		return fail(r, ERR_INVALID, "it must be a repository or the beginning of one");
	}
	if (req->signed_prefix && !is_repository(req->signed_prefix)) {
		into(r, "signedPrefix");
		return fail(r, ERR_INVALID, "it must be a repository or the beginning of one");
	}
	return 0;
}

static int read_identity(struct reader *r, const struct json *object, struct conf_requirement *req)
{
	const char *type = json_get_str(object, "type", "");
	const struct identity *row = NULL;
	size_t before = into(r, "signedIdentity");

	for (size_t i = 0; i < ARRAY_LEN(identities) && !row; i++)
		if (strcmp(identities[i].word, type) == 0)
			row = &identities[i];
	if (!row) {
		into(r, "type");
		return fail(r, ERR_INVALID, json_has(object, "type") ? "no such identity is known" : "it is missing");
	}
	if (check_members(r, object, row->members) < 0)
		return -1;
	req->identity = row->kind;
	req->name = row->name ? mem_strdup(json_get_str(object, row->name, "")) : NULL;
	req->signed_prefix = row->other ? mem_strdup(json_get_str(object, row->other, "")) : NULL;
	if (check_names(r, req) < 0)
		return -1;
	str_cut(&r->path, before);
	return 0;
}

/* ---- requirements ---- */

static const struct member plain_members[] = { { "type", JSON_STRING, MEMBER_NEEDED }, { 0 } };
static const struct member signed_by_members[] = {
	{ "type", JSON_STRING, MEMBER_NEEDED }, { "keyType", JSON_STRING, MEMBER_NEEDED }, { "keyPath", JSON_STRING, 0 },
	{ "keyPaths", JSON_ARRAY, 0 },		{ "keyData", JSON_STRING, 0 },		   { "signedIdentity", JSON_OBJECT, 0 },
	{ 0 },
};
static const struct member sigstore_members[] = {
	{ "type", JSON_STRING, MEMBER_NEEDED },	  { "keyPath", JSON_STRING, 0 },	   { "keyPaths", JSON_ARRAY, 0 },
	{ "keyData", JSON_STRING, 0 },		  { "keyDatas", JSON_ARRAY, 0 },	   { "fulcio", JSON_OBJECT, 0 },
	{ "pki", JSON_OBJECT, 0 },		  { "rekorPublicKeyPath", JSON_STRING, 0 }, { "rekorPublicKeyPaths", JSON_ARRAY, 0 },
	{ "rekorPublicKeyData", JSON_STRING, 0 }, { "rekorPublicKeyDatas", JSON_ARRAY, 0 }, { "signedIdentity", JSON_OBJECT, 0 },
	{ 0 },
};

static int read_signed_by(struct reader *r, const struct json *object, struct conf_requirement *req)
{
	if (strcmp(json_get_str(object, "keyType", ""), "GPGKeys") != 0) {
		into(r, "keyType");
		return fail(r, ERR_INVALID, "GPGKeys is the only kind of key");
	}
	return read_keys(r, object, "keyPath, keyPaths and keyData", req);
}

static int read_sigstore(struct reader *r, const struct json *object, struct conf_requirement *req)
{
	if (read_keys(r, object, "keyPath, keyPaths, keyData, keyDatas, fulcio and pki", req) < 0)
		return -1;
	for (const struct member *m = sigstore_members; m->name && !req->not_done; m++)
		if (str_starts(m->name, "rekor") && json_has(object, m->name))
			req->not_done = m->name;
	return 0;
}

static int read_nothing(struct reader *r, const struct json *object, struct conf_requirement *req)
{
	return 0;
}

static const struct requirement {
	enum conf_requirement_kind kind;
	const struct member *members;
	int (*read)(struct reader *r, const struct json *object, struct conf_requirement *req);
} requirements[] = {
	{ CONF_REQUIRE_REJECT, plain_members, read_nothing },
	{ CONF_REQUIRE_NOTHING, plain_members, read_nothing },
	{ CONF_REQUIRE_SIGNED_BY, signed_by_members, read_signed_by },
	{ CONF_REQUIRE_SIGSTORE, sigstore_members, read_sigstore },
};

static int read_requirement(struct reader *r, const struct json *object, struct conf_requirement *req)
{
	const char *type = json_get_str(object, "type", "");
	const struct requirement *row = NULL;

	if (want(r, object, JSON_OBJECT) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(requirements) && !row; i++)
		if (strcmp(conf_requirement_word(requirements[i].kind), type) == 0)
			row = &requirements[i];
	if (!row) {
		into(r, "type");
		return fail(r, ERR_INVALID, json_has(object, "type") ? "no such policy requirement is known" : "it is missing");
	}
	if (check_members(r, object, row->members) < 0)
		return -1;
	req->kind = row->kind;
	if (row->read(r, object, req) < 0)
		return -1;
	return json_has(object, "signedIdentity") ? read_identity(r, json_get(object, "signedIdentity"), req) : 0;
}

static int read_rule(struct reader *r, const struct json *list, struct conf_rule *rule)
{
	if (want(r, list, JSON_ARRAY) < 0)
		return -1;
	if (!json_len(list))
		return fail(r, ERR_INVALID, "a list of requirements may not be empty");
	if (json_len(list) > CONF_POLICY_REQUIREMENTS_MAX)
		return fail(r, ERR_LIMIT, "too many requirements");
	rule->requirements = mem_array(json_len(list), sizeof(*rule->requirements));
	for (size_t i = 0; i < json_len(list); i++) {
		size_t before = into_index(r, i);

		rule->count++;
		if (read_requirement(r, json_at(list, i), &rule->requirements[i]) < 0)
			return -1;
		str_cut(&r->path, before);
	}
	return 0;
}

/* ---- scopes ---- */

static bool is_path(const char *scope)
{
	auto_free char *clean = path_clean_dup(scope);

	return *scope == '/' && scope[1] && strcmp(clean, scope) == 0;
}

static const struct transport {
	const char *name;
	enum { SCOPE_PATH, SCOPE_NONE } scopes;
} transports[] = {
	{ "dir", SCOPE_PATH }, { "oci", SCOPE_PATH }, { "oci-archive", SCOPE_PATH }, { "sif", SCOPE_PATH },
	{ "docker-archive", SCOPE_NONE }, { "tarball", SCOPE_NONE },
};

/* COMPAT: names of registries are not looked at; what is no name matches nothing. */
static int check_scope(struct reader *r, const char *transport, const char *scope)
{
	for (size_t i = 0; i < ARRAY_LEN(transports); i++) {
		if (strcmp(transports[i].name, transport) != 0 || !*scope)
			continue;
		if (transports[i].scopes == SCOPE_NONE)
			return fail(r, ERR_INVALID, "this transport has no scope but \"\"");
		if (!is_path(scope))
			return fail(r, ERR_INVALID, "a scope of this transport is an absolute path, without '..', double and last slashes");
	}
	return 0;
}

static int read_scopes(struct reader *r, const char *transport, const struct json *scopes, struct conf_policy *policy)
{
	if (want(r, scopes, JSON_OBJECT) < 0)
		return -1;
	if (policy->rule_count + json_len(scopes) > CONF_POLICY_SCOPES_MAX)
		return fail(r, ERR_LIMIT, "too many scopes");
	policy->rules = mem_resize(policy->rules, policy->rule_count + json_len(scopes) + 1, sizeof(*policy->rules));
	for (struct json_iter it = json_iter(scopes); json_next(&it);) {
		struct conf_rule *rule = &policy->rules[policy->rule_count++];
		size_t before = into_quoted(r, it.name);

		*rule = (struct conf_rule){ .transport = mem_strdup(transport), .scope = mem_strdup(it.name) };
		if (check_scope(r, transport, it.name) < 0 || read_rule(r, it.value, rule) < 0)
			return -1;
		str_cut(&r->path, before);
	}
	return 0;
}

static int read_all(struct reader *r, const struct json *doc, struct conf_policy *policy)
{
	static const struct member members[] = { { "default", JSON_ARRAY, MEMBER_NEEDED }, { "transports", JSON_OBJECT, 0 }, { 0 } };
	size_t before;

	if (check_members(r, doc, members) < 0)
		return -1;
	before = into(r, "default");
	if (read_rule(r, json_get(doc, "default"), &policy->fallback) < 0)
		return -1;
	str_cut(&r->path, before);
	into(r, "transports");
	for (struct json_iter it = json_iter(json_get(doc, "transports")); json_next(&it);) {
		before = into(r, it.name);
		if (read_scopes(r, it.name, it.value, policy) < 0)
			return -1;
		str_cut(&r->path, before);
	}
	return 0;
}

int conf_policy_parse(const char *data, size_t len, struct conf_policy *ret, struct err *err)
{
	auto_ptr(json) doc = NULL;
	auto_val(conf_policy) policy = { 0 };
	struct reader r = { .err = err };
	int rc;

	if (json_parse_object(data, len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &doc, err) < 0)
		return -1;
	rc = read_all(&r, doc, &policy);
	str_done(&r.path);
	if (rc < 0)
		return -1;
	*ret = policy;
	policy = (struct conf_policy){ 0 };
	return 0;
}
