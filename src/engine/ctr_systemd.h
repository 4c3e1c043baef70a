/* ctr_systemd.h - a container whose program is systemd (COMPAT: Podman's --systemd).
 * Shape:  decided when the container is made: --systemd=always, or true (the default) and a program that is systemd by its
 *         path. Such a container has tmpfs on the directories systemd wants empty, a cgroup it may write, SIGRTMIN+3 as its
 *         stop signal, and container_uuid in its environment.
 */
#pragma once

#include "engine/ctr_def.h"

struct spec;

/* After command, user and the image's stop signal are known. */
void ctr_systemd_complete(struct ctr_def *def);
/* Mount points beside those that were asked for; end with NULL. */
extern const char *const ctr_systemd_tmpfs[];
/* The options of those mounts, owned. */
char *ctr_systemd_options_dup(const struct ctr_def *def);
/* container_uuid=…, unless the environment has one. */
void ctr_systemd_env(const struct ctr_def *def, char ***env);
