/* policy.h - may this image come? Asked before anything of it is fetched.
 * Errors: ERR_DENIED names the image, the rule and its file; those of config/conf_policy.h.
 */
#pragma once

#include "base/err.h"
#include "image/ref.h"

/* file: --signature-policy, or NULL. */
int policy_check_docker(const char *file, const struct ref *ref, struct err *err) must_check;
/* transport: "dir", "oci", "oci-archive", "docker-archive". path: "" for what has none (a pipe). */
int policy_check_file(const char *file, const char *transport, const char *path, struct err *err) must_check;
