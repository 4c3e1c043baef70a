# case bind
mkdir $TMP/d; echo host > $TMP/d/f; pod run --rm --network none -v $TMP/d:/m $IMG sh -c 'cat /m/f; echo c > /m/new'; cat $TMP/d/new
# case bind-ro
mkdir $TMP/d; pod run --rm --network none -v $TMP/d:/m:ro $IMG touch /m/x
# case bind-missing
pod run --rm --network none -v $TMP/nosuch:/m $IMG true
# case bind-relative-target
pod run --rm --network none -v $TMP:relative $IMG true
# case bind-bad-option
pod run --rm --network none -v $TMP:/m:nosuch $IMG true
# case bind-too-many-colons
pod run --rm --network none -v $TMP:/m:ro:x $IMG true
# case bind-file
echo one > $TMP/f; pod run --rm --network none -v $TMP/f:/etc/motd $IMG cat /etc/motd
# case bind-noexec
mkdir $TMP/d; printf '#!/bin/sh\necho ran\n' > $TMP/d/x; chmod 755 $TMP/d/x; pod run --rm --network none -v $TMP/d:/m:noexec $IMG /m/x
# case bind-z
mkdir $TMP/d; pod run --rm --network none -v $TMP/d:/m:z,ro $IMG sh -c 'ls /m; echo $?'
# case bind-U
mkdir $TMP/d; pod run --rm --network none -u 1000 -v $TMP/d:/m:U $IMG stat -c '%u %g' /m
# case duplicate-target
pod run --rm --network none -v $TMP:/m -v $TMP:/m $IMG true
# case mount-bind
mkdir $TMP/d; pod run --rm --network none --mount type=bind,source=$TMP/d,target=/m,ro $IMG touch /m/x
# case mount-bind-no-source
pod run --rm --network none --mount type=bind,target=/m $IMG true
# case mount-no-target
pod run --rm --network none --mount type=tmpfs $IMG true
# case mount-bad-type
pod run --rm --network none --mount type=nosuch,target=/m $IMG true
# case mount-bad-key
pod run --rm --network none --mount type=tmpfs,target=/m,nosuch=1 $IMG true
# case mount-tmpfs
pod run --rm --network none --mount type=tmpfs,target=/m,tmpfs-size=1m,tmpfs-mode=700 $IMG sh -c "stat -c %a /m; df -k /m | tail -1 | awk '{print \$2}'"
# case tmpfs
pod run --rm --network none --tmpfs /t:size=64k,mode=1770 $IMG sh -c 'stat -c %a /t; df -k /t | tail -1 | awk "{print \$2}"'
# case tmpfs-copies-up
pod run --rm --network none --tmpfs /data $IMG ls /data
# case tmpfs-nocopyup
pod run --rm --network none --tmpfs /data:notmpcopyup $IMG ls /data
# case tmpfs-bad-option
pod run --rm --network none --tmpfs /t:nosuch $IMG true
# case tmpfs-relative
pod run --rm --network none --tmpfs t $IMG true
# case volume-named
pod run --rm --network none -v vol:/m $IMG sh -c 'echo kept > /m/f'; pod run --rm --network none -v vol:/m $IMG cat /m/f; pod volume rm vol
# case volume-copies-up
pod run --rm --network none -v vol:/data $IMG ls /data; pod volume rm vol
# case volume-nocopy
pod run --rm --network none -v vol:/data:nocopy $IMG ls /data; pod volume rm vol
# case volume-anonymous
pod run --rm --network none -v /m $IMG sh -c 'echo x > /m/f; cat /m/f'; pod volume ls -q
# case volume-anonymous-kept
pod run --network none --name k -v /m $IMG true; pod volume ls -q | wc -l; pod rm -v k; pod volume ls -q | wc -l
# case volume-ls
pod volume create v1; pod volume create --label a=b v2; pod volume ls; pod volume ls -q --filter label=a; pod volume rm v1 v2
# case volume-exists
pod volume create v1 >/dev/null; pod volume exists v1; echo $?; pod volume exists v9; echo $?; pod volume rm v1
# case volume-twice
pod volume create v1; pod volume create v1; pod volume rm v1
# case volume-rm-missing
pod volume rm nosuch
# case volume-in-use
pod create --network none --name u -v v1:/m $IMG true >/dev/null; pod volume rm v1; pod volume rm -f v1; pod ps -aq
# case volume-inspect
pod volume create --label x=1 v1 >/dev/null; pod volume inspect v1 --format '{{.Name}} {{.Driver}} {{.Labels}} {{.Scope}}'; pod volume rm v1
# case volume-bad-name
pod volume create 'a/b'
# case mount-volume
pod run --rm --network none --mount type=volume,source=vol,target=/m $IMG touch /m/x; pod volume rm vol
# case volumes-from
pod create --network none --name a -v vv:/m $IMG true >/dev/null; pod run --rm --network none --volumes-from a $IMG ls -d /m; pod rm a; pod volume rm vv
# case volumes-from-kinds
mkdir $TMP/b; echo b > $TMP/b/f; pod create --network none --name a -v vv:/m -v $TMP/b:/b:ro -v /anon --tmpfs /t --mount type=volume,src=vv,dst=/m/sub,ro $IMG true >/dev/null; pod run --rm --network none --volumes-from a $IMG sh -c 'cut -d" " -f5,6 /proc/self/mountinfo | grep -E "^/(m|b|anon|t)" | sort'; pod rm a; pod volume rm vv
# case volumes-from-options
pod create --network none --name a -v vv:/m -v v2:/r:ro $IMG true >/dev/null; for o in ro rw Z nosuid ro,rw z,z ''; do pod run --rm --network none --volumes-from a:$o $IMG sh -c 'cut -d" " -f5,6 /proc/self/mountinfo | grep -E "^/(m|r) " | sort'; echo $?; done; pod rm a; pod volume rm vv v2
# case volumes-from-order
pod create --network none --name a -v vv:/m -v v2:/x $IMG true >/dev/null; pod create --network none --name b -v v3:/m $IMG true >/dev/null; pod run --rm --network none --volumes-from a --volumes-from b $IMG sh -c 'grep -o "/volumes/[a-z0-9]*/" /proc/self/mountinfo | sort'; pod run --rm --network none --volumes-from b --volumes-from a $IMG sh -c 'grep -o "/volumes/[a-z0-9]*/" /proc/self/mountinfo | sort'; pod run --rm --network none --volumes-from a -v v4:/m --tmpfs /x $IMG sh -c 'grep -o "/volumes/[a-z0-9]*/" /proc/self/mountinfo'; pod rm a b | sort; pod volume rm vv v2 v3 v4
# case volumes-from-missing
pod run --rm --network none --volumes-from nosuch $IMG true; echo $?; pod run --rm --network none --volumes-from '' $IMG true; echo $?; pod ps -aq
# case volumes-from-anonymous
pod create --network none --name a -v /anon $IMG true >/dev/null; pod create --network none --name b --volumes-from a $IMG true >/dev/null; pod inspect b --format '{{.HostConfig.VolumesFrom}} {{range .Mounts}}{{.Type}} {{.Destination}}{{end}}'; pod rm -v a 2>/dev/null; pod volume ls -q | wc -l; pod rm -v b; pod volume ls -q | wc -l
# case volumes-from-shared
pod run --network none --name a -v /anon $IMG sh -c 'echo one > /anon/f'; pod run --rm --network none --volumes-from a $IMG sh -c 'cat /anon/f; echo two > /anon/f'; pod start -a a; pod run --rm --network none --volumes-from a:ro $IMG sh -c 'cat /anon/f; echo x > /anon/f'; pod rm -v a
