/* images_parent.h - images that others were built on. A layer is no image here, so this store has none; Podman's has one for each step of a build.
 */
#pragma once

#include "engine/engine.h"

#include <stddef.h>

struct image;

/* COMPAT: without a name, and another of its store has its layers and its history below its own. */
bool images_is_intermediate(struct engine *engine, struct image *const *images, size_t count, const struct image *image);
