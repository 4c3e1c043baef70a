/* policy.h - may this image be taken? What policy.json says, and the signatures it asks for.
 * Shape:  the policy is read once; the rule of an image decides. A rule that rejects does so before anything is asked of anybody;
 *         one that wants signatures is held against the bytes of the manifest that is then kept.
 * Life:   policy_open → policy_rule, policy_allows before the first request → policy_check with the manifest → policy_close.
 * Errors: ERR_DENIED "Source image rejected: …", naming image, rule and file; ERR_INVALID the policy, or a key, is none.
 * Spec:   containers-policy.json(5), Policy Requirements.
 */
#pragma once

#include "image/ref.h"
#include "image/signature.h"

struct policy;
/* file, registries_d: NULL the usual places. */
int policy_open(const char *file, const char *registries_d, struct policy **ret, struct err *err) must_check;
void policy_close(struct policy *policy);
AUTO_PTR(policy, policy_close);
const struct conf_policy *policy_conf(const struct policy *policy);
const char *policy_registries_d(const struct policy *policy); /* as it was given */

/* An image before it is here. */
struct policy_image {
	const char *transport; /* "docker", "dir", … */
	const char *name;      /* for conf_policy_find */
	const struct ref *ref; /* what it is called; NULL: nothing, as in a directory */
	const char *shown;     /* "docker://a.io/b:c", for sentences */
};
/* The rule that decides; borrowed. */
const struct conf_rule *policy_rule(const struct policy *policy, const struct policy_image *image);
/* Refuses what its rule rejects whatever comes. */
int policy_allows(const struct policy *policy, const struct policy_image *image, struct err *err) must_check;
/* Must signatures of this kind be brought? */
bool policy_wants(const struct policy *policy, const struct policy_image *image, enum signature_kind kind);
/* Holds the whole rule against the manifest's bytes. */
int policy_check(const struct policy *policy, const struct policy_image *image, const char *manifest, size_t len,
		 const struct signature_list *signatures, struct err *err) must_check;

/* What a signature calls the image, against what a requirement expects of it. */
bool policy_identity_fits(const struct conf_requirement *req, const struct ref *intended, const char *claimed);
