/* artifacts_add.c - artifact add: files of the host become an artifact, or more of one; see artifacts.h */
#include "engine/artifacts.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/ntime.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/digest.h"
#include "image/artifact_manifest.h"
#include "image/image.h"
#include "image/media_type.h"
#include "storage/artifact_db.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_BYTES = 256 << 10 };

struct making {
	struct store *store;
	const char *name;
	const struct artifacts_add_opts *opts;
	struct store_stage stage;
	struct artifact *before; /* that is added to; NULL: none */
	struct artifact_manifest manifest;
};

static void making_done(struct making *m)
{
	store_stage_done(m->store, &m->stage);
	artifact_free(m->before);
	artifact_manifest_done(&m->manifest);
}
AUTO_VAL(making, making_done);

/* --- one file --- */

/* Whole into the stage, as "part". */
static int copy(int from_fd, int to_fd, const char *path, struct artifact_blob *blob, struct err *err)
{
	auto_ptr(digest) sum = NULL;
	auto_free char *buf = mem_alloc(COPY_BYTES);
	ssize_t n;
	if (digest_open(NULL, &sum, err) < 0)
		return -1;
	while ((n = fd_read_full(from_fd, buf, COPY_BYTES)) > 0) {
		if (!blob->media_type)
			blob->media_type = mem_strdup(media_type_of(buf, (size_t)n));
		digest_add(sum, buf, (size_t)n);
		blob->size += (size_t)n;
		if (blob->size > LIMIT_FILE_BYTES)
			return err_set(err, ERR_LIMIT, "'%s' is larger than a file of an artifact may be", path);
		int rc = fd_write_full(to_fd, buf, (size_t)n);
		if (rc < 0)
			return err_sys(err, -rc, "cannot write into the store");
	}
	if (n < 0)
		return err_sys(err, (int)-n, "read %s", path);
	if (!blob->media_type)
		blob->media_type = mem_strdup(media_type_of("", 0));
	blob->digest = mem_strdup(digest_now(sum).text);
	return 0;
}

/* What some artifact has already is not kept twice. */
static int settle(const struct making *m, const struct artifact_blob *blob, struct err *err)
{
	auto_free char *file = artifact_db_file_dup(blob->digest);
	int rc = artifact_db_link(m->store, &m->stage, blob->digest, blob->size) ? file_unlink(m->stage.dir_fd, "part", 0) :
										   file_rename(m->stage.dir_fd, "part", m->stage.dir_fd, file, 0);
	return rc < 0 ? err_sys(err, -rc, "cannot write blob %s into the store", blob->digest) : 0;
}

