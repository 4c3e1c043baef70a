/* ctr_flags.c - one row per flag of create and run, in order of their names: see ctr_flags.h */
#include "options/ctr_flags.h"

#include "options/ctr_flags_set.h"

#include <stdlib.h>

#define OPT(member) FLAG_AT(struct ctr_words, opts.member)
#define DEF(member) FLAG_AT(struct ctr_words, opts.def.member)
#define HEALTH(member) FLAG_AT(struct ctr_words, opts.health.member)
#define LATER(way_out) .bits = FLAG_NOT_YET, .instead = (way_out)

static const struct flag common_rows[] = {
	{ "add-host", 0, FLAG_SLICE, DEF(add_host), .set = ctr_flags_set_add_host, .help = "Add a line to the container's /etc/hosts (host:ip)" },
	{ "annotation", 0, FLAG_ARRAY, OPT(annotation), .set = ctr_flags_set_annotation, .help = "Add an OCI annotation (key=value)" },
	{ "arch", 0, FLAG_STRING, OPT(arch), .meta = "ARCH", .aliases = "override-arch", .help = "Choose the image for ARCH rather than for this machine's architecture" },
	{ "attach", 'a', FLAG_SLICE, OPT(attach), .set = ctr_flags_set_attach, .help = "Attach to stdin, stdout or stderr" },
	{ "authfile", 0, FLAG_STRING, OPT(authfile), .help = "Path of the file with registry logins; REGISTRY_AUTH_FILE sets it too" },
	{ "cap-add", 0, FLAG_SLICE, DEF(cap_add), .help = "Add capabilities to the container" },
	{ "cap-drop", 0, FLAG_SLICE, DEF(cap_drop), .help = "Drop capabilities from the container" },
	{ "cert-dir", 0, FLAG_STRING, OPT(cert_dir), .meta = "Pathname", .help = "Directory with TLS certificates and keys for the registry" },
	{ "cgroup-conf", 0, FLAG_SLICE, DEF(cgroup_conf), .set = ctr_flags_set_cgroup_conf, .help = "Write a file of the cgroup (key=value)" },
	{ "cgroup-parent", 0, FLAG_STRING, DEF(cgroup_parent), .help = "Put the container's cgroup below this one" },
	{ "cgroupns", 0, FLAG_STRING, DEF(cgroup_mode), .set = ctr_flags_set_namespace, .help = "Cgroup namespace to use" },
	{ "cgroups", 0, FLAG_STRING, DEF(cgroups), .set = ctr_flags_set_cgroups, .def = "enabled", .help = "Whether the container gets a cgroup (\"enabled\"|\"disabled\"|\"no-conmon\"|\"split\")" },
	{ "chrootdirs", 0, FLAG_ARRAY, DEF(chrootdirs), .help = "Directories that share the container's /etc files" },
	{ "cidfile", 0, FLAG_STRING, OPT(cidfile), .help = "Write the container's ID to the file" },
	{ "conmon-pidfile", 0, FLAG_STRING, DEF(conmon_pidfile), .help = "Write the PID of the container's monitor to the file" },
	{ "creds", 0, FLAG_STRING, OPT(creds), .meta = "credentials", .help = "Login for the registry (USERNAME:PASSWORD)" },
	{ "decryption-key", 0, FLAG_ARRAY, LATER("decrypt the image with another tool before"), .help = "Key to decrypt the image with" },
	{ "device", 0, FLAG_ARRAY, DEF(devices), .set = ctr_flags_set_device, .help = "Add a device of the host to the container" },
	{ "device-cgroup-rule", 0, FLAG_SLICE, DEF(device_cgroup_rules), .set = ctr_flags_set_device_rule, .help = "Add a rule (TYPE MAJOR:MINOR ACCESS) to the list of devices the cgroup allows" },
	{ "disable-content-trust", 0, FLAG_BOOL, .bits = FLAG_NO_EFFECT, .help = "Docker's word, without effect here" },
	{ "dns", 0, FLAG_SLICE, DEF(dns), .set = ctr_flags_set_dns, .help = "Use these DNS servers" },
	{ "dns-option", 0, FLAG_SLICE, DEF(dns_option), .aliases = "dns-opt", .help = "Options of the resolver" },
	{ "dns-search", 0, FLAG_SLICE, DEF(dns_search), .help = "Domains to search names in" },
	{ "entrypoint", 0, FLAG_STRING, OPT(entrypoint), FLAG_GIVEN(struct ctr_words, opts.entrypoint_set), .help = "Run this instead of the image's entrypoint" },
	{ "env-file", 0, FLAG_ARRAY, OPT(env_file), .help = "Read environment variables from a file" },
	{ "env-host", 0, FLAG_BOOL, OPT(env_host), .help = "Pass the whole environment of the caller" },
	{ "env-merge", 0, FLAG_ARRAY, OPT(env_merge), .help = "Set variables from those of the image (name=${name}-more)" },
	{ "expose", 0, FLAG_SLICE, DEF(expose), .set = ctr_flags_set_expose, .help = "Expose a port or a range of ports" },
	{ "gidmap", 0, FLAG_SLICE, OPT(gidmap), .help = "Groups of the user namespace" },
	{ "gpus", 0, FLAG_SLICE, DEF(cdi_devices), .set = ctr_flags_set_gpus, .help = "GPUs to add to the container (all|none|ids)" },
	{ "group-add", 0, FLAG_SLICE, DEF(group_add), .help = "Add supplementary groups to the container's process" },
	{ "group-entry", 0, FLAG_STRING, DEF(group_entry), .help = "Entry to write to /etc/group" },
	{ "hostname", 'h', FLAG_STRING, DEF(hostname), .help = "Hostname inside the container" },
	{ "hosts-file", 0, FLAG_STRING, DEF(hosts_file), .help = "File to make the container's /etc/hosts from" },
	{ "hostuser", 0, FLAG_SLICE, DEF(host_users), .help = "Users of the host to add to the container's /etc/passwd" },
	{ "http-proxy", 0, FLAG_BOOL, FLAG_AT(struct ctr_words, http_proxy), .def = "true", .help = "Pass the caller's proxy variables into the container" },
	{ "image-volume", 0, FLAG_STRING, DEF(image_volumes), .set = ctr_flags_set_image_volume, .def = "anonymous", .help = "What the image's volumes become (\"anonymous\"|\"tmpfs\"|\"ignore\")" },
	{ "init", 0, FLAG_BOOL, DEF(init), .help = "Run an init that forwards signals and reaps processes" },
	{ "init-path", 0, FLAG_STRING, DEF(init_path), .help = "The init to run" },
	{ "interactive", 'i', FLAG_BOOL, DEF(interactive), .help = "Keep stdin open even when not attached" },
	{ "ip", 0, FLAG_STRING, DEF(ip), .set = ctr_flags_set_ip, .help = "IPv4 address of the container" },
	{ "ip6", 0, FLAG_STRING, DEF(ip6), .set = ctr_flags_set_ip, .help = "IPv6 address of the container" },
	{ "ipc", 0, FLAG_STRING, DEF(ipc_mode), .set = ctr_flags_set_namespace, .help = "IPC namespace to use" },
	{ "kernel-memory", 0, FLAG_STRING, .set = ctr_flags_set_dropped, .bits = FLAG_HIDDEN, .meta = "<number>[<unit>]", .help = "Limit of kernel memory" },
	{ "label", 'l', FLAG_ARRAY, DEF(labels), .set = ctr_flags_set_label, .help = "Set labels of the container (key=value)" },
	{ "label-file", 0, FLAG_ARRAY, OPT(label_file), .help = "Read labels from a file, one a line" },
	{ "log-driver", 0, FLAG_STRING, DEF(log_driver), .def = "k8s-file", .help = "Where the container's output is kept" },
	{ "log-opt", 0, FLAG_ARRAY, DEF(log_opts), .set = ctr_flags_set_log_opt, .help = "Options of the log driver (path=FILE, max-size=SIZE, max-file=NUMBER)" },
	{ "mac-address", 0, FLAG_STRING, DEF(mac_address), .set = ctr_flags_set_mac, .help = "MAC address of the container (92:d0:c6:0a:29:33)" },
	{ "mount", 0, FLAG_ARRAY, DEF(mounts), .set = ctr_flags_set_mount, .help = "Mount something into the container" },
	{ "name", 0, FLAG_STRING, DEF(name), .help = "Name of the container" },
	{ "network", 0, FLAG_ARRAY, DEF(net_mode), .set = ctr_flags_set_network, .aliases = "net", .help = "Network of the container" },
	{ "network-alias", 0, FLAG_SLICE, DEF(network_aliases), .help = "More names of the container on its networks" },
	{ "no-hostname", 0, FLAG_BOOL, DEF(no_hostname), .help = "Leave /etc/hostname as the image has it" },
	{ "no-hosts", 0, FLAG_BOOL, DEF(no_hosts), .help = "Leave /etc/hosts as the image has it" },
	{ "oom-kill-disable", 0, FLAG_BOOL, DEF(oom_kill_disable), .help = "Do not kill processes when memory runs out" },
	{ "oom-score-adj", 0, FLAG_INT, DEF(oom_score_adj), FLAG_GIVEN(struct ctr_words, opts.def.oom_score_adj_set), .help = "How readily the kernel kills the container when memory runs out (-1000 to 1000)" },
	{ "os", 0, FLAG_STRING, OPT(os), .meta = "OS", .aliases = "override-os", .help = "Choose the image for OS rather than for this machine's" },
	{ "passwd-entry", 0, FLAG_STRING, DEF(passwd_entry), .help = "Entry to write to /etc/passwd" },
	{ "personality", 0, FLAG_STRING, DEF(personality), .help = "Execution domain of the container's process" },
	{ "pid", 0, FLAG_STRING, DEF(pid_mode), .set = ctr_flags_set_namespace, .help = "PID namespace to use" },
	{ "pidfile", 0, FLAG_STRING, DEF(pidfile), .help = "Write the PID of the container's process to the file" },
	{ "platform", 0, FLAG_STRING, OPT(platform), .set = ctr_flags_set_platform, .help = "Choose the image for this platform (OS[/ARCH[/VARIANT]])" },
	{ "pod", 0, FLAG_STRING, LATER("pods are not done; join another container's namespaces with --network container:NAME"), .help = "Run the container in a pod" },
	{ "pod-id-file", 0, FLAG_STRING, LATER("pods are not done; join another container's namespaces with --network container:NAME"), .help = "Read the pod's ID from the file" },
	{ "privileged", 0, FLAG_BOOL, DEF(privileged), .help = "Give the container extended privileges" },
	{ "publish", 'p', FLAG_SLICE, DEF(ports), .set = ctr_flags_set_publish, .help = "Publish a port, or a range of ports, on the host" },
	{ "publish-all", 'P', FLAG_BOOL, DEF(publish_all), .help = "Publish every exposed port on a free port of the host" },
	{ "pull", 0, FLAG_STRING, OPT(pull), .set = ctr_flags_set_pull, .def = "missing", .help = "When to pull the image (\"always\"|\"missing\"|\"never\"|\"newer\")" },
	{ "quiet", 'q', FLAG_BOOL, OPT(quiet), .help = "Print nothing while the image is pulled" },
	{ "rdt-class", 0, FLAG_STRING, DEF(rdt_class), .help = "Class of resource control (RDT)" },
	{ "read-only", 0, FLAG_BOOL, DEF(read_only), .help = "Mount the root file system read-only" },
	{ "read-only-tmpfs", 0, FLAG_BOOL, DEF(read_only_tmpfs), .def = "true", .help = "With --read-only, keep /dev, /dev/shm, /run, /tmp and /var/tmp writable" },
	{ "replace", 0, FLAG_BOOL, OPT(replace), .help = "Replace the container of this name, if there is one" },
	{ "requires", 0, FLAG_SLICE, DEF(requires), .help = "Containers to start before this one" },
	{ "retry", 0, FLAG_UINT, OPT(retry), .def = "3", .help = "How often a failed pull is tried again" },
	{ "retry-delay", 0, FLAG_STRING, OPT(retry_delay_ms), .set = ctr_flags_set_retry_delay, .help = "Time between tries of a pull" },
	{ "rm", 0, FLAG_BOOL, DEF(remove), .help = "Remove the container, and its anonymous volumes, when it ends" },
	{ "rootfs", 0, FLAG_BOOL, OPT(is_rootfs), .help = "The first word is a directory with the root file system, not an image" },
	{ "sdnotify", 0, FLAG_STRING, DEF(sdnotify), .set = ctr_flags_set_sdnotify, .def = "container", .help = "Who tells the service manager that the service is ready (\"container\"|\"conmon\"|\"healthy\"|\"ignore\")" },
	{ "seccomp-policy", 0, FLAG_STRING, OPT(seccomp_policy), .set = ctr_flags_set_seccomp_policy, .def = "default", .help = "Where the seccomp profile comes from" },
	{ "secret", 0, FLAG_ARRAY, DEF(secrets), .set = ctr_flags_set_secret, .help = "Secret the container may read (NAME[,type=mount|env][,target=][,uid=][,gid=][,mode=])" },
	{ "security-opt", 0, FLAG_ARRAY, DEF(security_opt), .help = "Options of confinement" },
	{ "shm-size", 0, FLAG_STRING, DEF(shm_size_bytes), FLAG_GIVEN(struct ctr_words, opts.def.shm_size_set), .set = ctr_flags_set_shm_size, .meta = "<number>[<unit>]", .def = "65536k", .help = "Size of /dev/shm (units: b, k, m, g)" },
	{ "shm-size-systemd", 0, FLAG_STRING, DEF(systemd_shm_bytes), .set = ctr_flags_set_shm_size, .meta = "<number>[<unit>]", .help = "Size of the tmpfs mounts a systemd inside gets (units: b, k, m, g)" },
	{ "signature-policy", 0, FLAG_STRING, OPT(signature_policy), .bits = FLAG_HIDDEN, .help = "Path of the policy instead of policy.json" },
	{ "stop-signal", 0, FLAG_STRING, DEF(stop_signal), .help = "Signal that stops the container" },
	{ "stop-timeout", 0, FLAG_UINT, DEF(stop_timeout_s), FLAG_GIVEN(struct ctr_words, opts.def.stop_timeout_set), .set = ctr_flags_set_stop_timeout, .def = "10", .help = "Seconds a stop waits before it kills" },
	{ "subgidname", 0, FLAG_STRING, OPT(subgidname), .help = "Name of the range in /etc/subgid to use" },
	{ "subuidname", 0, FLAG_STRING, OPT(subuidname), .help = "Name of the range in /etc/subuid to use" },
	{ "sysctl", 0, FLAG_SLICE, DEF(sysctl), .set = ctr_flags_set_sysctl, .help = "Kernel parameters of the container's namespaces" },
	{ "systemd", 0, FLAG_STRING, DEF(systemd), .set = ctr_flags_set_systemd, .def = "true", .help = "Prepare the container for a systemd inside (\"true\"|\"false\"|\"always\")" },
	{ "timeout", 0, FLAG_UINT, DEF(timeout_s), .help = "Seconds after which the container is killed; 0 is never" },
	{ "tls-verify", 0, FLAG_BOOL, OPT(tls_verify), FLAG_GIVEN(struct ctr_words, opts.tls_verify_set), .help = "Require HTTPS and a valid certificate of the registry" },
	{ "tmpfs", 0, FLAG_ARRAY, DEF(mounts), .set = ctr_flags_set_tmpfs, .meta = "tmpfs", .help = "Mount an empty tmpfs into the container" },
	{ "tty", 't', FLAG_BOOL, DEF(tty), .help = "Give the container a pseudo terminal" },
	{ "tz", 0, FLAG_STRING, DEF(timezone), .help = "Time zone of the container (\"Area/City\"|\"local\")" },
	{ "uidmap", 0, FLAG_SLICE, OPT(uidmap), .help = "Users of the user namespace" },
	{ "umask", 0, FLAG_STRING, DEF(umask), .set = ctr_flags_set_umask, .def = "0022", .help = "Umask of the container's process" },
	{ "unsetenv-all", 0, FLAG_BOOL, OPT(unsetenv_all), .help = "Unset every environment variable of the image" },
	{ "user", 'u', FLAG_STRING, DEF(user), .help = "User and group of the container's process (<name|uid>[:<group|gid>])" },
	{ "userns", 0, FLAG_STRING, DEF(user_mode), .set = ctr_flags_set_namespace, .help = "User namespace to use" },
	{ "uts", 0, FLAG_STRING, DEF(uts_mode), .set = ctr_flags_set_namespace, .help = "UTS namespace to use" },
	{ "variant", 0, FLAG_STRING, OPT(variant), .meta = "VARIANT", .aliases = "override-variant", .help = "Choose the image for VARIANT of the architecture" },
	{ "volume", 'v', FLAG_ARRAY, DEF(mounts), .set = ctr_flags_set_volume, .help = "Mount a directory of the host, or a volume, into the container" },
	{ "volumes-from", 0, FLAG_ARRAY, DEF(volumes_from), .help = "Mount the volumes of another container" },
	{ "workdir", 'w', FLAG_STRING, DEF(workdir), .help = "Directory the container's process starts in" },
};

