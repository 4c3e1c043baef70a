#include "engine/ctr_passwd.h"

#include "base/num.h"

#include <string.h>

struct word {
	const char *key, *value;
};

/* Those keys that stand in the template; anything else stays. */
static char *expand_dup(const char *template, const struct word *words, size_t count)
{
	auto_str out = { 0 };
	while (*template) {
		const struct word *found = NULL;
		for (size_t i = 0; i < count && *template == '$'; i++)
			if (str_starts(template + 1, words[i].key))
				found = &words[i];
		if (found) {
			str_add(&out, found->value);
			template += 1 + strlen(found->key);
		} else {
			str_add_char(&out, *template++);
		}
	}
	return str_take(&out);
}

/* The image says it, and a field ends with a colon, a line with its end. */
static const char *home_of(const struct ctr_def *def)
{
	const char *dir = def->workdir;
	for (const unsigned char *c = (const unsigned char *)dir; c && *c; c++)
		if (*c < ' ' || *c == ':' || *c == 127)
			return "/";
	return dir && *dir ? dir : "/";
}

struct files {
	struct str passwd, group; /* as they are, with what is added */
	size_t passwd_len, group_len; /* as they were */
};

static void files_done(struct files *f)
{
	str_done(&f->passwd);
	str_done(&f->group);
}
AUTO_VAL(files, files_done);

static int read_files(struct engine *engine, const struct ctr *ctr, struct files *f, struct err *err)
{
	auto_free char *passwd = NULL, *group = NULL;
	if (ctr_user_file(engine, ctr, "etc/passwd", &passwd, err) < 0 || ctr_user_file(engine, ctr, "etc/group", &group, err) < 0)
		return -1;
	str_add(&f->passwd, passwd);
	str_add(&f->group, group);
	f->passwd_len = f->passwd.len;
	f->group_len = f->group.len;
	return 0;
}

static void add_line(struct str *file, const char *line)
{
	str_addf(file, "%s%s\n", file->len && file->data[file->len - 1] != '\n' ? "\n" : "", line);
}

static void add_user(struct files *f, const struct ctr_def *def, const char *name, const char *about, uid_t uid, gid_t gid)
{
	auto_free char *number = mem_printf("%u", uid), *group = mem_printf("%u", gid);
	const struct word words[] = { { "USERNAME", name }, { "UID", number }, { "GID", group }, { "NAME", about }, { "HOME", home_of(def) } };
	const char *given = def->passwd_entry;
	auto_free char *line = expand_dup(given && *given ? given : "$USERNAME:*:$UID:$GID:$NAME:$HOME:/bin/sh", words, ARRAY_LEN(words));
	if (!ctr_user_has_uid(str_text(&f->passwd), uid))
		add_line(&f->passwd, line);
}

static void add_group(struct files *f, const struct ctr_def *def, const char *name, const char *members, gid_t gid)
{
	auto_free char *number = mem_printf("%u", gid);
	const struct word words[] = { { "GROUPNAME", name }, { "GID", number }, { "USERLIST", members } };
	const char *given = def->group_entry;
	auto_free char *line = expand_dup(given && *given ? given : "$GROUPNAME:x:$GID:$USERLIST", words, ARRAY_LEN(words));
	if (!ctr_user_has_gid(str_text(&f->group), gid))
		add_line(&f->group, line);
}

static void add_both(struct files *f, const struct ctr_def *def, const char *name, const char *about, uid_t uid, gid_t gid)
{
	auto_free char *number = mem_printf("%u", gid);
	add_user(f, def, name, about, uid, gid);
	/* a number's group is a number */
	add_group(f, def, *about ? number : name, name, gid);
}

static void keep(struct spec *spec, const char *path, const struct str *file, size_t old_len)
{
	if (file->len > old_len)
		strv_addf(&spec->appends, "%s=%s", path, file->data + old_len);
}

char *ctr_passwd_host_user_dup(const struct ctr_def *def)
{
	size_t len = def->user ? strcspn(def->user, ":") : 0;
	for (char **who = def->host_users; len && who && *who; who++) {
		auto_free char *line = userns_user_line_dup(*who);
		auto_strv fields = line ? strv_split(line, ':') : NULL;
		if (strv_len(fields) > 3 && strlen(fields[0]) == len && strncmp(fields[0], def->user, len) == 0)
			return def->user[len] ? mem_printf("%s%s", fields[2], def->user + len) : mem_printf("%s:%s", fields[2], fields[3]);
	}
	return NULL;
}

/* --hostuser: name, ids and comment as the host has them. */
static int add_host_users(struct files *f, const struct ctr_def *def, struct err *err)
{
	for (char **who = def->host_users; who && *who; who++) {
		auto_free char *line = userns_user_line_dup(*who);
		auto_strv fields = line ? strv_split(line, ':') : NULL;
		uint64_t uid, gid;
		if (strv_len(fields) < 5 || num_u64(fields[2], UINT32_MAX - 1, &uid) < 0 || num_u64(fields[3], UINT32_MAX - 1, &gid) < 0)
			return err_set(err, ERR_NOT_FOUND, "--hostuser %s: this host has no such user", *who);
		add_user(f, def, fields[0], fields[4], (uid_t)uid, (gid_t)gid);
	}
	return 0;
}

static bool is_caller(const struct ctr_idmap *map)
{
	return map->shifts && map->uid == userns_caller_uid() && map->gid == userns_caller_gid();
}

int ctr_passwd_add(struct engine *engine, const struct ctr *ctr, const struct ctr_idmap *map, struct ctr_user *user, struct spec *spec,
		   struct err *err)
{
	const struct ctr_def *def = &ctr->def;
	auto_val(files) f = { 0 };
	bool unknown = user->uid && !user->name;
	if (!def->passwd || (def->rootfs && *def->rootfs && !def->rootfs_overlay) || (!unknown && !map->uids && !def->host_users))
		return 0;
	if (read_files(engine, ctr, &f, err) < 0)
		return -1;
	auto_free char *caller = is_caller(map) ? userns_user_name_dup(map->uid) : NULL;
	if (caller)
		add_both(&f, def, caller, "", map->uid, map->gid);
	if (add_host_users(&f, def, err) < 0)
		return -1;
	if (unknown) {
		auto_free char *number = mem_printf("%u", user->uid);
		add_both(&f, def, number, "container user", user->uid, user->gid);
		free(user->home);
		user->home = mem_strdup(home_of(def));
	}
	keep(spec, "/etc/passwd", &f.passwd, f.passwd_len);
	keep(spec, "/etc/group", &f.group, f.group_len);
	return 0;
}
