/* secret_record.h - what is known about one secret, as it lies in secrets/<id>/secret.json; what it hides lies elsewhere.
 * Shape:  {"id":…,"name":…,"driver":"file","created_ns":…,"updated_ns":…,"labels":{…},"options":{…}}; with the driver file,
 *         `data` beside it holds the bytes (secret_driver.h). names/secret/<name> leads to the id: a record that its name does
 *         not lead to is one that a killed command left, and is no secret.
 * Owner:  secret_free, secret_list_free.
 * Errors: ERR_NOT_FOUND, ERR_CORRUPT.
 */
#pragma once

#include "engine/engine.h"

#include <stddef.h>
#include <stdint.h>

struct json;

enum { SECRET_ID_DIGITS = 25 }; /* COMPAT */

struct secret {
	char *id, *name, *driver;
	int64_t created_ns, updated_ns;
	char **labels, **options; /* KEY=VALUE, each key once */
};
void secret_free(struct secret *secret);
AUTO_PTR(secret, secret_free);
void secret_list_free(struct secret **list, size_t count);

struct json *secret_record_new(const struct secret *secret);
int secret_record_from(const struct json *record, struct secret **ret, struct err *err) must_check;
/* By its id, whatever its name leads to. */
int secret_record_load(struct engine *engine, const char *id, struct secret **ret, struct err *err) must_check;
/* By its id. ERR_NOT_FOUND also where its name leads elsewhere. */
int secret_record_read(struct engine *engine, const char *id, struct secret **ret, struct err *err) must_check;
/* The word of its name in names/secret: one that begins with a point is kept behind a '+', for such files are not names there. Owned. */
char *secret_record_name_dup(const char *name);
