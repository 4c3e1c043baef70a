/* pull.c - an image from a registry into the store; see image.h
 *
 * Order: manifest (through the index) → configuration → layers → image. Each is checked against the digest that named it
 * before anything is done with it; the image is put last, when everything it needs lies in the store.
 */
#include "image/image.h"

#include <string.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/str.h"
#include "config/conf_alias.h"
#include "image/image_priv.h"
#include "image/image_ways.h"
#include "image/layer_fetch.h"
#include "image/manifest.h"
#include "image/registry.h"

/* Who pulls: the same for every name a short one may stand for. */
struct puller {
	struct store *store;
	const struct image_pull_opts *opts;
	const struct policy *policy;
};

struct pull {
	bool raw; /* an index is what is wanted */
	bool any; /* whatever it is: it need be no image */
	struct store *store;
	const struct image_pull_opts *opts;
	const struct ref *ref;
	const struct policy *policy;
	struct image_meeting from; /* where it is fetched */
	struct registry *registry;
	struct registry_doc index, doc, config_doc; /* index: empty when there was none */
	struct manifest manifest;
	struct image_config config;
};

static void pull_done(struct pull *p)
{
	image_meeting_done(&p->from);
	registry_close(p->registry);
	registry_doc_done(&p->index);
	registry_doc_done(&p->doc);
	registry_doc_done(&p->config_doc);
	manifest_done(&p->manifest);
	image_config_done(&p->config);
}
AUTO_VAL(pull, pull_done);

int image_check_pair(const struct manifest *manifest, const struct image_config *config, struct err *err)
{
	size_t told = strv_len(config->rootfs.diff_ids);

	if (told != manifest->layer_count)
		return err_set(err, ERR_INVALID, "the image configuration tells of %zu layers, the manifest of %zu", told,
			       manifest->layer_count);
	return 0;
}

int image_drop_unused(struct store *store)
{
	struct err ignored = { 0 };

	/* the failure that led here is the one to tell */
	if (image_db_sweep(store, &ignored) < 0)
		log_debug("%s", ignored.text);
	return -1;
}

/* ---- the registry ---- */

/* A mirror that fails is not asked again: the next is. */
static int open_registry(struct pull *p, const struct image_way *way, struct err *err)
{
	struct image_meeting *from = &p->from;

	if (image_way_meet(way, p->ref, p->opts, from, err) < 0)
		return -1;
	struct registry_opts opts = {
		.host = from->where.domain, .repository = from->where.path, .auth = &from->auth, .cert_dir = from->cert_dir,
		.insecure = from->insecure, .retries = p->opts->retries > 0 ? (unsigned)p->opts->retries : 0,
		.no_retry = way->mirror || p->opts->retries < 0, .retry_delay_ms = p->opts->retry_delay_ms, .idle_s = p->opts->idle_s,
	};

	return registry_open(&opts, &p->registry, err);
}

/* ---- the documents ---- */

static int parse_doc(const struct registry_doc *doc, struct manifest *ret, struct err *err)
{
	return manifest_parse(doc->data, doc->len, doc->content_type, ret, err);
}

/* Takes the manifest of this platform out of an index. */
static int through_index(struct pull *p, struct err *err)
{
	auto_val(manifest) index = p->manifest;
	struct manifest_wish wish = manifest_wish_of(p->opts->os, p->opts->arch, p->opts->variant);
	const struct manifest_blob *entry = NULL;

	p->manifest = (struct manifest){ 0 };
	p->index = p->doc;
	p->doc = (struct registry_doc){ 0 };
	if (manifest_choose(&index, &wish, &entry, err) < 0)
		return err_wrap(err, "choosing an image from the index of %s/%s", p->ref->domain, p->ref->path);
	if (registry_manifest(p->registry, entry->digest, &p->doc, err) < 0)
		return -1;
	if (p->doc.len != entry->size)
		return err_set(err, ERR_MISMATCH, "manifest %s has %zu bytes, the index says %llu", entry->digest, p->doc.len,
			       (unsigned long long)entry->size);
	if (parse_doc(&p->doc, &p->manifest, err) < 0)
		return -1;
	if (p->manifest.is_index)
		return err_set(err, ERR_INVALID, "manifest %s is an index within an index", entry->digest);
	return 0;
}

static int get_manifest(struct pull *p, struct err *err)
{
	const char *reference = p->ref->digest ? p->ref->digest : p->ref->tag;

	if (registry_manifest(p->registry, reference, &p->doc, err) < 0)
		return -1;
	if (p->any)
		return 0;
	if (parse_doc(&p->doc, &p->manifest, err) < 0)
		return -1;
	return p->manifest.is_index && !p->raw ? through_index(p, err) : 0;
}

