/* detach_keys.h - the key sequence that leaves a container running: "ctrl-p,ctrl-q".
 * Shape:  up to DETACH_KEYS_MAX keys; a key is one character or ctrl-a…z, ctrl-@ [ \ ] ^ _ (COMPAT: Docker's grammar). "" is none.
 * Errors: -EINVAL.
 */
#pragma once

#include <stddef.h>

enum { DETACH_KEYS_MAX = 16 };

struct detach_keys {
	char keys[DETACH_KEYS_MAX];
	size_t count, matched;
};
int detach_keys_parse(const char *text, struct detach_keys *ret);
/* Passes input through: copies to out (room for len + DETACH_KEYS_MAX) what is not part of the sequence, and returns its length.
 * -1 when the sequence is complete; what came before it is in out, *ret_len bytes. */
long detach_keys_filter(struct detach_keys *k, const char *in, size_t len, char *out, size_t *ret_len);
