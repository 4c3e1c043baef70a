#include "engine/output_file.h"

#include "base/fd.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int output_file_open(const char *path, const char *verb, struct output_file *ret, struct err *err)
{
	struct stat st;
	*ret = (struct output_file){ .fd = STDOUT_FILENO };
	if (!path)
		return isatty(STDOUT_FILENO) ? err_set(err, ERR_USAGE, "refusing to %s to terminal. Use -o flag or redirect", verb) : 0;
	/* a file that has been begun never has the name of a whole one; a pipe or device is written as it is */
	bool plain = stat(path, &st) < 0 || S_ISREG(st.st_mode);
	ret->path = mem_strdup(path);
	ret->part = plain ? mem_printf("%s.part", path) : NULL;
	ret->fd = open(plain ? ret->part : path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (ret->fd >= 0)
		return 0;
	int code = errno;
	free(ret->path);
	free(ret->part);
	*ret = (struct output_file){ .fd = -EBADF };
	return err_sys(err, code, "cannot write '%s'", path);
}

int output_file_end(struct output_file *f, int rc, struct err *err)
{
	if (f->path && close(f->fd) < 0 && rc >= 0)
		rc = err_sys(err, errno, "cannot write '%s'", f->path);
	if (f->part && rc >= 0 && rename(f->part, f->path) < 0)
		rc = err_sys(err, errno, "cannot write '%s'", f->path);
	if (f->part && rc < 0)
		unlink(f->part);
	free(f->path);
	free(f->part);
	*f = (struct output_file){ .fd = -EBADF };
	return rc < 0 ? -1 : 0;
}
