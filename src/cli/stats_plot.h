/* stats_plot.h - pictures of what containers use: bars, and the course of the last looks.
 * Shape:  five lines a container: cpu, memory, network, disk, processes; each a bar, its figure, its course. What is counted up
 *         is shown by the second from the second look on, its bar against the most of its course; at the first look as it stands.
 */
#pragma once

#include "base/str.h"
#include "engine/ctr_stats.h"

enum { STATS_HISTORY = 60 };

enum stats_course { STATS_CPU, STATS_MEMORY, STATS_NETWORK, STATS_DISK, STATS_PIDS, STATS_COURSE_COUNT };

/* One container over time. */
struct stats_series {
	struct ctr *ctr;
	struct ctr_stats now, before; /* before.taken_ns 0: there is none */
	double course[STATS_COURSE_COUNT][STATS_HISTORY]; /* per cent, bytes a second, processes; oldest first */
	size_t count;		/* of each */
	bool no_trunc;
};
/* What was seen now goes to the end of its courses. */
void stats_plot_push(struct stats_series *series);

struct stats_look {
	unsigned columns;
	bool colours, utf8;
};
/* "█████▌    ": `width` cells, filled to per cent of 100. */
void stats_plot_bar(struct str *out, double percent, unsigned width, bool utf8);
/* "▁▂▅█": the last `width` values, of a scale that ends at `top`. */
void stats_plot_spark(struct str *out, const double *values, size_t count, unsigned width, double top, bool utf8);
/* Every series: a few lines each. */
void stats_plot(struct str *out, const struct stats_series *series, size_t count, const struct stats_look *look);
