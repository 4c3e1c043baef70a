/* ctr_fds.h - descriptors of the caller that a container's program gets under the same numbers.
 * Shape:  a list of numbers, -1 ends it; NULL: none.      Owner: free.
 * Call it before anything is opened: a number that is free then could become a descriptor of ours.
 * Errors: ERR_USAGE one is not open, or both flags are given; ERR_CMD_NOT_EXECUTABLE (126, as Podman's) 0 to 2.
 */
#pragma once

#include "base/err.h"

#include <stdint.h>

/* count: of --preserve-fds, from 3 on; words: of --preserve-fd. */
int ctr_fds_read(uint32_t count, char *const *words, int **ret, struct err *err) must_check;
