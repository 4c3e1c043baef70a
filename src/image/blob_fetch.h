/* blob_fetch.h - one blob of a registry into a file, as it is.
 * Shape:  what breaks off is taken up where it stopped; the digest and the size tell if the server changed its mind.
 * Errors: those of registry.h, with "copying blob sha256:…" in front.
 */
#pragma once

#include "image/image.h"
#include "image/registry.h"

/* fd: an empty file. */
int blob_fetch(struct registry *registry, const char *digest, uint64_t size, int fd, const struct image_progress *progress,
	       struct err *err) must_check;
