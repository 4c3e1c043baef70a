#include "base/fd.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/decompress.h"
#include "storage/extra_store.h"
#include "storage/layer_out.h"
#include "storage/layer_priv.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The tar-index is read twice: first for what later entries replaced (rare: usually nothing), then record by record. */

struct moved {
	char *path;
	uint32_t lost;
	uint64_t at; /* number of the record: contents named before it lie in lost/ */
};

struct player {
	int layer_fd, diff_fd, index_fd;
	struct decompress *in;
	struct layer_out out;
	uint64_t at;
	struct moved *moved;
	size_t moved_count;
};

static ssize_t read_index(void *ctx, void *buf, size_t len, struct err *err)
{
	const struct player *p = ctx;
	ssize_t got = read(p->index_fd, buf, len);
	return got < 0 ? err_sys(err, errno, "cannot read the layer's tar-index") : got;
}

static int damaged(struct err *err)
{
	return err_set(err, ERR_CORRUPT, "the layer's tar-index is damaged: pull its image again");
}

/* 1: read; 0: the end, where one is allowed. */
static int take(struct player *p, void *buf, size_t len, bool may_end, struct err *err)
{
	size_t done = 0;
	while (done < len) {
		ssize_t got = decompress_read(p->in, (char *)buf + done, len - done, err);
		if (got < 0)
			return -1;
		if (got == 0)
			return may_end && !done ? 0 : damaged(err);
		done += (size_t)got;
	}
	return 1;
}

static int take_path(struct player *p, char path[LIMIT_PATH_BYTES], struct err *err)
{
	uint16_t len;
	if (take(p, &len, sizeof(len), false, err) < 0)
		return -1;
	if (len >= LIMIT_PATH_BYTES)
		return damaged(err);
	if (len && take(p, path, len, false, err) < 0)
		return -1;
	path[len] = 0;
	return 0;
}

/* --- contents --- */

/* Where the content of `path` lies: below diff/, or where a later entry moved it. */
static int open_content(struct player *p, const char *path, int *ret_fd, struct err *err)
{
	for (size_t i = 0; i < p->moved_count; i++) {
		const struct moved *m = &p->moved[i];
		size_t len = strlen(m->path);
		if (m->at < p->at || strncmp(path, m->path, len) != 0 || (path[len] && path[len] != '/'))
			continue;
		auto_free char *moved = mem_printf("lost/%u%s", m->lost, path + len);
		int rc = path_open(p->layer_fd, moved, PATH_BENEATH, O_RDONLY | O_NOFOLLOW, 0, ret_fd);
		return rc < 0 ? err_sys(err, -rc, "cannot open '%s' of the layer", path) : 0;
	}
	int rc = path_open(p->diff_fd, path, PATH_IN_ROOT, O_RDONLY | O_NOFOLLOW, 0, ret_fd);
	return rc < 0 ? err_sys(err, -rc, "cannot open '%s' of the layer", path) : 0;
}

static int play_file(struct player *p, bool sparse, bool skip, struct err *err)
{
	char path[LIMIT_PATH_BYTES];
	auto_close int fd = -EBADF;
	uint64_t pair[2] = { 0 };
	uint32_t count = 1;
	if (take_path(p, path, err) < 0 || (sparse && take(p, &count, sizeof(count), false, err) < 0) ||
	    (!skip && open_content(p, path, &fd, err) < 0))
		return -1;
	for (uint32_t i = 0; i < count; i++) {
		if (take(p, sparse ? pair : &pair[1], sparse ? sizeof(pair) : sizeof(pair[1]), false, err) < 0)
			return -1;
		if (!skip && layer_out_range(&p->out, fd, path, pair[0], pair[1], err) < 0)
			return -1;
	}
	return 0;
}

static int play_raw(struct player *p, bool skip, struct err *err)
{
	uint32_t len;
	if (take(p, &len, sizeof(len), false, err) < 0)
		return -1;
	if (len > sizeof(p->out.buffer))
		return damaged(err);
	return take(p, p->out.buffer, len, false, err) < 0 ? -1 : skip ? 0 : layer_out_bytes(&p->out, p->out.buffer, len, err);
}

static int play_moved(struct player *p, bool collect, struct err *err)
{
	char path[LIMIT_PATH_BYTES];
	uint32_t lost;
	if (take_path(p, path, err) < 0 || take(p, &lost, sizeof(lost), false, err) < 0)
		return -1;
	if (!collect)
		return 0;
	p->moved = mem_resize(p->moved, p->moved_count + 1, sizeof(*p->moved));
	p->moved[p->moved_count++] = (struct moved){ mem_strdup(path), lost, p->at };
	return 0;
}

/* collect: only the moves are of interest. */
static int play(struct player *p, bool collect, struct err *err)
{
	if (lseek(p->index_fd, 0, SEEK_SET) < 0)
		return err_sys(err, errno, "cannot read the layer's tar-index");
	decompress_free(take_ptr(p->in));
	if (decompress_new(read_index, p, &p->in, err) < 0)
		return -1;
	for (p->at = 0;; p->at++) {
		char letter;
		int rc = take(p, &letter, 1, true, err);
		if (rc <= 0)
			return rc;
		if (letter == 'R')
			rc = play_raw(p, collect, err);
		else if (letter == 'F' || letter == 'S')
			rc = play_file(p, letter == 'S', collect, err);
		else if (letter == 'M')
			rc = play_moved(p, collect, err);
		else
			rc = damaged(err);
		if (rc < 0)
			return -1;
	}
}

static int open_all(struct player *p, struct store *store, const struct layer *layer, int out_fd, struct err *err)
{
	if (store_object_open(store, STORE_LAYER, layer->id, &p->layer_fd, err) < 0)
		return -1;
	p->diff_fd = openat(p->layer_fd, "diff", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	p->index_fd = openat(p->layer_fd, "tar-index", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (p->diff_fd < 0 || p->index_fd < 0)
		return err_sys(err, errno, "cannot open the layer's directory");
	return layer_out_open(&p->out, out_fd, err);
}

int layer_write_tar(struct store *store, const struct layer *layer, int out_fd, struct err *err)
{
	if (layer->extra)
		return extra_store_write_tar(layer->extra, layer, out_fd, err);
	struct player *p = mem_alloc(sizeof(*p));
	p->layer_fd = p->diff_fd = p->index_fd = -EBADF;
	int rc = open_all(p, store, layer, out_fd, err);
	if (rc >= 0)
		rc = play(p, true, err);
	if (rc >= 0)
		rc = play(p, false, err);
	if (rc >= 0)
		rc = layer_out_check(&p->out, layer->diff_id, err);
	if (rc < 0)
		err_wrap(err, "layer %s", layer->diff_id);
	decompress_free(p->in);
	layer_out_done(&p->out);
	fd_close(p->layer_fd);
	fd_close(p->diff_fd);
	fd_close(p->index_fd);
	for (size_t i = 0; i < p->moved_count; i++)
		free(p->moved[i].path);
	free(p->moved);
	free(p);
	return rc;
}
