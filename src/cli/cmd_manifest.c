/* cmd_manifest.c - manifest create, add, annotate, remove, rm, exists, inspect, push: images of several platforms under one name */
#include "base/str.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/manifests.h"

#include <stdio.h>

struct list_values {
	char *arch, *os, *variant, *os_version, *authfile, *cert_dir, *creds;
	char *format, *compression, *digestfile;
	char **annotation, **os_features, **also;
	int64_t level;
	bool all, amend, index, insecure, tls_verify, quiet, purge, rm, force;
};

static void list_init(void *values)
{
	*(struct list_values *)values = (struct list_values){ .tls_verify = true };
}

static void push_init(void *values)
{
	*(struct list_values *)values = (struct list_values){ .tls_verify = true, .all = true };
}

static struct manifests_place place_of(const struct list_values *v, struct progress *progress)
{
	return (struct manifests_place){ .authfile = v->authfile, .creds = v->creds, .cert_dir = v->cert_dir,
					 .tls_verify = v->tls_verify && !v->insecure, .progress = progress ? progress_images(progress) : NULL };
}

static struct manifests_entry entry_of(const struct list_values *v)
{
	return (struct manifests_entry){ .os = v->os, .arch = v->arch, .variant = v->variant, .os_version = v->os_version,
					 .os_features = v->os_features, .annotations = v->annotation };
}

#define AT(member) FLAG_AT(struct list_values, member)
#define AUTHFILE { "authfile", 0, FLAG_STRING, AT(authfile), .help = "Path of the file with registry logins; REGISTRY_AUTH_FILE sets it too" }
#define CERT_DIR { "cert-dir", 0, FLAG_STRING, AT(cert_dir), .meta = "Pathname", .help = "Directory with TLS certificates and keys for the registry" }
#define CREDS { "creds", 0, FLAG_STRING, AT(creds), .meta = "[username[:password]]", .help = "Login for the registry (USERNAME:PASSWORD)" }
#define INSECURE { "insecure", 0, FLAG_BOOL, AT(insecure), .bits = FLAG_HIDDEN, .help = "Do not check certificates" }
#define TLS_VERIFY { "tls-verify", 0, FLAG_BOOL, AT(tls_verify), .def = "true", .help = "Require HTTPS and a valid certificate of the registry" }
#define LATER(way_out) .bits = FLAG_NOT_YET, .instead = (way_out)
#define ARTIFACT "artifacts are not done: add images"
#define SIGN "signing is not done: sign with another program"
#define PLATFORM(what) .help = "Say that the image is for this " what

/* --- create --- */

static int run_create(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct list_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(progress) progress = { 0 };
	char id[65];
	progress_init(&progress, false);
	const struct manifests_place place = place_of(v, &progress);
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 ||
	    manifests_create(engine, words[0], words + 1, v->amend, v->annotation, &place, id, err) < 0)
		return -1;
	printf("%s\n", id);
	return 0;
}

static const struct flag create_rows[] = {
	{ "all", 0, FLAG_BOOL, LATER("add the images of another list one by one"), .help = "Add all images of a list that is named" },
	{ "amend", 'a', FLAG_BOOL, AT(amend), .help = "Take a list that is there" },
	{ "annotation", 0, FLAG_ARRAY, AT(annotation), .help = "Set annotations of the list (key=value)" },
	INSECURE, TLS_VERIFY,
};
static const struct flag_group create_groups[] = { { create_rows, ARRAY_LEN(create_rows), 0 }, { 0 } };
const struct verb cmd_manifest_create_verb = {
	.about = "Makes a manifest list, with or without images. An image that is not in the store is pulled.",
	.groups = create_groups, .values_size = sizeof(struct list_values), .init = list_init, .libraries = true, .args = VERB_MIN, .arg_count = 1, .run = run_create,
};

/* --- add --- */

