#include "engine/images.h"

#include "base/dl.h"
#include "base/log.h"
#include "engine/events.h"
#include "engine/images_use.h"
#include "engine/manifests.h"
#include "engine/output_file.h"
#include "image/image.h"
#include "storage/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* image/ knows no engine and cli/ knows no image/: the two kinds of progress are one table apart */

static const enum images_step steps[] = {
	[IMAGE_STEP_WAIT] = IMAGES_STEP_WAIT, [IMAGE_STEP_LOAD] = IMAGES_STEP_LOAD,
	[IMAGE_STEP_EXISTS] = IMAGES_STEP_EXISTS, [IMAGE_STEP_DONE] = IMAGES_STEP_DONE,
};

static void pass_say(void *ctx, const char *text)
{
	const struct images_progress *p = ctx;
	p->say(p->ctx, text);
}

static void pass_item(void *ctx, const char *kind, const char *digest, enum image_step step, uint64_t bytes, uint64_t total)
{
	const struct images_progress *p = ctx;
	p->item(p->ctx, kind, digest, steps[step], bytes, total);
}

struct image_progress images_progress_of(const struct images_progress *p)
{
	return (struct image_progress){ .say = pass_say, .item = pass_item, .ctx = (void *)p };
}

int images_pull(struct engine *engine, const char *word, const struct images_pull_opts *opts, char ret_id[65], struct err *err)
{
	struct image_progress progress = images_progress_of(opts->progress);
	struct image_pull_opts pull = {
		.policy = opts->policy, .os = opts->os, .arch = opts->arch, .variant = opts->variant, .authfile = opts->authfile,
		.creds = opts->creds, .cert_dir = opts->cert_dir, .signature_policy = opts->signature_policy, .insecure = !opts->tls_verify,
		.retries = opts->retries, .retry_delay_ms = opts->retry_delay_ms,
		.progress = opts->progress ? &progress : NULL, .choose = engine->choose,
	};
	auto_ptr(image) image = NULL;
	if (dl_need(err) < 0 || image_pull(engine->store, word, &pull, &image, err) < 0)
		return -1;
	events_add_image(engine, "pull", image->id, word);
	memcpy(ret_id, image->id, sizeof(image->id));
	return 0;
}

bool images_is_file(const char *word)
{
	return image_file_is(word);
}

int images_pull_file(struct engine *engine, const char *word, const char *signature_policy, const struct images_progress *progress,
		     char ***ret_ids, struct err *err)
{
	struct image_progress own = images_progress_of(progress);
	if (image_file_pull(engine->store, word, signature_policy, progress ? &own : NULL, ret_ids, err) < 0)
		return -1;
	for (char **id = *ret_ids; id && *id; id++)
		events_add_image(engine, "pull", *id, word);
	return 0;
}

int images_write_digest(const char *path, const char *digest, struct err *err)
{
	auto_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int r = fd < 0 ? -errno : fd_write_full(fd, digest, strlen(digest));
	return r < 0 ? err_sys(err, -r, "open %s", path) : 0;
}

int images_push(struct engine *engine, const char *word, const char *destination, const struct images_push_opts *opts, struct err *err)
{
	struct image_progress progress = images_progress_of(opts->progress);
	struct image_push_opts push = {
		.format = opts->format, .compression = opts->compression, .level = opts->level, .force = opts->force,
		.compress = opts->compress,
		.authfile = opts->authfile, .creds = opts->creds, .cert_dir = opts->cert_dir, .insecure = !opts->tls_verify,
		.sign = { .key = opts->sign_by, .passphrase_file = opts->passphrase_file },
		.retries = opts->retries ? (int)opts->retries : -1, .retry_delay_ms = opts->retry_delay_ms,
		.progress = opts->progress ? &progress : NULL,
	};
	auto_free char *digest = NULL;
	char id[STORE_ID_MAX + 1];
	if (image_push(engine->store, word, destination, &push, &digest, id, err) < 0)
		return -1;
	events_add_image(engine, "push", id, word);
	if (opts->digestfile && !digest)
		return err_set(err, ERR_USAGE, "'%s' has no manifest whose digest could be written to '%s'", destination, opts->digestfile);
	return opts->digestfile ? images_write_digest(opts->digestfile, digest, err) : 0;
}

int images_sign(char *const *words, const struct images_sign_opts *opts, struct err *err)
{
	const struct image_sign_opts sign = {
		.key = opts->key, .dir = opts->dir, .authfile = opts->authfile, .cert_dir = opts->cert_dir, .all = opts->all,
	};
	if (dl_need(err) < 0)
		return -1;
	for (; *words; words++)
		if (image_sign(*words, &sign, err) < 0)
			return err_wrap(err, "signing %s", *words);
	return 0;
}

