/* ctr_flags_set.c - see ctr_flags_set.h */
#include "options/ctr_flags_set.h"

#include "base/log.h"
#include "base/num.h"
#include "engine/ctr_device_rule.h"
#include "options/ctr_flags.h"
#include "options/flag_number.h"
#include "options/values.h"

#include <arpa/inet.h>

static struct ctr_def *def_of(void *base)
{
	return &((struct ctr_words *)base)->opts.def;
}

static void *field_of(const struct flag *flag, void *base)
{
	return (char *)base + flag->offset;
}

static void replace(const struct flag *flag, void *base, const char *value)
{
	char **field = field_of(flag, base);
	free(*field);
	*field = mem_strdup(value);
}

static bool is_ip(const char *text)
{
	unsigned char buf[16];
	return inet_pton(AF_INET, text, buf) == 1 || inet_pton(AF_INET6, text, buf) == 1;
}

/* --- lists --- */

CTR_SETTER(ctr_flags_set_add_host)
{
	const char *colon = strchr(value, ':');
	if (!colon || colon == value || !colon[1])
		return err_set(err, ERR_USAGE, "invalid host \"%s\" of --%s: HOST:IP is expected", value, flag->name);
	if (strcmp(colon + 1, "host-gateway") != 0 && !is_ip(colon + 1))
		return err_set(err, ERR_USAGE, "invalid IP address in add-host: \"%s\"", colon + 1);
	strv_add(field_of(flag, base), value);
	return 0;
}

CTR_SETTER(ctr_flags_set_annotation)
{
	if (!values_has_key(value))
		return err_set(err, ERR_USAGE, "annotations must be formatted KEY=VALUE");
	strv_add(field_of(flag, base), value);
	return 0;
}

CTR_SETTER(ctr_flags_set_label)
{
	if (!*value || *value == '=')
		return err_set(err, ERR_USAGE, "unable to process labels: invalid label format: \"%s\"", value);
	strv_add(field_of(flag, base), value);
	return 0;
}

CTR_SETTER(ctr_flags_set_env)
{
	if (*value == '=')
		return err_set(err, ERR_USAGE, "invalid variable: \"%s\"", value);
	if (*value)
		strv_add(field_of(flag, base), value);
	return 0;
}

CTR_SETTER(ctr_flags_set_log_opt)
{
	if (!values_has_key(value))
		return err_set(err, ERR_USAGE, "invalid log option \"%s\"", value);
	strv_add(field_of(flag, base), value);
	return 0;
}

CTR_SETTER(ctr_flags_set_sysctl)
{
	if (!values_has_key(value))
		return err_set(err, ERR_USAGE, "%s is invalid, sysctl values must be in the form of KEY=VALUE", value);
	strv_add(field_of(flag, base), value);
	return 0;
}

CTR_SETTER(ctr_flags_set_device_rule)
{
	struct spec_device_rule ignored;
	if (ctr_device_rule_read(value, &ignored, err) < 0)
		return -1;
	strv_add(field_of(flag, base), value);
	return 0;
}

CTR_SETTER(ctr_flags_set_cgroup_conf)
{
	if (!values_has_key(value))
		return err_set(err, ERR_USAGE, "invalid --%s \"%s\": KEY=VALUE is expected", flag->name, value);
	strv_add(field_of(flag, base), value);
	return 0;
}

CTR_SETTER(ctr_flags_set_dns)
{
	if (strcmp(value, "none") != 0 && !is_ip(value))
		return err_set(err, ERR_USAGE, "%s is not an ip address", value);
	strv_add(field_of(flag, base), value);
	return 0;
}

CTR_SETTER(ctr_flags_set_attach)
{
	static const char *const streams[] = { "stdin", "stdout", "stderr", NULL };
	auto_free char *low = str_lower_dup(value);
	if (str_index(streams, low) < 0)
		return err_set(err, ERR_USAGE, "invalid stream \"%s\" for --%s - must be one of stdin, stdout, or stderr", value, flag->name);
	strv_add(field_of(flag, base), low);
	return 0;
}

