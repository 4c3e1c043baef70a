#include "runtime/spec.h"

#include "base/fd.h"

#include <errno.h>

void spec_init(struct spec *spec)
{
	*spec = (struct spec){ .process.umask = -1, .resources.memory_swappiness = -1 };
	for (int i = 0; i < SPEC_NS_COUNT; i++)
		spec->ns_fd[i] = -EBADF;
}

static void done_mounts(struct spec *spec)
{
	for (size_t i = 0; i < spec->mount_count; i++) {
		struct spec_mount *m = &spec->mounts[i];
		free(m->destination);
		free(m->type);
		free(m->source);
		free(m->data);
		if (m->tree_fd > 0)
			fd_close(m->tree_fd);
	}
	free(spec->mounts);
}

static void done_devices(struct spec *spec)
{
	for (size_t i = 0; i < spec->device_count; i++) {
		free(spec->devices[i].path);
		free(spec->devices[i].source);
	}
	free(spec->devices);
}

static void done_root(struct spec_root *r)
{
	strv_free(r->lower);
	free(r->upper);
	free(r->work);
	free(r->path);
	if (r->tree_fd > 0)
		fd_close(r->tree_fd);
}

static void done_process(struct spec_process *p)
{
	free(p->groups);
	strv_free(p->args);
	strv_free(p->env);
	free(p->cwd);
	free(p->rlimits);
	free(p->apparmor_profile);
	free(p->selinux_label);
}

static void done_resources(struct spec_resources *r)
{
	free(r->cpuset_cpus);
	free(r->cpuset_mems);
	strv_free(r->unified);
	free(r->devices);
}

void spec_done(struct spec *spec)
{
	done_root(&spec->root);
	done_process(&spec->process);
	done_resources(&spec->resources);
	done_mounts(spec);
	done_devices(spec);
	free(spec->id);
	free(spec->hostname);
	free(spec->domainname);
	free(spec->uid_maps);
	free(spec->gid_maps);
	strv_free(spec->sysctl);
	strv_free(spec->masked_paths);
	strv_free(spec->readonly_paths);
	strv_free(spec->files);
	strv_free(spec->appends);
	strv_free(spec->annotations);
	free((void *)(uintptr_t)spec->seccomp.filter);
	*spec = (struct spec){ 0 };
}

struct spec_mount *spec_add_mount(struct spec *spec)
{
	spec->mounts = mem_resize(spec->mounts, spec->mount_count + 1, sizeof(*spec->mounts));
	struct spec_mount *m = &spec->mounts[spec->mount_count++];
	*m = (struct spec_mount){ 0 };
	return m;
}

struct spec_device *spec_add_device(struct spec *spec)
{
	spec->devices = mem_resize(spec->devices, spec->device_count + 1, sizeof(*spec->devices));
	struct spec_device *d = &spec->devices[spec->device_count++];
	*d = (struct spec_device){ 0 };
	return d;
}
