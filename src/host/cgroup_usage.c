#include "host/cgroup_usage.h"

#include "base/fd.h"
#include "base/num.h"
#include "base/str.h"
#include "host/cgroup_priv.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_BYTES = 16384, NS_PER_US = 1000, NO_LIMIT_BITS = 60 };

static uint64_t number_or_0(const char *text)
{
	uint64_t number;
	return num_u64(text, UINT64_MAX, &number) < 0 ? 0 : number;
}

uint64_t cgroup_usage_key(const char *text, const char *key)
{
	size_t len = strlen(key);
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (strncmp(line, key, len) != 0 || line[len] != ' ')
			continue;
		auto_free char *number = mem_strndup(line + len + 1, strcspn(line + len + 1, "\n"));
		return number_or_0(number);
	}
	return 0;
}

uint64_t cgroup_usage_io(const char *text, const char *key)
{
	uint64_t sum = 0;
	size_t len = strlen(key);
	auto_free char *copy = mem_strdup(text);
	char *rest = copy;
	for (char *word; (word = strsep(&rest, " \n"));)
		if (strncmp(word, key, len) == 0 && word[len] == '=')
			sum += number_or_0(word + len + 1);
	return sum;
}

uint64_t cgroup_usage_blkio(const char *text, const char *what)
{
	uint64_t sum = 0;
	auto_strv lines = strv_split(text, '\n');
	for (char **line = lines; line && *line; line++) {
		auto_strv words = strv_split(*line, ' ');
		if (strv_len(words) == 3 && strcmp(words[1], what) == 0)
			sum += number_or_0(words[2]);
	}
	return sum;
}

static uint64_t number_of(int group_fd, const char *file)
{
	char text[64];
	return group_fd < 0 || cgroup_file_read(group_fd, file, text, sizeof(text)) < 0 ? 0 : number_or_0(text); /* "max" is 0 */
}

/* An empty text where there is no such file. */
static void text_of(int group_fd, const char *file, char text[FILE_BYTES])
{
	if (group_fd < 0 || cgroup_file_read(group_fd, file, text, FILE_BYTES) < 0)
		text[0] = 0;
}

/* The group of the same path of a v1 hierarchy; -EBADF. */
static int open_v1(const struct cgroup *cg, enum cgroup_controller controller)
{
	auto_close int root_fd = -EBADF;
	int fd = -EBADF;
	if (!cg->path || !(cg->v1 & 1u << controller))
		return -EBADF;
	auto_free char *mount = cgroup_tree_v1_dup(controller), *path = mem_printf("%s%s", mount, cg->path);
	if (access(path, F_OK) < 0) /* mostly: only a limit makes it */
		return -EBADF;
	if (cgroup_tree_open_v1(controller, &root_fd) < 0 || cgroup_tree_open_group(root_fd, cg->path, &fd) < 0)
		return -EBADF;
	return fd;
}

static void read_cpu(const struct cgroup *cg, struct cgroup_usage *ret)
{
	char text[FILE_BYTES];
	text_of(cg->v2_fd, "cpu.stat", text); /* once: the kernel adds up its processors for each reader */
	ret->cpu_ns = cgroup_usage_key(text, "usage_usec") * NS_PER_US;
	ret->cpu_system_ns = cgroup_usage_key(text, "system_usec") * NS_PER_US;
}

static void read_memory(const struct cgroup *cg, struct cgroup_usage *ret)
{
	uint64_t used = number_of(cg->v2_fd, "memory.current"), idle = 0;
	if (used) {
		ret->memory_max_bytes = number_of(cg->v2_fd, "memory.max");
		idle = cgroup_file_key(cg->v2_fd, "memory.stat", "inactive_file");
	} else {
		auto_close int fd = open_v1(cg, CGROUP_MEMORY);
		used = number_of(fd, "memory.usage_in_bytes");
		ret->memory_max_bytes = number_of(fd, "memory.limit_in_bytes");
		idle = fd < 0 ? 0 : cgroup_file_key(fd, "memory.stat", "total_inactive_file");
	}
	if (ret->memory_max_bytes >> NO_LIMIT_BITS) /* how v1 says "none" */
		ret->memory_max_bytes = 0;
	ret->memory_bytes = used > idle ? used - idle : used;
}

static void read_pids(const struct cgroup *cg, struct cgroup_usage *ret)
{
	auto_close int fd = -EBADF;
	ret->pids = number_of(cg->v2_fd, "pids.current");
	if (ret->pids)
		return;
	fd = open_v1(cg, CGROUP_PIDS);
	ret->pids = number_of(fd, "pids.current");
	pid_t *pids = NULL;
	size_t count = 0;
	struct err ignored = { 0 };
	if (!ret->pids && cg->v2_fd >= 0 && cgroup_pids(cg, &pids, &count, &ignored) >= 0) /* nobody counts threads: processes then */
		ret->pids = count;
	free(pids);
}

static void read_io(const struct cgroup *cg, struct cgroup_usage *ret)
{
	char text[FILE_BYTES];
	text_of(cg->v2_fd, "io.stat", text);
	ret->read_bytes = cgroup_usage_io(text, "rbytes");
	ret->write_bytes = cgroup_usage_io(text, "wbytes");
	if (text[0])
		return;
	auto_close int fd = open_v1(cg, CGROUP_IO);
	text_of(fd, "blkio.throttle.io_service_bytes", text);
	ret->read_bytes = cgroup_usage_blkio(text, "Read");
	ret->write_bytes = cgroup_usage_blkio(text, "Write");
}

void cgroup_usage_read(const struct cgroup *cg, struct cgroup_usage *ret)
{
	*ret = (struct cgroup_usage){ 0 };
	read_cpu(cg, ret);
	read_memory(cg, ret);
	read_pids(cg, ret);
	read_io(cg, ret);
}
