/* cmd_image_sign.c - image sign: signatures of what registries have */
#include "cli/verbs.h"
#include "engine/images.h"

struct sign_values {
	char *authfile, *cert_dir, *dir, *key;
	bool all;
};

static int run_sign(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct sign_values *v = values;
	(void)cli;
	if (!v->key || !*v->key)
		return err_set(err, ERR_USAGE, "no identity provided: name the key with --sign-by");
	return images_sign(words, &(struct images_sign_opts){ .key = v->key, .dir = v->dir, .authfile = v->authfile, .cert_dir = v->cert_dir, .all = v->all }, err);
}

#define SIGN(member) FLAG_AT(struct sign_values, member)
static const struct flag sign_rows[] = {
	{ "all", 'a', FLAG_BOOL, SIGN(all), .help = "Sign the images of a manifest list, too" },
	{ "authfile", 0, FLAG_STRING, SIGN(authfile), .help = "Path of the file with registry logins; REGISTRY_AUTH_FILE sets it too" },
	{ "cert-dir", 0, FLAG_STRING, SIGN(cert_dir), .help = "Directory with TLS certificates and keys for the registry" },
	{ "directory", 'd', FLAG_STRING, SIGN(dir), .help = "Write the signatures below this directory" },
	{ "sign-by", 0, FLAG_STRING, SIGN(key), .help = "Sign with this GPG key" },
};
static const struct flag_group sign_groups[] = { { sign_rows, ARRAY_LEN(sign_rows), 0 }, { 0 } };
const struct verb cmd_image_sign_verb = {
	.about = "Signs the manifests that a registry has under these names.\n\nA signature goes where registries.d says (lookaside-staging, lookaside).",
	.libraries = true,
	.groups = sign_groups, .values_size = sizeof(struct sign_values), .args = VERB_MIN, .arg_count = 1, .run = run_sign,
};
