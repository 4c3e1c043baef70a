/* journal.h - one entry for the systemd journal, as every program may send it: no library, no heap.
 * Shape:  a datagram of fields: "NAME=value\n"; where the value has a newline, "NAME\n", its length in 8 bytes little endian, the value, "\n".
 *         What no datagram holds goes as a sealed memfd with an empty datagram.
 * Errors: -errno. -EAGAIN: the journal has not taken it in time; -ENOENT, -ECONNREFUSED: there is none.
 * Spec:   systemd, Native Journal Protocol.
 */
#pragma once

#include <stddef.h>

enum {
	JOURNAL_FIELDS_MAX = 48, /* of one entry */
	JOURNAL_WAIT_MS = 5000,	 /* how long one that takes nothing is waited for */
};

struct journal_field {
	const char *name; /* [A-Z0-9_], not beginning with _ or a digit */
	const char *value;
	size_t len; /* of value, which may hold any bytes */
};

/* Of "NAME=value", which it cuts in two; -EINVAL without a sign. */
int journal_field_of(char *word, struct journal_field *ret);
/* A socket to send from; it waits at most that long for a journal whose queue is full. */
int journal_socket(int wait_ms);
/* 0, or why not. no_wait: for one that has kept us waiting before. */
int journal_send(int fd, const struct journal_field *fields, size_t count, int no_wait);
