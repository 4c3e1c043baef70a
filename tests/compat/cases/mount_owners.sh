# case subpath-U
pod volume create v >/dev/null; pod run --rm --network none -v v:/m $IMG sh -c 'mkdir -p /m/a/b; echo f > /m/a/f; chown -R 9:9 /m'; pod run --rm --network none -u 5:6 --mount type=volume,src=v,dst=/x,subpath=a,U $IMG sh -c 'stat -c "%u %g" /x /x/f'; pod run --rm --network none -v v:/m $IMG stat -c '%u %g' /m; pod volume rm v
# case overlay-U-files
mkdir $TMP/d; echo x > $TMP/d/f; chmod 644 $TMP/d/f; pod run --rm --network none -u 5:6 -v $TMP/d:/m:O,U $IMG sh -c 'stat -c "%u %g %a" /m /m/f; echo y > /m/f; echo $?; cat /m/f'; cat $TMP/d/f
# case image-userns
pod run --rm --network none --uidmap 0:1000:1000 --gidmap 0:1000:1000 --mount type=image,src=$IMG,dst=/i,rw=true $IMG sh -c 'stat -c "%u %g" /i /i/data; touch /i/x; echo $?'; pod run --rm --network none --uidmap 0:1000:1000 --gidmap 0:1000:1000 --mount type=image,src=$IMG,dst=/i $IMG stat -c '%u %g' /i/data
# case overlay-userns
mkdir $TMP/d; echo x > $TMP/d/f; pod run --rm --network none --uidmap 0:1000:1000 --gidmap 0:1000:1000 -v $TMP/d:/m:O $IMG stat -c '%u %g' /m /m/f; pod run --rm --network none --uidmap 0:1000:1000 --gidmap 0:1000:1000 -v $TMP/d:/m:O,U $IMG stat -c '%u %g' /m /m/f
# case subpath-userns
pod volume create v >/dev/null; pod run --rm --network none -v v:/m $IMG mkdir -p /m/a; pod run --rm --network none --uidmap 0:1000:1000 --gidmap 0:1000:1000 --mount type=volume,src=v,dst=/x,subpath=a $IMG stat -c '%u %g' /x; pod volume rm v
# case glob-U
mkdir $TMP/g; echo 1 > $TMP/g/fa; pod run --rm --network none -u 5:6 --mount "type=glob,src=$TMP/g/f*,dst=/m,U=true" $IMG stat -c '%u %g' /m/fa
# case image-volume-owner
pod create --name x $IMG >/dev/null; pod commit -q --change 'VOLUME /data' --change 'USER 5:6' x localhost/vols >/dev/null; pod rm x >/dev/null; for o in anonymous tmpfs; do pod run --rm --network none --image-volume=$o localhost/vols sh -c 'stat -c "%u %g %a" /data /data/file'; done; pod rmi localhost/vols >/dev/null
# case volumes-from-kinds
mkdir $TMP/g; echo 1 > $TMP/g/fa; pod volume create v >/dev/null; pod run --rm --network none -v v:/m $IMG sh -c 'mkdir -p /m/a; echo in > /m/a/f'; pod create --network none --name a --mount type=volume,src=v,dst=/x,subpath=a --mount "type=glob,src=$TMP/g/f*,dst=/g" -v v:/o:O $IMG true >/dev/null; pod run --rm --network none --volumes-from a $IMG sh -c 'ls /x /g /o; touch /o/new'; pod run --rm --network none -v v:/m $IMG ls /m; pod rm a; pod volume rm v
# case rootfs-idmap root-only: the kernel lets nobody else
mkdir $TMP/r; pod create --name x $IMG >/dev/null; pod export x | tar -xf - -C $TMP/r; pod rm x >/dev/null; chown -R 0:0 $TMP/r; chown 5:6 $TMP/r/data/file; pod run --rm --network none --rootfs "$TMP/r:idmap=uids=0-0-5#5-50-1;gids=0-0-6#6-60-1" stat -c '%u %g' / /data/file
# case rootfs-idmap-words root-only: the kernel lets nobody else
mkdir $TMP/r; pod create --name x $IMG >/dev/null; pod export x | tar -xf - -C $TMP/r; pod rm x >/dev/null; for o in idmap=x idmap= idmap=uids=0-0-1 'idmap=uids=@0-0-1;gids=@0-0-1' O,idmap idmap,O; do echo "- $o"; pod run --rm --network none --rootfs "$TMP/r:$o" true; [ $? -lt 125 ] || echo refused; done
# case U-of-what-is-copied
for o in U O,U O; do echo "- $o"; pod run --rm --network none -u 5:6 -v fresh:/data:$o $IMG stat -c '%u %g' /data /data/file; pod volume rm fresh >/dev/null; done; pod run --rm --network none -u 5:6 -v fresh:/data:U $IMG true; pod run --rm --network none -v fresh:/m $IMG stat -c '%u %g' /m /m/file; pod volume rm fresh
