/* values_mount.c - -v, --mount and --tmpfs: see values.h
 *
 * The options are kept as Podman keeps them; what they do is decided in the engine.
 */
#include "options/values.h"

#include "base/num.h"
#include "base/path.h"
#include "options/flag.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

/* Words of one class exclude each other. */
struct option_word {
	const char *word;
	enum { CLASS_NONE, CLASS_RW, CLASS_EXEC, CLASS_DEV, CLASS_SUID, CLASS_LABEL, CLASS_SPREAD, CLASS_BIND, CLASS_COPY, CLASS_CHOWN, CLASS_COUNT } class;
	const char *not_yet;
};
static const struct option_word volume_words[] = {
	{ "rw", CLASS_RW }, { "ro", CLASS_RW },
	{ "exec", CLASS_EXEC }, { "noexec", CLASS_EXEC },
	{ "dev", CLASS_DEV }, { "nodev", CLASS_DEV },
	{ "suid", CLASS_SUID }, { "nosuid", CLASS_SUID },
	{ "z", CLASS_LABEL }, { "Z", CLASS_LABEL },
	{ "private", CLASS_SPREAD }, { "rprivate", CLASS_SPREAD }, { "slave", CLASS_SPREAD }, { "rslave", CLASS_SPREAD },
	{ "shared", CLASS_SPREAD }, { "rshared", CLASS_SPREAD }, { "unbindable", CLASS_SPREAD }, { "runbindable", CLASS_SPREAD },
	{ "bind", CLASS_BIND }, { "rbind", CLASS_BIND },
	{ "copy", CLASS_COPY }, { "nocopy", CLASS_COPY },
	{ "U", CLASS_CHOWN }, { "async", CLASS_NONE }, { "sync", CLASS_NONE }, { "noatime", CLASS_NONE },
	{ "O", CLASS_NONE, "overlay volumes are not done yet; mount it read-only with :ro" },
	{ "idmap", CLASS_NONE, "idmapped volumes are not done yet; change the owner with :U" },
};
static const char *const class_names[CLASS_COUNT] = {
	[CLASS_RW] = "'rw' or 'ro' option", [CLASS_EXEC] = "'noexec' or 'exec' option", [CLASS_DEV] = "'nodev' or 'dev' option",
	[CLASS_SUID] = "'nosuid' or 'suid' option", [CLASS_LABEL] = "'z', 'Z', or 'O' option",
	[CLASS_SPREAD] = "'[r]shared', '[r]private', '[r]slave' or '[r]unbindable' option",
	[CLASS_BIND] = "'[r]bind' option", [CLASS_COPY] = "'nocopy' or 'copy' option", [CLASS_CHOWN] = "'U' option",
};

static const struct option_word *find_word(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(volume_words); i++)
		if (strcmp(volume_words[i].word, text) == 0)
			return &volume_words[i];
	return NULL;
}

static int check_volume_options(char *const *options, struct err *err)
{
	unsigned seen[CLASS_COUNT] = { 0 };
	for (char *const *o = options; o && *o; o++) {
		const struct option_word *row = find_word(*o);
		if (!row && (str_starts(*o, "upperdir=") || str_starts(*o, "workdir=") || str_starts(*o, "idmap=")))
			return err_set(err, ERR_UNSUPPORTED, "volume option '%s' is not done yet: leave it out", *o);
		if (!row)
			return err_set(err, ERR_USAGE, "invalid option type \"%s\"", *o);
		if (row->not_yet)
			return err_set(err, ERR_UNSUPPORTED, "volume option '%s': %s", *o, row->not_yet);
		if (row->class != CLASS_NONE && ++seen[row->class] > 1) {
			auto_free char *all = strv_join(options, ", ");
			return err_set(err, ERR_USAGE, "invalid options \"%s\", can only specify 1 %s", all, class_names[row->class]);
		}
	}
	return 0;
}

static int check_target(const char *target, struct err *err)
{
	if (*target != '/')
		return err_set(err, ERR_USAGE, "invalid container path \"%s\", must be an absolute path", target);
	return 0;
}

/* A path of the caller: "./x" and "../x" stand below the current directory. */
static int absolute(const char *path, char **ret, struct err *err)
{
	char here[PATH_MAX];
	if (*path == '/') {
		*ret = path_clean_dup(path);
		return 0;
	}
	if (!getcwd(here, sizeof(here)))
		return err_sys(err, errno, "cannot tell the current directory for '%s'", path);
	auto_free char *joined = mem_printf("%s/%s", here, path);
	*ret = path_clean_dup(joined);
	return 0;
}

static bool is_path(const char *source)
{
	return *source == '/' || *source == '.';
}

