/* cgroup_state.h - is a container's group frozen? One file read, for listings.
 */
#pragma once

#include <stdbool.h>

bool cgroup_state_frozen(const char *cgroup);
