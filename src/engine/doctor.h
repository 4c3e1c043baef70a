/* doctor.h - what of this host keeps cpod from working well, and the one line that mends it.
 * Shape:  a check is a row of a table; a look at the host fills a finding a row. Nothing is changed: what is made for a try
 *         (a directory beside the store, a namespace of a child) is gone again.
 * Owner:  doctor_findings_free.
 * Errors: none of a check's: a check that fails to look says so as its finding.
 */
#pragma once

#include "base/err.h"
#include "engine/engine.h"

#include <stddef.h>
#include <stdint.h>

enum doctor_state {
	DOCTOR_FINE,
	DOCTOR_HINT,   /* works, and could work better */
	DOCTOR_BROKEN, /* something people do with cpod fails here */
	DOCTOR_STATE_COUNT
};

struct doctor_finding {
	const char *name;    /* "subordinate-ids" */
	const char *subject; /* "ids for the users of containers" */
	enum doctor_state state;
	char *text; /* what was found, one sentence */
	char *fix;  /* a command, or what to do, one line; NULL when fine */
};

const char *doctor_state_word(enum doctor_state state); /* "ok", "hint", "broken" */
/* Every check that is about this user, in order of the table; opts as for engine_open. */
int doctor_look(const struct engine_opts *opts, struct doctor_finding **ret, size_t *ret_count, struct err *err) must_check;
/* One check by its name, of the engine's store; false: there is none for this user. The finding's texts are the caller's. */
bool doctor_look_at(const struct engine *engine, const char *name, struct doctor_finding *ret);
/* From which on users may publish ports. */
int64_t doctor_first_port(void);
void doctor_findings_free(struct doctor_finding *findings, size_t count);
