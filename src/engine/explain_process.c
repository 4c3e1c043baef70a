/* explain_process.c - the image, what runs of it, its environment, labels */
#include "base/str.h"
#include "codec/json.h"
#include "codec/json_out.h"
#include "engine/ctr_complete.h"
#include "engine/explain_priv.h"

#include <string.h>

/* As a JSON array: where a word ends is seen. */
static char *words_dup(char *const *words)
{
	auto_ptr(json) list = json_strv_new(words);
	auto_str out = { 0 };
	json_write(&out, list, NULL);
	return str_take(&out);
}

static void add_words(const struct explain_job *job, const char *name, char *const *words, const char *member)
{
	auto_free char *text = strv_len(words) ? words_dup(words) : NULL;
	explain_add_flag(job, EXPLAIN_COMMAND, name, text, member, "");
}

/* --- image --- */

static void add_image(const struct explain_job *job)
{
	char nothing[] = "";
	const struct origin from_image = { ORIGIN_IMAGE, nothing };
	const struct ctr_def *def = job->def;
	explain_add_flag(job, EXPLAIN_IMAGE, "root file system", def->rootfs, CTR_COMPLETE_IMAGE, "");
	explain_add_flag(job, EXPLAIN_IMAGE, "name", def->image_name, CTR_COMPLETE_IMAGE, "");
	explain_add(job, EXPLAIN_IMAGE, "id", def->image, &from_image);
	explain_add(job, EXPLAIN_IMAGE, "digest", def->image_digest, &from_image);
	for (char **layer = def->layers; layer && *layer; layer++) {
		auto_free char *name = mem_printf("layer %zu", (size_t)(layer - def->layers) + 1);
		explain_add(job, EXPLAIN_IMAGE, name, *layer, &from_image);
	}
	explain_add(job, EXPLAIN_IMAGE, "written to", job->spec->root.upper, NULL);
}

/* --- command --- */

static void add_user(const struct explain_job *job)
{
	const struct spec_process *p = &job->spec->process;
	auto_str out = { 0 };
	str_addf(&out, "%s (user %u, group %u", job->def->user && *job->def->user ? job->def->user : "root", (unsigned)p->uid, (unsigned)p->gid);
	for (size_t i = 0; i < p->group_count; i++)
		if (p->groups[i] != p->gid)
			str_addf(&out, ", %u", (unsigned)p->groups[i]);
	str_add(&out, p->keep_groups ? ", and the caller's groups)" : ")");
	explain_add_flag(job, EXPLAIN_COMMAND, "user", str_text(&out), "user", "");
	for (char **group = job->def->group_add; group && *group; group++)
		explain_add_flag(job, EXPLAIN_COMMAND, "group", *group, "group-add", *group);
}

static void add_switches(const struct explain_job *job)
{
	const struct ctr_def *def = job->def;
	const struct {
		const char *name, *flag;
		bool on;
	} rows[] = {
		{ "terminal", "tty", def->tty }, { "standard input", "interactive", def->interactive }, { "init", "init", def->init },
		{ "systemd inside", "systemd", def->systemd_mode },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		explain_add_flag(job, EXPLAIN_COMMAND, rows[i].name, rows[i].on ? "yes" : "", rows[i].flag, "");
}

static void add_command(const struct explain_job *job)
{
	const struct ctr_def *def = job->def;
	const struct spec_process *p = &job->spec->process;
	auto_free char *umask = mem_printf("%04o", (unsigned)p->umask);
	auto_free char *wait = mem_printf("%d s after it, SIGKILL", def->stop_timeout_set ? def->stop_timeout_s : 10);
	add_words(job, "entrypoint", def->entrypoint, "entrypoint");
	add_words(job, "command", def->command, CTR_COMPLETE_COMMAND);
	add_user(job);
	explain_add_flag(job, EXPLAIN_COMMAND, "directory", p->cwd, "workdir", "");
	explain_add_flag(job, EXPLAIN_COMMAND, "umask", umask, "umask", "");
	explain_add_flag(job, EXPLAIN_COMMAND, "hostname", job->spec->hostname, "hostname", "");
	explain_add_flag(job, EXPLAIN_COMMAND, "time zone", def->timezone, "tz", "");
	add_switches(job);
	explain_add_flag(job, EXPLAIN_COMMAND, "stop signal", def->stop_signal && *def->stop_signal ? def->stop_signal : "SIGTERM", "stop-signal", "");
	explain_add_flag(job, EXPLAIN_COMMAND, "stop timeout", wait, "stop-timeout", "");
}

/* --- environment, labels --- */

/* What a flag of its own says is above what came otherwise. */
static void add_pairs(const struct explain_job *job, enum explain_part part, char *const *words, const char *flag, const char *otherwise)
{
	for (; words && *words; words++) {
		auto_free char *key = mem_strndup(*words, strcspn(*words, "="));
		const char *value = strchr(*words, '=');
		const struct origin *from = explain_origin(job, flag, key);
		if (!from)
			from = explain_origin(job, otherwise, key);
		if (!from && part == EXPLAIN_ENVIRONMENT)
			from = explain_origin(job, "secret", key);
		explain_add(job, part, key, value && value[1] ? value + 1 : "\"\"", from);
	}
}

void explain_process(const struct explain_job *job)
{
	add_image(job);
	add_command(job);
	add_pairs(job, EXPLAIN_ENVIRONMENT, job->spec->process.env, "env", CTR_COMPLETE_VARIABLE);
	add_pairs(job, EXPLAIN_LABELS, job->def->labels, "label", CTR_COMPLETE_LABEL);
	add_pairs(job, EXPLAIN_LABELS, job->def->annotations, "annotation", CTR_COMPLETE_LABEL);
}
