/* ctr_cdi.h - --device VENDOR/CLASS=NAME and --gpus: what CDI specifications say of these devices, done to a start's spec.
 * Errors: ERR_INVALID unresolvable devices; ERR_CMD_NOT_FOUND (COMPAT: exit code 127) a node the host does not have;
 *         ERR_UNSUPPORTED hooks, intelRdt and netDevices; ERR_LIBRARIES as conf_cdi_load.
 */
#pragma once

#include "engine/ctr_def.h"

struct engine;
struct spec;

/* The directories, from here on the container's own. ERR_LIBRARIES as ctr_cdi_need. */
int ctr_cdi_complete(const struct engine *engine, struct ctr_def *def, struct err *err) must_check;
/* Specifications may be YAML: before anything is begun that must not be begun twice. */
int ctr_cdi_need(const struct ctr_def *def, struct err *err) must_check;
int ctr_cdi_apply(const struct engine *engine, const struct ctr_def *def, struct spec *spec, struct err *err) must_check;
