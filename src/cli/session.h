/* session.h - what most commands begin and end with: the engine, and errors of one object among several.
 * Owner:  engine_close the engine.
 */
#pragma once

#include "cli/command.h"
#include "codec/json_out.h"
#include "engine/engine.h"

int session_open(const struct cli *cli, enum engine_need need, struct engine **ret, struct err *err) must_check;
/* To look, knowing where events are. */
int session_open_events(const struct cli *cli, struct engine **ret, struct err *err) must_check;

/* --since and the like: a moment, or how long ago; 0 without a text. */
int session_time(const char *flag, const char *text, int64_t *ret_ns, struct err *err) must_check;
/* --until: the same, but a duration lies ahead. */
int session_until(const char *text, int64_t *ret_ns, struct err *err) must_check;

/* One failure among several objects: printed now, the others go on. Keeps the first exit code in *code and clears err. */
void session_report(struct err *err, int *code);
/* The question of prune; false without -f when the answer is no. ERR_USAGE at the end of input. */
int session_confirm(const char *warning, bool *ret_yes, struct err *err) must_check;
/* Is standard output a terminal that shows colours, and does nobody mind (NO_COLOR)? */
bool session_in_colour(void);
/* Writes all of it to standard output. */
void session_put(const char *text);
/* And a line's end. */
void session_put_json(const struct json *value, const struct json_style *style);
