/* explain_limits.c - limits, and whether this host would hold the container to them: each is tried */
#include "base/str.h"
#include "engine/ctr_limits.h"
#include "engine/ctr_spec.h"
#include "engine/doctor.h"
#include "engine/explain_priv.h"
#include "host/cgroup.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>

/* The flag that is behind an option of the group. */
static const struct origin *origin_of(const struct explain_job *job, const char *option)
{
	const struct origin *from = explain_origin(job, option, "");
	if (!from && str_starts(option, "cpu-"))
		from = explain_origin(job, "cpus", "");
	return from ? from : str_eq(option, "memory-swap") ? explain_origin(job, "memory", "") : NULL;
}

static void add_trial(const struct explain_job *job, const struct cgroup_trial *trial, const char *way_out)
{
	const char *option = trial->option + strlen("--");
	auto_free char *text = mem_printf("%s%s", trial->value, trial->why_not ? ", not enforced here" : "");
	auto_free char *what = mem_printf("%s %s", trial->option, trial->value);
	explain_add(job, EXPLAIN_LIMITS, option, text, origin_of(job, option));
	if (trial->why_not)
		explain_add_gap(job, what, trial->why_not, way_out, !trial->is_default);
}

static void add_group(const struct explain_job *job)
{
	const struct ctr_def *def = job->def;
	auto_val(cgroup_trials) trials = { 0 };
	struct doctor_finding f = { 0 };
	struct cgroup_limits limits;
	bool parent = def->cgroup_parent && *def->cgroup_parent;
	explain_add_flag(job, EXPLAIN_LIMITS, "control group", str_eq(def->cgroups, "disabled") ? "none" : parent ? def->cgroup_parent : "one of its own",
			 parent ? "cgroup-parent" : "cgroups", "");
	if (str_eq(def->cgroups, "disabled"))
		return;
	ctr_limits_read(def, &limits);
	cgroup_try(parent ? def->cgroup_parent : NULL, &limits, &trials);
	bool told = doctor_look_at(job->engine, job->engine->rootless ? "cgroup-delegation" : "cgroups", &f);
	for (size_t i = 0; i < trials.count; i++)
		add_trial(job, &trials.rows[i], told ? f.fix : NULL);
	free(f.text);
	free(f.fix);
}

/* --- limits of each process --- */

struct number { char text[24]; };

static struct number limit_text(uint64_t value)
{
	struct number n;
	if (value == RLIM_INFINITY)
		snprintf(n.text, sizeof(n.text), "unlimited");
	else
		snprintf(n.text, sizeof(n.text), "%" PRIu64, value);
	return n;
}

/* Only who has CAP_SYS_RESOURCE on the host raises one. */
static void check_raised(const struct explain_job *job, const char *name, const struct spec_rlimit *limit)
{
	struct rlimit now;
	if (limit->is_default || !job->engine->rootless || getrlimit(limit->resource, &now) < 0 || limit->hard <= now.rlim_max)
		return;
	auto_free char *what = mem_printf("--ulimit %s=%s", name, limit_text(limit->hard).text);
	auto_free char *why = mem_printf("this user may have at most %s", limit_text(now.rlim_max).text);
	explain_add_gap(job, what, why, "raise it in /etc/security/limits.conf or the unit's Limit… and log in anew", true);
}

static void add_rlimits(const struct explain_job *job)
{
	const struct spec_process *p = &job->spec->process;
	for (size_t i = 0; i < p->rlimit_count; i++) {
		const struct spec_rlimit *limit = &p->rlimits[i];
		const char *word = ctr_spec_rlimit_word(limit->resource);
		auto_free char *name = mem_printf("ulimit %s", word);
		auto_free char *text = mem_printf("%s, at most %s", limit_text(limit->soft).text, limit_text(limit->hard).text);
		explain_add_flag(job, EXPLAIN_LIMITS, name, text, "ulimit", word);
		check_raised(job, word, limit);
	}
}

void explain_limits(const struct explain_job *job)
{
	const struct spec_process *p = &job->spec->process;
	auto_free char *adj = mem_printf("%d", p->oom_score_adj);
	add_group(job);
	add_rlimits(job);
	explain_add_flag(job, EXPLAIN_LIMITS, "oom score", p->oom_score_adj_set ? adj : "", "oom-score-adj", "");
}
