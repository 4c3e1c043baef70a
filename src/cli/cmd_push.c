/* cmd_push.c - push: an image goes to a registry */
#include "base/str.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/images.h"
#include "options/flag_conf.h"
#include "options/values.h"

#define POLICY_WAY "put the policy into policy.json"
#define SIGN_WAY "sign with a GPG key (--sign-by), or with another tool"
#define CRYPT_WAY "encrypt the image with another tool"

struct push_values {
	char *authfile, *cert_dir, *compression, *creds, *digestfile, *format, *retry_delay, *sign_by, *passphrase_file;
	int level;
	uint32_t retry;
	bool compress, force, quiet, tls_verify;
};

static int run_push(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct push_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(progress) progress = { 0 };
	struct images_push_opts opts = {
		.format = v->format, .compression = v->compression, .level = v->level, .compress = v->compress, .force = v->force, .authfile = v->authfile,
		.creds = v->creds, .cert_dir = v->cert_dir, .digestfile = v->digestfile, .tls_verify = v->tls_verify, .retries = v->retry,
		.sign_by = v->sign_by && *v->sign_by ? v->sign_by : NULL, .passphrase_file = v->passphrase_file && *v->passphrase_file ? v->passphrase_file : NULL,
	};
	if (v->passphrase_file && !v->sign_by)
		return err_set(err, ERR_USAGE, "--sign-passphrase-file names the passphrase of the key of --sign-by, which is missing");
	if (values_retry_delay(v->retry_delay, &opts.retry_delay_ms, err) < 0)
		return -1;
	/* COMPAT: who names a compression wants it, unless told otherwise */
	if (v->compression && !flag_was_given(cli->words, "force-compression"))
		opts.force = true;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	progress_init(&progress, v->quiet);
	opts.progress = progress_images(&progress);
	return images_push(engine, words[0], words[1], &opts, err);
}

static int check_words(struct cli *cli, void *values, char **words, struct err *err)
{
	size_t count = strv_len(words);
	if (count < 1 || count > 2)
		return err_set(err, ERR_USAGE, "accepts between 1 and 2 arg(s), received %zu", count);
	return run_push(cli, values, words, err);
}

static void push_init(void *values)
{
	*(struct push_values *)values = (struct push_values){ .tls_verify = true, .retry = 3 };
}

#define PUSH(member) FLAG_AT(struct push_values, member)
static const struct flag push_rows[] = {
	{ "authfile", 0, FLAG_STRING, PUSH(authfile), .help = "Path of the file with registry logins; REGISTRY_AUTH_FILE sets it too" },
	{ "cert-dir", 0, FLAG_STRING, PUSH(cert_dir), .help = "Directory with TLS certificates and keys for the registry" },
	{ "compress", 0, FLAG_BOOL, PUSH(compress), .help = "Compress the layers of a directory (the transport dir:)" },
	{ "compression-format", 0, FLAG_STRING, PUSH(compression), .def = "gzip", .help = "Compress layers as gzip or zstd" },
	{ "compression-level", 0, FLAG_INT, PUSH(level), .help = "How hard to compress: 1 to 9, for zstd to 19" },
	{ "creds", 0, FLAG_STRING, PUSH(creds), .meta = "Credentials", .help = "Login for the registry (USERNAME:PASSWORD)" },
	{ "digestfile", 0, FLAG_STRING, PUSH(digestfile), .help = "Write the digest of the pushed image to this file" },
	{ "disable-content-trust", 0, FLAG_BOOL, .bits = FLAG_NO_EFFECT, .help = "Docker's word, without effect here" },
	{ "encrypt-layer", 0, FLAG_UINTS, .meta = "ints", .bits = FLAG_NOT_YET, .instead = CRYPT_WAY, .help = "Layers to encrypt" },
	{ "encryption-key", 0, FLAG_ARRAY, .bits = FLAG_NOT_YET, .instead = CRYPT_WAY, .help = "Key to encrypt the image with" },
	{ "force-compression", 0, FLAG_BOOL, PUSH(force), .help = "Compress anew what the registry has in another compression" },
	{ "format", 'f', FLAG_STRING, PUSH(format), .help = "Form of the manifest: oci or v2s2 (as it came when not given)" },
	{ "quiet", 'q', FLAG_BOOL, PUSH(quiet), .help = "Print nothing about the work" },
	{ "remove-signatures", 0, FLAG_BOOL, .bits = FLAG_NO_EFFECT, .help = "Leave signatures behind; none are kept here" },
	{ "retry", 0, FLAG_UINT, PUSH(retry), .def = "3", .help = "How often a request that failed is tried again" },
	{ "retry-delay", 0, FLAG_STRING, PUSH(retry_delay), .help = "Time before the first new try; it doubles with each" },
	{ "sign-by", 0, FLAG_STRING, PUSH(sign_by), .help = "Sign with this GPG key" },
	{ "sign-by-sigstore", 0, FLAG_STRING, .meta = "PATH", .bits = FLAG_NOT_YET, .instead = SIGN_WAY, .help = "Sign as this sigstore parameter file says" },
	{ "sign-by-sigstore-private-key", 0, FLAG_STRING, .meta = "PATH", .bits = FLAG_NOT_YET, .instead = SIGN_WAY, .help = "Sign with this sigstore key" },
	{ "sign-by-sq-fingerprint", 0, FLAG_STRING, .meta = "FINGERPRINT", .bits = FLAG_NOT_YET, .instead = SIGN_WAY, .help = "Sign with this Sequoia key" },
	{ "sign-passphrase-file", 0, FLAG_STRING, PUSH(passphrase_file), .meta = "PATH", .help = "File with the key's passphrase" },
	{ "signature-policy", 0, FLAG_STRING, .bits = FLAG_HIDDEN | FLAG_NOT_YET, .instead = POLICY_WAY, .help = "Path of a signature policy" },
	{ "tls-verify", 0, FLAG_BOOL, PUSH(tls_verify), .def = "true", .help = "Require HTTPS and a valid certificate of the registry" },
};
static const struct flag_group push_groups[] = { { push_rows, ARRAY_LEN(push_rows), 0 }, { 0 } };
const struct verb cmd_push_verb = {
	.about = "Pushes an image of the store to a registry.\n\nWithout a destination it goes where its name says. Layers that the registry has are not sent. "
		 "With --sign-by the manifest is signed; the signature goes where registries.d says (lookaside-staging, lookaside).",
	.libraries = true,
	.groups = push_groups, .values_size = sizeof(struct push_values), .init = push_init, .conf = FLAG_CONF_PUSH, .run = check_words,
};
