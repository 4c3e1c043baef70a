/* conf_registries_d.c - see conf_registries_d.h */
#include "config/conf_registries_d.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "codec/yaml.h"
#include "config/conf_policy.h"

#define SYSTEM_DIR "/etc/containers/registries.d"
#define SYSTEM_STORE "/var/lib/containers/sigstore"

void conf_signatures_done(struct conf_signatures *w)
{
	free(w->file);
	free(w->scope);
	free(w->lookaside);
	free(w->staging);
	*w = (struct conf_signatures){ 0 };
}

struct sections {
	struct json *fallback, *docker; /* docker: scope → section */
	struct json *files;		/* scope → file; "" is default-docker's */
};

static void sections_done(struct sections *s)
{
	json_free(s->fallback);
	json_free(s->docker);
	json_free(s->files);
}
AUTO_VAL(sections, sections_done);

/* ---- one file ---- */

static int check_section(const char *scope, const struct json *section, struct err *err)
{
	static const char *const texts[] = { "lookaside", "lookaside-staging", "sigstore", "sigstore-staging", NULL };

	if (section && json_kind(section) != JSON_OBJECT)
		return err_set(err, ERR_INVALID, "'%s' is no mapping", scope);
	for (struct json_iter it = json_iter(section); json_next(&it);) {
		bool flag = strcmp(it.name, "use-sigstore-attachments") == 0;

		if (!flag && str_index(texts, it.name) < 0)
			return err_set(err, ERR_INVALID, "'%s' in '%s' is not known", it.name, scope);
		if (flag ? json_kind(it.value) != JSON_BOOL : json_kind(it.value) != JSON_STRING)
			return err_set(err, ERR_INVALID, "'%s' in '%s' is %s", it.name, scope, json_kind_name(json_kind(it.value)));
	}
	return 0;
}

static int add_section(struct sections *s, const char *scope, struct json *section, const char *file, struct err *err)
{
	const char *other = json_get_str(s->files, scope, NULL), *shown = *scope ? scope : "default-docker";

	if (other)
		return err_set(err, ERR_INVALID, "'%s' is in '%s' already", shown, other);
	if (check_section(shown, section, err) < 0)
		return -1;
	json_set_str(s->files, scope, file);
	if (!section)
		section = json_object_new();
	else
		section = json_ref(section);
	if (*scope)
		json_set(s->docker, scope, section);
	else
		s->fallback = section;
	return 0;
}

static int add_doc(struct sections *s, const struct json *doc, const char *file, struct err *err)
{
	if (doc && json_kind(doc) != JSON_OBJECT)
		return err_set(err, ERR_INVALID, "it is no mapping");
	for (struct json_iter it = json_iter(doc); json_next(&it);) {
		if (strcmp(it.name, "default-docker") == 0) {
			if (add_section(s, "", it.value, file, err) < 0)
				return -1;
			continue;
		}
		if (strcmp(it.name, "docker") != 0 || (it.value && json_kind(it.value) != JSON_OBJECT))
			return err_set(err, ERR_INVALID, "'%s' is not known here", it.name);
		for (struct json_iter in = json_iter(it.value); json_next(&in);)
			if (!*in.name || add_section(s, in.name, in.value, file, err) < 0)
				return *in.name ? -1 : err_set(err, ERR_INVALID, "a scope is empty");
	}
	return 0;
}

static int read_one(struct sections *s, const char *path, struct err *err)
{
	auto_free char *data = NULL, *real = realpath(path, NULL);
	auto_ptr(json) doc = NULL;
	size_t len = 0;
	int r = real ? file_read(AT_FDCWD, real, LIMIT_CONFIG_FILE_BYTES, &data, &len) : -errno;

	if (r < 0)
		return err_sys(err, -r, "cannot read '%s'", path);
	return yaml_parse(data, len, &doc, err) < 0 || add_doc(s, doc, path, err) < 0 ? err_wrap(err, "parsing '%s'", path) : 0;
}

/* ---- the directory ---- */

static char *dir_dup(const char *given)
{
	const char *home = getenv("HOME");
	auto_free char *own = home && *home == '/' ? mem_printf("%s/.config/containers/registries.d", home) : NULL;

	if (given && *given)
		return mem_strdup(given);
	return own && access(own, F_OK) == 0 ? take_ptr(own) : mem_strdup(SYSTEM_DIR);
}

static int read_dir(struct sections *s, const char *dir, struct err *err)
{
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_strv names = NULL;
	int r = fd < 0 ? -errno : file_list(fd, &names);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return err_sys(err, -r, "cannot read '%s'", dir);
	strv_sort(names);
	if (strv_len(names) > CONF_REGISTRIES_D_FILES_MAX)
		return err_set(err, ERR_LIMIT, "'%s' holds more than %d files", dir, CONF_REGISTRIES_D_FILES_MAX);
	for (char **name = names; name && *name; name++) {
		auto_free char *path = mem_printf("%s/%s", dir, *name);

		if (str_ends(*name, ".yaml") && read_one(s, path, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- the section ---- */

static char *member_dup(const struct json *section, const char *name, const char *old_name)
{
	const char *text = json_get_str(section, name, json_get_str(section, old_name, ""));

	return *text ? mem_strdup(text) : NULL;
}

static void fill(const struct json *section, const char *file, const char *scope, struct conf_signatures *ret)
{
	ret->file = mem_strdup(file);
	ret->scope = *scope ? mem_strdup(scope) : NULL;
	ret->lookaside = member_dup(section, "lookaside", "sigstore");
	ret->staging = member_dup(section, "lookaside-staging", "sigstore-staging");
	ret->attachments = json_get_bool(section, "use-sigstore-attachments", false);
}

static char *usual_place_dup(void)
{
	const char *home = getenv("HOME");

	if (geteuid() == 0 || !home || *home != '/')
		return mem_strdup("file://" SYSTEM_STORE);
	return mem_printf("file://%s/.local/share/containers/sigstore", home);
}

int conf_registries_d_find(const char *dir, const char *name, struct conf_signatures *ret, struct err *err)
{
	auto_val(sections) s = { .docker = json_object_new(), .files = json_object_new() };
	auto_free char *path = dir_dup(dir);
	auto_strv scopes = conf_scopes_dup(name, false);

	if (read_dir(&s, path, err) < 0)
		return -1;
	for (char **scope = scopes; scope && *scope; scope++)
		if (json_has(s.docker, *scope)) {
			fill(json_get(s.docker, *scope), json_get_str(s.files, *scope, ""), *scope, ret);
			return 0;
		}
	if (s.fallback)
		fill(s.fallback, json_get_str(s.files, "", ""), "", ret);
	else
		ret->lookaside = usual_place_dup();
	return 0;
}