static void forget(struct pull *p)
{
	image_meeting_done(&p->from);
	registry_close(take_ptr(p->registry));
	registry_doc_done(&p->index);
	registry_doc_done(&p->doc);
	manifest_done(&p->manifest);
}

static int try_way(struct pull *p, const struct image_way *way, struct err *err)
{
	return open_registry(p, way, err) < 0 || get_manifest(p, err) < 0 ? -1 : 0;
}

/* The first of the mirrors that has it, or else the place itself; the layers come from where the manifest came. */
static int reach(struct pull *p, struct err *err)
{
	auto_free char *name = ref_repository(p->ref);
	auto_val(image_ways) ways = { 0 };
	auto_str told = { 0 };

	if (image_ways_find(p->ref, &ways, err) < 0 || conf_route_allows(&ways.route, name, err) < 0)
		return -1;
	for (size_t i = 0; i < ways.count; i++) {
		const struct image_way *way = &ways.rows[i];

		if (way->passed_over)
			continue;
		if (try_way(p, way, err) == 0)
			return 0;
		if (!way->mirror)
			break;
		log_debug("mirror %s: %s", way->location, err->text);
		str_addf(&told, "%s[%s: %s]", told.len ? "\n" : "", way->location, err->text);
		err_clear(err);
		forget(p);
	}
	/* COMPAT */
	return told.len ? err_wrap(err, "(Mirrors also failed: %s): %s", str_text(&told), name) : -1;
}

/* COMPAT: an image of another platform is taken, with a word, when it is the only one there. */
static void mention_platform(const struct pull *p)
{
	struct manifest_wish wish = manifest_wish_of(p->opts->os, p->opts->arch, p->opts->variant);
	const char *os = p->config.os ? p->config.os : "", *arch = p->config.architecture ? p->config.architecture : "";

	if (*os && *arch && (strcmp(os, wish.os) != 0 || strcmp(arch, wish.architecture) != 0))
		log_warn("image platform (%.40s/%.40s) does not match the expected platform (%s/%s)", os, arch, wish.os,
			 wish.architecture);
}

static int get_config(struct pull *p, struct err *err)
{
	const struct manifest_blob *blob = &p->manifest.config;

	if (registry_small_blob(p->registry, blob->digest, blob->size, &p->config_doc, err) < 0)
		return -1;
	if (image_config_parse(p->config_doc.data, p->config_doc.len, &p->config, err) < 0)
		return err_wrap(err, "configuration %s", blob->digest);
	if (image_check_pair(&p->manifest, &p->config, err) < 0)
		return -1;
	mention_platform(p);
	return 0;
}

/* ---- into the store ---- */

static int put(const struct pull *p, const char *digest, struct image **ret, struct err *err)
{
	auto_free char *repository = ref_repository(p->ref), *name = ref_text(p->ref);
	auto_free char *repo_digest = mem_printf("%s@%s", repository, digest);
	struct image_new new = {
		.manifest = p->doc.data, .manifest_len = p->doc.len, .media_type = p->manifest.media_type,
		.config = p->config_doc.data, .config_len = p->config_doc.len, .created_ns = p->config.created_ns,
		.diff_ids = p->config.rootfs.diff_ids,
		/* COMPAT: what was asked for by digest gets no name */
		.name = p->ref->digest ? NULL : name, .repo_digest = repo_digest,
	};

	return image_db_put(p->store, &new, ret, err);
}

/* The digest of the index is remembered too: it is what people write into their files. */
static int put_all(struct pull *p, struct image **ret, struct err *err)
{
	auto_ptr(image) image = NULL;

	if (put(p, p->doc.digest, &image, err) < 0)
		return -1;
	if (p->index.data) {
		image_free(take_ptr(image));
		if (put(p, p->index.digest, &image, err) < 0)
			return -1;
	}
	*ret = take_ptr(image);
	return 0;
}

