/* ctr_specgen.h - a container as the JSON that Podman's API takes to make one (`generate spec`).
 * Shape:  COMPAT: the members, their order and their types, and what is left out, are Podman 5.8's: capabilities, security options,
 *         annotations, ports of the image, devices' rights and whatever else its generate spec does not tell is not told here either.
 * Owner:  ret is the caller's.
 */
#pragma once

#include "engine/ctr.h"

struct json;

/* name: of the container that is to be made. */
int ctr_specgen_new(const struct ctr *ctr, const char *name, struct json **ret, struct err *err) must_check;
