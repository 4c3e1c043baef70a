#include "engine/ctr_user.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"
#include "storage/layer.h"
#include "storage/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

void ctr_user_done(struct ctr_user *user)
{
	free(user->groups);
	free(user->home);
	free(user->name);
	*user = (struct ctr_user){ 0 };
}

/* 1: *ret_text is it. 0: look in the layer below. -1: there is none (hidden here). */
static int file_of_layer(int layer_fd, const char *path, char **ret_text)
{
	int fd;
	int rc = path_open(layer_fd, path, PATH_IN_ROOT, O_RDONLY | O_NONBLOCK, 0, &fd);
	if (rc < 0)
		return 0;
	struct stat st;
	size_t len;
	int found = -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		found = file_read_fd(fd, LIMIT_ETC_FILE_BYTES, ret_text, &len) < 0 ? -1 : 1;
	fd_close(fd); /* a character device 0:0 is a whiteout: open fails with ENXIO or finds no regular file */
	return found;
}

static bool hides_below(int layer_fd, const char *path)
{
	struct stat st;
	auto_close int parent_fd = -EBADF;
	char last[256];
	if (path_open_parent(layer_fd, path, PATH_IN_ROOT, &parent_fd, last) < 0)
		return false;
	/* a whiteout, and whatever else has the name but is no file that can be read */
	if (fstatat(parent_fd, last, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return true;
	char opaque[2];
	struct fd_path dir = fd_proc_path(parent_fd);
	return (getxattr(dir.text, "trusted.overlay.opaque", opaque, 1) == 1 && opaque[0] == 'y') ||
	       (getxattr(dir.text, "user.overlay.opaque", opaque, 1) == 1 && opaque[0] == 'y');
}

static int open_layer(struct engine *engine, const char *diff_id, int *ret_fd, struct err *err)
{
	auto_free char *diff = NULL;
	if (layer_path(engine->store, diff_id, &diff, err) < 0)
		return -1;
	int fd = open(diff, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, errno, "cannot open layer '%s'", diff);
	*ret_fd = fd;
	return 0;
}

/* 1 it is here, -1 whatever is below cannot be seen. Takes fd. */
static int look_in(int fd, const char *path, char **ret_text)
{
	int found = fd >= 0 ? file_of_layer(fd, path, ret_text) : 0;
	if (!found && fd >= 0 && hides_below(fd, path))
		found = -1;
	fd_close(fd);
	return found;
}

int ctr_user_file(struct engine *engine, const struct ctr *ctr, const char *path, char **ret_text, struct err *err)
{
	char *text = NULL;
	int found = 0, fd;
	bool rootfs = ctr->def.rootfs && *ctr->def.rootfs;
	if (!rootfs || ctr->def.rootfs_overlay) {
		auto_free char *upper = mem_printf("%s/upper", ctr->id);
		fd = openat(store_kind_fd(engine->store, STORE_CONTAINER), upper, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		found = look_in(fd, path, &text);
	}
	if (rootfs && !found)
		found = look_in(open(ctr->def.rootfs, O_RDONLY | O_DIRECTORY | O_CLOEXEC), path, &text);
	for (size_t i = strv_len(ctr->def.layers); !found && i-- > 0;) {
		if (open_layer(engine, ctr->def.layers[i], &fd, err) < 0)
			return -1;
		found = look_in(fd, path, &text);
	}
	*ret_text = found == 1 ? text : mem_strdup("");
	return 0;
}

/* One line of a colon-separated file, its fields cut in place. False at the end. A line that is too short is skipped. */
static bool next_entry(char **cursor, char **fields, size_t want)
{
	while (**cursor) {
		char *line = *cursor, *end = strchrnul(line, '\n');
		*cursor = *end ? end + 1 : end;
		*end = 0;
		size_t count = 0;
		for (char *at = line; at && count < want; count++) {
			fields[count] = at;
			at = strchr(at, ':');
			if (at)
				*at++ = 0;
		}
		if (count == want)
			return true;
	}
	return false;
}

static bool parse_id(const char *text, uint32_t *ret)
{
	uint64_t value;
	/* SPEC passwd(5): ids are decimal; 2^32-1 means "no change" to the kernel and is nobody's id */
	if (num_u64(text, UINT32_MAX - 1, &value) < 0)
		return false;
	*ret = (uint32_t)value;
	return true;
}

static bool all_digits(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

enum { PASSWD_FIELDS = 6, GROUP_FIELDS = 4 };

static void find_user(const char *passwd, const char *word, struct ctr_user *user, bool *ret_found)
{
	auto_free char *copy = mem_strdup(passwd);
	char *cursor = copy, *f[PASSWD_FIELDS];
	uint32_t wanted, uid, gid;
	bool digits = all_digits(word), numeric = parse_id(word, &wanted);
	*ret_found = false;
	while (next_entry(&cursor, f, PASSWD_FIELDS)) {
		if (!parse_id(f[2], &uid) || !parse_id(f[3], &gid))
			continue;
		/* COMPAT, but for names of digits: those are numbers, or an image could say who a number is (CVE-2024-40635) */
		if (digits ? !(numeric && uid == wanted) : strcmp(f[0], word) != 0)
			continue;
		user->uid = uid;
		user->gid = gid;
		char *end = strchr(f[5], ':');
		if (end)
			*end = 0;
		user->home = *f[5] ? mem_strdup(f[5]) : NULL;
		user->name = mem_strdup(f[0]);
		*ret_found = true;
		return;
	}
	if (numeric)
		user->uid = wanted;
}

static bool find_group(const char *group, const char *word, gid_t *ret)
{
	auto_free char *copy = mem_strdup(group);
	char *cursor = copy, *f[GROUP_FIELDS];
	uint32_t gid;
	while (!all_digits(word) && next_entry(&cursor, f, GROUP_FIELDS)) {
		if (strcmp(f[0], word) == 0 && parse_id(f[2], &gid)) {
			*ret = gid;
			return true;
		}
	}
	if (!parse_id(word, &gid))
		return false;
	*ret = gid;
	return true;
}

static bool has_id(const char *text, size_t fields, uint32_t id)
{
	auto_free char *copy = mem_strdup(text);
	char *cursor = copy, *f[PASSWD_FIELDS];
	uint32_t one;
	while (next_entry(&cursor, f, fields))
		if (parse_id(f[2], &one) && one == id)
			return true;
	return false;
}

bool ctr_user_has_uid(const char *passwd, uid_t uid)
{
	return has_id(passwd, PASSWD_FIELDS, uid);
}

bool ctr_user_has_gid(const char *group, gid_t gid)
{
	return has_id(group, GROUP_FIELDS, gid);
}

void ctr_user_add_group(struct ctr_user *user, gid_t gid)
{
	for (size_t i = 0; i < user->group_count; i++)
		if (user->groups[i] == gid)
			return;
	user->groups = mem_resize(user->groups, user->group_count + 1, sizeof(gid_t));
	user->groups[user->group_count++] = gid;
}

static void add_memberships(const char *group, struct ctr_user *user)
{
	if (!user->name)
		return;
	auto_free char *copy = mem_strdup(group);
	char *cursor = copy, *f[GROUP_FIELDS];
	uint32_t gid;
	while (next_entry(&cursor, f, GROUP_FIELDS)) {
		if (!parse_id(f[2], &gid))
			continue;
		auto_strv members = strv_split(f[3], ',');
		if (strv_has(members, user->name))
			ctr_user_add_group(user, gid);
	}
}

static int resolve(const char *passwd, const char *group, const char *words, char *const *group_add, struct ctr_user *ret, struct err *err)
{
	auto_val(ctr_user) user = { 0 };
	auto_free char *name = mem_strdup(words && *words ? words : "0");
	char *colon = strchr(name, ':');
	if (colon)
		*colon++ = 0;
	if (!*name || (colon && (!*colon || strchr(colon, ':'))))
		return err_set(err, ERR_USAGE, "invalid user '%s': expected user, user:group, uid or uid:gid", words);
	bool found;
	uint32_t number;
	find_user(passwd, name, &user, &found);
	if (!found && !parse_id(name, &number))
		/* COMPAT: crun's and Podman's sentence */
		return err_set(err, ERR_NOT_FOUND, "unable to find user %s: no matching entries in passwd file", name);
	if (colon && !find_group(group, colon, &user.gid))
		return err_set(err, ERR_NOT_FOUND, "unable to find group %s: no matching entries in group file", colon);
	if (words && *words) /* COMPAT: nobody asked for root's group when nobody said who */
		ctr_user_add_group(&user, user.gid);
	if (!colon)
		add_memberships(group, &user);
	for (; group_add && *group_add; group_add++) {
		gid_t gid;
		if (strcmp(*group_add, "keep-groups") == 0)
			continue;
		if (!find_group(group, *group_add, &gid))
			return err_set(err, ERR_NOT_FOUND, "unable to find group %s: no matching entries in group file", *group_add);
		ctr_user_add_group(&user, gid);
	}
	if (!user.home)
		user.home = mem_strdup("/");
	*ret = user;
	user = (struct ctr_user){ 0 };
	return 0;
}

int ctr_user_resolve(struct engine *engine, const struct ctr *ctr, const char *words, char *const *group_add, struct ctr_user *ret,
		     struct err *err)
{
	auto_free char *passwd = NULL, *group = NULL;
	if (ctr_user_file(engine, ctr, "etc/passwd", &passwd, err) < 0 || ctr_user_file(engine, ctr, "etc/group", &group, err) < 0)
		return -1;
	return resolve(passwd, group, words, group_add, ret, err);
}

static char *text_at_dup(int root_fd, const char *path)
{
	char *text = NULL;
	return file_of_layer(root_fd, path, &text) == 1 ? text : mem_strdup("");
}

int ctr_user_resolve_at(int root_fd, const char *words, char *const *group_add, struct ctr_user *ret, struct err *err)
{
	auto_free char *passwd = text_at_dup(root_fd, "etc/passwd");
	auto_free char *group = text_at_dup(root_fd, "etc/group");
	return resolve(passwd, group, words, group_add, ret, err);
}
