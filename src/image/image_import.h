/* image_import.h - a tar archive of a root file system becomes an image of one layer.
 * Shape:  the archive may be plain or compressed, and comes from a descriptor (a file, a pipe) or over HTTP; it is unpacked as it is
 *         read, in the jail of every layer. The configuration is what `run` says, with one line of history.
 * Errors: those of storage/layer.h and http_client.h.
 */
#pragma once

#include "image/image.h"

struct image_import_opts {
	const struct image_run *run;
	const char *os, *arch, *variant; /* NULL: this host's, no variant */
	const char *message;		 /* NULL: "imported from tarball" */
	const char *name;		 /* a full reference, or NULL */
	int64_t created_ns;
	const struct image_progress *progress;
};
/* what: its name in sentences. */
int image_import(struct store *store, int in_fd, const char *what, const struct image_import_opts *opts, struct image **ret,
		 struct err *err) must_check;
/* The same from "http://…" or "https://…". */
int image_import_url(struct store *store, const char *url, const struct image_import_opts *opts, struct image **ret,
		     struct err *err) must_check;
