/* login.c - logins at registries; see image.h */
#include "image/image.h"

#include <string.h>

#include "base/str.h"
#include "config/conf_login.h"
#include "image/registry.h"

static int check_name(const char *registry, struct err *err)
{
	const char *plain = strstr(registry, "://");

	if (plain)
		return err_set(err, ERR_USAGE, "'%s': a registry is given without '%.*s'", registry, (int)(plain - registry) + 3, registry);
	if (!*registry || strpbrk(registry, " \t\n@?#") || *registry == '/')
		return err_set(err, ERR_USAGE, "'%s' is not the name of a registry", registry);
	return 0;
}

int image_login(const struct image_login_opts *opts, char **ret_where, struct err *err)
{
	struct conf_auth auth = { .user = (char *)opts->user, .password = (char *)opts->password };
	auto_free char *host = mem_strndup(opts->registry, strcspn(opts->registry, "/"));
	struct registry_opts how = { .host = host, .auth = &auth, .cert_dir = opts->cert_dir, .insecure = opts->insecure,
				     .no_retry = true };
	auto_ptr(registry) registry = NULL;
	int right;

	if (check_name(opts->registry, err) < 0)
		return -1;
	if (registry_open(&how, &registry, err) < 0)
		return err_wrap(err, "authenticating creds for \"%s\"", opts->registry);
	right = registry_login(registry, err);
	if (right < 0)
		return err_wrap(err, "authenticating creds for \"%s\"", opts->registry);
	if (!right)
		return err_set(err, ERR_DENIED, "logging into \"%s\": invalid username/password", opts->registry);
	return conf_login_set(opts->authfile, opts->registry, &auth, ret_where, err);
}

int image_get_login(const char *registry, const char *authfile, char **ret_user, struct err *err)
{
	auto_val(conf_auth) auth = { 0 };

	if (conf_login_find(authfile, registry, &auth, err) < 0)
		return -1;
	*ret_user = take_ptr(auth.user);
	return 0;
}

int image_logout(const char *registry, const char *authfile, bool *ret_removed, struct err *err)
{
	return conf_login_remove(authfile, registry, ret_removed, err);
}
