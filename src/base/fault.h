/* fault.h - makes the n-th durable operation fail, be short, or be the last thing this process does.
 * Shape:  CPOD_FAULT="WHAT@N[:PATTERN]" in the environment; WHAT is fail (EIO), nospace (ENOSPC), short or kill;
 *         N counts from 1 over the operations whose "verb name" contains PATTERN. CPOD_FAULT_LOG=FD writes each
 *         operation as a line to that descriptor, which is how a test learns how many there are.
 * Only base/file.c and base/path.c call it. Costs one predictable branch when unset; never active when the program
 * runs with more privilege than its caller (AT_SECURE).
 */
#pragma once

#include <stddef.h>

enum fault_verdict { FAULT_NONE, FAULT_FAIL, FAULT_SHORT };

/* Counts one operation. FAULT_FAIL: errno is set. Does not return where the process is to die here. */
enum fault_verdict fault_point(const char *verb, const char *name);
