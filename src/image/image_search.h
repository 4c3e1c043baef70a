/* image_search.h - what a registry has: repositories whose name holds a word, and the tags of one.
 * Shape:  a registry with Docker's search (/v1/search) answers with descriptions; another lists its catalogue (/v2/_catalog),
 *         and the names are looked through here.
 * Owner:  image_found_done.
 * Errors: those of registry.h; ERR_INVALID an answer that is not such JSON; ERR_LIMIT pages without end.
 * Spec:   distribution-spec 1.1, Listing tags; Docker's registry v1 search.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

struct image_search_opts {
	const char *authfile, *creds, *cert_dir;
	bool insecure;
	int retries; /* as for a pull */
	size_t limit;
};
struct image_found_row {
	char *name;	   /* without the registry; a tag, of tags */
	char *description; /* one line, as far as a terminal may see it */
	int stars;
	bool official, automated;
};
struct image_found {
	struct image_found_row *rows;
	size_t count;
};
void image_found_done(struct image_found *found);
AUTO_VAL(image_found, image_found_done);

int image_search(const char *registry, const char *term, const struct image_search_opts *opts, struct image_found *ret,
		 struct err *err) must_check;
/* name: "host[:port]/path" */
int image_search_tags(const char *name, const struct image_search_opts *opts, struct image_found *ret, struct err *err) must_check;