static int take_file(const struct making *m, const char *path, struct artifact_blob *blob, struct err *err)
{
	struct stat st;
	auto_close int from_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (from_fd < 0 || fstat(from_fd, &st) < 0)
		return err_sys(err, errno, "open %s", path); /* COMPAT */
	if (S_ISDIR(st.st_mode))
		return err_set(err, ERR_USAGE, "read %s: is a directory", path);
	auto_close int to_fd = openat(m->stage.dir_fd, "part", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (to_fd < 0)
		return err_sys(err, errno, "cannot write into the store");
	return copy(from_fd, to_fd, path, blob, err) < 0 ? -1 : settle(m, blob, err);
}

static int check_title(const struct making *m, const char *title, struct err *err)
{
	for (size_t i = 0; i < m->manifest.layer_count; i++)
		if (str_eq(artifact_blob_title(&m->manifest.layers[i]), title))
			return err_set(err, ERR_EXISTS, "%s: file already exists in artifact", title);
	return 0;
}

static int add_file(struct making *m, const char *path, struct err *err)
{
	struct artifact_blob blob = { 0 };
	const char *given = strv_env_get(m->opts->annotations, ARTIFACT_TITLE), *title = given ? given : path_base(path);
	auto_free char *file = NULL;
	if (check_title(m, title, err) < 0)
		return -1;
	if (m->manifest.layer_count >= LIMIT_LAYERS)
		return err_set(err, ERR_LIMIT, "an artifact has at most %d files", LIMIT_LAYERS);
	if (m->opts->file_type && *m->opts->file_type)
		blob.media_type = mem_strdup(m->opts->file_type);
	for (char *const *word = m->opts->annotations; word && *word; word++)
		strv_add(&blob.annotations, *word);
	strv_env_set(&blob.annotations, ARTIFACT_TITLE, title);
	int rc = take_file(m, path, &blob, err);
	*artifact_manifest_add(&m->manifest) = blob; /* it is the manifest's, whole or not */
	return rc < 0 ? -1 : artifact_blob_file(&m->manifest.layers[m->manifest.layer_count - 1], false, &file, err);
}

/* --- the artifact --- */

/* What it has is in the new one, too. */
static int begin_from(struct making *m, struct err *err)
{
	if (artifact_db_get(m->store, m->name, &m->before, err) < 0 ||
	    artifact_manifest_parse(m->before->manifest, m->before->manifest_len, &m->manifest, err) < 0)
		return -1;
	for (size_t i = 0; i <= m->manifest.layer_count; i++) {
		const struct artifact_blob *blob = i ? &m->manifest.layers[i - 1] : &m->manifest.config;
		if (!artifact_db_link(m->store, &m->stage, blob->digest, blob->size))
			return err_set(err, ERR_CORRUPT, "artifact %s: its blob %s is missing or damaged: pull or add it again", m->before->name, blob->digest);
	}
	return 0;
}

static int begin_new(struct making *m, struct err *err)
{
	auto_ptr(artifact) there = NULL;
	if (!m->opts->replace) {
		if (artifact_db_get(m->store, m->name, &there, err) >= 0 && strcmp(there->name, m->name) == 0)
			return err_set(err, ERR_EXISTS, "%s: artifact already exists", m->name);
		if (!there && !err_is(err, ERR_NOT_FOUND) && !err_is(err, ERR_USAGE))
			return -1;
		err_clear(err);
	}
	artifact_manifest_init(&m->manifest);
	if (m->opts->type && *m->opts->type)
		m->manifest.artifact_type = mem_strdup(m->opts->type);
	for (char *const *word = m->opts->annotations; word && *word; word++)
		strv_add(&m->manifest.annotations, *word);
	strv_env_set(&m->manifest.annotations, ARTIFACT_CREATED, ntime_rfc3339(ntime_now()).text);
	auto_free char *file = artifact_db_file_dup(ARTIFACT_EMPTY_DIGEST);
	int rc = file_create(m->stage.dir_fd, file, 0644, ARTIFACT_EMPTY_BYTES, strlen(ARTIFACT_EMPTY_BYTES), 0);
	return rc < 0 ? err_sys(err, -rc, "cannot write into the store") : 0;
}

static int check(const char *name, char *const *paths, const struct artifacts_add_opts *opts, struct err *err)
{
	auto_val(ref) ref = { 0 };
	if (opts->append && opts->replace)
		return err_set(err, ERR_USAGE, "--append and --replace options cannot be used together");
	if (opts->append && opts->type && *opts->type)
		return err_set(err, ERR_USAGE, "append option is not compatible with type option");
	if (ref_parse(name, &ref, err) < 0)
		return -1;
	if (ref.digest)
		return err_set(err, ERR_USAGE, "%s: a digest is what comes of the files: name the artifact by a tag", name);
	if (strv_env_get(opts->annotations, ARTIFACT_TITLE) && strv_len(paths) > 1)
		return err_set(err, ERR_USAGE, "duplicate layers " ARTIFACT_TITLE " labels within an artifact not allowed");
	return 0;
}

int artifacts_add(struct engine *engine, const char *name, char *const *paths, const struct artifacts_add_opts *opts, char **ret_digest,
		  struct err *err)
{
	auto_val(making) m = { .store = engine->store, .name = name, .opts = opts, .stage = { .dir_fd = -EBADF } };
	auto_str text = { 0 };
	auto_free char *digest = NULL;
	if (check(name, paths, opts, err) < 0 || artifact_db_stage(engine->store, &m.stage, err) < 0 ||
	    (opts->append ? begin_from(&m, err) : begin_new(&m, err)) < 0)
		return -1;
	for (; *paths; paths++)
		if (add_file(&m, *paths, err) < 0)
			return -1;
	artifact_manifest_write(&m.manifest, &text);
	if (digest_of(NULL, text.data, text.len, &digest, err) < 0)
		return -1;
	const struct artifact_put put = {
		.name = m.before ? m.before->name : name, .digest = digest, .manifest = text.data, .manifest_len = text.len,
		.replace = opts->replace, .instead = m.before ? m.before->id : NULL,
	};
	if (artifact_db_put(engine->store, &m.stage, &put, err) < 0)
		return -1;
	*ret_digest = mem_strdup(str_after(digest, "sha256:"));
	return 0;
}
