/* conf_policy.c - which policy.json, and which of its rules; see conf_policy.h */
#include "config/conf_policy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"

#define SYSTEM_POLICY "/etc/containers/policy.json"

static void requirement_done(struct conf_requirement *req)
{
	for (size_t i = 0; i < req->key_count; i++) {
		free(req->keys[i].path);
		free(req->keys[i].data);
	}
	free(req->keys);
	free(req->name);
	free(req->signed_prefix);
}

static void rule_done(struct conf_rule *rule)
{
	for (size_t i = 0; i < rule->count; i++)
		requirement_done(&rule->requirements[i]);
	free(rule->requirements);
	free(rule->transport);
	free(rule->scope);
}

void conf_policy_done(struct conf_policy *p)
{
	rule_done(&p->fallback);
	for (size_t i = 0; i < p->rule_count; i++)
		rule_done(&p->rules[i]);
	free(p->rules);
	free(p->path);
	free(p->text);
	*p = (struct conf_policy){ 0 };
}

/* ---- the file ---- */

char *conf_policy_path_dup(void)
{
	const char *home = getenv("HOME");
	auto_free char *own = home && *home == '/' ? mem_printf("%s/.config/containers/policy.json", home) : NULL;

	/* a file that is there and cannot be read is no reason to take the next one */
	if (own && (access(own, F_OK) == 0 || errno == EACCES))
		return take_ptr(own);
	return access(SYSTEM_POLICY, F_OK) == 0 || errno == EACCES ? mem_strdup(SYSTEM_POLICY) : NULL;
}

static int read_file(const char *path, struct conf_policy *ret, struct err *err)
{
	auto_free char *data = NULL, *real = realpath(path, NULL);
	size_t len = 0;
	int r = real ? file_read(AT_FDCWD, real, LIMIT_CONFIG_FILE_BYTES, &data, &len) : -errno;

	if (r < 0)
		return err_set(err, err_kind_of_errno(-r), "open %s: %s", path, err_reason(-r)); /* COMPAT */
	if (conf_policy_parse(data, len, ret, err) < 0)
		return err_wrap(err, "invalid policy in \"%s\"", path);
	ret->path = mem_strdup(path);
	ret->text = take_ptr(data);
	ret->len = len;
	return 0;
}

int conf_policy_load(const char *file, struct conf_policy *ret, struct err *err)
{
	auto_free char *path = file && *file ? mem_strdup(file) : conf_policy_path_dup();

	if (path)
		return read_file(path, ret, err);
	ret->fallback.requirements = mem_array(1, sizeof(*ret->fallback.requirements));
	ret->fallback.requirements[0].kind = CONF_REQUIRE_NOTHING;
	ret->fallback.count = 1;
	return 0;
}

/* ---- the rule ---- */

/* "*.b.c", "*.c" of the host a.b.c, whose port does not count. */
static void add_wildcards(const char *name, char ***list)
{
	size_t host_len = strcspn(name, "/:@");
	auto_free char *host = mem_strndup(name, host_len);

	for (const char *dot = strchr(host, '.'); dot; dot = strchr(dot + 1, '.'))
		if (dot[1])
			strv_addf(list, "*%s", dot);
}

char **conf_scopes_dup(const char *name, bool wildcards)
{
	auto_free char *at = mem_strdup(name);
	char **list = NULL, *cut = strchr(at, '@'), *slash;

	strv_add(&list, at);
	if (cut)
		*cut = '\0';
	slash = strrchr(at, '/');
	if (slash && !cut)
		cut = strchr(slash, ':');
	if (cut) {
		*cut = '\0';
		strv_add(&list, at);
	}
	while ((slash = strrchr(at, '/'))) {
		*slash = '\0';
		if (*at)
			strv_add(&list, at);
	}
	if (wildcards)
		add_wildcards(name, &list);
	return list;
}

/* A path has no tag: only its directories are above it. */
static char **path_scopes_dup(const char *path)
{
	auto_free char *at = mem_strdup(path);
	char **list = NULL, *slash;

	strv_add(&list, at);
	while ((slash = strrchr(at, '/')) && slash > at) {
		*slash = '\0';
		strv_add(&list, at);
	}
	return list;
}

static const struct conf_rule *find_exact(const struct conf_policy *policy, const char *transport, const char *scope)
{
	for (size_t i = 0; i < policy->rule_count; i++)
		if (strcmp(policy->rules[i].transport, transport) == 0 && strcmp(policy->rules[i].scope, scope) == 0)
			return &policy->rules[i];
	return NULL;
}

const struct conf_rule *conf_policy_find(const struct conf_policy *policy, const char *transport, const char *name)
{
	auto_strv scopes = *name == '/' ? path_scopes_dup(name) : *name ? conf_scopes_dup(name, true) : NULL;
	const struct conf_rule *rule = NULL;

	for (size_t i = 0; scopes && scopes[i] && !rule; i++)
		rule = find_exact(policy, transport, scopes[i]);
	if (!rule)
		rule = find_exact(policy, transport, "");
	return rule ? rule : &policy->fallback;
}

char *conf_policy_rule_dup(const struct conf_rule *rule)
{
	if (!rule->transport)
		return mem_strdup("default");
	return *rule->scope ? mem_printf("%s %s", rule->transport, rule->scope) : mem_strdup(rule->transport);
}

const char *conf_requirement_word(enum conf_requirement_kind kind)
{
	static const char *const words[] = {
		[CONF_REQUIRE_REJECT] = "reject", [CONF_REQUIRE_NOTHING] = "insecureAcceptAnything",
		[CONF_REQUIRE_SIGNED_BY] = "signedBy", [CONF_REQUIRE_SIGSTORE] = "sigstoreSigned",
	};

	return words[kind];
}
