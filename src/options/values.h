/* values.h - the grammars of values: one parser each, for the command line and whatever surface comes later.
 * Shape:  text → the engine's definition of a container (engine/ctr_def.h).
 * Errors: ERR_USAGE, in Podman's words where it has a sentence (COMPAT); ERR_UNSUPPORTED for forms not done yet.
 */
#pragma once

#include "engine/ctr_def.h"

/* [SOURCE:]TARGET[:OPTIONS]; a relative source is one of the caller's directory. */
int values_volume(struct ctr_def *def, const char *text, struct err *err) must_check;
/* type=bind|volume|tmpfs|devpts|ramfs|image|artifact|glob,src=…,dst=…,… */
int values_mount(struct ctr_def *def, const char *text, struct err *err) must_check;
/* TARGET[:OPTIONS] */
int values_tmpfs(struct ctr_def *def, const char *text, struct err *err) must_check;
/* [[IP:][HOST[-HOST]]:]CONTAINER[-CONTAINER][/PROTOCOL] */
int values_publish(struct ctr_def *def, const char *text, struct err *err) must_check;
/* PORT[-PORT][/PROTOCOL] → "80/tcp" lines */
int values_expose(struct ctr_def *def, const char *text, struct err *err) must_check;
/* NAME=SOFT[:HARD], host */
int values_ulimit(struct ctr_def *def, const char *text, struct err *err) must_check;
/* HOST[:CONTAINER][:rwm] */
int values_device(struct ctr_def *def, const char *text, struct err *err) must_check;
/* which: "device-read-bps" and the like, "blkio-weight-device"; /dev/PATH:NUMBER[UNIT] → "which /dev/PATH NUMBER" */
int values_io_limit(const char *which, char ***list, const char *text, struct err *err) must_check;
/* NAME[,type=mount|env][,target=PATH][,uid=N][,gid=N][,mode=OCTAL], or source=NAME among them */
int values_secret(struct ctr_def *def, const char *text, struct err *err) must_check;
/* none, host, private, bridge, pasta[:…], container:ID, ns:PATH, NAME */
int values_network(struct ctr_def *def, const char *text, struct err *err) must_check;
/* no, always, on-failure[:N], unless-stopped */
int values_restart(struct ctr_def *def, const char *text, struct err *err) must_check;
/* A mode of a namespace flag: which is "user", "pid", "ipc", "uts" or "cgroup". */
int values_namespace(const char *which, const char *text, char **field, struct err *err) must_check;
/* --retry-delay, at most an hour; text NULL: 0. */
int values_retry_delay(const char *text, unsigned *ret_ms, struct err *err) must_check;
/* OS/ARCH[/VARIANT], each part optional but the first. */
void values_platform(const char *text, char **os, char **arch, char **variant);
/* A size: 64m, 1.5g, 512; what: "invalid value for memory" and the like. */
int values_size(const char *what, const char *text, int64_t *ret, struct err *err) must_check;
/* KEY=VALUE with a key. */
bool values_has_key(const char *text);
