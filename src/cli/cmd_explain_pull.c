/* cmd_explain_pull.c - explain pull: what a pull would ask, of whom, and which file says so */
#include "base/str.h"
#include "cli/explain_text.h"
#include "cli/format.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "engine/images_explain.h"

struct explain_values {
	char *authfile, *cert_dir, *creds, *format, *signature_policy;
	bool tls_verify;
};

/* --- as a table: what, its value, who says so --- */

static const char *text_of(const struct json *o, const char *name)
{
	return json_get_str(o, name, "");
}

static void add_row(struct str *lines, const char *what, const char *value, const char *origin)
{
	str_addf(lines, "%s\t%s\t%s\n", what, value, origin);
}

static void add_name(struct str *lines, const struct json *c)
{
	const char *mode = text_of(c, "ShortNameMode");
	auto_free char *origin = mem_printf("%s%s%s", text_of(c, "Resolution"), *text_of(c, "Origin") ? ", " : "", text_of(c, "Origin"));
	add_row(lines, "name", text_of(c, "Name"), origin);
	if (*mode)
		add_row(lines, "  short-name-mode", mode, "");
}

static void add_rule(struct str *lines, const struct json *c)
{
	const struct json *rule = json_get(c, "Rule");
	if (rule) {
		auto_free char *value = mem_printf("prefix %s", text_of(rule, "Prefix"));
		add_row(lines, "  registries.conf", value, text_of(rule, "Origin"));
	}
	if (*text_of(c, "Blocked"))
		add_row(lines, "  blocked", text_of(c, "Blocked"), "");
}

static void add_credentials(struct str *lines, const struct json *place)
{
	const char *user = text_of(place, "User"), *helper = text_of(place, "Helper");
	auto_free char *by_helper = mem_printf("docker-credential-%s, %s", helper, text_of(place, "CredentialsOrigin"));
	add_row(lines, "    credentials", *user ? user : "none", *helper ? by_helper : text_of(place, "CredentialsOrigin"));
}

static void add_place(struct str *lines, const struct json *place, bool signatures)
{
	const char *passed_over = text_of(place, "PassedOver"), *lookaside = text_of(place, "Lookaside");
	const char *what = json_get_bool(place, "Mirror", false) ? "  mirror" : "  registry";
	auto_free char *value = mem_printf("%s%s", text_of(place, "Location"), json_get_bool(place, "Insecure", false) ? " (insecure)" : "");
	auto_free char *passed = mem_printf("passed over: %s", passed_over);
	add_row(lines, what, value, *passed_over ? passed : "");
	if (*passed_over)
		return;
	add_credentials(lines, place);
	add_row(lines, "    certificates", *text_of(place, "CertDir") ? text_of(place, "CertDir") : "the system's", "");
	if (!signatures)
		return;
	if (*lookaside)
		add_row(lines, "    signatures", lookaside, text_of(place, "SignaturesOrigin"));
	if (json_get_bool(place, "Attachments", false))
		add_row(lines, "    signatures", "in the registry", text_of(place, "SignaturesOrigin"));
}

static void add_requirement(struct str *lines, const struct json *policy, const struct json *req)
{
	auto_free char *origin = *text_of(policy, "Origin") ? mem_printf("\"%s\" in %s", text_of(policy, "Rule"), text_of(policy, "Origin")) :
							      mem_strdup("there is no policy.json");
	const struct json *keys = json_get(req, "Keys");
	add_row(lines, "  policy", text_of(req, "Type"), origin);
	for (size_t i = 0; i < json_len(keys); i++)
		add_row(lines, "    key", json_str(json_at(keys, i), ""), "");
}

/* Are signatures looked for? */
static bool wants_signatures(const struct json *policy)
{
	const struct json *list = json_get(policy, "Requirements");
	for (size_t i = 0; i < json_len(list); i++)
		if (str_starts(text_of(json_at(list, i), "Type"), "sig"))
			return true;
	return false;
}

static void add_candidate(struct str *lines, const struct json *c)
{
	const struct json *places = json_get(c, "Places"), *policy = json_get(c, "Policy"), *list = json_get(policy, "Requirements");
	add_name(lines, c);
	add_rule(lines, c);
	for (size_t i = 0; i < json_len(places); i++)
		add_place(lines, json_at(places, i), wants_signatures(policy));
	for (size_t i = 0; i < json_len(list); i++)
		add_requirement(lines, policy, json_at(list, i));
	if (*text_of(policy, "Refused"))
		add_row(lines, "  refused", text_of(policy, "Refused"), "");
}

static void print_table(const struct json *all)
{
	const struct json *list = json_get(all, "Candidates");
	auto_str lines = { 0 };
	auto_str out = { 0 };
	add_row(&lines, "WHAT", "VALUE", "ORIGIN");
	for (size_t i = 0; i < json_len(list); i++)
		add_candidate(&lines, json_at(list, i));
	format_columns(&out, str_text(&lines));
	session_put(str_text(&out));
}

static int run_explain(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct explain_values *v = values;
	const struct images_pull_opts opts = { .authfile = v->authfile, .cert_dir = v->cert_dir, .creds = v->creds,
					       .signature_policy = v->signature_policy, .tls_verify = v->tls_verify };
	auto_ptr(json) all = NULL;
	(void)cli;
	if (images_explain_pull(words[0], &opts, &all, err) < 0)
		return -1;
	if (str_eq(v->format, "json"))
		session_put_json(all, &json_style_indent4);
	else
		print_table(all);
	return 0;
}

static void explain_init(void *values)
{
	*(struct explain_values *)values = (struct explain_values){ .tls_verify = true };
}

#define EXPLAIN(member) FLAG_AT(struct explain_values, member)
static const struct flag explain_rows[] = {
	{ "authfile", 0, FLAG_STRING, EXPLAIN(authfile), .help = "Path of the file with registry logins; REGISTRY_AUTH_FILE sets it too" },
	{ "cert-dir", 0, FLAG_STRING, EXPLAIN(cert_dir), .meta = "Pathname", .help = "Directory with TLS certificates and keys for the registry" },
	{ "creds", 0, FLAG_STRING, EXPLAIN(creds), .meta = "Credentials", .help = "Login for the registry (USERNAME:PASSWORD)" },
	{ "format", 'f', FLAG_CHOICE, EXPLAIN(format), .choices = explain_formats, .def = "text", .help = "Print as text or as JSON (\"text\"|\"json\")" },
	{ "signature-policy", 0, FLAG_STRING, EXPLAIN(signature_policy), .bits = FLAG_HIDDEN, .help = "Path of the policy instead of policy.json" },
	{ "tls-verify", 0, FLAG_BOOL, EXPLAIN(tls_verify), .def = "true", .help = "Require HTTPS and a valid certificate of the registry" },
};
static const struct flag_group explain_groups[] = { { explain_rows, ARRAY_LEN(explain_rows), 0 }, { 0 } };
const struct verb cmd_explain_pull_verb = {
	.about = "Says what a pull of an image would ask, of whom, and which line of which file says so; no registry is asked.\n\n"
		 "It tells what a short name stands for, the mirrors in their order, where logins and certificates come from, and what policy.json demands. "
		 "Secrets are not shown.",
	.libraries = true,
	.groups = explain_groups, .values_size = sizeof(struct explain_values), .init = explain_init, .args = VERB_EXACT, .arg_count = 1, .run = run_explain,
};
