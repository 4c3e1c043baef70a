#include "engine/ctr_check.h"

#include "engine/ctr_idmap.h"
#include "engine/ctr_spec.h"
#include "engine/detach_keys.h"
#include "engine/engine.h"
#include "runtime/spec.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct word_row {
	const char *flag;
	size_t field;
	const char *const *done; /* words that are; a prefix ends in ':' */
	const char *instead;
};

static const char *const systemd_done[] = { "true", "false", "always", NULL };
static const char *const cgroups_done[] = { "enabled", "disabled", "no-conmon", "split", NULL };
static const char *const user_done[] = { "host", "keep-id", "keep-id:", "auto", "auto:", "nomap", "private", "container:", "ns:", NULL };
static const char *const pid_done[] = { "private", "host", "container:", "ns:", NULL };
static const char *const ipc_done[] = { "private", "shareable", "host", "none", "container:", "ns:", NULL };
static const char *const net_done[] = { "private", "default", "podman", "bridge", "pasta", "none", "host", "container:", "ns:", NULL };

static const struct word_row rows[] = {
	{ "--systemd", offsetof(struct ctr_def, systemd), systemd_done, "leave it out" },
	{ "--cgroups", offsetof(struct ctr_def, cgroups), cgroups_done, "use enabled or disabled" },
	{ "--userns", offsetof(struct ctr_def, user_mode), user_done, "use host, keep-id, auto, nomap, container:NAME, ns:PATH or --uidmap" },
	{ "--pid", offsetof(struct ctr_def, pid_mode), pid_done, "use private, host, container:NAME or ns:PATH" },
	{ "--ipc", offsetof(struct ctr_def, ipc_mode), ipc_done, "use private, host, none, container:NAME or ns:PATH" },
	{ "--uts", offsetof(struct ctr_def, uts_mode), pid_done, "use private, host, container:NAME or ns:PATH" },
	{ "--cgroupns", offsetof(struct ctr_def, cgroup_mode), pid_done, "use private, host, container:NAME or ns:PATH" },
	{ "--network", offsetof(struct ctr_def, net_mode), net_done, "use none, host, private, container:NAME or ns:PATH" },
};

static bool is_done(const char *const *done, const char *word)
{
	for (; *done; done++) {
		size_t len = strlen(*done);
		if (strcmp(*done, word) == 0 || ((*done)[len - 1] == ':' && strncmp(*done, word, len) == 0))
			return true;
	}
	return false;
}

static int check_words(const struct ctr_def *def, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *word = *(char *const *)((const char *)def + rows[i].field);
		if (word && *word && !is_done(rows[i].done, word))
			return err_set(err, ERR_UNSUPPORTED, "%s %s is not done yet: %s", rows[i].flag, word, rows[i].instead);
	}
	return 0;
}

static int check_pairs(const struct engine *engine, const struct ctr_def *def, struct err *err)
{
	struct detach_keys keys;
	struct spec_caps caps;
	if ((def->cap_add || def->cap_drop) && ctr_spec_caps(def, def->privileged, 0, &caps, err) < 0)
		return -1;
	for (char **cap = def->cap_add; cap && *cap; cap++)
		if (strv_has(def->cap_drop, *cap))
			return err_set(err, ERR_USAGE, "capability \"%s\" cannot be dropped and added", *cap);
	if (def->uts_mode && str_eq(def->uts_mode, "host") && def->hostname && *def->hostname)
		return err_set(err, ERR_USAGE, "cannot set hostname when running in the host UTS namespace: invalid configuration");
	if (def->detach_keys && detach_keys_parse(def->detach_keys, &keys) < 0)
		return err_set(err, ERR_USAGE, "invalid detach keys '%s': give characters or ctrl-a to ctrl-z, separated by commas", def->detach_keys);
	return 0;
}

/* These become lines of /etc/hosts, /etc/hostname and /etc/resolv.conf: one that holds a line's end would add a line of its own. */
static int check_line(const char *flag, const char *word, bool is_name, struct err *err)
{
	for (const unsigned char *c = (const unsigned char *)word; word && *c; c++)
		if (*c < ' ' || *c == 127 || (is_name && (*c == ' ' || *c == '#')))
			return err_set(err, ERR_USAGE, "invalid %s \"%s\": it goes into a file of the container and may hold no byte 0x%02x", flag, word, *c);
	return 0;
}

