/* policy.c - see policy.h */
#include "image/policy.h"

#include <string.h>

#include "base/str.h"
#include "codec/digest.h"

struct policy {
	struct conf_policy conf;
	char *registries_d;
};

int policy_open(const char *file, const char *registries_d, struct policy **ret, struct err *err)
{
	auto_ptr(policy) policy = mem_alloc(sizeof(*policy));

	policy->registries_d = registries_d && *registries_d ? mem_strdup(registries_d) : NULL;
	if (conf_policy_load(file, &policy->conf, err) < 0)
		return -1;
	*ret = take_ptr(policy);
	return 0;
}

void policy_close(struct policy *policy)
{
	if (!policy)
		return;
	conf_policy_done(&policy->conf);
	free(policy->registries_d);
	free(policy);
}

const struct conf_policy *policy_conf(const struct policy *policy)
{
	return &policy->conf;
}

const char *policy_registries_d(const struct policy *policy)
{
	return policy->registries_d;
}

const struct conf_rule *policy_rule(const struct policy *policy, const struct policy_image *image)
{
	return conf_policy_find(&policy->conf, image->transport, image->name);
}

/* Which rule, and where it stands; owned. */
static char *said_by_dup(const struct policy *policy, const struct policy_image *image)
{
	auto_free char *rule = conf_policy_rule_dup(policy_rule(policy, image));

	return mem_printf("\"%s\" in %s", rule, policy->conf.path ? policy->conf.path : "");
}

int policy_allows(const struct policy *policy, const struct policy_image *image, struct err *err)
{
	const struct conf_rule *rule = policy_rule(policy, image);
	auto_free char *said_by = said_by_dup(policy, image);

	for (size_t i = 0; i < rule->count; i++) {
		const struct conf_requirement *req = &rule->requirements[i];

		if (req->kind == CONF_REQUIRE_REJECT)
			return err_set(err, ERR_DENIED, "Source image rejected: Running image %s is rejected by policy (%s)", image->shown, said_by);
		if (req->not_done)
			return err_set(err, ERR_DENIED, "Source image rejected: %s must be %s (%s), and '%s' cannot be checked by this program: use a key (keyPath)",
				       image->shown, conf_requirement_word(req->kind), said_by, req->not_done);
	}
	return 0;
}

static enum conf_requirement_kind kind_of(enum signature_kind kind)
{
	return kind == SIGNATURE_SIMPLE ? CONF_REQUIRE_SIGNED_BY : CONF_REQUIRE_SIGSTORE;
}

bool policy_wants(const struct policy *policy, const struct policy_image *image, enum signature_kind kind)
{
	const struct conf_rule *rule = policy_rule(policy, image);

	for (size_t i = 0; i < rule->count; i++)
		if (rule->requirements[i].kind == kind_of(kind))
			return true;
	return false;
}

/* ---- identities ---- */

static bool same_repository(const struct ref *a, const struct ref *b)
{
	return str_eq(a->domain, b->domain) && str_eq(a->path, b->path);
}

/* Tag or digest, and the same. */
static bool is_exactly(const struct ref *a, const struct ref *b)
{
	auto_free char *one = ref_text(a), *other = ref_text(b);

	return (a->tag || a->digest) && strcmp(one, other) == 0;
}

static bool is_exact_or_by_digest(const struct ref *intended, const struct ref *claimed)
{
	if (!intended->digest)
		return is_exactly(intended, claimed);
	/* the digest was held against the bytes already */
	return (claimed->tag || claimed->digest) && same_repository(intended, claimed);
}

/* The reference with the prefix replaced; ret is empty where the result is no reference. */
static void remap(const struct conf_requirement *req, const struct ref *intended, struct ref *ret)
{
	auto_free char *text = ref_text(intended), *repository = ref_repository(intended), *mapped = NULL;
	size_t len = strlen(req->name);
	struct err ignored = { 0 };
	bool fits = strncmp(repository, req->name, len) == 0 && (repository[len] == '/' || !repository[len]);

	mapped = fits ? mem_printf("%s%s", req->signed_prefix, text + len) : mem_strdup(text);
	if (ref_parse(mapped, ret, &ignored) < 0)
		ref_done(ret);
}

/* As written, docker.io and library/ filled in; no tag is made up. */
static int parse_name(const char *text, struct ref *ret)
{
	struct err ignored = { 0 };
	bool bare;

	if (ref_parse(text, ret, &ignored) < 0)
		return -1;
	bare = !ret->tag && !ret->digest;
	ref_normalize(ret);
	if (bare) {
		free(ret->tag);
		ret->tag = NULL;
	}
	return 0;
}

