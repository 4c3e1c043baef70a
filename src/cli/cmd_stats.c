/* cmd_stats.c - stats: what containers use, once or again and again */
#include "base/ntime.h"
#include "base/str.h"
#include "cli/pick.h"
#include "cli/session.h"
#include "cli/stats_fields.h"
#include "cli/verbs.h"
#include "codec/json.h"
#include "codec/json_out.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { INTERVAL_MAX_S = 86400, PLAIN_COLUMNS = 100 };

struct stats_values {
	bool all, latest, no_reset, no_stream, no_trunc, plot;
	char *format;
	int64_t interval_s;
};

/* --- one look --- */

static void put_json(const struct stats_series *series, size_t count)
{
	static const struct json_style style = { .indent = " " };
	auto_ptr(json) all = json_array_new();
	for (size_t i = 0; i < count; i++)
		json_add(all, stats_fields_json_new(&series[i]));
	session_put_json(all, &style);
}

static int put_table(const struct stats_series *series, size_t count, const char *format, struct err *err)
{
	auto_free const void **rows = mem_array(count + 1, sizeof(*rows));
	for (size_t i = 0; i < count; i++)
		rows[i] = &series[i];
	const struct listing listing = {
		.name = "stats", .fields = stats_fields, .field_count = stats_fields_all.count, .rows = rows, .row_count = count,
		.columns = "ID\tName\tCPUPerc\tMemUsage\tMemPerc\tNetIO\tBlockIO\tPIDS\tUpTime\tAVGCPU",
	};
	return listing_print(&listing, format, err);
}

