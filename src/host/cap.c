#include "host/cap.h"

#include "base/fd.h"
#include "base/mem.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <strings.h>
#include <sys/prctl.h>
#include <unistd.h>

static const char *const names[] = {
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
	"CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
	"CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
	"CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
	"CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
	"CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
};

const char *cap_name(int cap)
{
	return cap >= 0 && cap < (int)ARRAY_LEN(names) ? names[cap] : NULL;
}

uint64_t cap_all(void)
{
	static uint64_t all; /* a cache of what cannot change */
	if (!all) {
		char text[16];
		uint64_t last = CAP_LAST_CAP;
		auto_close int fd = open("/proc/sys/kernel/cap_last_cap", O_RDONLY | O_CLOEXEC);
		ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
		if (len > 1) {
			text[len - 1] = 0;
			if (num_u64(text, 62, &last) < 0)
				last = CAP_LAST_CAP;
		}
		all = (2ULL << last) - 1;
	}
	return all;
}

uint64_t cap_default(void)
{
#define BIT(cap) (1ULL << (cap))
	return BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) | BIT(CAP_FSETID) | BIT(CAP_KILL) | BIT(CAP_NET_BIND_SERVICE) |
	       BIT(CAP_SETFCAP) | BIT(CAP_SETGID) | BIT(CAP_SETPCAP) | BIT(CAP_SETUID) | BIT(CAP_SYS_CHROOT);
#undef BIT
}

int cap_parse(const char *name, uint64_t *ret_set)
{
	if (strcasecmp(name, "all") == 0) {
		*ret_set = cap_all();
		return 0;
	}
	const char *bare = strncasecmp(name, "cap_", 4) == 0 ? name + 4 : name;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcasecmp(names[i] + 4, bare) == 0) {
			*ret_set = 1ULL << i;
			return 0;
		}
	}
	return -EINVAL;
}

uint64_t cap_bounding(void)
{
	uint64_t set = 0, all = cap_all();
	for (int cap = 0; cap < 63; cap++)
		if (all & 1ULL << cap && prctl(PR_CAPBSET_READ, cap) == 1)
			set |= 1ULL << cap;
	return set;
}
