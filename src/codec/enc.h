/* enc.h - bytes as text: base64 and hex.
 * Owner:  results are owned.
 * Errors: -EINVAL.
 * Spec:   RFC 4648 sections 4 and 5.
 */
#pragma once

#include <stddef.h>

char *enc_base64(const void *data, size_t len);
/* Standard or URL alphabet, padding optional, white space not allowed. The result has a NUL behind it. */
int enc_base64_decode(const char *text, char **ret_data, size_t *ret_len);
