#include "host/seccomp.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "codec/json.h"
#include "codec/json_parse.h"
#include "host/cap.h"
#include "host/seccomp_priv.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

struct call {
	const char *name;
	int nr;
};

#include "host/seccomp_calls.inc.h"

/* The default profile's bytes, from the file beside this one. */
extern const char seccomp_default_begin[], seccomp_default_end[];
__asm__(".pushsection .rodata\n"
	".global seccomp_default_begin\nseccomp_default_begin:\n.incbin \"" SECCOMP_DEFAULT_FILE "\"\n"
	".global seccomp_default_end\nseccomp_default_end:\n.byte 0\n.popsection\n");

struct native_arch {
	const char *scmp, *go; /* as profiles write it */
	uint32_t audit;
	int nr_limit;
	const struct call *calls;
	size_t count;
};

static const struct native_arch native[] = {
#if defined(__x86_64__)
	{ "SCMP_ARCH_X86_64", "amd64", AUDIT_ARCH_X86_64, 0x40000000, seccomp_calls_64, ARRAY_LEN(seccomp_calls_64) },
	{ "SCMP_ARCH_X86", "x86", AUDIT_ARCH_I386, 0, seccomp_calls_32, ARRAY_LEN(seccomp_calls_32) },
#elif defined(__aarch64__)
	{ "SCMP_ARCH_AARCH64", "arm64", AUDIT_ARCH_AARCH64, 0, seccomp_calls_64, ARRAY_LEN(seccomp_calls_64) },
#else
#error "no seccomp tables for this architecture yet"
#endif
};

/* --- one profile --- */

static int by_name(const void *key, const void *row)
{
	return strcmp(key, ((const struct call *)row)->name);
}

static int find_call(const struct native_arch *arch, const char *name)
{
	const struct call *found = bsearch(name, arch->calls, arch->count, sizeof(*arch->calls), by_name);
	return found ? found->nr : -1;
}

static int parse_action(const char *name, int64_t errnum, uint32_t *ret, struct err *err)
{
	static const struct { const char *name; uint32_t action; } rows[] = {
		{ "SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW },	 { "SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO },
		{ "SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD },	 { "SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD },
		{ "SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS }, { "SCMP_ACT_LOG", SECCOMP_RET_LOG },
		{ "SCMP_ACT_TRAP", SECCOMP_RET_TRAP },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].name, name) != 0)
			continue;
		if (errnum < 0 || errnum > 4095)
			return err_set(err, ERR_INVALID, "the seccomp profile has the error number %lld", (long long)errnum);
		*ret = rows[i].action | (rows[i].action == SECCOMP_RET_ERRNO ? (uint32_t)errnum : 0);
		return 0;
	}
	return err_set(err, ERR_UNSUPPORTED, "the seccomp profile's action '%s' is not done", name);
}

