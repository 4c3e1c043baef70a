#include "host/libexec.h"

#include "base/fd.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

int libexec_self(char **ret_path, struct err *err)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (len < 0)
		return err_sys(err, errno, "cannot find our own program");
	path[len] = 0;
	*ret_path = mem_strdup(path);
	return 0;
}

/* Installed: PREFIX/bin/cpod and PREFIX/libexec/cpod/…, cpod-full among them; in the build tree: src/main/cpod and src/<room>/…. */
int libexec_path(const char *program, char **ret_path, struct err *err)
{
	const char *dir = secure_getenv("CPOD_LIBEXEC");
	if (dir) {
		*ret_path = mem_printf("%s/%s", dir, program);
		return 0;
	}
	auto_free char *self = NULL;
	if (libexec_self(&self, err) < 0)
		return -1;
	char *slash = strrchr(self, '/');
	*slash = 0;
	const char *dash = strchr(program, '-');
	auto_free char *installed = mem_printf("%s/../libexec/cpod/%s", self, program);
	auto_free char *beside = mem_printf("%s/%s", self, program);
	auto_free char *built = mem_printf("%s/../%s/%s", self, dash ? dash + 1 : program, program);
	if (access(installed, R_OK) == 0)
		*ret_path = take_ptr(installed);
	else if (access(beside, R_OK) == 0)
		*ret_path = take_ptr(beside);
	else if (access(built, R_OK) == 0)
		*ret_path = take_ptr(built);
	else
		return err_set(err, ERR_NOT_FOUND, "a part of cpod is missing: '%s'; install cpod again, or set CPOD_LIBEXEC", installed);
	return 0;
}

int libexec_open(const char *program, int *ret_fd, struct err *err)
{
	auto_free char *path = NULL;
	if (libexec_path(program, &path, err) < 0)
		return -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, errno, "cannot open '%s', a part of cpod", path);
	*ret_fd = fd;
	return 0;
}

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

int libexec_memfd(const char *program, int *ret_fd, struct err *err)
{
	auto_close int file_fd = -EBADF;
	struct stat st;
	if (libexec_open(program, &file_fd, err) < 0)
		return -1;
	auto_close int fd = memfd_create(program, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
	if (fd < 0 && errno == EINVAL) /* before Linux 6.3 */
		fd = memfd_create(program, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0 || fstat(file_fd, &st) < 0)
		return err_sys(err, errno, "cannot make a sealed copy of '%s'", program);
	for (off_t at = 0; at < st.st_size;) {
		ssize_t n = sendfile(fd, file_fd, &at, (size_t)(st.st_size - at));
		if (n <= 0)
			return err_sys(err, n ? errno : EIO, "cannot make a sealed copy of '%s'", program);
	}
	if (fchmod(fd, 0555) < 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		return err_sys(err, errno, "cannot seal the copy of '%s'", program);
	*ret_fd = take_fd(fd);
	return 0;
}

char **libexec_env_dup(void)
{
	/* what the cleanup command looks at, which the monitor becomes, and the health check; ASAN_, UBSAN_: what a build for tests looks at */
	static const char *const kept[] = { "HOME=", "PATH=", "TMPDIR=", "USER=", "XDG_", "CPOD_", "CONTAINERS_", "DBUS_SESSION_BUS_ADDRESS=", "_CONTAINERS_",
					    "NOTIFY_SOCKET=", "ASAN_", "UBSAN_", "LSAN_" };
	char **list = NULL;
	for (char **e = environ; e && *e; e++)
		for (size_t i = 0; i < ARRAY_LEN(kept); i++)
			if (strncmp(*e, kept[i], strlen(kept[i])) == 0) {
				strv_add(&list, *e);
				break;
			}
	return list ? list : mem_array(1, sizeof(*list));
}
