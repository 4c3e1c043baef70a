#include "storage/skeleton.h"

#include "base/file.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <unistd.h>

struct place {
	const char *path;
	bool is_file;
};

/* Directories before what they hold. */
static const struct place places[] = {
	{ "dev" },
	{ "etc" },
	{ "etc/hostname", .is_file = true },
	{ "etc/hosts", .is_file = true },
	{ "proc" },
	{ "run" },
	{ "run/.containerenv", .is_file = true },
	{ "sys" },
};
static const char *const variants[] = { "none", "net" };

static int make_place(int fd, const struct place *place, uid_t uid, gid_t gid)
{
	int rc = place->is_file ? file_create(fd, place->path, 0644, "", 0, 0) : file_mkdir(fd, place->path, 0755);
	return rc < 0 ? rc : fchownat(fd, place->path, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int make_variant(int dir_fd, bool network, uid_t uid, gid_t gid)
{
	static const struct place resolv = { "etc/resolv.conf", .is_file = true };
	auto_close int fd = -EBADF;
	int rc = file_mkdir(dir_fd, variants[network], 0755);
	if (rc >= 0)
		rc = file_open_dir(dir_fd, variants[network], &fd);
	if (rc >= 0 && fchown(fd, uid, gid) < 0)
		rc = -errno;
	for (size_t i = 0; rc >= 0 && i < ARRAY_LEN(places); i++)
		rc = make_place(fd, &places[i], uid, gid);
	return rc >= 0 && network ? make_place(fd, &resolv, uid, gid) : rc;
}

static int make(struct store *store, const char *name, const struct shift *shift, struct err *err)
{
	struct store_stage stage = { .dir_fd = -EBADF };
	/* -1: stays */
	uid_t uid = shift ? userns_map_id(shift->uids, 0, true) : (uid_t)-1;
	gid_t gid = shift ? userns_map_id(shift->gids, 0, true) : (gid_t)-1;
	if (store_stage(store, &stage, err) < 0)
		return -1;
	int rc = make_variant(stage.dir_fd, false, uid, gid);
	if (rc >= 0)
		rc = make_variant(stage.dir_fd, true, uid, gid);
	if (rc >= 0)
		rc = store_stage_rename(store, &stage, name);
	store_stage_done(store, &stage);
	return rc < 0 && rc != -EEXIST ? err_sys(err, -rc, "cannot make '%s/%s'", store->graphroot, name) : 0;
}

int skeleton_path(struct store *store, bool network, const struct shift *shift, char **ret, struct err *err)
{
	auto_free char *word = NULL;
	if (shift && shift_word(shift, &word, err) < 0)
		return -1;
	auto_free char *name = word ? mem_printf("skeleton-%s", word) : mem_strdup("skeleton");
	if (faccessat(store->graph_fd, name, F_OK, 0) < 0 && make(store, name, shift, err) < 0)
		return -1;
	*ret = mem_printf("%s/%s/%s", store->graphroot, name, variants[network]);
	return 0;
}
