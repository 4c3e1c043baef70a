#include "engine/ctr_size.h"

#include "storage/layer.h"
#include "storage/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

/* Takes dir_fd. What cannot be read (removed meanwhile) counts nothing. */
static int64_t tree_bytes(int dir_fd)
{
	DIR *dir = fdopendir(dir_fd);
	if (!dir) {
		fd_close(dir_fd);
		return 0;
	}
	int64_t sum = 0;
	for (struct dirent *e; (e = readdir(dir));) {
		struct stat st;
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
		    fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (S_ISREG(st.st_mode)) {
			sum += st.st_size;
		} else if (S_ISDIR(st.st_mode)) {
			int fd = openat(dirfd(dir), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			sum += fd >= 0 ? tree_bytes(fd) : 0;
		}
	}
	closedir(dir);
	return sum;
}

uint64_t ctr_size_tree(int dir_fd, const char *name)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd >= 0 ? (uint64_t)tree_bytes(fd) : 0;
}

int ctr_size(struct engine *engine, const struct ctr *ctr, int64_t *ret_rw, int64_t *ret_rootfs, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	if (store_object_open(engine->store, STORE_CONTAINER, ctr->id, &dir_fd, err) < 0)
		return -1;
	*ret_rw = (int64_t)ctr_size_tree(dir_fd, "upper");
	*ret_rootfs = *ret_rw;
	for (char **diff_id = ctr->def.layers; diff_id && *diff_id; diff_id++) {
		auto_ptr(layer) layer = NULL;
		if (layer_get(engine->store, *diff_id, &layer, err) < 0)
			return -1;
		*ret_rootfs += (int64_t)layer->diff_size;
	}
	return 0;
}