/* COMPAT: the engine of the reference knows these two. */
static int check_personality(const char *name, struct err *err)
{
	if (!name || !*name || strcmp(name, "LINUX") == 0 || strcmp(name, "LINUX32") == 0)
		return 0;
	return err_set(err, ERR_USAGE, "unknown personality \"%s\": LINUX and LINUX32 are known", name);
}

static int check_hosts_file(const char *path, struct err *err)
{
	if (!path || !*path || strcmp(path, "none") == 0)
		return 0;
	if (strcmp(path, "image") == 0)
		return 0;
	if (*path != '/')
		return err_set(err, ERR_USAGE, "invalid --hosts-file \"%s\": an absolute path or none is expected", path);
	return access(path, R_OK) < 0 ? err_sys(err, errno, "cannot read the hosts file '%s'", path) : 0;
}

static int check_lines(const struct ctr_def *def, struct err *err)
{
	const struct {
		const char *flag;
		char **words;
		bool is_name;
	} lists[] = {
		{ "--add-host", def->add_host, true },
		{ "--dns-search", def->dns_search, false },
		{ "--dns-option", def->dns_option, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		for (char **word = lists[i].words; word && *word; word++)
			if (check_line(lists[i].flag, *word, lists[i].is_name, err) < 0)
				return -1;
	if (check_line("--passwd-entry", def->passwd_entry, false, err) < 0 || check_line("--group-entry", def->group_entry, false, err) < 0)
		return -1;
	if (check_hosts_file(def->hosts_file, err) < 0 || check_personality(def->personality, err) < 0)
		return -1;
	return check_line("--hostname", def->hostname, true, err);
}

static int check_addresses(const struct engine *engine, const struct ctr_def *def, struct err *err)
{
	const struct {
		const char *flag;
		bool given;
	} addresses[] = {
		{ "--ip", def->ip && *def->ip },
		{ "--ip6", def->ip6 && *def->ip6 },
		{ "--mac-address", def->mac_address && *def->mac_address },
		{ "--network-alias", def->network_aliases != NULL },
	};
	for (size_t i = 0; i < ARRAY_LEN(addresses) && !ctr_spec_net_is(engine, def, "bridge"); i++)
		if (addresses[i].given)
			return err_set(err, ERR_USAGE, "%s can only be set when the network mode is bridge: this container has %s", addresses[i].flag,
				       ctr_spec_net_mode(engine, def));
	return 0;
}

int ctr_check(const struct engine *engine, const struct ctr_def *def, struct err *err)
{
	auto_val(ctr_idmap) map = { 0 };
	if (check_words(def, err) < 0 || ctr_idmap_read(engine, def, &map, err) < 0 || check_pairs(engine, def, err) < 0 ||
	    check_lines(def, err) < 0)
		return -1;
	if (def->oom_kill_disable)
		return err_set(err, ERR_UNSUPPORTED, "--oom-kill-disable is not done: cgroup v2 has no such thing");
	if (def->memory_swappiness >= 0)
		return err_set(err, ERR_UNSUPPORTED, "--memory-swappiness is not done: cgroup v2 has no such thing");
	if (def->device_cgroup_rules && engine->rootless) /* COMPAT: the sentence */
		return err_set(err, ERR_UNSUPPORTED, "device cgroup rules are not supported in rootless mode or in a user namespace");
	if (str_eq(def->cgroups, "split") && def->cgroup_parent && *def->cgroup_parent)
		return err_set(err, ERR_USAGE, "--cgroups=split makes groups below the caller's own: --cgroup-parent cannot name another");
	return check_addresses(engine, def, err);
}

int ctr_check_sdnotify(const struct ctr_def *def, struct err *err)
{
	if (!str_eq(def->sdnotify, "healthy") || def->health)
		return 0;
	return err_set(err, ERR_USAGE, "sdnotify policy \"healthy\" requires a healthcheck to be set: invalid argument");
}
