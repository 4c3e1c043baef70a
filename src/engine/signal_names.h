/* signal_names.h - signal names and numbers as people write them.
 * Errors: -EINVAL.
 */
#pragma once

/* "TERM", "SIGTERM", "sigterm", "15", "RTMIN+3" */
int signal_names_parse(const char *text, int *ret);
const char *signal_names_text(int sig); /* "SIGTERM"; "SIGRTMIN+n" of the real-time ones; "SIG?" for no signal */