static int add(struct ctr_def *def, const char *type, const char *source, const char *target, char *const *options, struct err *err)
{
	auto_free char *where = NULL;
	if (strcmp(type, "bind") == 0) {
		if (absolute(source, &where, err) < 0)
			return -1;
		if (access(where, F_OK) < 0)
			return err_sys(err, errno, "statfs %s", where); /* COMPAT */
	}
	struct ctr_mount *m = ctr_def_add_mount(def);
	m->type = mem_strdup(type);
	m->source = mem_strdup(where ? where : source);
	m->target = path_clean_dup(target);
	m->options = strv_dup(options);
	return 0;
}

int values_volume(struct ctr_def *def, const char *text, struct err *err)
{
	auto_strv parts = strv_split(text, ':');
	size_t count = strv_len(parts);
	if (count == 0 || count > 3)
		return err_set(err, ERR_USAGE, "%s: incorrect volume format, should be [host-dir:]ctr-dir[:option]", text);
	const char *source = count > 1 ? parts[0] : "", *target = parts[count > 1 ? 1 : 0];
	if (count > 1 && !*source)
		return err_set(err, ERR_USAGE, "host directory cannot be empty");
	if (!*target)
		return err_set(err, ERR_USAGE, "container directory cannot be empty");
	auto_strv options = count > 2 ? strv_split(parts[2], ',') : NULL;
	if (check_volume_options(options, err) < 0 || check_target(target, err) < 0)
		return -1;
	return add(def, is_path(source) ? "bind" : "volume", source, target, options, err);
}

int values_tmpfs(struct ctr_def *def, const char *text, struct err *err)
{
	const char *colon = strchr(text, ':');
	auto_free char *target = mem_strndup(text, colon ? (size_t)(colon - text) : strlen(text));
	if (check_target(target, err) < 0)
		return -1;
	auto_strv options = colon ? strv_split(colon + 1, ',') : NULL;
	static const char *const known[] = { "size=", "mode=", "uid=", "gid=", "nr_inodes=", "nr_blocks=", "tmpcopyup", "notmpcopyup",
					     "U", NULL };
	for (char **o = options; o && *o; o++) {
		bool ok = find_word(*o) && !find_word(*o)->not_yet;
		for (size_t i = 0; !ok && known[i]; i++)
			ok = str_ends(known[i], "=") ? str_starts(*o, known[i]) : strcmp(*o, known[i]) == 0;
		if (!ok)
			return err_set(err, ERR_USAGE, "unknown mount option \"%s\": invalid mount option", *o);
	}
	return add(def, "tmpfs", "tmpfs", target, options, err);
}

/* --- --mount --- */

enum mount_type { MOUNT_BIND = 1, MOUNT_VOLUME = 2, MOUNT_TMPFS = 4, MOUNT_OTHER = 8, MOUNT_ANY = 15 };

