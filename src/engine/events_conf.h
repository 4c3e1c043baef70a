/* events_conf.h - where events go: what containers.conf and --events-backend come to.
 * Shape:  a file, one event a line: events.jsonl of the store, or events_logfile_path. When it has grown beyond its bound it becomes NAME.1, of
 *         which there is one. Or the systemd journal. Or nowhere.
 * Owner:  events_conf_done.
 * Errors: ERR_INVALID a value of containers.conf; ERR_USAGE the flag's.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

struct conf_containers;

enum events_backend { EVENTS_FILE, EVENTS_JOURNALD, EVENTS_NONE };

struct events_conf {
	enum events_backend backend;
	char *path;	   /* of the file; NULL: the store's own */
	int64_t max_bytes; /* of it; 0: no bound */
	bool no_health;	   /* of health checks nothing is said */
	bool with_inspect; /* "create" says what inspect would */
};
void events_conf_done(struct events_conf *conf);
AUTO_VAL(events_conf, events_conf_done);

const char *events_conf_word(enum events_backend backend);
/* word: of --events-backend, or NULL. Then what events_logger says does not count. */
int events_conf_read(const struct conf_containers *files, const char *word, struct events_conf *ret, struct err *err) must_check;
