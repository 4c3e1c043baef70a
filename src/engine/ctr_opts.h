/* ctr_opts.h - the words of create and run: a definition as the flags left it, and what only creating needs.
 * Shape:  flag rows bind these fields (options/ctr_flags.c). What a flag did not say is zero.
 * Owner:  ctr_opts_done.
 */
#pragma once

#include "engine/ctr_def.h"
#include "engine/origins.h"

/* The words of --health-*, as given; NULL or "": not. What they come to is ctr_health_complete's. */
struct ctr_health_words {
	char *cmd, *interval, *timeout, *start_period;
	char *startup_cmd, *startup_interval, *startup_timeout;
	char *on_failure, *log_destination;
	uint32_t retries, startup_retries, startup_success;
	bool retries_set;
	bool none; /* --no-healthcheck */
};

struct ctr_opts {
	struct ctr_def def;

	char *image;		/* the word */
	char **args;		/* words after it */
	char *entrypoint;	/* "" clears the image's; JSON array or one word */
	bool entrypoint_set;
	char **uidmap, **gidmap; /* words */
	char *subuidname, *subgidname;
	bool is_rootfs;		/* --rootfs: image is a directory */
	bool is_copy;		/* def is another container's, complete; image: NULL or whose files it gets */
	char **env_merge;	/* NAME=text with ${NAME} */
	char **env_file, **label_file, **annotation;
	bool env_host;
	char **env_default;	/* below the image's */
	bool name_as_hostname;	/* unless --hostname says another */
	char *log_dir;		/* DIR/ID/ctr.log, or a file that is no directory, is the log; unless --log-opt path says another */
	char **pasta_options;	/* before those of --network pasta: */
	char *rootless_network;	/* what connects containers of an ordinary user; NULL or "": pasta */
	char *seccomp_policy;	/* "image": the profile is the image's */
	char **unsetenv;
	bool unsetenv_all;
	double cpus;
	char *cidfile;
	struct ctr_health_words health;
	bool replace;

	/* getting the image */
	char *pull;		/* "missing", "always", "never", "newer" */
	char *platform, *os, *arch, *variant;
	bool tls_verify, tls_verify_set;
	char *authfile, *creds, *cert_dir, *signature_policy;
	bool quiet;
	uint32_t retry, retry_delay_ms; /* 0 ms: one second */

	/* run only */
	bool detach;
	char **attach;		/* "stdin", "stdout", "stderr"; empty: all that fit */
	bool sig_proxy;
	bool rmi;
	uint32_t preserve_fds;	/* 3 … 2+n */
	char **preserve_fd;	/* numbers */

	struct origins *origins; /* who said what; NULL: nobody asks */
};

void ctr_opts_init(struct ctr_opts *opts); /* sig_proxy is true, pull "missing" */
void ctr_opts_done(struct ctr_opts *opts);
AUTO_VAL(ctr_opts, ctr_opts_done);
