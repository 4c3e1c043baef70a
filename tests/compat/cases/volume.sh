# case create-prints-name
pod volume create v1; pod volume create | wc -c; pod volume ls -q | wc -l; pod volume rm -a | wc -l; pod volume ls -q
# case create-ignore
pod volume create v1; pod volume create v1; echo $?; pod volume create --ignore v1; echo $?; pod volume rm v1
# case create-bad-names
for n in 'a b' .x -- a/b ''; do pod volume create "$n" >/dev/null; echo $?; done; pod volume rm -a >/dev/null
# case create-two-names
pod volume create a b
# case create-labels
pod volume create -l x=y --label z --label x=2 --label 'a b=c d,e' v1; pod volume inspect v1 --format '{{.Labels}} {{index .Labels "x"}}'; pod volume rm v1
# case create-label-empty-key
pod volume create --label =x v1
# case create-bad-option
pod volume create -o bogus=3 v1; echo $?; pod volume create -o noval v1; echo $?; pod volume ls -q
# case create-bad-driver
pod volume create -d bogus v1
# case create-bad-uid
pod volume create -o o=uid=abc v1; echo $?; pod volume create --uid x v1; echo $?; pod volume ls -q
# case create-size-without-quota
pod volume create -o o=size=5m v1; echo $?; pod volume ls -q
# case create-bind-missing
pod volume create -o type=bind -o o=bind -o device=/nonexist v1; echo $?; pod volume ls -q
# case create-owner
pod volume create --uid 5 --gid 6 v1; pod volume inspect v1 --format '{{.UID}} {{.GID}} {{.NeedsChown}} {{.Options}}'; pod run --rm --network none -u 1000 -v v1:/m $IMG stat -c '%u %g %a' /m; pod volume rm v1
# case create-owner-option
pod volume create -o o=uid=33,gid=44 v1; pod volume inspect v1 --format '{{.UID}} {{.GID}} {{.Options}}'; pod run --rm --network none -v v1:/m $IMG stat -c '%u %g %a' /m; pod volume rm v1
# case create-noquota
pod volume create -o o=noquota v1; pod volume inspect v1 --format '{{.Options}}'; pod volume rm v1
# case tmpfs root-only: it shows the host's number of the user's group
pod volume create -o type=tmpfs -o device=tmpfs -o o=size=5m,uid=3,nodev v1; pod volume inspect v1 --format '{{.Options}} {{.UID}}'; pod run --rm --network none -v v1:/m $IMG sh -c "grep ' /m ' /proc/self/mountinfo | cut -d' ' -f5-; stat -c '%u %g %a' /m; df -k /m | tail -1 | awk '{print \$2}'; touch /m/x"; pod run --rm --network none -v v1:/m $IMG ls /m; pod volume rm v1
# case tmpfs-plain
pod volume create -o type=tmpfs v1; pod run --rm --network none -v v1:/data $IMG ls /data; pod run --rm --network none -v v1:/data:ro $IMG touch /data/x; echo $?; pod volume rm v1
# case tmpfs-mount-count
pod volume create -o type=tmpfs v1; pod volume inspect v1 --format '{{.MountCount}}'; pod run -d --network none --name k -v v1:/m $IMG sleep 100 >/dev/null; pod volume inspect v1 --format '{{.MountCount}}'; pod rm -f -t 0 k; pod volume inspect v1 --format '{{.MountCount}}'; pod volume rm v1
# case bind
mkdir $TMP/d; echo hi > $TMP/d/f; pod volume create -o type=none -o o=bind -o device=$TMP/d v1; pod run --rm --network none -v v1:/m $IMG sh -c 'cat /m/f; echo new > /m/g'; cat $TMP/d/g; pod volume rm v1; ls $TMP/d
# case bind-copies-up
mkdir $TMP/d; pod volume create -o type=none -o o=bind -o device=$TMP/d v1; pod run --rm --network none -v v1:/data $IMG ls /data; ls $TMP/d; pod volume rm v1
# case bind-gone
mkdir $TMP/d; pod volume create -o type=none -o o=bind -o device=$TMP/d v1; rmdir $TMP/d; pod run --rm --network none -v v1:/m $IMG true; [ $? -ge 125 ] && echo refused; pod volume rm v1
# case fresh-is-given-to-user
pod volume create v1; pod run --rm --network none -u 55:66 -v v1:/m $IMG stat -c '%u %g %a' /m; pod volume inspect v1 --format '{{.UID}} {{.GID}}'; pod run --rm --network none -u 2000 -v v1:/m $IMG sh -c 'stat -c "%u %g" /m; touch /m/x'; pod run --rm --network none -u 3000 -v v1:/m $IMG stat -c '%u %g' /m; pod volume rm v1
# case image-directory-keeps-owner
pod volume create v1; pod run --rm --network none -u 1000 -v v1:/data $IMG stat -c '%u %g' /data; pod volume inspect v1 --format '{{.UID}} {{.GID}} {{.NeedsChown}} {{.NeedsCopyUp}}'; pod volume rm v1
# case made-with-container
pod create --network none --name k -v v1:/m -v /anon $IMG true >/dev/null; pod volume ls -q | wc -l; pod volume inspect -a --format '{{.Anonymous}}' | sort; pod rm -v k; pod volume ls -q; pod volume rm -a
# case made-by-run-command-missing
pod run --rm --network none -v v1:/m $IMG nosuch; echo $?; pod volume ls -q; pod volume rm -a
# case ls-order
for n in zz aa mm; do pod volume create $n >/dev/null; done; pod volume ls; pod volume ls -n; pod volume ls -q; pod volume rm -a
# case ls-empty
pod volume ls; pod volume ls -q; pod volume ls --format json; pod volume ls --format '{{.Name}}'; pod volume inspect -a
# case ls-format
pod volume create -l a=b v1 >/dev/null; pod volume ls --format '{{.Name}} {{.Driver}} {{.Scope}} {{.Labels}} {{.Options}} {{.Anonymous}} {{.UID}} {{.GID}} {{.MountCount}} {{.Status}}'; pod volume ls --format 'table {{.Name}}\t{{.Driver}}'; pod volume ls --format '{{.Name}}\t{{.Driver}}'; pod volume ls -n --format 'table {{.Name}}'; pod volume ls --format '{{range .}}{{.Name}}|{{end}}'; pod volume rm -a
# case ls-json
pod volume create -l a=b v1 >/dev/null; pod volume create --uid 3 v2 >/dev/null; pod volume ls --format json | grep -v LockNumber | sed 's|"/.*/volumes|"/volumes|'; pod volume rm -a
# case ls-format-errors
pod volume create v1 >/dev/null; pod volume ls --format '{{.Bogus}}'; echo $?; pod volume ls -q --format '{{.Name}}'; echo $?; pod volume ls extra; echo $?; pod volume rm -a
# case ls-filters
pod volume create -l x=y a1 >/dev/null; pod volume create -l z -o type=tmpfs b1 >/dev/null; pod volume create ab >/dev/null; for f in name=a name=^a1 name=b1 driver=local driver=x label=x label=x=y label=x=q label!=x dangling=true dangling=false opt=type opt=type=tmpfs opt=o scope=local scope=x until=1h since=a1 after=b1 label=z; do echo "- $f"; pod volume ls -q --filter $f; done; pod volume ls -q -f name=a -f label=x; pod volume rm -a
# case ls-filters-bad
for f in before=b1 bogus=1 bogus dangling=x until=nonsense since=nosuch; do pod volume ls --filter $f; echo $?; done
# case ls-dangling
pod create --network none --name k -v used:/m $IMG true >/dev/null; pod volume create free >/dev/null; pod volume ls -q -f dangling=true; pod volume ls -q -f dangling=false; pod ps -a --filter volume=used --format '{{.Names}}'; pod rm k; pod volume rm -a
# case inspect
pod volume create -l a=b v1 >/dev/null; pod volume inspect v1 | grep -v LockNumber | sed 's|"/.*/volumes|"/volumes|'; pod volume rm v1
# case inspect-options
pod volume create -o type=tmpfs -o o=size=5m,uid=3 v1 >/dev/null; pod volume inspect v1 | grep -v LockNumber | sed 's|"/.*/volumes|"/volumes|'; pod volume inspect v1 --format '{{index .Options "SIZE"}} {{.UID}}'; pod volume rm v1
# case inspect-missing
pod volume create v1 >/dev/null; pod volume inspect nosuch; echo $?; pod volume inspect v1 nosuch --format '{{.Name}}'; echo $?; pod volume inspect; echo $?; pod volume inspect -a v1; echo $?; pod volume rm v1
# case inspect-part-of-name
pod volume create xyz1 >/dev/null; pod volume inspect xy --format '{{.Name}}'; pod volume create xyz2 >/dev/null; pod volume inspect xyz; echo $?; pod volume inspect yz1 --format x; echo $?; pod volume rm xyz; echo $?; pod volume rm xyz1 xyz2
# case inspect-any
pod volume create v1 >/dev/null; pod inspect v1 --format '{{.Name}} {{.Driver}}'; pod inspect --type volume v1 --format '{{.Name}}'; pod inspect --type volume nosuch; echo $?; pod volume rm v1
# case exists
pod volume create v1 >/dev/null; pod volume exists v1; echo $?; pod volume exists v; echo $?; pod volume exists; echo $?; pod volume rm v1
# case rm-several
pod volume create a1 >/dev/null; pod volume create b1 >/dev/null; pod volume rm a1 nosuch b1; echo $?; pod volume ls -q
# case rm-used
pod create --network none --name k -v v1:/m $IMG true >/dev/null; pod volume rm v1; echo $?; pod volume rm nosuch v1; echo $?; pod rm k; pod volume rm v1
# case rm-force
pod run -d --network none --name k -v v1:/m -v /anon $IMG sleep 100 >/dev/null; pod volume rm -f -t 0 v1; echo $?; pod ps -aq; pod volume ls -q; pod volume rm -f nosuch; echo $?
# case rm-words
pod volume rm; echo $?; pod volume rm -a x; echo $?; pod volume rm -t 0 x; echo $?
# case rm-twice
pod volume create v1 >/dev/null; pod volume rm v1 v1
# case prune
pod create --network none --name k -v used:/m $IMG true >/dev/null; pod volume create a >/dev/null; pod volume create b >/dev/null; pod volume prune -f; pod volume ls -q; pod rm k; pod volume prune -f; pod volume prune -f
# case prune-asks
pod volume create a >/dev/null; pod volume create b >/dev/null; echo n | pod volume prune; echo "=$?"; pod volume ls -q; echo y | pod volume prune; echo "=$?"; pod volume ls -q; echo y | pod volume prune; echo $?
# case prune-filters
pod volume create -l keep a >/dev/null; pod volume create b >/dev/null; pod volume prune -f --filter until=1h; pod volume prune -f --filter label!=keep; pod volume ls -q; pod volume prune -f --filter label=nosuch; pod volume prune -f --filter label=keep; pod volume prune -f --filter bogus=1; echo $?
# case events
s=$(date +%s.%N); sleep 0.02; pod volume create v1 >/dev/null; pod volume create v2 >/dev/null; pod volume rm v1 >/dev/null; pod volume prune -f >/dev/null; pod events --stream=false --since $s --filter type=volume --format '{{.Type}} {{.Status}} {{.Name}}'; pod events --stream=false --since $s --filter type=volume | cut -d' ' -f5-; pod events --stream=false --since $s --filter volume=v1 --format '{{.Status}}'; pod events --stream=false --since $s --filter event=prune --format json | sed 's/"time[^,]*,//g; s/"User":[^,]*,//'
# case events-of-run
s=$(date +%s.%N); sleep 0.02; pod run --rm --network none -v v1:/m -v /anon $IMG true; pod volume rm v1 >/dev/null; pod events --stream=false --since $s --filter type=volume --format '{{.Status}}'
# case shared
pod run --rm --network none -v v1:/m $IMG sh -c 'echo one > /m/f'; pod run -d --network none --name k -v v1:/x $IMG sh -c 'while ! [ -e /x/stop ]; do sleep 0.1; done' >/dev/null; pod run --rm --network none -v v1:/m:ro $IMG cat /m/f; pod run --rm --network none -v v1:/m:ro $IMG touch /m/g; echo $?; pod run --rm --network none -v v1:/m $IMG touch /m/stop; pod wait k; pod rm k; pod volume rm v1
