# More flags of run and create: --systemd, --env-merge, --hostuser, --personality, --sdnotify, limits of devices.
# case systemd-mode
sm() { pod create --name c --network none "$@" >/dev/null; pod inspect c --format '{{.Config.StopSignal}} {{.Config.SystemdMode}}'; pod rm c >/dev/null; }
sm $IMG true; sm --systemd always $IMG true; sm $IMG /sbin/init; sm $IMG /usr/lib/systemd/systemd; sm $IMG systemd; sm $IMG init; sm $IMG /usr/local/sbin/init; sm --systemd false $IMG /sbin/init; sm --stop-signal INT $IMG /sbin/init; sm --entrypoint /sbin/init $IMG true; sm --entrypoint '["sh","/sbin/init"]' $IMG true
# case systemd-mounts
pod run --rm --network none --systemd always $IMG sh -c 'for d in /run /run/lock /tmp /var/log/journal; do grep " $d " /proc/self/mountinfo | sed "s/.* - //; s/,.*//" | cut -d" " -f 1-3; done; grep " /sys/fs/cgroup " /proc/self/mountinfo | cut -d" " -f 6; test ${#container_uuid} -eq 32 && echo uuid'
# case systemd-own-mount
pod run --rm --network none --systemd always --tmpfs /run:size=1m --shm-size-systemd 2m $IMG sh -c 'df -k /run /tmp | awk "{print \$2, \$6}"'
# case systemd-wrong
pod create --systemd maybe $IMG true
# case env-merge
pod run --rm --network none --env-merge 'PATH=${PATH}:/x' --env-merge 'N=$FROM-$FROM' $IMG sh -c 'echo $PATH $N'; pod run --rm --network none --env-merge 'A=${NO}-x' $IMG sh -c 'echo $A'; pod run --rm --network none --env-merge 'A=${A}-x' -e A=1 $IMG sh -c 'echo $A'
# case env-merge-wrong
pod create --env-merge A $IMG true
# case hostuser
pod run --rm --network none --hostuser nobody $IMG grep nobody /etc/passwd; pod run --rm --network none --hostuser root $IMG grep -c . /etc/passwd; pod run --rm --network none --hostuser 65534 -u nobody $IMG id -u
# case hostuser-unknown
pod run --rm --network none --hostuser nosuchuser $IMG true; [ $? -ne 0 ] && echo refused
# case personality
pod run --rm --network none --personality LINUX32 $IMG uname -m; pod run --rm --network none --personality LINUX $IMG uname -m
# case personality-wrong
pod run --rm --network none --personality bogus $IMG true; [ $? -ne 0 ] && echo refused
# case sdnotify
pod create --name c --network none --sdnotify conmon $IMG true >/dev/null; pod inspect c --format '{{.Config.SdNotifyMode}}'; pod create --sdnotify bogus $IMG true; echo $?; pod create --sdnotify healthy $IMG true; echo $?
# case io-limits-wrong
for w in --device-read-bps=/dev/null:1mb --device-read-bps=null:1mb --device-read-bps=/dev/nosuch:1mb --device-read-iops=/dev/null:x --blkio-weight-device=/dev/null:5 --blkio-weight-device=/dev/null --device-write-bps=/dev/null:x; do pod create "$w" $IMG true 2>/dev/null; echo $?; done
