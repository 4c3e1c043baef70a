#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# commit.bats - containers become images: every kind of file, by every kind of layer, as root and as an ordinary user.
load both

setup_file() { both_make; }
teardown_file() { both_remove; }
teardown() { both_clear; }

user_cpod() { as_user cpod "$@"; }

# Everything below some directories, as a container sees it. A directory's size is the file system's business.
LIST='export PATH=/bin; busybox find /bin/busybox /bin/sh /data /etc /new /opt /tmp -xdev | busybox sort | while read -r f; do
	s=$(busybox stat -c %s "$f"); [ ! -d "$f" ] || s=dir; busybox stat -c "%n %A %u:%g $s %Y %t,%T" "$f"
	if [ -L "$f" ]; then busybox readlink "$f"; elif [ -f "$f" ]; then busybox stat -c "links %h" "$f"; busybox md5sum "$f"; fi; done |
	busybox grep -v "/etc/\(hosts\|hostname\|resolv.conf\|mtab\)"'
# Changes of every kind.
CHANGE='mkdir -p /new/deep/er /opt/x; echo text >/new/file; ln /new/file /new/deep/again; ln -s ../nowhere /new/link; mkfifo /new/fifo
	chown 7:8 /new/fifo; chmod 1750 /new/deep; chmod 4711 /new/file; rm /data/file; rm /etc/group; rm -rf /tmp; mkdir /tmp; echo fresh >/tmp/t
	dd if=/dev/zero of=/new/holes bs=1 count=1 seek=50000000 2>/dev/null
	: >"/new/$(printf "n%.0s" $(seq 200))"; : >"/new/a b"; ln -s "$(printf "t%.0s" $(seq 150))" /new/long
	touch -h -d "2001-02-03 04:05:06" /new/link; touch -d "2001-02-03 04:05:06" /new/deep'

