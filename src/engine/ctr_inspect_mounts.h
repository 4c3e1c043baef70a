/* ctr_inspect_mounts.h - a container's mounts as inspect shows them. COMPAT: Podman's members and words, which are of three kinds.
 */
#pragma once

#include "engine/ctr_def.h"
#include "engine/engine.h"

struct json;

/* Mounts */
struct json *ctr_inspect_mounts_new(struct engine *engine, const struct ctr_def *def);
/* Binds and Tmpfs of HostConfig */
void ctr_inspect_mounts_set(struct json *o, const struct ctr_def *def);
