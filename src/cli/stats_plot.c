/* stats_plot.c - stats --plot: bars and courses a person can read */
#include "cli/stats_plot.h"

#include "base/num.h"

enum { NAME_CELLS = 20, BAR_CELLS = 20, SPARK_MAX = STATS_HISTORY, EIGHTHS = 8 };

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

static void add_coloured_bar(struct str *out, double percent, const struct stats_look *look)
{
	const char *colour = percent >= 90 ? "\033[31m" : percent >= 60 ? "\033[33m" : "\033[32m";
	str_addf(out, "%s", look->colours ? colour : "");
	stats_plot_bar(out, percent, BAR_CELLS, look->utf8);
	str_addf(out, "%s", look->colours ? "\033[0m" : "");
}

/* "  cpu  ██████   45.2 %  ▁▂▃" */
static void add_course(struct str *out, const char *what, double percent, const char *text, const double *values, size_t count, double top,
		       const struct stats_look *look)
{
	unsigned fixed = 2 + 5 + BAR_CELLS + 2 + 26, room = look->columns > fixed + 4 ? look->columns - fixed : 4;
	str_addf(out, "  %-4s ", what);
	add_coloured_bar(out, percent, look);
	str_addf(out, "  %-24s ", text);
	stats_plot_spark(out, values, count, room > SPARK_MAX ? SPARK_MAX : room, top, look->utf8);
	str_add_char(out, '\n');
}

static double per_second(uint64_t now, uint64_t before, int64_t ns)
{
	return ns > 0 && now >= before ? (double)(now - before) * 1e9 / (double)ns : 0;
}

static void add_rates(struct str *out, const struct stats_series *s)
{
	const struct ctr_stats *now = &s->now, *b = &s->before;
	int64_t ns = b->taken_ns ? now->taken_ns - b->taken_ns : 0;
	str_addf(out, "  net  in %s (%s/s)  out %s (%s/s)\n", num_size_text(now->in_bytes).text,
		 num_size_text((uint64_t)per_second(now->in_bytes, b->in_bytes, ns)).text, num_size_text(now->out_bytes).text,
		 num_size_text((uint64_t)per_second(now->out_bytes, b->out_bytes, ns)).text);
	str_addf(out, "  disk read %s (%s/s)  written %s (%s/s)  pids %llu\n", num_size_text(now->used.read_bytes).text,
		 num_size_text((uint64_t)per_second(now->used.read_bytes, b->used.read_bytes, ns)).text, num_size_text(now->used.write_bytes).text,
		 num_size_text((uint64_t)per_second(now->used.write_bytes, b->used.write_bytes, ns)).text, (unsigned long long)now->used.pids);
}

void stats_plot(struct str *out, const struct stats_series *series, size_t count, const struct stats_look *look)
{
	for (size_t i = 0; i < count; i++) {
		const struct stats_series *s = &series[i];
		double memory = s->now.memory_max_bytes ? (double)s->now.used.memory_bytes * 100 / (double)s->now.memory_max_bytes : 0;
		auto_free char *cpu_text = mem_printf("%.1f %%", s->now.cpu_percent);
		auto_free char *memory_text = mem_printf("%s of %s", num_size_text(s->now.used.memory_bytes).text, num_size_text(s->now.memory_max_bytes).text);
		str_addf(out, "%s%s%s  %.12s\n", look->colours ? "\033[1m" : "", s->now.name, look->colours ? "\033[0m" : "", s->now.id);
		add_course(out, "cpu", s->now.cpu_percent, cpu_text, s->cpu, s->count, largest(s->cpu, s->count, 100), look);
		add_course(out, "mem", memory, memory_text, s->memory, s->count, largest(s->memory, s->count, 1), look);
		add_rates(out, s);
	}
}
