# --userns container:NAME and ns:PATH: the user namespace of another
# case join
m="--uidmap 0:300000:2000"; [ $(id -u) = 0 ] || m=--userns=auto:size=2000
pod run -d --name a --network none $m $IMG sleep 100 >/dev/null; pod run --rm --network none --userns container:a $IMG sh -c 'cat /proc/self/uid_map /proc/self/gid_map | tr -s " "; id -u; stat -c %u:%g /bin/busybox /etc /etc/hosts; touch /x; stat -c %u:%g /x; grep Cap /proc/self/status'
# case same-namespace
m="--uidmap 0:300000:2000"; [ $(id -u) = 0 ] || m=--userns=auto:size=2000
pod run -d --name a --network none $m $IMG sleep 100 >/dev/null; pod run -d --name b --network none --userns container:a $IMG sleep 100 >/dev/null
for n in user mnt pid uts ipc net; do [ "$(pod exec a readlink /proc/self/ns/$n)" = "$(pod exec b readlink /proc/self/ns/$n)" ]; echo $n $?; done; pod exec b id -u; pod exec -u 5 b id -u
# case inspect
m="--uidmap 0:300000:2000"; [ $(id -u) = 0 ] || m=--userns=auto:size=2000
pod create --name a --network none $m $IMG sleep 100 >/dev/null; pod create --name b --network none --userns container:a $IMG true >/dev/null; pod rename a z; pod inspect b --format '{{.HostConfig.UsernsMode}} {{json .HostConfig.IDMappings}} {{json .Dependencies}}'
# case keep-id
pod run -d --name a --network none --userns keep-id:uid=200,gid=210 $IMG sleep 100 >/dev/null; pod run --rm --network none --userns container:a $IMG sh -c 'id -u; cat /proc/self/uid_map | tr -s " "'
# case other-namespaces
m="--uidmap 0:300000:2000"; [ $(id -u) = 0 ] || m=--userns=auto:size=2000
pod run -d --name a --network none $m $IMG sleep 100 >/dev/null; pod run --rm --userns container:a --pid container:a --ipc container:a --uts container:a --network container:a $IMG sh -c 'ps -o comm | grep -cx sleep; grep -c : /proc/net/dev; hostname | wc -c'
# case namespaces-of-the-host
m="--uidmap 0:300000:2000"; [ $(id -u) = 0 ] || m=--userns=auto:size=2000
pod run -d --name a --network none $m $IMG sleep 100 >/dev/null; pod run -d --name h --network none $IMG sleep 100 >/dev/null; pod run --rm --userns container:a --network container:h $IMG sh -c 'grep -c : /proc/net/dev; ls /sys | head -n 3'; pod run --rm --userns container:a --network host --pid host $IMG sh -c 'id -u; ls /sys | head -n 3'
# case own-users-with-the-network-of-another
m="--uidmap 0:300000:2000"; [ $(id -u) = 0 ] || m=--userns=auto:size=2000
pod run -d --name h --network none $IMG sleep 100 >/dev/null; pod run --rm --network container:h $m $IMG sh -c 'grep -c : /proc/net/dev; cat /proc/self/uid_map | tr -s " "'
# case flags
m="--uidmap 0:300000:2000"; [ $(id -u) = 0 ] || m=--userns=auto:size=2000
pod run -d --name a --network none $m $IMG sleep 100 >/dev/null; pod run --rm --network none --userns container:a --privileged $IMG grep Cap /proc/self/status; pod run --rm --network none --userns container:a --read-only $IMG touch /x; echo $?; pod run --rm --network none --userns container:a -u 1000 -v v1:/data $IMG sh -c 'id -u; stat -c %u:%g /data'; pod volume rm v1; pod run --rm --network none --userns container:a -u 5000 $IMG true; echo $?
# case life
m="--uidmap 0:300000:2000"; [ $(id -u) = 0 ] || m=--userns=auto:size=2000
pod run -d --name a --network none $m $IMG sleep 100 >/dev/null; pod run -d --name b --network none --userns container:a $IMG sleep 100 >/dev/null; pod restart -t 0 a; pod exec b id -u; pod restart -t 0 b; [ "$(pod exec a readlink /proc/self/ns/user)" = "$(pod exec b readlink /proc/self/ns/user)" ]; echo $?; pod stop -t 0 b; pod stop -t 0 a; pod start b; st a; pod rm -f -t 0 a; echo $?; pod rm -f -t 0 b; pod rm -f -t 0 a
# case files
m="--uidmap 0:300000:2000"; [ $(id -u) = 0 ] || m=--userns=auto:size=2000
pod create --name a --network none $m $IMG sleep 100 >/dev/null; pod create --name b --network none --userns container:a $IMG sh -c 'touch /x; chown 7:8 /x' >/dev/null; pod start -a b; pod diff b | grep x; pod commit -q b localhost/joined >/dev/null; pod run --rm --network none localhost/joined stat -c %u:%g /x; pod rmi -f localhost/joined >/dev/null
# case missing
pod create --userns container:nosuch $IMG true; echo $?; pod run --rm --userns container: $IMG true; echo $?; pod run --rm --userns ns: $IMG true; echo $?; pod run --rm --userns ns:/nosuch $IMG true; echo $?; pod ps -aq
# case no-namespace
pod run --rm --network none --userns ns:/etc/passwd $IMG true; echo $?
# case other-kind
pod run -d --name a --network none $IMG sleep 100 >/dev/null; pod run --rm --network none --userns ns:/proc/$(pod inspect a --format '{{.State.Pid}}')/ns/net $IMG true; echo $?
# case container-without
pod run -d --name a --network none $IMG sleep 100 >/dev/null; pod run --rm --network none --userns container:a $IMG true; echo $?
# case environment
m="--uidmap 0:300000:2000"; [ $(id -u) = 0 ] || m=--userns=auto:size=2000
pod run -d --name a --network none $m $IMG sleep 100 >/dev/null; export PODMAN_USERNS=container:a; pod run --rm --network none $IMG sh -c 'cat /proc/self/uid_map | tr -s " "'; pod run --rm --network none --userns host $IMG id -u
# case with-maps
pod create --name a --network none $IMG true >/dev/null; pod create --userns container:a --uidmap 0:0:1 $IMG true; echo $?; pod create --userns container:a --subuidname x $IMG true; echo $?
