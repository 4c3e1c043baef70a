#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# What doctor says of this host, and of the same host with something taken away (in a mount namespace of the test's own).
load common
load user

setup_file() { user_store_make; }
teardown_file() { user_store_remove; }

# state NAME: its state, in the JSON of the last run
state() { jq -r ".[] | select(.Name == \"$1\") | .State" <<< "$output"; }
fix() { jq -r ".[] | select(.Name == \"$1\") | .Fix" <<< "$output"; }
# without COMMANDS: doctor as the user where the shell commands have changed the mounts
without()
{
	export -f as_user user_cpod
	run --separate-stderr unshare -m --propagation private bash -c "$1"'
user_cpod doctor --format json'
}

@test "doctor: root's host has what containers need, and nothing is left in the store's place" {
	mkdir "$STORE/empty"
	run --separate-stderr "$CPOD" --root "$STORE/empty/root" doctor --format json
	[ "$status" = 0 ]
	[ "$(state overlay)" = ok ] && [ "$(state programs)" = ok ] && [ "$(state libraries)" = ok ] && [ "$(state bridge)" = ok ]
	[ -z "$(state subordinate-ids)" ]
	[ -z "$(ls -A "$STORE/empty")" ]
}

@test "doctor: a person sees a line a check, and what mends it below" {
	run --separate-stderr "$CPOD" doctor
	[ "$status" = 0 ]
	grep -q '^ok  *the kernel  *Linux ' <<< "$output"
	[[ ${lines[-1]} =~ ^[0-9]+\ ok,\ [0-9]+\ hints,\ 0\ broken$ ]]
	[[ $output != *$'\033'* ]]
	run --separate-stderr "$CPOD" doctor --format '{{.Name}}'
	[ "${lines[0]}" = kernel ]
	run --separate-stderr "$CPOD" doctor --format '{{.Nosuch}}'
	[ "$status" = 125 ]
}

@test "doctor: a user's host has what containers need" {
	user_needed
	run --separate-stderr user_cpod doctor --format json
	[ "$status" = 0 ]
	for check in user-namespaces subordinate-ids id-map-helpers proc overlay pasta libraries; do [ "$(state $check)" = ok ]; done
	[ -z "$(jq -r '.[] | select(.State != "ok" and .Fix == "") | .Name' <<< "$output")" ]
}

@test "doctor: what is taken away is named, and ends it with 1" {
	user_needed
	without 'mount --bind /bin/true "$(command -v newuidmap)"'
	[ "$status" = 1 ] && [ "$(state id-map-helpers)" = broken ] && [[ $(fix id-map-helpers) == *reinstall* ]]
	: > "$STORE/nothing"
	without 'mount --bind "$STORE/nothing" /etc/subuid'
	[ "$status" = 1 ] && [ "$(state subordinate-ids)" = broken ] && [[ $(fix subordinate-ids) == "usermod --add-subuids "* ]]
	without 'mount -t tmpfs -o noexec,mode=777 tmpfs "$TEST_HOME"/root'
	[ "$status" = 1 ] && [ "$(state filesystem)" = broken ] && [[ $output == *noexec* ]]
	without 'mount -t tmpfs -o mode=755 tmpfs "$TEST_HOME"/root'
	[ "$status" = 1 ] && [ "$(state filesystem)" = broken ] && [ "$(state overlay)" = broken ]
	without 'mount -t tmpfs tmpfs /proc/sys/kernel'
	[ "$status" = 1 ] && [ "$(state proc)" = broken ]
}
