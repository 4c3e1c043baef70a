/* conf_storage.h - storage.conf and --storage-opt: which additional image stores there are, and who said so.
 * Shape:  the first of these that is there: for users other than root their own containers/storage.conf, /etc/containers/storage.conf,
 *         /usr/share/containers/storage.conf. Then drop-ins of storage.conf.d and storage.rootful.conf.d (or storage.rootless.conf.d) in the same
 *         three places, all in the order of their names; of one name, the nearest to the user. A later one wins; an array with
 *         {append=true} is added to what there is. $CONTAINERS_STORAGE_CONF stands for all of these, $CONTAINERS_STORAGE_CONF_OVERRIDE
 *         comes last. $STORAGE_OPTS, words as --storage-opt has them with commas between, stands in for the files. `driver`, `graphroot` and `runroot` tell of Podman's own store, which is not ours, and change nothing here.
 * Owner:  conf_storage_done.
 * Errors: ERR_INVALID a file that is no TOML, a value of another type, a path that is not absolute: with file and line. ERR_NOT_FOUND a file that
 *         a variable names and that is not there. A key that is unknown, or not done, is a warning with file and line.
 * Spec:   containers-storage.conf(5).
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

struct conf_storage_place {
	char *path;   /* absolute */
	char *origin; /* "FILE:LINE", "--storage-opt": for sentences */
};
struct conf_storage {
	struct conf_storage_place *extra; /* additional image stores, in the order they are asked */
	size_t extra_count;
};
void conf_storage_done(struct conf_storage *conf);
AUTO_VAL(conf_storage, conf_storage_done);

/* What the files say. */
int conf_storage_read(bool rootless, struct conf_storage *ret, struct err *err) must_check;
/* What the words of --storage-opt say, [DRIVER.]KEY=VALUE: they stand in for the files. ERR_USAGE. */
int conf_storage_words(char *const *words, const char *origin, struct conf_storage *ret, struct err *err) must_check;
