/* journal_read.h - entries of the systemd journal, read through libsystemd.
 * Shape:  a place between entries, or on one; next and previous move it. Only entries that have every field asked for are there.
 * Life:   journal_read_open → seek → next … → journal_read_close. To be told of more: poll journal_read_fd, then journal_read_look.
 * Owner:  journal_read_close. A field is borrowed until the place moves.
 * Units:  nanoseconds since 1970; the journal keeps microseconds. At most LIMIT_JOURNAL_FIELD_BYTES of a field.
 * Errors: ERR_DENIED the user may read none of its files; ERR_UNSUPPORTED no libsystemd here; ERR_LIBRARIES (base/dl.h).
 * Spec:   sd-journal(3); the symbols are of libsystemd.so.0, whose interface is stable.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>

struct journal_reader;

/* Sets are alternatives; of a set, "FIELD=value" all must hold. Each ends with NULL, at most two. */
int journal_read_open(const char *const *set, const char *const *or_set, struct journal_reader **ret, struct err *err) must_check;
void journal_read_close(struct journal_reader *j);
AUTO_PTR(journal_reader, journal_read_close);

/* Before the first entry; before the first of that time. Onto the last: 1, or 0 where there is none, and then before the first. */
int journal_read_seek_first(struct journal_reader *j, struct err *err) must_check;
int journal_read_seek_time(struct journal_reader *j, int64_t time_ns, struct err *err) must_check;
int journal_read_seek_last(struct journal_reader *j, struct err *err) must_check;

/* 1: on an entry; 0: there is none. */
int journal_read_next(struct journal_reader *j, struct err *err) must_check;
int journal_read_previous(struct journal_reader *j, struct err *err) must_check;
/* Of the entry: when the journal got it; a field's bytes, or NULL. */
int64_t journal_read_time_ns(struct journal_reader *j);
const char *journal_read_field(struct journal_reader *j, const char *name, size_t *ret_len);

int journal_read_fd(struct journal_reader *j); /* readable when there is something new */
void journal_read_look(struct journal_reader *j);
