/* The grammars of values; sentences were recorded from Podman 5.8.6 where it has them. */
#include "options/values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* what is expected begins with '!' where it is an error's text */
struct value_case {
	const char *text, *expect;
};

typedef int (*parse_fn)(struct ctr_def *def, const char *text, struct err *err);
typedef void (*show_fn)(const struct ctr_def *def, struct str *out);

static void run_cases(const struct value_case *cases, size_t count, parse_fn parse, show_fn show)
{
	assert_true(count >= 15);
	for (size_t i = 0; i < count; i++) {
		auto_val(ctr_def) def;
		auto_str out = { 0 };
		struct err err = { 0 };
		ctr_def_init(&def);
		if (parse(&def, cases[i].text, &err) < 0)
			str_addf(&out, "!%s", err.text);
		else
			show(&def, &out);
		if (strcmp(str_text(&out), cases[i].expect) != 0)
			fail_msg("'%s' gives '%s', not '%s'", cases[i].text, str_text(&out), cases[i].expect);
	}
}

static void show_mounts(const struct ctr_def *def, struct str *out)
{
	for (size_t i = 0; i < def->mount_count; i++) {
		const struct ctr_mount *m = &def->mounts[i];
		auto_free char *options = strv_join(m->options, ",");
		str_addf(out, "%s %s %s [%s]", m->type, m->source, m->target, options);
	}
}

static void show_secrets(const struct ctr_def *def, struct str *out)
{
	for (size_t i = 0; i < def->secret_count; i++) {
		const struct ctr_secret *s = &def->secrets[i];
		str_addf(out, "%s %s %s %u:%u %04o", s->is_env ? "env" : "mount", s->name, s->target ? s->target : "-", s->uid, s->gid, s->mode);
	}
}

static const struct value_case secret_cases[] = {
	{ "a", "mount a - 0:0 0444" },
	{ "source=a", "mount source=a - 0:0 0444" },
	{ "type=mount", "mount type=mount - 0:0 0444" },
	{ "source=a,type=mount", "mount a - 0:0 0444" },
	{ "type=env,source=a,target=B", "env a B 0:0 0444" },
	{ "a,target=/x/y", "mount a /x/y 0:0 0444" },
	{ "a,target=", "mount a  0:0 0444" },
	{ "a,uid=1,gid=2,mode=0400", "mount a - 1:2 0400" },
	{ "a,mode=600", "mount a - 0:0 0600" },
	{ "a,uid=4294967295", "mount a - 4294967295:0 0444" },
	{ "a,type=env", "env a - 0:0 0444" },
	{ "", "!no source found: parsing secret: --secret  names none" },
	{ "type=env,target=x", "!no source found: parsing secret: --secret type=env,target=x names none" },
	{ "a,type=bar", "!type bar is invalid: parsing secret" },
	{ "a,foo=bar", "!option foo=bar invalid: parsing secret" },
	{ "target=x,a", "!option a must be in form option=value: parsing secret" },
	{ "a,", "!option  must be in form option=value: parsing secret" },
	{ "a,uid=abc", "!UID abc invalid: parsing secret" },
	{ "a,uid=-1", "!UID -1 invalid: parsing secret" },
	{ "a,uid=4294967296", "!UID 4294967296 invalid: parsing secret" },
	{ "a,gid=", "!GID  invalid: parsing secret" },
	{ "a,mode=abc", "!mode abc invalid: parsing secret" },
	{ "a,mode=0o440", "!mode 0o440 invalid: parsing secret" },
	{ "a,mode=99", "!mode 99 invalid: parsing secret" },
	{ "a,type=env,uid=5", "!UID, GID, Mode options cannot be set with secret type env: parsing secret" },
	{ "a,mode=0400,type=env", "!UID, GID, Mode options cannot be set with secret type env: parsing secret" },
};

