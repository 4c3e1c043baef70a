/* values_volume.c - -v and --tmpfs; see values.h, values_mount.h
 *
 * The options are kept as Podman keeps them; what they do is decided in the engine.
 */
#include "options/values.h"
#include "options/values_mount.h"

#include "base/path.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* Words of one class exclude each other. */
enum word_class {
	CLASS_NONE, CLASS_RW, CLASS_EXEC, CLASS_DEV, CLASS_SUID, CLASS_LABEL, CLASS_SPREAD, CLASS_BIND, CLASS_COPY, CLASS_CHOWN, CLASS_IDMAP,
	CLASS_COPY_UP, CLASS_COUNT
};
enum { OF_VOLUME = 1, OF_TMPFS = 2, OF_BOTH = 3 };
struct option_word {
	const char *word; /* with '=' at its end: and a value */
	enum word_class class;
	unsigned of;
};
static const struct option_word words[] = {
	{ "rw", CLASS_RW, OF_BOTH }, { "ro", CLASS_RW, OF_BOTH },
	{ "exec", CLASS_EXEC, OF_BOTH }, { "noexec", CLASS_EXEC, OF_BOTH },
	{ "dev", CLASS_DEV, OF_BOTH }, { "nodev", CLASS_DEV, OF_BOTH },
	{ "suid", CLASS_SUID, OF_BOTH }, { "nosuid", CLASS_SUID, OF_BOTH },
	{ "z", CLASS_LABEL, OF_VOLUME }, { "Z", CLASS_LABEL, OF_VOLUME }, { "O", CLASS_LABEL, OF_VOLUME },
	{ "private", CLASS_SPREAD, OF_BOTH }, { "rprivate", CLASS_SPREAD, OF_BOTH }, { "slave", CLASS_SPREAD, OF_BOTH },
	{ "rslave", CLASS_SPREAD, OF_BOTH }, { "shared", CLASS_SPREAD, OF_BOTH }, { "rshared", CLASS_SPREAD, OF_BOTH },
	{ "unbindable", CLASS_SPREAD, OF_BOTH }, { "runbindable", CLASS_SPREAD, OF_BOTH },
	{ "bind", CLASS_BIND, OF_VOLUME }, { "rbind", CLASS_BIND, OF_VOLUME },
	{ "copy", CLASS_COPY, OF_BOTH }, { "nocopy", CLASS_COPY, OF_BOTH },
	{ "U", CLASS_CHOWN, OF_BOTH },
	{ "idmap", CLASS_IDMAP, OF_BOTH }, { "idmap=", CLASS_IDMAP, OF_VOLUME },
	{ "upperdir=", CLASS_NONE, OF_VOLUME }, { "workdir=", CLASS_NONE, OF_VOLUME },
	{ "no-dereference", CLASS_NONE, OF_VOLUME }, { "cached", CLASS_NONE, OF_VOLUME }, { "delegated", CLASS_NONE, OF_VOLUME },
	{ "tmpcopyup", CLASS_COPY_UP, OF_TMPFS }, { "notmpcopyup", CLASS_COPY_UP, OF_TMPFS },
	{ "noatime", CLASS_NONE, OF_TMPFS }, { "noswap", CLASS_NONE, OF_TMPFS }, { "size=", CLASS_NONE, OF_TMPFS }, { "mode=", CLASS_NONE, OF_TMPFS },
};
static const char *const class_names[CLASS_COUNT] = {
	[CLASS_RW] = "'rw' or 'ro' option", [CLASS_EXEC] = "'noexec' or 'exec' option", [CLASS_DEV] = "'nodev' or 'dev' option",
	[CLASS_SUID] = "'nosuid' or 'suid' option", [CLASS_LABEL] = "'z', 'Z', or 'O' option",
	[CLASS_SPREAD] = "'[r]shared', '[r]private', '[r]slave' or '[r]unbindable' option",
	[CLASS_BIND] = "'[r]bind' option", [CLASS_COPY] = "'nocopy' or 'copy' option", [CLASS_CHOWN] = "'U' option", [CLASS_IDMAP] = "'idmap' option",
	[CLASS_COPY_UP] = "'tmpcopyup' or 'notmpcopyup' option",
};

