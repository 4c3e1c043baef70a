/* cmd_life.c - start, stop, kill, pause, unpause, wait, rm: what happens to containers by name */
#include "base/num.h"
#include "base/ntime.h"
#include "base/str.h"
#include "cli/pick.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr_life.h"
#include "engine/signal_names.h"
#include "options/flag_conf.h"

#include <stdio.h>

struct life_values {
	char **filter, **cidfile, **condition;
	char *signal, *detach_keys, *interval;
	int time_s;
	bool time_given, all, latest, ignore, force, volumes, depend;
	bool attach, interactive, sig_proxy, sig_proxy_given, exit_first;
};
#define AT(member) FLAG_AT(struct life_values, member)
#define GIVEN(member) FLAG_GIVEN(struct life_values, member)
#define LATEST_ROW { "latest", 'l', FLAG_BOOL, AT(latest), .help = "Take the container made last" }
#define CIDFILE_ROW { "cidfile", 0, FLAG_ARRAY, AT(cidfile), .help = "Read the container's ID from the file" }

static void life_init(void *values)
{
	*(struct life_values *)values = (struct life_values){ .time_s = -1 };
}

static struct pick_opts picking(const struct life_values *v, char **words)
{
	return (struct pick_opts){ .words = words, .filters = v->filter, .cidfiles = v->cidfile, .all = v->all, .latest = v->latest,
				   .ignore = v->ignore };
}

/* Opens the engine, finds the containers and does the same to each; prints what was done. */
typedef int (*act_fn)(struct engine *engine, struct ctr *ctr, const struct life_values *v, struct err *err);
typedef int (*code_fn)(const struct life_values *v, const struct err *err);
static int for_each_coded(struct cli *cli, const struct life_values *v, const struct pick_opts *how, act_fn act, code_fn code_of, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_val(pick) pick = { 0 };
	int code = 0;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || pick_ctrs(engine, how, &pick, err) < 0)
		return -1;
	for (size_t i = 0; i < pick.count; i++) {
		int rc = act(engine, pick.ctrs[i], v, err);
		if (rc < 0) {
			if (!code && code_of)
				code = code_of(v, err);
			session_report(err, &code);
		} else if (rc == 0) {
			printf("%s\n", pick.shown[i]);
		}
	}
	return code;
}

static int for_each(struct cli *cli, const struct life_values *v, const struct pick_opts *how, act_fn act, struct err *err)
{
	return for_each_coded(cli, v, how, act, NULL, err);
}

/* --- stop --- */

static int stop_one(struct engine *engine, struct ctr *ctr, const struct life_values *v, struct err *err)
{
	bool stopped;
	return ctr_stop(engine, ctr, v->time_given ? v->time_s : -1, &stopped, err);
}

static int run_stop(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct life_values *v = values;
	struct pick_opts how = picking(v, words);
	if (v->all)
		how.states = 1U << CTR_RUNNING | 1U << CTR_PAUSED | 1U << CTR_STOPPING;
	return for_each(cli, v, &how, stop_one, err);
}

static const struct flag stop_rows[] = {
	{ "all", 'a', FLAG_BOOL, AT(all), .help = "Stop every running container" },
	CIDFILE_ROW,
	{ "filter", 'f', FLAG_ARRAY, AT(filter), .help = "Stop the containers that match" },
	{ "ignore", 'i', FLAG_BOOL, AT(ignore), .help = "Leave out containers that do not exist" },
	LATEST_ROW,
	{ "service", 0, FLAG_BOOL, .bits = FLAG_HIDDEN | FLAG_NOT_YET, .instead = "service containers are not done", .help = "Stop the service container" },
	{ "time", 't', FLAG_INT, AT(time_s), GIVEN(time_given), .def = "10", .aliases = "timeout", .help = "Seconds to wait before the container is killed" },
};
static const struct flag_group stop_groups[] = { { stop_rows, ARRAY_LEN(stop_rows), 0 }, { 0 } };
const struct verb cmd_stop_verb = {
	.about = "Stops running containers, by name or ID: the stop signal first, SIGKILL when the time is over.",
	.groups = stop_groups, .values_size = sizeof(struct life_values), .init = life_init, .run = run_stop,
};

