#include "image/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "config/conf_policy.h"

static int judge(const char *file, const char *transport, const char *name, char *const *scopes, struct err *err)
{
	auto_ptr(conf_policy) policy = NULL;
	auto_val(conf_policy_verdict) v = { 0 };

	if (conf_policy_read(file, &policy, err) < 0)
		return -1;
	conf_policy_judge(policy, transport, scopes, &v);
	switch (v.kind) {
	case CONF_POLICY_ACCEPT:
		return 0;
	case CONF_POLICY_REJECT:
		return err_set(err, ERR_DENIED, "Source image rejected: Running image %s:%s is rejected by policy (\"%s\" in %s)", transport, name, v.rule, v.file);
	case CONF_POLICY_SIGNED_BY:
	case CONF_POLICY_SIGSTORE:
		break;
	}
	/* refused rather than let in unseen */
	return err_set(err, ERR_DENIED,
		       "Source image rejected: %s:%s must be signed (\"%s\" in %s is %s), and signatures cannot be verified yet: allow this place in the policy, or bring the image with another program",
		       transport, name, v.rule, v.file, conf_policy_word(v.kind));
}

int policy_check_docker(const char *file, const struct ref *ref, struct err *err)
{
	auto_free char *repository = ref_repository(ref), *text = ref_text(ref), *name = mem_printf("//%s", text);
	auto_strv scopes = conf_policy_scopes_docker(repository, ref->tag, ref->digest);

	return judge(file, "docker", name, scopes, err);
}

int policy_check_file(const char *file, const char *transport, const char *path, struct err *err)
{
	/* COMPAT: a docker-archive has no scopes of its own; a path counts as it is on the disk */
	bool has_scopes = *path && strcmp(transport, "docker-archive") != 0;
	auto_free char *real = has_scopes ? realpath(path, NULL) : NULL;
	auto_strv scopes = has_scopes ? conf_policy_scopes_path(real ? real : path) : NULL;

	return judge(file, transport, path, scopes, err);
}