static bool fits_named(const struct conf_requirement *req, const struct ref *claimed, bool whole)
{
	auto_val(ref) named = { 0 };

	if (parse_name(req->name, &named) < 0)
		return false;
	return whole ? is_exactly(&named, claimed) : same_repository(&named, claimed);
}

bool policy_identity_fits(const struct conf_requirement *req, const struct ref *intended, const char *claim)
{
	auto_val(ref) claimed = { 0 }, mapped = { 0 };

	if (parse_name(claim, &claimed) < 0)
		return false;
	switch (req->identity) {
	case CONF_IDENTITY_EXACT_REFERENCE:
		return fits_named(req, &claimed, true);
	case CONF_IDENTITY_EXACT_REPOSITORY:
		return fits_named(req, &claimed, false);
	case CONF_IDENTITY_EXACT:
		return intended && is_exactly(intended, &claimed);
	case CONF_IDENTITY_REPO_DIGEST_OR_EXACT:
		return intended && is_exact_or_by_digest(intended, &claimed);
	case CONF_IDENTITY_REPOSITORY:
		return intended && same_repository(intended, &claimed);
	case CONF_IDENTITY_REMAP:
		if (!intended)
			return false;
		remap(req, intended, &mapped);
		return mapped.path && is_exact_or_by_digest(&mapped, &claimed);
	}
	return false;
}

/* ---- signatures ---- */

struct check {
	const struct conf_requirement *req;
	const struct policy_image *image;
	const char *manifest;
	size_t len;
	struct signature_keys *keys;
};

static int check_claim(const struct check *c, const struct signature_claim *claim, struct err *err)
{
	auto_free char *digest = NULL;

	if (digest_of(claim->digest, c->manifest, c->len, &digest, err) < 0)
		return -1;
	if (strcmp(digest, claim->digest) != 0)
		return err_set(err, ERR_DENIED, "it is of the manifest %s, not of %s", claim->digest, digest);
	if (!policy_identity_fits(c->req, c->image->ref, claim->reference))
		return err_set(err, ERR_DENIED, "it calls the image '%.300s'", claim->reference);
	return 0;
}

static int check_signature(const struct check *c, const struct signature *signature, struct err *err)
{
	auto_val(signature_claim) claim = { 0 };
	int r = signature->kind == SIGNATURE_SIMPLE ? signature_simple_check(c->keys, signature, &claim, err) :
						      signature_sigstore_check(c->keys, signature, &claim, err);

	return r < 0 ? -1 : check_claim(c, &claim, err);
}

/* One that holds is enough. */
static int check_signatures(struct check *c, const struct signature_list *list, struct err *err)
{
	auto_ptr(signature_keys) keys = NULL;
	auto_str told = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct err why = { 0 };

		if (kind_of(list->rows[i].kind) != c->req->kind)
			continue;
		if (!keys && signature_keys_open(c->req, &keys, err) < 0)
			return -1;
		c->keys = keys;
		if (check_signature(c, &list->rows[i], &why) == 0)
			return 0;
		str_addf(&told, "%ssignature %zu: %s", count++ ? "; " : "", i + 1, why.text);
	}
	/* COMPAT: the words */
	if (!count)
		return err_set(err, ERR_DENIED, "A signature was required, but no signature exists");
	return err_set(err, ERR_DENIED, "None of the signatures were accepted, reasons: %s", str_text(&told));
}

/* The sentence in front of a reason that is set already. */
static int refuse(const struct policy *policy, const struct policy_image *image, const struct conf_requirement *req, struct err *err)
{
	auto_free char *said_by = said_by_dup(policy, image);

	return err_wrap(err, "Source image rejected: %s must be %s (%s)", image->shown, conf_requirement_word(req->kind), said_by);
}

int policy_check(const struct policy *policy, const struct policy_image *image, const char *manifest, size_t len,
		 const struct signature_list *signatures, struct err *err)
{
	const struct conf_rule *rule = policy_rule(policy, image);

	if (policy_allows(policy, image, err) < 0)
		return -1;
	for (size_t i = 0; i < rule->count; i++) {
		struct check c = { .req = &rule->requirements[i], .image = image, .manifest = manifest, .len = len };

		if (c.req->kind == CONF_REQUIRE_NOTHING)
			continue;
		if (check_signatures(&c, signatures, err) < 0)
			return refuse(policy, image, c.req, err);
	}
	return 0;
}
