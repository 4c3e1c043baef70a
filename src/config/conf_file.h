/* conf_file.h - the TOML files of the container tools: found, read, in the order in which a later one wins.
 * Shape:  a file that is not there, or that the user may not read, is none. Drop-ins are DIR/NAME.conf, by name.
 * Owner:  conf_files_done frees what was read.
 * Errors: ERR_INVALID a file that is no TOML, with its name and the line; ERR_LIMIT one larger than LIMIT_CONFIG_FILE_BYTES.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>

struct conf_file {
	char *path;
	struct json *doc;
	struct json *lines; /* dotted key → line, as toml_parse_lines tells */
};
struct conf_files {
	const char *what; /* "registries configuration", for sentences */
	struct conf_file *files;
	size_t count;
};
void conf_files_done(struct conf_files *files);
AUTO_VAL(conf_files, conf_files_done);

/* 1 read, 0 there is none. */
int conf_files_read(struct conf_files *files, const char *path, struct err *err) must_check;
/* The names of the drop-ins of a directory, sorted. */
void conf_files_names(const char *dir, char ***names);
int conf_files_read_dir(struct conf_files *files, const char *dir, struct err *err) must_check;
/* "$VARIABLE/containers/NAME", else "~/BELOW_HOME/containers/NAME"; NULL for who has no home. */
char *conf_user_path_dup(const char *variable, const char *below_home, const char *name);

/* The directory of a file that is about to be changed, made (0700) where it is missing, locked until ret_fd is closed. */
int conf_file_lock_dir(const char *path, int *ret_fd, struct err *err) must_check;
