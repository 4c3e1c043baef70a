#include "image/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "config/conf_policy.h"

static int judge(const char *file, const char *transport, const char *name, const char *shown, struct err *err)
{
	auto_val(conf_policy) policy = { 0 };

	if (conf_policy_load(file, &policy, err) < 0)
		return -1;
	const struct conf_rule *rule = conf_policy_find(&policy, transport, name);
	auto_free char *word = conf_policy_rule_dup(rule);
	for (size_t i = 0; i < rule->count; i++) {
		enum conf_requirement_kind kind = rule->requirements[i].kind;

		if (kind == CONF_REQUIRE_REJECT)
			return err_set(err, ERR_DENIED, "Source image rejected: Running image %s:%s is rejected by policy (\"%s\" in %s)", transport, shown,
				       word, policy.path);
		/* refused rather than let in unseen */
		if (kind != CONF_REQUIRE_NOTHING)
			return err_set(err, ERR_DENIED,
				       "Source image rejected: %s:%s must be signed (\"%s\" in %s is %s), and signatures cannot be verified yet: allow this place in the policy, or bring the image with another program",
				       transport, shown, word, policy.path, conf_requirement_word(kind));
	}
	return 0;
}

int policy_check_docker(const char *file, const struct ref *ref, struct err *err)
{
	auto_free char *text = ref_text(ref), *shown = mem_printf("//%s", text);

	return judge(file, "docker", text, shown, err);
}

int policy_check_file(const char *file, const char *transport, const char *path, struct err *err)
{
	/* COMPAT: a docker-archive has no scopes of its own; a path counts as it is on the disk */
	auto_free char *real = *path && strcmp(transport, "docker-archive") != 0 ? realpath(path, NULL) : NULL;

	return judge(file, transport, real ? real : "", path, err);
}
