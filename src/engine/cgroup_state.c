#include "engine/cgroup_state.h"

#include "base/file.h"
#include "base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

bool cgroup_state_frozen(const char *cgroup)
{
	static const char *const mounts[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };
	for (size_t i = 0; i < ARRAY_LEN(mounts); i++) {
		auto_free char *path = mem_printf("%s%s/cgroup.events", mounts[i], cgroup), *text = NULL;
		size_t len;
		if (file_read(AT_FDCWD, path, 4096, &text, &len) >= 0)
			return strstr(text, "frozen 1") != NULL;
	}
	return false;
}
