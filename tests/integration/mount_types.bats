#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# mount_types.bats - mounts whose tree is made for the container: of images, overlays, parts, other owners. As root.
load sandbox

setup_file() { sandbox_make; }
teardown_file() { store_remove; }
teardown()
{
	cpod rm -fa -t 0 >/dev/null
	cpod volume prune -f >/dev/null
}

@test "an image is mounted; what is written into it goes with each start, and an image in use stays" {
	odd_image other '{}' only=text:other link=link:/etc/passwd setuid=text:x
	run_in --mount type=image,src=localhost/other,dst=/i busy sh -c 'cat /i/only; touch /i/x'
	output_has other
	output_has 'Read-only file system'
	cpod create --name c --network none --mount type=image,src=localhost/other,dst=/i,rw=true busy sh -c 'ls /i/x; echo new > /i/x && cat /i/x /i/only' >/dev/null
	for _ in 1 2; do
		run --separate-stderr cpod start -a c
		output_is $'new\nother'
	done
	run cpod rmi localhost/other
	[ "$status" = 2 ]
	run cpod rmi -f localhost/other # c is made of another image: it is not removed
	[ "$status" = 2 ]
	output_has 'a container has it as a mount: remove the container first'
	run cpod images -n --format '{{.Containers}}' --filter reference=localhost/other
	output_is 0
	cpod container exists c
	cpod image prune -af >/dev/null
	cpod image exists localhost/other
	cpod rm c >/dev/null
	cpod rmi localhost/other >/dev/null
	run cpod image exists localhost/other
	[ "$status" = 1 ]
}

@test "T-KU-02: a part of a volume or an image that is a link leads to what lies inside, or nowhere" {
	local way
	cpod volume create v >/dev/null
	run_in -v v:/m busy sh -c "mkdir -p /m/in/dir /m$STORE && echo inside > /m/in/dir/file && ln -s $OUTSIDE /m/abs && ln -s ../../../../../../../../..$OUTSIDE /m/up &&
		ln -s /proc/self/root$OUTSIDE /m/proc && ln -s /proc/1/root /m/root && ln -s in /m/good && ln -s loop /m/loop"
	attack()
	{
		for way in abs up proc root loop abs/file "../../../../../../..$OUTSIDE" "$OUTSIDE"; do
			run_in --mount "type=volume,src=v,dst=/x,subpath=$way" busy sh -c 'cat /x /x/file; echo changed > /x/file; touch /x/new'
			[ "$status" != 0 ]
			[[ $output != *canary* ]] || { echo "$way: $output"; return 1; }
		done
	}
	outside_same attack
	run_in --mount type=volume,src=v,dst=/x,subpath=good/dir busy cat /x/file
	output_is inside
	odd_image links '{}' "abs=link:$OUTSIDE" "up=link:../../../../../..$OUTSIDE" in=dir:755 in/file=text:inside good=link:/in
	for way in /abs /up "/../../..$OUTSIDE"; do
		run_in --mount "type=image,src=localhost/links,dst=/x,subpath=$way" busy cat /x/file
		[ "$status" != 0 ]
		[[ $output != *canary* ]]
	done
	run_in --mount type=image,src=localhost/links,dst=/x,subpath=/good busy cat /x/file
	output_is inside
	run_in --mount type=image,src=localhost/links,dst=/x,rw=true,subpath=/good busy sh -c 'echo new > /x/file; cat /x/file'
	output_is new
}

@test "T-KU-02: a part that is a directory and a link by turns, while containers start" {
	local i pid
	cpod volume create v >/dev/null
	run_in -v v:/m busy mkdir /m/dir
	local data
	data=$(cpod volume inspect v --format '{{.Mountpoint}}')
	python3 -c 'import os, sys
os.chdir(sys.argv[1])
os.symlink(sys.argv[2], "link")
while True:
    os.rename("dir", "spare"); os.rename("link", "dir")
    os.rename("dir", "link"); os.rename("spare", "dir")' "$data" "$OUTSIDE" 3>&- &
	pid=$!
	race()
	{
		for ((i = 0; i < ROUNDS; i++)); do
			run_in --mount type=volume,src=v,dst=/x,subpath=dir busy sh -c 'cat /x/file; touch /x/new'
			[[ $output != *canary* ]] || return 1
		done
	}
	outside_same race
	kill $pid
	wait $pid || true
}

@test "an overlay over a directory: nothing is written into it, and nothing stays mounted or behind" {
	mkdir "$STORE/low"
	echo low > "$STORE/low/file"
	cpod run --name c --network none -v "$STORE/low:/m:O" busy sh -c 'echo new > /m/file; touch /m/more; rm /m/file'
	[ "$(ls "$STORE/low")" = file ] && [ "$(cat "$STORE/low/file")" = low ]
	run cpod start -a c
	[ "$status" = 0 ]
	run grep -c "$STORE" /proc/self/mountinfo
	output_is 0
	cpod cp c:/m/file - 2>&1 | grep -q 'is mounted when container c runs'
	cpod rm c >/dev/null
	empty_dirs "$STORE/root/trash" "$STORE/root/containers"
	run_in -v "$STORE/low/file:/m:O" busy true
	[ "$status" = 125 ]
	output_has 'is no directory: leave the option O out'
}