/* --- kill --- */

static int kill_one(struct engine *engine, struct ctr *ctr, const struct life_values *v, struct err *err)
{
	int sig;
	const char *name = v->signal ? v->signal : "KILL";
	if (signal_names_parse(name, &sig) < 0)
		return err_set(err, ERR_USAGE, "invalid signal: %s", name);
	return ctr_kill(engine, ctr, sig, err);
}

static int run_kill(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct life_values *v = values;
	struct pick_opts how = picking(v, words);
	int sig;
	if (v->signal && signal_names_parse(v->signal, &sig) < 0)
		return err_set(err, ERR_USAGE, "invalid signal: %s", v->signal);
	if (v->all)
		how.states = 1U << CTR_RUNNING;
	return for_each(cli, v, &how, kill_one, err);
}

static const struct flag kill_rows[] = {
	{ "all", 'a', FLAG_BOOL, AT(all), .help = "Signal every running container" },
	CIDFILE_ROW, LATEST_ROW,
	{ "signal", 's', FLAG_STRING, AT(signal), .def = "KILL", .help = "Signal to send" },
};
static const struct flag_group kill_groups[] = { { kill_rows, ARRAY_LEN(kill_rows), 0 }, { 0 } };
const struct verb cmd_kill_verb = {
	.about = "Sends SIGKILL, or the signal named, to the first process of running containers.",
	.groups = kill_groups, .values_size = sizeof(struct life_values), .init = life_init, .run = run_kill,
};

/* --- pause and unpause --- */

static int pause_one(struct engine *engine, struct ctr *ctr, const struct life_values *v, struct err *err)
{
	(void)v;
	return ctr_pause(engine, ctr, true, err);
}

static int unpause_one(struct engine *engine, struct ctr *ctr, const struct life_values *v, struct err *err)
{
	(void)v;
	return ctr_pause(engine, ctr, false, err);
}

static int run_pause(struct cli *cli, void *values, char **words, struct err *err)
{
	struct pick_opts how = picking(values, words);
	if (how.all)
		how.states = 1U << CTR_RUNNING;
	return for_each(cli, values, &how, pause_one, err);
}

static int run_unpause(struct cli *cli, void *values, char **words, struct err *err)
{
	struct pick_opts how = picking(values, words);
	if (how.all)
		how.states = 1U << CTR_PAUSED;
	return for_each(cli, values, &how, unpause_one, err);
}

static const struct flag pause_rows[] = {
	{ "all", 'a', FLAG_BOOL, AT(all), .help = "Take every container in that state" },
	CIDFILE_ROW,
	{ "filter", 'f', FLAG_ARRAY, AT(filter), .help = "Take the containers that match" },
	LATEST_ROW,
};
static const struct flag_group pause_groups[] = { { pause_rows, ARRAY_LEN(pause_rows), 0 }, { 0 } };
const struct verb cmd_pause_verb = {
	.about = "Freezes the processes of running containers, by name or ID.",
	.groups = pause_groups, .values_size = sizeof(struct life_values), .init = life_init, .run = run_pause,
};
const struct verb cmd_unpause_verb = {
	.about = "Lets the processes of paused containers go on, by name or ID.",
	.groups = pause_groups, .values_size = sizeof(struct life_values), .init = life_init, .run = run_unpause,
};

/* --- rm --- */

static int rm_one(struct engine *engine, struct ctr *ctr, const struct life_values *v, struct err *err)
{
	auto_strv first = NULL;
	const struct ctr_rm_opts opts = { .ret_first = v->all ? NULL : &first, .depend = v->depend || v->all, .force = v->force, .volumes = v->volumes, .ignore = v->ignore,
					  .time_s = v->time_given ? v->time_s : -1 };
	int rc = ctr_remove(engine, ctr, &opts, err);
	for (char **id = first; id && *id; id++)
		printf("%s\n", *id);
	return rc;
}

