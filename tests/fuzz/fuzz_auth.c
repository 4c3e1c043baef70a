/* auth.json, and what a registry asks for: nobody, or a user with a password; never half of it. */
#include "config/conf_auth.h"

#include "fuzz.h"
#include "image/registry_auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "docker.io/library/x", "a.b:5000/c", "localhost" };
	auto_free char *header = fuzz_text(data, size);
	auto_val(challenge) challenge = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		auto_val(conf_auth) auth = { 0 };
		struct err err = { 0 };
		int r = conf_auth_parse((const char *)data, size, names[i], &auth, &err);

		fuzz_told(r, &err);
		if (r >= 0 && !auth.user != !auth.password && !auth.identity_token)
			abort();
	}
	registry_auth_parse(header, &challenge);
	if (challenge.kind == CHALLENGE_BEARER && !challenge.realm)
		abort();
	return 0;
}