struct mount_request {
	char *source, *target;
	char **options;
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

static int take_source(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (!value || !*value)
		return err_set(err, ERR_USAGE, "host directory cannot be empty: %s: must have an argument for option", key);
	free(r->source);
	r->source = mem_strdup(value);
	return 0;
}

static int take_target(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (!value || !*value)
		return err_set(err, ERR_USAGE, "%s: must have an argument for option", key);
	if (check_target(value, err) < 0)
		return -1;
	free(r->target);
	r->target = mem_strdup(value);
	return 0;
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

static int take_plain(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (value)
		return err_set(err, ERR_USAGE, "%s: takes no value in --mount", key);
	strv_add(&r->options, key);
	return 0;
}

static int take_propagation(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	const struct option_word *row = value ? find_word(value) : NULL;
	if (!row || row->class != CLASS_SPREAD)
		return err_set(err, ERR_USAGE, "%s: '%s' is no propagation: private, slave, shared, unbindable, each also with r", key,
			       value ? value : "");
	strv_add(&r->options, value);
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

static int take_chown(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	(void)key;
	if (is_true(value))
		strv_add(&r->options, "U");
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

static int take_pair(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	if (!value)
		return err_set(err, ERR_USAGE, "%s: must have an argument for option", key);
	strv_addf(&r->options, "%s=%s", key, value);
	return 0;
}

static int take_ignored(struct mount_request *r, const char *key, const char *value, struct err *err)
{
	(void)r, (void)key, (void)value;
	return 0; /* COMPAT: consistency= matters on Docker's desktops only */
}

static const struct mount_key mount_keys[] = {
	{ "src", MOUNT_BIND | MOUNT_VOLUME, take_source },
	{ "source", MOUNT_BIND | MOUNT_VOLUME, take_source },
	{ "target", MOUNT_ANY, take_target },
	{ "dst", MOUNT_ANY, take_target },
	{ "destination", MOUNT_ANY, take_target },
	{ "ro", MOUNT_ANY, take_ro },
	{ "readonly", MOUNT_ANY, take_ro },
	{ "rw", MOUNT_ANY, take_rw },
	{ "nosuid", MOUNT_ANY, take_plain }, { "suid", MOUNT_ANY, take_plain },
	{ "nodev", MOUNT_ANY, take_plain }, { "dev", MOUNT_ANY, take_plain },
	{ "noexec", MOUNT_ANY, take_plain }, { "exec", MOUNT_ANY, take_plain },
	{ "private", MOUNT_ANY, take_plain }, { "rprivate", MOUNT_ANY, take_plain },
	{ "slave", MOUNT_ANY, take_plain }, { "rslave", MOUNT_ANY, take_plain },
	{ "shared", MOUNT_ANY, take_plain }, { "rshared", MOUNT_ANY, take_plain },
	{ "unbindable", MOUNT_ANY, take_plain }, { "runbindable", MOUNT_ANY, take_plain },
	{ "bind", MOUNT_BIND, take_plain }, { "rbind", MOUNT_BIND, take_plain },
	{ "z", MOUNT_BIND | MOUNT_VOLUME, take_plain }, { "Z", MOUNT_BIND | MOUNT_VOLUME, take_plain },
	{ "bind-propagation", MOUNT_BIND | MOUNT_VOLUME, take_propagation },
	{ "bind-nonrecursive", MOUNT_BIND, take_nonrecursive },
	{ "relabel", MOUNT_BIND | MOUNT_VOLUME, take_relabel },
	{ "U", MOUNT_ANY, take_chown },
	{ "chown", MOUNT_ANY, take_chown },
	{ "tmpfs-size", MOUNT_TMPFS, take_size },
	{ "size", MOUNT_TMPFS, take_size },
	{ "tmpfs-mode", MOUNT_TMPFS, take_mode },
	{ "mode", MOUNT_TMPFS | MOUNT_OTHER, take_mode },
	{ "tmpcopyup", MOUNT_TMPFS, take_plain },
	{ "notmpcopyup", MOUNT_TMPFS, take_plain },
	{ "uid", MOUNT_TMPFS | MOUNT_OTHER, take_pair },
	{ "gid", MOUNT_TMPFS | MOUNT_OTHER, take_pair },
	{ "max", MOUNT_OTHER, take_pair },
	{ "subpath", MOUNT_VOLUME, take_pair },
	{ "volume-subpath", MOUNT_VOLUME, take_pair },
	{ "nocopy", MOUNT_VOLUME, take_plain },
	{ "copy", MOUNT_VOLUME, take_plain },
	{ "consistency", MOUNT_ANY, take_ignored },
};

struct mount_type_row {
	const char *name;
	enum mount_type type;
	const char *source; /* what Podman writes there */
};
static const struct mount_type_row mount_types[] = {
	{ "bind", MOUNT_BIND, NULL },	   { "volume", MOUNT_VOLUME, NULL },  { "tmpfs", MOUNT_TMPFS, "tmpfs" },
	{ "devpts", MOUNT_OTHER, "devpts" }, { "ramfs", MOUNT_TMPFS, "ramfs" },
};

static int find_type(const char *name, const struct mount_type_row **ret, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(mount_types); i++) {
		if (strcmp(mount_types[i].name, name) == 0) {
			*ret = &mount_types[i];
			return 0;
		}
	}
	if (strcmp(name, "image") == 0 || strcmp(name, "glob") == 0 || strcmp(name, "artifact") == 0)
		return err_set(err, ERR_UNSUPPORTED, "--mount type=%s is not done yet: use type=bind or type=volume", name);
	return err_set(err, ERR_USAGE, "invalid filesystem type \"%s\"", name);
}

static int take_word(struct mount_request *r, const struct mount_type_row *type, char *word, struct err *err)
{
	char *value = strchr(word, '=');
	if (value)
		*value++ = 0;
	if (strcmp(word, "type") == 0 && value)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(mount_keys); i++) {
		const struct mount_key *row = &mount_keys[i];
		if (strcmp(row->key, word) != 0)
			continue;
		if (!(row->types & type->type))
			return err_set(err, ERR_USAGE, "\"%s\" option not supported for \"%s\" mount types", word, type->name);
		return row->take(r, word, value, err);
	}
	return err_set(err, ERR_USAGE, "%s: invalid mount option", word);
}

static void request_done(struct mount_request *r)
{
	free(r->source);
	free(r->target);
	strv_free(r->options);
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
	if (!r.target)
		return err_set(err, ERR_USAGE, "must set volume destination");
	if (r.one_level)
		strv_add(&r.options, "bind");
	const char *source = r.source ? r.source : type->source ? type->source : type->type == MOUNT_BIND ? r.target : "";
	return add(def, type->name, source, r.target, r.options, err);
}
