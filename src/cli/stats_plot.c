/* stats_plot.c - stats --plot: bars and courses a person can read */
#include "cli/stats_plot.h"

#include "base/ntime.h"
#include "base/num.h"
#include "cli/stats_fields.h"

enum { TITLE_CELLS = 7, TEXT_CELLS = 27, GAPS = 3, BAR_MAX = 20, BAR_MIN = 4, SPARK_MIN = 4, EIGHTHS = 8 };

void stats_plot_bar(struct str *out, double percent, unsigned width, bool utf8)
{
	static const char *const parts[EIGHTHS] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	double cells = (percent < 0 ? 0 : percent > 100 ? 100 : percent) * width / 100;
	unsigned full = (unsigned)cells, part = (unsigned)((cells - full) * EIGHTHS), used = full;
	for (unsigned i = 0; i < full; i++)
		str_add(out, utf8 ? "█" : "#");
	if (utf8 && part && full < width) {
		str_add(out, parts[part]);
		used++;
	}
	for (; used < width; used++)
		str_add_char(out, utf8 ? ' ' : '.');
}

void stats_plot_spark(struct str *out, const double *values, size_t count, unsigned width, double top, bool utf8)
{
	static const char *const blocks[EIGHTHS] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" }, *const letters[EIGHTHS] = { "_", ".", ",", "-", "=", "+", "*", "#" };
	size_t from = count > width ? count - width : 0;
	for (size_t i = from; i < count; i++) {
		double part = top > 0 ? values[i] / top * EIGHTHS : 0;
		unsigned step = part < 0 ? 0 : part >= EIGHTHS ? EIGHTHS - 1 : (unsigned)part;
		str_add(out, utf8 ? blocks[step] : letters[step]);
	}
}

static double largest(const double *values, size_t count, double at_least)
{
	double top = at_least;
	for (size_t i = 0; i < count; i++)
		top = values[i] > top ? values[i] : top;
	return top;
}

/* --- figures --- */

static double per_second(uint64_t now, uint64_t before, int64_t ns)
{
	return ns > 0 && now >= before ? (double)(now - before) * (double)NS_PER_S / (double)ns : 0;
}

struct rates {
	double in, out;
};

static struct rates rates_of(const struct stats_series *s, enum stats_course course)
{
	const struct ctr_stats *now = &s->now, *b = &s->before;
	int64_t ns = b->taken_ns ? now->taken_ns - b->taken_ns : 0;
	if (course == STATS_NETWORK)
		return (struct rates){ per_second(now->in_bytes, b->in_bytes, ns), per_second(now->out_bytes, b->out_bytes, ns) };
	return (struct rates){ per_second(now->used.read_bytes, b->used.read_bytes, ns), per_second(now->used.write_bytes, b->used.write_bytes, ns) };
}

static double value_of(const struct stats_series *s, enum stats_course course)
{
	const struct ctr_stats *now = &s->now;
	switch (course) {
	case STATS_CPU:
		return now->cpu_percent;
	case STATS_MEMORY:
		return stats_fields_memory_percent(now);
	case STATS_NETWORK:
	case STATS_DISK: {
		struct rates r = rates_of(s, course);
		return r.in + r.out;
	}
	case STATS_PIDS:
	case STATS_COURSE_COUNT:
		break;
	}
	return (double)now->used.pids;
}

void stats_plot_push(struct stats_series *s)
{
	size_t last = s->count < STATS_HISTORY ? s->count : STATS_HISTORY - 1;
	for (int i = 0; i < STATS_COURSE_COUNT; i++) {
		if (s->count == STATS_HISTORY)
			memmove(s->course[i], s->course[i] + 1, last * sizeof(s->course[i][0]));
		s->course[i][last] = value_of(s, (enum stats_course)i);
	}
	s->count = last + 1;
}

