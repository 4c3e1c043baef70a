/* conf_registries_d.h - where the signatures of a registry's images lie: registries.d.
 * Shape:  every *.yaml of the directory given, or of $HOME/.config/containers/registries.d when that is there, or else of
 *         /etc/containers/registries.d: default-docker, and docker with a section for each scope (host, namespace, repository,
 *         image); the nearest counts, alone. Members: lookaside, lookaside-staging (also by their old names sigstore and
 *         sigstore-staging), use-sigstore-attachments.
 * Owner:  struct conf_signatures by conf_signatures_done.
 * Errors: ERR_INVALID naming the file: no YAML, an unknown member, a section that two files have; ERR_LIMIT.
 * Spec:   containers-registries.d(5).
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>

enum { CONF_REGISTRIES_D_FILES_MAX = 256 };

struct conf_signatures {
	char *file;  /* that says so; NULL: nothing does, the place is the usual one */
	char *scope; /* the section; NULL: default-docker */
	char *lookaside, *staging; /* URLs; NULL: none */
	bool attachments;	   /* signatures lie in the registry itself */
};
void conf_signatures_done(struct conf_signatures *where);
AUTO_VAL(conf_signatures, conf_signatures_done);

/* dir: --registries.d; NULL: the places above. name: "host[:port]/path[:tag]". */
int conf_registries_d_find(const char *dir, const char *name, struct conf_signatures *ret, struct err *err) must_check;
