/* conf_helper.c - see conf_helper.h */
#include "config/conf_helper.h"

#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/proc_ask.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"

/* In the words of the helpers' own library. */
#define NOT_FOUND "credentials not found in native keychain"
#define TOKEN_USER "<token>"

enum { TOLD_BYTES = 300 };

static void wipe(struct str *s)
{
	if (s->data)
		explicit_bzero(s->data, s->len);
	str_done(s);
}

static const char *why(int errnum)
{
	switch (errnum) {
	case ENOENT:
		return "it is not in PATH: install it, or name another helper";
	case ETIMEDOUT:
		return "it did not answer in time";
	case EFBIG:
		return "it says too much";
	default:
		return err_reason(errnum);
	}
}

int conf_helper_call(const char *helper, const char *word, const char *question, int limit_ms, struct str *ret_answer, int *ret_status,
		     struct err *err)
{
	auto_free char *program = mem_printf("docker-credential-%s", helper);
	const char *const argv[] = { program, word, NULL };
	const struct proc_ask ask = { .argv = argv, .question = question, .answer_max = LIMIT_CREDENTIALS_BYTES, .limit_ms = limit_ms };
	int r;

	if (!*helper || strchr(helper, '/'))
		return err_set(err, ERR_INVALID, "'%.100s' is not the name of a credential helper", helper);
	r = proc_ask(&ask, ret_answer, ret_status);
	if (r < 0)
		return err_set(err, r == -ENOENT ? ERR_NOT_FOUND : ERR_STATE, "the credential helper %.100s: %s", program, why(-r));
	return 0;
}

static size_t trimmed_len(const struct str *s)
{
	size_t len = s->len;

	while (len && strchr(" \t\r\n", s->data[len - 1]))
		len--;
	return len;
}

static int failed(const char *helper, int status, const struct str *answer, struct err *err)
{
	size_t len = trimmed_len(answer);

	return err_set(err, ERR_STATE, "the credential helper docker-credential-%s ended with status %d: '%.*s'", helper, status,
		       (int)(len < TOLD_BYTES ? len : TOLD_BYTES), answer->data ? answer->data : "");
}

/* ---- get ---- */

static int take_login(const char *helper, const struct str *answer, struct conf_auth *ret, struct err *err)
{
	auto_ptr(json) doc = NULL;
	const char *user, *secret;

	if (json_parse_object(str_text(answer), answer->len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &doc, err) < 0)
		return err_wrap(err, "the answer of the credential helper docker-credential-%s", helper);
	user = json_get_str(doc, "Username", NULL);
	secret = json_get_str(doc, "Secret", NULL);
	if (!user || !secret)
		return err_set(err, ERR_INVALID, "the answer of the credential helper docker-credential-%s has no Username or no Secret", helper);
	if (strcmp(user, TOKEN_USER) == 0) {
		ret->identity_token = mem_strdup(secret);
		return 0;
	}
	ret->user = mem_strdup(user);
	ret->password = mem_strdup(secret);
	return 0;
}

static bool is_nobody(const struct str *answer)
{
	return trimmed_len(answer) == strlen(NOT_FOUND) && str_starts(answer->data, NOT_FOUND);
}

int conf_helper_get(const char *helper, const char *server, struct conf_auth *ret, struct err *err)
{
	struct str answer = { 0 };
	int status = 0, r = conf_helper_call(helper, "get", server, CONF_HELPER_LIMIT_MS, &answer, &status, err);

	if (r == 0 && !status)
		r = take_login(helper, &answer, ret, err);
	else if (r == 0 && !is_nobody(&answer))
		r = failed(helper, status, &answer, err);
	wipe(&answer);
	return r < 0 ? err_wrap(err, "getting the login for %s", server) : 0;
}

/* ---- the others ---- */

/* A call that must succeed. */
static int call(const char *helper, const char *word, const char *question, struct str *answer, struct err *err)
{
	int status = 0;

	if (conf_helper_call(helper, word, question, CONF_HELPER_LIMIT_MS, answer, &status, err) < 0)
		return -1;
	return status ? failed(helper, status, answer, err) : 0;
}

int conf_helper_store(const char *helper, const char *server, const struct conf_auth *auth, struct err *err)
{
	static const struct json_style plain = { 0 };
	auto_ptr(json) doc = json_object_new();
	struct str question = { 0 }, answer = { 0 };
	int r;

	if (strchr(server, '/'))
		return err_set(err, ERR_USAGE, "namespaced key is not supported for credential helper %s: log in to the host", helper);
	json_set_str(doc, "ServerURL", server);
	json_set_str(doc, "Username", auth->user ? auth->user : TOKEN_USER);
	json_set_str(doc, "Secret", auth->user ? auth->password : auth->identity_token);
	json_write(&question, doc, &plain);
	str_add_char(&question, '\n');
	r = call(helper, "store", str_text(&question), &answer, err);
	wipe(&question);
	wipe(&answer);
	return r < 0 ? err_wrap(err, "keeping the login for %s", server) : 0;
}

int conf_helper_erase(const char *helper, const char *server, struct err *err)
{
	auto_str answer = { 0 };

	return call(helper, "erase", server, &answer, err) < 0 ? err_wrap(err, "removing the login for %s", server) : 0;
}

int conf_helper_list(const char *helper, char ***ret_servers, struct err *err)
{
	auto_str answer = { 0 };
	auto_ptr(json) doc = NULL;

	/* COMPAT: it is asked "unused" */
	if (call(helper, "list", "unused", &answer, err) < 0)
		return err_wrap(err, "listing logins");
	if (json_parse_object(str_text(&answer), answer.len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &doc, err) < 0)
		return err_wrap(err, "listing logins: the answer of the credential helper docker-credential-%s", helper);
	for (struct json_iter it = json_iter(doc); json_next(&it);)
		strv_add(ret_servers, it.name);
	return 0;
}