/* What update and clone may change as well. */
static const struct flag limit_rows[] = {
	{ "blkio-weight", 0, FLAG_STRING, DEF(blkio_weight), .set = ctr_flags_set_blkio_weight, .help = "Relative weight of block I/O, 10 to 1000" },
	{ "blkio-weight-device", 0, FLAG_ARRAY, DEF(io_limits), .set = ctr_flags_set_io_limit, .meta = "DEVICE_NAME:WEIGHT", .help = "Relative weight of block I/O on one device" },
	{ "cpu-period", 0, FLAG_UINT, DEF(cpu_period_us), .help = "Period of the CPU bandwidth limit, in microseconds" },
	{ "cpu-quota", 0, FLAG_INT, DEF(cpu_quota_us), .help = "CPU time allowed in a period, in microseconds" },
	{ "cpu-rt-period", 0, FLAG_UINT, .set = ctr_flags_set_dropped, .help = "Period of the real-time CPU limit, in microseconds" },
	{ "cpu-rt-runtime", 0, FLAG_INT, .set = ctr_flags_set_dropped, .help = "Real-time CPU time allowed in a period, in microseconds" },
	{ "cpu-shares", 'c', FLAG_UINT, DEF(cpu_shares), .help = "CPU shares (relative weight)" },
	{ "cpus", 0, FLAG_FLOAT, OPT(cpus), .help = "Number of CPUs the container may use; 0 is no limit" },
	{ "cpuset-cpus", 0, FLAG_STRING, DEF(cpuset_cpus), .help = "CPUs the container may run on (0-3, 0,1)" },
	{ "cpuset-mems", 0, FLAG_STRING, DEF(cpuset_mems), .help = "Memory nodes the container may use (0-3, 0,1)" },
	{ "device-read-bps", 0, FLAG_ARRAY, DEF(io_limits), .set = ctr_flags_set_io_limit, .help = "Limit reading from a device, in bytes a second (/dev/sda:1mb)" },
	{ "device-write-bps", 0, FLAG_ARRAY, DEF(io_limits), .set = ctr_flags_set_io_limit, .help = "Limit writing to a device, in bytes a second (/dev/sda:1mb)" },
	{ "memory", 'm', FLAG_STRING, DEF(memory_bytes), .set = ctr_flags_set_memory, .meta = "<number>[<unit>]", .help = "Limit of memory (units: b, k, m, g)" },
	{ "memory-reservation", 0, FLAG_STRING, DEF(memory_reservation_bytes), .set = ctr_flags_set_memory, .meta = "<number>[<unit>]", .help = "Soft limit of memory (units: b, k, m, g)" },
	{ "memory-swap", 0, FLAG_STRING, DEF(memory_swap_bytes), .set = ctr_flags_set_memory_swap, .help = "Limit of memory and swap together; -1 for no limit" },
	{ "memory-swappiness", 0, FLAG_INT, DEF(memory_swappiness), .def = "-1", .help = "How readily memory is swapped, 0 to 100" },
};

