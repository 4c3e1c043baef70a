/* cmd_artifact_transfer.c - artifact pull, push */
#include "base/str.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/artifacts.h"
#include "options/values.h"

#include <stdio.h>

#define SIGN_WAY "sign the artifact with another tool"
#define POLICY_WAY "put the policy into policy.json"

struct artifact_transfer_values {
	char *authfile, *cert_dir, *creds, *digestfile, *retry_delay;
	uint32_t retry;
	bool quiet, tls_verify;
};

static int run_pull(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct artifact_transfer_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(progress) progress = { 0 };
	auto_free char *digest = NULL;
	struct images_pull_opts opts = { .authfile = v->authfile, .creds = v->creds, .cert_dir = v->cert_dir, .tls_verify = v->tls_verify,
					 .retries = v->retry ? (int)v->retry : -1 };
	if (values_retry_delay(v->retry_delay, &opts.retry_delay_ms, err) < 0 || session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	progress_init(&progress, v->quiet);
	opts.progress = progress_images(&progress);
	return artifacts_pull(engine, words[0], &opts, &digest, err); /* COMPAT: the digest is not printed */
}

static int run_push(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct artifact_transfer_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(progress) progress = { 0 };
	struct images_push_opts opts = { .authfile = v->authfile, .creds = v->creds, .cert_dir = v->cert_dir, .tls_verify = v->tls_verify,
					 .digestfile = v->digestfile && *v->digestfile ? v->digestfile : NULL, .retries = v->retry };
	if (values_retry_delay(v->retry_delay, &opts.retry_delay_ms, err) < 0 || session_open(cli, ENGINE_READ, &engine, err) < 0)
		return -1;
	progress_init(&progress, v->quiet);
	opts.progress = progress_images(&progress);
	return artifacts_push(engine, words[0], &opts, err);
}

static void transfer_init(void *values)
{
	*(struct artifact_transfer_values *)values = (struct artifact_transfer_values){ .tls_verify = true, .retry = 3 };
}

#define AT(member) FLAG_AT(struct artifact_transfer_values, member)
#define AUTHFILE_ROW { "authfile", 0, FLAG_STRING, AT(authfile), .help = "Path of the file with registry logins; REGISTRY_AUTH_FILE sets it too" }
#define CERT_DIR_HELP .help = "Directory with TLS certificates and keys for the registry"
#define CREDS_ROW { "creds", 0, FLAG_STRING, AT(creds), .meta = "Credentials", .help = "Login for the registry (USERNAME:PASSWORD)" }
#define QUIET_ROW { "quiet", 'q', FLAG_BOOL, AT(quiet), .help = "Print nothing about the work" }
#define RETRY_ROWS                                                                                                                    \
	{ "retry", 0, FLAG_UINT, AT(retry), .def = "3", .help = "How often a request that failed is tried again" },                   \
	{ "retry-delay", 0, FLAG_STRING, AT(retry_delay), .help = "Time before the first new try; it doubles with each" }
#define TLS_ROW { "tls-verify", 0, FLAG_BOOL, AT(tls_verify), .def = "true", .help = "Require HTTPS and a valid certificate of the registry" }
#define SIGN_ROW(name_, meta_, help_) { name_, 0, FLAG_STRING, .meta = meta_, .bits = FLAG_NOT_YET, .instead = SIGN_WAY, .help = help_ }

static const struct flag pull_rows[] = {
	AUTHFILE_ROW, { "cert-dir", 0, FLAG_STRING, AT(cert_dir), .meta = "Pathname", CERT_DIR_HELP }, CREDS_ROW,
	{ "decryption-key", 0, FLAG_ARRAY, .bits = FLAG_NOT_YET, .instead = "decrypt the artifact with another tool", .help = "Key to decrypt the artifact with" },
	QUIET_ROW, RETRY_ROWS, TLS_ROW,
};
static const struct flag push_rows[] = {
	AUTHFILE_ROW, { "cert-dir", 0, FLAG_STRING, AT(cert_dir), CERT_DIR_HELP }, CREDS_ROW,
	{ "digestfile", 0, FLAG_STRING, AT(digestfile), .help = "Write the digest of the pushed artifact to this file" },
	QUIET_ROW, RETRY_ROWS,
	SIGN_ROW("sign-by", NULL, "Sign with this GPG key"), SIGN_ROW("sign-by-sigstore", "PATH", "Sign as this sigstore parameter file says"),
	SIGN_ROW("sign-by-sigstore-private-key", "PATH", "Sign with this sigstore key"),
	SIGN_ROW("sign-by-sq-fingerprint", "FINGERPRINT", "Sign with this Sequoia key"),
	SIGN_ROW("sign-passphrase-file", "PATH", "File with the key's passphrase"),
	{ "signature-policy", 0, FLAG_STRING, .bits = FLAG_HIDDEN | FLAG_NOT_YET, .instead = POLICY_WAY, .help = "Path of a signature policy" },
	TLS_ROW,
};
static const struct flag_group pull_groups[] = { { pull_rows, ARRAY_LEN(pull_rows), 0 }, { 0 } };
static const struct flag_group push_groups[] = { { push_rows, ARRAY_LEN(push_rows), 0 }, { 0 } };

const struct verb cmd_artifact_pull_verb = {
	.about = "Pulls an artifact from a registry; it takes the place of one of the same name.\n\nAn image can be pulled so, too: its layers are files then.",
	.libraries = true,
	.groups = pull_groups, .values_size = sizeof(struct artifact_transfer_values), .init = transfer_init, .args = VERB_EXACT, .arg_count = 1,
	.run = run_pull,
};
const struct verb cmd_artifact_push_verb = {
	.about = "Pushes an artifact to the registry that its name says. Files that the registry has are not sent.",
	.libraries = true,
	.groups = push_groups, .values_size = sizeof(struct artifact_transfer_values), .init = transfer_init, .args = VERB_EXACT, .arg_count = 1,
	.run = run_push,
};