static const struct value_case volume_cases[] = {
	{ "/a", "volume  /a []" },
	{ "a:/b", "volume a /b []" },
	{ "/tmp:/b", "bind /tmp /b []" },
	{ "/tmp/:/b/", "bind /tmp /b []" },
	{ "/tmp:/b:ro,Z", "bind /tmp /b [ro,Z]" },
	{ "/tmp:/b:U,rshared,nosuid,exec", "bind /tmp /b [U,rshared,nosuid,exec]" },
	{ "vol:/b:nocopy", "volume vol /b [nocopy]" },
	{ "vol:/b:copy", "volume vol /b [copy]" },
	{ "/tmp:/b:bind,private", "bind /tmp /b [bind,private]" },
	{ "/tmp:/b:rw,ro", "!invalid options \"rw, ro\", can only specify 1 'rw' or 'ro' option" },
	{ "/tmp:/b:ro,ro", "!invalid options \"ro, ro\", can only specify 1 'rw' or 'ro' option" },
	{ "/tmp:/b:noexec,exec", "!invalid options \"noexec, exec\", can only specify 1 'noexec' or 'exec' option" },
	{ "/tmp:/b:bogus", "!invalid option type \"bogus\"" },
	{ "/nowhere-at-all:/b", "!statfs /nowhere-at-all: no such file or directory" },
	{ ":/b", "!host directory cannot be empty" },
	{ "/tmp:", "!container directory cannot be empty" },
	{ "/tmp:rel", "!invalid container path \"rel\", must be an absolute path" },
	{ "a:b:c:d", "!a:b:c:d: incorrect volume format, should be [host-dir:]ctr-dir[:option]" },
	{ "rel", "!invalid container path \"rel\", must be an absolute path" },
	{ "", "!: incorrect volume format, should be [host-dir:]ctr-dir[:option]" },
	{ "/tmp:/b:O", "bind /tmp /b [O]" },
	{ "v:/b:O,U", "volume v /b [O,U]" },
	{ "/tmp:/b:O,upperdir=/x,workdir=/y", "bind /tmp /b [O,upperdir=/x,workdir=/y]" },
	{ "/tmp:/b:O,upperdir=/x", "!must set both `upperdir` and `workdir`" },
	{ "/tmp:/b:O,upperdir=x,workdir=/y", "!upperdir=x,workdir=/y: both must be absolute paths" },
	{ "/tmp:/b:O,ro", "!can't use 'O' with other options" },
	{ "/tmp:/b:O,z", "!invalid options \"O, z\", can only specify 1 'z', 'Z', or 'O' option" },
	{ "/tmp:/b:idmap", "bind /tmp /b [idmap]" },
	{ "/tmp:/b:idmap=uids=0-1-2;gids=0-1-2,ro", "bind /tmp /b [idmap=uids=0-1-2;gids=0-1-2,ro]" },
	{ "/tmp:/b:idmap,idmap", "!invalid options \"idmap, idmap\", can only specify 1 'idmap' option" },
	{ "/tmp:/b:upperdir=/x", "!unknown mount option \"upperdir=/x\": invalid mount option" },
	{ "/tmp:/b:noatime", "!invalid option type \"noatime\"" },
	{ "/tmp:/b:no-dereference,cached", "bind /tmp /b [no-dereference,cached]" },
};