static int run_add(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct list_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(progress) progress = { 0 };
	char id[65];
	progress_init(&progress, false);
	const struct manifests_place place = place_of(v, &progress);
	const struct manifests_entry entry = entry_of(v);
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || manifests_add(engine, words[0], words + 1, &entry, &place, id, err) < 0)
		return -1;
	printf("%s\n", id);
	return 0;
}

static const struct flag add_rows[] = {
	{ "all", 0, FLAG_BOOL, LATER("add the images of another list one by one"), .help = "Add all images of a list that is named" },
	{ "annotation", 0, FLAG_ARRAY, AT(annotation), .meta = "annotation", .help = "Set annotations of the entry (key=value)" },
	{ "arch", 0, FLAG_STRING, AT(arch), .meta = "architecture", PLATFORM("architecture") },
	{ "artifact", 0, FLAG_BOOL, LATER(ARTIFACT), .help = "Add files as an artifact" },
	{ "artifact-config", 0, FLAG_STRING, LATER(ARTIFACT), .help = "File with the artifact's configuration" },
	{ "artifact-config-type", 0, FLAG_STRING, LATER(ARTIFACT), .help = "Type of the artifact's configuration" },
	{ "artifact-exclude-titles", 0, FLAG_BOOL, LATER(ARTIFACT), .help = "Leave out the names of the artifact's files" },
	{ "artifact-layer-type", 0, FLAG_STRING, LATER(ARTIFACT), .help = "Type of the artifact's files" },
	{ "artifact-subject", 0, FLAG_STRING, LATER(ARTIFACT), .help = "Image the artifact belongs to" },
	{ "artifact-type", 0, FLAG_STRING, LATER(ARTIFACT), .help = "Type of the artifact" },
	AUTHFILE, CERT_DIR, CREDS,
	{ "features", 0, FLAG_SLICE, LATER("OCI has no such member"), .meta = "features", .help = "Features the image wants of a processor" },
	INSECURE,
	{ "os", 0, FLAG_STRING, AT(os), .meta = "OS", PLATFORM("operating system") },
	{ "os-version", 0, FLAG_STRING, AT(os_version), .meta = "version", PLATFORM("version of the operating system") },
	TLS_VERIFY,
	{ "variant", 0, FLAG_STRING, AT(variant), .meta = "Variant", PLATFORM("variant of the architecture") },
};
static const struct flag_group add_groups[] = { { add_rows, ARRAY_LEN(add_rows), 0 }, { 0 } };
const struct verb cmd_manifest_add_verb = {
	.about = "Adds images to a manifest list. An image that is not in the store is pulled.",
	.groups = add_groups, .values_size = sizeof(struct list_values), .init = list_init, .libraries = true, .args = VERB_MIN, .arg_count = 2, .run = run_add,
};

/* --- annotate, remove --- */

static int run_annotate(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct list_values *v = values;
	const struct manifests_entry entry = entry_of(v);
	auto_ptr(engine) engine = NULL;
	size_t count = strv_len(words);
	char id[65];
	if (count < 1 || count > 2 || (count == 1) != v->index)
		return err_set(err, ERR_USAGE, v->index ? "--index is about the list: no image can be named" : "requires a list and an image of it, or --index");
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || manifests_annotate(engine, words[0], v->index ? NULL : words[1], &entry, id, err) < 0)
		return -1;
	printf("%s\n", id);
	return 0;
}

