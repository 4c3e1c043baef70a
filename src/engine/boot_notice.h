/* boot_notice.h - whoever asks for a container that starts again is told, once, when nothing starts it after the host has.
 * Shape:  <graphroot>/cache/boot-told: it has been said. systemd's unit is looked for where `systemctl enable` links it; what other
 *         service managers, or cron, have been told cannot be known.
 */
#pragma once

#include "engine/ctr.h"

void boot_notice(struct engine *engine, const struct ctr_def *def);