static char *two_dup(uint64_t in, uint64_t out, const char *unit)
{
	return mem_printf("%s%s in, %s%s out", num_size_tight(in).text, unit, num_size_tight(out).text, unit);
}

static char *text_dup(const struct stats_series *s, enum stats_course course)
{
	const struct ctr_stats *now = &s->now;
	struct rates r = rates_of(s, course);
	switch (course) {
	case STATS_CPU:
		return mem_printf("%.1f %%", now->cpu_percent);
	case STATS_MEMORY:
		return mem_printf("%s of %s", num_size_text(now->used.memory_bytes).text, num_size_text(now->memory_max_bytes).text);
	case STATS_NETWORK:
	case STATS_DISK:
		if (s->before.taken_ns)
			return two_dup((uint64_t)r.in, (uint64_t)r.out, "/s");
		return course == STATS_NETWORK ? two_dup(now->in_bytes, now->out_bytes, "") : two_dup(now->used.read_bytes, now->used.write_bytes, "");
	case STATS_PIDS:
	case STATS_COURSE_COUNT:
		break;
	}
	return mem_printf("%llu", (unsigned long long)now->used.pids);
}

/* --- lines --- */

static const struct course_row {
	const char *title;
	double top;	/* of the course's scale, at least */
	bool percent;	/* of what there is: the bar shows it, red where it ends */
} rows[STATS_COURSE_COUNT] = {
	[STATS_CPU] = { "cpu", 100, true },  [STATS_MEMORY] = { "mem", 1, true }, [STATS_NETWORK] = { "net", 1, false },
	[STATS_DISK] = { "disk", 1, false }, [STATS_PIDS] = { "pids", 1, false },
};

static void add_coloured_bar(struct str *out, double percent, bool warns, unsigned width, const struct stats_look *look)
{
	const char *colour = !warns ? "\033[36m" : percent >= 90 ? "\033[31m" : percent >= 60 ? "\033[33m" : "\033[32m";
	str_add(out, look->colours ? colour : "");
	stats_plot_bar(out, percent, width, look->utf8);
	str_add(out, look->colours ? "\033[0m" : "");
}

/* "  cpu  ██████   45.2 %  ▁▂▃": on a narrow terminal the bar is short, then the course is missing */
static void add_course(struct str *out, const struct stats_series *s, enum stats_course course, const struct stats_look *look)
{
	const struct course_row *row = &rows[course];
	const double *values = s->course[course];
	double value = value_of(s, course), top = largest(values, s->count, row->top);
	unsigned fixed = TITLE_CELLS + TEXT_CELLS + GAPS, room = look->columns > fixed ? look->columns - fixed : 0;
	unsigned bar = room < BAR_MIN + SPARK_MIN ? BAR_MIN : room - SPARK_MIN < BAR_MAX ? room - SPARK_MIN : BAR_MAX;
	unsigned spark = room < bar + SPARK_MIN ? 0 : room - bar < STATS_HISTORY ? room - bar : STATS_HISTORY;
	auto_free char *text = text_dup(s, course);
	str_addf(out, "  %-4s ", row->title);
	add_coloured_bar(out, row->percent ? value : value * 100 / top, row->percent, bar, look);
	if (spark) {
		str_addf(out, "  %-*s ", TEXT_CELLS, text);
		stats_plot_spark(out, values, s->count, spark, top, look->utf8);
	} else {
		str_addf(out, "  %s", text);
	}
	str_add_char(out, '\n');
}

void stats_plot(struct str *out, const struct stats_series *series, size_t count, const struct stats_look *look)
{
	for (size_t i = 0; i < count; i++) {
		const struct stats_series *s = &series[i];
		str_addf(out, "%s%s%s  %.12s\n", look->colours ? "\033[1m" : "", s->now.name, look->colours ? "\033[0m" : "", s->now.id);
		for (int course = 0; course < STATS_COURSE_COUNT; course++)
			add_course(out, s, (enum stats_course)course, look);
	}
}
