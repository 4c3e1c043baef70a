/* events_priv.h - the parts of events: the file, the journal, what a reader wants.
 * Shape:  an event is a line of JSON (events.h), in the journal too while it is on its way.
 */
#pragma once

#include "engine/events.h"

struct engine;
struct json;

char *events_dir_dup(const struct engine *engine); /* of the file; owned */
const char *events_name(const struct engine *engine);

/* events_journal.c: -errno */
int events_journal_send(const struct engine *engine, const char *lines);
/* What the monitor needs to say that a container died, from the line of such an event. */
void events_journal_words(const struct engine *engine, const char *line, char ***words);

struct events_reader {
	const struct events_opts *opts;
	int (*cb)(void *ctx, const struct json *event);
	void *ctx;
};
/* events_read.c: to the caller, where the options want it; what the caller says. */
int events_read_take(const struct events_reader *r, struct json *event);
int events_read_ms_left(const struct events_reader *r); /* -1: no end, 0: it is there */
bool events_read_only_new(const struct events_opts *opts);
int events_journal_read(const struct engine *engine, const struct events_reader *r, struct err *err) must_check;
