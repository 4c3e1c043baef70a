#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# user_mount_types.bats - the mounts of mount_types.bats as an ordinary user with subordinate ids.
load common
load user

setup_file() { user_store_make; }
teardown_file() { user_store_remove; }
setup() { user_needed; }
user_run() { run user_cpod run --rm --network none "$@"; }

@test "an ordinary user mounts images, overlays and parts" {
	as_user mkdir "$TEST_HOME/low"
	as_user sh -c 'echo low > "$1/low/file"' sh "$TEST_HOME"
	user_run --mount type=image,src=busy,dst=/i,rw=true -v "$TEST_HOME/low:/m:O" busy sh -c 'echo x > /i/new; cat /m/file /i/new; rm /m/file; ls /m'
	output_is $'low\nx'
	[ "$(cat "$TEST_HOME/low/file")" = low ]
	user_cpod volume create v >/dev/null
	user_run -v v:/m busy sh -c 'mkdir /m/in; echo inside > /m/in/file; ln -s / /m/out'
	user_run --mount type=volume,src=v,dst=/x,subpath=in busy cat /x/file
	output_is inside
	user_run --mount type=volume,src=v,dst=/x,subpath=out busy ls /x
	output_is $'in\nout' # the root of what is resolved is the volume
	user_run --mount type=image,src=busy,dst=/x,subpath=/data busy ls /x
	output_is file
}

@test "an ordinary user with ids of the container's own: the files are the container's" {
	user_run --userns keep-id --mount type=image,src=busy,dst=/i,rw=true -v "$TEST_HOME/low:/m:O" busy sh -c 'stat -c %u /i/data; id -u | grep -qx "$(stat -c %u /m/file)" && echo mine; echo y > /m/file; cat /m/file'
	output_is $'0\nmine\ny'
	[ "$(cat "$TEST_HOME/low/file")" = low ]
}

@test "an ordinary user cannot have idmap where it would change something" {
	user_run -v "$TEST_HOME/low:/m:idmap" busy cat /m/file
	output_is low
	user_run --userns keep-id -v "$TEST_HOME/low:/m:idmap" busy true
	[ "$status" = 125 ]
	output_has 'the kernel lets only root mount with idmap: change the owner with U, or leave idmap out'
	user_run -v "$TEST_HOME/low:/m:idmap=uids=0-1-1;gids=0-1-1" busy true
	[ "$status" = 125 ]
	output_has 'the kernel lets only root mount with idmap'
	[ -z "$(user_cpod ps -aq)" ]
}

@test "an ordinary user's container on a directory behind an overlay" {
	as_user mkdir "$TEST_HOME/rootfs"
	user_cpod create --name x busy >/dev/null
	user_cpod export x | as_user tar -xf - -C "$TEST_HOME/rootfs" 2>/dev/null || true
	user_run --rootfs "$TEST_HOME/rootfs:O" sh -c 'echo new > /new; cat /new'
	output_is new
	[ ! -e "$TEST_HOME/rootfs/new" ]
	user_run --userns keep-id --rootfs "$TEST_HOME/rootfs:idmap" true
	[ "$status" = 125 ]
	output_has "'--rootfs': the kernel lets only root mount with idmap"
	user_cpod rm x >/dev/null
}
