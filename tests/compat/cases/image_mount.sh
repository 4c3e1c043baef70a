# image mount, image unmount
# case mount root-only: the reference mounts for a user inside its unshare only, cpod not at all
m=$(pod image mount $IMG); ls $m | head -n 2; touch $m/x; pod image unmount $IMG
# case mount-layers
one; two; three; layered localhost/two:v1 $TMP/1 $TMP/2 $TMP/3; m=$(pod image mount two:v1); cat $m/a $m/dir/q; ls -a $m/dir; pod image unmount two:v1; pod rmi two:v1 >/dev/null
# case list root-only: the reference mounts for a user inside its unshare only, cpod not at all
pod image mount $IMG >/dev/null; pod image mount | sed 's/ .*//'; pod image unmount $IMG >/dev/null; pod image mount
# case json root-only: the reference mounts for a user inside its unshare only, cpod not at all
pod image mount $IMG >/dev/null; pod image mount --format json | grep -c '"mountpoint"'; pod image unmount $IMG >/dev/null; pod image mount --format json
# case twice
pod image mount $IMG >/dev/null; pod image mount $IMG >/dev/null; pod image unmount $IMG; pod image mount | wc -l; pod image unmount $IMG; pod image mount | wc -l; pod image unmount $IMG
# case force
pod image mount $IMG >/dev/null; pod image mount $IMG >/dev/null; pod image unmount -f $IMG; pod image mount | wc -l
# case several
one; layered localhost/one:v1 $TMP/1; pod image mount one:v1 $IMG | sed 's/ .*//'; pod image unmount one:v1 $IMG; pod rmi one:v1 >/dev/null
# case all-unmount
pod image mount $IMG >/dev/null; pod image unmount --all
# case missing
pod image mount nosuch
# case unmount-missing
pod image unmount nosuch
# case unmount-nothing
pod image unmount
# case mount-all-and-one
pod image mount -a $IMG
# case unmount-all-and-one
pod image unmount -a $IMG
# case bad-format
pod image mount --format table
