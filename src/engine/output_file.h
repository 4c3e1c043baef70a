/* output_file.h - what a command writes: a file that has its name when it is whole, or standard output.
 * Life:   output_file_open → write to fd → output_file_end, whose word is the command's.
 * Errors: ERR_USAGE standard output is a terminal; ERR_SYSTEM.
 */
#pragma once

#include "base/err.h"

struct output_file {
	int fd;
	char *path, *part; /* NULL: standard output; a pipe or a device, written as it is */
};
/* path NULL: standard output. verb: "save", "export", for the sentence. */
int output_file_open(const char *path, const char *verb, struct output_file *ret, struct err *err) must_check;
/* rc: what came of the writing; negative: nothing of the file stays. Returns -1 with err when that, or the end of it, failed. */
int output_file_end(struct output_file *file, int rc, struct err *err) must_check;
