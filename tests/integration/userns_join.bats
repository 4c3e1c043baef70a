#!/usr/bin/env bats
# userns_join.bats - containers in the user namespace of another: what a start makes sure of, and what a look at it tells. Words, maps and
# life are compared with Podman in tests/compat/cases/userns_join.sh.
bats_require_minimum_version 1.5.0
load both

setup_file() { both_make; }
teardown_file() { both_remove; }
teardown() { both_clear; }

MAPS="--uidmap 0:300000:2000"

# Makes a user namespace of 1000 ids from FIRST on; $pid lives in it.
namespace()
{
	unshare --user sleep 60 &
	pid=$!
	until [ "$(readlink /proc/$pid/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do kill -0 $pid; done
	echo "0 $1 1000" > /proc/$pid/uid_map
	echo "0 $1 1000" > /proc/$pid/gid_map
}

@test "a path of a namespace: joined, its ids are those of the files" {
	local pid code
	namespace 400000
	run cpod run --rm --network none --userns ns:/proc/$pid/ns/user localhost/busy sh -c 'readlink /proc/self/ns/user; stat -c %u:%g /bin/busybox; tr -s " " < /proc/self/uid_map'
	code=$(readlink /proc/$pid/ns/user)
	kill $pid
	[ "$output" = "$code
0:0
 0 400000 1000" ]
}

@test "a path that has become another namespace: not started" {
	local pid first second
	namespace 400000
	first=$pid
	namespace 500000
	second=$pid
	ln -sfn /proc/$first/ns/user "$STORE/there"
	cpod create --name c --network none --userns ns:"$STORE/there" localhost/busy true
	cpod start -a c
	ln -sfn /proc/$second/ns/user "$STORE/there"
	run cpod start -a c
	kill $first $second
	[ "$status" = 125 ]
	[[ "$output" == *"maps other ids than when the container was made"* ]]
}

@test "an ordinary user: not into a namespace that is not below one's own" {
	run as_user cpod run --rm --network none --userns ns:/proc/1/ns/user localhost/busy true
	[ "$status" = 125 ]
	local pid
	namespace 400000
	run as_user cpod run --rm --network none --userns ns:/proc/$pid/ns/user localhost/busy true
	kill $pid
	[ "$status" = 125 ]
	[ -z "$(as_user cpod ps -aq)" ]
}

@test "its namespaces belong to the one it joined: root inside changes its own host name, and mounts" {
	cpod run -d --name a --network none $MAPS localhost/busy sleep 60
	run cpod run --rm --network none --userns container:a --cap-add SYS_ADMIN --security-opt seccomp=unconfined localhost/busy sh -c 'hostname other && hostname && mount -t tmpfs x /mnt 2>/dev/null || mount -t tmpfs x /tmp && echo mounted'
	[ "$output" = "other
mounted" ]
	[ "$(hostname)" != other ]
}

@test "the process is the monitor's child, and nobody stays between them" {
	cpod run -d --name a --network none $MAPS localhost/busy sleep 60
	cpod run -d --name b --network none --userns container:a localhost/busy sleep 60
	local pid monitor
	pid=$(cpod inspect b --format '{{.State.Pid}}')
	monitor=$(awk '$1 == "PPid:" { print $2 }' /proc/$pid/status)
	[ "$(cat /proc/$monitor/comm)" = cpod-monitor ]
	[ "$(cat /proc/$monitor/task/$monitor/children | wc -w)" = 1 ]
	cpod kill b
	[ "$(cpod wait b)" = 137 ]
}

@test "an end that is told: exit codes, a command that is not there, a limit of one process" {
	cpod run -d --name a --network none $MAPS localhost/busy sleep 60
	run cpod run --rm --network none --userns container:a localhost/busy sh -c 'exit 7'
	[ "$status" = 7 ]
	run -127 cpod run --rm --network none --userns container:a localhost/busy /nosuch
	run cpod run --rm --network none --userns container:a --pids-limit 1 localhost/busy id -u
	[ "$status" = 0 ]
	[ "$output" = 0 ]
}

@test "a network of one's own: addresses as ever" {
	cpod run -d --name a --network none $MAPS localhost/busy sleep 60
	run cpod run --rm --userns container:a localhost/busy sh -c 'grep -c eth0 /proc/net/dev; wc -l < /etc/hosts; stat -c %u /etc/resolv.conf'
	[ "$status" = 0 ]
	[ "${lines[0]}" = 1 ]
	[ "${lines[2]}" = 0 ]
	as_user cpod run -d --name a --network none --userns auto:size=2000 localhost/busy sleep 60
	run as_user cpod run --rm --userns container:a localhost/busy sh -c 'id -u; stat -c %u /etc/hosts'
	[ "$output" = "0
0" ]
}

@test "explain: where it comes from, and nothing is made" {
	cpod run -d --name a --network none $MAPS localhost/busy sleep 60
	run cpod explain run --userns container:a localhost/busy true
	[[ "$output" == *"joined: container:$(cpod inspect a --format '{{.Id}}')"* ]]
	[ "$(cpod ps -aq | wc -l)" = 1 ]
}
