/* ctr_health_words.h - what the words of --health-* and the image come to.
 * Errors: ERR_USAGE, in Podman's words.
 */
#pragma once

#include "engine/ctr_opts.h"

struct image_config;

/* update: what was said, on top of what def has. ret_changed: anything was. */
int ctr_health_change(struct ctr_opts *opts, bool *ret_changed, struct err *err) must_check;
int ctr_health_complete(struct ctr_opts *opts, const struct image_config *config /* or NULL */, struct err *err) must_check;