static const struct flag annotate_rows[] = {
	{ "annotation", 0, FLAG_ARRAY, AT(annotation), .meta = "annotation", .help = "Set annotations (key=value)" },
	{ "arch", 0, FLAG_STRING, AT(arch), .meta = "architecture", PLATFORM("architecture") },
	{ "features", 0, FLAG_SLICE, LATER("OCI has no such member"), .meta = "features", .help = "Features the image wants of a processor" },
	{ "index", 0, FLAG_BOOL, AT(index), .help = "Annotate the list, not an entry" },
	{ "os", 0, FLAG_STRING, AT(os), .meta = "OS", PLATFORM("operating system") },
	{ "os-features", 0, FLAG_SLICE, AT(os_features), .meta = "features", .help = "Features the image wants of an operating system" },
	{ "os-version", 0, FLAG_STRING, AT(os_version), .meta = "version", PLATFORM("version of the operating system") },
	{ "subject", 0, FLAG_STRING, LATER(ARTIFACT), .meta = "subject", .help = "Image the list belongs to" },
	{ "variant", 0, FLAG_STRING, AT(variant), .meta = "Variant", PLATFORM("variant of the architecture") },
};
static const struct flag_group annotate_groups[] = { { annotate_rows, ARRAY_LEN(annotate_rows), 0 }, { 0 } };
const struct verb cmd_manifest_annotate_verb = {
	.about = "Says something else of an image in a manifest list: by its name, or the digest that `manifest inspect` shows.",
	.groups = annotate_groups, .values_size = sizeof(struct list_values), .init = list_init, .run = run_annotate,
};

static int run_remove(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	char id[65];
	(void)values;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || manifests_remove_entry(engine, words[0], words[1], id, err) < 0)
		return -1;
	printf("%s\n", id);
	return 0;
}

static const struct flag_group no_groups[] = { { 0 } };
const struct verb cmd_manifest_remove_verb = {
	.about = "Takes an image out of a manifest list, by its digest.",
	.groups = no_groups, .args = VERB_EXACT, .arg_count = 2, .run = run_remove,
};

/* --- rm, exists --- */

static int run_rm(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct list_values *v = values;
	auto_ptr(engine) engine = NULL;
	int code = 0;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	for (char **word = words; *word; word++) {
		auto_strv lines = NULL;
		int rc = manifests_remove(engine, *word, &lines, err);
		for (char **line = lines; line && *line; line++)
			printf("%s\n", *line);
		if (rc >= 0)
			continue;
		bool missing = err_is(err, ERR_NOT_FOUND);
		int one = 0;
		if (missing && v->quiet) {
			err_clear(err);
			continue;
		}
		session_report(err, &one);
		code = code ? code : missing ? 1 : one; /* COMPAT */
	}
	return code;
}

static const struct flag rm_rows[] = {
	{ "ignore", 'i', FLAG_BOOL, AT(quiet), .help = "Do not fail for a list that is not there" },
};
static const struct flag_group rm_groups[] = { { rm_rows, ARRAY_LEN(rm_rows), 0 }, { 0 } };
const struct verb cmd_manifest_rm_verb = {
	.about = "Removes manifest lists; their images stay.",
	.groups = rm_groups, .values_size = sizeof(struct list_values), .args = VERB_MIN, .arg_count = 1, .run = run_rm,
};

static int run_exists(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	(void)values;
	if (session_open(cli, ENGINE_READ, &engine, err) < 0)
		return -1;
	int rc = manifests_exists(engine, words[0], err);
	return rc < 0 ? rc : !rc;
}

const struct verb cmd_manifest_exists_verb = {
	.about = "Ends with 0 when the manifest list exists, with 1 when it does not.",
	.groups = no_groups, .args = VERB_EXACT, .arg_count = 1, .run = run_exists,
};

/* --- inspect --- */

static int run_inspect(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct manifests_place place = place_of(values, NULL);
	auto_ptr(engine) engine = NULL;
	auto_free char *text = NULL;
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || manifests_inspect(engine, words[0], &place, &text, err) < 0)
		return -1;
	session_put(text);
	return 0;
}

static const struct flag inspect_rows[] = {
	AUTHFILE, INSECURE, TLS_VERIFY,
	{ "verbose", 'v', FLAG_BOOL, .bits = FLAG_HIDDEN | FLAG_NO_EFFECT, .help = "Docker's word, without effect here" },
};
static const struct flag_group inspect_groups[] = { { inspect_rows, ARRAY_LEN(inspect_rows), 0 }, { 0 } };
const struct verb cmd_manifest_inspect_verb = {
	.about = "Shows a manifest list, or the manifest that a registry has.",
	.groups = inspect_groups, .values_size = sizeof(struct list_values), .init = list_init, .libraries = true, .args = VERB_EXACT, .arg_count = 1, .run = run_inspect,
};

