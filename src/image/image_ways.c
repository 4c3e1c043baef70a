/* image_ways.c - see image_ways.h */
#include "image/image_ways.h"

#include <string.h>

#include "base/str.h"
#include "config/conf_login.h"
#include "image/image_priv.h"
#include "image/registry.h"

/* ---- names ---- */

void image_names_done(struct image_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		ref_done(&names->refs[i]);
	free(names->refs);
	conf_names_done(&names->said);
	*names = (struct image_names){ 0 };
}

/* Each registry's name gets the tag or the digest that was typed. */
static int fill_in(const struct ref *typed, struct image_names *names, struct err *err)
{
	names->refs = mem_array(strv_len(names->said.names), sizeof(*names->refs));
	for (char *const *name = names->said.names; *name; name++) {
		struct ref *full = &names->refs[names->count];

		if (ref_parse(*name, full, err) < 0)
			return -1;
		names->count++;
		free(full->tag);
		free(full->digest);
		full->tag = typed->tag ? mem_strdup(typed->tag) : NULL;
		full->digest = typed->digest ? mem_strdup(typed->digest) : NULL;
		ref_settle(full);
	}
	return 0;
}

int image_names_find(const char *word, struct image_names *ret, struct err *err)
{
	auto_val(image_names) names = { 0 };
	auto_val(ref) ref = { 0 };

	if (ref_parse(word, &ref, err) < 0)
		return -1;
	if (ref.domain) {
		ref_settle(&ref);
		names.refs = mem_array(1, sizeof(*names.refs));
		names.refs[names.count++] = ref;
		ref = (struct ref){ 0 };
	} else {
		auto_free char *name = ref_repository(&ref);

		names.is_short = true;
		if (conf_registries_names(name, word, &names.said, err) < 0 || fill_in(&ref, &names, err) < 0)
			return -1;
	}
	*ret = names;
	names = (struct image_names){ 0 };
	return 0;
}

/* 1: there is nobody to ask. */
static int ask(struct image_names *names, image_choose *choose, struct err *err)
{
	auto_strv texts = NULL;
	size_t chosen = 0;
	int r;

	for (size_t i = 0; i < names->count; i++)
		strv_add_take(&texts, ref_text(&names->refs[i]));
	r = choose(texts, &chosen, err);
	if (r)
		return r;
	for (size_t i = 0; i < names->count; i++)
		if (i != chosen)
			ref_done(&names->refs[i]);
	names->refs[0] = names->refs[chosen];
	names->count = 1;
	names->chosen = true;
	return 0;
}

int image_names_settle(struct image_names *names, const char *word, image_choose *choose, struct err *err)
{
	auto_free char *all = NULL;
	int r;

	if (names->count < 2 || names->said.mode == CONF_SHORT_DISABLED)
		return 0;
	r = choose ? ask(names, choose, err) : 1;
	if (r <= 0 || names->said.mode != CONF_SHORT_ENFORCING)
		return r < 0 ? -1 : 0;
	all = strv_join(names->said.names, ", ");
	return err_set(err, ERR_USAGE, "short-name \"%s\" resolution enforced: it may be any of %s; name one of them",
		       word, all);
}

/* ---- ways ---- */

void image_ways_done(struct image_ways *ways)
{
	for (size_t i = 0; i < ways->count; i++)
		free(ways->rows[i].location);
	free(ways->rows);
	conf_route_done(&ways->route);
	*ways = (struct image_ways){ 0 };
}

static const char *passed_over(const struct conf_mirror *mirror, const struct ref *ref)
{
	if (ref->digest)
		return mirror->no_digests ? "it is asked for tags only" : NULL;
	return mirror->no_tags ? "it is asked for digests only" : NULL;
}

int image_ways_find(const struct ref *ref, struct image_ways *ret, struct err *err)
{
	auto_free char *name = ref_repository(ref);
	auto_val(image_ways) ways = { 0 };
	struct conf_route *route = &ways.route;

	if (conf_registries_route(name, route, err) < 0)
		return -1;
	ways.rows = mem_array(route->mirror_count + 1, sizeof(*ways.rows));
	for (size_t i = 0; i < route->mirror_count; i++)
		ways.rows[ways.count++] = (struct image_way){
			.location = mem_strdup(route->mirrors[i].location), .mirror = true, .insecure = route->mirrors[i].insecure,
			.passed_over = passed_over(&route->mirrors[i], ref),
		};
	ways.rows[ways.count++] = (struct image_way){ .location = mem_strdup(route->location ? route->location : name), .insecure = route->insecure };
	*ret = ways;
	ways = (struct image_ways){ 0 };
	return 0;
}

/* ---- one of them ---- */

void image_meeting_done(struct image_meeting *meeting)
{
	ref_done(&meeting->where);
	free(meeting->place);
	conf_auth_done(&meeting->auth);
	free(meeting->cert_dir);
	*meeting = (struct image_meeting){ 0 };
}

int image_find_auth(const char *creds, const char *authfile, const struct ref *where, struct conf_auth *ret, struct err *err)
{
	auto_free char *repository = ref_repository(where);
	const char *colon;

	if (!creds)
		return conf_login_find(authfile, repository, ret, err);
	colon = strchr(creds, ':');
	if (!colon || colon == creds)
		return err_set(err, ERR_USAGE, "credentials are given as user:password");
	ret->user = mem_strndup(creds, (size_t)(colon - creds));
	ret->password = mem_strdup(colon + 1);
	return 0;
}

/* --creds are not for mirrors. */
int image_way_meet(const struct image_way *way, const struct ref *ref, const struct image_pull_opts *opts, struct image_meeting *ret,
		   struct err *err)
{
	auto_val(image_meeting) m = { .insecure = opts->insecure || way->insecure };

	if (ref_parse(way->location, &m.where, err) < 0)
		return -1;
	if (!m.where.domain)
		return err_set(err, ERR_INVALID, "the location '%s' in registries.conf has no host", way->location);
	if (image_find_auth(way->mirror ? NULL : opts->creds, opts->authfile, &m.where, &m.auth, err) < 0)
		return -1;
	m.place = ref->tag ? mem_printf("%s:%s", way->location, ref->tag) : mem_printf("%s@%s", way->location, ref->digest);
	m.cert_dir = registry_cert_dir_dup(opts->cert_dir, m.where.domain);
	*ret = m;
	m = (struct image_meeting){ 0 };
	return 0;
}