static const struct option_word *find_word(const char *text, unsigned of)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if ((words[i].of & of) && (str_ends(words[i].word, "=") ? str_starts(text, words[i].word) : strcmp(words[i].word, text) == 0))
			return &words[i];
	return NULL;
}

bool values_mount_is_propagation(const char *text)
{
	const struct option_word *row = find_word(text, OF_BOTH);
	return row && row->class == CLASS_SPREAD;
}

static int check_words(char *const *options, unsigned of, struct err *err)
{
	unsigned seen[CLASS_COUNT] = { 0 };
	for (char *const *o = options; o && *o; o++) {
		const struct option_word *row = find_word(*o, of);
		if (!row)
			return err_set(err, ERR_USAGE, of == OF_TMPFS ? "unknown mount option \"%s\": invalid mount option" : "invalid option type \"%s\"", *o);
		if (row->class != CLASS_NONE && ++seen[row->class] > 1) {
			auto_free char *all = strv_join(options, ", ");
			return err_set(err, ERR_USAGE, "invalid options \"%s\", can only specify 1 %s", all, class_names[row->class]);
		}
	}
	return 0;
}

/* What is below an overlay cannot be made otherwise by it. */
static int check_overlay(char *const *options, struct err *err)
{
	static const char *const allowed[] = { "O", "U", NULL };
	const char *upper = NULL, *work = NULL, *other = NULL;
	for (char *const *o = options; o && *o; o++) {
		upper = str_starts(*o, "upperdir=") ? *o : upper;
		work = str_starts(*o, "workdir=") ? *o : work;
		if (!str_starts(*o, "upperdir=") && !str_starts(*o, "workdir=") && str_index(allowed, *o) < 0)
			other = *o;
	}
	if (!strv_has(options, "O"))
		return upper || work ? err_set(err, ERR_USAGE, "unknown mount option \"%s\": invalid mount option", upper ? upper : work) : 0;
	if (other)
		return err_set(err, ERR_USAGE, "can't use 'O' with other options");
	if (!upper != !work)
		return err_set(err, ERR_USAGE, "must set both `upperdir` and `workdir`");
	if (upper && (strchr(upper, '=')[1] != '/' || strchr(work, '=')[1] != '/'))
		return err_set(err, ERR_USAGE, "%s,%s: both must be absolute paths", upper, work);
	return 0;
}

int values_mount_check(char *const *options, struct err *err)
{
	return check_words(options, OF_VOLUME, err) < 0 ? -1 : check_overlay(options, err);
}

int values_mount_check_tmpfs(char *const *options, struct err *err)
{
	return check_words(options, OF_TMPFS, err);
}

int values_mount_check_target(const char *target, struct err *err)
{
	if (*target != '/')
		return err_set(err, ERR_USAGE, "invalid container path \"%s\", must be an absolute path", target);
	return 0;
}

/* "./x" and "../x" stand below the current directory. */
int values_mount_absolute(const char *path, char **ret, struct err *err)
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

int values_mount_add(struct ctr_def *def, const char *type, const char *source, const char *target, char *const *options, struct err *err)
{
	auto_free char *where = NULL;
	if (strcmp(type, "bind") == 0) {
		if (values_mount_absolute(source, &where, err) < 0)
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
	if (values_mount_check(options, err) < 0 || values_mount_check_target(target, err) < 0)
		return -1;
	return values_mount_add(def, is_path(source) ? "bind" : "volume", source, target, options, err);
}

int values_tmpfs(struct ctr_def *def, const char *text, struct err *err)
{
	const char *colon = strchr(text, ':');
	auto_free char *target = mem_strndup(text, colon ? (size_t)(colon - text) : strlen(text));
	if (values_mount_check_target(target, err) < 0)
		return -1;
	auto_strv options = NULL;
	if (colon && !colon[1])
		strv_add(&options, "");
	else if (colon)
		options = strv_split(colon + 1, ',');
	return values_mount_check_tmpfs(options, err) < 0 ? -1 : values_mount_add(def, "tmpfs", "tmpfs", target, options, err);
}
