/* registry_error.h - the sentence for a registry's refusal.
 * Shape:  {"errors":[{"code":"…","message":"…"}]} or any page; the status decides the kind.
 * Errors: sets ERR_NOT_FOUND (404), ERR_DENIED (401, 403), ERR_NETWORK (the rest).
 * Spec:   distribution-spec 1.1, Error Codes.
 */
#pragma once

#include "http/http_client.h"

/* Returns -1. `what`: what was asked for ("reading manifest latest in HOST/x"). */
int registry_error(const struct http_transfer *answer, const char *what, struct err *err);
