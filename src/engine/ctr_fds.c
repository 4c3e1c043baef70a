#include "engine/ctr_fds.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"

#include <fcntl.h>
#include <stdlib.h>

enum { FIRST = 3 };

static int take(const char *flag, uint64_t fd, int *list, size_t *len, struct err *err)
{
	if (fd > INT32_MAX || fcntl((int)fd, F_GETFD) < 0)
		return err_set(err, ERR_USAGE, "file descriptor %llu is not available - the %s option requires that file descriptors must be passed",
			       (unsigned long long)fd, flag);
	list[(*len)++] = (int)fd;
	list[*len] = -1;
	return 0;
}

static int read_words(char *const *words, int *list, size_t *len, struct err *err)
{
	for (; *words; words++) {
		uint64_t fd;
		if (num_u64(*words, UINT64_MAX, &fd) < 0)
			return err_set(err, ERR_USAGE, "'%s' is not the number of a file descriptor", *words);
		if (fd < FIRST) /* COMPAT: code and sentence */
			return err_set(err, ERR_CMD_NOT_EXECUTABLE, "cannot preserve FD %u: standard input, output and error go through the monitor, see --interactive and --attach",
				       (unsigned)fd);
		if (take("preserve-fd", fd, list, len, err) < 0)
			return -1;
	}
	return 0;
}

int ctr_fds_read(uint32_t count, char *const *words, int **ret, struct err *err)
{
	size_t len = 0;
	if (count && words)
		return err_set(err, ERR_USAGE, "cannot specify both --preserve-fds and --preserve-fd");
	if (!count && !words)
		return 0;
	auto_free int *list = mem_array(strv_len(words) + 1, sizeof(*list));
	if (words && read_words(words, list, &len, err) < 0)
		return -1;
	for (uint64_t fd = FIRST; fd < FIRST + (uint64_t)count; fd++) {
		list = mem_resize(list, len + 2, sizeof(*list));
		if (take("preserve-fds", fd, list, &len, err) < 0)
			return -1;
	}
	*ret = take_ptr(list);
	return 0;
}
