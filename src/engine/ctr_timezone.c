#include "engine/ctr_timezone.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define ZONES "/usr/share/zoneinfo"
static const char magic[] = "TZif";

static bool is_name(const char *zone)
{
	auto_strv parts = strv_split(zone, '/');
	return *zone != '/' && !strchr(zone, '\\') && !strv_has(parts, "..");
}

int ctr_timezone_read(const char *zone, char **ret, size_t *ret_len, struct err *err)
{
	bool is_local = strcmp(zone, "local") == 0;
	if (!is_local && !is_name(zone))
		return err_set(err, ERR_USAGE, "finding timezone: invalid location name '%s': expected one below " ZONES ", as in Europe/Berlin, or local", zone);
	auto_free char *path = is_local ? mem_strdup("/etc/localtime") : mem_printf(ZONES "/%s", zone), *data = NULL;
	size_t len;
	/* many zones are links to others, and /etc/localtime is one to its zone */
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int rc = fd < 0 ? -errno : file_read_fd(fd, LIMIT_TIME_ZONE_BYTES, &data, &len);
	if (rc == -ENOENT)
		return err_set(err, ERR_USAGE, "finding timezone: unknown time zone %s: the host has no '%s', is the package tzdata installed?", zone, path);
	bool is_zone = rc >= 0 && len >= strlen(magic) && memcmp(data, magic, strlen(magic)) == 0;
	if (rc < 0 && rc != -EINVAL && rc != -ENOTDIR && rc != -EISDIR)
		return err_set(err, ERR_USAGE, "finding timezone: cannot read '%s': %s", path, err_reason(-rc));
	if (!is_zone)
		return err_set(err, ERR_USAGE, "finding timezone: '%s' is not a time zone's file", path);
	*ret = take_ptr(data);
	*ret_len = len;
	return 0;
}
