/* images_search.h - search: what registries have, and the tags of a repository. No store is needed.
 * Owner:  images_search_done.
 * Errors: one sentence of all registries that could not be asked; ERR_USAGE a filter nobody knows.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

struct images_search_opts {
	const char *authfile, *creds, *cert_dir;
	bool tls_verify, tags, full_text;
	size_t limit; /* 0: 25 */
	char *const *filters;
};
struct images_search_row {
	char *index, *name, *description, *tag;
	int stars;
	bool official, automated;
};
struct images_search {
	struct images_search_row *rows;
	size_t count;
};
int images_search(const char *term, const struct images_search_opts *opts, struct images_search *ret, struct err *err) must_check;
void images_search_done(struct images_search *search);
AUTO_VAL(images_search, images_search_done);
