/* ctr_policy.h - --restart: whether a container that has ended starts again, and when.
 * Shape:  the monitor's last act is `container cleanup --ended`, which asks here; it waits out the back-off and starts the container,
 *         so no other process stays. containers/<id>/stopped says that a person ended it (stop, kill, restart): then it does not
 *         start again by itself, not even after a boot. A start by hand takes the mark away.
 * Units:  the back-off is 100 ms, doubled with each restart up to a minute; a run of ten seconds begins anew.
 * Locks:  the container's while it starts, none while it waits.
 */
#pragma once

#include "engine/ctr.h"

/* "always", "unless-stopped" or "on-failure". */
bool ctr_policy_is_set(const struct ctr *ctr);
/* Is it to run again after the host has started? It ran before, and its policy is always, or unless-stopped and nobody stopped it. */
bool ctr_policy_at_boot(struct engine *engine, const struct ctr *ctr);
/* Before a person's signal goes out. Nothing without a policy. */
int ctr_policy_stop(struct engine *engine, const struct ctr *ctr, struct err *err) must_check;
/* Before a person's start; the count begins anew. */
int ctr_policy_allow(struct engine *engine, struct ctr *ctr, struct err *err) must_check;
/* After the end, when what ran is cleaned up: returns when it runs again, or is not to. */
int ctr_policy_ended(struct engine *engine, struct ctr *ctr, struct err *err) must_check;