/* What update may change as well. */
static const struct flag changeable_rows[] = {
	{ "device-read-iops", 0, FLAG_ARRAY, DEF(io_limits), .set = ctr_flags_set_io_limit, .help = "Limit reading from a device, in operations a second (/dev/sda:1000)" },
	{ "device-write-iops", 0, FLAG_ARRAY, DEF(io_limits), .set = ctr_flags_set_io_limit, .help = "Limit writing to a device, in operations a second (/dev/sda:1000)" },
	{ "env", 'e', FLAG_ARRAY, DEF(env), .set = ctr_flags_set_env, .def = "[PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin]", .help = "Set environment variables of the container" },
	{ "health-cmd", 0, FLAG_STRING, HEALTH(cmd), .aliases = "healthcheck-command", .help = "Command that tells whether the container is healthy (\"none\" for none)" },
	{ "health-interval", 0, FLAG_STRING, HEALTH(interval), .def = "30s", .aliases = "healthcheck-interval", .help = "Time between health checks (\"disable\" for no timer)" },
	{ "health-log-destination", 0, FLAG_STRING, HEALTH(log_destination), .def = "local", .help = "Where the health log goes (local|directory|events_logger)" },
	{ "health-max-log-count", 0, FLAG_UINT, DEF(health_max_log_count), FLAG_GIVEN(struct ctr_words, opts.def.health_max_log_count_set), .def = "5", .help = "Number of entries of the health log (0 for all)" },
	{ "health-max-log-size", 0, FLAG_UINT, DEF(health_max_log_size), FLAG_GIVEN(struct ctr_words, opts.def.health_max_log_size_set), .def = "500", .help = "Characters kept of an entry of the health log (0 for all)" },
	{ "health-on-failure", 0, FLAG_STRING, HEALTH(on_failure), .def = "none", .help = "What to do with an unhealthy container" },
	{ "health-retries", 0, FLAG_UINT, HEALTH(retries), FLAG_GIVEN(struct ctr_words, opts.health.retries_set), .def = "3", .aliases = "healthcheck-retries", .help = "Failures in a row that make the container unhealthy" },
	{ "health-start-period", 0, FLAG_STRING, HEALTH(start_period), .def = "0s", .aliases = "healthcheck-start-period", .help = "Time the container may need before failures count" },
	{ "health-startup-cmd", 0, FLAG_STRING, HEALTH(startup_cmd), .help = "Command that tells whether the container has started" },
	{ "health-startup-interval", 0, FLAG_STRING, HEALTH(startup_interval), .def = "30s", .help = "Time between startup checks" },
	{ "health-startup-retries", 0, FLAG_UINT, HEALTH(startup_retries), .help = "Failed startup checks before the container is restarted" },
	{ "health-startup-success", 0, FLAG_UINT, HEALTH(startup_success), .help = "Successful startup checks that end the startup" },
	{ "health-startup-timeout", 0, FLAG_STRING, HEALTH(startup_timeout), .def = "30s", .help = "Time a startup check may take" },
	{ "health-timeout", 0, FLAG_STRING, HEALTH(timeout), .def = "30s", .aliases = "healthcheck-timeout", .help = "Time a health check may take" },
	{ "no-healthcheck", 0, FLAG_BOOL, HEALTH(none), .help = "Run no health checks, whatever the image says" },
	{ "pids-limit", 0, FLAG_INT, DEF(pids_limit), FLAG_GIVEN(struct ctr_words, opts.def.pids_limit_set), .def = "2048", .help = "Largest number of processes (-1 for no limit)" },
	{ "restart", 0, FLAG_STRING, DEF(restart_policy), .set = ctr_flags_set_restart, .help = "When to restart the container (\"no\"|\"always\"|\"on-failure\"|\"unless-stopped\")" },
	{ "ulimit", 0, FLAG_SLICE, DEF(ulimits), .set = ctr_flags_set_ulimit, .help = "Limits of the container's processes (name=soft[:hard])" },
	{ "unsetenv", 0, FLAG_ARRAY, OPT(unsetenv), .help = "Unset environment variables of the image" },
};

