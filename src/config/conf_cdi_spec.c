/* conf_cdi_spec.c - see conf_cdi_priv.h. COMPAT: strict, a member that nobody knows makes the whole file none. */
#include "config/conf_cdi_priv.h"

#include <string.h>

#include "base/str.h"
#include "codec/shape.h"

#define NODE(kind, member, name, ...) SHAPE_##kind(struct conf_cdi_node, member, name, ##__VA_ARGS__)
static const struct shape_field node_fields[] = {
	NODE(STRING, path, "path"),	NODE(STRING, host_path, "hostPath"), NODE(STRING, type, "type"),
	NODE(I64, major, "major"),	NODE(I64, minor, "minor"),	     NODE(I64, mode, "fileMode"),
	NODE(I64, uid, "uid"),		NODE(I64, gid, "gid"),		     NODE(STRING, permissions, "permissions"),
};
#define KEEP(type) .any_case = true, .keep_unknown = true, .unknown_offset = offsetof(struct type, unknown)
static const struct shape node_shape = SHAPE(struct conf_cdi_node, "deviceNode", node_fields, KEEP(conf_cdi_node));

static const struct shape_field mount_fields[] = {
	SHAPE_STRING(struct conf_cdi_mount, host_path, "hostPath"),
	SHAPE_STRING(struct conf_cdi_mount, container_path, "containerPath"),
	SHAPE_STRV(struct conf_cdi_mount, options, "options"),
	SHAPE_STRING(struct conf_cdi_mount, type, "type"),
};
static const struct shape mount_shape = SHAPE(struct conf_cdi_mount, "mount", mount_fields, KEEP(conf_cdi_mount));

static const struct shape_field hook_fields[] = {
	SHAPE_STRING(struct conf_cdi_hook, stage, "hookName"),
	SHAPE_STRING(struct conf_cdi_hook, path, "path"),
	SHAPE_STRV(struct conf_cdi_hook, args, "args"),
	SHAPE_STRV(struct conf_cdi_hook, env, "env"),
	SHAPE_INT(struct conf_cdi_hook, timeout_s, "timeout"),
};
static const struct shape hook_shape = SHAPE(struct conf_cdi_hook, "hook", hook_fields, KEEP(conf_cdi_hook));

static const struct shape_field edits_fields[] = {
	SHAPE_STRV(struct conf_cdi_edits, env, "env"),
	SHAPE_ARRAY(struct conf_cdi_edits, nodes, node_count, "deviceNodes", struct conf_cdi_node, &node_shape),
	SHAPE_ARRAY(struct conf_cdi_edits, mounts, mount_count, "mounts", struct conf_cdi_mount, &mount_shape),
	SHAPE_ARRAY(struct conf_cdi_edits, hooks, hook_count, "hooks", struct conf_cdi_hook, &hook_shape),
	SHAPE_JSON(struct conf_cdi_edits, groups, "additionalGids"),
	SHAPE_JSON(struct conf_cdi_edits, rdt, "intelRdt"),
	SHAPE_JSON(struct conf_cdi_edits, net_devices, "netDevices"),
};
static const struct shape edits_shape = SHAPE(struct conf_cdi_edits, "containerEdits", edits_fields, KEEP(conf_cdi_edits));

static const struct shape_field device_fields[] = {
	SHAPE_STRING(struct conf_cdi_device, name, "name"),
	SHAPE_JSON(struct conf_cdi_device, annotations, "annotations"),
	SHAPE_STRUCT(struct conf_cdi_device, edits, "containerEdits", struct conf_cdi_edits, &edits_shape),
};
static const struct shape device_shape = SHAPE(struct conf_cdi_device, "device", device_fields, KEEP(conf_cdi_device));

static const struct shape_field spec_fields[] = {
	SHAPE_STRING(struct conf_cdi_spec, version, "cdiVersion", .rule = SHAPE_REQUIRED),
	SHAPE_STRING(struct conf_cdi_spec, kind, "kind", .rule = SHAPE_REQUIRED),
	SHAPE_JSON(struct conf_cdi_spec, annotations, "annotations"),
	SHAPE_ARRAY(struct conf_cdi_spec, devices, device_count, "devices", struct conf_cdi_device, &device_shape),
	SHAPE_STRUCT(struct conf_cdi_spec, edits, "containerEdits", struct conf_cdi_edits, &edits_shape),
};
static const struct shape spec_shape = SHAPE(struct conf_cdi_spec, "CDI specification", spec_fields, KEEP(conf_cdi_spec));

void conf_cdi_spec_done(struct conf_cdi_spec *spec)
{
	shape_done(&spec_shape, spec);
}

