/* image_config.h - the configuration of an image: what to run, and the diff-ids of its layers.
 * Shape:  the JSON of OCI image-spec 1.1 config.md and of Docker's schema 2, which have the same members.
 * Owner:  struct image_config owns everything; image_config_done leaves it zeroed.
 * Units:  nanoseconds.
 * Errors: ERR_INVALID not JSON, a member of the wrong kind, a diff-id that is no digest, history and layers that disagree.
 *         ERR_LIMIT too large.
 * Spec:   OCI image-spec 1.1, config.md. Members nobody knows are ignored, as it demands.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image_health {
	char **test; /* {} inherit, {"NONE"}, {"CMD", …}, {"CMD-SHELL", …} */
	int64_t interval_ns, timeout_ns, start_period_ns, start_interval_ns;
	int retries;
};

struct image_run {
	char *user;
	char **env; /* KEY=VALUE, as written */
	char **entrypoint, **cmd;
	char *working_dir;
	char **volumes;	      /* paths */
	char **exposed_ports; /* "80/tcp" */
	char **labels;	      /* KEY=VALUE */
	char *stop_signal;
	struct image_health *health; /* NULL: none */
	char **on_build;
	char **shell;
};

struct image_history {
	int64_t created_ns;
	char *created_by, *author, *comment;
	bool empty_layer;
};

struct image_rootfs {
	char *type; /* "layers" */
	char **diff_ids;
};

struct image_config {
	int64_t created_ns; /* 0: not told */
	char *author, *comment; /* comment: Docker's */
	char *os, *architecture, *variant, *os_version;
	struct image_run run; /* member "config" */
	struct image_rootfs rootfs;
	struct image_history *history;
	size_t history_count;
};
void image_config_done(struct image_config *config);
AUTO_VAL(image_config, image_config_done);

/* From bytes nobody has looked at. */
int image_config_parse(const char *data, size_t len, struct image_config *ret, struct err *err) must_check;

struct str;
/* The JSON of one that was made here. */
void image_config_write(const struct image_config *config, struct str *out);
