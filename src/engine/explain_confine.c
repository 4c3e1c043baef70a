/* explain_confine.c - namespaces, capabilities, and what else holds the container in */
#include "base/str.h"
#include "engine/ctr_complete.h"
#include "engine/ctr_spec.h"
#include "engine/explain_priv.h"
#include "host/cap.h"

/* --- namespaces --- */

/* "new", "the host's", "joined: container:web" */
static void add_namespace(const struct explain_job *job, const struct ctr_ns *row)
{
	static const char *const names[] = { [SPEC_NS_PID] = "processes", [SPEC_NS_NET] = "network", [SPEC_NS_IPC] = "ipc",
					     [SPEC_NS_UTS] = "hostname (uts)", [SPEC_NS_CGROUP] = "cgroup" };
	static const char *const words[] = { [SPEC_NS_HOST] = "the host's", [SPEC_NS_NEW] = "new", [SPEC_NS_JOIN] = "joined: " };
	enum spec_ns_mode is = job->spec->ns[row->ns];
	auto_free char *text = mem_printf("%s%s", words[is], is == SPEC_NS_JOIN ? ctr_ns_mode(row, job->def) : "");
	explain_add_flag(job, EXPLAIN_NAMESPACES, names[row->ns], text, row->flag, "");
}

static const struct origin *origin_of_maps(const struct explain_job *job)
{
	static const char *const flags[] = { "userns", "uidmap", "gidmap", "subuidname", "subgidname" };
	const struct origin *from = NULL;
	for (size_t i = 0; !from && i < ARRAY_LEN(flags); i++)
		from = explain_origin(job, flags[i], "");
	return from;
}

static void add_namespaces(const struct explain_job *job)
{
	const char *mode = job->def->user_mode;
	bool own = job->spec->ns[SPEC_NS_USER] != SPEC_NS_HOST;
	const char *word = job->spec->ns[SPEC_NS_USER] == SPEC_NS_JOIN ? "joined" : "new";
	auto_free char *text = mem_printf("%s%s%s", word, mode && *mode ? ": " : "", mode && *mode ? mode : "");
	explain_add(job, EXPLAIN_NAMESPACES, "mounts", "new", NULL);
	for (size_t i = 0; i < CTR_NS_COUNT; i++)
		add_namespace(job, &ctr_ns_rows[i]);
	explain_add(job, EXPLAIN_NAMESPACES, "users", own ? text : job->engine->rootless ? "the one that all containers of this user share" : "the host's",
		    origin_of_maps(job));
}

/* --- capabilities --- */

static char *caps_dup(uint64_t set)
{
	auto_str out = { 0 };
	for (int cap = 0; cap < 64; cap++)
		if ((set & (1ULL << cap)) && cap_name(cap))
			str_addf(&out, "%s%s", out.len ? " " : "", str_after(cap_name(cap), "CAP_"));
	return out.len ? str_take(&out) : mem_strdup("none");
}

static void add_caps(const struct explain_job *job)
{
	const struct spec_caps *caps = &job->spec->process.caps;
	char below[] = ", and what is added and dropped below";
	const struct origin changed = { ORIGIN_DEFAULT, below };
	const struct origin *from = explain_origin(job, job->def->privileged ? "privileged" : CTR_COMPLETE_CONF_CAPS, "");
	if (!from && job->origins && (job->def->cap_add || job->def->cap_drop))
		from = &changed;
	auto_free char *bounding = caps_dup(caps->bounding), *effective = caps_dup(caps->effective), *ambient = caps_dup(caps->ambient);
	explain_add(job, EXPLAIN_CAPABILITIES, "bounding", bounding, from);
	explain_add(job, EXPLAIN_CAPABILITIES, "effective", effective, from);
	explain_add(job, EXPLAIN_CAPABILITIES, "ambient", caps->ambient ? ambient : "", from);
	for (char **cap = job->def->cap_add; cap && *cap; cap++)
		explain_add_flag(job, EXPLAIN_CAPABILITIES, "added", *cap, "cap-add", *cap);
	for (char **cap = job->def->cap_drop; cap && *cap; cap++)
		explain_add_flag(job, EXPLAIN_CAPABILITIES, "dropped", *cap, "cap-drop", *cap);
}

/* --- the rest --- */

static void add_seccomp(const struct explain_job *job)
{
	const char *profile = job->def->seccomp_profile;
	bool none = job->def->privileged || str_eq(profile, "unconfined");
	const struct origin *from = explain_origin(job, "security-opt", "seccomp");
	explain_add(job, EXPLAIN_CONFINEMENT, "seccomp", none ? "none: every system call" : profile && *profile ? profile : "cpod's own profile",
		    from ? from : none ? explain_origin(job, "privileged", "") : NULL);
}

static void add_paths(const struct explain_job *job, const char *name, char *const *paths, const char *option)
{
	auto_free char *text = strv_join(paths, " ");
	const struct origin *from = explain_origin(job, "security-opt", option);
	bool none = !text || !*text;
	explain_add(job, EXPLAIN_CONFINEMENT, name, none ? "none" : text, from ? from : none ? explain_origin(job, "privileged", "") : NULL);
}

void explain_confinement(const struct explain_job *job)
{
	const struct ctr_def *def = job->def;
	add_namespaces(job);
	add_caps(job);
	add_seccomp(job);
	explain_add_flag(job, EXPLAIN_CONFINEMENT, "no new privileges", def->no_new_privileges ? "yes: set-uid programs give nothing" : "no: set-uid programs work",
			 "security-opt", "no-new-privileges");
	explain_add_flag(job, EXPLAIN_CONFINEMENT, "apparmor", "no profile: cpod sets none", "security-opt", "apparmor");
	explain_add_flag(job, EXPLAIN_CONFINEMENT, "selinux", "no label: cpod sets none", "security-opt", "label");
	explain_add_flag(job, EXPLAIN_CONFINEMENT, "root file system", def->read_only ? "read-only" : "writable", "read-only", "");
	add_paths(job, "hidden paths", job->spec->masked_paths, def->unmask ? "unmask" : "mask");
	add_paths(job, "read-only paths", job->spec->readonly_paths, "unmask");
	for (char **word = job->spec->sysctl; word && *word; word++) {
		auto_free char *key = mem_strndup(*word, strcspn(*word, "="));
		explain_add_flag(job, EXPLAIN_CONFINEMENT, "sysctl", *word, "sysctl", key);
	}
}
