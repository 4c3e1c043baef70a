/* ctr_devices.h - --device, --device-cgroup-rule and --privileged: which nodes a container gets, and which its group may open.
 * Errors: ERR_NOT_FOUND no such device on the host; ERR_USAGE it is none.
 */
#pragma once

#include "engine/ctr_def.h"

struct engine;
struct spec;

int ctr_devices_build(const struct engine *engine, const struct ctr_def *def, struct spec *spec, struct err *err) must_check;
