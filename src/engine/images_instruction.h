/* images_instruction.h - one instruction of a Containerfile that changes how an image runs: `commit --change`, and builds.
 * Shape:  "WORD ARGUMENTS" or "WORD=ARGUMENTS", the word in any case: CMD ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL ONBUILD SHELL STOPSIGNAL USER
 *         VOLUME WORKDIR. Lists as JSON or as words; pairs KEY=VALUE with quotes and backslashes, or KEY VALUE.
 * Errors: ERR_USAGE with the instruction in the sentence.
 * Spec:   Dockerfile reference.
 */
#pragma once

#include "image/image_config.h"

/* cmd_set is kept by the caller, false at first: an ENTRYPOINT forgets the CMD of the image below, not one that came with it. */
int images_instruction_apply(struct image_run *run, const char *text, bool *cmd_set, struct err *err) must_check;
/* ["a", "b"], as CMD and the like have it: added to the list; false when it is no such text. */
bool images_instruction_list(const char *text, char ***ret);
