/* doctor_priv.h - the checks of doctor, and what they share. For this room's doctor files and their tests only.
 */
#pragma once

#include "engine/doctor.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The host as checks see it: files below root_fd, so that tests can show another one. */
struct doctor_host {
	int root_fd;
	bool rootless;
	uid_t uid;
	const char *user; /* name or number */
	const char *graphroot, *runroot;
};

enum doctor_who { DOCTOR_EVERYBODY, DOCTOR_USER, DOCTOR_ROOT };

struct doctor_check {
	const char *name, *subject;
	enum doctor_who who;
	void (*look)(const struct doctor_host *host, struct doctor_finding *finding);
};

/* What a check ends with. fix: a format for the same arguments' second half would be unreadable, so it is a text, borrowed. */
void doctor_fine(struct doctor_finding *f, const char *text, ...) __attribute__((format(printf, 2, 3)));
void doctor_hint(struct doctor_finding *f, const char *fix, const char *text, ...) __attribute__((format(printf, 3, 4)));
void doctor_broken(struct doctor_finding *f, const char *fix, const char *text, ...) __attribute__((format(printf, 3, 4)));

/* A small file of the host without its last newline, owned; NULL when it cannot be read. path: relative ("proc/uptime"). */
char *doctor_read_dup(const struct doctor_host *host, const char *path);
/* The number it holds, or otherwise. */
int64_t doctor_number(const struct doctor_host *host, const char *path, int64_t otherwise);
bool doctor_has(const struct doctor_host *host, const char *path);
/* Runs probe in a child and gives what it returned: 0 or -errno. */
int doctor_probe(int (*probe)(const void *arg), const void *arg);

/* doctor_host.c */
void doctor_kernel(const struct doctor_host *host, struct doctor_finding *f);
void doctor_clock(const struct doctor_host *host, struct doctor_finding *f);
void doctor_inotify(const struct doctor_host *host, struct doctor_finding *f);
void doctor_keys(const struct doctor_host *host, struct doctor_finding *f);
void doctor_cgroup(const struct doctor_host *host, struct doctor_finding *f);
void doctor_cgroup_user(const struct doctor_host *host, struct doctor_finding *f);
/* doctor_user.c */
void doctor_userns(const struct doctor_host *host, struct doctor_finding *f);
void doctor_subids(const struct doctor_host *host, struct doctor_finding *f);
void doctor_idmap_helpers(const struct doctor_host *host, struct doctor_finding *f);
void doctor_proc(const struct doctor_host *host, struct doctor_finding *f);
void doctor_runtime_dir(const struct doctor_host *host, struct doctor_finding *f);
void doctor_linger(const struct doctor_host *host, struct doctor_finding *f);
/* doctor_store.c */
void doctor_filesystem(const struct doctor_host *host, struct doctor_finding *f);
void doctor_overlay(const struct doctor_host *host, struct doctor_finding *f);
void doctor_space(const struct doctor_host *host, struct doctor_finding *f);
/* doctor_net.c */
void doctor_pasta(const struct doctor_host *host, struct doctor_finding *f);
void doctor_low_ports(const struct doctor_host *host, struct doctor_finding *f);
void doctor_nft(const struct doctor_host *host, struct doctor_finding *f);
void doctor_programs(const struct doctor_host *host, struct doctor_finding *f);
void doctor_libraries(const struct doctor_host *host, struct doctor_finding *f);
