/* ctr_name.h - names of containers and volumes: what one may be, and one for those that were given none ("quiet_harbour").
 */
#pragma once

#include <stdbool.h>

/* [a-zA-Z0-9][a-zA-Z0-9_.-]*, at most 255. */
bool ctr_name_valid(const char *name);
char *ctr_name_random_dup(void);
