/* info.h - `info` and `version`: this host, this store, this program.
 */
#pragma once

#include "engine/engine.h"

struct json;
int info_collect(struct engine *engine, struct json **ret, struct err *err) must_check;
/* Client's version tree: Version, APIVersion, GoVersion's place holds the compiler, GitCommit, Built, OsArch. */
struct json *info_version_new(void);
