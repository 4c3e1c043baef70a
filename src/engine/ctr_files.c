#include "engine/ctr_files.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "engine/ctr_idmap.h"
#include "engine/ctr_spec.h"
#include "engine/ctr_timezone.h"
#include "engine/ctr_user.h"
#include "runtime/spec.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* hosts and resolv.conf are bound as files before the network stands and filled in place after: the bind keeps the inode. */

static bool is_mounted(const struct ctr_def *def, const char *target)
{
	for (size_t i = 0; i < def->mount_count; i++)
		if (str_eq(def->mounts[i].target, target))
			return true;
	return false;
}

/* Nobody looks before the container runs, so no detour over another name; what is there is an earlier start's. */
static int write_bytes(const struct spec *spec, const char *path, const char *data, size_t len, struct err *err)
{
	int rc = file_create(AT_FDCWD, path, 0644, data, len, 0);
	if (rc == -EEXIST)
		rc = file_write(AT_FDCWD, path, 0644, data, len, 0);
	if (rc >= 0 && spec->uid_maps && fchownat(AT_FDCWD, path, ctr_idmap_uid(spec, 0), ctr_idmap_gid(spec, 0), AT_SYMLINK_NOFOLLOW) < 0)
		rc = -errno;
	return rc < 0 ? err_sys(err, -rc, "cannot write '%s'", path) : 0;
}

/* Where the files go, and for whom. */
struct place {
	const struct engine *engine;
	const struct ctr_def *def;
	const char *run_path;
	struct spec *spec;
};

static int put_bytes(const struct place *p, const char *file, const char *target, const char *data, size_t len, struct err *err)
{
	if (is_mounted(p->def, target))
		return 0;
	auto_free char *path = mem_printf("%s/%s", p->run_path, file);
	if (!p->engine->looks && write_bytes(p->spec, path, data, len, err) < 0)
		return -1;
	strv_addf(&p->spec->files, "%s=%s", target, path);
	return 0;
}

/* The same file once more below each of --chrootdirs. */
static void put_in_chroots(const struct place *p, const char *file, const char *target)
{
	for (char **dir = p->def->chrootdirs; dir && *dir; dir++) {
		auto_free char *raw = mem_printf("/%s/%s", *dir, target), *inside = path_clean_dup(raw);
		if (!is_mounted(p->def, inside))
			strv_addf(&p->spec->files, "%s=%s/%s", inside, p->run_path, file);
	}
}

static int put(const struct place *p, const char *file, const char *target, const char *text, struct err *err)
{
	return put_bytes(p, file, target, text, strlen(text), err);
}

static int put_timezone(const struct place *p, struct err *err)
{
	auto_free char *data = NULL;
	size_t len;
	if (!p->def->timezone || !*p->def->timezone)
		return 0;
	return ctr_timezone_read(p->def->timezone, &data, &len, err) < 0 ? -1 : put_bytes(p, "localtime", "/etc/localtime", data, len, err);
}

static char *containerenv_dup(const struct engine *engine, const struct ctr *ctr)
{
	const struct ctr_def *def = &ctr->def;
	/* COMPAT: programs look for this file; its lines are for those that are trusted */
	if (!def->privileged)
		return mem_strdup("");
	return mem_printf("engine=\"podman-5.8.0\"\nname=\"%s\"\nid=\"%s\"\nimage=\"%s\"\nimageid=\"%s\"\nrootless=%d\n", def->name, ctr->id,
			  def->image_name ? def->image_name : "", def->image ? def->image : "", engine->rootless);
}

int ctr_files_add(struct engine *engine, struct ctr *ctr, const char *run_path, struct spec *spec, struct err *err)
{
	const struct ctr_def *def = &ctr->def;
	const struct place p = { engine, def, run_path, spec };
	auto_free char *hostname = mem_printf("%s\n", spec->hostname);
	auto_free char *env = containerenv_dup(engine, ctr);
	if (!def->no_hostname && put(&p, "hostname", "/etc/hostname", hostname, err) < 0)
		return -1;
	if (put_timezone(&p, err) < 0 || put(&p, "containerenv", "/run/.containerenv", env, err) < 0)
		return -1;
	const struct {
		const char *file, *target;
		bool left_out;
	} filled[] = {
		{ "hosts", "/etc/hosts", def->no_hosts },
		{ "resolv.conf", "/etc/resolv.conf", ctr_spec_net_is(engine, def, "none") }, /* COMPAT: then the image's own stays */
	};
	for (size_t i = 0; i < ARRAY_LEN(filled); i++) {
		if (filled[i].left_out)
			continue;
		if (put(&p, filled[i].file, filled[i].target, "", err) < 0)
			return -1;
		if (!is_mounted(def, filled[i].target))
			put_in_chroots(&p, filled[i].file, filled[i].target);
	}
	return 0;
}