static int get_layers(struct pull *p, struct image **ret, struct err *err)
{
	__attribute__((unused)) auto_val(image_quiet_pipe) quiet = image_quiet_pipe();
	const struct image_progress *progress = p->opts->progress;
	struct layer_fetch_opts opts = { .parallel = p->opts->parallel, .progress = progress };
	auto_close int hold_fd = -EBADF;

	image_say(progress, "Getting image source signatures");
	if (image_db_hold(p->store, &hold_fd, err) < 0)
		return -1;
	if (layer_fetch(p->store, p->registry, &p->manifest, p->config.rootfs.diff_ids, &opts, err) < 0) {
		hold_fd = fd_close(hold_fd);
		return image_drop_unused(p->store);
	}
	if (progress)
		progress->item(progress->ctx, "config", p->manifest.config.digest, IMAGE_STEP_DONE, p->config_doc.len,
			       p->config_doc.len);
	image_say(progress, "Writing manifest to image destination");
	return put_all(p, ret, err);
}

/* Whether `have` is what the registry would give. */
static bool is_same(const struct pull *p, const struct image *have)
{
	return str_eq(have->id, str_after(p->manifest.config.digest, "sha256:"));
}

/* Before anything the manifest names is looked at. */
static int check_trust(const struct pull *p, struct err *err)
{
	struct image_trust_source from = { .registry = p->registry, .place = p->from.place, .doc = &p->doc };

	return image_trust_check(p->policy, p->ref, &from, err);
}

/* One reference, with everything filled in. have: what is here under that name, for "newer"; NULL: fetch in any case. */
static int pull_ref(const struct puller *by, const struct ref *ref, const struct image *have, struct image **ret, struct err *err)
{
	const struct image_pull_opts *opts = by->opts;
	auto_val(pull) p = { .store = by->store, .opts = opts, .policy = by->policy, .ref = ref };
	auto_free char *name = ref_text(ref), *line = mem_printf("Trying to pull %s...", name);

	image_say(opts->progress, line);
	if (image_trust_allows(by->policy, ref, err) < 0)
		return err_wrap(err, "unable to copy from source docker://%s", name);
	if (reach(&p, err) < 0)
		return err_wrap(err, "unable to copy from source docker://%s: initializing source docker://%s", name, name);
	if (have && is_same(&p, have))
		return 1;
	if (check_trust(&p, err) < 0 || get_config(&p, err) < 0 || get_layers(&p, ret, err) < 0)
		return err_wrap(err, "unable to copy from source docker://%s", name);
	return 0;
}

/* ---- which reference ---- */

/* Each of the names in turn. */
static int pull_names(const struct puller *by, const struct image_names *names, const struct image *have, struct image **ret,
		      struct err *err)
{
	auto_str told = { 0 };
	int r = -1;

	for (size_t i = 0; i < names->count && r < 0; i++) {
		err_clear(err);
		r = pull_ref(by, &names->refs[i], have, ret, err);
		if (r < 0)
			str_addf(&told, "\n * %s", err->text);
	}
	if (r < 0 && names->count > 1) {
		enum err_kind kind = err->kind;

		err_clear(err);
		err_set(err, kind, "%zu errors occurred while pulling:%s", names->count, str_text(&told));
	}
	return r;
}

/* What is here is right all the same: that the question comes again is a word, no failure. */
static void remember(const struct image_names *names)
{
	auto_free char *repository = ref_repository(&names->refs[0]);
	struct err err = { 0 };

	if (conf_alias_remember(names->said.name, repository, &err) < 0)
		log_warn("what '%s' stands for is not remembered: %s", names->said.name, err.text);
}

static void mention_resolution(const struct image_names *names, const struct image_progress *progress)
{
	const struct conf_names *said = &names->said;
	auto_free char *line = said->is_alias ? mem_printf("Resolved \"%s\" as an alias (%s)", said->name, said->file) :
						mem_printf("Resolving \"%s\" using unqualified-search registries (%s)", said->name, said->file);

	image_say(progress, line);
}

static int pull_word(struct store *store, const char *word, const struct image_pull_opts *opts, const struct image *have,
		     struct image **ret, struct err *err)
{
	auto_val(image_names) names = { 0 };
	auto_ptr(policy) policy = NULL;
	struct puller by = { .store = store, .opts = opts };
	int r;

	if (image_names_find(word, &names, err) < 0 || image_names_settle(&names, word, opts->choose, err) < 0 ||
	    policy_open(opts->signature_policy, NULL, &policy, err) < 0)
		return -1;
	by.policy = policy;
	if (names.is_short && !names.chosen)
		mention_resolution(&names, opts->progress);
	r = pull_names(&by, &names, have, ret, err);
	if (r >= 0 && names.chosen)
		remember(&names);
	return r;
}

/* ---- when ---- */

enum pull_when { POLICY_ALWAYS, POLICY_MISSING, POLICY_NEVER, POLICY_NEWER };

