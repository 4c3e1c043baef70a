/* values_mount.c - --mount: see values.h, values_mount.h */
#include "options/values_mount.h"

#include "base/num.h"
#include "base/path.h"
#include "options/flag.h"
#include "options/values.h"

enum mount_type {
	MOUNT_BIND = 1, MOUNT_VOLUME = 2, MOUNT_TMPFS = 4, MOUNT_DEVPTS = 8, MOUNT_RAMFS = 16, MOUNT_IMAGE = 32, MOUNT_GLOB = 64,
	MOUNT_ARTIFACT = 128,
	MOUNT_FILES = MOUNT_BIND | MOUNT_GLOB | MOUNT_VOLUME | MOUNT_RAMFS, /* of some other place */
	MOUNT_PLAIN = MOUNT_FILES | MOUNT_TMPFS,
	MOUNT_ANY = 255,
};

struct mount_request {
	char *source, *target;
	char **options, **volume_options;
	bool one_level; /* bind-nonrecursive */
};

struct mount_key {
	const char *key;
	unsigned types; /* where it is allowed */
	int (*take)(struct mount_request *r, const char *key, const char *value, struct err *err); /* value NULL: none */
};

static bool is_true(const char *value)
{
	return !value || strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

static int take_once(char **field, const char *key, const char *value, struct err *err)
{
	if (*field)
		return err_set(err, ERR_USAGE, "cannot pass \"%s\" option more than once: must provide an argument for option", key);
	*field = mem_strdup(value);
	return 0;
}

static int take_source(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (!value || !*value)
		return err_set(err, ERR_USAGE, "host directory cannot be empty: %s: must have an argument for option", key);
	return take_once(&r->source, key, value, err);
}

static int take_target(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (!value || !*value)
		return err_set(err, ERR_USAGE, "%s: must have an argument for option", key);
	return values_mount_check_target(value, err) < 0 ? -1 : take_once(&r->target, key, value, err);
}

static int take_plain(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (!is_true(value))
		return err_set(err, ERR_USAGE, "%s: takes no value in --mount", key);
	strv_add(&r->options, key);
	return 0;
}

static int take_propagation(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (!value || !values_mount_is_propagation(value))
		return err_set(err, ERR_USAGE, "%s: '%s' is no propagation: private, slave, shared, unbindable, each also with r", key,
			       value ? value : "");
	strv_add(&r->options, value);
	return 0;
}

static int take_bool(const char *key, const char *value, bool *ret, struct err *err)
{
	static const char *const yes[] = { "1", "t", "T", "true", "TRUE", "True", NULL }, *const no[] = { "0", "f", "F", "false", "FALSE", "False", NULL };
	*ret = value && str_index(yes, value) >= 0;
	if (!*ret && (!value || str_index(no, value) < 0))
		return err_set(err, ERR_USAGE, "invalid %s value \"%s\": invalid mount option", key, value ? value : "");
	return 0;
}

static int take_chown(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	bool on;
	if (take_bool(key, value ? value : "true", &on, err) < 0)
		return -1;
	if (on)
		strv_add(&r->options, "U");
	return 0;
}

static int take_image_rw(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	bool on;
	if (take_bool(key, value, &on, err) < 0)
		return -1;
	if (on)
		strv_add(&r->options, "rw");
	return 0;
}

static int take_idmap(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	(void)err;
	if (value)
		strv_addf(&r->options, "%s=%s", key, value);
	else
		strv_add(&r->options, key);
	return 0;
}

static int take_number(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	uint64_t number;
	if (!value || num_u64(value, UINT32_MAX, &number) < 0)
		return err_set(err, ERR_USAGE, "%s: '%s' is not a number", key, value ? value : "");
	strv_addf(&r->options, "%s=%s", key, value);
	return 0;
}

static int take_subpath(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (!value)
		return err_set(err, ERR_USAGE, "%s: must provide an argument for option", key);
	strv_addf(&r->options, "subpath=%s", value);
	return 0;
}

/* COMPAT: a part of an image is named from its root */
static int take_image_subpath(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (!value || *value != '/')
		return err_set(err, ERR_USAGE, "volume subpath \"%s\" must be an absolute path", value ? value : "");
	return take_subpath(r, key, value, err);
}

static int take_ro(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	(void)key;
	strv_add(&r->options, is_true(value) ? "ro" : "rw");
	return 0;
}

static int take_rw(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	(void)key;
	strv_add(&r->options, is_true(value) ? "rw" : "ro");
	return 0;
}

static int take_relabel(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (!value || (strcmp(value, "shared") != 0 && strcmp(value, "private") != 0))
		return err_set(err, ERR_USAGE, "%s: '%s' is neither 'shared' nor 'private'", key, value ? value : "");
	strv_add(&r->options, *value == 's' ? "z" : "Z");
	return 0;
}

static int take_nonrecursive(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	(void)key;
	r->one_level = is_true(value);
	return 0;
}

static int take_size(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	int64_t bytes;
	if (!value || num_size(value, &bytes) < 0)
		return err_set(err, ERR_USAGE, "%s: '%s' is not a size", key, value ? value : "");
	strv_addf(&r->options, "size=%s", value);
	return 0;
}

static int take_mode(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	uint32_t mode;
	if (!value || num_octal(value, 07777, &mode) < 0)
		return err_set(err, ERR_USAGE, "%s: '%s' is not an octal mode", key, value ? value : "");
	strv_addf(&r->options, "mode=%s", value);
	return 0;
}

/* Looked at where a volume is made of it. */
static int take_volume_option(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	(void)key, (void)err;
	strv_add(&r->volume_options, value ? value : "");
	return 0;
}

/* COMPAT: an empty one is none */
static int take_artifact_word(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (!value)
		return err_set(err, ERR_USAGE, "%s: must provide an argument for option", key);
	if (*value)
		strv_env_set(&r->options, key, value);
	return 0;
}

/* It is a file's, directly below the target. */
static int take_artifact_name(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (value && (strchr(value, '/') || strcmp(value, ".") == 0 || strcmp(value, "..") == 0))
		return err_set(err, ERR_USAGE, "%s: \"%s\" is no name of a file", key, value);
	return take_artifact_word(r, key, value, err);
}

static int take_ignored(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	(void)r, (void)key, (void)value;
	return 0; /* COMPAT: consistency= matters on Docker's desktops only */
}

static const struct mount_key mount_keys[] = {
	{ "src", MOUNT_FILES | MOUNT_IMAGE | MOUNT_ARTIFACT, take_source },
	{ "source", MOUNT_FILES | MOUNT_IMAGE | MOUNT_ARTIFACT, take_source },
	{ "target", MOUNT_ANY, take_target },
	{ "dst", MOUNT_ANY, take_target },
	{ "dest", MOUNT_ANY, take_target },
	{ "destination", MOUNT_ANY, take_target },
	{ "ro", MOUNT_PLAIN, take_ro },
	{ "readonly", MOUNT_PLAIN, take_ro },
	{ "rw", MOUNT_PLAIN, take_rw },
	{ "rw", MOUNT_IMAGE, take_image_rw },
	{ "readwrite", MOUNT_IMAGE, take_image_rw },
	{ "nosuid", MOUNT_PLAIN, take_plain }, { "suid", MOUNT_PLAIN, take_plain },
	{ "nodev", MOUNT_PLAIN, take_plain }, { "dev", MOUNT_PLAIN, take_plain },
	{ "noexec", MOUNT_PLAIN, take_plain }, { "exec", MOUNT_PLAIN, take_plain },
	{ "private", MOUNT_PLAIN, take_plain }, { "rprivate", MOUNT_PLAIN, take_plain },
	{ "slave", MOUNT_PLAIN, take_plain }, { "rslave", MOUNT_PLAIN, take_plain },
	{ "shared", MOUNT_PLAIN, take_plain }, { "rshared", MOUNT_PLAIN, take_plain },
	{ "unbindable", MOUNT_PLAIN, take_plain }, { "runbindable", MOUNT_PLAIN, take_plain },
	{ "z", MOUNT_FILES, take_plain }, { "Z", MOUNT_FILES, take_plain },
	{ "bind-propagation", MOUNT_BIND, take_propagation },
	{ "bind-nonrecursive", MOUNT_BIND, take_nonrecursive },
	{ "relabel", MOUNT_FILES, take_relabel },
	{ "U", MOUNT_BIND | MOUNT_GLOB | MOUNT_VOLUME | MOUNT_TMPFS, take_chown },
	{ "chown", MOUNT_BIND | MOUNT_GLOB | MOUNT_VOLUME | MOUNT_TMPFS, take_chown },
	{ "idmap", MOUNT_BIND | MOUNT_GLOB | MOUNT_VOLUME, take_idmap },
	{ "no-dereference", MOUNT_FILES, take_plain },
	{ "tmpfs-size", MOUNT_TMPFS, take_size },
	{ "tmpfs-mode", MOUNT_TMPFS, take_mode },
	{ "tmpcopyup", MOUNT_TMPFS, take_plain },
	{ "notmpcopyup", MOUNT_TMPFS, take_plain },
	{ "noswap", MOUNT_TMPFS, take_plain },
	{ "uid", MOUNT_DEVPTS, take_number },
	{ "gid", MOUNT_DEVPTS, take_number },
	{ "mode", MOUNT_DEVPTS, take_mode },
	{ "max", MOUNT_DEVPTS, take_number },
	{ "subpath", MOUNT_VOLUME, take_subpath },
	{ "subpath", MOUNT_IMAGE, take_image_subpath },
	{ "volume-subpath", MOUNT_VOLUME, take_subpath },
	{ "volume-opt", MOUNT_VOLUME, take_volume_option },
	{ "digest", MOUNT_ARTIFACT, take_artifact_word },
	{ "title", MOUNT_ARTIFACT, take_artifact_word },
	{ "name", MOUNT_ARTIFACT, take_artifact_name },
	{ "consistency", MOUNT_PLAIN, take_ignored },
};

struct mount_type_row {
	const char *name;
	enum mount_type type;
	const char *source; /* what Podman writes there */
};
static const struct mount_type_row mount_types[] = {
	{ "bind", MOUNT_BIND, NULL },	     { "volume", MOUNT_VOLUME, NULL },	  { "tmpfs", MOUNT_TMPFS, "tmpfs" }, { "devpts", MOUNT_DEVPTS, "devpts" },
	{ "ramfs", MOUNT_RAMFS, "ramfs" }, { "image", MOUNT_IMAGE, NULL }, { "glob", MOUNT_GLOB, NULL },
	{ "artifact", MOUNT_ARTIFACT, NULL },
};

static int find_type(const char *name, const struct mount_type_row **ret, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(mount_types); i++) {
		if (strcmp(mount_types[i].name, name) == 0) {
			*ret = &mount_types[i];
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "invalid filesystem type \"%s\"", name);
}

static int take_word(struct mount_request *r, const struct mount_type_row *type, char *word, struct err *err)
{
	bool known = false;
	char *value = strchr(word, '=');
	if (value)
		*value++ = 0;
	if (strcmp(word, "type") == 0 && value)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(mount_keys); i++) {
		const struct mount_key *row = &mount_keys[i];
		bool same = strcmp(row->key, word) == 0;
		known |= same;
		if (same && (row->types & type->type))
			return row->take(r, word, value, err);
	}
	return known ? err_set(err, ERR_USAGE, "\"%s\" option not supported for \"%s\" mount types", word, type->name) :
		       err_set(err, ERR_USAGE, "%s: invalid mount option", word);
}

