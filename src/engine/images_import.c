#include "engine/images_import.h"

#include "base/num.h"
#include "base/ntime.h"
#include "base/str.h"
#include "engine/events.h"
#include "engine/images_instruction.h"
#include "engine/images_use.h"
#include "engine/signal_names.h"
#include "image/image_import.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- changes: one function an instruction; COMPAT: `podman import --change` --- */

typedef int (*change_fn)(struct image_run *run, const char *value, struct err *err);

static void set_command(char ***to, const char *value)
{
	strv_free(*to);
	*to = NULL;
	if (images_instruction_list(value, to))
		return;
	strv_add(to, "/bin/sh");
	strv_add(to, "-c");
	strv_add(to, value);
}

static void set_text(char **to, const char *value)
{
	free(*to);
	*to = mem_strdup(value);
}

static int change_cmd(struct image_run *run, const char *value, struct err *err)
{
	set_command(&run->cmd, value);
	return 0;
}

static int change_entrypoint(struct image_run *run, const char *value, struct err *err)
{
	set_command(&run->entrypoint, value);
	return 0;
}

/* COMPAT: several of one name stay, as they stand; without '=' the whole is a name. */
static int change_env(struct image_run *run, const char *value, struct err *err)
{
	if (*value == '=')
		return err_set(err, ERR_USAGE, "ENV must be formatted as KEY=VALUE");
	strv_addf(&run->env, "%s%s", value, strchr(value, '=') ? "" : "=");
	return 0;
}

static int change_label(struct image_run *run, const char *value, struct err *err)
{
	size_t len = strcspn(value, "=");
	auto_free char *key = mem_strndup(value, len);
	if (!len)
		return err_set(err, ERR_USAGE, "LABEL must be formatted as KEY=VALUE");
	strv_env_set(&run->labels, key, value[len] ? value + len + 1 : "");
	return 0;
}

static int change_expose(struct image_run *run, const char *value, struct err *err)
{
	const char *slash = strchr(value, '/');
	auto_free char *number = mem_strndup(value, slash ? (size_t)(slash - value) : strlen(value));
	static const char *const protocols[] = { "/tcp", "/udp", "/sctp", NULL };
	uint16_t port;
	if (num_port(number, &port) < 0 || (slash && str_index(protocols, slash) < 0))
		return err_set(err, ERR_USAGE, "EXPOSE takes PORT or PORT/PROTOCOL");
	strv_addf(&run->exposed_ports, "%u%s", port, slash ? slash : "/tcp");
	return 0;
}

static int change_volume(struct image_run *run, const char *value, struct err *err)
{
	if (!images_instruction_list(value, &run->volumes))
		strv_add(&run->volumes, value);
	return 0;
}

static int change_user(struct image_run *run, const char *value, struct err *err)
{
	set_text(&run->user, value);
	return 0;
}

static int change_workdir(struct image_run *run, const char *value, struct err *err)
{
	set_text(&run->working_dir, value);
	return 0;
}

static int change_onbuild(struct image_run *run, const char *value, struct err *err)
{
	strv_add(&run->on_build, value);
	return 0;
}

/* COMPAT: kept as a number. */
static int change_stopsignal(struct image_run *run, const char *value, struct err *err)
{
	int sig = 0;
	if (signal_names_parse(value, &sig) < 0)
		return err_set(err, ERR_USAGE, "invalid signal: %s", value);
	free(run->stop_signal);
	run->stop_signal = mem_printf("%d", sig);
	return 0;
}

static const struct {
	const char *word;
	change_fn change;
} instructions[] = {
	{ "CMD", change_cmd },	       { "ENTRYPOINT", change_entrypoint }, { "ENV", change_env },
	{ "EXPOSE", change_expose },   { "LABEL", change_label },	    { "ONBUILD", change_onbuild },
	{ "STOPSIGNAL", change_stopsignal }, { "USER", change_user },	    { "VOLUME", change_volume },
	{ "WORKDIR", change_workdir },
};

static int apply_change(struct image_run *run, const char *text, struct err *err)
{
	size_t len = strcspn(text, " =");
	if (!text[len] || !text[len + 1])
		return err_set(err, ERR_USAGE, "invalid change \"%s\" - must be formatted as KEY VALUE", text);
	auto_free char *word = mem_strndup(text, len);
	auto_free char *lower = str_lower_dup(word);
	for (size_t i = 0; i < ARRAY_LEN(instructions); i++) {
		auto_free char *name = str_lower_dup(instructions[i].word);
		if (strcmp(name, lower) != 0)
			continue;
		if (instructions[i].change(run, text + len + 1, err) < 0)
			return err_wrap(err, "invalid change \"%s\"", text);
		return 0;
	}
	return err_set(err, ERR_USAGE, "invalid change \"%s\" - invalid instruction %s", text, word);
}

/* --- the import --- */

static bool is_url(const char *source)
{
	return str_starts(source, "http://") || str_starts(source, "https://");
}

static int import_fd(struct engine *engine, const char *source, struct image_import_opts *opts, struct image **ret, struct err *err)
{
	bool standard = strcmp(source, "-") == 0;
	auto_close int fd = -EBADF;
	struct stat st;
	opts->created_ns = ntime_now();
	if (standard)
		return image_import(engine->store, STDIN_FILENO, "standard input", opts, ret, err);
	fd = open(source, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, errno, "error opening \"%s\": open %s", source, source);
	/* COMPAT: an image is as old as the file it comes from */
	if (S_ISREG(st.st_mode))
		opts->created_ns = st.st_mtim.tv_sec * NS_PER_S + st.st_mtim.tv_nsec;
	return image_import(engine->store, fd, source, opts, ret, err);
}

static int import_named(struct engine *engine, const char *source, struct image_import_opts *opts, const struct images_import_opts *from,
			struct image **ret, struct err *err)
{
	auto_free char *name = NULL;
	if (from->name && ref_local_name(from->name, &name, err) < 0)
		return err_wrap(err, "normalizing name \"%s\"", from->name);
	opts->name = name;
	if (!is_url(source))
		return import_fd(engine, source, opts, ret, err);
	opts->created_ns = ntime_now();
	return image_import_url(engine->store, source, opts, ret, err);
}

int images_import(struct engine *engine, const char *source, const struct images_import_opts *opts, char ret_id[65], struct err *err)
{
	auto_val(image_config) changed = { 0 };
	auto_ptr(image) image = NULL;
	struct image_progress progress = images_progress_of(opts->progress);
	struct image_import_opts import = { .run = &changed.run, .os = opts->os, .arch = opts->arch, .variant = opts->variant,
					    .message = opts->message, .progress = opts->progress ? &progress : NULL };
	for (char *const *c = opts->changes; c && *c; c++)
		if (apply_change(&changed.run, *c, err) < 0)
			return -1;
	if (image_trust_unsigned(opts->signature_policy, "tarball", source, err) < 0 || import_named(engine, source, &import, opts, &image, err) < 0)
		return -1;
	events_add_image(engine, "import", image->id, opts->name ? opts->name : "");
	memcpy(ret_id, image->id, sizeof(image->id));
	return 0;
}
