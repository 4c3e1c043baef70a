/* shape_priv.h - where a row's value lies in its struct. For shape*.c only. */
#pragma once

#include "codec/shape.h"

#include <stdint.h>

#define SHAPE_ZERO_TIME "0001-01-01T00:00:00Z"
enum { SHAPE_EPOCH = 1 };

static inline void *shape_slot(const struct shape_field *f, const void *obj)
{
	return (void *)((uintptr_t)obj + f->offset);
}

static inline char **shape_string(const struct shape_field *f, const void *obj)
{
	return shape_slot(f, obj);
}

static inline char ***shape_strv(const struct shape_field *f, const void *obj)
{
	return shape_slot(f, obj);
}

static inline size_t *shape_count(const struct shape_field *f, const void *obj)
{
	return (size_t *)((uintptr_t)obj + f->count_offset);
}
