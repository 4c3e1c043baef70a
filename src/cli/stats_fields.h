/* stats_fields.h - what stats can tell about a container: the fields of its table, of --format and of its JSON.
 * Owner:  rows are struct stats_series.
 */
#pragma once

#include "cli/listing.h"
#include "cli/stats_plot.h"

extern const struct listing_field stats_fields[];
extern const struct listing_fields stats_fields_all;
struct json *stats_fields_json_new(const struct stats_series *row);
/* 0 where nothing is known of the memory. */
double stats_fields_memory_percent(const struct ctr_stats *s);
