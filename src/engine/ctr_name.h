/* ctr_name.h - names for containers that were given none: "quiet_harbour".
 */
#pragma once

char *ctr_name_random_dup(void);
