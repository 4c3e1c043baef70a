/* complete_value.c - the values of flags; see complete.h
 *
 * A row says it once for every command that has a flag of the name; where it means something else there, a row with the verb
 * comes instead. The words of rows without verb are read by the flags' own parsers in a test.
 */
#include "cli/complete_priv.h"

#include "cli/listing.h"
#include "cli/verbs.h"

#define CTR_FILTER_KEYS "ancestor=,before=,command=,exited=,health=,id=,label=,label!=,name=,network=,restart-policy=,since=,status=,until=,volume="
#define IMAGE_FILTER_KEYS "after=,before=,containers=,dangling=,digest=,id=,intermediate=,label=,label!=,manifest=,readonly=,reference=,since=,until="
/* of the verbs that take containers by --filter */
#define CTR_FILTER(verb)                                                                                       \
	{ &(verb), "filter", NULL, CTR_FILTER_KEYS },                                                             \
	{ &(verb), "filter", "status=", "created,exited,paused,running,stopped,stopping,unknown" },                   \
	{ &(verb), "filter", "health=", "healthy,none,starting,unhealthy" },                                         \
	{ &(verb), "filter", "restart-policy=", "always,no,on-failure,unless-stopped" },                             \
	{ &(verb), "filter", "name=", .kind = WORD_CTR }, { &(verb), "filter", "id=", .kind = WORD_CTR },           \
	{ &(verb), "filter", "before=", .kind = WORD_CTR }, { &(verb), "filter", "since=", .kind = WORD_CTR },        \
	{ &(verb), "filter", "ancestor=", .kind = WORD_IMAGE }, { &(verb), "filter", "volume=", .kind = WORD_VOLUME }
#define A_FILE(flag) { NULL, (flag), .kind = WORD_FILE }
#define NAMESPACE(flag) { NULL, (flag), NULL, "host,private,container:,ns:" }, { NULL, (flag), "container:", .kind = WORD_CTR }, { NULL, (flag), "ns:", .kind = WORD_FILE }
#define PLACES "386,amd64,arm,arm64,loong64,mips64le,ppc64le,riscv64,s390x"

