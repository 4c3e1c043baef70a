/* stats_fields.c - see stats_fields.h */
#include "cli/stats_fields.h"

#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "codec/json.h"

enum { ID_SHORT = 12 };

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

double stats_fields_memory_percent(const struct ctr_stats *s)
{
	return s->memory_max_bytes ? (double)s->used.memory_bytes * 100 / (double)s->memory_max_bytes : 0;
}

static char *text_memory_percent(const void *row)
{
	return percent_dup(stats_fields_memory_percent(of(row)));
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

/* --- members that have members --- */

static char *text_none(const void *row)
{
	(void)row;
	return mem_strdup("");
}

static struct json *value_network(const void *row)
{
	const struct ctr_stats *s = of(row);
	struct json *all = json_object_new();
	for (size_t i = 0; i < s->device_count; i++) {
		const struct ctr_stats_device *d = &s->devices[i];
		struct json *o = json_object_new();
		json_set_u64(o, "RxBytes", d->in_bytes);
		json_set_u64(o, "RxDropped", d->in_dropped);
		json_set_u64(o, "RxErrors", d->in_errors);
		json_set_u64(o, "RxPackets", d->in_packets);
		json_set_u64(o, "TxBytes", d->out_bytes);
		json_set_u64(o, "TxDropped", d->out_dropped);
		json_set_u64(o, "TxErrors", d->out_errors);
		json_set_u64(o, "TxPackets", d->out_packets);
		json_set(all, d->name, o);
	}
	return all;
}

/* Only cgroup v1 counts by processor, and Podman shows it of none. */
static struct json *value_per_cpu(const void *row)
{
	(void)row;
	return json_array_new();
}

static struct json *value_memory_used(const void *row)
{
	return json_u64_new(of(row)->used.memory_bytes);
}

static struct json *value_memory_percent(const void *row)
{
	return json_f64_new(stats_fields_memory_percent(of(row)));
}

static struct json *value_name(const void *row)
{
	return json_str_new(of(row)->name);
}

static struct json *value_full_id(const void *row)
{
	return json_str_new(of(row)->id);
}

static struct json *value_cpu_time(const void *row)
{
	auto_free char *text = text_cpu_time(row);
	return json_str_new(text);
}

static const struct {
	const char *name;
	struct json *(*value)(const void *row);
} whole[] = {
	{ "AvgCPU", value_average_number }, { "ContainerID", value_full_id }, { "Name", value_name },
	{ "PerCPU", value_per_cpu }, { "CPU", value_cpu_number }, { "CPUNano", value_cpu_ns },
	{ "CPUSystemNano", value_system_ns }, { "SystemNano", value_taken_ns }, { "MemUsage", value_memory_used },
	{ "MemLimit", value_memory_max }, { "MemPerc", value_memory_percent }, { "Network", value_network },
	{ "BlockInput", value_read_bytes }, { "BlockOutput", value_write_bytes }, { "PIDs", value_pids_number },
	{ "UpTime", value_cpu_time }, { "Duration", value_cpu_ns },
};

static struct json *value_whole(const void *row)
{
	struct json *o = json_object_new();
	for (size_t i = 0; i < ARRAY_LEN(whole); i++)
		json_set(o, whole[i].name, whole[i].value(row));
	return o;
}

/* COMPAT: some headings are words cut at capitals */
const struct listing_field stats_fields[] = {
	{ "AVGCPU", "AVG CPU %", text_average },
	{ "AvgCPU", "AVG CPU", text_average_number, value_average_number },
	{ "BlockIO", "BLOCK IO", text_block },
	{ "BlockInput", "BLOCK INPUT", text_read_bytes, value_read_bytes },
	{ "BlockOutput", "BLOCK OUTPUT", text_write_bytes, value_write_bytes },
	{ "CPU", NULL, text_cpu_number, value_cpu_number },
	{ "CPUNano", "CPU NANO", text_cpu_ns, value_cpu_ns },
	{ "CPUPerc", "CPU %", text_cpu },
	{ "CPUSystemNano", "CPU SYSTEM NANO", text_system_ns, value_system_ns },
	{ "ContainerID", "CONTAINER ID", text_full_id },
	{ "ContainerStats", LISTING_NO_HEAD, text_none, value_whole, .then = "." },
	{ "Duration", NULL, text_cpu_ns, value_cpu_ns },
	{ "ID", NULL, text_id },
	{ "MemLimit", "MEM LIMIT", text_memory_max, value_memory_max },
	{ "MemPerc", "MEM %", text_memory_percent },
	{ "MemUsage", "MEM USAGE / LIMIT", text_memory },
	{ "MemUsageBytes", "MEM USAGE / LIMIT", text_memory_binary },
	{ "Name", NULL, text_name },
	{ "NetIO", "NET IO", text_network },
	{ "Network", NULL, text_none, value_network, .then = "." },
	{ "PIDS", NULL, text_pids },
	{ "PIDs", "PI DS", text_pids_number, value_pids_number },
	{ "PerCPU", "PER CPU", text_none, value_per_cpu },
	{ "SystemNano", "SYSTEM NANO", text_taken_ns, value_taken_ns },
	{ "Up", "CPU TIME", text_cpu_time },
	{ "UpTime", "CPU TIME", text_cpu_time },
};
const struct listing_fields stats_fields_all = { stats_fields, ARRAY_LEN(stats_fields) };

struct json *stats_fields_json_new(const struct stats_series *row)
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
