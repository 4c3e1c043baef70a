#!/usr/bin/env bats
# usermaps.bats - user namespaces of containers: whom auto gives which ids, and what such a container reaches. Words and maps are compared
# with Podman in tests/compat/cases/usermaps.sh.
load both

setup_file()
{
	both_make
	# "containers" has ids for whom we show these files
	printf 'root:100000:65536\ncontainers:300000:4096\n' > "$STORE/subids"
}

teardown_file() { both_remove; }
teardown() { both_clear; }

# Words of a shell that sees our subordinate ids.
with_ids()
{
	unshare -m --propagation private bash -c 'mount --bind "$STORE/subids" /etc/subuid; mount --bind "$STORE/subids" /etc/subgid
		cpod() { "$CPOD" --root "$STORE/root" --runroot "$STORE/run" "$@"; }
		'"$1"
}

# FIRST-LAST of every auto container's users, a line each, sorted
ranges()
{
	cpod inspect $(cpod ps -aq) --format '{{json .HostConfig.IDMappings.UidMap}}' | tr -d '[]"' | tr , '\n' | sort -n -t: -k2
}

disjoint()
{
	ranges | awk -F: 'NR > 1 && $2 < end { exit 1 } { end = $2 + $3 }'
}

@test "auto of root: ids of \"containers\", nobody's twice, given back" {
	with_ids 'for i in 1 2; do cpod create --userns auto:size=1500 --network none localhost/busy true; done'
	[ "$(ranges)" = "0:300000:1500
0:301500:1500" ]
	run with_ids 'cpod create --name third --userns auto:size=1500 --network none localhost/busy true'
	[ "$status" = 125 ]
	[[ "$output" == *"not enough unused IDs in user namespace"* ]]
	cpod rm $(cpod ps -aq | tail -1) >/dev/null
	with_ids 'cpod run --rm --userns auto:size=1500 --network none localhost/busy cat /proc/self/uid_map' | grep -q 1500
}

@test "auto of root without such ids: a sentence with the line that mends it" {
	run unshare -m --propagation private bash -c ': > "$STORE/none"; mount --bind "$STORE/none" /etc/subuid; "$CPOD" --root "$STORE/root" --runroot "$STORE/run" create --userns auto localhost/busy true'
	[ "$status" = 125 ]
	[[ "$output" == *"containers:2147483647:2147483648"* ]]
	[ -z "$(cpod ps -aq)" ]
}

@test "auto: eight at once have eight ranges" {
	with_ids 'for i in 1 2 3 4 5 6 7 8; do cpod create --userns auto:size=100 --network none localhost/busy true & done; wait' >/dev/null
	[ "$(cpod ps -aq | wc -l)" = 8 ]
	disjoint
}

@test "auto of a user: the caller is not in it; as many as the user asked for needs" {
	run as_user cpod run --rm --network none --userns auto -u 3000 localhost/busy sh -c 'id -u; cat /proc/self/uid_map | tr -s " "'
	[ "${lines[0]}" = 3000 ]
	[ "${lines[1]}" = " 0 1 3001" ]
}

@test "nomap of a user: neither the caller's files nor the caller's id" {
	as_user sh -c 'mkdir -p "$HOME/d"; echo mine > "$HOME/d/f"; chmod 600 "$HOME/d/f"'
	run as_user sh -c 'cpod run --rm --network none --userns nomap -v "$HOME/d:/d" localhost/busy sh -c "stat -c %u /d/f; cat /d/f"'
	[ "${lines[0]}" = 65534 ]
	[[ "${lines[1]}" == *"Permission denied"* ]]
}

@test "what leads to a bind mount may be closed to the container's root" {
	mkdir -p "$STORE/closed/open"
	chmod 700 "$STORE/closed"
	chmod 755 "$STORE/closed/open"
	echo seen > "$STORE/closed/open/f"
	[ "$(cpod run --rm --network none --uidmap 0:200000:1000 -v "$STORE/closed/open:/d" localhost/busy cat /d/f)" = seen ]
}

@test "ids that this user does not have are refused before anything is made" {
	run as_user cpod create --uidmap 0:100000:1000 localhost/busy true
	[ "$status" = 125 ]
	[[ "$output" == *"mapping 0:100000:1000: this user has users 0 to "* ]]
	run as_user cpod create --uidmap +5:@0 localhost/busy true
	[ "$status" = 125 ]
	[[ "$output" == *"parent ID UID 0 is not mapped/delegated"* ]]
	[ -z "$(as_user cpod ps -aq)" ]
}

# --- layers with other owners: mounted so, or copied ---

MAPS="--uidmap 0:300000:2000"

# What a container sees of its image, and what it changed in it.
changes='touch /x /etc/y; chown 7:8 /x; chown 5 /bin/busybox; echo a >> /etc/passwd; ln /etc/passwd /etc/link; rm /data/file'
seen='for f in / /bin /bin/busybox /bin/sh /data /etc /etc/hosts /etc/passwd /etc/link /tmp /x /etc/y; do stat -c "%u:%g %a %h %n" $f; done; ls /data'

# layers WORD: how they are had from now on
layers() { printf %s "$1" > "$STORE/run/idmapped-layers"; }
copies() { find "$STORE/root/layers" -maxdepth 2 -name 'diff-*' | wc -l; }

@test "layers of root: mounted with other owners, nothing is copied" {
	cpod run --rm --network none $MAPS localhost/busy true
	[ "$(cat "$STORE/run/idmapped-layers")" = yes ] || skip "this kernel or file system mounts no layers with other owners"
	[ "$(copies)" = 0 ]
	run cpod run --rm --network none $MAPS localhost/busy sh -c 'stat -c %u:%g / /bin/busybox /etc/passwd /etc/hosts'
	[ "$(printf '%s\n' "${lines[@]}" | sort -u)" = 0:0 ]
	[ "$(copies)" = 0 ]
}

@test "mounted or copied: a container sees and makes the same, and may change from one to the other" {
	cpod run --rm --network none $MAPS localhost/busy true
	[ "$(cat "$STORE/run/idmapped-layers")" = yes ] || skip "this kernel or file system mounts no layers with other owners"
	local mounted copied
	mounted=$(cpod run --rm --network none $MAPS localhost/busy sh -c "$changes; $seen")
	cpod create --name c --network none $MAPS localhost/busy sh -c "[ -e /x ] || { $changes; }; $seen" >/dev/null
	[ "$(cpod start -a c)" = "$mounted" ]
	layers no
	copied=$(cpod run --rm --network none $MAPS localhost/busy sh -c "$changes; $seen")
	[ "$(copies)" != 0 ]
	[ "$copied" = "$mounted" ]
	[ "$(cpod start -a c)" = "$mounted" ]
	layers yes
	[ "$(cpod start -a c)" = "$mounted" ]
}

@test "mounted: diff, cp, export, mount and commit tell the image's owners" {
	rm -f "$STORE/run/idmapped-layers"
	cpod create --name c --network none $MAPS localhost/busy sh -c "$changes" >/dev/null
	cpod start -a c
	[ "$(cpod diff c | sort)" = "$(printf '%s\n' "A /etc/link" "A /etc/y" "A /x" "C /bin" "C /bin/busybox" "C /data" "C /etc" "C /etc/passwd" "D /data/file")" ]
	[ "$(cpod cp c:/x - | tar tvn | cut -d' ' -f2)" = 7/8 ]
	[ "$(cpod cp c:/etc/passwd - | tar tvn | cut -d' ' -f2)" = 0/0 ]
	[ "$(cpod export c | tar tvn | awk '{ print $2 }' | sort -u | tr '\n' ' ')" = "0/0 5/0 7/8 " ]
	local there
	there=$(cpod mount c)
	[ "$(stat -c %u:%g "$there/x" "$there/etc/passwd" "$there/tmp" | tr '\n' ' ')" = "300007:300008 300000:300000 300000:300000 " ]
	cpod umount c
	echo new > "$STORE/new"
	cpod cp "$STORE/new" c:/etc/new
	cpod commit -q c localhost/changed
	run cpod run --rm --network none localhost/changed stat -c "%u:%g %n" /x /etc/passwd /bin/busybox /etc/new /tmp
	[ "$output" = "7:8 /x
0:0 /etc/passwd
5:0 /bin/busybox
0:0 /etc/new
0:0 /tmp" ]
	run cpod run --rm --network none --uidmap 0:500000:9 localhost/changed stat -c "%u:%g" /x
	[ "$output" = 7:8 ]
	cpod rmi -f localhost/changed
}

@test "mounted: an owner that has no id inside is refused, by name, before anything is made" {
	rm -f "$STORE/run/idmapped-layers"
	cpod create --name c --network none localhost/busy sh -c 'touch /x; chown 77:88 /x' >/dev/null
	cpod start -a c
	cpod commit -q c localhost/changed
	cpod rm c
	run cpod create --uidmap 0:300000:77 localhost/changed true
	[ "$status" = 125 ]
	[[ "$output" == *"'/x' belongs to 77:88"* ]]
	[ -z "$(cpod ps -aq)" ]
	cpod run --rm --network none --uidmap 0:300000:89 localhost/changed true
	cpod run --rm --network none --uidmap 0:400000:89 localhost/changed true
	cpod rmi -f localhost/changed
}

@test "a file system that mounts nothing with other owners: copies" {
	local kernel=$STORE/overlay
	mkdir -p "$kernel/lower" "$kernel/upper" "$kernel/work" "$kernel/merged"
	run unshare -m --propagation private bash -c 'mount -t overlay overlay -o lowerdir="$1/lower",upperdir="$1/upper",workdir="$1/work" "$1/merged" &&
		"$CPOD" --root "$1/merged/root" --runroot "$1/run" load -qi "$STORE/image.tar" &&
		"$CPOD" --root "$1/merged/root" --runroot "$1/run" create --uidmap 0:300000:2000 localhost/busy true && cat "$1/run/idmapped-layers" &&
		ls "$1"/merged/root/layers/*' bash "$kernel"
	[ "$status" = 0 ]
	[[ "$output" == *"no"* ]]
	[[ "$output" == *"diff-0.300000.2000"* ]]
}
