#!/usr/bin/env bats
# device_rules.bats - --device-cgroup-rule widens what a container's group may open by what it says. Root is needed.
# CPOD and CPOD_LIBEXEC: the built program.

bats_require_minimum_version 1.5.0
load common

setup_file() { store_make; }
teardown_file() { store_remove; }

tried() # FLAG...: what becomes of opening /dev/net/tun's device, to read and to write
{
	cpod run --rm --network none --cap-add mknod "$@" busy sh -c 'mknod /dev/t c 10 200
		for how in "</dev/t" ">>/dev/t"; do (eval ": $how") 2>/dev/null && echo yes || echo no; done' | tr '\n' ' '
}

setup()
{
	[ "$(tried --device /dev/null:/dev/other)" = "no no " ] || skip "device files are not limited here"
}

@test "a rule allows one device, and only what it says" {
	[ "$(tried --device-cgroup-rule 'c 10:200 r')" = "yes no " ]
	[ "$(tried --device-cgroup-rule 'c 10:* rw')" = "yes yes " ]
	[ "$(tried --device-cgroup-rule 'c 10:201 rw')" = "no no " ]
	[ "$(tried --device-cgroup-rule 'b 10:200 rw')" = "no no " ]
}

@test "rules add up, over commas and flags" {
	[ "$(tried --device-cgroup-rule 'c 10:200 r,c 9:9 rw' --device-cgroup-rule 'c 10:200 rw')" = "yes yes " ]
	[ "$(tried --device-cgroup-rule 'a *:* rwm')" = "yes yes " ]
}
