#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# explain run of an ordinary user: the ids through the user's own namespace, and what a user cannot enforce.
load common
load user

setup_file() { user_store_make; }
teardown_file() { user_store_remove; }
setup() { user_needed; }

explain() { run --separate-stderr user_cpod explain run --format json "$@"; [ "$status" = 0 ]; }
ids() { jq -c "[.Ids.Users[] | [.Container, .Engine, .Host, .Count]]" <<< "$output"; }

# What the kernel of a container says: where its ids are in cpod's namespace.
kernel_ids() { user_cpod run --rm "$@" busy cat /proc/self/uid_map | awk '{ printf "%s[%d,%d,%d]", n++ ? "," : "", $1, $2, $3 }'; }

@test "the ids without a namespace of its own are the user's: itself, and the subordinate ones" {
	me=$(id -u "$TEST_USER")
	first=$(awk -F: -v u="$TEST_USER" -v n="$me" '$1 == u || $1 == n { print $2; exit }' /etc/subuid)
	explain busy
	[ "$(jq -c '.Ids.Users[0] | [.Container, .Engine, .Host, .Count]' <<< "$output")" = "[0,0,$me,1]" ]
	[ "$(jq -c '.Ids.Users[1] | [.Container, .Engine, .Host]' <<< "$output")" = "[1,1,$first]" ]
}

@test "keep-id, uidmap, auto: container id, id in cpod's namespace, host id, as the kernel has them" {
	me=$(id -u "$TEST_USER")
	for words in "--userns keep-id" "--uidmap 0:1:1000" "--userns nomap"; do
		# shellcheck disable=SC2086
		explain $words busy
		# shellcheck disable=SC2086
		[ "$(jq -r '[.Ids.Users[] | "[\(.Container),\(.Engine),\(.Count)]"] | join(",")' <<< "$output")" = "$(kernel_ids $words)" ]
	done
	explain --userns keep-id busy
	[ "$(jq -c ".Ids.Users[] | select(.Container == $me) | [.Engine, .Host]" <<< "$output")" = "[0,$me]" ]
	run user_cpod explain run --userns keep-id busy
	output_has "in the container"
	output_has "← host: the caller, by --userns keep-id"
}

@test "a limit that run refuses is told as refused, a low port too, with the way out" {
	explain -m 32m -p 1:80 busy
	refused=$(jq -r '.NotEnforced[] | select(.What | startswith("--memory 33554432")) | .Refused' <<< "$output")
	run user_cpod run --rm -m 32m busy true
	if [ "$status" = 0 ]; then [ -z "$refused" ]; else [ "$refused" = true ]; fi
	explain -p 1:80 busy
	[ "$(sysctl -n net.ipv4.ip_unprivileged_port_start)" -le 1 ] ||
		jq -e '.NotEnforced[] | select(.What == "--publish 1" and .Refused and (.WayOut | contains("ip_unprivileged_port_start")))' <<< "$output"
}

@test "a user's explanation leaves the store as it is" {
	before=$(find "$TEST_HOME/root" | sort)
	explain -v newvol:/v --userns auto --name n busy
	[ "$(find "$TEST_HOME/root" | sort)" = "$before" ]
	run user_cpod explain run nosuch
	[ "$status" = 125 ]
	output_has "cpod pull nosuch"
}
