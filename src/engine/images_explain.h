/* images_explain.h - what a pull would ask, of whom, and which rule of which file says so; nobody is asked.
 * Shape:  {"Image", "Candidates": [{"Name", "Resolution", "Origin", "Rule", "Blocked", "Places": […], "Policy": {…}}]}: a short name
 *         may have several candidates, tried in this order. Origins are "FILE:LINE", "FILE" or null. No secret is in it.
 * Owner:  the value is the caller's.
 * Errors: those of a pull before it asks: ERR_USAGE, ERR_INVALID; what is blocked or rejected is told, and no failure.
 */
#pragma once

#include "engine/images.h"

int images_explain_pull(const char *word, const struct images_pull_opts *opts, struct json **ret, struct err *err) must_check;
