/* ctr_files.h - the files the engine writes for a container: resolv.conf, hosts, hostname, localtime, .containerenv.
 * Shape:  <runroot>/containers/<id>/…, bound over the container's own unless a mount of the user covers them.
 */
#pragma once

#include "engine/ctr.h"

struct spec;

/* Adds them to the spec's files and writes those that are known before the network stands. */
int ctr_files_add(struct engine *engine, struct ctr *ctr, const char *run_path, struct spec *spec, struct err *err) must_check;
/* hosts and resolv.conf, once the addresses are known (ctr->status.net). */
int ctr_files_network(struct engine *engine, struct ctr *ctr, int run_dir_fd, struct err *err) must_check;
