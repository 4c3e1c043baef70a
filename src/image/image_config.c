/* image_config.c - see image_config.h */
#include "image/image_config.h"

#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "codec/json_parse.h"
#include "codec/shape.h"
#include "image/ref.h"

enum { HISTORY_MAX = 4 * LIMIT_LAYERS };

/* COMPAT: every member is matched in any case, as the reference reads it */
static const struct shape_field health_fields[] = {
	SHAPE_STRV(struct image_health, test, "Test", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_I64(struct image_health, interval_ns, "Interval", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_I64(struct image_health, timeout_ns, "Timeout", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_I64(struct image_health, start_period_ns, "StartPeriod", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_I64(struct image_health, start_interval_ns, "StartInterval", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_INT(struct image_health, retries, "Retries", .rule = SHAPE_OMIT_EMPTY),
};
static const struct shape health_shape = SHAPE(struct image_health, "HealthConfig", health_fields, .any_case = true);

static const struct shape_field run_fields[] = {
	SHAPE_STRING(struct image_run, user, "User", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_SET(struct image_run, exposed_ports, "ExposedPorts", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRV(struct image_run, env, "Env", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRV(struct image_run, entrypoint, "Entrypoint", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRV(struct image_run, cmd, "Cmd", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_SET(struct image_run, volumes, "Volumes", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct image_run, working_dir, "WorkingDir", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_MAP(struct image_run, labels, "Labels", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct image_run, stop_signal, "StopSignal", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_POINTER(struct image_run, health, "Healthcheck", struct image_health, &health_shape, .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRV(struct image_run, on_build, "OnBuild", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRV(struct image_run, shell, "Shell", .rule = SHAPE_OMIT_EMPTY),
};
static const struct shape run_shape = SHAPE(struct image_run, "ImageConfig", run_fields, .any_case = true);

static const struct shape_field history_fields[] = {
	SHAPE_TIME(struct image_history, created_ns, "created", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct image_history, created_by, "created_by", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct image_history, author, "author", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct image_history, comment, "comment", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_BOOL(struct image_history, empty_layer, "empty_layer", .rule = SHAPE_OMIT_EMPTY),
};
static const struct shape history_shape = SHAPE(struct image_history, "History", history_fields, .any_case = true);

static const struct shape_field rootfs_fields[] = {
	SHAPE_STRING(struct image_rootfs, type, "type", .rule = SHAPE_REQUIRED),
	SHAPE_STRV(struct image_rootfs, diff_ids, "diff_ids"),
};
static const struct shape rootfs_shape = SHAPE(struct image_rootfs, "RootFS", rootfs_fields, .any_case = true);

static const struct shape_field config_fields[] = {
	SHAPE_TIME(struct image_config, created_ns, "created", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct image_config, author, "author", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct image_config, comment, "comment", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct image_config, architecture, "architecture"),
	SHAPE_STRING(struct image_config, os, "os"),
	SHAPE_STRING(struct image_config, variant, "variant", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRING(struct image_config, os_version, "os.version", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_STRUCT(struct image_config, run, "config", struct image_run, &run_shape),
	SHAPE_STRUCT(struct image_config, rootfs, "rootfs", struct image_rootfs, &rootfs_shape, .rule = SHAPE_REQUIRED),
	SHAPE_ARRAY(struct image_config, history, history_count, "history", struct image_history, &history_shape),
};
static const struct shape config_shape = SHAPE(struct image_config, "Image", config_fields, .any_case = true);

void image_config_done(struct image_config *config)
{
	shape_done(&config_shape, config);
}

static int check_layers(const struct image_config *c, struct err *err)
{
	size_t count = strv_len(c->rootfs.diff_ids), told = 0;

	if (!str_eq(c->rootfs.type, "layers"))
		return err_set(err, ERR_INVALID, "member 'rootfs.type' is not \"layers\"");
	if (count > LIMIT_LAYERS)
		return err_set(err, ERR_LIMIT, "there are more than %d layers", LIMIT_LAYERS);
	for (size_t i = 0; i < count; i++)
		if (!ref_digest_valid(c->rootfs.diff_ids[i]))
			return err_set(err, ERR_INVALID, "the diff-id '%.100s' is malformed", c->rootfs.diff_ids[i]);
	if (c->history_count > HISTORY_MAX)
		return err_set(err, ERR_LIMIT, "the history has more than %d lines", HISTORY_MAX);
	for (size_t i = 0; i < c->history_count; i++)
		told += !c->history[i].empty_layer;
	/* SPEC config.md: history is optional, but what it tells of layers must be true */
	if (c->history_count && told != count)
		return err_set(err, ERR_INVALID, "the history tells of %zu layers, but there are %zu", told, count);
	return 0;
}

static int check_run(const struct image_run *run, struct err *err)
{
	for (char *const *e = run->env; e && *e; e++)
		if (!**e || **e == '=')
			return err_set(err, ERR_INVALID, "'%.100s' of 'config.Env' is no variable", *e);
	return 0;
}

int image_config_parse(const char *data, size_t len, struct image_config *ret, struct err *err)
{
	auto_val(image_config) config = { 0 };

	if (len > LIMIT_MANIFEST_BYTES)
		return err_set(err, ERR_LIMIT, "the image configuration is larger than %d bytes", LIMIT_MANIFEST_BYTES);
	if (shape_parse(&config_shape, data, len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &config, err) < 0 ||
	    check_layers(&config, err) < 0 || check_run(&config.run, err) < 0)
		return err_wrap(err, "parsing image configuration");
	*ret = config;
	config = (struct image_config){ 0 };
	return 0;
}

void image_config_write(const struct image_config *config, struct str *out)
{
	shape_write(&config_shape, config, out, NULL);
}
