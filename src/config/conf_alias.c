/* conf_alias.c - see conf_alias.h */
#include "config/conf_alias.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/json_out.h"
#include "config/conf_file.h"

static char *path_dup(void)
{
	const char *uid = getenv("CPOD_ROOTLESS_UID");

	if (geteuid() == 0 && !(uid && *uid))
		return mem_strdup(CONF_ALIAS_SYSTEM);
	return conf_user_path_dup("XDG_CACHE_HOME", ".cache", CONF_ALIAS_FILE);
}

static bool is_bare(const char *key)
{
	return *key && !key[strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")];
}

/* Quoted as JSON quotes, which TOML reads. */
static void add_row(char ***rows, const char *name, const char *stands_for)
{
	auto_str row = { 0 };

	str_add(&row, "  ");
	if (is_bare(name))
		str_add(&row, name);
	else
		json_quote(&row, name, strlen(name), false);
	str_add(&row, " = ");
	json_quote(&row, stands_for, strlen(stands_for), false);
	strv_add_take(rows, str_take(&row));
}

static char **rows_new(const struct conf_files *files, const char *name, const char *stands_for)
{
	const struct json *kept = files->count ? json_get(files->files[0].doc, "aliases") : NULL;
	char **rows = NULL;

	for (struct json_iter it = json_iter(kept); json_next(&it);)
		if (strcmp(it.name, name) != 0)
			add_row(&rows, it.name, json_str(it.value, ""));
	add_row(&rows, name, stands_for);
	strv_sort(rows);
	return rows;
}

int conf_alias_remember(const char *name, const char *stands_for, struct err *err)
{
	auto_free char *path = path_dup(), *text = NULL, *joined = NULL;
	auto_val(conf_files) files = { .what = "short-name aliases" };
	auto_strv rows = NULL;
	auto_close int dir_fd = -EBADF;
	int r;

	if (!path)
		return err_set(err, ERR_INVALID, "there is no place for it: neither XDG_CACHE_HOME nor HOME is a directory");
	if (conf_file_lock_dir(path, &dir_fd, err) < 0 || conf_files_read(&files, path, err) < 0)
		return -1;
	rows = rows_new(&files, name, stands_for);
	joined = strv_join(rows, "\n");
	text = mem_printf("[aliases]\n%s\n", joined);
	r = file_write(dir_fd, path_base(path), 0600, text, strlen(text), FILE_DURABLE | FILE_SOLE);
	return r < 0 ? err_sys(err, -r, "cannot write '%s'", path) : 0;
}
