/* ctr_complete.h - what creating adds to the words: the image's configuration, environment files, defaults.
 * Errors: ERR_USAGE words that make no sense together; ERR_NOT_FOUND a file that is not there.
 */
#pragma once

#include "engine/ctr_opts.h"
#include "engine/engine.h"

struct image_config;

/* Members of opts->origins that are no flag's: the image, the words to run, variables and labels from elsewhere than a flag of their own. */
#define CTR_COMPLETE_IMAGE "image"
#define CTR_COMPLETE_VARIABLE "variable"
#define CTR_COMPLETE_LABEL "image label"
#define CTR_COMPLETE_COMMAND "command"
#define CTR_COMPLETE_CONF_ENV "env of containers.conf"
#define CTR_COMPLETE_CONF_CAPS "capabilities of containers.conf"

/* Environment, labels, command, user, volumes … of the image, below what the flags said. config NULL: a root file system. */
int ctr_complete(struct engine *engine, struct ctr_opts *opts, const struct image_config *config, struct err *err) must_check;
/* --cpus, and what a limit of memory says of swap. */
int ctr_complete_limits(struct ctr_opts *opts, struct err *err) must_check;
/* KEY=VALUE, KEY (the caller's) and KEY* words over a list. */
void ctr_complete_env(char ***env, char *const *words);
/* Lines KEY=VALUE or KEY of a file, '#' comments. */
int ctr_complete_env_file(char ***env, const char *path, struct err *err) must_check;