static const struct flag create_rows[] = {
	{ "init-ctr", 0, FLAG_STRING, LATER("pods are not done"), .help = "Make it an init container of its pod" },
};

static const struct flag run_rows[] = {
	{ "detach", 'd', FLAG_BOOL, OPT(detach), .help = "Run the container in the background and print its ID" },
	{ "detach-keys", 0, FLAG_STRING, DEF(detach_keys), .meta = "[a-Z]", .def = "ctrl-p,ctrl-q", .help = "Keys that detach from the container: one character, or ctrl-<value> joined by commas" },
	{ "passwd", 0, FLAG_BOOL, DEF(passwd), .def = "true", .help = "Add the user and group to the container's /etc/passwd and /etc/group" },
	{ "preserve-fd", 0, FLAG_UINTS, OPT(preserve_fd), .help = "File descriptors to pass to the container" },
	{ "preserve-fds", 0, FLAG_UINT, OPT(preserve_fds), .help = "Number of file descriptors, from 3 on, to pass to the container" },
	{ "rmi", 0, FLAG_BOOL, OPT(rmi), .help = "Remove the image too, unless another container uses it" },
	{ "sig-proxy", 0, FLAG_BOOL, OPT(sig_proxy), .def = "true", .help = "Pass signals on to the container's process" },
};

