/* unshare.h - a program of the user's as root of their namespace, where the files of containers have the owners that containers see.
 * Shape:  the program takes our place. It finds CONTAINERS_GRAPHROOT and CONTAINERS_RUNROOT in its environment; what it mounts goes
 *         with it and its children.
 * Errors: ERR_UNSUPPORTED for root; ERR_CMD_NOT_FOUND, ERR_CMD_NOT_EXECUTABLE.
 */
#pragma once

#include "engine/engine.h"

/* The engine must be open for writing. Returns only when it fails. */
int unshare_exec(struct engine *engine, char *const *argv, struct err *err) must_check;
