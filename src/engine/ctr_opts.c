#include "engine/ctr_opts.h"

void ctr_opts_init(struct ctr_opts *opts)
{
	*opts = (struct ctr_opts){ .sig_proxy = true, .tls_verify = true, .retry = 3 };
	ctr_def_init(&opts->def);
}

void ctr_opts_done(struct ctr_opts *opts)
{
	ctr_def_done(&opts->def);
	origins_free(take_ptr(opts->origins));
	char **texts[] = { &opts->image, &opts->entrypoint, &opts->cidfile, &opts->pull, &opts->platform, &opts->os,
			   &opts->arch, &opts->variant, &opts->authfile, &opts->creds, &opts->cert_dir,
			   &opts->subuidname, &opts->subgidname, &opts->log_dir, &opts->rootless_network, &opts->seccomp_policy, &opts->signature_policy };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(take_ptr(*texts[i]));
	struct ctr_health_words *h = &opts->health;
	char **health[] = { &h->cmd, &h->interval, &h->timeout, &h->start_period, &h->startup_cmd, &h->startup_interval,
			    &h->startup_timeout, &h->on_failure, &h->log_destination };
	for (size_t i = 0; i < ARRAY_LEN(health); i++)
		free(take_ptr(*health[i]));
	char ***lists[] = { &opts->args, &opts->env_file, &opts->label_file, &opts->annotation, &opts->unsetenv, &opts->env_default, &opts->uidmap, &opts->gidmap, &opts->env_merge, &opts->pasta_options,
			    &opts->attach, &opts->preserve_fd };
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		strv_free(take_ptr(*lists[i]));
}
