# case env
pod run --rm --network none -e A=1 -e B= -e C $IMG sh -c 'echo "$A|$B|${C-unset}"'
# case env-from-caller
C=caller; export C; pod run --rm --network none -e C $IMG sh -c 'echo "$C"'
# case env-whole
pod run --rm --network none -h host $IMG env | sort
# case env-prefix
XA=1 XB=2; export XA XB; pod run --rm --network none -e 'X*' $IMG env | grep '^X[AB]=' | sort
# case env-invalid
pod run --rm --network none -e =x $IMG true
# case env-file
printf '# comment\nA=file\n\n B=blank\nC=a=b\n' > $TMP/env; pod run --rm --network none --env-file $TMP/env $IMG env | grep '^[ABC]=' | sort
# case env-file-missing
pod run --rm --network none --env-file $TMP/nosuch $IMG true
# case unsetenv
pod run --rm --network none --unsetenv FROM $IMG env | grep -c FROM
# case user-name
pod run --rm --network none -u alice $IMG id
# case user-number
pod run --rm --network none -u 1000 $IMG id
# case user-unknown-number
pod run --rm --network none -u 4711 $IMG id
# case user-and-group
pod run --rm --network none -u 1000:10 $IMG id
# case user-group-name
pod run --rm --network none -u alice:wheel $IMG id
# case user-unknown
pod run --rm --network none -u nosuch $IMG id
# case group-unknown
pod run --rm --network none -u alice:nosuch $IMG id
# case group-add
pod run --rm --network none --group-add wheel --group-add 4242 $IMG id
# case workdir
pod run --rm --network none -w /tmp $IMG pwd
# case workdir-made
pod run --rm --network none -w /made/here $IMG pwd
# case workdir-relative
pod run --rm --network none -w relative $IMG pwd
# case workdir-is-file
pod run --rm --network none -w /etc/passwd $IMG pwd
# case hostname
pod run --rm --network none -h box $IMG sh -c 'hostname; cat /etc/hostname'
# case hosts-none
pod run --rm --network none -h box --name hn $IMG sh -c 'grep -v "vm\|runsc\|localhost" /etc/hosts'
# case hostname-invalid
pod run --rm --network none -h "$(printf '%070d' 0)" $IMG hostname
# case label
pod create --network none --name l -l a=1 -l b --label c=x=y $IMG true >/dev/null
pod inspect l --format '{{range $k, $v := .Config.Labels}}{{$k}}={{$v}};{{end}}'
# case label-file
printf 'x=1\n#c\ny=2\n' > $TMP/lab; pod create --network none --name l --label-file $TMP/lab $IMG true >/dev/null
pod inspect l --format '{{.Config.Labels}}'
# case annotation
pod create --network none --name l --annotation a=1 $IMG true >/dev/null
pod inspect l --format '{{index .Config.Annotations "a"}}'
# case annotation-bad
pod create --network none --annotation nothing $IMG true
# case read-only
pod run --rm --network none --read-only $IMG sh -c 'touch /x; touch /tmp/y && echo tmp; touch /run/z && echo run; touch /dev/shm/w && echo shm'
# case read-only-no-tmpfs
pod run --rm --network none --read-only --read-only-tmpfs=false $IMG sh -c 'touch /x; touch /tmp/y; touch /run/z'
# case caps-default
pod run --rm --network none $IMG grep ^Cap /proc/self/status
# case caps-drop-all
pod run --rm --network none --cap-drop all $IMG grep ^Cap /proc/self/status
# case caps-add
pod run --rm --network none --cap-add NET_ADMIN --cap-add cap_sys_time $IMG grep ^Cap /proc/self/status
# case caps-drop-one
pod run --rm --network none --cap-drop CHOWN $IMG grep ^Cap /proc/self/status
# case caps-all
pod run --rm --network none --cap-add all --cap-drop SYS_RESOURCE $IMG grep CapAmb /proc/self/status
# case caps-unknown
pod run --rm --network none --cap-add NOSUCH $IMG true
# case caps-user
pod run --rm --network none -u alice $IMG grep ^Cap /proc/self/status
# case caps-user-added
pod run --rm --network none -u alice --cap-add NET_RAW $IMG grep ^Cap /proc/self/status
# case caps-both
pod run --rm --network none --cap-add CHOWN --cap-drop CHOWN $IMG true
# case no-new-privileges
pod run --rm --network none --security-opt no-new-privileges $IMG grep NoNewPrivs /proc/self/status
# case seccomp-unconfined
pod run --rm --network none --security-opt seccomp=unconfined $IMG grep ^Seccomp: /proc/self/status
# case seccomp-default
pod run --rm --network none $IMG grep ^Seccomp: /proc/self/status
# case seccomp-missing-file
pod run --rm --network none --security-opt seccomp=/no/such.json $IMG true
# case security-unknown
pod run --rm --network none --security-opt nosuch=x $IMG true
# case mask
pod run --rm --network none --security-opt mask=/data $IMG ls /data
# case unmask
pod run --rm --network none --security-opt unmask=/proc/kcore $IMG sh -c 'stat -c %s /proc/kcore | grep -vc ^0$'
# case masked-kcore
pod run --rm --network none $IMG stat -c '%t %T' /proc/kcore
# case proc-sys-readonly
pod run --rm --network none $IMG sh -c 'echo 1 > /proc/sys/kernel/core_uses_pid'
# case privileged
pod run --rm --network none --privileged $IMG sh -c 'grep ^Seccomp: /proc/self/status; ls /dev/fuse; echo x > /proc/sys/kernel/domainname && echo wrote'
# case ulimit
pod run --rm --network none --ulimit nofile=100:200 $IMG sh -c 'ulimit -n; ulimit -Hn'
# case ulimit-one-value
pod run --rm --network none --ulimit core=0 $IMG sh -c 'ulimit -c; ulimit -Hc'
# case ulimit-bad
pod run --rm --network none --ulimit nosuch=1 $IMG true
# case ulimit-soft-above-hard
pod run --rm --network none --ulimit nofile=300:200 $IMG true
# case shm-size
pod run --rm --network none --shm-size 3m $IMG sh -c "df -k /dev/shm | tail -1 | awk '{print \$2}'"
# case shm-size-bad
pod run --rm --network none --shm-size many $IMG true
# case sysctl
pod run --rm --network none --sysctl net.ipv4.ip_forward=1 --sysctl kernel.msgmax=1234 $IMG cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax
# case sysctl-refused
pod run --rm --network none --sysctl kernel.pid_max=1000 $IMG true
# case sysctl-bad
pod run --rm --network none --sysctl nothing $IMG true
# case device
pod run --rm --network none --device /dev/zero:/dev/myzero $IMG sh -c 'head -c 3 /dev/myzero | od -An -tx1'
# case device-read-only
pod run --rm --network none --device /dev/zero:/dev/myzero:r $IMG sh -c 'echo x > /dev/myzero'
# case device-missing
pod run --rm --network none --device /dev/nosuch $IMG true
# case device-bad-mode
pod run --rm --network none --device /dev/zero:/dev/z:q $IMG true
# case devices-default
pod run --rm --network none $IMG ls /dev
# case mounts-default
pod run --rm --network none $IMG sh -c "awk '{print \$2, \$3}' /proc/mounts | grep -v '^/ \|/etc/\|/run/' | sort"
# case umask
pod run --rm --network none $IMG sh -c umask
# case umask-given
pod run --rm --network none --umask 0077 $IMG sh -c umask
# case pid-host
pod run --rm --network none --pid host $IMG sh -c '[ $$ -gt 2 ] && echo many'
# case uts-host-hostname
pod run --rm --network none --uts host -h x $IMG true
# case ipc-private
pod run --rm --network none --ipc private $IMG ls /dev/shm
# case ipc-none
pod run --rm --network none --ipc none $IMG ls /dev/shm
# case network-none
pod run --rm --network none $IMG ls /sys/class/net
# case network-bad
pod run --rm --network nosuch $IMG true
# case network-none-publish
pod run --rm --network none -p 80:80 $IMG true
# case publish-bad
pod run --rm -p notaport $IMG true
# case publish-range-mismatch
pod run --rm -p 8000-8002:80-81 $IMG true
# case publish-too-large
pod run --rm -p 70000:80 $IMG true
# case oom-score
pod run --rm --network none --oom-score-adj 500 $IMG cat /proc/self/oom_score_adj
# case memory-too-small
pod run --rm --network none --memory 1k $IMG true
# case memory-bad
pod run --rm --network none --memory lots $IMG true
# case cpus-bad
pod run --rm --network none --cpus x $IMG true
# case stop-signal-bad
pod run --rm --network none --stop-signal NOSUCH $IMG true
# case detach-keys-bad
pod run --rm --network none --detach-keys 'ctrl-,,' $IMG true
# case platform-other
pod run --rm --network none --arch arm64 --pull never $IMG true
# case log-driver-bad
pod run --rm --network none --log-driver nosuch $IMG true
# case userns-bad
pod run --rm --network none --userns nosuch $IMG true
# case add-host
pod run --rm --network none --add-host one:10.0.0.1 $IMG grep ^10 /etc/hosts
# case add-host-bad
pod run --rm --network none --add-host one $IMG true
# case no-hosts
pod run --rm --network none --no-hosts $IMG cat /etc/hosts
# case tz
pod run --rm --network none --tz Asia/Tokyo $IMG sh -c 'date +%Z; wc -c < /etc/localtime'; pod create --network none --name c --tz Europe/Berlin $IMG true >/dev/null; pod inspect c --format '{{.Config.Timezone}}'; pod start c
# case tz-bad
for z in Nosuch/City ../../etc/passwd /etc/passwd Europe UTC/ utc; do pod run --rm --network none --tz $z $IMG true; echo $?; done
# case tz-mounted
echo own > $TMP/zone; pod run --rm --network none --tz Asia/Tokyo -v $TMP/zone:/etc/localtime $IMG cat /etc/localtime
# case preserve-fd
pod run --rm --network none --preserve-fd 6,4 --preserve-fd 5 $IMG sh -c 'cat <&6; cat <&4; cat <&5' 4<<<four 5<<<five 6<<<six
# case preserve-fd-bad
pod run --rm --network none --preserve-fd 9 $IMG true 9<&-; echo $?; pod run --rm --network none --preserve-fd 1 $IMG true; echo $?; pod run --rm --network none --preserve-fd x $IMG true; echo $?; pod run --rm --network none --preserve-fds 1 --preserve-fd 4 $IMG true 3<<<a 4<<<b; echo $?; pod run --rm --network none --preserve-fds 2 $IMG true 3<<<a 4<&-; echo $?; pod create --preserve-fds 1 $IMG true; echo $?
# case preserve-fd-exec
up c sleep 100; pod exec --preserve-fds 1 c sh -c 'cat <&3' 3<<<three; pod exec --preserve-fd 5 c sh -c 'cat <&5' 5<<<five; pod exec --preserve-fd 7 c true 7<&-; echo $?
