# --uidmap, --gidmap and their flags, --userns auto and nomap. What a host is asked for that has no ids for it is in tests/integration/usermaps.bats.
# case both-kinds
m() { pod run --rm --network none "$@" $IMG sh -c 'cat /proc/self/uid_map /proc/self/gid_map | tr -s " " | sed "s/^ //"; id -u; stat -c %u:%g /bin/busybox /etc/hosts; touch /x && stat -c %u:%g /x'; }
m --uidmap 0:1:10 --gidmap 0:1:20
# case one-kind
m() { pod run --rm --network none "$@" $IMG sh -c 'cat /proc/self/uid_map /proc/self/gid_map | tr -s " " | sed "s/^ //"'; }
m --uidmap 0:1:10; m --gidmap 0:7:100; m --uidmap 0:5
# case several
m() { pod run --rm --network none "$@" $IMG sh -c 'cat /proc/self/uid_map /proc/self/gid_map | tr -s " " | sed "s/^ //"'; }
m --uidmap 0:0:1 --uidmap 1:5:10; m --uidmap 1:5:10,0:0:1
# case kinds
m() { pod run --rm --network none "$@" $IMG sh -c 'cat /proc/self/uid_map /proc/self/gid_map | tr -s " " | sed "s/^ //"'; }
m --uidmap 0:1:10 --gidmap g0:1:20; m --uidmap g0:1:10
# case extended
m() { pod create --name c --network none "$@" $IMG true >/dev/null; pod inspect c --format '{{json .HostConfig.IDMappings}} {{.HostConfig.UsernsMode}}'; pod rm c >/dev/null; }
m --uidmap 0:0:100 --uidmap +50:200:2; m --uidmap 0:0:100 --uidmap +500:50:2; m --uidmap +0:0:10 --uidmap u+5:30:1
# case user
pod run --rm --network none --uidmap 0:1:2000 -u 1000 $IMG sh -c 'id -u; touch /tmp/x; stat -c %u:%g /tmp/x; grep CapEff /proc/self/status'
# case volume
pod run --rm --network none --uidmap 0:1:2000 -v $TMP-vol:/v $IMG sh -c 'stat -c %u:%g /v; touch /v/x; stat -c %u:%g /v/x'; pod volume rm $TMP-vol >/dev/null
# case exec
pod run -d --name c --network none --uidmap 0:1:2000 $IMG sleep 100 >/dev/null; pod exec c sh -c 'id -u; cat /proc/self/uid_map | tr -s " "'; pod exec -u 5 c id -u
# case commit
pod run --name c --network none --uidmap 0:1:2000 $IMG sh -c 'touch /x; chown 7:8 /x'; pod commit -q c localhost/mapped >/dev/null; pod run --rm --network none localhost/mapped stat -c %u:%g /x; pod run --rm --network none --uidmap 0:1:2000 localhost/mapped stat -c %u:%g /x; pod rmi -f localhost/mapped >/dev/null
# case wrong-words
for w in @1000:0 a:b 0:1:0 0 0:1:x 0:x; do pod create --uidmap $w $IMG true >/dev/null; echo $?; done; pod create --uidmap 0:1:10 --uidmap 5:30:10 $IMG true >/dev/null; echo $?
# case exclusive
for u in keep-id private host auto; do pod create --userns $u --uidmap 0:1:10 $IMG true; echo $?; done; pod create --userns private $IMG true; echo $?; pod create --uidmap 0:1:10 --subuidname x $IMG true; echo $?
# case unknown-name
pod create --subuidname nosuchname $IMG true; echo $?
# case auto-words
for w in auto:foo=1 auto:size=x auto:size nomap:x; do pod create --userns $w $IMG true; echo $?; done
# case nomap
pod run --rm --network none --userns nomap $IMG sh -c 'cat /proc/self/uid_map | tr -s " "; id -u; stat -c %u:%g /bin/busybox'; echo $?
