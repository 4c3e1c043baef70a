/* cap.h - capability names and sets, 1 << CAP_x in a uint64_t.
 * Errors: -EINVAL unknown name.
 */
#pragma once

#include <stdint.h>

/* "CAP_NET_RAW", "net_raw", "NET_RAW" → bit; "ALL" → every capability this kernel knows. */
int cap_parse(const char *name, uint64_t *ret_set);
const char *cap_name(int cap); /* "CAP_CHOWN", NULL above the last known by name */
uint64_t cap_all(void);	       /* up to /proc/sys/kernel/cap_last_cap */
uint64_t cap_default(void);    /* Podman's eleven */
/* The bounding set of this process. */
uint64_t cap_bounding(void);
