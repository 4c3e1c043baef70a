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
