/* conf_alias.h - what a person chose for a short name, where Podman keeps it too.
 * Shape:  short-name-aliases.conf: TOML with one table, [aliases], "NAME" = "HOST/PATH", both without tag, by name. Root's is
 *         /var/cache/containers/, a user's $XDG_CACHE_HOME/containers/ (~/.cache/containers/). conf_registries.h reads it last.
 * Errors: ERR_INVALID what lies there is no TOML; ERR_DENIED and others of the file system.
 * Locks:  flock on the file's directory while it is changed. Written whole (0600) or not at all.
 * Spec:   containers-registries.conf(5), "short-name aliases".
 */
#pragma once

#include "base/err.h"

#define CONF_ALIAS_FILE "short-name-aliases.conf"
#define CONF_ALIAS_SYSTEM "/var/cache/containers/" CONF_ALIAS_FILE

int conf_alias_remember(const char *name, const char *stands_for, struct err *err) must_check;