static const struct flag update_rows[] = {
	{ "latest", 'l', FLAG_BOOL, FLAG_AT(struct ctr_words, latest), .help = "Take the container made last" },
};

static const char *const formats[] = { "text", "json", NULL };
static const struct flag explain_rows[] = {
	{ "format", 0, FLAG_CHOICE, FLAG_AT(struct ctr_words, format), .choices = formats, .def = "text", .help = "Print as text or as JSON (\"text\"|\"json\")" },
};

static const struct flag clone_rows[] = {
	{ "destroy", 0, FLAG_BOOL, FLAG_AT(struct ctr_words, destroy), .help = "Remove the container that was copied" },
	{ "force", 'f', FLAG_BOOL, FLAG_AT(struct ctr_words, force), .help = "Remove it though it runs" },
	{ "name", 0, FLAG_STRING, DEF(name), .help = "Name of the copy" },
	{ "pod", 0, FLAG_STRING, LATER("pods are not done"), .help = "Put the copy into a pod" },
	{ "run", 0, FLAG_BOOL, FLAG_AT(struct ctr_words, start), .help = "Start the copy" },
};

const struct flag_group ctr_create_groups[] = {
	{ common_rows, ARRAY_LEN(common_rows), 0 }, { limit_rows, ARRAY_LEN(limit_rows), 0 }, { changeable_rows, ARRAY_LEN(changeable_rows), 0 },
	{ create_rows, ARRAY_LEN(create_rows), 0 }, { 0 },
};
const struct flag_group ctr_run_groups[] = {
	{ common_rows, ARRAY_LEN(common_rows), 0 }, { limit_rows, ARRAY_LEN(limit_rows), 0 }, { changeable_rows, ARRAY_LEN(changeable_rows), 0 },
	{ run_rows, ARRAY_LEN(run_rows), 0 }, { 0 },
};

