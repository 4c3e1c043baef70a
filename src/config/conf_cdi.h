/* conf_cdi.h - devices by name, "vendor.com/class=name": what the files of the Container Device Interface say a container needs for them.
 * Shape:  *.json and *.yaml of the directories, a later directory counts more. A file that is no CDI specification is passed over (a
 *         debug line says why), as is a device that two files of one directory have: who asks for it is told that it is unresolvable.
 * Owner:  conf_cdi_done; the edits are borrowed from it.
 * Errors: ERR_INVALID "unresolvable CDI devices a, b"; ERR_LIBRARIES a YAML file, and this program loads none.
 * Spec:   CDI SPEC.md, 0.3.0 to 1.0.0.
 */
#pragma once

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONF_CDI_FILES_MAX = 1000, CONF_CDI_GROUPS_MAX = 1000 };

struct conf_cdi_node {
	char *path, *host_path; /* host_path NULL: the same */
	char *type;		/* "b", "c", "u", "p"; NULL: the host's */
	int64_t major, minor;
	int64_t mode, uid, gid; /* 0: the host's mode; root's */
	char *permissions;	/* "rwm"; NULL: all */
	struct json *unknown;
};
struct conf_cdi_mount {
	char *host_path, *container_path, *type;
	char **options;
	struct json *unknown;
};
struct conf_cdi_hook {
	char *stage; /* "prestart", "createRuntime", … */
	char *path;
	char **args, **env;
	int timeout_s; /* 0: none */
	struct json *unknown;
};
struct conf_cdi_edits {
	char **env; /* NAME=VALUE */
	struct conf_cdi_node *nodes;
	struct conf_cdi_mount *mounts;
	struct conf_cdi_hook *hooks;
	size_t node_count, mount_count, hook_count;
	struct json *groups; /* numbers */
	struct json *rdt, *net_devices;
	struct json *unknown;
};

struct conf_cdi_spec;
struct conf_cdi {
	struct conf_cdi_spec *specs;
	size_t spec_count;
	const struct conf_cdi_edits **edits; /* in the order in which they are made */
	size_t edit_count;
};
void conf_cdi_done(struct conf_cdi *cdi);
AUTO_VAL(conf_cdi, conf_cdi_done);

/* Is the text "vendor/class=name"? */
bool conf_cdi_is_name(const char *text);
/* What the devices need; dirs NULL: /etc/cdi and /var/run/cdi. */
int conf_cdi_load(char *const *dirs, char *const *names, struct conf_cdi *ret, struct err *err) must_check;

/* One specification, checked; for the reader's tests. */
int conf_cdi_parse(const char *data, size_t len, bool is_yaml, struct err *err) must_check;
