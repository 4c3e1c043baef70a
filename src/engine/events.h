/* events.h - what happened, said by whoever did it: where to, says events_conf.h. In a file, one JSON object a line.
 * Shape:  {"Name":…,"ID":…,"Image":…,"Status":"start","Type":"container","Time":"…","time_ns":…,"UID":1000,
 *         "ContainerExitCode":0,"Attributes":{…}}; readers see "User":"alice" as well. Lines are appended in one write; readers skip what does not parse.
 * Errors: writing never fails a command; it is logged.
 */
#pragma once

#include "engine/ctr.h"

struct json;

void events_add_ctr(struct engine *engine, const struct ctr *ctr, const char *status);
struct ctr_health;
/* "health_status", with what it is now */
void events_add_health(struct engine *engine, const struct ctr *ctr, const struct ctr_health *health);
/* "init" and "start" */
void events_add_start(struct engine *engine, const struct ctr *ctr);
/* "create", with what inspect says where that was asked for */
void events_add_create(struct engine *engine, const struct ctr *ctr);
void events_add_image(struct engine *engine, const char *status, const char *id, const char *name);
void events_add_secret(struct engine *engine, const char *status, const char *id);
void events_add_volume(struct engine *engine, const char *status, const char *name);
/* The line of a container's event, without the newline; owned. The monitor gets the "died" line this way, as a template whose
 * time and exit code it fills in. */
char *events_ctr_line_dup(const struct ctr *ctr, const char *status);

int events_open_dir(const struct engine *engine); /* of the file, made where it was asked for; -errno */
/* How the monitor says that the container died. */
void events_monitor_words(const struct engine *engine, const struct ctr *ctr, char ***words);
/* "TIME container start ID (image=…, name=…)"; cut: 12 letters of the ID. */
void events_text(struct str *out, const struct json *event, bool cut);

struct events_opts {
	int64_t since_ns, until_ns; /* 0 not given */
	char *const *filters;	/* KEY=VALUE: container volume event image label type user … */
	bool stream;		/* go on waiting for new ones */
};
/* Calls back with each event; a non-zero result ends it. */
int events_read(struct engine *engine, const struct events_opts *opts, int (*cb)(void *ctx, const struct json *event),
		void *ctx, struct err *err) must_check;