# What a container has made is what one of its image finds: file by file.
same_after_commit() # ENGINE [--squash] [-- RUN-FLAG...]
{
	local engine=$1 flags=() before
	shift
	while [ $# != 0 ] && [ "$1" != -- ]; do flags+=("$1"); shift; done
	shift || true
	$engine run -d --name c --network none "$@" busy sh -c "$CHANGE; exec sleep 1000" >/dev/null
	eventually $engine exec c test -d /new/deep -a -L /new/long -a -s /tmp/t
	before=$($engine exec c sh -c "$LIST")
	run --separate-stderr $engine commit -q "${flags[@]}" c made
	[ "$status" = 0 ] && [ ${#output} = 64 ]
	run $engine run --rm --network none "$@" made sh -c "$LIST"
	diff <(echo "$before") <(echo "$output")
	output_has /new/deep/again
	$engine rm -f -t 0 c >/dev/null
}

@test "a container of the image has every file as it was: kinds, modes, owners, times, links, holes, long names" {
	same_after_commit cpod
	same_after_commit user_cpod
}

@test "the same from one layer of all" {
	same_after_commit cpod --squash
	run cpod image inspect --format '{{len .RootFS.Layers}}' made
	output_is 1
	same_after_commit user_cpod --squash
}

@test "the same where the container's ids are others of ours" {
	same_after_commit user_cpod -- --userns keep-id --user 0 --passwd=false
	run as_user cpod run --rm --network none made stat -c %u:%g /new/fifo
	output_is 7:8
	same_after_commit user_cpod --squash -- --userns keep-id --user 0 --passwd=false
}

@test "holes take no room, in the store and in what is saved" {
	cpod run --name c --network none busy sh -c 'dd if=/dev/zero of=/holes bs=1 count=1 seek=900000000 2>/dev/null'
	cpod commit -q c made
	[ "$(du -sm "$STORE/root/layers" | cut -f1)" -lt 60 ]
	cpod save made | wc -c > "$STORE/size"
	[ "$(cat "$STORE/size")" -gt 1000 ]
	run cpod run --rm --network none made stat -c '%s %b' /holes
	[[ $output == "900000001 "* ]] && [ "${output#* }" -lt 100 ]
}

@test "xattrs and capabilities go along, overlay's own do not" {
	command -v setfattr >/dev/null
	cpod run --name c --network none busy sh -c 'cp /bin/busybox /bb; mkdir /gone /d; rm -rf /data; mkdir /data'
	upper=$STORE/root/containers/$(cpod inspect --format '{{.Id}}' c)/upper
	setfattr -n user.note -v hello "$upper/d"
	setcap cap_net_raw+ep "$upper/bb"
	id=$(cpod commit -q c made)
	layer=$(cpod image inspect --format '{{.GraphDriver.Data.UpperDir}}' made)
	[ "$(getfattr --only-values -n user.note "$layer/d")" = hello ]
	[[ $(getcap "$layer/bb") == *cap_net_raw* ]]
	[ "$(getfattr --only-values -n trusted.overlay.opaque "$layer/data")" = y ]
	run cpod run --rm --network none "$id" ls /data
	output_is ''
	run getfattr -d -m trusted.overlay.origin "$layer/bb"
	output_is ''
}

@test "what a container may have and an image may not: sockets go, names of whiteouts are refused" {
	cpod run --name c --network none busy sh -c 'echo x >/file'
	upper=$STORE/root/containers/$(cpod inspect --format '{{.Id}}' c)/upper
	python3 -c 'import os, socket, sys; os.chdir(sys.argv[1]); socket.socket(socket.AF_UNIX).bind("socket")' "$upper"
	[ -S "$upper/socket" ]
	cpod commit -q c made
	run cpod run --rm --network none made sh -c 'ls -d /file /socket 2>/dev/null'
	output_is /file
	cpod run --name d --network none busy touch /data/.wh.file
	run cpod commit -q d other
	[ "$status" = 125 ]
	output_is "Error: copying the files of container d: '/data/.wh.file' cannot be in an image: names that begin with .wh. stand for removed files there"
	run cpod image exists other
	[ "$status" = 1 ]
}

@test "a container that goes meanwhile is no image, and nothing stays of it" {
	cpod run --name c --network none busy sh -c 'dd if=/dev/urandom of=/big bs=1M count=64 2>/dev/null'
	before=$(cpod images -aq | wc -l)
	# stopped by its full pipe at the first line it says, until the container is gone
	mkfifo "$STORE/lines"
	(exec "$CPOD" --root "$STORE/root" --runroot "$STORE/run" commit c made 2>"$STORE/lines"; echo "$?" > "$STORE/code") &
	exec 8<"$STORE/lines"
	read -r -u 8 line
	cpod rm c >/dev/null
	cat <&8 > "$STORE/rest"
	wait %1 || true
	exec 8<&-
	# either it was read before it went, or it says so
	if [ "$(cat "$STORE/code")" = 0 ]; then
		cpod run --rm --network none made test -s /big
		cpod rmi made >/dev/null
	else
		grep -q 'was removed meanwhile' "$STORE/rest"
	fi
	[ "$(cpod images -aq | wc -l)" = "$before" ]
	run "$CHECK" "$STORE/root" "$STORE/run"
	[ "$status" = 0 ]
}

@test "the image pushed and read by another tool has the layers of its base unchanged" {
	cpod run --name c --network none busy sh -c 'echo x >/f'
	cpod commit -q c localhost/made:1
	cpod push -q localhost/made:1 "oci:$STORE/layout:1"
	[ "$(skopeo inspect --format '{{len .Layers}}' "oci:$STORE/layout:1")" = 2 ]
	cpod commit -q -f docker -m message c localhost/made:2
	cpod push -q localhost/made:2 "dir:$STORE/dir"
	[ "$(skopeo inspect --config --format '{{.Config.Cmd}}' "dir:$STORE/dir")" = "[sh -c echo x >/f]" ]
	cmp <(skopeo inspect --config "oci:$STORE/layout:1" | python3 -c 'import json,sys; print(json.load(sys.stdin)["rootfs"]["diff_ids"][0])') \
		<(cpod image inspect busy --format '{{index .RootFS.Layers 0}}')
}