/* COMPAT: 1 where nothing is so named, 2 where it runs */
static int rm_code(const struct life_values *v, const struct err *err)
{
	if (err_is(err, ERR_NOT_FOUND))
		return 1;
	return err_is(err, ERR_STATE) && !v->force ? 2 : err_exit_code(err);
}

static int run_rm(struct cli *cli, void *values, char **words, struct err *err)
{
	struct life_values *v = values;
	struct pick_opts how = picking(v, words);
	how.ignore |= v->force; /* COMPAT */
	if (v->time_given && !v->force)
		return err_set(err, ERR_USAGE, "--force option must be specified to use the --time option");
	int code = for_each_coded(cli, v, &how, rm_one, rm_code, err);
	if (code >= 0 || !err_is(err, ERR_NOT_FOUND))
		return code;
	code = rm_code(v, err);
	session_report(err, &code);
	return code;
}

static const struct flag rm_rows[] = {
	{ "all", 'a', FLAG_BOOL, AT(all), .help = "Remove every container" },
	CIDFILE_ROW,
	{ "depend", 0, FLAG_BOOL, AT(depend), .help = "Remove the containers that depend on it too" },
	{ "filter", 0, FLAG_ARRAY, AT(filter), .help = "Remove the containers that match" },
	{ "force", 'f', FLAG_BOOL, AT(force), .help = "Stop what runs, then remove it" },
	{ "ignore", 'i', FLAG_BOOL, AT(ignore), .help = "Leave out containers that do not exist" },
	LATEST_ROW,
	{ "storage", 0, FLAG_BOOL, .bits = FLAG_HIDDEN | FLAG_NOT_YET, .instead = "there are no containers of other programs in the store", .help = "Remove a container from the store only" },
	{ "time", 't', FLAG_INT, AT(time_s), GIVEN(time_given), .def = "10", .help = "Seconds to wait before a running container is killed" },
	{ "volumes", 'v', FLAG_BOOL, AT(volumes), .help = "Remove the container's anonymous volumes too" },
};
static const struct flag_group rm_groups[] = { { rm_rows, ARRAY_LEN(rm_rows), 0 }, { 0 } };
const struct verb cmd_rm_verb = {
	.about = "Removes containers, by name or ID; images stay.\n\nA running container is removed only with --force.",
	.groups = rm_groups, .values_size = sizeof(struct life_values), .init = life_init, .run = run_rm,
};

/* --- start --- */

/* COMPAT: 126 and 127 are the codes of run; here it is 125, whatever was wrong */
static int not_started(struct err *err)
{
	if (err_is(err, ERR_CMD_NOT_EXECUTABLE) || err_is(err, ERR_CMD_NOT_FOUND))
		err->kind = ERR_STATE;
	return -1;
}

static int start_one(struct engine *engine, struct ctr *ctr, const struct life_values *v, struct err *err)
{
	int code;
	(void)v;
	return ctr_start(engine, ctr, &(struct ctr_start_opts){ 0 }, &code, err) < 0 ? not_started(err) : 0;
}

static int start_attached(struct cli *cli, const struct life_values *v, const struct pick_opts *how, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_val(pick) pick = { 0 };
	int code = 0;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || pick_ctrs(engine, how, &pick, err) < 0)
		return -1;
	if (pick.count > 1)
		return err_set(err, ERR_USAGE, "you cannot start and attach multiple containers at once");
	for (size_t i = 0; i < pick.count; i++) {
		struct ctr *ctr = pick.ctrs[i];
		const struct ctr_start_opts opts = {
			.attach_stdin = v->interactive && ctr->def.interactive, .attach_stdout = true, .attach_stderr = true,
			.sig_proxy = !v->sig_proxy_given || v->sig_proxy, .detach_keys = v->detach_keys,
		};
		if (ctr_start(engine, ctr, &opts, &code, err) < 0)
			return not_started(err);
	}
	return code;
}

