#include "engine/artifacts.h"

#include "base/dl.h"
#include "base/ntime.h"
#include "base/str.h"
#include "codec/json.h"
#include "engine/images_use.h"
#include "image/image.h"
#include "storage/artifact_db.h"

#include <stdlib.h>

static const char *hex_of(const char *digest)
{
	return digest + strcspn(digest, ":") + 1;
}

void artifacts_chosen_done(struct artifacts_chosen *chosen)
{
	artifact_free(chosen->artifact);
	artifact_manifest_done(&chosen->manifest);
	free(chosen->blobs);
}

int artifacts_choose(struct engine *engine, const char *word, const struct artifact_want *want, struct artifacts_chosen *ret, struct err *err)
{
	if (artifact_db_get(engine->store, word, &ret->artifact, err) < 0)
		return -1;
	if (artifact_manifest_parse(ret->artifact->manifest, ret->artifact->manifest_len, &ret->manifest, err) < 0)
		return err_wrap(err, "artifact %s", ret->artifact->name);
	return artifact_manifest_select(&ret->manifest, want, &ret->blobs, &ret->count, err);
}

/* --- ls --- */

static void row_free(struct artifacts_row *r)
{
	free(r->name);
	free(r->repository);
	free(r->tag);
	free(r->digest);
	free(r);
}

void artifacts_list_free(struct artifacts_row **rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		row_free(rows[i]);
	free(rows);
}

/* COMPAT: of a name with a digest the tag is empty */
static void split_name(const char *name, struct artifacts_row *r)
{
	const char *slash = strrchr(name, '/'), *last = slash ? slash : name;
	size_t end = (size_t)(last - name) + strcspn(last, ":@");
	r->name = mem_strdup(name);
	r->repository = mem_strndup(name, end);
	r->tag = mem_strdup(name[end] == ':' ? name + end + 1 : "");
}

static struct artifacts_row *row_new(const struct artifact *a)
{
	auto_val(artifact_manifest) m = { 0 };
	struct artifacts_row *r = mem_alloc(sizeof(*r));
	struct err damaged = { 0 }; /* its name and digest are known all the same */
	split_name(a->name, r);
	r->digest = mem_strdup(hex_of(a->digest));
	if (artifact_manifest_parse(a->manifest, a->manifest_len, &m, &damaged) < 0)
		return r;
	const char *created = strv_env_get(m.annotations, ARTIFACT_CREATED);
	if (created && ntime_parse(created, &r->created_ns) < 0)
		r->created_ns = 0;
	r->bytes = artifact_manifest_bytes(&m);
	return r;
}

int artifacts_list(struct engine *engine, struct artifacts_row ***ret, size_t *ret_count, struct err *err)
{
	struct artifact **list;
	size_t count;
	if (artifact_db_list(engine->store, &list, &count, err) < 0)
		return -1;
	struct artifacts_row **rows = mem_array(count + 1, sizeof(*rows));
	for (size_t i = 0; i < count; i++)
		rows[i] = row_new(list[i]);
	artifact_db_list_free(list, count);
	*ret = rows;
	*ret_count = count;
	return 0;
}

/* --- inspect --- */

/* A template asks by the names of Go's struct. */
static void add_go_names(struct json *o)
{
	static const struct { const char *json, *go; } rows[] = {
		{ "schemaVersion", "SchemaVersion" }, { "mediaType", "MediaType" }, { "artifactType", "ArtifactType" }, { "config", "Config" },
		{ "layers", "Layers" }, { "subject", "Subject" }, { "annotations", "Annotations" }, { "digest", "Digest" }, { "size", "Size" },
		{ "urls", "URLs" }, { "data", "Data" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (json_has(o, rows[i].json))
			json_set_beside(o, rows[i].go, json_ref(json_get(o, rows[i].json)));
}

static struct json *manifest_view_new(const struct artifact_manifest *m)
{
	struct json *o = artifact_manifest_view_new(m), *layers = json_get(o, "layers");
	add_go_names(json_get(o, "config"));
	for (size_t i = 0; i < json_len(layers); i++)
		add_go_names(json_at(layers, i));
	add_go_names(o);
	return o;
}

int artifacts_inspect(struct engine *engine, const char *word, struct json **ret, struct err *err)
{
	auto_ptr(artifact) a = NULL;
	auto_val(artifact_manifest) m = { 0 };
	if (artifact_db_get(engine->store, word, &a, err) < 0)
		return -1;
	if (artifact_manifest_parse(a->manifest, a->manifest_len, &m, err) < 0)
		return err_wrap(err, "artifact %s", a->name);
	struct json *o = json_object_new(), *inner = json_object_new(), *view = manifest_view_new(&m);
	json_set(inner, "Manifest", json_ref(view));
	json_set_str(inner, "Name", a->name);
	json_set(o, "Manifest", view);
	json_set_str(o, "Name", a->name);
	json_set_str(o, "Digest", a->digest);
	json_set_beside(o, "Artifact", inner);
	json_set_beside(o, "TotalSizeBytes", json_u64_new(artifact_manifest_bytes(&m)));
	*ret = o;
	return 0;
}

/* --- rm, pull, push --- */

int artifacts_remove(struct engine *engine, const char *word, char **ret_digest, struct err *err)
{
	auto_ptr(artifact) a = NULL;
	if (artifact_db_get(engine->store, word, &a, err) < 0 || artifact_db_remove(engine->store, a, err) < 0)
		return -1;
	*ret_digest = mem_strdup(hex_of(a->digest));
	return 0;
}

int artifacts_pull(struct engine *engine, const char *word, const struct images_pull_opts *opts, char **ret_digest, struct err *err)
{
	struct image_progress progress = images_progress_of(opts->progress);
	const struct image_pull_opts pull = {
		.authfile = opts->authfile, .creds = opts->creds, .cert_dir = opts->cert_dir, .insecure = !opts->tls_verify,
		.retries = opts->retries, .retry_delay_ms = opts->retry_delay_ms, .progress = opts->progress ? &progress : NULL,
	};
	return dl_need(err) < 0 ? -1 : artifact_pull(engine->store, word, &pull, ret_digest, err);
}

int artifacts_push(struct engine *engine, const char *word, const struct images_push_opts *opts, struct err *err)
{
	struct image_progress progress = images_progress_of(opts->progress);
	const struct image_push_opts push = {
		.authfile = opts->authfile, .creds = opts->creds, .cert_dir = opts->cert_dir, .insecure = !opts->tls_verify,
		.retries = opts->retries ? (int)opts->retries : -1, .retry_delay_ms = opts->retry_delay_ms, .progress = opts->progress ? &progress : NULL,
	};
	auto_free char *digest = NULL;
	if (dl_need(err) < 0 || artifact_push(engine->store, word, &push, &digest, err) < 0)
		return -1;
	return opts->digestfile ? images_write_digest(opts->digestfile, digest, err) : 0;
}
