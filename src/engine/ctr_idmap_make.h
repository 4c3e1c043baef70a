/* ctr_idmap_make.h - the maps of a new container that are its own from then on: --uidmap and its like, --userns auto, nomap,
 * container:ID and ns:PATH.
 * Shape:  they come to def->uid_map and def->gid_map. auto takes ids that no other container made so has: of the user "containers"
 *         in /etc/subuid for root, else of the caller's subordinate ones; as many as the image's files of users need, 1024 at least.
 *         container: and ns: have those of the namespace that is to be joined, which a start compares.
 *         Ids of a container that is still being made are held by <graphroot>/cache/userns/FIRST.COUNT → its id.
 * Locks:  that directory's, within ctr_idmap_make.
 * Errors: ERR_USAGE words, in Podman's sentences; ERR_LIMIT no ids left.
 */
#pragma once

#include "engine/ctr_opts.h"
#include "engine/engine.h"

/* Flags that exclude each other, words that make no sense: before anything is done. */
int ctr_idmap_make_check(const struct engine *engine, const struct ctr_opts *opts, struct err *err) must_check;
/* def->id, layers and user are known; its stage is locked. */
int ctr_idmap_make(struct engine *engine, struct ctr_opts *opts, struct err *err) must_check;