@test "a root file system that is a directory of the host, behind an overlay: it stays as it is, the container keeps its changes" {
	mkdir -p "$STORE/rootfs"
	cpod export "$(cpod create busy)" | tar -xf - -C "$STORE/rootfs"
	echo 'me:x:77:78::/:/bin/sh' >> "$STORE/rootfs/etc/passwd"
	cpod run --name c --network none -u me --rootfs "$STORE/rootfs:O" sh -c 'id -u; echo kept > /tmp/new'
	[ ! -e "$STORE/rootfs/tmp/new" ]
	run cpod exec c true
	[ "$status" != 0 ]
	cpod cp c:/tmp/new - | tar -xOf - | grep -qx kept
	cpod export c | tar -tf - | grep -qx tmp/new
	run_in --uidmap 0:100000:1000 --gidmap 0:100000:1000 --rootfs "$STORE/rootfs:idmap" sh -c 'stat -c "%u %g" /bin; touch /made'
	output_is '0 0'
	[ "$(stat -c '%u %g' "$STORE/rootfs/made")" = '0 0' ]
	run_in --rootfs "$STORE/rootfs:idmap=x" true
	[ "$status" = 125 ]
}

@test "idmap: files have the owners on the disk that the container's users have inside" {
	mkdir "$STORE/owned"
	touch "$STORE/owned/root" "$STORE/owned/five"
	chown 5:6 "$STORE/owned/five"
	local maps=(--uidmap 0:100000:1000 --gidmap 0:100000:1000)
	run_in "${maps[@]}" -v "$STORE/owned:/m:idmap" busy sh -c 'stat -c "%u %g" /m/root /m/five; touch /m/made'
	output_is $'0 0\n5 6'
	[ "$(stat -c '%u %g' "$STORE/owned/made")" = '0 0' ]
	run_in "${maps[@]}" -v "$STORE/owned:/m" busy stat -c '%u %g' /m/five
	output_is '65534 65534'
	run_in "${maps[@]}" -v "$STORE/owned:/m:idmap=uids=@5-9-1;gids=@6-9-1" busy stat -c '%u %g' /m/five
	output_is '9 9'
	run_in "${maps[@]}" -u 3:4 -v "$STORE/owned:/m:idmap,U" busy stat -c '%u %g' /m/five
	output_is '3 4'
	[ "$(stat -c '%u %g' "$STORE/owned/five")" = '3 4' ]
	run_in -v "$STORE/owned:/m:idmap=uids=0-1-4294967295;gids=0-1-99999999999" busy true
	[ "$status" = 125 ]
	run_in -v "$STORE/owned:/m:idmap=uids=$(printf '%d-1-1#' {1..400} | sed 's/#$//');gids=0-0-1" busy true
	output_has '400 ranges are too many: the kernel takes 340'
	run_in "${maps[@]}" -v /proc/self/fd:/m:idmap busy true
	[ "$status" = 125 ]
	output_has 'cannot be mounted with idmap'
}

@test "U gives what is mounted, not what lies below or beside it" {
	mkdir "$STORE/mine"
	touch "$STORE/mine/file"
	run_in -u 5:6 -v "$STORE/mine:/m:O,U" busy sh -c 'stat -c "%u %g" /m /m/file; echo x > /m/file && cat /m/file'
	output_is $'5 6\n5 6\nx'
	[ "$(stat -c %u%g "$STORE/mine/file")" = 00 ]
	run_in -v v:/m busy sh -c 'mkdir /m/in; touch /m/in/file /m/beside; ln -s /beside /m/in/link; chown -R 9:9 /m'
	run_in -u 5:6 --mount type=volume,src=v,dst=/x,subpath=in,U busy stat -c '%u %g' /x /x/file
	output_is $'5 6\n5 6'
	run_in -u 5:6 --mount type=volume,src=v,dst=/x,subpath=in/file,U busy stat -c '%u %g' /x
	output_is '5 6'
	run_in -v v:/m busy stat -c '%u %g' /m /m/beside
	output_is $'9 9\n9 9'
	cpod volume create -o type=tmpfs t >/dev/null
	run_in --mount type=volume,src=t,dst=/x,subpath=in busy true
	[ "$status" = 125 ]
	output_has "volume 't' is a tmpfs of each container's own: it has no parts"
	run_in -v t:/x:O busy true
	[ "$status" = 125 ]
	run_in -v t:/x:idmap busy touch /x/file
	[ "$status" = 0 ]
}

@test "a link is mounted as a link with no-dereference: it takes the place of a link, of nothing else" {
	ln -s /to/somewhere "$STORE/alink"
	cpod run --name c --network none -v "$STORE/alink:/l:no-dereference" busy readlink /l >/dev/null 2>&1 && false # it leads nowhere: COMPAT
	mkdir -p "$STORE/there"
	ln -sfn "$STORE/there" "$STORE/alink"
	cpod run --name c --network none -v "$STORE/alink:/l:no-dereference" busy readlink /l
	cpod start -a c
	run_in -v "$STORE/alink:/etc/passwd:no-dereference" busy true
	[ "$status" != 0 ]
	output_has "cannot make the link '/etc/passwd'"
}

@test "terminals come from /dev/pts, whatever other instances there are" {
	run_in -t --mount type=devpts,dst=/x/pts,max=5 busy sh -c 'tty; ls /x/pts'
	output_is $'/dev/pts/0\r\nptmx\r'
	run_in --mount type=devpts,dst=/dev/pts,mode=640 -t busy sh -c 'tty; stat -c %a /dev/pts/0'
	output_is $'/dev/pts/0\r\n640\r'
}

@test "more trees than a plan has places for are refused" {
	local words=() i
	for i in {1..64}; do
		words+=(-v "$STORE/outside:/m$i:shared")
	done
	run_in "${words[@]}" busy true
	[ "$status" = 0 ]
	run_in "${words[@]}" --mount type=image,src=busy,dst=/z/i busy true
	[ "$status" = 126 ]
	output_has "too many mounts before '/z/i'"
	run_in "${words[@]//:shared/}" --mount type=image,src=busy,dst=/z/i busy ls /z/i/etc/passwd
	output_is /z/i/etc/passwd
}
