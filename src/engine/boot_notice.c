#include "engine/boot_notice.h"

#include "base/file.h"
#include "base/log.h"
#include "storage/store.h"

#include <fcntl.h>
#include <unistd.h>

#define UNIT "default.target.wants/cpod-restart.service"
#define TOLD "cache/boot-told"

static bool is_there(const char *path)
{
	return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool is_enabled(const struct engine *engine)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (!engine->rootless)
		return is_there("/etc/systemd/system/" UNIT);
	auto_free char *own = config && *config ? mem_printf("%s/systemd/user/" UNIT, config) : mem_printf("%s/.config/systemd/user/" UNIT, home ? home : "");
	return is_there(own) || is_there("/etc/systemd/user/" UNIT);
}

static const char *way(const struct engine *engine)
{
	if (!is_there("/run/systemd/system"))
		return "have `cpod system start-all` run at boot";
	return engine->rootless ? "systemctl --user enable cpod-restart; loginctl enable-linger" : "systemctl enable cpod-restart";
}

void boot_notice(struct engine *engine, const struct ctr_def *def)
{
	bool wanted = str_eq(def->restart_policy, "always") || str_eq(def->restart_policy, "unless-stopped");
	int graph_fd = store_graph_fd(engine->store);
	if (!wanted || is_enabled(engine) || faccessat(graph_fd, TOLD, F_OK, 0) == 0)
		return;
	/* said once only, also by two at once; where that cannot be kept it is not said: it would be every time */
	file_mkdir(graph_fd, "cache", 0700);
	if (file_create(graph_fd, TOLD, 0600, "", 0, 0) >= 0)
		log_warn("no container starts again by itself after a boot of this host until that is set up, once: %s (docs/boot.md)", way(engine));
}