static int parse_op(const char *name, enum seccomp_op *ret)
{
	static const struct { const char *name; enum seccomp_op op; } rows[] = {
		{ "SCMP_CMP_EQ", SECCOMP_EQ }, { "SCMP_CMP_NE", SECCOMP_NE }, { "SCMP_CMP_LT", SECCOMP_LT }, { "SCMP_CMP_LE", SECCOMP_LE },
		{ "SCMP_CMP_GE", SECCOMP_GE }, { "SCMP_CMP_GT", SECCOMP_GT }, { "SCMP_CMP_MASKED_EQ", SECCOMP_MASKED_EQ },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].name, name) == 0) {
			*ret = rows[i].op;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_args(const struct json *list, struct seccomp_rule *rule, struct err *err)
{
	rule->arg_count = (unsigned)json_len(list);
	if (rule->arg_count > SECCOMP_ARGS_MAX)
		return err_set(err, ERR_INVALID, "the seccomp profile has a rule with %u arguments", rule->arg_count);
	for (unsigned i = 0; i < rule->arg_count; i++) {
		const struct json *a = json_at(list, i);
		struct seccomp_arg *arg = &rule->args[i];
		arg->index = (unsigned)json_get_u64(a, "index", SECCOMP_ARGS_MAX);
		arg->value = json_get_u64(a, "value", 0);
		arg->value_two = json_get_u64(a, "valueTwo", 0);
		if (arg->index >= SECCOMP_ARGS_MAX || parse_op(json_get_str(a, "op", ""), &arg->op) < 0)
			return err_set(err, ERR_INVALID, "the seccomp profile has an argument that makes no sense");
	}
	return 0;
}

static bool has_any_cap(const struct json *list, uint64_t caps)
{
	for (size_t i = 0; i < json_len(list); i++) {
		uint64_t one;
		if (cap_parse(json_str(json_at(list, i), ""), &one) >= 0 && caps & one)
			return true;
	}
	return false;
}

static bool has_arch(const struct json *list, const char *go)
{
	for (size_t i = 0; i < json_len(list); i++)
		if (strcmp(json_str(json_at(list, i), ""), go) == 0)
			return true;
	return false;
}

/* SPEC containers/common seccomp: includes must fit, excludes must not. */
static bool applies(const struct json *group, const struct native_arch *arch, uint64_t caps)
{
	const struct json *in = json_get(group, "includes"), *ex = json_get(group, "excludes");
	const struct json *in_caps = json_get(in, "caps"), *in_arches = json_get(in, "arches");
	if (json_len(in_caps) && !has_any_cap(in_caps, caps))
		return false;
	if (json_len(in_arches) && !has_arch(in_arches, arch->go))
		return false;
	return !has_any_cap(json_get(ex, "caps"), caps) && !has_arch(json_get(ex, "arches"), arch->go);
}

static int add_group(const struct json *group, const struct native_arch *arch, int64_t default_errno, struct seccomp_rules *rules, struct err *err)
{
	struct seccomp_rule rule = { 0 };
	const struct json *names = json_get(group, "names");
	if (parse_action(json_get_str(group, "action", ""), json_get_i64(group, "errnoRet", default_errno), &rule.action, err) < 0 ||
	    parse_args(json_get(group, "args"), &rule, err) < 0)
		return -1;
	for (size_t i = 0; i < json_len(names); i++) {
		rule.nr = find_call(arch, json_str(json_at(names, i), ""));
		if (rule.nr < 0)
			continue; /* of another architecture, or newer than these headers */
		if ((rules->count & (rules->count - 1)) == 0)
			rules->list = mem_resize(rules->list, rules->count ? rules->count * 2 : 1, sizeof(rule));
		rules->list[rules->count++] = rule;
	}
	return 0;
}

static int compile(const char *text, size_t len, uint64_t caps, struct seccomp_program *ret, struct err *err)
{
	auto_ptr(json) profile = NULL;
	struct seccomp_arch arches[ARRAY_LEN(native)] = { 0 };
	uint32_t action;
	int rc = 0;
	if (json_parse_object(text, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &profile, err) < 0)
		return err_wrap(err, "the seccomp profile");
	if (parse_action(json_get_str(profile, "defaultAction", ""), json_get_i64(profile, "defaultErrnoRet", EPERM), &action, err) < 0)
		return -1;
	const struct json *groups = json_get(profile, "syscalls");
	for (size_t n = 0; n < ARRAY_LEN(native); n++) {
		arches[n].audit = native[n].audit;
		arches[n].nr_limit = native[n].nr_limit;
		for (size_t i = 0; rc >= 0 && i < json_len(groups); i++)
			if (applies(json_at(groups, i), &native[n], caps))
				rc = add_group(json_at(groups, i), &native[n], EPERM, &arches[n].rules, err);
	}
	if (rc >= 0)
		rc = seccomp_bpf_build(arches, ARRAY_LEN(native), action, ret, err);
	for (size_t n = 0; n < ARRAY_LEN(native); n++)
		free(arches[n].rules.list);
	return rc;
}

/* --- the cache of the default's programs --- */

struct cache_head {
	char magic[8];
	uint32_t count, check;
};
static const char cache_magic[8] = "cpodbpf1";

static uint32_t checksum(const void *data, size_t len)
{
	uint32_t sum = 2166136261u; /* FNV-1a: against a file that was cut or mixed up, not against its owner */
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ ((const unsigned char *)data)[i]) * 16777619u;
	return sum;
}

static void cache_name(uint64_t caps, char name[64])
{
	size_t len = (size_t)(seccomp_default_end - seccomp_default_begin);
	snprintf(name, 64, "default-%zx-%llx-%s", len, (unsigned long long)caps, CPOD_VERSION);
}

static int cache_read(int dir_fd, uint64_t caps, struct seccomp_program *ret)
{
	char name[64];
	auto_free char *data = NULL;
	size_t len;
	struct cache_head head;
	cache_name(caps, name);
	if (dir_fd < 0 || file_read(dir_fd, name, 1 << 20, &data, &len) < 0 || len < sizeof(head))
		return -ENOENT;
	memcpy(&head, data, sizeof(head));
	size_t bytes = len - sizeof(head);
	if (memcmp(head.magic, cache_magic, sizeof(cache_magic)) != 0 || bytes != head.count * sizeof(struct sock_filter) ||
	    head.check != checksum(data + sizeof(head), bytes))
		return -EINVAL;
	*ret = (struct seccomp_program){ .filter = mem_dup(data + sizeof(head), bytes), .count = head.count };
	return 0;
}

static void cache_write(int dir_fd, uint64_t caps, const struct seccomp_program *program)
{
	char name[64];
	size_t bytes = program->count * sizeof(struct sock_filter);
	struct cache_head head = { .count = (uint32_t)program->count, .check = checksum(program->filter, bytes) };
	auto_free char *data = mem_alloc(sizeof(head) + bytes);
	cache_name(caps, name);
	memcpy(head.magic, cache_magic, sizeof(cache_magic));
	memcpy(data, &head, sizeof(head));
	memcpy(data + sizeof(head), program->filter, bytes);
	/* two at once may mix: the sum tells */
	if (dir_fd >= 0 && file_write(dir_fd, name, 0600, data, sizeof(head) + bytes, FILE_SOLE) < 0)
		return; /* a cache: made again next time */
}

int seccomp_compile(const char *profile_json, size_t profile_len, uint64_t caps, int cache_dir_fd, struct seccomp_program *ret, struct err *err)
{
	if (profile_json)
		return compile(profile_json, profile_len, caps, ret, err);
	if (cache_read(cache_dir_fd, caps, ret) >= 0)
		return 0;
	if (compile(seccomp_default_begin, (size_t)(seccomp_default_end - seccomp_default_begin), caps, ret, err) < 0)
		return -1;
	cache_write(cache_dir_fd, caps, ret);
	return 0;
}
