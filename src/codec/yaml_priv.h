/* yaml_priv.h - what yaml.c and yaml_scalar.c share.
 */
#pragma once

#include "codec/yaml.h"

/* The value of a scalar. tag: as written ("tag:yaml.org,2002:str"), NULL none; plain: without quotes.
 * -1: the tag does not fit, or is nobody's; *ret_why says which. */
int yaml_scalar(const char *text, size_t len, const char *tag, bool plain, struct json **ret, const char **ret_why);