static int parse_policy(const char *text, enum pull_when *ret, struct err *err)
{
	static const struct {
		const char *word;
		enum pull_when policy;
	} words[] = {
		{ "", POLICY_MISSING },	       { "missing", POLICY_MISSING }, { "ifnotpresent", POLICY_MISSING },
		{ "always", POLICY_ALWAYS },   { "never", POLICY_NEVER },     { "newer", POLICY_NEWER },
		{ "ifnewer", POLICY_NEWER },
	};
	auto_free char *lower = str_lower_dup(text ? text : "");

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(lower, words[i].word) == 0) {
			*ret = words[i].policy;
			return 0;
		}
	return err_set(err, ERR_USAGE, "unsupported pull policy \"%s\"", text);
}

static bool is_id(const char *word)
{
	return str_starts(word, "sha256:") || (strlen(word) == STORE_ID_MAX && !word[strspn(word, "0123456789abcdef")]);
}

static int find_here(struct store *store, const char *word, struct image **ret, struct err *err)
{
	if (image_resolve(store, word, ret, NULL, err) == 0)
		return 0;
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	return 0;
}

/* What is here stays good when the registry has nothing newer, or nothing to say. */
static int pull_newer(struct store *store, const char *word, const struct image_pull_opts *opts, struct image *have,
		      struct image **ret, struct err *err)
{
	int r = pull_word(store, word, opts, have, ret, err);

	if (r == 0)
		return 0;
	if (r < 0 && !have)
		return -1;
	if (r < 0) {
		log_debug("the image that is here is used: %s", err->text);
		err_clear(err);
	}
	return 1;
}

int image_pull(struct store *store, const char *word, const struct image_pull_opts *opts, struct image **ret, struct err *err)
{
	const char *plain = str_after(word, "docker://");
	auto_strv ids = NULL;
	auto_ptr(image) have = NULL;
	enum pull_when policy = POLICY_MISSING;
	int r;

	if (!plain && image_file_is(word))
		return image_file_pull(store, word, opts->signature_policy, opts->progress, &ids, err) < 0 ? -1 :
										      image_db_get(store, ids[strv_len(ids) - 1], ret, err);
	if (plain)
		word = plain;
	if (parse_policy(opts->policy, &policy, err) < 0)
		return -1;
	if (policy == POLICY_ALWAYS && is_id(word))
		return err_set(err, ERR_USAGE, "pull policy is always but image has been referred to by ID (%s)", word);
	if (policy != POLICY_ALWAYS && find_here(store, word, &have, err) < 0)
		return -1;
	if (have && policy != POLICY_NEWER) {
		*ret = take_ptr(have);
		return 0;
	}
	if (policy == POLICY_NEVER || is_id(word))
		return err_set(err, ERR_NOT_FOUND, "%.300s: image not known", word);
	if (policy != POLICY_NEWER)
		return pull_word(store, word, opts, NULL, ret, err);
	r = pull_newer(store, word, opts, have, ret, err);
	if (r == 1) {
		*ret = take_ptr(have);
		return 0;
	}
	return r;
}

int image_remote_manifest(const char *word, const struct image_pull_opts *opts, char **ret_data, size_t *ret_len, struct err *err)
{
	auto_val(ref) ref = { 0 };
	const char *plain = str_after(word, "docker://");

	if (ref_parse_full(plain ? plain : word, &ref, err) < 0)
		return -1;
	ref_settle(&ref);
	auto_val(pull) p = { .raw = true, .opts = opts, .ref = &ref };
	if (reach(&p, err) < 0)
		return -1;
	*ret_data = take_ptr(p.doc.data);
	*ret_len = p.doc.len;
	return 0;
}

int image_reach(const struct ref *ref, const struct image_pull_opts *opts, struct registry **ret_registry, struct registry_doc *ret_doc,
		struct err *err)
{
	auto_val(pull) p = { .raw = true, .any = true, .opts = opts, .ref = ref };
	auto_ptr(policy) policy = NULL;
	auto_free char *name = ref_text(ref);

	if (policy_open(opts->signature_policy, NULL, &policy, err) < 0 || image_trust_allows(policy, ref, err) < 0)
		return -1;
	p.policy = policy;
	if (reach(&p, err) < 0)
		return err_wrap(err, "initializing source docker://%s", name);
	if (check_trust(&p, err) < 0)
		return -1;
	*ret_registry = take_ptr(p.registry);
	*ret_doc = p.doc;
	p.doc = (struct registry_doc){ 0 };
	return 0;
}
