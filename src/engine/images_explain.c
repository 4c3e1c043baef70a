#include "engine/images_explain.h"

#include "base/str.h"
#include "codec/json.h"
#include "config/conf_policy.h"
#include "config/conf_registries_d.h"
#include "image/image_ways.h"
#include "image/policy.h"

/* One name, as it is told. */
struct telling {
	const struct ref *ref;
	const struct image_pull_opts *opts;
	const struct policy *policy;
	struct policy_image image;
};

/* --- where from --- */

static const char *origin_of(const struct conf_auth *auth, bool given)
{
	return given ? "--creds" : auth->file;
}

static int add_signatures(const struct telling *t, const char *place, struct json *to, struct err *err)
{
	auto_val(conf_signatures) where = { 0 };
	if (conf_registries_d_find(policy_registries_d(t->policy), place, &where, err) < 0)
		return -1;
	json_set(to, "Lookaside", json_str_new(where.lookaside));
	json_set_bool(to, "Attachments", where.attachments);
	json_set(to, "SignaturesOrigin", json_str_new(where.file));
	return 0;
}

/* A way that is not gone has no credentials: nobody would be asked for them. */
static int add_place(const struct telling *t, const struct image_way *way, struct json *places, struct err *err)
{
	auto_val(image_meeting) m = { 0 };
	struct json *o = json_object_new();
	json_add(places, o);
	json_set_str(o, "Location", way->location);
	json_set_bool(o, "Mirror", way->mirror);
	json_set(o, "PassedOver", json_str_new(way->passed_over));
	if (way->passed_over)
		return 0;
	if (image_way_meet(way, t->ref, t->opts, &m, err) < 0)
		return -1;
	json_set_bool(o, "Insecure", m.insecure);
	json_set(o, "User", json_str_new(m.auth.user ? m.auth.user : m.auth.identity_token ? "<token>" : NULL));
	json_set(o, "Helper", json_str_new(m.auth.helper));
	json_set(o, "CredentialsOrigin", json_str_new(origin_of(&m.auth, t->opts->creds && !way->mirror)));
	json_set(o, "CertDir", json_str_new(m.cert_dir));
	return add_signatures(t, m.place, o, err);
}

static int add_places(const struct telling *t, struct json *to, struct err *err)
{
	auto_val(image_ways) ways = { 0 };
	auto_free char *name = ref_repository(t->ref);
	if (image_ways_find(t->ref, &ways, err) < 0)
		return -1;
	struct json *rule = ways.route.file ? json_object_new() : NULL, *places = json_array_new();
	if (rule) {
		auto_free char *origin = conf_origin_dup(ways.route.file, ways.route.line);
		json_set_str(rule, "Prefix", ways.route.prefix);
		json_set_str(rule, "Origin", origin);
	}
	struct err blocked = { 0 };
	json_set(to, "Rule", rule);
	json_set(to, "Blocked", json_str_new(conf_route_allows(&ways.route, name, &blocked) < 0 ? blocked.text : NULL));
	json_set(to, "Places", places);
	for (size_t i = 0; !ways.route.blocked && i < ways.count; i++)
		if (add_place(t, &ways.rows[i], places, err) < 0)
			return -1;
	return 0;
}

/* --- whether it may come --- */

static struct json *keys_new(const struct conf_requirement *req)
{
	struct json *keys = json_array_new();
	for (size_t i = 0; i < req->key_count; i++)
		json_add_str(keys, req->keys[i].path ? req->keys[i].path : "in the policy");
	return keys;
}

static void add_policy(const struct telling *t, struct json *to)
{
	const struct conf_rule *rule = policy_rule(t->policy, &t->image);
	auto_free char *scope = conf_policy_rule_dup(rule);
	struct json *o = json_object_new(), *list = json_array_new();
	struct err refused = { 0 };
	json_set_str(o, "Rule", scope);
	json_set(o, "Origin", json_str_new(policy_conf(t->policy)->path));
	for (size_t i = 0; i < rule->count; i++) {
		struct json *req = json_object_new();
		json_set_str(req, "Type", conf_requirement_word(rule->requirements[i].kind));
		json_set(req, "Keys", keys_new(&rule->requirements[i]));
		json_add(list, req);
	}
	json_set(o, "Requirements", list);
	json_set(o, "Refused", json_str_new(policy_allows(t->policy, &t->image, &refused) < 0 ? refused.text : NULL));
	json_set(to, "Policy", o);
}

/* --- names --- */

static void add_resolution(const struct image_names *names, struct json *to)
{
	static const char *const modes[] = { [CONF_SHORT_PERMISSIVE] = "permissive", [CONF_SHORT_ENFORCING] = "enforcing", [CONF_SHORT_DISABLED] = "disabled" };
	auto_free char *origin = names->is_short ? conf_origin_dup(names->said.file, names->said.line) : NULL;
	json_set_str(to, "Resolution", !names->is_short ? "as typed" : names->said.is_alias ? "alias" : "unqualified-search-registries");
	json_set(to, "Origin", json_str_new(origin));
	json_set(to, "ShortNameMode", json_str_new(names->count > 1 ? modes[names->said.mode] : NULL));
}

int images_explain_pull(const char *word, const struct images_pull_opts *opts, struct json **ret, struct err *err)
{
	const char *plain = str_after(word, "docker://");
	const struct image_pull_opts pull = {
		.authfile = opts->authfile, .creds = opts->creds, .cert_dir = opts->cert_dir, .insecure = !opts->tls_verify,
		.signature_policy = opts->signature_policy,
	};
	auto_val(image_names) names = { 0 };
	auto_ptr(policy) policy = NULL;
	if (!plain && image_file_is(word))
		return err_set(err, ERR_USAGE, "%s: it is read from files, no registry is asked: name an image of a registry", word);
	if (image_names_find(plain ? plain : word, &names, err) < 0 || policy_open(pull.signature_policy, NULL, &policy, err) < 0)
		return -1;
	auto_ptr(json) all = json_object_new();
	struct json *list = json_array_new();
	json_set_str(all, "Image", word);
	json_set(all, "Candidates", list);
	for (size_t i = 0; i < names.count; i++) {
		auto_free char *name = ref_text(&names.refs[i]), *shown = mem_printf("docker://%s", name);
		const struct telling t = { .ref = &names.refs[i], .opts = &pull, .policy = policy,
					   .image = { .transport = "docker", .name = name, .ref = &names.refs[i], .shown = shown } };
		struct json *o = json_object_new();
		json_add(list, o);
		json_set_str(o, "Name", name);
		add_resolution(&names, o);
		if (add_places(&t, o, err) < 0)
			return -1;
		add_policy(&t, o);
	}
	*ret = take_ptr(all);
	return 0;
}
