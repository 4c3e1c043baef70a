/* ctr_inspect.h - `inspect`'s tree of a container, with Podman's members and types.
 */
#pragma once

#include "engine/ctr.h"

struct json;
/* size: SizeRw and SizeRootFs too. */
int ctr_inspect(struct engine *engine, const struct ctr *ctr, bool size, struct json **ret, struct err *err) must_check;
