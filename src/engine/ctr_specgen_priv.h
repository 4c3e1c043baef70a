/* ctr_specgen_priv.h - the parts of ctr_specgen.c that are lists and objects of their own. NULL where there is nothing to tell.
 */
#pragma once

#include "codec/json.h"
#include "engine/ctr_def.h"

struct json *ctr_specgen_mounts_new(const struct ctr_def *def);	  /* binds, tmpfs, … */
struct json *ctr_specgen_overlays_new(const struct ctr_def *def);
struct json *ctr_specgen_volumes_new(const struct ctr_def *def);
struct json *ctr_specgen_images_new(const struct ctr_def *def);
struct json *ctr_specgen_secrets_new(const struct ctr_def *def);  /* those that are files */
struct json *ctr_specgen_secret_env_new(const struct ctr_def *def);
struct json *ctr_specgen_devices_new(const struct ctr_def *def);
int ctr_specgen_limits_new(const struct ctr_def *def, struct json **ret, struct err *err) must_check;
