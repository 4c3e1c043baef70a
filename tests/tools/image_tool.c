/* image_tool.c - the image room by itself, for tests: a store in a directory of its own, no engine.
 *   image_tool STORE pull [--insecure] [--creds U:P] [--authfile F] [--policy P] [--arch A] [--idle S] [--retries N] [--delay MS] REF
 *   image_tool STORE push [the same] [--format F] [--compression C] WORD [DESTINATION]
 *   image_tool STORE import FILE NAME
 *   image_tool STORE load FILE|-      image_tool STORE save [--oci] [--multi] [--compress] FILE|- WORD...
 *   image_tool STORE resolve WORD     image_tool STORE list     image_tool STORE sweep
 *   image_tool STORE login REGISTRY USER PASSWORD [--insecure]  image_tool STORE logout REGISTRY
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/num.h"
#include "image/image.h"
#include "image/image_import.h"

struct flags {
	struct image_pull_opts pull;
	struct image_save_opts save;
	struct image_push_opts push;
	struct image_progress progress;
	char **words;
};

static void say(void *ctx, const char *text)
{
	fprintf(stderr, "%s\n", text);
}

static void item(void *ctx, const char *kind, const char *digest, enum image_step step, uint64_t bytes, uint64_t total)
{
	static const char *const words[] = { "wait", "load", "exists", "done" };

	if (step != IMAGE_STEP_LOAD)
		fprintf(stderr, "%s %s %s\n", kind, digest, words[step]);
}

static unsigned number(const char *text)
{
	uint64_t v = 0;

	return text && num_u64(text, 1000 * 1000, &v) == 0 ? (unsigned)v : 0;
}

/* Takes its value when it has one. */
static int take_flag(struct flags *f, const char *name, char *value)
{
	struct {
		const char *name;
		const char **slot;
	} texts[] = {
		{ "--creds", &f->pull.creds }, { "--authfile", &f->pull.authfile }, { "--policy", &f->pull.policy },
		{ "--arch", &f->pull.arch },   { "--cert-dir", &f->pull.cert_dir },
		{ "--format", &f->push.format }, { "--compression", &f->push.compression },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (str_eq(name, texts[i].name)) {
			*texts[i].slot = value;
			return 1;
		}
	if (str_eq(name, "--idle"))
		f->pull.idle_s = number(value);
	else if (str_eq(name, "--delay"))
		f->pull.retry_delay_ms = number(value);
	else if (str_eq(name, "--retries"))
		f->pull.retries = str_eq(value, "0") ? -1 : (int)number(value);
	else if (str_eq(name, "--insecure"))
		return f->pull.insecure = true, 0;
	else if (str_eq(name, "--oci"))
		return f->save.format = "oci-archive", 0;
	else if (str_eq(name, "--multi"))
		return f->save.multi = true, 0;
	else if (str_eq(name, "--compress"))
		return f->save.compress = true, 0;
	else
		return -1;
	return 1;
}

static int pull(struct store *store, struct flags *f, struct err *err)
{
	auto_ptr(image) image = NULL;

	if (image_pull(store, f->words[0], &f->pull, &image, err) < 0)
		return -1;
	printf("%s\n", image->id);
	return 0;
}

static int push(struct store *store, struct flags *f, struct err *err)
{
	const struct image_pull_opts *p = &f->pull;
	struct image_push_opts opts = {
		.format = f->push.format, .compression = f->push.compression, .force = f->push.compression, .authfile = p->authfile,
		.creds = p->creds, .cert_dir = p->cert_dir, .insecure = p->insecure, .retries = p->retries,
		.retry_delay_ms = p->retry_delay_ms, .idle_s = p->idle_s, .progress = p->progress,
	};
	auto_free char *digest = NULL;
	char id[STORE_ID_MAX + 1];

	if (image_push(store, f->words[0], f->words[1], &opts, &digest, id, err) < 0)
		return -1;
	printf("%s\n", digest);
	return 0;
}

static int import(struct store *store, struct flags *f, struct err *err)
{
	auto_close int fd = open(f->words[0], O_RDONLY | O_CLOEXEC);
	auto_ptr(image) image = NULL;
	auto_free char *name = NULL;
	struct image_import_opts opts = { .run = &(struct image_run){ .user = NULL }, .progress = &f->progress };

	if (fd < 0)
		return err_sys(err, errno, "cannot open '%s'", f->words[0]);
	if (ref_local_name(f->words[1], &name, err) < 0)
		return -1;
	opts.name = name;
	if (image_import(store, fd, f->words[0], &opts, &image, err) < 0)
		return -1;
	printf("%s\n", image->id);
	return 0;
}

static int load(struct store *store, struct flags *f, struct err *err)
{
	auto_strv names = NULL;
	auto_close int file_fd = -EBADF;
	int fd = STDIN_FILENO;

	if (strcmp(f->words[0], "-") != 0)
		fd = file_fd = open(f->words[0], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, errno, "cannot open '%s'", f->words[0]);
	if (image_load(store, fd, f->words[0], &(struct image_load_opts){ .progress = &f->progress }, &names, err) < 0)
		return -1;
	for (size_t i = 0; names && names[i]; i++)
		printf("Loaded image: %s\n", names[i]);
	return 0;
}

static int save(struct store *store, struct flags *f, struct err *err)
{
	auto_close int file_fd = -EBADF;
	int fd = STDOUT_FILENO;

	if (strcmp(f->words[0], "-") != 0)
		fd = file_fd = open(f->words[0], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(err, errno, "cannot open '%s'", f->words[0]);
	return image_save(store, f->words + 1, fd, &f->save, err);
}

static int resolve(struct store *store, struct flags *f, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_free char *name = NULL;

	if (image_resolve(store, f->words[0], &image, &name, err) < 0)
		return -1;
	printf("%s %s\n", image->id, name ? name : "-");
	return 0;
}

static int list(struct store *store, struct flags *f, struct err *err)
{
	struct image **images = NULL;
	size_t count = 0;

	if (image_db_list(store, &images, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		auto_free char *names = strv_join(images[i]->names, ","), *digests = strv_join(images[i]->digests, ",");

		printf("%s %s %s\n", images[i]->id, *names ? names : "-", *digests ? digests : "-");
	}
	image_db_list_free(images, count);
	return 0;
}

static int sweep(struct store *store, struct flags *f, struct err *err)
{
	return image_db_sweep(store, err);
}

static int tag(struct store *store, struct flags *f, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_free char *name = NULL;

	if (image_resolve(store, f->words[0], &image, NULL, err) < 0 || ref_local_name(f->words[1], &name, err) < 0)
		return -1;
	return image_db_tag(store, image, name, err);
}

static int remove_image(struct store *store, struct flags *f, struct err *err)
{
	auto_ptr(image) image = NULL;
	auto_strv deleted = NULL;

	if (image_resolve(store, f->words[0], &image, NULL, err) < 0)
		return -1;
	return image_db_remove(store, image, &deleted, err);
}

static int login(struct store *store, struct flags *f, struct err *err)
{
	auto_free char *where = NULL;
	struct image_login_opts opts = { .registry = f->words[0], .user = f->words[1], .password = f->words[2],
					 .authfile = f->pull.authfile, .insecure = f->pull.insecure };

	return image_login(&opts, &where, err);
}

static int logout(struct store *store, struct flags *f, struct err *err)
{
	bool removed = false;

	if (image_logout(f->words[0], f->pull.authfile, &removed, err) < 0)
		return -1;
	puts(removed ? "removed" : "not logged in");
	return 0;
}

static const struct command {
	const char *name;
	size_t words;
	int (*run)(struct store *store, struct flags *f, struct err *err);
} commands[] = {
	{ "pull", 1, pull },   { "push", 1, push }, { "import", 2, import }, { "load", 1, load },   { "save", 2, save },  { "resolve", 1, resolve }, { "list", 0, list },
	{ "sweep", 0, sweep }, { "login", 3, login }, { "logout", 1, logout }, { "tag", 2, tag }, { "rm", 1, remove_image },
};

static int run(const char *root, const char *name, struct flags *f, struct err *err)
{
	auto_ptr(store) store = NULL;
	auto_free char *runroot = mem_printf("%s/run", root), *graphroot = mem_printf("%s/graph", root);
	struct store_opts opts = { .graphroot = graphroot, .runroot = runroot };

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, name) != 0)
			continue;
		if (strv_len(f->words) < commands[i].words)
			return err_set(err, ERR_USAGE, "%s takes %zu words", name, commands[i].words);
		if (store_open(&opts, &store, err) < 0)
			return -1;
		return commands[i].run(store, f, err);
	}
	return err_set(err, ERR_USAGE, "unknown command '%s'", name);
}

int main(int argc, char **argv)
{
	struct err err = { 0 };
	struct flags f = { .progress = { .say = say, .item = item } };
	int code = 0;

	f.pull.policy = "always";
	f.pull.progress = f.save.progress = &f.progress;
	if (argc < 3) {
		fprintf(stderr, "usage: image_tool STORE COMMAND ...\n");
		return 2;
	}
	for (int i = 3; i < argc; i++) {
		int used = strncmp(argv[i], "--", 2) == 0 ? take_flag(&f, argv[i], argv[i + 1]) : -1;

		if (used >= 0)
			i += used;
		else
			strv_add(&f.words, argv[i]);
	}
	if (run(argv[1], argv[2], &f, &err) < 0) {
		fprintf(stderr, "Error: %s\n", err.text);
		code = err_exit_code(&err);
	}
	strv_free(f.words);
	return code;
}
