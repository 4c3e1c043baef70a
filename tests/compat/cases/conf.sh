# containers.conf: what it says of a container that is made, and what the words typed make of it.
# case nothing-said
mk() { pod create --name c --network none "$@" $IMG true >/dev/null || echo no; }
: > $TMP/c.conf; export CONTAINERS_CONF=$TMP/c.conf; mk; pod inspect c --format '{{.Config.Umask}} {{.HostConfig.ShmSize}} {{.Config.StopTimeout}}'
# case numbers
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
mk() { pod create --name c --network none "$@" $IMG true >/dev/null || echo no; }
conf <<X
[containers]
umask = "0077"
shm_size = "12m"
oom_score_adj = 55
tz = "UTC"
[engine]
stop_timeout = 3
X
f='{{.Config.Umask}} {{.HostConfig.ShmSize}} {{.Config.StopTimeout}} {{.HostConfig.OomScoreAdj}} {{.Config.Timezone}}'
mk; pod inspect c --format "$f"; pod rm c >/dev/null; mk --umask 0002 --shm-size 1m --stop-timeout 9 --oom-score-adj 77 --tz local; pod inspect c --format "$f"
# case pids-limit root-only: an ordinary user's group may have no such limit
printf '[containers]\npids_limit = 77\n' > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf
pod create --name c --network none $IMG >/dev/null; pod create --name d --network none --pids-limit 5 $IMG >/dev/null; pod inspect c d --format '{{.HostConfig.PidsLimit}}'
# case annotations
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
mk() { pod create --name c --network none "$@" $IMG true >/dev/null || echo no; }
conf <<X
[containers]
annotations = ["a=1", "b=2"]
X
mk --annotation b=9 --annotation d=4; pod inspect c --format '{{.Config.Annotations.a}} {{.Config.Annotations.b}} {{.Config.Annotations.d}}'
# case dns
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
mk() { pod create --name c "$@" $IMG true >/dev/null || echo no; }
conf <<X
[containers]
dns_servers = ["1.1.1.1"]
dns_searches = ["s.example"]
dns_options = ["ndots:3"]
X
mk --dns-search t.example; pod inspect c --format '{{.HostConfig.DnsSearch}}'; pod rm c >/dev/null; mk --dns 2.2.2.2; pod inspect c --format '{{.HostConfig.Dns}}'
# case ulimits
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
mk() { pod create --name c --network none "$@" $IMG true >/dev/null || echo no; }
conf <<X
[containers]
default_ulimits = ["nofile=500:500", "core=0:0"]
X
mk --ulimit nofile=400:400; pod inspect c --format '{{range .HostConfig.Ulimits}}{{.Name}} {{.Soft}} {{.Hard}};{{end}}' | tr ';' '\n' | grep -v NPROC | sort
# case devices root-only: a user's devices are bound otherwise
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
mk() { pod create --name c --network none "$@" $IMG true >/dev/null || echo no; }
conf <<X
[containers]
devices = ["/dev/null:/dev/x", "/dev/full:/dev/y"]
X
mk --device /dev/zero:/dev/x; pod inspect c --format '{{range .HostConfig.Devices}}{{.PathOnHost}} {{.PathInContainer}};{{end}}' | tr ';' '\n' | sort
# case volumes
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
mk() { pod create --name c --network none "$@" $IMG true >/dev/null || echo no; }
mkdir $TMP/a $TMP/b
conf <<X
[containers]
volumes = ["$TMP/a:/x1:ro", "$TMP/a:/x2"]
mounts = ["type=bind,src=$TMP/b,dst=/x3"]
X
mk -v $TMP/b:/x1; pod inspect c --format '{{range .Mounts}}{{.Source}} {{.Destination}} {{.RW}};{{end}}' | tr ';' '\n' | sort
# case environment
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
conf <<X
[containers]
env = ["FOO=bar", "BAR=1"]
X
pod run --rm --network none -e BAR=2 $IMG sh -c 'echo $FOO $BAR'
# case capabilities
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
mk() { pod create --name c --network none "$@" $IMG true >/dev/null || echo no; }
conf <<X
[containers]
default_capabilities = ["CAP_CHOWN", "CAP_KILL"]
X
mk --cap-add NET_ADMIN --cap-drop KILL; pod inspect c --format '{{.EffectiveCaps}} {{.BoundingCaps}}'; pod run --rm --network none $IMG grep CapEff /proc/self/status
# case namespaces
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
mk() { pod create --name c "$@" $IMG true >/dev/null || echo no; }
conf <<X
[containers]
netns = "none"
pidns = "host"
utsns = "host"
ipcns = "private"
X
f='{{.HostConfig.NetworkMode}} {{.HostConfig.PidMode}} {{.HostConfig.UTSMode}} {{.HostConfig.IpcMode}}'
mk; pod inspect c --format "$f"; pod rm c >/dev/null; mk --network host --pid private --uts private --ipc none; pod inspect c --format "$f"
# case logs
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
mk() { pod create --name c --network none "$@" $IMG true >/dev/null || echo no; }
conf <<X
[containers]
log_driver = "json-file"
X
mk; pod inspect c --format '{{.HostConfig.LogConfig.Type}}'; pod rm c >/dev/null; mk --log-driver none; pod inspect c --format '{{.HostConfig.LogConfig.Type}}'
# case hostname
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
conf <<X
[containers]
container_name_as_hostname = true
X
pod run --rm --network none --name cc $IMG hostname; pod run --rm --network none --name cc -h other $IMG hostname
# case hosts-file
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
echo '10.1.2.3 base' > $TMP/hosts
conf <<X
[containers]
base_hosts_file = "$TMP/hosts"
X
pod run --rm --network none $IMG cat /etc/hosts | grep base; pod run --rm --network none --hosts-file none $IMG cat /etc/hosts | grep -c base
# case sysctls
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
conf <<X
[containers]
default_sysctls = ["net.ipv4.ip_default_ttl=77", "kernel.msgmax=9000"]
X
pod run --rm --network none --sysctl kernel.msgmax=9001 $IMG cat /proc/sys/net/ipv4/ip_default_ttl /proc/sys/kernel/msgmax; pod run --rm --network host $IMG cat /proc/sys/kernel/msgmax
# case override
conf() { cat > $TMP/c.conf; export CONTAINERS_CONF_OVERRIDE=$TMP/c.conf; }
conf <<X
[containers]
umask = "0077"
env = ["A=1"]
X
printf '[containers]\nenv = ["B=2", {append=true}]\n' > $TMP/o.conf; pod --module $TMP/o.conf run --rm --network none $IMG sh -c 'umask; echo $A $B'; printf '[containers]\nenv = ["C=3", {append=true}]\n' > $TMP/c.conf; pod --module $TMP/o.conf run --rm --network none $IMG sh -c 'umask; echo $A $B $C'
# case module
printf '[containers]\numask = "0077"\n' > $TMP/m.conf; pod --module $TMP/m.conf run --rm --network none $IMG sh -c umask
# case wrong-type
printf '[containers]\npids_limit = "x"\n' > $TMP/c.conf; CONTAINERS_CONF=$TMP/c.conf pod create $IMG >/dev/null; [ $? -ne 0 ] && echo refused
# case no-file
CONTAINERS_CONF=$TMP/absent pod create $IMG >/dev/null; [ $? -ne 0 ] && echo refused
# case pull-policy
printf '[engine]\npull_policy = "never"\n' > $TMP/c.conf; CONTAINERS_CONF=$TMP/c.conf pod create localhost/absent >/dev/null; echo $?
