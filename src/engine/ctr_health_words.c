#include "engine/ctr_health_words.h"

#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "codec/json_parse.h"
#include "engine/ctr_health.h"
#include "image/image_config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_NS (30 * NS_PER_S)
enum { DEFAULT_RETRIES = 3 };

static bool given(const char *text)
{
	return text && *text;
}

/* --- the command --- */

static char **fields_new(const char *text)
{
	char **words = NULL;
	while (*text) {
		while (isspace((unsigned char)*text))
			text++;
		size_t len = strcspn(text, " \t\n\v\f\r");
		if (len)
			strv_add_take(&words, mem_strndup(text, len));
		text += len;
	}
	return words;
}

/* A JSON array of strings; false for anything else. */
static bool read_array(const char *text, char ***ret)
{
	auto_ptr(json) list = NULL;
	struct err why = { 0 };
	*ret = NULL;
	if (*text != '[' || json_parse(text, strlen(text), 2, 0, &list, &why) < 0 || json_kind(list) != JSON_ARRAY)
		return false;
	for (size_t i = 0; i < json_len(list); i++) {
		const char *word = json_str(json_at(list, i), NULL);
		if (!word) {
			strv_free(take_ptr(*ret));
			return false;
		}
		strv_add(ret, word);
	}
	return true;
}

static void take_shell(char ***test, const char *first, const char *line)
{
	strv_add(test, first);
	strv_add(test, line);
}

/* COMPAT: "none", {"CMD", …}, {"CMD-SHELL", …}, another array, or a line for the shell */
static int read_command(const char *text, char ***ret, struct err *err)
{
	auto_strv words = NULL;
	auto_strv split = NULL;
	bool array = read_array(text, &words);
	split = array ? strv_dup(words) : fields_new(text);
	const char *first = split && split[0] ? split[0] : "";
	*ret = NULL;
	if (array && !*first)
		return err_set(err, ERR_USAGE, "must define a healthcheck command for all healthchecks");
	if (strcasecmp(first, "none") == 0)
		strv_add(ret, "NONE");
	else if (strcasecmp(first, "cmd") == 0)
		strv_extend(ret, split);
	else if (strcasecmp(first, "cmd-shell") == 0 && array)
		strv_extend(ret, words);
	else if (strcasecmp(first, "cmd-shell") == 0)
		take_shell(ret, first, strstr(text, first) + strlen(first) + strspn(strstr(text, first) + strlen(first), " \t"));
	else if (array && split[1]) {
		strv_add(ret, "CMD");
		strv_extend(ret, words);
	} else {
		take_shell(ret, "CMD-SHELL", array ? first : text);
	}
	return 0;
}

/* --- its times --- */

static int read_ns(const char *what, const char *text, int64_t *ret, struct err *err)
{
	return num_duration(text, ret) < 0 ? err_set(err, ERR_USAGE, "invalid healthcheck-%s: time: invalid duration \"%s\"", what, text) : 0;
}

static int read_interval(const char *text, int64_t *ret, struct err *err)
{
	if (strcmp(text, "disable") == 0 || strcmp(text, "0") == 0) {
		*ret = 0;
		return 0;
	}
	if (read_ns("interval", text, ret, err) < 0)
		return -1;
	return *ret < 0 ? err_set(err, ERR_USAGE, "healthcheck-interval must be 0 seconds or greater") : 0;
}

static int read_timeout(const char *text, int64_t *ret, struct err *err)
{
	if (read_ns("timeout", text, ret, err) < 0)
		return -1;
	/* COMPAT: less than a second is taken, nothing is not */
	return *ret <= 0 ? err_set(err, ERR_USAGE, "healthcheck-timeout must be at least 1 second") : 0;
}

static int read_start_period(const char *text, int64_t *ret, struct err *err)
{
	if (read_ns("start-period", text, ret, err) < 0)
		return -1;
	return *ret < 0 ? err_set(err, ERR_USAGE, "healthcheck-start-period must be 0 seconds or greater") : 0;
}