static const struct value_case mount_cases[] = {
	{ "type=bind,src=/tmp,target=/b", "bind /tmp /b []" },
	{ "type=bind,source=/tmp,destination=/b,ro", "bind /tmp /b [ro]" },
	{ "type=bind,src=/tmp,dst=/b,readonly=true,bind-propagation=rshared", "bind /tmp /b [ro,rshared]" },
	{ "type=bind,src=/tmp,dst=/b,ro=false", "bind /tmp /b [rw]" },
	{ "type=bind,dst=/tmp", "bind /tmp /tmp []" },
	{ "src=/tmp,type=bind,dst=/b,relabel=shared", "bind /tmp /b [z]" },
	{ "type=bind,src=/tmp,dst=/b,relabel=private", "bind /tmp /b [Z]" },
	{ "type=bind,src=/tmp,dst=/b,bind-nonrecursive", "bind /tmp /b [bind]" },
	{ "type=bind,src=/tmp,dst=/b,z", "bind /tmp /b [z]" },
	{ "type=bind,src=/tmp,dst=/b,consistency=cached", "bind /tmp /b []" },
	{ "\"type=bind\",src=/tmp,dst=/b", "bind /tmp /b []" },
	{ "type=volume,dst=/b", "volume  /b []" },
	{ "type=volume,src=v,dst=/b,ro,subpath=x", "volume v /b [ro,subpath=x]" },
	{ "src=v,dst=/b", "volume v /b []" },
	{ "type=tmpfs,dst=/b,tmpfs-size=64m,tmpfs-mode=1777", "tmpfs tmpfs /b [size=64m,mode=1777]" },
	{ "type=tmpfs,dst=/b,notmpcopyup,U=true", "tmpfs tmpfs /b [notmpcopyup,U]" },
	{ "type=devpts,dst=/b,uid=1", "devpts devpts /b [uid=1]" },
	{ "type=ramfs,dst=/b", "ramfs ramfs /b []" },
	{ "type=bind,src=/tmp", "!must set volume destination" },
	{ "type=bogus,dst=/b", "!invalid filesystem type \"bogus\"" },
	{ "type=tmpfs,dst=/b,src=/x", "!\"src\" option not supported for \"tmpfs\" mount types" },
	{ "type=bind,src=/tmp,dst=/b,bogus=1", "!bogus: invalid mount option" },
	{ "type=bind,src=/tmp,dst=rel", "!invalid container path \"rel\", must be an absolute path" },
	{ "type=bind,src=,dst=/b", "!host directory cannot be empty: src: must have an argument for option" },
	{ "type=bind,src=/tmp,dst", "!dst: must have an argument for option" },
	{ "type", "!type: invalid mount option" },
	{ "", "!incorrect mount format: should be --mount type=<bind|glob|tmpfs|volume>,[src=<host-dir|volume-name>,]target=<ctr-dir>[,options]" },
	{ "type=tmpfs,dst=/b,tmpfs-size=x", "!tmpfs-size: 'x' is not a size" },
	{ "type=tmpfs,dst=/b,tmpfs-mode=9", "!tmpfs-mode: '9' is not an octal mode" },
	{ "type=bind,src=/tmp,dst=/b,bind-propagation=up", "!bind-propagation: 'up' is no propagation: private, slave, shared, unbindable, each also with r" },
	{ "type=artifact,dst=/b", "!must set source and destination for artifact volume" },
	{ "type=artifact,src=x", "!must set source and destination for artifact volume" },
	{ "type=artifact,src=x,dst=/b,digest=d,title=t", "!cannot specify both digest and title" },
	{ "type=artifact,src=x,dst=/b,name=../y", "!name: \"../y\" is no name of a file" },
	{ "type=artifact,src=x,dst=/b,ro", "!\"ro\" option not supported for \"artifact\" mount types" },
	{ "type=bind,src=/x,dst=/b,title=t", "!\"title\" option not supported for \"bind\" mount types" },
	{ "type=image,src=x,dst=/b", "image x /b []" },
	{ "type=image,src=x,dst=/b,rw=true,subpath=/p", "image x /b [rw,subpath=/p]" },
	{ "type=image,src=x,dst=/b,rw", "!invalid rw value \"\": invalid mount option" },
	{ "type=image,src=x,dst=/b,subpath=p", "!volume subpath \"p\" must be an absolute path" },
	{ "type=image,dst=/b", "!must set source and destination for image volume" },
	{ "type=image,src=x,dst=/b,ro", "!\"ro\" option not supported for \"image\" mount types" },
	{ "type=bind,src=/tmp,dst=/b,dest=/c", "!cannot pass \"dest\" option more than once: must provide an argument for option" },
	{ "type=bind,src=/tmp,dst=/b,ro,rw", "!invalid options \"ro, rw\", can only specify 1 'rw' or 'ro' option" },
	{ "type=bind,src=/tmp,dst=/b,subpath=x", "!\"subpath\" option not supported for \"bind\" mount types" },
	{ "type=bind,src=/tmp,dst=/b,U=x", "!invalid U value \"x\": invalid mount option" },
	{ "type=bind,src=/tmp,dst=/b,chown=false,idmap,no-dereference", "bind /tmp /b [idmap,no-dereference]" },
	{ "type=volume,src=v,dst=/b,volume-subpath=/x,volume-opt=a=b", "volume v /b [subpath=/x]" },
	{ "type=tmpfs,dst=/b,noswap,noexec=true", "tmpfs tmpfs /b [noswap,noexec]" },
	{ "type=tmpfs,dst=/b,size=1m", "!size: invalid mount option" },
	{ "type=devpts,dst=/b,max=3,mode=620", "devpts devpts /b [max=3,mode=620]" },
	{ "type=devpts,dst=/b,uid=x", "!uid: 'x' is not a number" },
	{ "type=ramfs,dst=/b,tmpfs-size=1m", "!\"tmpfs-size\" option not supported for \"ramfs\" mount types" },
	{ "type=glob,src=/et[c]", "bind /etc /etc []" },
	{ "type=glob,src=/e?c/pas*d,dst=/b,ro", "bind /etc/passwd /b/passwd [ro]" },
	{ "type=glob,src=/[^a-df-z]tc/pa\\sswd,dst=/b", "bind /etc/passwd /b/passwd []" },
	{ "type=glob,src=/nowhere-at-all*,dst=/b", "!no file paths matching glob \"/nowhere-at-all*\"" },
	{ "type=glob,src=/etc/[a,dst=/b", "!syntax error in pattern '/etc/[a'" },
	{ "type=glob,src=/etc/[]a],dst=/b", "!syntax error in pattern '/etc/[]a]'" },
	{ "type=glob,dst=/b", "!no file paths matching glob \"\"" },
};

