/* ctr_device_rule.h - the words of --device-cgroup-rule: "TYPE MAJOR:MINOR ACCESS", as the kernel's device groups take them: "c 1:3 rwm",
 * "b 8:* r".
 * Errors: ERR_USAGE.
 */
#pragma once

#include "base/err.h"
#include "runtime/spec.h"

int ctr_device_rule_read(const char *text, struct spec_device_rule *ret, struct err *err) must_check;