/* --- push --- */

static int run_push(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct list_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(progress) progress = { 0 };
	auto_strv lines = NULL;
	size_t count = strv_len(words);
	if (count < 1 || count > 2)
		return err_set(err, ERR_USAGE, "accepts between 1 and 2 arg(s), received %zu", count);
	progress_init(&progress, v->quiet);
	const struct images_push_opts opts = {
		.format = v->format, .compression = v->compression, .level = (int)v->level, .force = v->force, .also = v->also, .authfile = v->authfile, .creds = v->creds,
		.cert_dir = v->cert_dir, .digestfile = v->digestfile, .tls_verify = v->tls_verify && !v->insecure, .retries = 3, .progress = progress_images(&progress),
	};
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || manifests_push(engine, words[0], words[1], v->all, &opts, err) < 0)
		return -1;
	return v->rm || v->purge ? manifests_remove(engine, words[0], &lines, err) : 0;
}

static const struct flag push_rows[] = {
	{ "add-compression", 0, FLAG_SLICE, AT(also), .help = "Push the images once more, compressed so: gzip, zstd" },
	{ "all", 0, FLAG_BOOL, AT(all), .def = "true", .help = "Push the images of the list, too" },
	AUTHFILE, CERT_DIR,
	{ "compression-format", 0, FLAG_STRING, AT(compression), .help = "Compress layers so: gzip, zstd" },
	{ "compression-level", 0, FLAG_INT, AT(level), .help = "How hard to compress" },
	CREDS,
	{ "digestfile", 0, FLAG_STRING, AT(digestfile), .help = "Write the digest of what was pushed to the file" },
	{ "force-compression", 0, FLAG_BOOL, AT(force), .help = "Compress anew what the registry has in another way" },
	{ "format", 'f', FLAG_STRING, AT(format), .def = "is manifest type of source", .help = "Form of the manifests: oci, v2s2" },
	INSECURE,
	{ "purge", 'p', FLAG_BOOL, AT(purge), .bits = FLAG_HIDDEN, .help = "The same as --rm" },
	{ "quiet", 'q', FLAG_BOOL, AT(quiet), .help = "Print nothing about the work" },
	{ "remove-signatures", 0, FLAG_BOOL, .bits = FLAG_NO_EFFECT, .help = "Leave signatures out; none are sent in any case" },
	{ "rm", 0, FLAG_BOOL, AT(rm), .help = "Remove the list here when it is pushed" },
	{ "sign-by", 0, FLAG_STRING, LATER(SIGN), .help = "Sign with this GPG key" },
	{ "sign-by-sigstore", 0, FLAG_STRING, LATER(SIGN), .meta = "PATH", .help = "Sign as the file of parameters says" },
	{ "sign-by-sigstore-private-key", 0, FLAG_STRING, LATER(SIGN), .meta = "PATH", .help = "Sign with this sigstore key" },
	{ "sign-by-sq-fingerprint", 0, FLAG_STRING, LATER(SIGN), .meta = "FINGERPRINT", .help = "Sign with this Sequoia key" },
	{ "sign-passphrase-file", 0, FLAG_STRING, LATER(SIGN), .meta = "PATH", .help = "Read the passphrase of the key from the file" },
	TLS_VERIFY,
};
static const struct flag_group push_groups[] = { { push_rows, ARRAY_LEN(push_rows), 0 }, { 0 } };
const struct verb cmd_manifest_push_verb = {
	.about = "Pushes a manifest list and its images to a registry.",
	.groups = push_groups, .values_size = sizeof(struct list_values), .init = push_init, .libraries = true, .run = run_push,
};