static struct ctr_healthcheck *check_new(uint32_t retries)
{
	struct ctr_healthcheck *check = mem_alloc(sizeof(*check));
	*check = (struct ctr_healthcheck){ .interval_ns = DEFAULT_NS, .timeout_ns = DEFAULT_NS, .retries = retries };
	return check;
}

static int read_test(const char *text, struct ctr_healthcheck *check, struct err *err)
{
	strv_free(take_ptr(check->test));
	return read_command(text, &check->test, err);
}

static int read_regular(const struct ctr_health_words *w, struct ctr_healthcheck *check, struct err *err)
{
	if (w->retries_set && !w->retries)
		return err_set(err, ERR_USAGE, "healthcheck-retries must be greater than 0");
	if (w->retries_set)
		check->retries = w->retries;
	if ((given(w->cmd) && read_test(w->cmd, check, err) < 0) ||
	    (given(w->interval) && read_interval(w->interval, &check->interval_ns, err) < 0) ||
	    (given(w->timeout) && read_timeout(w->timeout, &check->timeout_ns, err) < 0) ||
	    (given(w->start_period) && read_start_period(w->start_period, &check->start_period_ns, err) < 0))
		return -1;
	return 0;
}

static void take_image(const struct image_health *image, struct ctr_healthcheck *check)
{
	check->test = strv_dup(image->test);
	if (image->interval_ns > 0)
		check->interval_ns = image->interval_ns;
	if (image->timeout_ns > 0)
		check->timeout_ns = image->timeout_ns;
	if (image->start_period_ns > 0)
		check->start_period_ns = image->start_period_ns;
	if (image->retries > 0)
		check->retries = (uint32_t)image->retries;
}

static void set_none(struct ctr_def *def)
{
	ctr_def_healthcheck_free(take_ptr(def->health));
	ctr_def_healthcheck_free(take_ptr(def->startup_health));
	def->health = mem_alloc(sizeof(*def->health));
	*def->health = (struct ctr_healthcheck){ 0 };
	strv_add(&def->health->test, "NONE");
}

static int complete_regular(struct ctr_opts *opts, const struct image_config *config, struct err *err)
{
	const struct ctr_health_words *w = &opts->health;
	const struct image_health *image = config ? config->run.health : NULL;
	if (w->none) {
		set_none(&opts->def);
		return 0;
	}
	if (!given(w->cmd) && !(image && strv_len(image->test)))
		return 0;
	opts->def.health = check_new(DEFAULT_RETRIES);
	if (!given(w->cmd)) {
		take_image(image, opts->def.health);
		origins_note(opts->origins, "health-cmd", "", ORIGIN_IMAGE, "HEALTHCHECK");
	}
	return read_regular(w, opts->def.health, err);
}

static int read_startup(const struct ctr_health_words *w, struct ctr_healthcheck *check, struct err *err)
{
	if (w->startup_retries)
		check->retries = w->startup_retries;
	if (w->startup_success)
		check->successes = w->startup_success;
	if ((given(w->startup_cmd) && read_test(w->startup_cmd, check, err) < 0) ||
	    (given(w->startup_interval) && read_interval(w->startup_interval, &check->interval_ns, err) < 0) ||
	    (given(w->startup_timeout) && read_timeout(w->startup_timeout, &check->timeout_ns, err) < 0))
		return -1;
	return 0;
}

static int complete_startup(struct ctr_opts *opts, struct err *err)
{
	const struct ctr_health_words *w = &opts->health;
	if (!given(w->startup_cmd))
		return 0;
	if (!opts->def.health)
		return err_set(err, ERR_USAGE, "cannot set a startup healthcheck when there is no regular healthcheck: invalid argument");
	opts->def.startup_health = check_new(0);
	return read_startup(w, opts->def.startup_health, err);
}

/* --- what goes with it --- */

static int complete_action(struct ctr_opts *opts, struct err *err)
{
	static const char *const known[] = { "none", "kill", "restart", "stop", NULL };
	const char *action = opts->health.on_failure;
	if (!given(action))
		return 0;
	free(take_ptr(opts->def.health_on_failure));
	if (str_index(known, action) < 0)
		return err_set(err, ERR_USAGE, "invalid on-failure action \"%s\" for health check: supported actions are none,kill,restart,stop", action);
	if (strcmp(action, "none") == 0)
		return 0;
	if (!opts->def.health)
		return err_set(err, ERR_USAGE, "cannot set on-failure action to %s without a health check", action);
	opts->def.health_on_failure = mem_strdup(action);
	return 0;
}

