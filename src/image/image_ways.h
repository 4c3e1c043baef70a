/* image_ways.h - what a pull of a word asks, and whom: decided here, before anybody is asked. image_pull goes these ways,
 * `explain pull` tells them.
 * Life:   image_names_find → of each name image_ways_find → of each way, when it is its turn, image_way_meet.
 * Owner:  each struct by its _done; a way is borrowed from its ways.
 * Errors: ERR_USAGE a word that stands for nothing, or for several where it may not be guessed; those of conf_registries.h
 *         and conf_auth.h. A blocked name is no failure here: conf_route_allows tells.
 */
#pragma once

#include "config/conf_auth.h"
#include "config/conf_registries.h"
#include "image/image.h"

/* What a word may mean, in the order in which it is tried. */
struct image_names {
	struct ref *refs; /* with everything filled in; a digest beside a tag has won */
	size_t count;	  /* never 0 */
	bool is_short;	  /* said tells why they are these */
	bool chosen;	  /* one of several, by a person */
	struct conf_names said;
};
void image_names_done(struct image_names *names);
AUTO_VAL(image_names, image_names_done);
int image_names_find(const char *word, struct image_names *ret, struct err *err) must_check;

/* Of several one is left when somebody can be asked (choose NULL: nobody), as short-name-mode has it; ERR_USAGE where it wants one. */
int image_names_settle(struct image_names *names, const char *word, image_choose *choose, struct err *err) must_check;

/* A place an image may come from. */
struct image_way {
	char *location; /* "host[:port]/path" */
	bool mirror, insecure;
	const char *passed_over; /* why it is not asked for this name; NULL: it is */
};
struct image_ways {
	struct image_way *rows; /* the mirrors, then the place itself; the first that has it gives it */
	size_t count;
	struct conf_route route;
};
void image_ways_done(struct image_ways *ways);
AUTO_VAL(image_ways, image_ways_done);
int image_ways_find(const struct ref *ref, struct image_ways *ret, struct err *err) must_check;

/* How one of them is met. */
struct image_meeting {
	struct ref where; /* of the location */
	char *place;	  /* "host/path:tag", "host/path@digest" */
	struct conf_auth auth;
	char *cert_dir; /* NULL: none */
	bool insecure;
};
void image_meeting_done(struct image_meeting *meeting);
AUTO_VAL(image_meeting, image_meeting_done);
int image_way_meet(const struct image_way *way, const struct ref *ref, const struct image_pull_opts *opts, struct image_meeting *ret,
		   struct err *err) must_check;