static const struct value_case tmpfs_cases[] = {
	{ "/x", "tmpfs tmpfs /x []" },
	{ "/x/", "tmpfs tmpfs /x []" },
	{ "/x:size=5m,ro", "tmpfs tmpfs /x [size=5m,ro]" },
	{ "/x:mode=700,noexec", "tmpfs tmpfs /x [mode=700,noexec]" },
	{ "/x:uid=1,gid=2", "!unknown mount option \"uid=1\": invalid mount option" },
	{ "/x:tmpcopyup", "tmpfs tmpfs /x [tmpcopyup]" },
	{ "/x:notmpcopyup", "tmpfs tmpfs /x [notmpcopyup]" },
	{ "/x:rw,nodev,nosuid", "tmpfs tmpfs /x [rw,nodev,nosuid]" },
	{ "/x:U", "tmpfs tmpfs /x [U]" },
	{ "/x:noatime,noswap,idmap", "tmpfs tmpfs /x [noatime,noswap,idmap]" },
	{ "/x:ro,rw", "!invalid options \"ro, rw\", can only specify 1 'rw' or 'ro' option" },
	{ "/x:z", "!unknown mount option \"z\": invalid mount option" },
	{ "/x:nr_inodes=5", "!unknown mount option \"nr_inodes=5\": invalid mount option" },
	{ "/x:", "!unknown mount option \"\": invalid mount option" },
	{ "rel", "!invalid container path \"rel\", must be an absolute path" },
	{ "", "!invalid container path \"\", must be an absolute path" },
	{ "/x:bogus", "!unknown mount option \"bogus\": invalid mount option" },
	{ "/x:sizes=5", "!unknown mount option \"sizes=5\": invalid mount option" },
};

static void test_mounts(void **state)
{
	(void)state;
	run_cases(secret_cases, ARRAY_LEN(secret_cases), values_secret, show_secrets);
	run_cases(volume_cases, ARRAY_LEN(volume_cases), values_volume, show_mounts);
	run_cases(mount_cases, ARRAY_LEN(mount_cases), values_mount, show_mounts);
	run_cases(tmpfs_cases, ARRAY_LEN(tmpfs_cases), values_tmpfs, show_mounts);
}

static void show_ports(const struct ctr_def *def, struct str *out)
{
	for (size_t i = 0; i < def->port_count; i++) {
		const struct ctr_port *p = &def->ports[i];
		str_addf(out, "%s %u %u %u %s", p->host_ip, p->host_port, p->container_port, p->count, p->protocol);
	}
}

