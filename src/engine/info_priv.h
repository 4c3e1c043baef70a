/* info_priv.h - the parts of `info`. */
#pragma once

#include "engine/info.h"

/* The programs beside us, the processors, the ids of the user. */
void info_host_add(const struct engine *engine, struct json *host);
void info_host_add_store(const struct engine *engine, struct json *store);
/* registries and plugins */
int info_host_add_lists(struct json *info, struct err *err) must_check;
