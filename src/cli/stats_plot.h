/* stats_plot.h - pictures of what containers use: bars, and the course of the last looks.
 */
#pragma once

#include "base/str.h"
#include "engine/ctr_stats.h"

enum { STATS_HISTORY = 60 };

/* One container over time. */
struct stats_series {
	struct ctr *ctr;	/* borrowed */
	struct ctr_stats now, before; /* before.taken_ns 0: there is none */
	double cpu[STATS_HISTORY], memory[STATS_HISTORY]; /* per cent, oldest first */
	size_t count;		/* of these */
	bool no_trunc;
};

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
