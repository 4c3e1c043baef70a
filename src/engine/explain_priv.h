/* explain_priv.h - what the parts of an explanation share. For this room's explain files only.
 */
#pragma once

#include "engine/explain.h"
#include "runtime/spec.h"

struct explain_job {
	struct engine *engine;
	const struct ctr *ctr;
	const struct ctr_def *def;
	const struct spec *spec;
	const struct origins *origins;
	struct explain *out;
};

/* A row; from NULL: nobody said it. An empty value is no row. */
void explain_add(const struct explain_job *job, enum explain_part part, const char *name, const char *value, const struct origin *from);
/* A row that the flag of this name would say, with this key or "". */
void explain_add_flag(const struct explain_job *job, enum explain_part part, const char *name, const char *value, const char *flag, const char *key);
void explain_add_gap(const struct explain_job *job, const char *what, const char *why, const char *way_out, bool refused);
const struct origin *explain_origin(const struct explain_job *job, const char *flag, const char *key);

void explain_process(const struct explain_job *job);     /* image, command, environment, labels */
void explain_files(const struct explain_job *job);       /* mounts, devices */
void explain_confinement(const struct explain_job *job); /* namespaces, capabilities, seccomp and the like */
int explain_maps(const struct explain_job *job, struct err *err) must_check;
void explain_limits(const struct explain_job *job);
void explain_network(const struct explain_job *job);
void explain_life(const struct explain_job *job);
