#include "engine/ctr_stats.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"
#include "engine/ctr_spec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DEVICE_NUMBERS = 16 };

void ctr_stats_done(struct ctr_stats *stats)
{
	free(take_ptr(stats->name));
	free(take_ptr(stats->devices));
	stats->device_count = 0;
}

/* SPEC Linux net/core/net-procfs.c: bytes packets errs drop fifo frame compressed multicast, then the same of what was sent */
static bool read_device(char *line, struct ctr_stats_device *ret)
{
	uint64_t numbers[DEVICE_NUMBERS] = { 0 };
	char *rest = strchr(line, ':');
	size_t count = 0;
	if (!rest)
		return false;
	*rest++ = 0;
	for (char *word; count < DEVICE_NUMBERS && (word = strsep(&rest, " "));)
		if (*word && num_u64(word, UINT64_MAX, &numbers[count]) >= 0)
			count++;
	*ret = (struct ctr_stats_device){ .in_bytes = numbers[0], .in_packets = numbers[1], .in_errors = numbers[2], .in_dropped = numbers[3],
					  .out_bytes = numbers[8], .out_packets = numbers[9], .out_errors = numbers[10], .out_dropped = numbers[11] };
	snprintf(ret->name, sizeof(ret->name), "%s", line + strspn(line, " "));
	return strcmp(ret->name, "lo") != 0;
}

void ctr_stats_devices(struct ctr_stats *stats, const char *text)
{
	auto_strv lines = strv_split(text, '\n');
	for (char **line = lines; line && *line; line++) {
		struct ctr_stats_device device;
		if (!read_device(*line, &device))
			continue;
		stats->devices = mem_resize(stats->devices, stats->device_count + 1, sizeof(device));
		stats->devices[stats->device_count++] = device;
		stats->in_bytes += device.in_bytes;
		stats->out_bytes += device.out_bytes;
	}
}

/* Of a network that is another's nothing is this container's own. */
static void read_network(struct engine *engine, const struct ctr *ctr, struct ctr_stats *ret)
{
	auto_free char *path = mem_printf("/proc/%d/net/dev", ctr->status.process.pid), *text = NULL;
	size_t len;
	if (ctr_spec_net_is(engine, &ctr->def, "host") || ctr_spec_net_is(engine, &ctr->def, "none"))
		return;
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && file_read_fd(fd, LIMIT_CONFIG_FILE_BYTES, &text, &len) >= 0)
		ctr_stats_devices(ret, text);
}

static uint64_t host_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	return pages < 0 || size < 0 ? 0 : (uint64_t)pages * (uint64_t)size;
}

static double share(uint64_t used_ns, int64_t of_ns)
{
	return of_ns > 0 ? (double)used_ns * 100 / (double)of_ns : 0;
}

static void read_running(struct engine *engine, const struct ctr *ctr, const struct cgroup *cg, const struct ctr_stats *before, struct ctr_stats *ret)
{
	cgroup_usage_read(cg, &ret->used);
	uint64_t since = before && before->used.cpu_ns <= ret->used.cpu_ns ? before->used.cpu_ns : 0;
	uint64_t host = host_memory(), limit = ret->used.memory_max_bytes;
	ret->memory_max_bytes = limit && limit < host ? limit : host;
	ret->average_percent = share(ret->used.cpu_ns, ret->taken_ns - ctr->status.started_ns);
	ret->cpu_percent = before ? share(ret->used.cpu_ns - since, ret->taken_ns - before->taken_ns) : ret->average_percent;
	read_network(engine, ctr, ret);
}

int ctr_stats_refresh(struct engine *engine, struct ctr *ctr, struct err *err)
{
	if (faccessat(store_kind_fd(engine->store, STORE_CONTAINER), ctr->id, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return err_set(err, ERR_NOT_FOUND, "container %s is gone", ctr->def.name);
	return ctr_refresh(engine, ctr, err);
}

void ctr_stats_take(struct engine *engine, const struct ctr *ctr, const struct ctr_stats *before, struct ctr_stats *ret)
{
	auto_val(cgroup) cg = { .v2_fd = -EBADF };
	struct err gone = { 0 };
	*ret = (struct ctr_stats){ .taken_ns = ntime_now() };
	snprintf(ret->id, sizeof(ret->id), "%s", ctr->id);
	ret->name = mem_strdup(ctr->def.name);
	if (!ctr->status.process.pid)
		return;
	/* without a group, or when it has just ended, nothing is counted */
	if (ctr->status.cgroup && *ctr->status.cgroup && cgroup_open(ctr->status.cgroup, &cg, &gone) < 0)
		log_debug("%s", gone.text);
	read_running(engine, ctr, &cg, before, ret);
}
