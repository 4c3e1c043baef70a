#include "engine/ctr_cdi.h"

#include "base/dl.h"
#include "codec/json.h"
#include "config/conf_cdi.h"
#include "engine/ctr_devices.h"
#include "engine/ctr_spec.h"
#include "engine/engine.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static bool given(const char *text)
{
	return text && *text;
}

int ctr_cdi_need(const struct ctr_def *def, struct err *err)
{
	return def->cdi_devices ? dl_need(err) : 0;
}

int ctr_cdi_complete(const struct engine *engine, struct ctr_def *def, struct err *err)
{
	if (def->cdi_devices && !def->cdi_dirs)
		def->cdi_dirs = strv_dup(engine->cdi_dirs);
	return ctr_cdi_need(def, err);
}

static void add_env(const struct conf_cdi_edits *edits, struct spec *spec)
{
	for (char **word = edits->env; word && *word; word++) {
		auto_free char *name = mem_strndup(*word, strcspn(*word, "="));
		strv_env_set(&spec->process.env, name, *word + strlen(name) + 1);
	}
}

/* What the file does not say the host's node does. */
static int describe(const struct conf_cdi_node *n, const char *source, struct stat *ret, struct err *err)
{
	struct stat st = { 0 };
	if (given(n->type) && !str_eq(n->type, "p") && (n->major || n->minor)) {
		st.st_mode = (str_eq(n->type, "b") ? S_IFBLK : S_IFCHR) | 0666;
		st.st_rdev = makedev((unsigned)n->major, (unsigned)n->minor);
	} else if (stat(source, &st) < 0) {
		return err_set(err, ERR_CMD_NOT_FOUND, "setting up CDI devices: failed to inject devices: failed to stat CDI host device \"%s\": %s", source,
			       err_reason(errno));
	} else if (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode)) {
		return err_set(err, ERR_INVALID, "setting up CDI devices: \"%s\" is not a device node", source);
	}
	if (n->mode)
		st.st_mode = (st.st_mode & S_IFMT) | ((mode_t)n->mode & 07777);
	*ret = st;
	return 0;
}

static int add_nodes(const struct conf_cdi_edits *edits, bool rules, struct spec *spec, struct err *err)
{
	for (size_t i = 0; i < edits->node_count; i++) {
		const struct conf_cdi_node *n = &edits->nodes[i];
		const char *source = given(n->host_path) ? n->host_path : n->path;
		struct stat st;
		if (describe(n, source, &st, err) < 0)
			return -1;
		struct spec_device *d = ctr_devices_add(spec, source, n->path, n->permissions, &st, rules);
		d->uid = (uid_t)n->uid;
		d->gid = (gid_t)n->gid;
	}
	return 0;
}

static int add_mounts(const struct conf_cdi_edits *edits, struct spec *spec, struct err *err)
{
	for (size_t i = 0; i < edits->mount_count; i++) {
		const struct conf_cdi_mount *m = &edits->mounts[i];
		auto_free char *options = strv_join(m->options, ",");
		bool is_bind = !given(m->type) || str_eq(m->type, "bind");
		struct stat st;
		if (is_bind && stat(m->host_path, &st) < 0)
			return err_sys(err, errno, "setting up CDI devices: cannot mount '%s'", m->host_path);
		struct spec_mount *out = ctr_mounts_add(spec, is_bind ? "bind" : m->type, m->host_path, m->container_path, options);
		out->is_file = is_bind && !S_ISDIR(st.st_mode);
	}
	return 0;
}

static void add_groups(const struct conf_cdi_edits *edits, struct spec *spec)
{
	struct spec_process *p = &spec->process;
	for (size_t i = 0; i < json_len(edits->groups); i++) {
		gid_t gid = (gid_t)json_u64(json_at(edits->groups, i), 0);
		if (!gid) /* COMPAT: root's is not given away so */
			continue;
		p->groups = mem_resize(p->groups, p->group_count + 1, sizeof(*p->groups));
		p->groups[p->group_count++] = gid;
	}
}

static int check_done(const struct conf_cdi_edits *edits, struct err *err)
{
	const struct {
		bool asked;
		const char *what;
	} rows[] = { { edits->hook_count > 0, "hooks" }, { edits->rdt != NULL, "intelRdt" }, { edits->net_devices != NULL, "netDevices" } };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].asked)
			return err_set(err, ERR_UNSUPPORTED, "setting up CDI devices: %s of a CDI specification is not done: name the device's files with --device and --volume",
				       rows[i].what);
	return 0;
}

int ctr_cdi_apply(const struct engine *engine, const struct ctr_def *def, struct spec *spec, struct err *err)
{
	auto_val(conf_cdi) cdi = { 0 };
	bool rules = ctr_devices_ruled(engine, def);
	if (!def->cdi_devices)
		return 0;
	if (conf_cdi_load(engine->cdi_dirs ? engine->cdi_dirs : def->cdi_dirs, def->cdi_devices, &cdi, err) < 0)
		return -1;
	for (size_t i = 0; i < cdi.edit_count; i++) {
		const struct conf_cdi_edits *edits = cdi.edits[i];
		if (check_done(edits, err) < 0 || add_nodes(edits, rules, spec, err) < 0 || add_mounts(edits, spec, err) < 0)
			return -1;
		add_env(edits, spec);
		add_groups(edits, spec);
	}
	return 0;
}