static struct stats_look look_of(void)
{
	const char *no = getenv("NO_COLOR"), *locale = getenv("LC_ALL");
	struct winsize size = { 0 };
	bool terminal = isatty(STDOUT_FILENO);
	locale = locale && *locale ? locale : getenv("LC_CTYPE");
	locale = locale && *locale ? locale : getenv("LANG");
	if (!terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		size.ws_col = PLAIN_COLUMNS;
	return (struct stats_look){ .columns = size.ws_col, .colours = terminal && !(no && *no),
				    .utf8 = locale && (strstr(locale, "UTF-8") || strstr(locale, "utf8")) };
}

static bool redraws(const struct stats_values *v)
{
	return !v->no_stream && !v->no_reset && isatty(STDOUT_FILENO);
}

static int put(const struct stats_series *series, size_t count, const struct stats_values *v, struct err *err)
{
	auto_str out = { 0 };
	if (redraws(v))
		session_put("\033[H\033[2J");
	if (v->format && strcmp(v->format, "json") == 0)
		put_json(series, count);
	else if (!v->plot && put_table(series, count, v->format, err) < 0)
		return -1;
	if (v->plot) {
		const struct stats_look look = look_of();
		stats_plot(&out, series, count, &look);
		session_put(str_text(&out));
	}
	return fflush(stdout) == 0 ? 0 : err_sys(err, errno, "cannot write the output");
}

/* --- which --- */

struct watch {
	struct engine *engine;
	const struct stats_values *v;
	struct stats_series *series; /* owns its containers */
	size_t count;
	bool open; /* nobody was named: whoever comes joins, who ends leaves */
};

static void series_done(struct stats_series *s)
{
	ctr_stats_done(&s->now);
	ctr_stats_done(&s->before);
	ctr_free(take_ptr(s->ctr));
}

static void watch_done(struct watch *w)
{
	for (size_t i = 0; i < w->count; i++)
		series_done(&w->series[i]);
	free(take_ptr(w->series));
	w->count = 0;
}
AUTO_VAL(watch, watch_done);

static void add(struct watch *w, struct ctr *ctr)
{
	w->series = mem_resize(w->series, w->count + 1, sizeof(*w->series));
	w->series[w->count++] = (struct stats_series){ .ctr = ctr, .no_trunc = w->v->no_trunc };
}

/* COMPAT: one named twice is shown twice */
static int add_words(struct watch *w, char **words, struct err *err)
{
	for (; *words; words++) {
		struct ctr *ctr = NULL;
		if (ctr_open(w->engine, *words, &ctr, err) < 0)
			return err_wrap(err, "unable to look up container %s", *words);
		add(w, ctr);
	}
	return 0;
}

static int pick_open(const struct watch *w, struct pick *ret, struct err *err)
{
	const struct pick_opts opts = { .all = !w->v->latest, .latest = w->v->latest,
					.states = w->v->all || w->v->latest ? 0 : 1u << CTR_RUNNING | 1u << CTR_PAUSED };
	return pick_ctrs(w->engine, &opts, ret, err);
}

/* The past of a container that was there at the last look goes on. */
static void inherit(struct stats_series *s, struct watch *from, size_t *hint)
{
	for (size_t i = 0; i < from->count; i++) {
		struct stats_series *old = &from->series[(*hint + i) % from->count]; /* mostly the same ones in the same order */
		if (!old->ctr || strcmp(old->ctr->id, s->ctr->id) != 0)
			continue;
		struct ctr *ctr = s->ctr;
		ctr_free(old->ctr);
		*s = *old;
		s->ctr = ctr;
		*old = (struct stats_series){ 0 };
		*hint += i + 1;
		return;
	}
}

static int list_again(struct watch *w, struct err *err)
{
	auto_val(pick) pick = { 0 };
	struct watch old = *w;
	size_t hint = 0;
	if (pick_open(w, &pick, err) < 0)
		return -1;
	w->series = NULL;
	w->count = 0;
	for (size_t i = 0; i < pick.count; i++) {
		add(w, take_ptr(pick.ctrs[i]));
		inherit(&w->series[i], &old, &hint);
	}
	watch_done(&old);
	return 0;
}

/* --- again and again --- */

/* The first time, and where all are listed anew, its status has just been read. */
static int take(const struct watch *w, struct stats_series *s, struct err *err)
{
	if (s->now.taken_ns && !w->open && ctr_stats_refresh(w->engine, s->ctr, err) < 0)
		return -1;
	ctr_stats_done(&s->before);
	s->before = s->now;
	s->now = (struct ctr_stats){ 0 };
	ctr_stats_take(w->engine, s->ctr, s->before.taken_ns ? &s->before : NULL, &s->now);
	stats_plot_push(s);
	return 0;
}

/* Those that are gone leave. */
static void take_all(struct watch *w)
{
	size_t kept = 0;
	for (size_t i = 0; i < w->count; i++) {
		struct err gone = { 0 };
		if (take(w, &w->series[i], &gone) >= 0) {
			w->series[kept++] = w->series[i];
			continue;
		}
		err_clear(&gone);
		series_done(&w->series[i]);
	}
	w->count = kept;
}

static volatile sig_atomic_t interrupted, resized;

static void on_signal(int sig)
{
	if (sig == SIGINT)
		interrupted = 1;
	else
		resized = 1;
}

/* They come only while we wait: none is lost between the question whether one came, and the wait. */
static void catch_signals(sigset_t *ret_before)
{
	const struct sigaction action = { .sa_handler = on_signal };
	sigset_t ours;
	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGWINCH);
	sigprocmask(SIG_BLOCK, &ours, ret_before);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGWINCH, &action, NULL);
}

enum wake { WAKE_DUE, WAKE_RESIZED, WAKE_END };

/* The end: ^C, or whoever reads has gone. */
static enum wake wait_until(int64_t due_ns, const sigset_t *mask)
{
	struct pollfd reader = { .fd = STDOUT_FILENO };
	int64_t left = due_ns - ntime_monotonic();
	const struct timespec wait = { .tv_sec = left > 0 ? left / NS_PER_S : 0, .tv_nsec = left > 0 ? left % NS_PER_S : 0 };
	int rc = ppoll(&reader, 1, &wait, mask);
	if (interrupted || rc > 0 || (rc < 0 && errno != EINTR))
		return WAKE_END;
	return rc == 0 ? WAKE_DUE : WAKE_RESIZED;
}