/* Those of run, and its own. */
const struct flag_group ctr_explain_groups[] = {
	{ common_rows, ARRAY_LEN(common_rows), 0 }, { limit_rows, ARRAY_LEN(limit_rows), 0 }, { changeable_rows, ARRAY_LEN(changeable_rows), 0 },
	{ run_rows, ARRAY_LEN(run_rows), 0 }, { explain_rows, ARRAY_LEN(explain_rows), 0 }, { 0 },
};

const struct flag_group ctr_update_groups[] = {
	{ limit_rows, ARRAY_LEN(limit_rows), 0 }, { changeable_rows, ARRAY_LEN(changeable_rows), 0 },
	{ update_rows, ARRAY_LEN(update_rows), 0 }, { 0 },
};

const struct flag_group ctr_clone_groups[] = {
	{ limit_rows, ARRAY_LEN(limit_rows), 0 }, { clone_rows, ARRAY_LEN(clone_rows), 0 }, { 0 },
};

void ctr_words_make_room(struct ctr_words *words, const struct flag_words *typed)
{
	struct ctr_def *def = &words->opts.def;
	if (flag_was_given(typed, "memory") && !flag_was_given(typed, "memory-swap"))
		def->memory_swap_bytes = 0;
	if (flag_was_given(typed, "cpus"))
		def->cpu_quota_us = 0, def->cpu_period_us = 0;
}

