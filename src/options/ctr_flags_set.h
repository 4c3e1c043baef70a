/* ctr_flags_set.h - values of create's and run's flags that are more than a plain store: flag → engine/ctr_opts.h.
 * Errors: as values.h.
 */
#pragma once

#include "options/flag.h"

#define CTR_SETTER(name) int name(const struct flag *flag, void *base, const char *value, struct err *err)
CTR_SETTER(ctr_flags_set_add_host);
CTR_SETTER(ctr_flags_set_annotation);
CTR_SETTER(ctr_flags_set_attach);
CTR_SETTER(ctr_flags_set_blkio_weight);
CTR_SETTER(ctr_flags_set_cgroups);
CTR_SETTER(ctr_flags_set_cgroup_conf);
CTR_SETTER(ctr_flags_set_device);
CTR_SETTER(ctr_flags_set_device_rule);
CTR_SETTER(ctr_flags_set_dns);
CTR_SETTER(ctr_flags_set_dropped);
CTR_SETTER(ctr_flags_set_env);
CTR_SETTER(ctr_flags_set_expose);
CTR_SETTER(ctr_flags_set_gpus);
CTR_SETTER(ctr_flags_set_image_volume);
CTR_SETTER(ctr_flags_set_io_limit);
CTR_SETTER(ctr_flags_set_ip);
CTR_SETTER(ctr_flags_set_label);
CTR_SETTER(ctr_flags_set_log_opt);
CTR_SETTER(ctr_flags_set_mac);
CTR_SETTER(ctr_flags_set_memory);
CTR_SETTER(ctr_flags_set_memory_swap);
CTR_SETTER(ctr_flags_set_mount);
CTR_SETTER(ctr_flags_set_namespace);
CTR_SETTER(ctr_flags_set_network);
CTR_SETTER(ctr_flags_set_platform);
CTR_SETTER(ctr_flags_set_publish);
CTR_SETTER(ctr_flags_set_pull);
CTR_SETTER(ctr_flags_set_restart);
CTR_SETTER(ctr_flags_set_retry_delay);
CTR_SETTER(ctr_flags_set_sdnotify);
CTR_SETTER(ctr_flags_set_seccomp_policy);
CTR_SETTER(ctr_flags_set_shm_size);
CTR_SETTER(ctr_flags_set_stop_timeout);
CTR_SETTER(ctr_flags_set_sysctl);
CTR_SETTER(ctr_flags_set_systemd);
CTR_SETTER(ctr_flags_set_tmpfs);
CTR_SETTER(ctr_flags_set_ulimit);
CTR_SETTER(ctr_flags_set_umask);
CTR_SETTER(ctr_flags_set_secret);
CTR_SETTER(ctr_flags_set_volume);