/* --- contents --- */

static int fill(int run_dir_fd, const char *file, const struct str *text, struct err *err)
{
	auto_close int fd = openat(run_dir_fd, file, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? 0 : err_sys(err, errno, "cannot write '%s' for the container", file);
	int rc = fd_write_full(fd, text->data ? text->data : "", text->len);
	return rc < 0 ? err_sys(err, -rc, "cannot write '%s' for the container", file) : 0;
}

static bool names_host(const char *line, const char *name)
{
	const char *at = line;
	while ((at = strstr(at, name))) {
		char before = at == line ? ' ' : at[-1], after = at[strlen(name)];
		if (strchr(" \t", before) && strchr(" \t\r", after))
			return true;
		at++;
	}
	return false;
}

/* COMPAT: the address, a tab, the names. */
static void add_host_line(const char *line, struct str *out)
{
	size_t at = 0;
	for (const char *p = line + strspn(line, " \t\r"); *p; p += strspn(p, " \t\r")) {
		size_t len = strcspn(p, " \t\r");
		str_addf(out, "%s%.*s", at == 0 ? "" : at == 1 ? "\t" : " ", (int)len, p);
		at++;
		p += len;
	}
	str_add(out, at ? "\n" : "");
}

/* The host's file, or the one that was named; "image": the image's own. NULL: there is none. */
static int read_hosts(struct engine *engine, const struct ctr *ctr, char **ret_text, struct err *err)
{
	size_t len;
	const char *named = ctr->def.hosts_file, *path = named && *named ? named : "/etc/hosts";
	*ret_text = NULL;
	if (str_eq(path, "image"))
		return ctr_user_file(engine, ctr, "etc/hosts", ret_text, err);
	int rc = str_eq(path, "none") ? -ENOENT : file_read(AT_FDCWD, path, LIMIT_CONFIG_FILE_BYTES, ret_text, &len);
	if (rc >= 0 || path != named || str_eq(path, "none"))
		return 0;
	return err_sys(err, -rc, "cannot read the hosts file '%s' (--hosts-file, or base_hosts_file of containers.conf)", path);
}

/* Its lines, except those for what we add ourselves. */
static int add_host_lines(struct engine *engine, const struct ctr *ctr, struct str *out, struct err *err)
{
	auto_free char *text = NULL;
	if (read_hosts(engine, ctr, &text, err) < 0)
		return -1;
	for (char *line = text, *next; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		if (*line && *line != '#' && !names_host(line, "localhost") && !names_host(line, "host.containers.internal"))
			add_host_line(line, out);
	}
	return 0;
}

/* Where the container reaches the host; NULL: nobody can tell. */
static const char *host_address(const struct engine *engine, const struct ctr *ctr)
{
	const struct ctr_net *net = &ctr->status.net;
	const char *said = ctr->def.host_internal_ip;
	if (said && *said)
		return strcmp(said, "none") == 0 ? NULL : said;
	if (ctr_spec_net_is(engine, &ctr->def, "host"))
		return "127.0.0.1";
	return net->host_ip ? net->host_ip : net->gateway;
}

static int add_hosts(struct engine *engine, const struct ctr *ctr, struct str *out, struct err *err)
{
	const struct ctr_def *def = &ctr->def;
	const struct ctr_net *net = &ctr->status.net;
	auto_free char *hostname = ctr_spec_hostname_dup(ctr);
	const char *host = host_address(engine, ctr);
	for (char **entry = def->add_host; entry && *entry; entry++) {
		auto_free char *names = mem_strdup(*entry);
		char *address = strchr(names, ':');
		if (address)
			*address++ = 0;
		for (char *c = names; *c; c++)
			if (*c == ';')
				*c = ' ';
		const char *shown = address ? address : "";
		if (strcmp(shown, "host-gateway") == 0)
			shown = host ? host : "127.0.0.1";
		if (str_eq(address, "host-gateway") && str_eq(def->host_internal_ip, "none"))
			return err_set(err, ERR_INVALID, "unable to replace \"host-gateway\" of host entry \"%s\": host_containers_internal_ip of containers.conf is none", *entry);
		str_addf(out, "%s\t%s\n", shown, names);
	}
	if (add_host_lines(engine, ctr, out, err) < 0)
		return -1;
	str_add(out, "127.0.0.1\tlocalhost localhost.localdomain\n::1\tlocalhost localhost.localdomain\n");
	if (host)
		str_addf(out, "%s\thost.containers.internal host.docker.internal\n", host);
	if (ctr_spec_net_is(engine, def, "host"))
		str_addf(out, "127.0.1.1\t%s %s\n", hostname, def->name);
	if (net->own_ip || net->ip)
		str_addf(out, "%s\t%s %s\n", net->own_ip ? net->own_ip : net->ip, hostname, def->name);
	else if (ctr_spec_net_is(engine, def, "none"))
		str_addf(out, "127.0.0.1\t%s %s\n", hostname, def->name);
	return 0;
}

static bool is_loopback(const char *address)
{
	return str_starts(address, "127.") || strcmp(address, "::1") == 0;
}

/* The host's servers, without those only it can reach; others when none is left. What forwards for the network comes first: it
 * reaches those, too. */
static void add_servers(const struct ctr_def *def, const char *forwarder, bool own_network, const char *text, struct str *out)
{
	bool any = forwarder != NULL;
	for (char **server = def->dns; server && *server; server++)
		str_addf(out, "nameserver %s\n", *server);
	if (def->dns && *def->dns)
		return;
	if (forwarder)
		str_addf(out, "nameserver %s\n", forwarder);
	auto_free char *copy = mem_strdup(text);
	for (char *line = copy, *next; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		const char *server = str_after(line, "nameserver");
		if (!server)
			continue;
		server += strspn(server, " \t");
		if (own_network && is_loopback(server))
			continue;
		str_addf(out, "nameserver %s\n", server);
		any = true;
	}
	if (!any && own_network)
		str_add(out, "nameserver 8.8.8.8\nnameserver 8.8.4.4\n"); /* COMPAT */
}

static void add_resolv(struct engine *engine, const struct ctr *ctr, struct str *out)
{
	const struct ctr_def *def = &ctr->def;
	auto_free char *text = NULL, *real = NULL;
	size_t len;
	/* systemd-resolved's stub is a loopback address: the file behind it has the real servers */
	auto_close int fd = open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || file_read_fd(fd, LIMIT_CONFIG_FILE_BYTES, &text, &len) < 0)
		text = mem_strdup("");
	if (strstr(text, "nameserver 127.0.0.53") && file_read(AT_FDCWD, "/run/systemd/resolve/resolv.conf", LIMIT_CONFIG_FILE_BYTES, &real, &len) >= 0) {
		free(text);
		text = take_ptr(real);
	}
	bool own = !ctr_spec_net_is(engine, def, "host");
	auto_free char *search = strv_join(def->dns_search, " "), *options = strv_join(def->dns_option, " ");
	if (search && *search && strcmp(search, ".") != 0)
		str_addf(out, "search %s\n", search);
	else if (!search || !*search) {
		auto_free char *copy = mem_strdup(text);
		for (char *line = strstr(copy, "search "); line && (line == copy || line[-1] == '\n'); line = NULL) {
			line[strcspn(line, "\n")] = 0;
			str_addf(out, "%s\n", line);
		}
	}
	add_servers(def, ctr->status.net.dns_ip, own, text, out);
	if (options && *options)
		str_addf(out, "options %s\n", options);
}

int ctr_files_network(struct engine *engine, struct ctr *ctr, int run_dir_fd, struct err *err)
{
	auto_str hosts = { 0 }, resolv = { 0 };
	add_resolv(engine, ctr, &resolv);
	if (!ctr->def.no_hosts && (add_hosts(engine, ctr, &hosts, err) < 0 || fill(run_dir_fd, "hosts", &hosts, err) < 0))
		return -1;
	return fill(run_dir_fd, "resolv.conf", &resolv, err);
}
