/* ctr_health_words.h - what the words of --health-* and the image come to.
 * Errors: ERR_USAGE, in Podman's words.
 */
#pragma once

#include "engine/ctr_opts.h"

struct image_config;

int ctr_health_complete(struct ctr_opts *opts, const struct image_config *config /* or NULL */, struct err *err) must_check;
