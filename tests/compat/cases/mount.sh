# mount, unmount: root file systems of containers on the host; volume mount, volume unmount, volume reload
# case list-none
pod mount; pod container mount
# case mount root-only: a user's mounts are seen inside unshare only
pod create --name c --network none $IMG sleep 100 >/dev/null; m=$(pod mount c); ls $m/bin/busybox | sed 's/.*bin/bin/'; echo hi >$m/new; pod umount c; ls -d $m/new 2>/dev/null; pod diff c | grep new
# case rootless root-only: the sentence of the user is in the case user
pod create --name c --network none $IMG sleep 100 >/dev/null; pod mount c | wc -l; pod unmount c
# case user
pod create --name c --network none $IMG sleep 100 >/dev/null; pod mount c >/dev/null; echo $?
# case user-unmount
pod create --name c --network none $IMG sleep 100 >/dev/null; pod unmount c
# case user-unmount-running
up c sleep 100; pod unmount c
# case user-mount-missing
pod mount nosuch
# case user-all
pod create --name c --network none $IMG sleep 100 >/dev/null; pod mount -a | wc -l; pod unmount -a | wc -l
# case inside-unshare
pod create --name c --network none $IMG sleep 100 >/dev/null; pod unshare true 2>/dev/null || true; if [ "$(id -u)" = 0 ]; then m=$(pod mount c); test -e $m/bin/busybox; echo $?; pod umount c; else pod unshare bash -c 'm=$("$@" mount c); test -e $m/bin/busybox; echo $?; "$@" umount c' x "${ENGINE[@]}"; fi
# case list-one root-only: a user's mounts are seen inside unshare only
pod create --name c --network none $IMG sleep 100 >/dev/null; pod mount c >/dev/null; pod mount | sed 's/ .*//'; pod mount --no-trunc | sed 's/ .*//'; pod mount --notruncate | sed 's/ .*//'; pod unmount c; pod mount | wc -l
# case list-width root-only: a user's mounts are seen inside unshare only
pod create --name c --network none $IMG sleep 100 >/dev/null; pod create --name d --network none $IMG sleep 100 >/dev/null; pod mount -a | sed 's,/.*,,' | sed 's/[0-9a-f]/x/g'; pod mount | sed 's,/.*,,' | wc -l; pod umount -a | wc -l
# case two-names root-only: a user's mounts are seen inside unshare only
pod create --name c --network none $IMG sleep 100 >/dev/null; pod create --name d --network none $IMG sleep 100 >/dev/null; pod mount c d | sed 's,/.*,,'; pod umount c d
# case running root-only: a user's mounts are seen inside unshare only
up c sh -c 'echo in >/in; sleep 100'; until pod exec c test -e /in; do sleep 0.1; done; m=$(pod mount c); cat $m/in; echo out >$m/out; pod exec c cat /out; pod umount c; pod mount | wc -l
# case running-listed root-only: a user's mounts are seen inside unshare only
up c sleep 100; pod mount | sed 's, .*,,'; pod umount c; pod mount | wc -l; pod umount -f c
# case json root-only: a user's mounts are seen inside unshare only
pod mount --format json; pod create --name c --network none $IMG sleep 100 >/dev/null; pod mount --format json; pod mount c >/dev/null; pod mount --format json | sed 's/"mountpoint.*/"mountpoint"/'; pod mount --format json c | sed "s,.*/,,"
# case format
pod mount --format table
# case format-go
pod mount --format '{{.ID}}'
# case twice root-only: a user's mounts are seen inside unshare only
pod create --name c --network none $IMG sleep 100 >/dev/null; pod mount c >/dev/null; pod mount c >/dev/null; pod unmount c; pod mount | wc -l; pod unmount c; pod mount | wc -l; pod unmount c; echo $?
# case force root-only: a user's mounts are seen inside unshare only
pod create --name c --network none $IMG sleep 100 >/dev/null; pod mount c >/dev/null; pod mount c >/dev/null; pod unmount -f c; pod mount | wc -l; pod unmount -f c
# case unmount-not-mounted root-only: the user has a sentence of their own
pod create --name c --network none $IMG sleep 100 >/dev/null; pod unmount c; pod unmount -a
# case latest root-only: a user's mounts are seen inside unshare only
pod create --name c --network none $IMG sleep 100 >/dev/null; pod mount -l | wc -l; pod unmount -l
# case latest-none
pod mount -l
# case latest-and-name
pod create --name c --network none $IMG sleep 100 >/dev/null; pod mount -l c; pod umount -l c
# case all-and-name
pod mount -a x; echo $?; pod umount -a x
# case unmount-nothing
pod unmount
# case unmount-missing
pod unmount nosuch
# case mixed root-only: a user's mounts are seen inside unshare only
pod create --name c --network none $IMG sleep 100 >/dev/null; pod mount nosuch c | wc -l; pod mount | wc -l; pod umount nosuch c; echo $?; pod mount | wc -l
# case rm-mounted root-only: a user's mounts are seen inside unshare only
pod create --name c --network none $IMG sleep 100 >/dev/null; m=$(pod mount c); pod rm c; echo $?; ls -d $m/bin 2>/dev/null; pod mount | wc -l
# case rm-force-mounted root-only: a user's mounts are seen inside unshare only
pod create --name c --network none $IMG sleep 100 >/dev/null; m=$(pod mount c); pod rm -f c; echo $?; ls -d $m/bin 2>/dev/null; pod mount | wc -l
# case start-mounted root-only: a user's mounts are seen inside unshare only
pod create --name c --network none $IMG sh -c 'cat /new' >/dev/null; m=$(pod mount c); echo new >$m/new; pod start -a c; pod mount | wc -l; pod umount c; pod mount | wc -l
# case rootfs root-only: a user's mounts are seen inside unshare only
mkdir $TMP/r; echo f >$TMP/r/f; pod create --name c --network none --rootfs $TMP/r /x >/dev/null; m=$(pod mount c); cat $m/f; pod umount c; echo $?; pod mount | wc -l
# case volume-mount root-only: a user's mounts are seen inside unshare only
pod volume create v1; pod volume mount v1 | sed 's,.*/volumes,volumes,'; pod volume unmount v1; pod volume unmount v1; pod volume rm v1
# case volume-mount-user
pod volume create v1; pod volume mount v1 | wc -l; pod volume unmount v1; pod volume rm v1
# case volume-mount-missing
pod volume mount nosuch; echo $?; pod volume unmount nosuch
# case volume-mount-two
pod volume mount a b; echo $?; pod volume unmount; echo $?; pod volume mount
# case volume-mount-tmpfs root-only: a user's mounts are seen inside unshare only
pod volume create --opt type=tmpfs --opt device=tmpfs v1; m=$(pod volume mount v1); stat -f -c %T $m; pod volume rm v1; echo $?; pod volume unmount v1; stat -f -c %T $m | grep -c tmpfs; pod volume rm v1
# case volume-mount-twice root-only: a user's mounts are seen inside unshare only
pod volume create --opt type=tmpfs --opt device=tmpfs v1; m=$(pod volume mount v1); pod volume mount v1 >/dev/null; pod volume unmount v1; grep -c " $m " /proc/self/mounts; pod volume unmount v1;  grep -c " $m " /proc/self/mounts; pod volume rm v1
# case volume-reload
pod volume reload; echo $?; pod volume reload x
# case volume-reload-quiet
pod volume create v1; pod volume reload | wc -l; pod volume ls -q; pod volume rm v1