/* The words that exclude each other. A part, and what devpts takes, have been looked at. */
static int check_options(const struct mount_type_row *type, char *const *options, struct err *err)
{
	auto_strv left = NULL;
	for (char *const *o = options; o && *o; o++)
		if (!str_starts(*o, "subpath="))
			strv_add(&left, *o);
	if (type->type == MOUNT_ARTIFACT && strv_env_get(options, "digest") && strv_env_get(options, "title"))
		return err_set(err, ERR_USAGE, "cannot specify both digest and title");
	if (type->type == MOUNT_DEVPTS || type->type == MOUNT_ARTIFACT)
		return 0;
	return type->type == MOUNT_TMPFS ? values_mount_check_tmpfs(left, err) : values_mount_check(left, err);
}

static void request_done(struct mount_request *r)
{
	free(r->source);
	free(r->target);
	strv_free(r->options);
	strv_free(r->volume_options);
}

/* Every path that matches, in the directory target, or where it is on the host. */
static int add_glob(struct ctr_def *def, const struct mount_request *r, struct err *err)
{
	auto_free char *pattern = NULL;
	auto_strv paths = NULL;
	if (!r->source)
		return err_set(err, ERR_USAGE, "no file paths matching glob \"\"");
	if (values_mount_absolute(r->source, &pattern, err) < 0 || values_glob(pattern, &paths, err) < 0)
		return -1;
	if (!paths)
		return err_set(err, ERR_USAGE, "no file paths matching glob \"%s\"", r->source);
	for (char **path = paths; *path; path++) {
		auto_free char *target = r->target ? path_join_dup(r->target, path_base(*path)) : mem_strdup(*path);
		if (values_mount_add(def, "bind", *path, target, r->options, err) < 0)
			return -1;
	}
	return 0;
}

