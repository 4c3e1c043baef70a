#include "engine/ctr_complete.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "codec/json_parse.h"
#include "engine/ctr_check.h"
#include "engine/ctr_health_words.h"
#include "engine/ctr_idmap.h"
#include "engine/ctr_log.h"
#include "engine/ctr_systemd.h"
#include "engine/ctr_timezone.h"
#include "engine/ctr_volumes_from.h"
#include "engine/signal_names.h"
#include "engine/volume.h"
#include "host/seccomp.h"
#include "image/image_config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static bool given(const char *text)
{
	return text && *text;
}

static bool set_if_missing(char **field, const char *value)
{
	if (given(*field) || !given(value))
		return false;
	free(*field);
	*field = mem_strdup(value);
	return true;
}

/* --- environment --- */

static void set_env_word(char ***env, const char *word)
{
	auto_free char *key = mem_strdup(word);
	char *eq = strchr(key, '=');
	if (eq) {
		*eq = 0;
		strv_env_set(env, key, eq + 1);
		return;
	}
	size_t len = strlen(key);
	if (len && key[len - 1] == '*') { /* every variable of the caller that begins so */
		key[len - 1] = 0;
		for (char **e = environ; *e; e++)
			if (str_starts(*e, key) && strchr(*e, '='))
				set_env_word(env, *e);
	} else if (getenv(key)) {
		strv_env_set(env, key, getenv(key));
	}
}

void ctr_complete_env(char ***env, char *const *words)
{
	for (; words && *words; words++)
		set_env_word(env, *words);
}

