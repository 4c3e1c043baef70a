/* secret_driver.h - where the bytes of secrets lie: in the store (file), with gpg (pass), or wherever four commands put them (shell).
 * Shape:  file: `data` in the secret's directory, mode 0600. pass: <root>/<id>.gpg, options root, key, gpghomedir. shell: the
 *         options list, lookup, store and delete are lines for /bin/sh, with SECRET_ID in the environment; data comes by standard
 *         input and leaves by standard output, never by a word of a command line.
 * Owner:  secret_data_done overwrites the bytes, then frees them.
 * Errors: ERR_USAGE for a driver or option that is none; ERR_NOT_FOUND where the driver has no such data; ERR_INVALID its size.
 */
#pragma once

#include "engine/secret_record.h"

struct secret_data {
	char *bytes; /* NUL-terminated beyond len */
	size_t len;
};
void secret_data_done(struct secret_data *data);
AUTO_VAL(secret_data, secret_data_done);
/* More than none, and less than the maximum. */
int secret_data_check(const struct secret_data *data, struct err *err) must_check;
/* Everything a descriptor gives; stops beyond the maximum, which secret_data_check then tells. -errno. */
int secret_data_read(int fd, struct secret_data *ret) must_check;

/* Is there such a driver, and do its options make sense? */
int secret_driver_check(const struct secret *secret, struct err *err) must_check;
/* dir_fd: the secret's directory, still being made. */
int secret_driver_store(const struct secret *secret, int dir_fd, const struct secret_data *data, struct err *err) must_check;
int secret_driver_lookup(struct engine *engine, const struct secret *secret, struct secret_data *ret, struct err *err) must_check;
/* What lies outside the store. */
int secret_driver_delete(const struct secret *secret, struct err *err) must_check;
