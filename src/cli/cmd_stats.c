/* cmd_stats.c - stats: what containers use, once or again and again */
#include "base/ntime.h"
#include "base/num.h"
#include "cli/stats_plot.h"
#include "cli/listing.h"
#include "cli/pick.h"
#include "cli/session.h"
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

enum { ID_SHORT = 12, INTERVAL_MAX_S = 86400, PLAIN_COLUMNS = 100 };

struct stats_values {
	bool all, latest, no_reset, no_stream, no_trunc, plot;
	char *format;
	int64_t interval_s;
};

/* --- fields --- */

static const struct ctr_stats *of(const void *row)
{
	return &((const struct stats_series *)row)->now;
}

static char *text_id(const void *row)
{
	return mem_strndup(of(row)->id, ((const struct stats_series *)row)->no_trunc ? 64 : ID_SHORT);
}

static char *text_full_id(const void *row)
{
	return mem_strdup(of(row)->id);
}

static char *text_name(const void *row)
{
	return mem_strdup(of(row)->name);
}

static char *percent_dup(double percent)
{
	return mem_printf("%.2f%%", percent);
}

static char *text_cpu(const void *row)
{
	return percent_dup(of(row)->cpu_percent);
}

static char *text_average(const void *row)
{
	return percent_dup(of(row)->average_percent);
}

static double memory_percent(const struct ctr_stats *s)
{
	return s->memory_max_bytes ? (double)s->used.memory_bytes * 100 / (double)s->memory_max_bytes : 0;
}

static char *text_memory_percent(const void *row)
{
	return percent_dup(memory_percent(of(row)));
}

static char *pair_dup(uint64_t a, uint64_t b)
{
	return mem_printf("%s / %s", num_size_tight(a).text, num_size_tight(b).text);
}

static char *text_memory(const void *row)
{
	return pair_dup(of(row)->used.memory_bytes, of(row)->memory_max_bytes);
}

/* COMPAT: units.BytesSize: four digits of a power of 1024 */
static char *binary_dup(uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	double size = (double)bytes;
	size_t unit = 0;
	for (; size >= 1024 && unit + 1 < ARRAY_LEN(units); unit++)
		size /= 1024;
	return mem_printf("%.4g%s", size, units[unit]);
}

static char *text_memory_binary(const void *row)
{
	auto_free char *used = binary_dup(of(row)->used.memory_bytes), *max = binary_dup(of(row)->memory_max_bytes);
	return mem_printf("%s / %s", used, max);
}

static char *text_network(const void *row)
{
	return pair_dup(of(row)->in_bytes, of(row)->out_bytes);
}

static char *text_block(const void *row)
{
	return pair_dup(of(row)->used.read_bytes, of(row)->used.write_bytes);
}

static char *text_pids(const void *row)
{
	return mem_printf("%llu", (unsigned long long)of(row)->used.pids);
}

static char *text_cpu_time(const void *row)
{
	return mem_strdup(ntime_duration((int64_t)of(row)->used.cpu_ns).text);
}

#define NUMBER(field, expression)                                                        \
	static struct json *value_##field(const void *row)                              \
	{                                                                                \
		return expression;                                                       \
	}                                                                                \
	static char *text_##field(const void *row)                                      \
	{                                                                                \
		auto_ptr(json) value = value_##field(row);                               \
		auto_str out = { 0 };                                                    \
		json_number_text(value, &out);                                           \
		return str_take(&out);                                                   \
	}
NUMBER(cpu_number, json_f64_new(of(row)->cpu_percent))
NUMBER(average_number, json_f64_new(of(row)->average_percent))
NUMBER(cpu_ns, json_u64_new(of(row)->used.cpu_ns))
NUMBER(system_ns, json_u64_new(of(row)->used.cpu_system_ns))
NUMBER(taken_ns, json_i64_new(of(row)->taken_ns))
NUMBER(memory_max, json_u64_new(of(row)->memory_max_bytes))
NUMBER(pids_number, json_u64_new(of(row)->used.pids))
NUMBER(read_bytes, json_u64_new(of(row)->used.read_bytes))
NUMBER(write_bytes, json_u64_new(of(row)->used.write_bytes))

static const struct listing_field fields[] = {
	{ "AVGCPU", "AVG CPU %", text_average, NULL },
	{ "AvgCPU", "AVG CPU %", text_average_number, value_average_number },
	{ "BlockIO", "BLOCK IO", text_block, NULL },
	{ "BlockInput", NULL, text_read_bytes, value_read_bytes },
	{ "BlockOutput", NULL, text_write_bytes, value_write_bytes },
	{ "CPU", NULL, text_cpu_number, value_cpu_number },
	{ "CPUNano", NULL, text_cpu_ns, value_cpu_ns },
	{ "CPUPerc", "CPU %", text_cpu, NULL },
	{ "CPUSystemNano", NULL, text_system_ns, value_system_ns },
	{ "ContainerID", NULL, text_full_id, NULL },
	{ "Duration", NULL, text_cpu_ns, value_cpu_ns },
	{ "ID", NULL, text_id, NULL },
	{ "MemLimit", NULL, text_memory_max, value_memory_max },
	{ "MemPerc", "MEM %", text_memory_percent, NULL },
	{ "MemUsage", "MEM USAGE / LIMIT", text_memory, NULL },
	{ "MemUsageBytes", "MEM USAGE / LIMIT", text_memory_binary, NULL },
	{ "Name", NULL, text_name, NULL },
	{ "NetIO", "NET IO", text_network, NULL },
	{ "PIDS", NULL, text_pids, NULL },
	{ "PIDs", "PIDS", text_pids_number, value_pids_number },
	{ "SystemNano", NULL, text_taken_ns, value_taken_ns },
	{ "Up", "CPU TIME", text_cpu_time, NULL },
	{ "UpTime", "CPU TIME", text_cpu_time, NULL },
};
static const struct listing_fields all_fields = { fields, ARRAY_LEN(fields) };

