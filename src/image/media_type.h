/* media_type.h - what a file is, told from its first bytes.
 * Shape:  the types and the order are those of Go's http.DetectContentType, which Podman asks (COMPAT).
 * Spec:   mimesniff.spec.whatwg.org, "Matching a MIME type pattern".
 */
#pragma once

#include <stddef.h>

enum { MEDIA_TYPE_BYTES = 512 }; /* so many are looked at */
/* Never NULL; "application/octet-stream" when it is none of those that are known. */
const char *media_type_of(const void *data, size_t len);
