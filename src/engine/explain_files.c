/* explain_files.c - the mounts in the order in which they are made, and the devices */
#include "base/path.h"
#include "base/str.h"
#include "codec/json.h"
#include "engine/ctr_secrets.h"
#include "engine/ctr_spec.h"
#include "engine/explain_priv.h"

#include <string.h>

/* --- mounts --- */

/* What was asked for at this place; NULL: one that every container has. */
static const struct ctr_mount *asked_at(const struct ctr_def *def, const char *target)
{
	for (size_t i = 0; i < def->mount_count; i++) {
		auto_free char *clean = path_clean_dup(def->mounts[i].target);
		if (strcmp(clean, target) == 0)
			return &def->mounts[i];
	}
	return NULL;
}

static const struct origin *origin_at(const struct explain_job *job, const char *target)
{
	static const struct {
		const char *target, *flag;
	} rows[] = {
		{ "/dev/shm", "shm-size" }, { CTR_SPEC_INIT_PATH, "init" }, { "/etc/localtime", "tz" }, { "/etc/hosts", "hosts-file" },
		{ "/run", "read-only" }, { "/tmp", "read-only" }, { "/var/tmp", "read-only" },
	};
	const struct origin *from = explain_origin(job, "mount", target);
	for (size_t i = 0; !from && i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].target, target) == 0)
			from = explain_origin(job, rows[i].flag, "");
	const char *secret = str_after(target, CTR_SECRETS_DIR "/");
	return from ? from : explain_origin(job, "secret", secret ? secret : target);
}

static const char *volume_dup(const struct ctr_mount *m, char **text)
{
	*text = !m || !str_eq(m->type, "volume") ? mem_strdup("") : m->anonymous ? mem_strdup("anonymous volume, ") : mem_printf("volume %s, ", m->source);
	return *text;
}

/* "bind /srv/data (rbind,ro)", as the runtime has it. */
static void add_mount(const struct explain_job *job, const struct json *m)
{
	const char *target = json_get_str(m, "destination", ""), *type = json_get_str(m, "type", ""), *source = json_get_str(m, "source", "");
	const struct ctr_mount *asked = asked_at(job->def, target);
	const struct json *options = json_get(m, "options");
	auto_str out = { 0 };
	auto_free char *volume = NULL;
	str_addf(&out, "%s%s", volume_dup(asked, &volume), type);
	if (strcmp(type, "bind") == 0 && !(asked && asked->anonymous))
		str_addf(&out, " of %s", source);
	for (size_t i = 0; i < json_len(options); i++)
		str_addf(&out, "%s%s", i ? "," : " (", json_str(json_at(options, i), NULL));
	str_add(&out, json_len(options) ? ")" : "");
	explain_add(job, EXPLAIN_MOUNTS, target, str_text(&out), origin_at(job, target));
}

static void add_root(const struct explain_job *job)
{
	const struct spec_root *root = &job->spec->root;
	auto_free char *text = root->path ? mem_printf("%s%s", root->path, root->readonly ? " (ro)" : "") :
					    mem_printf("overlay: %zu layers below a directory of its own%s%s", strv_len(root->lower), root->readonly ? " (ro)" : "",
						       root->is_volatile ? " (volatile: gone with it)" : "");
	explain_add_flag(job, EXPLAIN_MOUNTS, "/", text, root->readonly ? "read-only" : "rm", "");
}

/* --- devices --- */

static void add_devices(const struct explain_job *job)
{
	explain_add(job, EXPLAIN_DEVICES, "usual", "console full null ptmx random tty urandom zero", NULL);
	for (size_t i = 0; i < job->spec->device_count; i++) {
		const struct spec_device *d = &job->spec->devices[i];
		auto_free char *text = mem_printf("%c %u:%u%s%s", d->type, d->major, d->minor, str_eq(d->source, d->path) ? "" : " of ",
						  str_eq(d->source, d->path) ? "" : d->source);
		const struct origin *from = explain_origin(job, "device", d->path);
		explain_add(job, EXPLAIN_DEVICES, d->path, text, from ? from : explain_origin(job, "privileged", ""));
	}
	for (char **rule = job->def->device_cgroup_rules; rule && *rule; rule++)
		explain_add_flag(job, EXPLAIN_DEVICES, "rule", *rule, "device-cgroup-rule", *rule);
	if (job->spec->resources.device_count)
		explain_add(job, EXPLAIN_DEVICES, "others", "cannot be opened: rules of the control group", NULL);
	else
		explain_add_flag(job, EXPLAIN_DEVICES, "others", job->engine->rootless ? "as the caller may: the kernel gives a user no more" : "can be opened", "privileged", "");
}

void explain_files(const struct explain_job *job)
{
	auto_ptr(json) whole = spec_to_json_new(job->spec);
	const struct json *mounts = json_get(whole, "mounts");
	add_root(job);
	for (size_t i = 0; i < json_len(mounts); i++)
		add_mount(job, json_at(mounts, i));
	add_devices(job);
}
