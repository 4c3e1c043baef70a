#include "storage/skeleton.h"

#include "base/file.h"
#include "storage/store_priv.h"

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

static int make_variant(int dir_fd, bool network)
{
	auto_close int fd = -EBADF;
	int rc = file_mkdir(dir_fd, variants[network], 0755);
	if (rc >= 0)
		rc = file_open_dir(dir_fd, variants[network], &fd);
	for (size_t i = 0; rc >= 0 && i < ARRAY_LEN(places); i++)
		rc = places[i].is_file ? file_create(fd, places[i].path, 0644, "", 0, 0) : file_mkdir(fd, places[i].path, 0755);
	if (rc >= 0 && network)
		rc = file_create(fd, "etc/resolv.conf", 0644, "", 0, 0);
	return rc;
}

static int make(struct store *store, struct err *err)
{
	struct store_stage stage = { .dir_fd = -EBADF };
	if (store_stage(store, &stage, err) < 0)
		return -1;
	int rc = make_variant(stage.dir_fd, false);
	if (rc >= 0)
		rc = make_variant(stage.dir_fd, true);
	if (rc >= 0)
		rc = store_stage_rename(store, &stage, "skeleton");
	store_stage_done(store, &stage);
	return rc < 0 && rc != -EEXIST ? err_sys(err, -rc, "cannot make '%s/skeleton'", store->graphroot) : 0;
}

int skeleton_path(struct store *store, bool network, char **ret, struct err *err)
{
	if (faccessat(store->graph_fd, "skeleton", F_OK, 0) < 0 && make(store, err) < 0)
		return -1;
	*ret = mem_printf("%s/skeleton/%s", store->graphroot, variants[network]);
	return 0;
}