static struct json *row_new(const struct stats_series *row)
{
	static const struct {
		const char *name;
		char *(*text)(const void *row);
	} members[] = {
		{ "id", text_id }, { "name", text_name }, { "cpu_time", text_cpu_time }, { "cpu_percent", text_cpu }, { "avg_cpu", text_average },
		{ "mem_usage", text_memory }, { "mem_percent", text_memory_percent }, { "net_io", text_network }, { "block_io", text_block }, { "pids", text_pids },
	};
	struct json *o = json_object_new();
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		auto_free char *text = members[i].text(row);
		json_set_str(o, members[i].name, text);
	}
	return o;
}

/* --- one look --- */

static void put_json(const struct stats_series *series, size_t count)
{
	static const struct json_style style = { .indent = " " };
	auto_ptr(json) all = json_array_new();
	auto_str out = { 0 };
	for (size_t i = 0; i < count; i++)
		json_add(all, row_new(&series[i]));
	json_write(&out, all, &style);
	str_add_char(&out, '\n');
	session_put(str_text(&out));
}

static int put_table(const struct stats_series *series, size_t count, const char *format, struct err *err)
{
	auto_free const void **rows = mem_array(count + 1, sizeof(*rows));
	for (size_t i = 0; i < count; i++)
		rows[i] = &series[i];
	const struct listing listing = {
		.name = "stats", .fields = fields, .field_count = ARRAY_LEN(fields), .rows = rows, .row_count = count,
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

static int put(const struct stats_series *series, size_t count, const struct stats_values *v, struct err *err)
{
	bool redraw = !v->no_stream && !v->no_reset && isatty(STDOUT_FILENO);
	auto_str out = { 0 };
	if (redraw)
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

/* --- again and again --- */

static void push(double *values, size_t *count, double value)
{
	memmove(values, values + (*count == STATS_HISTORY), (*count - (*count == STATS_HISTORY)) * sizeof(*values));
	values[*count == STATS_HISTORY ? STATS_HISTORY - 1 : *count] = value;
}

static int take(struct engine *engine, struct stats_series *s, struct err *err)
{
	ctr_stats_done(&s->before);
	s->before = s->now;
	s->now = (struct ctr_stats){ 0 };
	if (ctr_stats_take(engine, s->ctr, s->before.taken_ns ? &s->before : NULL, &s->now, err) < 0)
		return -1;
	push(s->cpu, &s->count, s->now.cpu_percent);
	push(s->memory, &s->count, memory_percent(&s->now));
	s->count += s->count < STATS_HISTORY;
	return 0;
}

/* Those that are gone leave. */
static size_t take_all(struct engine *engine, struct stats_series *series, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		struct err gone = { 0 };
		if (take(engine, &series[i], &gone) >= 0) {
			series[kept++] = series[i];
			continue;
		}
		err_clear(&gone);
		ctr_stats_done(&series[i].before);
		ctr_stats_done(&series[i].now);
	}
	return kept;
}

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

/* False: ^C, or whoever reads has gone. */
static bool wait_for_next(int64_t interval_s)
{
	struct pollfd reader = { .fd = STDOUT_FILENO };
	int rc = poll(&reader, 1, (int)(interval_s * 1000));
	return !interrupted && rc == 0;
}

static int watch(struct engine *engine, struct stats_series *series, size_t *count, const struct stats_values *v, struct err *err)
{
	const struct sigaction stop = { .sa_handler = on_interrupt };
	sigaction(SIGINT, &stop, NULL);
	for (;;) {
		*count = take_all(engine, series, *count);
		if (put(series, *count, v, err) < 0)
			return -1;
		if (v->no_stream || !*count || !wait_for_next(v->interval_s))
			return 0;
	}
}

static int run_stats(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct stats_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(pick) pick = { 0 };
	if ((v->all ? 1 : 0) + (v->latest ? 1 : 0) + (words[0] ? 1 : 0) > 1)
		return err_set(err, ERR_USAGE, "--all, --latest and containers cannot be used together");
	if (v->interval_s <= 0 || v->interval_s > INTERVAL_MAX_S)
		return err_set(err, ERR_USAGE, "invalid interval, must be a positive number greater zero");
	if (v->plot && v->format)
		return err_set(err, ERR_USAGE, "--plot draws, and --format prints: choose one");
	if (session_open(cli, ENGINE_READ, &engine, err) < 0)
		return -1;
	const struct pick_opts opts = { .words = words, .all = !words[0] && !v->latest, .latest = v->latest,
					.states = v->all ? 0 : 1u << CTR_RUNNING | 1u << CTR_PAUSED };
	if (pick_ctrs(engine, &opts, &pick, err) < 0)
		return err_wrap(err, "unable to get list of containers");
	struct stats_series *series = mem_array(pick.count + 1, sizeof(*series));
	size_t count = pick.count;
	for (size_t i = 0; i < count; i++)
		series[i] = (struct stats_series){ .ctr = pick.ctrs[i], .no_trunc = v->no_trunc };
	int rc = watch(engine, series, &count, v, err);
	for (size_t i = 0; i < count; i++) {
		ctr_stats_done(&series[i].now);
		ctr_stats_done(&series[i].before);
	}
	free(series);
	return rc;
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
	.groups = stats_groups, .values_size = sizeof(struct stats_values), .init = stats_init, .fields = &all_fields, .run = run_stats,
};
