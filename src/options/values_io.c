/* values_io.c - limits of one block device: see values.h */
#include "options/values.h"

#include "base/num.h"

#include <errno.h>
#include <sys/stat.h>

enum { LIMITS_MAX = 32 }; /* as many as the control group takes: host/cgroup.h */

static int check_device(const char *path, struct err *err)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return err_sys(err, errno, "stat %s", path);
	return S_ISBLK(st.st_mode) ? 0 : err_set(err, ERR_USAGE, "%s: not a block device", path);
}

/* COMPAT: k, kb, kib and so on, all of them powers of 1024. */
static int read_rate(const char *which, const char *text, const char *number, int64_t *ret, struct err *err)
{
	if (str_ends(which, "-bps")) {
		if (num_size(number, ret) < 0 || *ret < 0)
			return err_set(err, ERR_USAGE,
				       "invalid rate for device: %s. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb", text);
		return 0;
	}
	uint64_t count;
	if (num_u64(number, INT64_MAX, &count) < 0)
		return err_set(err, ERR_USAGE,
			       "invalid rate for device: %s. The correct format is <device-path>:<number>. Number must be a positive integer", text);
	*ret = (int64_t)count;
	return 0;
}

static int read_weight(const char *text, const char *number, int64_t *ret, struct err *err)
{
	uint64_t weight;
	if (num_u64(number, UINT16_MAX, &weight) < 0 || (weight && (weight < 10 || weight > 1000)))
		return err_set(err, ERR_USAGE, "invalid weight for device: %s", text);
	*ret = (int64_t)weight;
	return 0;
}

int values_io_limit(const char *which, char ***list, const char *text, struct err *err)
{
	bool is_weight = strcmp(which, "blkio-weight-device") == 0;
	const char *colon = strrchr(text, ':');
	int64_t number = 0;
	if (!colon || colon == text)
		return err_set(err, ERR_USAGE, "bad format: %s", text);
	auto_free char *path = mem_strndup(text, (size_t)(colon - text));
	if (!str_starts(path, "/dev/") || strchr(path, ' '))
		return err_set(err, ERR_USAGE, "bad format for device path: %s", text);
	if ((is_weight ? read_weight(text, colon + 1, &number, err) : read_rate(which, text, colon + 1, &number, err)) < 0 || check_device(path, err) < 0)
		return -1;
	if (strv_len(*list) >= LIMITS_MAX)
		return err_set(err, ERR_LIMIT, "more than %d limits of devices", LIMITS_MAX);
	strv_addf(list, "%s %s %lld", which, path, (long long)number);
	return 0;
}