/* COMPAT: GPUs are CDI devices of one vendor. */
CTR_SETTER(ctr_flags_set_gpus)
{
	strv_addf(field_of(flag, base), "nvidia.com/gpu=%s", value);
	return 0;
}

/* --- grammars --- */

CTR_SETTER(ctr_flags_set_device)
{
	(void)flag;
	return values_device(def_of(base), value, err);
}

CTR_SETTER(ctr_flags_set_expose)
{
	(void)flag;
	return values_expose(def_of(base), value, err);
}

CTR_SETTER(ctr_flags_set_mount)
{
	(void)flag;
	return values_mount(def_of(base), value, err);
}

CTR_SETTER(ctr_flags_set_network)
{
	(void)flag;
	return values_network(def_of(base), value, err);
}

CTR_SETTER(ctr_flags_set_publish)
{
	(void)flag;
	return values_publish(def_of(base), value, err);
}

CTR_SETTER(ctr_flags_set_restart)
{
	(void)flag;
	return values_restart(def_of(base), value, err);
}

CTR_SETTER(ctr_flags_set_tmpfs)
{
	(void)flag;
	return values_tmpfs(def_of(base), value, err);
}

CTR_SETTER(ctr_flags_set_ulimit)
{
	(void)flag;
	return values_ulimit(def_of(base), value, err);
}

CTR_SETTER(ctr_flags_set_secret)
{
	(void)flag;
	return values_secret(def_of(base), value, err);
}

CTR_SETTER(ctr_flags_set_volume)
{
	(void)flag;
	return values_volume(def_of(base), value, err);
}

CTR_SETTER(ctr_flags_set_platform)
{
	struct ctr_opts *o = &((struct ctr_words *)base)->opts;
	(void)flag;
	values_platform(value, &o->os, &o->arch, &o->variant);
	return 0;
}

/* --userns, --cgroupns, --pid … */
CTR_SETTER(ctr_flags_set_namespace)
{
	auto_free char *which = mem_strdup(flag->name);
	if (str_ends(which, "ns"))
		which[strlen(which) - 2] = 0;
	return values_namespace(which, value, field_of(flag, base), err);
}

/* --- words of a set --- */

static int one_of(const struct flag *flag, void *base, const char *value, const char *const *known, const char *sentence, struct err *err)
{
	if (str_index(known, value) < 0)
		return err_set(err, ERR_USAGE, sentence, value);
	replace(flag, base, value);
	return 0;
}

CTR_SETTER(ctr_flags_set_cgroups)
{
	static const char *const known[] = { "enabled", "disabled", "no-conmon", "split", NULL };
	return one_of(flag, base, value, known, "running container create option: invalid cgroup mode \"%s\": invalid argument", err);
}

CTR_SETTER(ctr_flags_set_image_volume)
{
	static const char *const known[] = { "anonymous", "tmpfs", "ignore", NULL };
	if (!*value || strcmp(value, "bind") == 0) /* the old word, and COMPAT: none */
		value = "anonymous";
	return one_of(flag, base, value, known, "invalid image volume mode \"%s\" required value: anonymous, tmpfs, ignore", err);
}

CTR_SETTER(ctr_flags_set_pull)
{
	static const char *const known[] = { "", "missing", "always", "never", "newer", NULL };
	auto_free char *low = str_lower_dup(value);
	const char *word = strcmp(low, "ifnotpresent") == 0 ? "missing" : strcmp(low, "ifnewer") == 0 ? "newer" : low;
	if (str_index(known, word) < 0)
		return err_set(err, ERR_USAGE, "unsupported pull policy \"%s\"", value);
	replace(flag, base, word);
	return 0;
}

CTR_SETTER(ctr_flags_set_systemd)
{
	static const char *const known[] = { "true", "false", "always", NULL };
	return one_of(flag, base, value, known,
		      "invalid config provided: --systemd values must be one of \"true, false, always\", not '%s': invalid configuration", err);
}

CTR_SETTER(ctr_flags_set_seccomp_policy)
{
	static const char *const known[] = { "", "default", "image", NULL };
	return one_of(flag, base, value, known, "invalid seccomp policy \"%s\": valid policies are [\"default\" \"image\"]", err);
}

