/* fuzz.h - what a target is: one function that is given bytes nobody has looked at, and aborts when a promise of a header is broken.
 * libFuzzer calls it (meson setup -Dfuzz=true), and fuzz_replay.c with seeds/<target>/ and what becomes of them. */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A failure is told, and nothing else is. */
static inline void fuzz_told(int result, const struct err *err)
{
	if ((result < 0) != (err->kind != ERR_NONE))
		abort();
}

/* The bytes as text; owned. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = mem_alloc(size + 1);
	memcpy(text, data, size);
	return text;
}