void ctr_words_init(void *words)
{
	struct ctr_words *w = words;
	*w = (struct ctr_words){ .http_proxy = true };
	ctr_opts_init(&w->opts);
}

void ctr_words_done(void *words)
{
	struct ctr_words *w = words;
	ctr_opts_done(&w->opts);
	free(w->format);
}

static int check_conflicts(const struct ctr_opts *o, struct err *err)
{
	const struct ctr_def *d = &o->def;
	const struct {
		bool both;
		const char *a, *b;
	} pairs[] = {
		{ d->no_hosts && d->add_host, "--no-hosts", "--add-host" },
		{ d->cpu_quota_us && o->cpus > 0, "--cpu-quota", "--cpus" },
		{ d->cpu_period_us && o->cpus > 0, "--cpu-period", "--cpus" },
	};
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (pairs[i].both)
			return err_set(err, ERR_USAGE, "%s and %s cannot be set together", pairs[i].a, pairs[i].b);
	if (o->attach && d->log_driver && str_starts(d->log_driver, "passthrough"))
		return err_set(err, ERR_USAGE, "cannot specify --attach with --log-driver=%s: invalid argument", d->log_driver);
	if (d->remove && d->restart_policy && *d->restart_policy && strcmp(d->restart_policy, "no") != 0)
		return err_set(err, ERR_USAGE,
			       "the --rm option conflicts with --restart, when the restartPolicy is not \"\" and \"no\"");
	return 0;
}

