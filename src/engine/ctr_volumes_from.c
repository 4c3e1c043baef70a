#include "engine/ctr_volumes_from.h"

#include "base/log.h"
#include "base/path.h"
#include "engine/ctr.h"

#include <stdlib.h>

/* *ret: "ro", "rw", or NULL when each mount is as it was. */
static int read_options(const char *words, const char **ret, struct err *err)
{
	auto_strv options = NULL;
	bool labelled = false;
	*ret = NULL;
	if (!words)
		return 0;
	if (!*words)
		strv_add(&options, "");
	else
		options = strv_split(words, ',');
	for (char **o = options; *o; o++) {
		bool writes = strcmp(*o, "rw") == 0, label = strcmp(*o, "z") == 0;
		if (!writes && !label && strcmp(*o, "ro") != 0) /* COMPAT: these three sentences */
			return err_set(err, ERR_USAGE, "invalid option \"%s\" specified - volumes from another container can only use z,ro,rw options", *o);
		if (label && labelled)
			return err_set(err, ERR_USAGE, "cannot set :z more than once in mount options");
		if (!label && *ret)
			return err_set(err, ERR_USAGE, "cannot set ro or rw options more than once");
		labelled |= label;
		if (!label)
			*ret = writes ? "rw" : "ro";
	}
	return 0;
}

static int find(const struct ctr_def *def, const char *target)
{
	for (size_t i = 0; i < def->mount_count; i++) {
		auto_free char *other = path_clean_dup(def->mounts[i].target);
		if (strcmp(target, other) == 0)
			return (int)i;
	}
	return -1;
}

/* What was done to the source for the other container is not done again: U gave it to that one's user, Z to that one alone. */
static char **options_new(const struct ctr_mount *from, const char *access)
{
	static const char *const left_out[] = { "U", "Z", NULL };
	char **options = NULL;
	for (char **o = from->options; o && *o; o++)
		if (str_index(left_out, *o) < 0 && !(access && (strcmp(*o, "ro") == 0 || strcmp(*o, "rw") == 0)))
			strv_add(&options, *o);
	if (access)
		strv_add(&options, access);
	return options;
}

static void take(struct ctr_opts *opts, size_t own, const struct ctr_mount *from, const char *access, const char *word)
{
	struct ctr_def *def = &opts->def;
	auto_free char *text = opts->origins ? mem_printf("--volumes-from %s", word) : NULL;
	auto_free char *target = path_clean_dup(from->target);
	int at = find(def, target);
	if (at >= 0 && (size_t)at < own)
		return;
	origins_note(opts->origins, "mount", target, ORIGIN_CONTAINER, text);
	struct ctr_mount *m = at < 0 ? ctr_def_add_mount(def) : &def->mounts[at];
	if (at >= 0)
		ctr_def_mount_done(m);
	*m = (struct ctr_mount){ .type = mem_strdup(from->type), .source = mem_strdup(from->source ? from->source : ""), .target = take_ptr(target),
				 .options = options_new(from, access), .anonymous = from->anonymous };
}

static int add_from(struct engine *engine, struct ctr_opts *opts, size_t own, const char *word, struct err *err)
{
	auto_ptr(ctr) ctr = NULL;
	const char *access, *colon = strchr(word, ':');
	auto_free char *name = mem_strndup(word, strcspn(word, ":"));
	if (read_options(colon ? colon + 1 : NULL, &access, err) < 0)
		return -1;
	if (!*name)
		return err_set(err, ERR_USAGE, "looking up container \"\" for volumes-from: name or ID cannot be empty");
	if (ctr_open(engine, name, &ctr, err) < 0)
		return err_wrap(err, "looking up container \"%s\" for volumes-from", name);
	for (size_t i = 0; i < ctr->def.mount_count; i++) {
		const struct ctr_mount *m = &ctr->def.mounts[i];
		if (str_eq(m->type, "volume") || (str_eq(m->type, "bind") && !strv_has(m->options, "O")))
			take(opts, own, m, access, word);
		else /* COMPAT: the sentence */
			log_warn("Unable to match volume %s from container %s for volumes-from", m->target, ctr->id);
	}
	return 0;
}

int ctr_volumes_from_add(struct engine *engine, struct ctr_opts *opts, struct err *err)
{
	size_t own = opts->def.mount_count;
	for (char **word = opts->def.volumes_from; word && *word; word++)
		if (add_from(engine, opts, own, *word, err) < 0)
			return -1;
	return 0;
}
