/* ctr_devices.h - --device, --device-cgroup-rule and --privileged: which nodes a container gets, and which its group may open.
 * Errors: ERR_NOT_FOUND no such device on the host; ERR_USAGE it is none.
 */
#pragma once

#include "engine/ctr_def.h"

struct engine;
struct spec;
struct spec_device;
struct stat;

/* Are there rules, which a device has to be allowed by? */
bool ctr_devices_ruled(const struct engine *engine, const struct ctr_def *def);
/* One node, of what st says; rule: with its rule. */
struct spec_device *ctr_devices_add(struct spec *spec, const char *source, const char *path, const char *access, const struct stat *st, bool rule);

int ctr_devices_build(const struct engine *engine, const struct ctr_def *def, struct spec *spec, struct err *err) must_check;