/* They go in front: what --env says counts more. */
static void pass_proxies(struct ctr_opts *opts)
{
	struct ctr_def *def = &opts->def;
	static const char *const names[] = { "http_proxy", "https_proxy", "ftp_proxy", "no_proxy",
					     "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY" };
	char **env = NULL;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!getenv(names[i]))
			continue;
		strv_add(&env, names[i]);
		origins_note(opts->origins, "env", names[i], ORIGIN_HOST, "the caller's environment, by --http-proxy");
	}
	strv_extend(&env, def->env);
	strv_free(def->env);
	def->env = env;
}

static void take_word(char **field, const struct conf_containers *conf, const char *key)
{
	const char *word = conf_containers_word(conf, key, NULL);
	*field = word ? mem_strdup(word) : NULL;
}

void ctr_words_configure(struct ctr_words *words, const struct conf_containers *conf)
{
	const struct conf_value *env = conf_containers_find(conf, "containers.env");
	const struct conf_value *caps = conf_containers_find(conf, "containers.default_capabilities");
	words->opts.env_default = env ? strv_dup(env->words) : NULL;
	words->opts.def.cap_default = caps ? strv_dup(caps->words) : NULL;
	words->opts.name_as_hostname = strcmp(conf_containers_word(conf, "containers.container_name_as_hostname", "false"), "true") == 0;
	words->opts.def.keep_keys = strcmp(conf_containers_word(conf, "containers.keyring", "true"), "true") != 0;
	const struct conf_value *pasta = conf_containers_find(conf, "network.pasta_options");
	words->opts.pasta_options = pasta ? strv_dup(pasta->words) : NULL;
	take_word(&words->opts.def.host_internal_ip, conf, "containers.host_containers_internal_ip");
	take_word(&words->opts.log_dir, conf, "containers.log_path");
	take_word(&words->opts.rootless_network, conf, "network.default_rootless_network_cmd");
}

int ctr_words_finish(struct ctr_words *words, char *const *rest, struct err *err)
{
	struct ctr_opts *o = &words->opts;
	if (check_conflicts(o, err) < 0)
		return -1;
	if (words->http_proxy)
		pass_proxies(o);
	if (o->rmi)
		o->def.remove = true; /* COMPAT: an image goes only when its container is gone */
	o->image = mem_strdup(rest[0]);
	o->args = strv_dup(rest + 1);
	return 0;
}
