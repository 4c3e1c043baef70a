# --userns, and the lines of passwd and group
# case keep-id-ids
pod run --rm --network none --userns keep-id:uid=200,gid=210 $IMG sh -c 'id; tail -n 1 /etc/passwd; tail -n 1 /etc/group; echo $HOME'
# case keep-id-map
pod run --rm --network none --userns keep-id:uid=200,gid=210 $IMG cat /proc/self/uid_map /proc/self/gid_map
# case keep-id-size
pod run --rm --network none --userns keep-id:uid=5,gid=5,size=100 $IMG cat /proc/self/uid_map
# case keep-id-far
pod run --rm --network none --userns keep-id:uid=70000,gid=70000 $IMG cat /proc/self/uid_map
# case keep-id-empty
pod run --rm --network none --userns keep-id: $IMG sh -c 'stat -c %u:%g /etc /bin/busybox /etc/hosts'
# case keep-id-root
pod run --rm --network none --userns keep-id:uid=200,gid=210 -u 0 $IMG sh -c 'id; touch /x; stat -c %u:%g /x; grep CapEff /proc/self/status'
# case keep-id-other
pod run --rm --network none --userns keep-id:uid=200,gid=210 -u 77:78 $IMG sh -c 'id -u; id -g; tail -n 1 /etc/passwd; tail -n 1 /etc/group'
# case keep-id-caps
pod run --rm --network none --userns keep-id:uid=200,gid=210 $IMG grep Cap /proc/self/status; pod run --rm --network none --userns keep-id:uid=200,gid=210 --privileged $IMG grep Cap /proc/self/status
# case keep-id-bind
mkdir $TMP/d; pod run --rm --network none --userns keep-id:uid=200,gid=210 -v $TMP/d:/d $IMG sh -c 'touch /d/x; stat -c %u:%g /d /d/x'; [ $(stat -c %u $TMP/d/x) = $(id -u) ]; echo $?
# case keep-id-volume
pod run --rm --network none --userns keep-id:uid=200,gid=210 -v kv:/v $IMG sh -c 'touch /v/x; stat -c %u:%g /v /v/x'; pod volume rm kv
# case keep-id-tmpfs
pod run --rm --network none --userns keep-id:uid=200,gid=210 --tmpfs /t $IMG sh -c 'stat -c "%u:%g %a" /t /dev/shm'
# case keep-id-life
pod run -d --name c --network none --userns keep-id:uid=200,gid=210 $IMG sleep 100 >/dev/null; pod exec c id; pod exec -u 0 c id; pod exec -u 5:6 c id -u; pod inspect c --format '{{.HostConfig.UsernsMode}} {{json .HostConfig.IDMappings}} {{.Config.User}}'; pod stop -t 0 c; pod start c; pod exec c id -u; pod rm -f -t 0 c
# case keep-id-create-diff
pod create --name c --network none --userns keep-id:uid=200,gid=210 $IMG sh -c 'echo x > /tmp/x; exit 3' >/dev/null; pod start -a c; echo $?; pod diff c | grep tmp; pod rm c
# case keep-id-words
for w in keep-id:foo=1 keep-id:uid keep-id:uid=x keep-idx bogus; do pod run --rm --network none --userns $w $IMG true; echo $?; done
# case environment
PODMAN_USERNS=keep-id:uid=200,gid=210; export PODMAN_USERNS; pod run --rm --network none $IMG id -u; pod run --rm --network none --userns host $IMG id -u
# case host
pod run --rm --network none --userns host $IMG sh -c 'id -u; stat -c %u:%g /etc'
# case name-of-number
pod run --rm --network none -u 4242 $IMG sh -c 'id; tail -n 1 /etc/passwd; echo $HOME'; pod run --rm --network none -u 4242:4343 -w /tmp $IMG sh -c 'id; tail -n 1 /etc/passwd; tail -n 1 /etc/group; echo $HOME'
# case passwd-false
pod run --rm --network none -u 4242 --passwd=false $IMG sh -c 'id; wc -l < /etc/passwd'
# case passwd-entry
pod run --rm --network none -u 4242:4343 --passwd-entry 'a:b:$UID:$GID:$NAME:$HOME:x' --group-entry 'g:$GID:$USERLIST' $IMG sh -c 'tail -n 1 /etc/passwd; tail -n 1 /etc/group'
# case number-known
pod run --rm --network none -u 1000 $IMG sh -c 'id; wc -l < /etc/passwd'
# case number-diff
pod run --name c --network none -u 4242:4343 $IMG true; pod diff c; pod start c >/dev/null; pod wait c; pod rm c
# case groups
for u in 0 root 0:0 77 77:0 alice alice:alice 0:5; do pod run --rm --network none -u $u $IMG sed -n 's/^Groups:\t*//p' /proc/self/status; done; pod run --rm --network none $IMG sed -n 's/^Groups:\t*//p' /proc/self/status
# case groups-exec
pod run -d --name c --network none --group-add 9 $IMG sleep 100 >/dev/null; pod exec c sed -n 's/^Groups:\t*//p' /proc/self/status; pod exec -u 5 c sed -n 's/^Groups:\t*//p' /proc/self/status; pod exec -u alice c sed -n 's/^Groups:\t*//p' /proc/self/status; pod rm -f -t 0 c >/dev/null
# case containerenv
pod run --rm --network none $IMG wc -c /run/.containerenv; pod run --rm --network none --privileged $IMG grep -c = /run/.containerenv
