/* explain.h - what a container is, or would be: each value, and who said it.
 * Shape:  sections of rows, the maps of its ids, and what this host will not hold it to. Nothing is decided here: the definition is
 *         what ctr_prepare made of the words, the rest what ctr_spec_build makes of it, both on an engine that looks (ENGINE_LOOK).
 * Owner:  explain_free.
 * Errors: those a start would end with.
 */
#pragma once

#include "engine/ctr.h"
#include "engine/origins.h"

enum explain_part {
	EXPLAIN_IMAGE,
	EXPLAIN_COMMAND,
	EXPLAIN_ENVIRONMENT,
	EXPLAIN_NAMESPACES,
	EXPLAIN_MOUNTS, /* in the order in which they are made */
	EXPLAIN_DEVICES,
	EXPLAIN_CAPABILITIES,
	EXPLAIN_CONFINEMENT,
	EXPLAIN_LIMITS,
	EXPLAIN_NETWORK,
	EXPLAIN_LIFE,
	EXPLAIN_LABELS,
	EXPLAIN_PART_COUNT
};

struct explain_row {
	char *name, *value;
	struct origin from;
};

struct explain_section {
	struct explain_row *rows;
	size_t count;
};

/* count ids from `inside` on: of the container, of the namespace in which cpod works, of the host. */
struct explain_ids {
	uint32_t inside, ours, host, count;
};
struct explain_map {
	struct explain_ids *rows;
	size_t count;
};

struct explain_gap {
	char *what, *why, *way_out; /* way_out "": none is known */
	bool refused; /* a start ends with it; else it goes on without */
};

struct explain {
	struct explain_section parts[EXPLAIN_PART_COUNT];
	struct explain_map uids, gids;
	struct explain_gap *gaps;
	size_t gap_count;
};

const char *explain_part_word(enum explain_part part); /* "Namespaces" */
/* origins NULL: nobody knows who said what, the rows are of ORIGIN_DEFINITION. */
int explain_new(struct engine *engine, struct ctr *ctr, const struct origins *origins, struct explain **ret, struct err *err) must_check;
void explain_free(struct explain *x);
AUTO_PTR(explain, explain_free);
/* Rows that are the same in both have the same origin: of a container that is there, and of the words that made it. */
void explain_take_origins(struct explain *x, const struct explain *words);
struct json *explain_json_new(const struct explain *x);