/* ---- names ---- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alnum(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

/* Letters, digits and some more; the last is a letter or a digit. */
static bool is_word(const char *text, size_t len, const char *more, bool digit_first)
{
	if (!len || !(digit_first ? is_alnum(*text) : is_letter(*text)) || !is_alnum(text[len - 1]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_alnum(text[i]) && !strchr(more, text[i]))
			return false;
	return true;
}

static bool is_kind(const char *text, size_t len)
{
	const char *slash = memchr(text, '/', len);
	return slash && is_word(text, (size_t)(slash - text), "_-.", false) &&
	       is_word(slash + 1, len - (size_t)(slash - text) - 1, "_-.", false);
}

static bool is_device_name(const char *text)
{
	return is_word(text, strlen(text), "_-.:", true);
}

bool conf_cdi_is_name(const char *text)
{
	size_t len = strcspn(text, "=");
	return text[len] == '=' && is_kind(text, len) && is_device_name(text + len + 1);
}

/* ---- what is in it ---- */

static const char *const versions[] = { "0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.5.0", "0.6.0", "0.7.0", "0.8.0", "1.0.0", "1.1.0", NULL };

static bool has(const char *text)
{
	return text && *text;
}

/* The version that first had what the edits use. */
static const char *since(const struct conf_cdi_edits *e)
{
	const char *version = "0.3.0";

	for (size_t i = 0; i < e->mount_count; i++)
		if (has(e->mounts[i].type))
			version = "0.4.0";
	for (size_t i = 0; i < e->node_count; i++)
		if (has(e->nodes[i].host_path))
			version = "0.5.0";
	if (e->groups || e->rdt)
		version = "0.7.0";
	return e->net_devices ? "1.1.0" : version;
}

static int check_groups(const struct json *groups, struct err *err)
{
	if (groups && (json_kind(groups) != JSON_ARRAY || json_len(groups) > CONF_CDI_GROUPS_MAX))
		return err_set(err, ERR_INVALID, "additionalGids is no list of at most %d numbers", CONF_CDI_GROUPS_MAX);
	for (size_t i = 0; i < json_len(groups); i++) {
		uint64_t number;
		if (json_to_u64(json_at(groups, i), &number) < 0 || number >= UINT32_MAX)
			return err_set(err, ERR_INVALID, "additionalGids[%zu] is no group", i);
	}
	return 0;
}

static int check_node(const struct conf_cdi_node *n, struct err *err)
{
	static const char *const types[] = { "", "b", "c", "u", "p", NULL };

	if (!has(n->path) || (has(n->type) && str_index(types, n->type) < 0))
		return err_set(err, ERR_INVALID, "a device node has no path, or a type that is none");
	if (has(n->permissions) && n->permissions[strspn(n->permissions, "rwm")])
		return err_set(err, ERR_INVALID, "device '%s': permissions '%s'", n->path, n->permissions);
	return n->unknown ? err_set(err, ERR_INVALID, "device '%s' has members that are not known", n->path) : 0;
}

static int check_lists(const struct conf_cdi_edits *e, struct err *err)
{
	static const char *const stages[] = { "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop", NULL };

	for (char **env = e->env; env && *env; env++)
		if (!strchr(*env, '=') || **env == '=')
			return err_set(err, ERR_INVALID, "variable '%s'", *env);
	for (size_t i = 0; i < e->node_count; i++)
		if (check_node(&e->nodes[i], err) < 0)
			return -1;
	for (size_t i = 0; i < e->mount_count; i++)
		if (!has(e->mounts[i].host_path) || !has(e->mounts[i].container_path) || e->mounts[i].unknown)
			return err_set(err, ERR_INVALID, "a mount has no hostPath, no containerPath, or members that are not known");
	for (size_t i = 0; i < e->hook_count; i++)
		if (!has(e->hooks[i].stage) || str_index(stages, e->hooks[i].stage) < 0 || !has(e->hooks[i].path) || e->hooks[i].unknown)
			return err_set(err, ERR_INVALID, "a hook has no path, no stage that is one, or members that are not known");
	return 0;
}

static int check_since(const char *first, const char *version, struct err *err)
{
	if (str_index(versions, first) <= str_index(versions, version))
		return 0;
	return err_set(err, ERR_INVALID, "it uses what version %s brought, and calls itself %s", first, version);
}

static int check_edits(const struct conf_cdi_edits *e, const char *version, struct err *err)
{
	if (e->unknown)
		return err_set(err, ERR_INVALID, "containerEdits has members that are not known");
	if (check_since(since(e), version, err) < 0 || check_lists(e, err) < 0)
		return -1;
	return check_groups(e->groups, err);
}

static bool is_empty(const struct conf_cdi_edits *e)
{
	return !e->env && !e->node_count && !e->mount_count && !e->hook_count && !e->groups && !e->rdt && !e->net_devices;
}

static int check_device(const struct conf_cdi_spec *s, size_t at, struct err *err)
{
	const struct conf_cdi_device *d = &s->devices[at];

	if (!d->name || !is_device_name(d->name) || d->unknown || is_empty(&d->edits))
		return err_set(err, ERR_INVALID, "devices[%zu] has no name that is one, no edits, or members that are not known", at);
	for (size_t i = 0; i < at; i++)
		if (strcmp(s->devices[i].name, d->name) == 0)
			return err_set(err, ERR_INVALID, "device '%s' is there twice", d->name);
	const char *first = d->annotations ? "0.6.0" : is_letter(*d->name) ? "0.3.0" : "0.5.0";
	if (check_since(first, s->version, err) < 0 || check_edits(&d->edits, s->version, err) < 0)
		return err_wrap(err, "device '%s'", d->name);
	return 0;
}

static int check(const struct conf_cdi_spec *s, struct err *err)
{
	if (str_index(versions, s->version) < 0)
		return err_set(err, ERR_INVALID, "version '%s' is not known", s->version);
	if (!is_kind(s->kind, strlen(s->kind)) || s->unknown || !s->device_count)
		return err_set(err, ERR_INVALID, "it has no kind VENDOR/CLASS, no devices, or members that are not known");
	if (check_since(s->annotations ? "0.6.0" : "0.3.0", s->version, err) < 0)
		return -1;
	for (size_t i = 0; i < s->device_count; i++)
		if (check_device(s, i, err) < 0)
			return -1;
	return check_edits(&s->edits, s->version, err);
}

int conf_cdi_spec_read(const struct json *doc, struct conf_cdi_spec *ret, struct err *err)
{
	struct conf_cdi_spec spec = { 0 };

	if (shape_decode(&spec_shape, doc, &spec, err) < 0)
		return -1;
	*ret = spec;
	return check(ret, err);
}