const struct complete_row complete_value_rows[] = {
	{ NULL, "arch", NULL, PLACES },
	{ NULL, "attach", NULL, "stdin,stdout,stderr" },
	A_FILE("authfile"),
	A_FILE("cert-dir"),
	NAMESPACE("cgroupns"),
	{ NULL, "cgroups", NULL, "enabled,disabled,no-conmon,split" },
	{ NULL, "change", NULL, "CMD=,ENTRYPOINT=,ENV=,EXPOSE=,HEALTHCHECK=,LABEL=,ONBUILD=,STOPSIGNAL=,USER=,VOLUME=,WORKDIR=" },
	A_FILE("cidfile"),
	A_FILE("compat-auth-file"),
	{ NULL, "compression-format", NULL, "gzip,zstd" },
	{ NULL, "condition", NULL, "created,running,paused,stopping,stopped,exited,healthy,unhealthy" },
	A_FILE("config"),
	A_FILE("conmon-pidfile"),
	A_FILE("device"),
	A_FILE("digestfile"),
	{ NULL, "driver", NULL, "local" },
	A_FILE("env-file"),
	A_FILE("file"),
	{ NULL, "health-log-destination", NULL, "local,events_logger" },
	A_FILE("health-log-destination"),
	{ NULL, "health-on-failure", NULL, "none,kill,restart,stop" },
	A_FILE("hosts-file"),
	A_FILE("iidfile"),
	{ NULL, "image-volume", NULL, "anonymous,tmpfs,ignore" },
	A_FILE("init-path"),
	A_FILE("input"),
	NAMESPACE("ipc"),
	{ NULL, "ipc", NULL, "none" },
	A_FILE("label-file"),
	{ NULL, "events-backend", NULL, "file,journald,none" },
	{ NULL, "log-driver", NULL, "k8s-file,json-file,journald,passthrough,passthrough-tty,none" },
	{ NULL, "log-level", NULL, "trace,debug,info,warn,warning,error,fatal,panic" },
	{ NULL, "log-opt", NULL, "path=,max-size=,max-file=" },
	{ NULL, "mount", NULL, "type=bind,type=tmpfs,type=volume", .more = true },
	{ NULL, "network", NULL, "bridge,container:,host,none,ns:,pasta,private" },
	{ NULL, "network", "container:", .kind = WORD_CTR },
	{ NULL, "network", "ns:", .kind = WORD_FILE },
	{ NULL, "os", NULL, "linux,windows" },
	A_FILE("out"),
	A_FILE("output"),
	NAMESPACE("pid"),
	A_FILE("pidfile"),
	{ NULL, "platform", NULL, "linux/amd64,linux/arm64,linux/arm,linux/386,linux/ppc64le,linux/riscv64,linux/s390x" },
	{ NULL, "policy", NULL, "always,missing,never,newer" },
	A_FILE("policypath"),
	A_FILE("pubkeysfile"),
	{ NULL, "pull", NULL, "always,missing,never,newer" },
	{ NULL, "restart", NULL, "always,no,on-failure,unless-stopped" },
	A_FILE("root"),
	A_FILE("runroot"),
	{ NULL, "sdnotify", NULL, "conmon,container,healthy,ignore" },
	{ NULL, "security-opt", NULL, "no-new-privileges,seccomp=,label=,apparmor=unconfined,mask=,unmask=" },
	{ NULL, "security-opt", "seccomp=", .kind = WORD_FILE },
	{ NULL, "signal", .kind = WORD_SIGNAL },
	{ NULL, "stop-signal", .kind = WORD_SIGNAL },
	{ NULL, "storage-driver", NULL, "overlay" },
	{ NULL, "systemd", NULL, "true,false,always" },
	{ NULL, "tz", NULL, "local" },
	{ NULL, "userns", NULL, "auto,container:,host,keep-id,nomap,ns:,private" },
	{ NULL, "userns", "container:", .kind = WORD_CTR },
	{ NULL, "userns", "ns:", .kind = WORD_FILE },
	NAMESPACE("uts"),
	{ NULL, "secret", .kind = WORD_SECRET, .more = true },
	{ NULL, "volume", .kind = WORD_VOLUME, .more = true },
	A_FILE("volume"),
	{ NULL, "volumes-from", .kind = WORD_CTR },

	{ NULL, "format", NULL, "json" },
	{ &cmd_commit_verb, "format", NULL, "oci,docker" },
	{ &cmd_manifest_push_verb, "format", NULL, "oci,v2s2" },
	{ &cmd_push_verb, "format", NULL, "oci,v2s2" },
	{ &cmd_save_verb, "format", NULL, "docker-archive,oci-archive,oci-dir,docker-dir" },
	{ NULL, "type", NULL, "all,container,image,volume" },
	{ &cmd_image_trust_set_verb, "type", NULL, "signedBy,sigstoreSigned,accept,reject" },

	CTR_FILTER(cmd_ps_verb),
	CTR_FILTER(cmd_rm_verb),
	CTR_FILTER(cmd_restart_verb),
	CTR_FILTER(cmd_start_verb),
	CTR_FILTER(cmd_stop_verb),
	CTR_FILTER(cmd_pause_verb),
	CTR_FILTER(cmd_unpause_verb),
	{ &cmd_images_verb, "filter", NULL, IMAGE_FILTER_KEYS },
	{ &cmd_images_verb, "filter", "dangling=", "true,false" },
	{ &cmd_images_verb, "filter", "readonly=", "true,false" },
	{ &cmd_images_verb, "filter", "containers=", "true,false" },
	{ &cmd_images_verb, "filter", "reference=", .kind = WORD_IMAGE },
	{ &cmd_images_verb, "filter", "before=", .kind = WORD_IMAGE },
	{ &cmd_images_verb, "filter", "since=", .kind = WORD_IMAGE },
	{ &cmd_images_verb, "filter", "after=", .kind = WORD_IMAGE },
	{ &cmd_volume_ls_verb, "filter", NULL, "after=,dangling=,driver=,label=,name=,opt=,scope=,since=,until=" },
	{ &cmd_volume_ls_verb, "filter", "dangling=", "true,false" },
	{ &cmd_volume_ls_verb, "filter", "name=", .kind = WORD_VOLUME },
	{ &cmd_volume_ls_verb, "filter", "since=", .kind = WORD_VOLUME },
	{ &cmd_volume_ls_verb, "filter", "after=", .kind = WORD_VOLUME },
	{ &cmd_events_verb, "filter", NULL, "container=,event=,image=,label=,type=,user=,volume=" },
	{ &cmd_events_verb, "filter", "type=", "container,image,volume" },
	{ &cmd_events_verb, "filter", "container=", .kind = WORD_CTR },
	{ &cmd_events_verb, "filter", "image=", .kind = WORD_IMAGE },
	{ &cmd_events_verb, "filter", "volume=", .kind = WORD_VOLUME },
	{ &cmd_search_verb, "filter", NULL, "is-automated,is-official,stars=" },
	{ NULL, "filter", NULL, "label=,label!=,until=" }, /* of prune */
};
const size_t complete_value_count = ARRAY_LEN(complete_value_rows);

