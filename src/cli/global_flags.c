/* global_flags.c - the flags of the program itself: before the command, or anywhere. */
#include "base/num.h"
#include "cli/command.h"

#define LATER(way_out) .bits = FLAG_NOT_YET, .instead = (way_out)
#define LATER_HIDDEN(way_out) .bits = FLAG_NOT_YET | FLAG_HIDDEN, .instead = (way_out)
#define REMOTE "there is no remote mode; run the command on the host itself"
#define ONE_RUNTIME "containers are run by this program itself"

/* One value is what is so; others ask for something else. */
static int set_only(const struct flag *flag, void *base, const char *value, struct err *err)
{
	static const struct {
		const char *flag, *value, *why;
	} rows[] = {
		{ "cgroup-manager", "cgroupfs", "cgroups are made in the file system, where systemd delegates them" },
		{ "db-backend", "sqlite", "there is no database" },
		{ "namespace", "", "namespaces of the store are not supported, use another --root" },
		{ "network-backend", "netavark", "networks are made by this program itself, with its names" },
		{ "storage-driver", "overlay", "overlay is the only driver" },
	};
	(void)base;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].flag, flag->name) == 0 && strcmp(rows[i].value, value) != 0)
			return err_set(err, ERR_UNSUPPORTED, "--%s=%s is not done: %s", flag->name, value, rows[i].why);
	return 0;
}

/* --max-workers: as many work as there are layers and processors; COMPAT: the number is looked at. */
static int set_workers(const struct flag *flag, void *base, const char *value, struct err *err)
{
	int64_t number;
	(void)base;
	if (num_i64(value, INT32_MIN, INT32_MAX, &number) < 0)
		return err_set(err, ERR_USAGE, "invalid argument \"%s\" for \"--%s\" flag", value, flag->name);
	return number > 0 ? 0 : err_set(err, ERR_USAGE, "maximum workers must be set to a positive number (got %s)", value);
}

static const struct flag global_rows[] = {
	{ "cdi-spec-dir", 0, FLAG_ARRAY, FLAG_AT(struct cli_globals, cdi_dirs), .def = "[/etc/cdi,/var/run/cdi]", .help = "Directory with descriptions of CDI devices" },
	{ "cgroup-manager", 0, FLAG_STRING, .set = set_only, .def = "cgroupfs", .help = "How cgroups are made (\"cgroupfs\"|\"systemd\")" },
	{ "conmon", 0, FLAG_STRING, .bits = FLAG_NO_EFFECT, .help = "Path of the conmon binary; the monitor is a part of this program" },
	{ "cpu-profile", 0, FLAG_STRING, LATER_HIDDEN("use perf"), .help = "Write a CPU profile" },
	{ "db-backend", 0, FLAG_STRING, .set = set_only, .bits = FLAG_HIDDEN, .help = "Database to use" },
	{ "default-mounts-file", 0, FLAG_STRING, LATER_HIDDEN("name the mounts with --volume"), .help = "File of mounts for every container" },
	{ "events-backend", 0, FLAG_STRING, FLAG_AT(struct cli_globals, events_backend), .def = "file", .help = "Where events go (\"file\"|\"journald\"|\"none\")" },
	{ "hooks-dir", 0, FLAG_ARRAY, LATER("OCI hooks are not run"), .def = "[/usr/share/containers/oci/hooks.d]", .help = "Directory with OCI hooks" },
	{ "imagestore", 0, FLAG_STRING, LATER("images lie under --root; others' are read with --storage-opt additionalimagestore=DIRECTORY"), .help = "Directory for images, apart from the one for containers" },
	{ "log-level", 0, FLAG_STRING, FLAG_AT(struct cli_globals, log_level), .def = "warn", .help = "Print messages of this level and above (trace, debug, info, warn, warning, error, fatal, panic)" },
	{ "max-workers", 0, FLAG_INT, .set = set_workers, .bits = FLAG_HIDDEN, .help = "Largest number of parallel jobs" },
	{ "memory-profile", 0, FLAG_STRING, LATER_HIDDEN("use perf"), .help = "Write a memory profile" },
	{ "namespace", 0, FLAG_STRING, .set = set_only, .bits = FLAG_HIDDEN, .help = "Namespace of the store" },
	{ "network-backend", 0, FLAG_STRING, .set = set_only, .bits = FLAG_HIDDEN, .help = "Network backend to use" },
	{ "network-cmd-path", 0, FLAG_STRING, .bits = FLAG_NO_EFFECT, .help = "Path of slirp4netns, which is not used" },
	{ "network-config-dir", 0, FLAG_STRING, LATER("only the default network is done"), .aliases = "cni-config-dir", .help = "Directory with the networks' configuration" },
	{ "pull-option", 0, FLAG_ARRAY, LATER_HIDDEN("leave it out"), .help = "Options of pulls" },
	{ "registries-conf", 0, FLAG_STRING, FLAG_AT(struct cli_globals, registries_conf), .bits = FLAG_HIDDEN, .help = "Path of registries.conf" },
	{ "root", 0, FLAG_STRING, FLAG_AT(struct cli_globals, root), .help = "Directory in which images and containers are kept" },
	{ "runroot", 0, FLAG_STRING, FLAG_AT(struct cli_globals, runroot), .help = "Directory for what describes running containers" },
	{ "runtime", 0, FLAG_STRING, LATER(ONE_RUNTIME), .def = "crun", .help = "OCI runtime to run containers with" },
	{ "runtime-flag", 0, FLAG_ARRAY, LATER(ONE_RUNTIME), .help = "Flags of the OCI runtime" },
	{ "storage-driver", 0, FLAG_STRING, .set = set_only, .help = "How images and containers are stored" },
	{ "storage-opt", 0, FLAG_ARRAY, FLAG_AT(struct cli_globals, storage_opts), .help = "Options of the storage driver: additionalimagestore=DIRECTORY" },
	{ "syslog", 0, FLAG_BOOL, LATER("messages go to standard error"), .def = "false", .help = "Write messages to syslog too" },
	{ "tmpdir", 0, FLAG_STRING, .bits = FLAG_NO_EFFECT, .def = "/run/libpod", .help = "Directory for temporary state of libpod; what this program has is below --runroot" },
	{ "trace", 0, FLAG_BOOL, LATER_HIDDEN("use strace"), .help = "Trace calls" },
	{ "transient-store", 0, FLAG_BOOL, LATER("use --rm, or a --root on a tmpfs"), .help = "Keep containers in a store that is gone after a reboot" },
	{ "volumepath", 0, FLAG_STRING, LATER("volumes lie under --root"), .help = "Directory in which volumes are kept" },
};

