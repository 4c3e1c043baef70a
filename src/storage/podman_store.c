#include "storage/podman_store_priv.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/ntime.h"
#include "codec/json_parse.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* How often the records may change while they are read before we take what we have. */
enum { READ_TRIES = 4 };

static const char *const record_files[] = { "overlay-images/images.json", "overlay-layers/layers.json", "overlay-layers/volatile-layers.json" };

/* --- the records --- */

bool podman_store_is_id(const char *text)
{
	return strlen(text) == STORE_ID_MAX && store_is_hex(text);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void look(const struct podman_store *p, int which, struct stat *ret)
{
	if (fstatat(p->root_fd, record_files[which], ret, 0) < 0)
		*ret = (struct stat){ 0 };
}

/* 1: it has changed since it was read last. */
static int read_record(struct podman_store *p, int which, struct err *err)
{
	struct podman_record *r = &p->records[which];
	auto_free char *data = NULL;
	auto_ptr(json) list = NULL;
	size_t len;
	struct stat now;
	look(p, which, &now);
	if (is_same(&now, &r->seen))
		return 0;
	int rc = file_read(p->root_fd, record_files[which], LIMIT_RECORD_BYTES, &data, &len);
	if (rc < 0 && rc != -ENOENT)
		return err_sys(err, -rc, "cannot read '%s/%s'", p->path, record_files[which]);
	if (rc >= 0 && json_parse(data, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &list, err) < 0)
		return err_wrap(err, "'%s/%s' is damaged", p->path, record_files[which]);
	json_free(r->list);
	r->list = take_ptr(list);
	r->seen = now;
	return 1;
}

/* For a user namespace Podman keeps copies with other owners: those are not the layer. */
static bool is_mapped(const struct json *layer)
{
	return json_len(json_get(layer, "uidmap")) || json_len(json_get(layer, "gidmap"));
}

static int compare_id(const void *a, const void *b)
{
	return strcmp(((const struct podman_layer_row *)a)->id, ((const struct podman_layer_row *)b)->id);
}

static int compare_diff_id(const void *a, const void *b)
{
	return strcmp(((const struct podman_layer_row *)a)->diff_id, ((const struct podman_layer_row *)b)->diff_id);
}

static void index_layers(struct podman_store *p)
{
	const struct json *lists[] = { p->records[PODMAN_LAYERS].list, p->records[PODMAN_VOLATILE].list };
	size_t total = json_len(lists[0]) + json_len(lists[1]);
	p->by_id = mem_resize(p->by_id, total + 1, sizeof(*p->by_id));
	p->by_diff_id = mem_resize(p->by_diff_id, total + 1, sizeof(*p->by_diff_id));
	p->layer_count = 0;
	for (size_t k = 0; k < ARRAY_LEN(lists); k++)
		for (size_t i = 0; i < json_len(lists[k]); i++) {
			const struct json *layer = json_at(lists[k], i);
			struct podman_layer_row row = { json_get_str(layer, "id", ""), json_get_str(layer, "diff-digest", ""), layer };
			if (podman_store_is_id(row.id) && !is_mapped(layer))
				p->by_id[p->layer_count++] = row;
		}
	memcpy(p->by_diff_id, p->by_id, p->layer_count * sizeof(*p->by_id));
	qsort(p->by_id, p->layer_count, sizeof(*p->by_id), compare_id);
	qsort(p->by_diff_id, p->layer_count, sizeof(*p->by_diff_id), compare_diff_id);
}

const struct json *podman_store_find_layer(const struct podman_store *p, const char *id)
{
	const struct podman_layer_row *row = bsearch(&(struct podman_layer_row){ .id = id }, p->by_id, p->layer_count, sizeof(*row), compare_id);
	return row ? row->record : NULL;
}

static const struct json *find_diff_id(const struct podman_store *p, const char *diff_id)
{
	const struct podman_layer_row *row = bsearch(&(struct podman_layer_row){ .diff_id = diff_id }, p->by_diff_id, p->layer_count, sizeof(*row), compare_diff_id);
	return row ? row->record : NULL;
}

/* Podman takes an image's record away before its layers, and adds it after them: while that of the images stays the same from
 * before the layers are read to after, the two fit. */
int podman_store_refresh(struct podman_store *p, struct err *err)
{
	for (int i = 0; i < READ_TRIES; i++) {
		struct stat after;
		for (int which = 0; which < PODMAN_RECORDS; which++) {
			int rc = read_record(p, which, err);
			if (rc < 0)
				return -1;
			if (rc > 0 && which != PODMAN_IMAGES)
				index_layers(p);
		}
		look(p, PODMAN_IMAGES, &after);
		if (is_same(&after, &p->records[PODMAN_IMAGES].seen))
			break;
	}
	return 0;
}

int podman_store_open(int root_fd, const char *path, struct podman_store **ret, struct err *err)
{
	auto_ptr(podman_store) p = mem_alloc(sizeof(*p));
	p->path = mem_strdup(path);
	p->root_fd = fcntl(root_fd, F_DUPFD_CLOEXEC, 0);
	if (p->root_fd < 0)
		return err_sys(err, errno, "cannot open '%s'", path);
	*ret = take_ptr(p);
	return 0;
}

void podman_store_close(struct podman_store *p)
{
	if (!p)
		return;
	for (int i = 0; i < PODMAN_RECORDS; i++)
		json_free(p->records[i].list);
	free(p->by_id);
	free(p->by_diff_id);
	fd_close(p->root_fd);
	free(p->path);
	free(p);
}

/* --- layers --- */

int podman_store_layer_fd(const struct podman_store *p, const char *layer_id, int *ret_fd, int *ret_diff_fd, struct err *err)
{
	auto_free char *path = mem_printf("overlay/%s", layer_id);
	auto_close int fd = -EBADF;
	auto_close int diff_fd = -EBADF;
	int rc = file_open_dir(p->root_fd, path, &fd);
	if (rc >= 0)
		rc = file_open_dir(fd, "diff", &diff_fd);
	if (rc < 0)
		return err_set(err, ERR_CORRUPT, "the files of a layer are missing: '%s/%s/diff': %s", p->path, path, err_reason(-rc));
	*ret_fd = take_fd(fd);
	*ret_diff_fd = take_fd(diff_fd);
	return 0;
}

int podman_store_split_fd(const struct podman_store *p, const char *layer_id, int *ret_fd, struct err *err)
{
	auto_free char *path = mem_printf("overlay-layers/%s.tar-split.gz", layer_id);
	int fd = openat(p->root_fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, errno, "cannot open '%s/%s'", p->path, path);
	*ret_fd = fd;
	return 0;
}

int podman_store_layer(struct podman_store *p, const char *diff_id, struct layer **ret, struct err *err)
{
	auto_close int fd = -EBADF;
	auto_close int diff_fd = -EBADF;
	if (podman_store_refresh(p, err) < 0)
		return -1;
	const struct json *record = find_diff_id(p, diff_id);
	if (!record)
		return err_set(err, ERR_NOT_FOUND, "layer %s is not in '%s'", diff_id, p->path);
	const char *id = json_get_str(record, "id", "");
	if (podman_store_layer_fd(p, id, &fd, &diff_fd, err) < 0)
		return -1;
	if (faccessat(fd, "composefs-data", F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return err_set(err, ERR_UNSUPPORTED, "layer %s lies in '%s' as a composefs, which is not done: it is used from a store without it", diff_id, p->path);
	struct layer *layer = mem_alloc(sizeof(*layer));
	snprintf(layer->id, sizeof(layer->id), "%s", id);
	layer->diff_id = mem_strdup(diff_id);
	layer->digest = mem_strdup(json_get_str(record, "compressed-diff-digest", ""));
	layer->size = json_get_u64(record, "compressed-size", 0);
	layer->diff_size = json_get_u64(record, "diff-size", 0);
	if (ntime_parse(json_get_str(record, "created", ""), &layer->created_ns) < 0)
		layer->created_ns = 0;
	*ret = layer;
	return 0;
}