static const struct value_case publish_cases[] = {
	{ "80", " 0 80 1 tcp" },
	{ ":80", " 0 80 1 tcp" },
	{ "8080:80", " 8080 80 1 tcp" },
	{ "8080:80/udp", " 8080 80 1 udp" },
	{ "8080:80/TCP", " 8080 80 1 tcp" },
	{ "8080-8082:80-82", " 8080 80 3 tcp" },
	{ "1.2.3.4:8080:80", "1.2.3.4 8080 80 1 tcp" },
	{ "127.0.0.1::2", "127.0.0.1 0 2 1 tcp" },
	{ "[::1]:1:2", "::1 1 2 1 tcp" },
	{ "[::1]:2", "::1 0 2 1 tcp" },
	{ "65535:65535", " 65535 65535 1 tcp" },
	{ "a", "!parsing container port: invalid port number: strconv.Atoi: parsing \"a\": invalid syntax" },
	{ "", "!parsing container port: invalid port number: strconv.Atoi: parsing \"\": invalid syntax" },
	{ "99999", "!parsing container port: port numbers must be between 1 and 65535 (inclusive), got 99999" },
	{ "0:80", "!parsing host port: port numbers must be between 1 and 65535 (inclusive), got 0" },
	{ "80:0", "!parsing container port: port numbers must be between 1 and 65535 (inclusive), got 0" },
	{ "1-2:3", "!host and container port ranges have different lengths: 2 vs 1" },
	{ "81:80-82", "!host and container port ranges have different lengths: 1 vs 3" },
	{ "82-80", "!parsing container port: the end port of a range must be higher than the start port - 80 is not higher than 82" },
	{ "80/foo", "!unrecognized protocol \"foo\" in port mapping" },
	{ "80/tcp/udp", "!invalid port format - protocol can only be specified once" },
	{ "80:80:80:80", "!invalid port format - format is [[hostIP:]hostPort:]containerPort" },
	{ "1.2.3:1:2", "!cannot parse \"1.2.3\" as an IP address" },
	{ "[::1:2", "!invalid IPv6 format - must be [addr]:port" },
	{ "80/sctp", "!publishing sctp ports is not done yet: use tcp or udp" },
};

static void show_expose(const struct ctr_def *def, struct str *out)
{
	auto_free char *all = strv_join(def->expose, " ");
	str_add(out, all);
}

static const struct value_case expose_cases[] = {
	{ "80", "80/tcp" }, { "80/tcp", "80/tcp" }, { "80/udp", "80/udp" }, { "80/UDP", "80/udp" }, { "80-82", "80/tcp 81/tcp 82/tcp" },
	{ "1", "1/tcp" }, { "65535", "65535/tcp" }, { "80-81/udp", "80/udp 81/udp" }, { "053", "53/tcp" },
	{ "80/foo", "!validating protocols for exposed port 80: unrecognized protocol \"foo\" in port mapping" },
	{ "a", "!invalid range format for --expose: a: parsing container port: invalid port number: strconv.Atoi: parsing \"a\": invalid syntax" },
	{ "2-1", "!invalid range format for --expose: 2-1: parsing container port: the end port of a range must be higher than the start port - 1 is not higher than 2" },
	{ "0", "!invalid range format for --expose: 0: parsing container port: port numbers must be between 1 and 65535 (inclusive), got 0" },
	{ "65536", "!invalid range format for --expose: 65536: parsing container port: port numbers must be between 1 and 65535 (inclusive), got 65536" },
	{ "80/tcp/udp", "!validating protocols for exposed port 80: invalid port format - protocol can only be specified once" },
};

static void test_ports(void **state)
{
	(void)state;
	run_cases(publish_cases, ARRAY_LEN(publish_cases), values_publish, show_ports);
	run_cases(expose_cases, ARRAY_LEN(expose_cases), values_expose, show_expose);
}