int images_load(struct engine *engine, const char *input, const char *signature_policy, const struct images_progress *progress,
		char ***ret_names, struct err *err)
{
	struct image_progress own = images_progress_of(progress);
	auto_close int file_fd = -EBADF;
	struct image_load_opts opts = { .progress = progress ? &own : NULL, .path = input, .signature_policy = signature_policy };
	int fd = STDIN_FILENO;
	if (input) {
		fd = file_fd = open(input, O_RDONLY | O_CLOEXEC);
		if (file_fd < 0)
			return err_sys(err, errno, "cannot open '%s'", input);
	}
	char **names;
	if (image_load(engine->store, fd, input ? input : "standard input", &opts, &names, err) < 0)
		return -1;
	for (char **name = names; name && *name; name++)
		events_add_image(engine, "loadfromarchive", "", *name);
	*ret_names = names;
	return 0;
}

int images_save(struct engine *engine, char *const *words, const struct images_save_opts *opts, struct err *err)
{
	struct image_save_opts save = { .format = opts->format, .multi = opts->multi, .compress = opts->compress,
					 .uncompressed = opts->uncompressed };
	struct output_file file;
	for (char *const *word = words; *word; word++)
		if (image_trust_unsigned(opts->signature_policy, "containers-storage", *word, err) < 0)
			return -1;
	if (opts->format && str_ends(opts->format, "-dir")) {
		save.dir = opts->output;
		return image_save(engine->store, words, -EBADF, &save, err);
	}
	if (output_file_open(opts->output, "save", &file, err) < 0)
		return -1;
	return output_file_end(&file, image_save(engine->store, words, file.fd, &save, err), err);
}

void images_diff_done(struct images_diff *d)
{
	for (size_t i = 0; i < d->count; i++)
		free(d->rows[i].path);
	free(d->rows);
	*d = (struct images_diff){ 0 };
}

int images_exists(struct engine *engine, const char *word, bool *ret, struct err *err)
{
	auto_ptr(image) image = NULL;
	*ret = image_resolve(engine->store, word, &image, NULL, err) >= 0;
	if (*ret)
		return 0;
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	return 0;
}

int images_gone(const char *word, struct err *err)
{
	if (!err_is(err, ERR_NOT_FOUND))
		return -1;
	err_clear(err);
	return err_set(err, ERR_NOT_FOUND, "%s: image not known", word); /* COMPAT */
}

int images_tag(struct engine *engine, const char *word, char *const *names, struct err *err)
{
	auto_ptr(image) image = NULL;
	if (manifests_is_list(engine, word))
		return manifests_tag(engine, word, names, err);
	if (image_resolve(engine->store, word, &image, NULL, err) < 0)
		return -1;
	for (; names && *names; names++) {
		auto_free char *name = NULL;
		if (ref_local_name(*names, &name, err) < 0)
			return err_wrap(err, "tag '%s'", *names);
		if (image_db_tag(engine->store, image, name, err) < 0)
			return images_gone(word, err);
		events_add_image(engine, "tag", image->id, *names); /* COMPAT: as it was typed */
	}
	return 0;
}

int images_untag(struct engine *engine, const char *word, char *const *names, struct err *err)
{
	auto_ptr(image) image = NULL;
	if (image_resolve(engine->store, word, &image, NULL, err) < 0)
		return -1;
	auto_strv all = strv_dup(image->names);
	for (char *const *name = names && *names ? names : all; name && *name; name++) {
		auto_ptr(image) other = NULL;
		auto_free char *full = NULL;
		if (image_resolve(engine->store, *name, &other, &full, err) < 0)
			return -1;
		if (!full || strcmp(other->id, image->id) != 0)
			return err_set(err, ERR_NOT_FOUND, "%s: tag not known", *name);
		if (image_db_untag(engine->store, image, full, err) < 0)
			return images_gone(word, err);
		events_add_image(engine, "untag", image->id, full);
	}
	return 0;
}

int images_login(const struct images_login_opts *opts, char **ret_where, struct err *err)
{
	struct image_login_opts login = { .registry = opts->registry, .user = opts->user, .password = opts->password,
					  .authfile = opts->authfile, .cert_dir = opts->cert_dir, .insecure = !opts->tls_verify };
	return image_login(&login, ret_where, err);
}

int images_get_login(const char *registry, const char *authfile, char **ret_user, struct err *err)
{
	return image_get_login(registry, authfile, ret_user, err);
}

int images_logout(const char *registry, const char *authfile, bool *ret_removed, struct err *err)
{
	return image_logout(registry, authfile, ret_removed, err);
}
