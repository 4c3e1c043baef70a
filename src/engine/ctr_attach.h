/* ctr_attach.h - the caller's stdio joined to a running container over its monitor's socket.
 * Errors: ERR_STATE not running.
 */
#pragma once

#include "engine/ctr.h"

struct ctr_attach_opts {
	bool in, out, err_out;
	bool sig_proxy;
	const char *detach_keys; /* NULL: the container's; "" none */
};
/* Until the container ends (*ret_exit_code) or the keys are typed (*ret_detached). */
int ctr_attach(struct engine *engine, struct ctr *ctr, const struct ctr_attach_opts *opts, int *ret_exit_code,
	       bool *ret_detached, struct err *err) must_check;