static int add_request(struct ctr_def *def, const struct mount_type_row *type, struct mount_request *r, struct err *err)
{
	if (r->one_level)
		strv_add(&r->options, "bind");
	if (type->type == MOUNT_GLOB)
		return add_glob(def, r, err);
	if (type->type == MOUNT_IMAGE && (!r->source || !r->target))
		return err_set(err, ERR_USAGE, "must set source and destination for image volume");
	if (type->type == MOUNT_ARTIFACT && (!r->source || !r->target))
		return err_set(err, ERR_USAGE, "must set source and destination for artifact volume");
	if (!r->target)
		return err_set(err, ERR_USAGE, "must set volume destination");
	const char *source = type->source ? type->source : r->source ? r->source : type->type == MOUNT_BIND ? r->target : "";
	if (values_mount_add(def, type->name, source, r->target, r->options, err) < 0)
		return -1;
	def->mounts[def->mount_count - 1].volume_options = take_ptr(r->volume_options);
	return 0;
}

int values_mount(struct ctr_def *def, const char *text, struct err *err)
{
	auto_strv words = NULL;
	if (flag_split_csv(text, &words, err) < 0)
		return err_wrap(err, "--mount '%s'", text);
	if (!words)
		return err_set(err, ERR_USAGE, "incorrect mount format: should be --mount type=<bind|glob|tmpfs|volume>,[src=<host-dir|volume-name>,]target=<ctr-dir>[,options]");
	const char *type_name = "volume"; /* COMPAT */
	for (char **w = words; *w; w++)
		if (str_starts(*w, "type="))
			type_name = *w + 5;
	const struct mount_type_row *type;
	if (find_type(type_name, &type, err) < 0)
		return -1;
	__attribute__((cleanup(request_done))) struct mount_request r = { 0 };
	for (char **w = words; *w; w++)
		if (take_word(&r, type, *w, err) < 0)
			return -1;
	return check_options(type, r.options, err) < 0 ? -1 : add_request(def, type, &r, err);
}