static void show_ulimits(const struct ctr_def *def, struct str *out)
{
	for (size_t i = 0; i < def->ulimit_count; i++)
		str_addf(out, "%s %lld %lld", def->ulimits[i].name, (long long)def->ulimits[i].soft, (long long)def->ulimits[i].hard);
}

#define BAD_ULIMIT(text, why) { text, "!ulimit option \"" text "\" requires name=SOFT:HARD, failed to be parsed: " why }
static const struct value_case ulimit_cases[] = {
	{ "nofile=5:7", "nofile 5 7" }, { "nofile=5", "nofile 5 5" }, { "nofile=-1", "nofile -1 -1" }, { "nofile=5:-1", "nofile 5 -1" },
	{ "RLIMIT_NOFILE=5", "nofile 5 5" }, { "rlimit_core=0", "core 0 0" }, { "NPROC=1:2", "nproc 1 2" }, { "core=0:0", "core 0 0" },
	{ "stack=8388608", "stack 8388608 8388608" },
	BAD_ULIMIT("x", "invalid ulimit argument: x"),
	BAD_ULIMIT("nofile", "invalid ulimit argument: nofile"),
	BAD_ULIMIT("nofile=a:b", "strconv.ParseInt: parsing \"b\": invalid syntax"),
	BAD_ULIMIT("nofile=", "strconv.ParseInt: parsing \"\": invalid syntax"),
	BAD_ULIMIT("nofile=5:2", "ulimit soft limit must be less than or equal to hard limit: 5 > 2"),
	BAD_ULIMIT("nofile=-1:5", "ulimit soft limit must be less than or equal to hard limit: -1 > 5"),
	BAD_ULIMIT("bogus=5", "invalid ulimit type: bogus"),
	{ "host", "host 0 0" },
};

static void show_devices(const struct ctr_def *def, struct str *out)
{
	for (size_t i = 0; i < def->device_count; i++)
		str_addf(out, "%s %s %s", def->devices[i].source, def->devices[i].path, def->devices[i].access);
	for (char **name = def->cdi_devices; name && *name; name++)
		str_addf(out, "CDI %s", *name);
}

static const struct value_case device_cases[] = {
	{ "/dev/null", "/dev/null /dev/null rwm" },
	{ "/dev/null:/dev/x", "/dev/null /dev/x rwm" },
	{ "/dev/null:/dev/x:rw", "/dev/null /dev/x rw" },
	{ "/dev/null:/dev/x:m", "/dev/null /dev/x m" },
	{ "/dev/null:rw", "/dev/null /dev/null rw" },
	{ "/dev/null:r", "/dev/null /dev/null r" },
	{ "/dev/zero:/dev/zero:rwm", "/dev/zero /dev/zero rwm" },
	{ "/dev/null:x", "!invalid device mode \"x\" in device \"/dev/null:x\"" },
	{ "/dev/null:/dev/x:z", "!invalid device mode \"z\" in device \"/dev/null:/dev/x:z\"" },
	{ "/dev/null:/dev/x:", "!invalid device mode \"\" in device \"/dev/null:/dev/x:\"" },
	{ "/dev/null:/dev/x:rwmr", "!invalid device mode \"rwmr\" in device \"/dev/null:/dev/x:rwmr\"" },
	{ "/dev/null:rel:rw", "!invalid device mode \"rel\" in device \"/dev/null:rel:rw\"" },
	{ "/dev/no-such-device", "!stat /dev/no-such-device: no such file or directory" },
	{ "a:b:c:d", "!invalid device specification: a:b:c:d" },
	{ "", "!invalid device specification: " },
	{ "vendor.com/class=gpu0", "CDI vendor.com/class=gpu0" },
};

static void test_limits_and_devices(void **state)
{
	(void)state;
	run_cases(ulimit_cases, ARRAY_LEN(ulimit_cases), values_ulimit, show_ulimits);
	run_cases(device_cases, ARRAY_LEN(device_cases), values_device, show_devices);
}

static void show_network(const struct ctr_def *def, struct str *out)
{
	auto_free char *options = strv_join(def->net_options, " ");
	str_addf(out, "%s [%s]", def->net_mode, options);
}

