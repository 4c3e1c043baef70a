/* cmd_unshare.c - unshare: a command in the user's namespace */
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/unshare.h"

#include <stdlib.h>

struct unshare_values {
	bool rootless_netns;
};

static int run_unshare(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	char *shell = getenv("SHELL");
	char *alone[] = { shell && *shell ? shell : (char *)(uintptr_t)"/bin/sh", NULL };
	(void)values;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0)
		return -1;
	return unshare_exec(engine, words[0] ? words : alone, err);
}

static const struct flag unshare_rows[] = {
	{ "rootless-netns", 0, FLAG_BOOL, FLAG_AT(struct unshare_values, rootless_netns), .bits = FLAG_NOT_YET, .aliases = "rootless-cni",
	  .instead = "each container has a network namespace of its own: run the command in one, with exec",
	  .help = "Join the network namespace of rootless networks" },
};
static const struct flag_group unshare_groups[] = { { unshare_rows, ARRAY_LEN(unshare_rows), 0 }, { 0 } };
const struct verb cmd_unshare_verb = {
	.about = "Runs a command, or $SHELL, as root of the user's namespace: the files of containers and volumes have there the owners that containers see.",
	.groups = unshare_groups, .values_size = sizeof(struct unshare_values), .stop_at_first = true, .run = run_unshare,
};