int ctr_complete_env_file(char ***env, const char *path, struct err *err)
{
	auto_free char *text = NULL;
	size_t len;
	int rc = file_read(AT_FDCWD, path, LIMIT_ENV_FILE_BYTES, &text, &len);
	if (rc == -ELOOP) { /* the caller's own link is fine */
		auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		rc = fd < 0 ? -errno : file_read_fd(fd, LIMIT_ENV_FILE_BYTES, &text, &len);
	}
	if (rc < 0)
		return err_sys(err, -rc, "failed to read env file '%s'", path);
	unsigned number = 0;
	for (char *line = text, *next; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		number++;
		while (isspace((unsigned char)*line))
			line++;
		if (!*line || *line == '#')
			continue;
		size_t end = strlen(line);
		if (line[end - 1] == '\r')
			line[end - 1] = 0;
		if (*line == '=')
			return err_set(err, ERR_USAGE, "env file '%s', line %u: no variable name before '='", path, number);
		set_env_word(env, line);
	}
	return 0;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* $NAME and ${NAME} are what env says of them, or nothing. */
static char *expand_dup(const char *text, char *const *env)
{
	auto_str out = { 0 };
	while (*text) {
		bool braces = text[0] == '$' && text[1] == '{';
		const char *name = text + 1 + braces;
		size_t len = 0;
		while (is_name_char(name[len]))
			len++;
		if (*text != '$' || !len || (braces && name[len] != '}')) {
			str_add_char(&out, *text++);
			continue;
		}
		auto_free char *key = mem_strndup(name, len);
		const char *value = strv_env_get(env, key);
		str_add(&out, value ? value : "");
		text = name + len + braces;
	}
	return str_take(&out);
}

/* --env-merge: from what the image says; --env says more. */
static int merge_env(char *const *words, char ***env, struct err *err)
{
	for (; words && *words; words++) {
		auto_free char *key = mem_strdup(*words);
		char *value = strchr(key, '=');
		if (!value || value == key)
			return err_set(err, ERR_USAGE, "missing `=` for --env-merge substitution %s", *words);
		*value++ = 0;
		auto_free char *text = expand_dup(value, *env);
		strv_env_set(env, key, text);
	}
	return 0;
}

/* As it is written: a name without a value is a word of a stranger's, not a question for the caller's environment (T-RT-21). */
static void add_image_env(char ***env, char *const *words)
{
	for (; words && *words; words++) {
		const char *equals = strchr(*words, '=');
		auto_free char *key = equals ? mem_strndup(*words, (size_t)(equals - *words)) : NULL;
		if (key)
			strv_env_set(env, key, equals + 1);
		else
			strv_add(env, *words);
	}
}

/* Which variables these words set, for who asks: read once more, over nothing. What flags say is noted with the flags. */
static void note_env(struct ctr_opts *opts, char *const *words, enum origin_kind kind, const char *text)
{
	auto_strv set = NULL;
	if (!opts->origins)
		return;
	ctr_complete_env(&set, words);
	origins_note_words(opts->origins, CTR_COMPLETE_VARIABLE, set, kind, text);
}

static int add_env_file(struct ctr_opts *opts, char ***env, const char *path, struct err *err)
{
	auto_strv set = NULL;
	auto_free char *text = opts->origins ? mem_printf("--env-file %s", path) : NULL;
	if (opts->origins && ctr_complete_env_file(&set, path, err) < 0)
		return -1;
	origins_note_words(opts->origins, CTR_COMPLETE_VARIABLE, set, ORIGIN_FLAG, text);
	return ctr_complete_env_file(env, path, err);
}

static void begin_env(struct ctr_opts *opts, const struct image_config *config, char ***env)
{
	const struct origin *conf = origins_find(opts->origins, CTR_COMPLETE_CONF_ENV, "");
	ctr_complete_env(env, opts->env_default);
	if (conf)
		note_env(opts, opts->env_default, conf->kind, conf->text);
	if (!config || opts->unsetenv_all)
		return;
	add_image_env(env, config->run.env);
	origins_note_words(opts->origins, CTR_COMPLETE_VARIABLE, config->run.env, ORIGIN_IMAGE, "ENV");
}

static int complete_env(struct ctr_opts *opts, const struct image_config *config, struct err *err)
{
	auto_strv words = opts->def.env;
	char **env = NULL;
	opts->def.env = NULL;
	begin_env(opts, config, &env);
	for (char **key = opts->unsetenv; key && *key; key++)
		if (env)
			strv_env_unset(env, *key);
	if (merge_env(opts->env_merge, &env, err) < 0) {
		strv_free(env);
		return -1;
	}
	origins_note_words(opts->origins, CTR_COMPLETE_VARIABLE, opts->env_merge, ORIGIN_FLAG, "--env-merge");
	if (opts->env_host) {
		ctr_complete_env(&env, environ);
		note_env(opts, environ, ORIGIN_HOST, "the caller's environment, by --env-host");
	}
	for (char **file = opts->env_file; file && *file; file++) {
		if (add_env_file(opts, &env, *file, err) < 0) {
			strv_free(env);
			return -1;
		}
	}
	ctr_complete_env(&env, words);
	opts->def.env = env;
	return 0;
}

/* --- labels and annotations --- */

static int complete_labels(struct ctr_opts *opts, const struct image_config *config, struct err *err)
{
	auto_strv own = opts->def.labels;
	char **labels = config ? strv_dup(config->run.labels) : NULL;
	opts->def.labels = NULL;
	origins_note_words(opts->origins, CTR_COMPLETE_LABEL, labels, ORIGIN_IMAGE, "LABEL");
	int rc = 0;
	for (char **file = opts->label_file; rc >= 0 && file && *file; file++)
		rc = ctr_complete_env_file(&labels, *file, err);
	for (char **word = own; rc >= 0 && word && *word; word++) {
		auto_free char *key = mem_strdup(*word);
		char *value = strchr(key, '=');
		if (value)
			*value++ = 0;
		if (*key)
			strv_env_set(&labels, key, value ? value : "");
		else
			rc = err_set(err, ERR_USAGE, "invalid label '%s': expected KEY=VALUE", *word);
	}
	opts->def.labels = labels;
	for (char **word = opts->annotation; rc >= 0 && word && *word; word++) {
		auto_free char *key = mem_strdup(*word);
		char *value = strchr(key, '=');
		if (!value || value == key)
			rc = err_set(err, ERR_USAGE, "invalid annotation '%s': expected KEY=VALUE", *word);
		else {
			*value++ = 0;
			strv_env_set(&opts->def.annotations, key, value);
		}
	}
	return rc;
}

/* --- command --- */

/* --entrypoint takes one word or a JSON array of words */
static int split_entrypoint(const char *text, char ***ret, struct err *err)
{
	*ret = NULL;
	if (!*text)
		return 0;
	if (*text != '[') {
		strv_add(ret, text);
		return 0;
	}
	auto_ptr(json) list = NULL;
	struct err why = { 0 };
	if (json_parse(text, strlen(text), 2, 0, &list, &why) < 0 || json_kind(list) != JSON_ARRAY) {
		strv_add(ret, text); /* COMPAT: what is no JSON is one word */
		return 0;
	}
	for (size_t i = 0; i < json_len(list); i++) {
		const char *word = json_str(json_at(list, i), NULL);
		if (!word)
			return err_set(err, ERR_USAGE, "invalid entrypoint '%s': an array of strings is expected", text);
		strv_add(ret, word);
	}
	return 0;
}

static int complete_command(struct ctr_opts *opts, const struct image_config *config, struct err *err)
{
	struct ctr_def *def = &opts->def;
	if (opts->entrypoint_set) {
		if (split_entrypoint(opts->entrypoint ? opts->entrypoint : "", &def->entrypoint, err) < 0)
			return -1;
	} else if (config) {
		def->entrypoint = strv_dup(config->run.entrypoint);
		origins_note(opts->origins, "entrypoint", "", ORIGIN_IMAGE, "ENTRYPOINT");
	}
	if (opts->args && *opts->args) {
		def->command = strv_dup(opts->args);
		origins_note(opts->origins, CTR_COMPLETE_COMMAND, "", ORIGIN_FLAG, "the words after the image");
	} else if (config && !opts->entrypoint_set) {
		def->command = strv_dup(config->run.cmd);
		origins_note(opts->origins, CTR_COMPLETE_COMMAND, "", ORIGIN_IMAGE, "CMD");
	}
	if (!strv_len(def->entrypoint) && !strv_len(def->command))
		return err_set(err, ERR_USAGE, "no command or entrypoint provided, and no CMD or ENTRYPOINT from image");
	return 0;
}

/* --- security options --- */

static int take_security(struct ctr_def *def, const char *word, struct err *err)
{
	auto_free char *key = mem_strdup(word);
	char *value = key + strcspn(key, "=:");
	if (*value)
		*value++ = 0;
	if (strcmp(key, "no-new-privileges") == 0) {
		if (*value && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
			return err_set(err, ERR_USAGE, "invalid value '%s' of --security-opt no-new-privileges: true or false is expected", value);
		def->no_new_privileges = strcmp(value, "false") != 0;
	} else if (strcmp(key, "seccomp") == 0 && *value) {
		free(def->seccomp_profile);
		def->seccomp_profile = mem_strdup(value);
	} else if (strcmp(key, "mask") == 0 || strcmp(key, "unmask") == 0) {
		auto_strv paths = strv_split(value, ':');
		strv_extend(key[0] == 'm' ? &def->mask : &def->unmask, paths);
	} else if (strcmp(key, "label") == 0) {
		return 0; /* SELinux: kept for inspect; hosts without it ignore it, as Podman does */
	} else if (strcmp(key, "apparmor") == 0 && strcmp(value, "unconfined") == 0) {
		return 0;
	} else {
		return err_set(err, ERR_UNSUPPORTED, "invalid --security-opt '%s': no-new-privileges, seccomp=, mask=, unmask=, label= and apparmor=unconfined are done", word);
	}
	return 0;
}

/* --- volumes --- */

static bool mounts_target(const struct ctr_def *def, const char *target)
{
	auto_free char *clean = path_clean_dup(target);
	for (size_t i = 0; i < def->mount_count; i++) {
		auto_free char *other = path_clean_dup(def->mounts[i].target);
		if (strcmp(clean, other) == 0)
			return true;
	}
	return false;
}

/* COMPAT: said twice with the same words, it is one. */
static void drop_repeated(struct ctr_def *def)
{
	for (size_t i = 1; i < def->mount_count; i++) {
		struct ctr_mount *m = &def->mounts[i];
		for (size_t j = 0; j < i; j++) {
			const struct ctr_mount *o = &def->mounts[j];
			auto_free char *mine = strv_join(m->options, ","), *theirs = strv_join(o->options, ",");
			if (!given(m->source) || str_eq(m->type, "image") || !str_eq(m->type, o->type) || !str_eq(m->source, o->source) ||
			    !str_eq(m->target, o->target) || !str_eq(mine, theirs))
				continue;
			struct ctr_mount gone = *m;
			memmove(m, m + 1, (--def->mount_count - i) * sizeof(*m));
			ctr_def_mount_done(&gone);
			i--;
			break;
		}
	}
}

static int check_mounts(const struct ctr_def *def, struct err *err)
{
	for (size_t i = 0; i < def->mount_count; i++) {
		const char *target = def->mounts[i].target;
		if (!target || *target != '/')
			return err_set(err, ERR_USAGE, "invalid container path \"%s\", must be an absolute path", target ? target : "");
		for (size_t j = 0; j < i; j++) {
			auto_free char *a = path_clean_dup(target), *b = path_clean_dup(def->mounts[j].target);
			if (strcmp(a, b) == 0)
				return err_set(err, ERR_USAGE, "%s: duplicate mount destination", target); /* COMPAT */
		}
	}
	return 0;
}

static void complete_volumes(struct ctr_opts *opts, const struct image_config *config)
{
	struct ctr_def *def = &opts->def;
	char **paths = config && !str_eq(def->image_volumes, "ignore") ? config->run.volumes : NULL;
	for (; paths && *paths; paths++) {
		if (mounts_target(def, *paths))
			continue;
		struct ctr_mount *m = ctr_def_add_mount(def);
		m->type = mem_strdup(str_eq(def->image_volumes, "tmpfs") ? "tmpfs" : "volume");
		m->target = mem_strdup(*paths);
		m->from_image = true;
		origins_note(opts->origins, "mount", *paths, ORIGIN_IMAGE, "VOLUME");
	}
	for (size_t i = 0; i < def->mount_count; i++) {
		struct ctr_mount *m = &def->mounts[i];
		if (str_eq(m->type, "volume") && !given(m->source)) {
			char name[65];
			volume_random_name(name);
			free(m->source);
			m->source = mem_strdup(name);
			m->anonymous = true;
		}
	}
}

/* --- the rest --- */

int ctr_complete_limits(struct ctr_opts *opts, struct err *err)
{
	struct ctr_def *def = &opts->def;
	if (opts->cpus > 0) {
		if (def->cpu_quota_us || def->cpu_period_us)
			return err_set(err, ERR_USAGE, "--cpus and --cpu-quota or --cpu-period cannot be used together: --cpus sets both");
		def->cpu_period_us = 100000;
		def->cpu_quota_us = (int64_t)(opts->cpus * 100000);
	}
	if (def->memory_bytes && !def->memory_swap_bytes)
		def->memory_swap_bytes = def->memory_bytes * 2; /* COMPAT */
	if (def->memory_swap_bytes > 0 && def->memory_swap_bytes < def->memory_bytes)
		return err_set(err, ERR_USAGE, "minimum memoryswap limit should be larger than memory limit, see usage");
	if (def->memory_reservation_bytes > def->memory_bytes && def->memory_bytes)
		return err_set(err, ERR_USAGE, "minimum memory limit should be larger than memory reservation limit, see usage");
	return 0;
}

static void complete_process(struct ctr_opts *opts, const struct image_config *config)
{
	struct ctr_def *def = &opts->def;
	const struct {
		char **field;
		const char *value, *flag, *word;
	} rows[] = {
		{ &def->workdir, config->run.working_dir, "workdir", "WORKDIR" },
		{ &def->user, config->run.user, "user", "USER" },
		{ &def->stop_signal, config->run.stop_signal, "stop-signal", "STOPSIGNAL" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (set_if_missing(rows[i].field, rows[i].value))
			origins_note(opts->origins, rows[i].flag, "", ORIGIN_IMAGE, rows[i].word);
}

static int check_signal(const char *text, struct err *err)
{
	int sig;
	return given(text) && signal_names_parse(text, &sig) < 0 ? err_set(err, ERR_USAGE, "invalid signal: %s", text) : 0;
}

/* With --userns keep-id nobody is root without having been asked. */
static int keep_user(const struct engine *engine, struct ctr_opts *opts, struct err *err)
{
	struct ctr_def *def = &opts->def;
	auto_val(ctr_idmap) map = { 0 };
	if (given(def->user) || ctr_idmap_read(engine, def, &map, err) < 0)
		return given(def->user) ? 0 : -1;
	if (map.uids) {
		def->user = mem_printf("%u:%u", map.uid, map.gid);
		origins_note(opts->origins, "user", "", ORIGIN_HOST, "the caller, by --userns keep-id");
	}
	return 0;
}

/* --seccomp-policy image. COMPAT: it is told whether it is a profile now, though "unconfined" counts more. */
static int complete_seccomp(struct ctr_opts *opts, const struct image_config *config, struct err *err)
{
	struct ctr_def *def = &opts->def;
	struct seccomp_program program = { 0 };
	const char *text = config ? strv_env_get(config->run.labels, "io.containers.seccomp.profile") : NULL;
	if (!str_eq(opts->seccomp_policy, "image") || str_eq(def->seccomp_profile, "unconfined"))
		return 0;
	if (!config)
		return err_set(err, ERR_USAGE, "cannot read seccomp profile without a valid image");
	if (!given(text))
		return err_set(err, ERR_USAGE, "no seccomp policy defined by image: its label io.containers.seccomp.profile would be one");
	if (seccomp_compile(text, strlen(text), 0, -EBADF, &program, err) < 0)
		return err_wrap(err, "loading the image's seccomp profile failed");
	free(program.filter);
	def->seccomp_image = mem_strdup(text);
	return 0;
}

/* It is read again at every start. */
static int check_timezone(const char *zone, struct err *err)
{
	auto_free char *data = NULL;
	size_t len;
	return given(zone) ? ctr_timezone_read(zone, &data, &len, err) : 0;
}

int ctr_complete(struct engine *engine, struct ctr_opts *opts, const struct image_config *config, struct err *err)
{
	struct ctr_def *def = &opts->def;
	if (complete_env(opts, config, err) < 0 || complete_labels(opts, config, err) < 0 || complete_command(opts, config, err) < 0 ||
	    ctr_complete_limits(opts, err) < 0)
		return -1;
	if (ctr_health_complete(opts, config, err) < 0 || ctr_log_complete(def, err) < 0)
		return -1;
	drop_repeated(def);
	if (check_mounts(def, err) < 0)
		return -1;
	for (char **word = def->security_opt; word && *word; word++)
		if (take_security(def, *word, err) < 0)
			return -1;
	if (complete_seccomp(opts, config, err) < 0)
		return -1;
	if (given(def->seccomp_profile) && !given(def->seccomp_image) && !str_eq(def->seccomp_profile, "unconfined") && access(def->seccomp_profile, R_OK) < 0)
		return err_set(err, ERR_USAGE, "opening seccomp profile failed: open %s: %s", def->seccomp_profile, err_reason(errno));
	def->workdir_asked = given(def->workdir);
	if (config)
		complete_process(opts, config);
	ctr_systemd_complete(def);
	if (ctr_check_sdnotify(def, err) < 0)
		return -1;
	if (keep_user(engine, opts, err) < 0 || check_signal(def->stop_signal, err) < 0 || check_timezone(def->timezone, err) < 0)
		return -1;
	if (given(def->workdir) && *def->workdir != '/')
		return err_set(err, ERR_USAGE, "the working directory \"%s\" is invalid, it needs to be an absolute path", def->workdir);
	if (ctr_volumes_from_add(engine, opts, err) < 0)
		return -1;
	complete_volumes(opts, config);
	return 0;
}
