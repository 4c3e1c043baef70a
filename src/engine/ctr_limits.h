/* ctr_limits.h - what a definition asks of its control group.
 * Owner:  the result borrows from the definition.
 */
#pragma once

#include "engine/ctr_def.h"
#include "host/cgroup.h"

void ctr_limits_read(const struct ctr_def *def, struct cgroup_limits *ret);