/* On a terminal of another size the same is drawn again. */
static int wait_for_next(const struct watch *w, int64_t due_ns, const sigset_t *mask, bool *ret_end, struct err *err)
{
	for (;;) {
		enum wake why = wait_until(due_ns, mask);
		*ret_end = why == WAKE_END;
		if (why != WAKE_RESIZED)
			return 0;
		if (resized && redraws(w->v) && put(w->series, w->count, w->v, err) < 0)
			return -1;
		resized = 0;
	}
}

static int watch_run(struct watch *w, struct err *err)
{
	sigset_t before;
	bool end = false;
	catch_signals(&before);
	for (int64_t due_ns = ntime_monotonic();;) {
		take_all(w);
		if (put(w->series, w->count, w->v, err) < 0)
			return -1;
		if (w->v->no_stream || (!w->open && !w->count))
			return 0;
		due_ns += w->v->interval_s * NS_PER_S;
		if (due_ns < ntime_monotonic()) /* we were stopped: what was missed is not made up for */
			due_ns = ntime_monotonic();
		if (wait_for_next(w, due_ns, &before, &end, err) < 0)
			return -1;
		if (end)
			return 0;
		if (w->open && list_again(w, err) < 0)
			return -1;
	}
}

static int run_stats(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct stats_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(watch) w = { .v = v, .open = !words[0] && !v->latest };
	if ((v->all ? 1 : 0) + (v->latest ? 1 : 0) + (words[0] ? 1 : 0) > 1)
		return err_set(err, ERR_USAGE, "--all, --latest and containers cannot be used together");
	if (v->interval_s <= 0 || v->interval_s > INTERVAL_MAX_S)
		return err_set(err, ERR_USAGE, "invalid interval, must be a positive number greater zero");
	if (v->plot && v->format)
		return err_set(err, ERR_USAGE, "--plot draws, and --format prints: choose one");
	if (session_open(cli, ENGINE_READ, &engine, err) < 0)
		return -1;
	w.engine = engine;
	if ((words[0] ? add_words(&w, words, err) : list_again(&w, err)) < 0)
		return err_wrap(err, "unable to get list of containers");
	return watch_run(&w, err);
}

static void stats_init(void *values)
{
	*(struct stats_values *)values = (struct stats_values){ .interval_s = 5 };
}

#define AT(member) FLAG_AT(struct stats_values, member)
static const struct flag stats_rows[] = {
	{ "all", 'a', FLAG_BOOL, AT(all), .help = "All containers, also those that do not run" },
	{ "format", 0, FLAG_STRING, AT(format), .help = "Print as JSON or through a Go template" },
	{ "interval", 'i', FLAG_INT, AT(interval_s), .def = "5", .help = "Seconds between two looks" },
	{ "latest", 'l', FLAG_BOOL, AT(latest), .help = "Take the container made last" },
	{ "no-reset", 0, FLAG_BOOL, AT(no_reset), .help = "Print below what is there, do not clear the screen" },
	{ "no-stream", 0, FLAG_BOOL, AT(no_stream), .help = "Look once" },
	{ "no-trunc", 0, FLAG_BOOL, AT(no_trunc), .help = "Do not cut the IDs" },
	{ "plot", 0, FLAG_BOOL, AT(plot), .help = "Draw bars, and the course of the last looks" },
};
static const struct flag_group stats_groups[] = { { stats_rows, ARRAY_LEN(stats_rows), 0 }, { 0 } };
const struct verb cmd_stats_verb = {
	.about = "Shows what containers use: processor, memory, network, disks, processes. Without a name, all that run.\n\nThe share of the processor is since the last look, at the first one since the start; 100 is one processor.",
	.groups = stats_groups, .values_size = sizeof(struct stats_values), .init = stats_init, .fields = &stats_fields_all, .run = run_stats,
};
