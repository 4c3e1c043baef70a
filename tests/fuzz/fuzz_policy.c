/* policy.json: what is refused is told and leaves nothing; what is taken has a rule for every image. */
#include "config/conf_policy.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "docker.io/library/busybox:latest", "a.b:5000/c@sha256:aa", "/a/b/c", "" };
	auto_val(conf_policy) policy = { 0 };
	struct err err = { 0 };
	int r = conf_policy_parse((const char *)data, size, &policy, &err);

	if ((r < 0) != (err.kind != ERR_NONE) || (r < 0 && (policy.rules || policy.fallback.count)))
		abort();
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(names); i++) {
		auto_free char *rule = conf_policy_rule_dup(conf_policy_find(&policy, i == 2 ? "dir" : "docker", names[i]));

		if (!*rule || !conf_policy_find(&policy, "docker", names[i])->count)
			abort();
	}
	return 0;
}
