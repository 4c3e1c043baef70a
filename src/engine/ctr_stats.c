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

enum { DEVICE_RECEIVED = 0, DEVICE_SENT = 8 }; /* which numbers of a line of net/dev */

void ctr_stats_done(struct ctr_stats *stats)
{
	free(take_ptr(stats->name));
}

void ctr_stats_devices(const char *text, uint64_t *ret_in, uint64_t *ret_out)
{
	auto_strv lines = strv_split(text, '\n');
	*ret_in = *ret_out = 0;
	for (char **line = lines; line && *line; line++) {
		char *rest = strchr(*line, ':');
		const char *name = *line + strspn(*line, " ");
		if (!rest || strncmp(name, "lo:", 3) == 0)
			continue;
		rest++;
		int i = 0;
		for (char *word; i <= DEVICE_SENT && (word = strsep(&rest, " "));) {
			uint64_t number;
			if (!*word || num_u64(word, UINT64_MAX, &number) < 0)
				continue;
			*ret_in += i == DEVICE_RECEIVED ? number : 0;
			*ret_out += i == DEVICE_SENT ? number : 0;
			i++;
		}
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
		ctr_stats_devices(text, &ret->in_bytes, &ret->out_bytes);
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
	ret->memory_max_bytes = ret->used.memory_max_bytes ? ret->used.memory_max_bytes : host_memory();
	ret->average_percent = share(ret->used.cpu_ns, ret->taken_ns - ctr->status.started_ns);
	ret->cpu_percent = before ? share(ret->used.cpu_ns - since, ret->taken_ns - before->taken_ns) : ret->average_percent;
	read_network(engine, ctr, ret);
}

int ctr_stats_take(struct engine *engine, struct ctr *ctr, const struct ctr_stats *before, struct ctr_stats *ret, struct err *err)
{
	auto_val(cgroup) cg = { .v2_fd = -EBADF };
	struct err gone = { 0 };
	*ret = (struct ctr_stats){ .taken_ns = ntime_now() };
	snprintf(ret->id, sizeof(ret->id), "%s", ctr->id);
	ret->name = mem_strdup(ctr->def.name);
	if (faccessat(store_kind_fd(engine->store, STORE_CONTAINER), ctr->id, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return err_set(err, ERR_NOT_FOUND, "container %s is gone", ctr->def.name);
	if (ctr_refresh(engine, ctr, err) < 0)
		return -1;
	if (!ctr->status.process.pid)
		return 0;
	/* without a group, or when it has just ended, nothing is counted */
	if (ctr->status.cgroup && *ctr->status.cgroup && cgroup_open(ctr->status.cgroup, &cg, &gone) < 0)
		log_debug("%s", gone.text);
	read_running(engine, ctr, &cg, before, ret);
	return 0;
}
