/* doctor_net.c - checks of networks, and of the programs and libraries that cpod itself is made of */
#include "engine/doctor_priv.h"

#include "base/dl.h"
#include "base/fd.h"
#include "base/proc.h"
#include "base/str.h"
#include "host/libexec.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void doctor_pasta(const struct doctor_host *host, struct doctor_finding *f)
{
	auto_free char *path = proc_find_helper("pasta");
	if (!path) {
		doctor_broken(f, "apt install passt (Debian, Ubuntu), dnf install passt (Fedora), apk add passt (Alpine)",
			      "pasta is not installed: containers reach nothing, and no port can be published");
		return;
	}
	auto_close int fd = openat(host->root_fd, "dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		doctor_broken(f, errno == ENOENT ? "modprobe tun" : "chmod 666 /dev/net/tun", "pasta cannot open /dev/net/tun: %s", err_reason(errno));
	else
		doctor_fine(f, "by '%s'", path);
}

static int64_t first_port(const struct doctor_host *host)
{
	return doctor_number(host, "proc/sys/net/ipv4/ip_unprivileged_port_start", 1024);
}

int64_t doctor_first_port(void)
{
	auto_close int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const struct doctor_host host = { .root_fd = root_fd };
	return first_port(&host);
}

void doctor_low_ports(const struct doctor_host *host, struct doctor_finding *f)
{
	int64_t first = first_port(host);
	doctor_fine(f, first > 1 ? "users may publish from %lld on (sysctl net.ipv4.ip_unprivileged_port_start)" : "users may publish any", (long long)first);
}

void doctor_nft(const struct doctor_host *host, struct doctor_finding *f)
{
	auto_free char *path = proc_find_helper("nft");
	if (!path)
		doctor_broken(f, "apt install nftables (Debian, Ubuntu), dnf install nftables (Fedora), apk add nftables (Alpine)",
			      "nft is not installed: the bridge network cannot be made");
	else if (!doctor_has(host, "proc/sys/net/ipv4/ip_forward"))
		doctor_broken(f, "use a kernel with IPv4", "this kernel has no IPv4 forwarding");
	else
		doctor_fine(f, "by nftables");
}

void doctor_programs(const struct doctor_host *host, struct doctor_finding *f)
{
	static const char *const names[] = { "cpod-stage", "cpod-monitor", "cpod-init" };
	(void)host;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		auto_close int fd = -EBADF;
		struct err err = { 0 };
		if (libexec_open(names[i], &fd, &err) < 0) {
			doctor_broken(f, "install cpod again, whole: bin and libexec/cpod belong together", "%s", err.text);
			return;
		}
	}
	doctor_fine(f, "all there");
}

/* The program that loads libraries tells by itself what it lacks. */
void doctor_libraries(const struct doctor_host *host, struct doctor_finding *f)
{
	static const struct {
		const char *const sonames[3];
		const char *what, *package;
		bool optional;
	} rows[] = {
		{ { "libcurl.so.4", "libcurl-gnutls.so.4" }, "pull, push, search", "libcurl4" },
		{ { "libcrypto.so.3", "libcrypto.so.1.1" }, "digests", "libssl3" },
		{ { "libz.so.1" }, "gzip", "zlib1g" },
		{ { "libzstd.so.1" }, "zstd", "libzstd1" },
		{ { "libisal.so.2" }, "gzip, twice as fast", "libisal2", true },
	};
	auto_str missing = { 0 };
	const char *fix = NULL;
	bool broken = false;
	(void)host;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		void *handle = NULL;
		struct err err = { 0 };
		if (dl_load(rows[i].sonames, rows[i].package, NULL, 0, &handle, &err) >= 0)
			continue;
		str_addf(&missing, "%s%s (%s)", missing.len ? ", " : "", rows[i].sonames[0], rows[i].what);
		broken = broken || !rows[i].optional;
		fix = fix ? fix : rows[i].package;
	}
	if (!missing.len) {
		doctor_fine(f, "all there");
		return;
	}
	auto_free char *line = mem_printf("apt install %s, or your distribution's package of it", fix);
	if (broken)
		doctor_broken(f, line, "missing: %s", str_text(&missing));
	else
		doctor_hint(f, line, "missing: %s", str_text(&missing));
}