static int complete_destination(struct ctr_opts *opts, struct err *err)
{
	const char *word = opts->health.log_destination;
	struct stat st;
	if (!given(word))
		return 0;
	free(take_ptr(opts->def.health_log_destination));
	if (strcmp(word, "local") == 0)
		return 0;
	if (strcmp(word, "events_logger") == 0) {
		opts->def.health_log_destination = mem_strdup(word);
		return 0;
	}
	if (stat(word, &st) < 0)
		return err_sys(err, errno, "running container create option: HealthCheck Log '%s' destination error: stat %s", word, word);
	if (!S_ISDIR(st.st_mode))
		return err_set(err, ERR_USAGE, "running container create option: HealthCheck Log '%s' destination must be directory", word);
	opts->def.health_log_destination = realpath(word, NULL);
	return opts->def.health_log_destination ? 0 : err_sys(err, errno, "cannot use '%s' for the health log", word);
}

int ctr_health_complete(struct ctr_opts *opts, const struct image_config *config, struct err *err)
{
	const struct ctr_health_words *w = &opts->health;
	if (w->none && (given(w->cmd) || given(w->startup_cmd)))
		return err_set(err, ERR_USAGE, "cannot specify both --no-healthcheck and --%s", given(w->cmd) ? "health-cmd" : "health-startup-cmd");
	if (complete_regular(opts, config, err) < 0 || complete_startup(opts, err) < 0 || complete_action(opts, err) < 0)
		return -1;
	return complete_destination(opts, err);
}

/* --- on top of what is there --- */

static bool says_regular(const struct ctr_health_words *w)
{
	return given(w->cmd) || given(w->interval) || given(w->timeout) || given(w->start_period) || w->retries_set;
}

static bool says_startup(const struct ctr_health_words *w)
{
	return given(w->startup_cmd) || given(w->startup_interval) || given(w->startup_timeout) || w->startup_retries || w->startup_success;
}

static int change_regular(struct ctr_opts *opts, struct err *err)
{
	struct ctr_def *def = &opts->def;
	if (!says_regular(&opts->health))
		return 0;
	if (!ctr_health_is_set(def) && !given(opts->health.cmd))
		return err_set(err, ERR_USAGE, "there is no health check whose times could be changed: name its command with --health-cmd");
	if (!ctr_health_is_set(def)) {
		ctr_def_healthcheck_free(def->health);
		def->health = check_new(DEFAULT_RETRIES);
	}
	return read_regular(&opts->health, def->health, err);
}

static int change_startup(struct ctr_opts *opts, struct err *err)
{
	struct ctr_def *def = &opts->def;
	if (!says_startup(&opts->health))
		return 0;
	if (!ctr_health_is_set(def))
		return err_set(err, ERR_USAGE, "cannot set a startup healthcheck when there is no regular healthcheck: invalid argument");
	if (!def->startup_health && !given(opts->health.startup_cmd))
		return err_set(err, ERR_USAGE, "there is no startup check whose times could be changed: name its command with --health-startup-cmd");
	if (!def->startup_health)
		def->startup_health = check_new(0);
	return read_startup(&opts->health, def->startup_health, err);
}

int ctr_health_change(struct ctr_opts *opts, bool *ret_changed, struct err *err)
{
	const struct ctr_health_words *w = &opts->health;
	*ret_changed = w->none || says_regular(w) || says_startup(w) || given(w->on_failure) || given(w->log_destination);
	if (w->none && (says_regular(w) || says_startup(w)))
		return err_set(err, ERR_USAGE, "cannot specify both --no-healthcheck and other HealthCheck flags");
	if (w->none)
		set_none(&opts->def);
	if (change_regular(opts, err) < 0 || change_startup(opts, err) < 0 || complete_action(opts, err) < 0)
		return -1;
	return complete_destination(opts, err);
}
