/* ctr_check.h - words that are known but not done, or not possible together: refused when a container is created.
 * Errors: ERR_UNSUPPORTED, ERR_USAGE.
 */
#pragma once

#include "engine/ctr_def.h"

struct engine;
/* Once the health check is known. */
int ctr_check_sdnotify(const struct ctr_def *def, struct err *err) must_check;
int ctr_check(const struct engine *engine, const struct ctr_def *def, struct err *err) must_check;
