/* store_fixture.h - a store of two images that share a layer, and children that work on it.
 * Every step runs in a child: faults are read once a process, and a step may be killed.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "codec/digest.h"
#include "storage/image_db.h"
#include "storage/layer_priv.h"
#include "storage/store_check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEX8(c) c c c c c c c c
#define DIFF(c) "sha256:" HEX8(c) HEX8(c)
#define LAYER_BASE DIFF("aaaa")
#define LAYER_ONE DIFF("bbbb")
#define LAYER_TWO DIFF("cccc")

static char fixture_root[64];

typedef int fixture_step(struct store *store, struct err *err);

static inline int fixture_open(bool readonly, struct store **ret, struct err *err)
{
	auto_free char *graph = mem_printf("%s/graph", fixture_root), *run = mem_printf("%s/run", fixture_root);
	return store_open(&(struct store_opts){ .graphroot = graph, .runroot = run, .readonly = readonly }, ret, err);
}

static inline int fixture_child(fixture_step *step, const char *fault, const char *log)
{
	struct err err = { 0 };
	auto_ptr(store) store = NULL;
	if (fault)
		setenv("CPOD_FAULT", fault, 1);
	if (log) {
		int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		auto_free char *text = mem_printf("%d", fd);
		setenv("CPOD_FAULT_LOG", text, 1);
	}
	int rc = fixture_open(false, &store, &err);
	if (rc >= 0)
		rc = step(store, &err);
	if (rc < 0 && (!err.kind || !err.text[0])) {
		fprintf(stderr, "a failure without a sentence\n");
		return 3;
	}
	if (rc < 0 && !fault)
		fprintf(stderr, "%s\n", err.text);
	return rc < 0 ? 1 : 0;
}

/* The exit status; 128 + the signal's number. */
static inline int fixture_run(fixture_step *step, const char *fault, const char *log)
{
	int status = 0;
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0)
		_exit(fixture_child(step, fault, log));
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static inline int fixture_layer(struct store *store, const char *diff_id, struct err *err)
{
	struct store_stage stage = { .dir_fd = -EBADF };
	auto_ptr(layer) layer = NULL;
	if (layer_get(store, diff_id, &layer, err) >= 0)
		return 0;
	err_clear(err);
	if (store_stage(store, &stage, err) < 0)
		return -1;
	int rc = file_mkdir(stage.dir_fd, "diff", 0755);
	if (rc >= 0)
		rc = file_create(stage.dir_fd, "tar-index", 0600, "x", 1, 0);
	if (rc < 0) {
		store_stage_done(store, &stage);
		return err_sys(err, -rc, "cannot fill a layer");
	}
	layer = mem_alloc(sizeof(*layer));
	layer->diff_id = mem_strdup(diff_id);
	layer->digest = mem_strdup(diff_id);
	layer->size = layer->diff_size = 10;
	return layer_publish(store, &stage, layer, err);
}

static inline int fixture_put(struct store *store, const char *name, const char *config, const char *top, struct err *err)
{
	char *const diff_ids[] = { (char *)LAYER_BASE, (char *)top, NULL };
	auto_ptr(image) image = NULL;
	auto_close int hold_fd = -EBADF;
	if (image_db_hold(store, &hold_fd, err) < 0 || fixture_layer(store, LAYER_BASE, err) < 0 || fixture_layer(store, top, err) < 0)
		return -1;
	return image_db_put(store, &(struct image_new){ .manifest = "{}", .manifest_len = 2, .config = config, .config_len = strlen(config),
			    .media_type = "m", .diff_ids = diff_ids, .name = name, .repo_digest = "r@sha256:1" }, &image, err);
}

static inline int fixture_fill(struct store *store, struct err *err)
{
	if (fixture_put(store, "docker.io/library/one:1", "{\"one\":1}", LAYER_ONE, err) < 0)
		return -1;
	return fixture_put(store, "docker.io/library/two:1", "{\"two\":2}", LAYER_TWO, err);
}

struct fixture_count {
	int damage, left;
	bool loud;
};

static inline void fixture_count_one(const struct check_finding *f, void *data)
{
	struct fixture_count *count = data;
	if (f->grade == CHECK_DAMAGE)
		count->damage++;
	else
		count->left++;
	if (count->loud)
		fprintf(stderr, "%s %s: %s\n", store_kind_word(f->kind), f->id, f->text);
}

static inline int fixture_undamaged(struct store *store, struct err *err)
{
	struct fixture_count count = { .loud = true };
	if (store_check(store, 0, fixture_count_one, &count, err) < 0)
		return -1;
	return count.damage ? err_set(err, ERR_CORRUPT, "damage after a fault") : 0;
}

static inline void fixture_new(void)
{
	const char *dir = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(fixture_root, sizeof(fixture_root), "%s/cpod-store-XXXXXX", dir);
	assert_non_null(mkdtemp(fixture_root));
	assert_int_equal(fixture_run(fixture_fill, NULL, NULL), 0);
}

static inline void fixture_drop(void)
{
	int status;
	pid_t pid = fork(); /* a child: the parent must not have read CPOD_FAULT yet */
	if (pid == 0)
		_exit(file_remove_tree(AT_FDCWD, fixture_root) < 0);
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0);
}