static const struct value_case network_cases[] = {
	{ "none", "none []" }, { "host", "host []" }, { "private", "private []" }, { "bridge", "bridge []" }, { "podman", "podman []" },
	{ "pasta", "pasta []" }, { "pasta:-t,80", "pasta [-t 80]" }, { "pasta:", "pasta []" }, { "bridge:ip=10.88.0.5", "bridge [ip=10.88.0.5]" },
	{ "container:abc", "container:abc []" }, { "ns:/proc/1/ns/net", "ns:/proc/1/ns/net []" }, { "", " []" },
	{ "net1", "net1 []" }, { "net1:alias=a,ip=1.2.3.4", "net1 [alias=a ip=1.2.3.4]" }, { "slirp4netns:mtu=1500", "slirp4netns [mtu=1500]" },
};

static void show_restart(const struct ctr_def *def, struct str *out)
{
	str_addf(out, "%s %u", def->restart_policy, def->restart_retries);
}

static const struct value_case restart_cases[] = {
	{ "no", "no 0" }, { "always", "always 0" }, { "on-failure", "on-failure 0" }, { "on-failure:5", "on-failure 5" },
	{ "unless-stopped", "unless-stopped 0" }, { "", " 0" }, { "on-failure:0", "on-failure 0" },
	{ "bogus", "!\"bogus\" is not a valid restart policy: invalid argument" },
	{ "Always", "!\"Always\" is not a valid restart policy: invalid argument" },
	{ "on-failure:x", "!parsing restart policy retry count: strconv.Atoi: parsing \"x\": invalid syntax" },
	{ "on-failure:", "!parsing restart policy retry count: strconv.Atoi: parsing \"\": invalid syntax" },
	{ "on-failure:-1", "!parsing restart policy retry count: strconv.Atoi: parsing \"-1\": invalid syntax" },
	{ "always:3", "!restart policy retries can only be specified with on-failure restart policy" },
	{ "no:1", "!restart policy retries can only be specified with on-failure restart policy" },
	{ ":1", "!restart policy retries can only be specified with on-failure restart policy" },
};

static const struct {
	const char *which, *text;
	bool ok;
} mode_cases[] = {
	{ "user", "host", true }, { "user", "keep-id", true }, { "user", "keep-id:uid=5,gid=6", true }, { "user", "keep-id:", true },
	{ "user", "bogus", false }, { "user", "container:x", true }, { "pid", "host", true }, { "pid", "private", true },
	{ "pid", "container:", false }, { "pid", "bogus", false }, { "ipc", "shareable", true }, { "ipc", "none", true },
	{ "ipc", "keep-id", false }, { "uts", "host", true }, { "uts", "none", false }, { "cgroup", "private", true },
	{ "cgroup", "ns:/proc/1/ns/cgroup", true }, { "cgroup", "bogus", false }, { "uts", "", true },
};

static void test_modes(void **state)
{
	(void)state;
	run_cases(network_cases, ARRAY_LEN(network_cases), values_network, show_network);
	run_cases(restart_cases, ARRAY_LEN(restart_cases), values_restart, show_restart);
	for (size_t i = 0; i < ARRAY_LEN(mode_cases); i++) {
		auto_free char *field = NULL;
		struct err err = { 0 };
		int rc = values_namespace(mode_cases[i].which, mode_cases[i].text, &field, &err);
		if ((rc >= 0) != mode_cases[i].ok)
			fail_msg("%s '%s' gives %d %s", mode_cases[i].which, mode_cases[i].text, rc, err.text);
		if (rc >= 0)
			assert_string_equal(field, mode_cases[i].text);
	}
}

static void test_second_network_is_refused(void **state)
{
	(void)state;
	auto_val(ctr_def) def;
	struct err err = { 0 };
	ctr_def_init(&def);
	assert_int_equal(values_network(&def, "host", &err), 0);
	assert_true(values_network(&def, "none", &err) < 0);
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mounts), cmocka_unit_test(test_ports), cmocka_unit_test(test_limits_and_devices),
		cmocka_unit_test(test_modes), cmocka_unit_test(test_second_network_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