static int run_start(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct life_values *v = values;
	struct pick_opts how = picking(v, words);
	bool attached = v->attach || v->interactive;
	how.missing = "start requires at least one argument";
	if (how.all)
		how.states = 1U << CTR_CREATED | 1U << CTR_INITIALIZED | 1U << CTR_EXITED;
	if (attached && words[0] && words[1])
		return err_set(err, ERR_USAGE, "you cannot start and attach multiple containers at once");
	if (v->sig_proxy && !attached)
		return err_set(err, ERR_USAGE, "you cannot use sig-proxy without --attach: invalid argument");
	return attached ? start_attached(cli, v, &how, err) : for_each(cli, v, &how, start_one, err);
}

/* --- init --- */

static int init_one(struct engine *engine, struct ctr *ctr, const struct life_values *v, struct err *err)
{
	if (v->all && ctr->status.state != CTR_CREATED && ctr->status.state != CTR_EXITED)
		return 0; /* COMPAT: told as the others */
	return ctr_init(engine, ctr, err) < 0 ? not_started(err) : 0;
}

static int run_init(struct cli *cli, void *values, char **words, struct err *err)
{
	struct pick_opts how = picking(values, words);
	how.missing = "you must provide at least one name or id";
	return for_each(cli, values, &how, init_one, err);
}

static const struct flag init_rows[] = {
	{ "all", 'a', FLAG_BOOL, AT(all), .help = "Prepare every container that is not yet" },
	LATEST_ROW,
};
static const struct flag_group init_groups[] = { { init_rows, ARRAY_LEN(init_rows), 0 }, { 0 } };
const struct verb cmd_init_verb = {
	.about = "Prepares containers, by name or ID, without starting them: files, mounts, namespaces and network are there and can be\nlooked at; the program waits for start.",
	.groups = init_groups, .values_size = sizeof(struct life_values), .init = life_init, .conf = FLAG_CONF_KEYS, .run = run_init,
};

static const struct flag_group start_all_groups[] = { { 0 } };

static int run_start_all(struct cli *cli, void *values, char **words, struct err *err)
{
	static char at_boot[] = "should-start-on-boot=true";
	char *const filters[] = { at_boot, NULL };
	const struct pick_opts how = { .words = words, .filters = filters, .all = true, .states = 1U << CTR_EXITED };
	return for_each(cli, values, &how, start_one, err);
}

const struct verb cmd_system_start_all_verb = {
	.about = "Starts the containers that are to run again after the host has started: those with --restart always, and unless-stopped\nwhere nobody stopped them. To be run once at boot; share/ and docs/boot.md show how.",
	.groups = start_all_groups, .values_size = sizeof(struct life_values), .init = life_init, .args = VERB_NONE, .run = run_start_all,
};

static const struct flag start_rows[] = {
	{ "all", 0, FLAG_BOOL, AT(all), .help = "Start every container that does not run" },
	{ "attach", 'a', FLAG_BOOL, AT(attach), .help = "Attach to the container's output" },
	{ "detach-keys", 0, FLAG_STRING, AT(detach_keys), .meta = "[a-Z]", .def = "ctrl-p,ctrl-q", .help = "Keys that detach from the container: one character, or ctrl-<value> joined by commas" },
	{ "filter", 'f', FLAG_ARRAY, AT(filter), .help = "Start the containers that match" },
	{ "interactive", 'i', FLAG_BOOL, AT(interactive), .help = "Attach to the container's input too" },
	LATEST_ROW,
	{ "sig-proxy", 0, FLAG_BOOL, AT(sig_proxy), GIVEN(sig_proxy_given), .help = "Pass signals on to the container's process (default true if attaching, false otherwise)" },
};
static const struct flag_group start_groups[] = { { start_rows, ARRAY_LEN(start_rows), 0 }, { 0 } };
const struct verb cmd_start_verb = {
	.about = "Starts containers that were created or have ended, by name or ID.",
	.groups = start_groups, .values_size = sizeof(struct life_values), .init = life_init, .conf = FLAG_CONF_KEYS, .run = run_start,
};

/* --- wait --- */

struct condition_row {
	const char *word;
	unsigned states;
};
static const struct condition_row conditions[] = {
	{ "created", 1U << CTR_CREATED }, { "configured", 1U << CTR_CREATED }, { "initialized", 1U << CTR_INITIALIZED }, { "running", 1U << CTR_RUNNING },
	{ "paused", 1U << CTR_PAUSED },	  { "stopping", 1U << CTR_STOPPING },  { "exited", 1U << CTR_EXITED },
	{ "stopped", 1U << CTR_EXITED },  { "removing", 1U << CTR_REMOVING },  { "healthy", CTR_WAIT_HEALTHY },
	{ "unhealthy", CTR_WAIT_UNHEALTHY },
};

