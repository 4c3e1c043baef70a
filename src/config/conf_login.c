/* conf_login.c - see conf_login.h */
#include "config/conf_login.h"

#include <string.h>

#include "base/str.h"
#include "config/conf_helper.h"
#include "config/conf_registries.h"

/* Where logins are kept, in order, and what those that failed have said; the last kind is that of all. */
struct places {
	char **names, *file;
	struct str told;
	enum err_kind kind;
};

static void places_done(struct places *p)
{
	strv_free(p->names);
	free(p->file);
	str_done(&p->told);
}
AUTO_VAL(places, places_done);

static void note(struct places *p, struct err *err)
{
	str_addf(&p->told, "%s%s", p->told.len ? "; " : "", err->text);
	p->kind = err->kind;
	err_clear(err);
}

static int result(const struct places *p, struct err *err)
{
	return p->told.len ? err_set(err, p->kind, "%s", str_text(&p->told)) : 0;
}

/* ---- find ---- */

static int find_at(const char *place, const char *file, const char *authfile, const char *name, struct conf_auth *ret, struct err *err)
{
	auto_free char *host = mem_strndup(name, strcspn(name, "/"));

	if (strcmp(place, CONF_AUTH_FILES) == 0)
		return conf_auth_find(authfile, name, ret, err);
	if (conf_helper_get(place, host, ret, err) < 0)
		return -1;
	if (ret->user || ret->identity_token) {
		ret->helper = mem_strdup(place);
		ret->file = mem_strdup(file);
	}
	return 0;
}

int conf_login_find(const char *authfile, const char *name, struct conf_auth *ret, struct err *err)
{
	auto_val(places) places = { 0 };

	if (conf_registries_helpers(&places.names, &places.file, err) < 0)
		return -1;
	for (char **place = places.names; *place; place++) {
		if (find_at(*place, places.file, authfile, name, ret, err) < 0)
			note(&places, err);
		else if (ret->user || ret->identity_token)
			return 0;
	}
	return result(&places, err);
}

/* ---- set ---- */

static int set_at(const char *place, const char *authfile, const char *registry, const struct conf_auth *auth, char **ret_where, struct err *err)
{
	auto_free char *helper = NULL;

	if (strcmp(place, CONF_AUTH_FILES) == 0) {
		if (conf_auth_set(authfile, registry, auth, &helper, err) < 0)
			return -1;
		if (!helper)
			return conf_auth_path(authfile, ret_where, err);
	} else if (conf_helper_store(place, registry, auth, err) < 0) {
		return -1;
	}
	*ret_where = mem_printf("credential helper: %s", helper ? helper : place);
	return 0;
}

int conf_login_set(const char *authfile, const char *registry, const struct conf_auth *auth, char **ret_where, struct err *err)
{
	auto_val(places) places = { 0 };

	if (conf_registries_helpers(&places.names, &places.file, err) < 0)
		return -1;
	for (char **place = places.names; *place; place++) {
		if (set_at(*place, authfile, registry, auth, ret_where, err) == 0)
			return 0;
		note(&places, err);
	}
	return result(&places, err);
}

/* ---- remove ---- */

static int erase_all(const char *helper, struct err *err)
{
	auto_strv servers = NULL;

	if (conf_helper_list(helper, &servers, err) < 0)
		return -1;
	for (char **server = servers; server && *server; server++)
		if (conf_helper_erase(helper, *server, err) < 0)
			return -1;
	return 0;
}

static int remove_at(const char *place, const char *authfile, const char *registry, bool *ret_removed, struct err *err)
{
	if (strcmp(place, CONF_AUTH_FILES) == 0)
		return conf_auth_remove(authfile, registry, ret_removed, err);
	if (!registry)
		return erase_all(place, err);
	/* a helper knows hosts only */
	if (strchr(registry, '/'))
		return 0;
	if (conf_helper_erase(place, registry, err) < 0)
		return -1;
	*ret_removed = true;
	return 0;
}

int conf_login_remove(const char *authfile, const char *registry, bool *ret_removed, struct err *err)
{
	auto_val(places) places = { 0 };

	*ret_removed = false;
	if (conf_registries_helpers(&places.names, &places.file, err) < 0)
		return -1;
	for (char **place = places.names; *place; place++) {
		bool removed = false;

		if (remove_at(*place, authfile, registry, &removed, err) < 0)
			note(&places, err);
		*ret_removed |= removed;
	}
	return result(&places, err);
}
