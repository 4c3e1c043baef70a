/* cmd_volume_mount.c - volume mount, unmount, reload */
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/mount_place.h"
#include "engine/volume_mount.h"

#include <stdio.h>

static int run_mount(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_free char *path = NULL;
	(void)values;
	if (mount_place_check_user(cli->path, err) < 0 || session_open(cli, ENGINE_WRITE, &engine, err) < 0 ||
	    volume_mount(engine, words[0], &path, err) < 0)
		return -1;
	printf("%s\n", path);
	return 0;
}

static int run_unmount(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_free char *name = NULL;
	(void)values;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || volume_unmount(engine, words[0], &name, err) < 0)
		return -1;
	printf("%s\n", name);
	return 0;
}

/* COMPAT: volumes that only a plugin knows would be added here; there are no plugins, and Podman is as silent without them. */
static int run_reload(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	(void)values, (void)words;
	return session_open(cli, ENGINE_READ, &engine, err);
}

static const struct flag_group no_groups[] = { { 0 } };
const struct verb cmd_volume_mount_verb = {
	.about = "Prints where the files of a volume are on the host, and mounts those of a tmpfs there.\n\n"
		 "An ordinary user mounts inside unshare, and until that ends.",
	.groups = no_groups, .args = VERB_EXACT, .arg_count = 1, .run = run_mount,
};
const struct verb cmd_volume_unmount_verb = {
	.about = "Unmounts a volume that was mounted with volume mount.",
	.groups = no_groups, .args = VERB_EXACT, .arg_count = 1, .run = run_unmount,
};
const struct verb cmd_volume_reload_verb = {
	.about = "Looks for volumes of plugins. There are no plugins, so nothing changes.",
	.groups = no_groups, .args = VERB_NONE, .run = run_reload,
};
