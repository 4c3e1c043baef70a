#include "storage/artifact_db.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "codec/digest.h"
#include "codec/json.h"
#include "storage/store_priv.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

void artifact_free(struct artifact *a)
{
	if (!a)
		return;
	free(a->name);
	free(a->digest);
	free(a->manifest);
	free(a);
}

static int read_manifest(int dir_fd, struct artifact *a, struct err *err)
{
	int rc = file_read(dir_fd, "manifest", LIMIT_MANIFEST_BYTES, &a->manifest, &a->manifest_len);
	return rc < 0 ? err_set(err, ERR_CORRUPT, "artifact %s: its manifest cannot be read: %s", a->id, err_reason(-rc)) : 0;
}

int artifact_db_read(struct store *store, const char *id, struct artifact **ret, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	auto_ptr(json) record = NULL;
	auto_ptr(artifact) a = mem_alloc(sizeof(*a));
	snprintf(a->id, sizeof(a->id), "%s", id);
	if (store_object_open(store, STORE_ARTIFACT, id, &dir_fd, err) < 0)
		return -1;
	if (store_record_read(dir_fd, "artifact.json", &record, err) < 0)
		return err_wrap(err, "artifact %s", id);
	a->name = mem_strdup(json_get_str(record, "name", ""));
	a->digest = mem_strdup(json_get_str(record, "digest", ""));
	a->created_ns = json_get_i64(record, "created_ns", 0);
	if (!*a->name || !str_starts(a->digest, "sha256:"))
		return err_set(err, ERR_CORRUPT, "artifact %s: its record lacks its name or its digest", id);
	if (read_manifest(dir_fd, a, err) < 0)
		return -1;
	*ret = take_ptr(a);
	return 0;
}

static int older_first(const void *a, const void *b)
{
	const struct artifact *x = *(struct artifact *const *)a, *y = *(struct artifact *const *)b;
	return x->created_ns != y->created_ns ? (x->created_ns < y->created_ns ? -1 : 1) : strcmp(x->name, y->name);
}

static bool is_named(struct store *store, const struct artifact *a)
{
	auto_free char *id = NULL;
	struct err none = { 0 };
	return store_name_get(store, STORE_ARTIFACT, a->name, &id, &none) >= 0 && strcmp(id, a->id) == 0;
}

int artifact_db_list(struct store *store, struct artifact ***ret, size_t *ret_count, struct err *err)
{
	auto_strv ids = NULL;
	size_t count = 0;
	if (store_list(store, STORE_ARTIFACT, &ids, err) < 0)
		return -1;
	struct artifact **list = mem_array(strv_len(ids) + 1, sizeof(*list));
	for (char **id = ids; id && *id; id++) {
		auto_ptr(artifact) a = NULL;
		struct err one = { 0 };
		if (artifact_db_read(store, *id, &a, &one) < 0)
			log_debug("%s", one.text); /* `system check` tells of it */
		else if (is_named(store, a))
			list[count++] = take_ptr(a);
	}
	qsort(list, count, sizeof(*list), older_first);
	*ret = list;
	*ret_count = count;
	return 0;
}

void artifact_db_list_free(struct artifact **artifacts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		artifact_free(artifacts[i]);
	free(artifacts);
}

/* --- words --- */

static int not_there(const char *word, struct err *err)
{
	return err_set(err, ERR_NOT_FOUND, "%.300s: artifact does not exist", word);
}

/* The same artifact under several names has one digest: the oldest is meant. */
static int find_digest(struct store *store, const char *word, struct artifact **ret, struct err *err)
{
	struct artifact **list;
	size_t count, hit = SIZE_MAX;
	if (artifact_db_list(store, &list, &count, err) < 0)
		return -1;
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < count; i++) {
		if (!str_starts(list[i]->digest + strlen("sha256:"), word))
			continue;
		if (hit == SIZE_MAX)
			hit = i;
		else if (strcmp(list[i]->digest, list[hit]->digest) != 0)
			rc = err_set(err, ERR_USAGE, "more than one artifact has a digest that begins with %s: give more digits", word);
	}
	if (rc == 0 && hit == SIZE_MAX)
		rc = not_there(word, err);
	if (rc == 0)
		*ret = take_ptr(list[hit]);
	artifact_db_list_free(list, count);
	return rc;
}

int artifact_db_get(struct store *store, const char *word, struct artifact **ret, struct err *err)
{
	auto_free char *id = NULL;
	if (store_name_get(store, STORE_ARTIFACT, word, &id, err) >= 0 && artifact_db_read(store, id, ret, err) >= 0)
		return 0;
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	return store_is_hex(word) ? find_digest(store, word, ret, err) : not_there(word, err);
}

/* --- blobs --- */

char *artifact_db_file_dup(const char *digest)
{
	char *file = mem_strdup(digest);
	file[strcspn(file, ":")] = '-';
	return file;
}

int artifact_db_open_blob(struct store *store, const struct artifact *a, const char *digest, int *ret_fd, struct err *err)
{
	auto_close int dir_fd = -EBADF;
	auto_free char *file = artifact_db_file_dup(digest);
	if (store_object_open(store, STORE_ARTIFACT, a->id, &dir_fd, err) < 0)
		return -1;
	int rc = path_open(dir_fd, file, PATH_BENEATH, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0, ret_fd);
	return rc < 0 ? err_set(err, ERR_CORRUPT, "artifact %s: its blob %s cannot be read: %s", a->name, digest, err_reason(-rc)) : 0;
}

char *artifact_db_blob_path(const struct store *store, const struct artifact *a, const char *digest)
{
	auto_free char *file = artifact_db_file_dup(digest);
	return mem_printf("%s/artifacts/%s/%s", store_graphroot(store), a->id, file);
}

int artifact_db_verify(struct store *store, const struct artifact *a, const char *digest, struct err *err)
{
	enum { READ_BYTES = 256 << 10 };
	auto_close int fd = -EBADF;
	auto_ptr(digest) sum = NULL;
	auto_free char *buf = mem_alloc(READ_BYTES);
	ssize_t n;
	if (artifact_db_open_blob(store, a, digest, &fd, err) < 0 || digest_open(digest, &sum, err) < 0)
		return -1;
	while ((n = fd_read_full(fd, buf, READ_BYTES)) > 0)
		digest_add(sum, buf, (size_t)n);
	if (n < 0)
		return err_sys(err, (int)-n, "cannot read blob %s of artifact %s", digest, a->name);
	return strcmp(digest_now(sum).text, digest) == 0 ? 0 : err_set(err, ERR_CORRUPT, "artifact %s: the bytes of its blob %s are others", a->name, digest);
}
