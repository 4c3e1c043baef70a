/* conf_cdi.c - the directories, and which device is whose: see conf_cdi.h */
#include "config/conf_cdi.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/dl.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "codec/json_parse.h"
#include "codec/yaml.h"
#include "config/conf_cdi_priv.h"

void conf_cdi_done(struct conf_cdi *cdi)
{
	for (size_t i = 0; i < cdi->spec_count; i++)
		conf_cdi_spec_done(&cdi->specs[i]);
	free(cdi->specs);
	free(cdi->edits);
	*cdi = (struct conf_cdi){ 0 };
}

static int parse(const char *data, size_t len, bool is_yaml, struct conf_cdi_spec *ret, struct err *err)
{
	auto_ptr(json) doc = NULL;
	int rc = is_yaml ? yaml_parse(data, len, &doc, err) : json_parse(data, len, LIMIT_JSON_DEPTH_OUTSIDE, JSON_PARSE_UNIQUE, &doc, err);

	return rc < 0 ? -1 : conf_cdi_spec_read(doc, ret, err);
}

int conf_cdi_parse(const char *data, size_t len, bool is_yaml, struct err *err)
{
	struct conf_cdi_spec spec = { 0 };

	int rc = parse(data, len, is_yaml, &spec, err);
	conf_cdi_spec_done(&spec);
	return rc;
}

/* ---- the directories ---- */

static void add_file(struct conf_cdi *cdi, int dir_fd, const char *dir, const char *name, size_t priority)
{
	struct conf_cdi_spec spec = { 0 };
	struct err why = { 0 };
	auto_free char *data = NULL;
	size_t len;

	auto_close int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || file_read_fd(fd, LIMIT_CONFIG_FILE_BYTES, &data, &len) < 0)
		return;
	if (parse(data, len, str_ends(name, ".yaml"), &spec, &why) < 0) {
		log_debug("%s/%s is no CDI specification: %s", dir, name, why.text);
		conf_cdi_spec_done(&spec);
		return;
	}
	spec.priority = priority;
	cdi->specs = mem_resize(cdi->specs, cdi->spec_count + 1, sizeof(*cdi->specs));
	cdi->specs[cdi->spec_count++] = spec;
}

static bool is_spec_file(const char *name)
{
	return str_ends(name, ".json") || str_ends(name, ".yaml");
}

static int read_dir(struct conf_cdi *cdi, const char *dir, size_t priority, struct err *err)
{
	auto_strv names = NULL;
	int fd;

	if (file_open_dir(AT_FDCWD, dir, &fd) < 0)
		return 0;
	auto_close int dir_fd = fd;
	if (file_list(dir_fd, &names) < 0)
		return 0;
	strv_sort(names);
	for (char **name = names; name && *name; name++) {
		if (!is_spec_file(*name))
			continue;
		if (cdi->spec_count >= CONF_CDI_FILES_MAX)
			return err_set(err, ERR_LIMIT, "there are more than %d CDI specifications in '%s'", CONF_CDI_FILES_MAX, dir);
		if (str_ends(*name, ".yaml") && dl_need(err) < 0)
			return -1;
		add_file(cdi, dir_fd, dir, *name, priority);
	}
	return 0;
}

/* ---- devices ---- */

struct found {
	struct conf_cdi_spec *spec;
	const struct conf_cdi_device *device;
	bool twice; /* in files of the same directory */
};

static struct found find(const struct conf_cdi *cdi, const char *name)
{
	struct found found = { 0 };
	size_t kind_len = strcspn(name, "=");

	for (size_t i = 0; i < cdi->spec_count; i++) {
		struct conf_cdi_spec *spec = &cdi->specs[i];
		if (strlen(spec->kind) != kind_len || strncmp(spec->kind, name, kind_len) != 0)
			continue;
		for (size_t d = 0; d < spec->device_count; d++) {
			if (strcmp(spec->devices[d].name, name + kind_len + 1) != 0)
				continue;
			bool same = found.spec && found.spec->priority == spec->priority;
			found = (struct found){ .spec = spec, .device = &spec->devices[d], .twice = same };
		}
	}
	return found;
}

static void add_edits(struct conf_cdi *cdi, const struct conf_cdi_edits *edits)
{
	cdi->edits = mem_resize(cdi->edits, cdi->edit_count + 1, sizeof(*cdi->edits));
	cdi->edits[cdi->edit_count++] = edits;
}

/* What is common to a file's devices comes once, before the first of them. */
static int choose(struct conf_cdi *cdi, char *const *names, struct err *err)
{
	auto_strv missing = NULL;

	for (; names && *names; names++) {
		struct found found = find(cdi, *names);
		if (!found.device || found.twice) {
			strv_add(&missing, *names);
			continue;
		}
		if (!found.spec->is_used)
			add_edits(cdi, &found.spec->edits);
		found.spec->is_used = true;
		add_edits(cdi, &found.device->edits);
	}
	auto_free char *list = strv_join(missing, ", ");
	return missing ? err_set(err, ERR_INVALID, "setting up CDI devices: unresolvable CDI devices %s", list) : 0;
}

int conf_cdi_load(char *const *dirs, char *const *names, struct conf_cdi *ret, struct err *err)
{
	static char *const usual[] = { (char *)"/etc/cdi", (char *)"/var/run/cdi", NULL };
	auto_val(conf_cdi) cdi = { 0 };

	dirs = dirs && *dirs ? dirs : usual;
	for (size_t i = 0; dirs[i]; i++)
		if (read_dir(&cdi, dirs[i], i, err) < 0)
			return -1;
	if (choose(&cdi, names, err) < 0)
		return -1;
	*ret = cdi;
	cdi = (struct conf_cdi){ 0 };
	return 0;
}
