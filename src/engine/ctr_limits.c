#include "engine/ctr_limits.h"

enum { PIDS_DEFAULT = 2048 };

void ctr_limits_read(const struct ctr_def *def, struct cgroup_limits *ret)
{
	*ret = (struct cgroup_limits){
		.memory_bytes = def->memory_bytes,
		.memory_swap_bytes = def->memory_swap_bytes,
		.memory_reservation_bytes = def->memory_reservation_bytes,
		.cpu_quota_us = def->cpu_quota_us,
		.cpu_period_us = def->cpu_period_us,
		.cpu_shares = def->cpu_shares,
		.cpuset_cpus = def->cpuset_cpus && *def->cpuset_cpus ? def->cpuset_cpus : NULL,
		.cpuset_mems = def->cpuset_mems && *def->cpuset_mems ? def->cpuset_mems : NULL,
		.pids_max = def->pids_limit_set ? (def->pids_limit > 0 ? def->pids_limit : -1) : PIDS_DEFAULT,
		.pids_is_default = !def->pids_limit_set,
		.blkio_weight = (uint16_t)def->blkio_weight,
		.io = def->io_limits,
		.unified = def->cgroup_conf,
	};
}