static const struct flag root_rows[] = {
	{ "config", 0, FLAG_STRING, FLAG_AT(struct cli_globals, config), .help = "Directory with the file of registry logins" },
	{ "connection", 'c', FLAG_STRING, LATER(REMOTE), .help = "Connection to a remote service (CONTAINER_CONNECTION)" },
	{ "context", 0, FLAG_STRING, LATER_HIDDEN(REMOTE), .help = "Docker's word for --connection" },
	{ "debug", 'D', FLAG_BOOL, FLAG_AT(struct cli_globals, debug), .bits = FLAG_HIDDEN, .help = "Docker's word for --log-level debug" },
	{ "host", 'H', FLAG_STRING, LATER_HIDDEN(REMOTE), .help = "Docker's word for --url" },
	{ "identity", 0, FLAG_STRING, LATER(REMOTE), .help = "SSH key for a remote service (CONTAINER_SSHKEY)" },
	{ "module", 0, FLAG_ARRAY, FLAG_AT(struct cli_globals, modules), .help = "Read this module of containers.conf" },
	{ "noout", 0, FLAG_BOOL, FLAG_AT(struct cli_globals, noout), .bits = FLAG_HIDDEN, .help = "Print nothing" },
	{ "out", 0, FLAG_STRING, FLAG_AT(struct cli_globals, out), .help = "Write the output to a file" },
	{ "remote", 'r', FLAG_BOOL, LATER(REMOTE), .help = "Use a remote service" },
	{ "ssh", 0, FLAG_STRING, LATER(REMOTE), .def = "golang", .help = "SSH implementation to use" },
	{ "tls-ca", 0, FLAG_STRING, LATER(REMOTE), .help = "Certificate authority of a remote service" },
	{ "tls-cert", 0, FLAG_STRING, LATER(REMOTE), .help = "Certificate for a remote service" },
	{ "tls-key", 0, FLAG_STRING, LATER(REMOTE), .help = "Private key for a remote service" },
	{ "url", 0, FLAG_STRING, LATER(REMOTE), .def = "unix:///run/podman/podman.sock", .help = "Address of a remote service (CONTAINER_HOST)" },
	{ "version", 'v', FLAG_BOOL, FLAG_AT(struct cli_globals, version), .help = "Print the version" },
};

const struct flag_group global_flags_anywhere[] = { { global_rows, ARRAY_LEN(global_rows), 0 }, { 0 } };
const struct flag_group global_flags_root[] = { { root_rows, ARRAY_LEN(root_rows), 0 }, { 0 } };
