/* image_db_priv.h - between image_db.c and image_db_remove.c.
 */
#pragma once

#include "codec/digest.h"
#include "storage/image_db.h"

/* The record of one image, without its names. */
int image_db_read(struct store *store, const char *id, struct image **ret, struct err *err) must_check;
