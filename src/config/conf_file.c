/* conf_file.c - see conf_file.h */
#include "config/conf_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/toml.h"

enum { DROP_INS_MAX = 256 };

void conf_files_done(struct conf_files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->files[i].path);
		json_free(f->files[i].doc);
		json_free(f->files[i].lines);
	}
	free(f->files);
	f->files = NULL;
	f->count = 0;
}

int conf_files_read(struct conf_files *files, const char *path, struct err *err)
{
	auto_free char *data = NULL, *real = access(path, F_OK) == 0 ? realpath(path, NULL) : NULL;
	struct json *doc = NULL, *lines = NULL;
	size_t len = 0;
	int r = real ? file_read(AT_FDCWD, real, LIMIT_CONFIG_FILE_BYTES, &data, &len) : -errno;

	if (r == -ENOENT || r == -ENOTDIR || r == -EACCES)
		return 0;
	if (r < 0)
		return err_sys(err, -r, "cannot read '%s'", path);
	if (toml_parse_lines(data, len, &doc, &lines, err) < 0)
		return err_wrap(err, "loading %s '%s'", files->what, path);
	files->files = mem_resize(files->files, files->count + 1, sizeof(*files->files));
	files->files[files->count++] = (struct conf_file){ .path = mem_strdup(path), .doc = doc, .lines = lines };
	return 1;
}

void conf_files_names(const char *dir, char ***names)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;

	while (d && strv_len(*names) < DROP_INS_MAX && (entry = readdir(d)))
		if (entry->d_name[0] != '.' && str_ends(entry->d_name, ".conf"))
			strv_add(names, entry->d_name);
	if (d)
		closedir(d);
	strv_sort(*names);
}

int conf_files_read_dir(struct conf_files *files, const char *dir, struct err *err)
{
	auto_strv names = NULL;

	conf_files_names(dir, &names);
	for (size_t i = 0; names && names[i]; i++) {
		auto_free char *path = mem_printf("%s/%s", dir, names[i]);

		if (conf_files_read(files, path, err) < 0)
			return -1;
	}
	return 0;
}

char *conf_user_path_dup(const char *variable, const char *below_home, const char *name)
{
	const char *dir = getenv(variable), *home = getenv("HOME");

	if (dir && *dir == '/')
		return mem_printf("%s/containers/%s", dir, name);
	return home && *home == '/' ? mem_printf("%s/%s/containers/%s", home, below_home, name) : NULL;
}

int conf_file_lock_dir(const char *path, int *ret_fd, struct err *err)
{
	const char *base = path_base(path);
	auto_free char *dir = base == path ? mem_strdup(".") : mem_strndup(path, (size_t)(base - path));
	int r, fd;

	if (!*base)
		return err_set(err, ERR_USAGE, "'%s' is not the name of a file", path);
	r = file_mkdirs(AT_FDCWD, dir, 0700);
	if (r < 0)
		return err_sys(err, -r, "cannot make the directory '%s'", dir);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, errno, "cannot open the directory '%s'", dir);
	r = file_lock(fd, FILE_LOCK_EXCLUSIVE, true);
	if (r < 0) {
		fd_close(fd);
		return err_sys(err, -r, "cannot lock the directory '%s'", dir);
	}
	*ret_fd = fd;
	return 0;
}