/* COMPAT: known, and without effect on cgroup v2; the reference says these sentences. */
CTR_SETTER(ctr_flags_set_dropped)
{
	static const struct {
		const char *flag, *sentence;
	} rows[] = {
		{ "cpu-rt-period", "realtime period not supported on cgroups V2 systems" },
		{ "cpu-rt-runtime", "realtime runtime not supported on cgroups V2 systems" },
		{ "kernel-memory", "the --kernel-memory flag is no longer supported: it has no effect" },
	};
	(void)base, (void)value, (void)err;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].flag, flag->name) == 0)
			log_warn("%s", rows[i].sentence);
	return 0;
}

/* --- numbers and addresses --- */

CTR_SETTER(ctr_flags_set_blkio_weight)
{
	uint64_t weight;
	if (num_u64(value, UINT64_MAX, &weight) < 0)
		return err_set(err, ERR_USAGE, "invalid value for blkio-weight: strconv.ParseUint: parsing \"%s\": invalid syntax", value);
	if (weight != 0 && (weight < 10 || weight > 1000))
		return err_set(err, ERR_USAGE, "range of blkio weight is from 10 to 1000, not %s", value);
	*(uint32_t *)field_of(flag, base) = (uint32_t)weight;
	return 0;
}

CTR_SETTER(ctr_flags_set_memory)
{
	return values_size("invalid value for memory", value, field_of(flag, base), err);
}

CTR_SETTER(ctr_flags_set_memory_swap)
{
	if (strcmp(value, "-1") == 0) {
		*(int64_t *)field_of(flag, base) = -1;
		return 0;
	}
	return values_size("invalid value for memory", value, field_of(flag, base), err);
}

CTR_SETTER(ctr_flags_set_shm_size)
{
	int64_t bytes;
	if (values_size("unable to translate --shm-size", value, &bytes, err) < 0)
		return -1;
	*(uint64_t *)field_of(flag, base) = (uint64_t)bytes;
	return 0;
}

CTR_SETTER(ctr_flags_set_sdnotify)
{
	static const char *const known[] = { "container", "conmon", "healthy", "ignore", NULL };
	if (str_index(known, value) < 0)
		return err_set(err, ERR_USAGE,
			       "invalid config provided: invalid argument: invalid sdnotify value \"%s\": must be conmon, container, healthy or ignore", value);
	replace(flag, base, value);
	return 0;
}

CTR_SETTER(ctr_flags_set_io_limit)
{
	return values_io_limit(flag->name, field_of(flag, base), value, err);
}

CTR_SETTER(ctr_flags_set_stop_timeout)
{
	uint64_t seconds;
	if (flag_number_u64(value, INT32_MAX, &seconds) < 0)
		return err_set(err, ERR_USAGE, "invalid --%s '%s': at most %d seconds", flag->name, value, INT32_MAX);
	*(int *)field_of(flag, base) = (int)seconds;
	return 0;
}

CTR_SETTER(ctr_flags_set_umask)
{
	uint32_t mask;
	if (num_octal(value, 0777, &mask) < 0 || strlen(value) > 4)
		return err_set(err, ERR_USAGE, "running container create option: invalid umask string %s: invalid argument", value);
	replace(flag, base, value);
	return 0;
}

CTR_SETTER(ctr_flags_set_retry_delay)
{
	return values_retry_delay(value, (unsigned *)(void *)((char *)base + flag->offset), err);
}

CTR_SETTER(ctr_flags_set_ip)
{
	if (!is_ip(value))
		return err_set(err, ERR_USAGE, "\"%s\" is not an ip address", value);
	replace(flag, base, value);
	return 0;
}

CTR_SETTER(ctr_flags_set_mac)
{
	static const char shape[] = "xx:xx:xx:xx:xx:xx";
	static const char hex[] = "0123456789abcdefABCDEF";
	bool ok = strlen(value) == strlen(shape);
	for (size_t i = 0; ok && shape[i]; i++)
		ok = shape[i] == 'x' ? strchr(hex, value[i]) != NULL : value[i] == ':';
	if (!ok)
		return err_set(err, ERR_USAGE, "address %s: invalid MAC address", value);
	replace(flag, base, value);
	return 0;
}