static bool has_own_row(const struct verb *verb, const char *flag)
{
	for (size_t i = 0; i < complete_value_count; i++)
		if (verb && complete_value_rows[i].verb == verb && strcmp(complete_value_rows[i].flag, flag) == 0)
			return true;
	return false;
}

/* {{.Name}} or {{.Object., after whatever was typed before the braces */
static void offer_fields(struct complete *c, const struct listing_fields *fields)
{
	const char *brace = NULL;
	for (const char *p = c->typed; (p = strstr(p, "{{.")); p += 3)
		brace = p;
	size_t before = brace ? (size_t)(brace - c->typed) + 3 : 0;
	auto_free char *prefix = mem_strndup(c->typed, before);
	for (size_t i = 0; brace && i < fields->count; i++) {
		const struct listing_field *f = &fields->rows[i];
		auto_free char *name = mem_printf("%s%s", f->name, f->then ? f->then : "}}");
		if (f->then && str_starts(f->name, brace + 3))
			c->bits |= COMPLETE_NO_SPACE;
		complete_offer(c, prefix, name, NULL);
	}
}

static void offer_row(struct complete *c, const struct complete_row *row)
{
	const char *prefix = row->after ? row->after : "";
	if (row->after && !str_starts(c->typed, row->after))
		return;
	if (row->more)
		c->bits |= COMPLETE_NO_SPACE;
	if (row->words)
		complete_offer_list(c, prefix, row->words);
	complete_names(c, row->kind, prefix);
}

void complete_value(struct complete *c, const struct flag *flag)
{
	const struct verb *verb = has_own_row(c->verb, flag->name) ? c->verb : NULL;
	c->bits = COMPLETE_NO_FILES;
	c->given = NULL;
	if (flag->kind == FLAG_BOOL) {
		complete_offer_list(c, "", "true,false");
		return;
	}
	for (size_t i = 0; flag->choices && flag->choices[i]; i++)
		complete_offer(c, "", flag->choices[i], NULL);
	for (size_t i = 0; !flag->choices && i < complete_value_count; i++)
		if (complete_value_rows[i].verb == verb && strcmp(complete_value_rows[i].flag, flag->name) == 0)
			offer_row(c, &complete_value_rows[i]);
	if (c->verb && c->verb->fields && strcmp(flag->name, "format") == 0)
		offer_fields(c, c->verb->fields);
}
