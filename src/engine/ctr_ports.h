/* ctr_ports.h - published ports when a container is created: exposed ones, ranges, free host ports.
 * Errors: ERR_USAGE overlapping or impossible ports.
 */
#pragma once

#include "engine/ctr_def.h"
#include "engine/engine.h"

/* exposed: of the image, "80/tcp"; with publish_all they and def->expose get host ports. A host port of 0 becomes a free one. */
int ctr_ports_complete(struct engine *engine, struct ctr_def *def, char *const *exposed, struct err *err) must_check;