static int read_conditions(char *const *words, unsigned *ret, struct err *err)
{
	*ret = words ? 0 : 1U << CTR_EXITED;
	for (; words && *words; words++) {
		unsigned states = 0;
		for (size_t i = 0; i < ARRAY_LEN(conditions); i++)
			if (strcmp(conditions[i].word, *words) == 0)
				states = conditions[i].states;
		if (!states)
			return err_set(err, ERR_USAGE, "unknown condition \"%s\": created, running, paused, stopping, stopped, exited, healthy or unhealthy", *words);
		*ret |= states;
	}
	return 0;
}

static int read_interval(const char *text, int *ret_ms, struct err *err)
{
	int64_t ns;
	uint64_t ms;
	*ret_ms = 250;
	if (!text)
		return 0;
	if (num_u64(text, INT32_MAX, &ms) == 0) { /* COMPAT: a bare number is milliseconds */
		*ret_ms = ms ? (int)ms : 1;
		return 0;
	}
	if (num_duration(text, &ns) < 0 || ns < 0 || ns / NS_PER_MS > INT32_MAX)
		return err_set(err, ERR_USAGE, "time: invalid duration \"%s\"", text);
	*ret_ms = ns < NS_PER_MS ? 1 : (int)(ns / NS_PER_MS);
	return 0;
}

static int wait_for_each(struct engine *engine, const struct pick *pick, unsigned states, int interval_ms, struct err *err)
{
	int code = 0;
	for (size_t i = 0; i < pick->count; i++) {
		int exit_code;
		if (ctr_wait(engine, pick->ctrs[i], states, interval_ms, &exit_code, err) < 0) {
			session_report(err, &code);
			continue;
		}
		printf("%d\n", exit_code);
		fflush(stdout);
	}
	return code;
}

static int wait_for_first(struct engine *engine, const struct pick *pick, unsigned states, int interval_ms, struct err *err)
{
	int exit_code;
	if (pick->count && ctr_wait_first(engine, pick->ctrs, pick->count, states, interval_ms, &exit_code, err) < 0)
		return -1;
	if (pick->count)
		printf("%d\n", exit_code);
	return 0;
}

static int run_wait(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct life_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(pick) pick = { 0 };
	unsigned states;
	int interval_ms;
	if (!words[0] && !v->latest)
		return err_set(err, ERR_USAGE, "\"%s\" requires a name, id, or the \"--latest\" flag", cli->path);
	struct pick_opts how = picking(v, words);
	if (read_conditions(v->condition, &states, err) < 0 || read_interval(v->interval, &interval_ms, err) < 0 ||
	    session_open(cli, ENGINE_READ, &engine, err) < 0 || pick_ctrs(engine, &how, &pick, err) < 0)
		return -1;
	return (v->exit_first ? wait_for_first : wait_for_each)(engine, &pick, states, interval_ms, err);
}

static const struct flag wait_rows[] = {
	{ "condition", 0, FLAG_SLICE, AT(condition), .help = "State to wait for" },
	{ "exit-first-match", 0, FLAG_BOOL, AT(exit_first), .help = "Return when the first container is in the state" },
	{ "ignore", 0, FLAG_BOOL, AT(ignore), .help = "Leave out containers that do not exist" },
	{ "interval", 'i', FLAG_STRING, AT(interval), .def = "250ms", .help = "Time between looks, where nothing tells of the change" },
	LATEST_ROW,
};
static const struct flag_group wait_groups[] = { { wait_rows, ARRAY_LEN(wait_rows), 0 }, { 0 } };
const struct verb cmd_wait_verb = {
	.about = "Waits until containers end, and prints their exit codes.",
	.groups = wait_groups, .values_size = sizeof(struct life_values), .init = life_init, .run = run_wait,
};
