/* volume_record.h - what is known about one volume, as it lies in volume.json.
 * Shape:  {"name":…,"driver":"local","created_ns":…,"anonymous":…,"owner":…,"labels":{…},"options":{…},"uid":…,"gid":…}
 * Owner:  volume_free, volume_list_free.
 * Errors: ERR_NOT_FOUND, ERR_CORRUPT; ERR_USAGE where options make no sense, ERR_UNSUPPORTED where they are not done.
 */
#pragma once

#include "engine/engine.h"

#include <stdint.h>

struct json;

enum volume_kind {
	VOLUME_PLAIN, /* files below _data */
	VOLUME_BIND,  /* a directory of the host's: type=none or bind, o=bind, device=… */
	VOLUME_TMPFS, /* a fresh tmpfs for the container that uses it */
};

struct volume {
	char *name, *owner;   /* owner: the container an anonymous one goes with, or NULL */
	int64_t created_ns;
	bool anonymous;
	char **labels, **options; /* KEY=VALUE, each key once */
	uint32_t uid, gid;    /* of _data; 0 is also "not said" */
	bool owned;	      /* uid or gid was said, by flag or option: nobody changes it */
};
void volume_free(struct volume *volume);
AUTO_PTR(volume, volume_free);
void volume_list_free(struct volume **list, size_t count);

struct json *volume_record_new(const struct volume *volume);
int volume_record_from(const struct json *record, struct volume **ret, struct err *err) must_check;
int volume_record_read(struct engine *engine, const char *name, struct volume **ret, struct err *err) must_check;

/* Takes the words of --opt: knows them, or says why not. Fills options, uid, gid, owned. */
int volume_record_options(struct volume *volume, char *const *words, struct err *err) must_check;
/* What the options make of it. */
enum volume_kind volume_record_kind(const struct volume *volume);
/* The value of an option, or NULL. */
const char *volume_record_option(const struct volume *volume, const char *key);
