/* conf_cdi_priv.h - one CDI specification, read and checked. */
#pragma once

#include "codec/json.h"
#include "config/conf_cdi.h"

struct conf_cdi_device {
	char *name;
	struct conf_cdi_edits edits;
	struct json *annotations, *unknown;
};
struct conf_cdi_spec {
	char *version, *kind; /* "vendor.com/class" */
	struct conf_cdi_device *devices;
	size_t device_count;
	struct conf_cdi_edits edits; /* of whoever has one of the devices */
	struct json *annotations, *unknown;
	size_t priority; /* its directory's */
	bool is_used;
};

int conf_cdi_spec_read(const struct json *doc, struct conf_cdi_spec *ret, struct err *err) must_check;
void conf_cdi_spec_done(struct conf_cdi_spec *spec);
