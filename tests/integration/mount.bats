#!/usr/bin/env bats
# mount.bats - root file systems of containers, and volumes, on the host. Root is needed.
# CPOD, CPOD_LIBEXEC, KILL_AT: the built programs.

bats_require_minimum_version 1.5.0
load common

setup_file() { store_make; }
teardown_file() { store_remove; }

teardown()
{
	cpod unmount --all --force
	cpod rm -fa -t 0
}

@test "a container that is mounted starts from the mounted files" {
	cpod create --name c --network none busy sh -c 'cat /from-host; echo back >/from-inside; id -u' >/dev/null
	where=$(cpod mount c)
	echo hello >"$where/from-host"
	run -0 cpod start -a c
	[ "$output" = "hello
0" ]
	[ "$(cat "$where/from-inside")" = back ]
	[ "$(cpod mount | cut -d' ' -f3)" = "$where" ]
	# what was written is the container's, mounted or not
	cpod unmount c
	[ "$(cpod diff c)" = "A /from-host
A /from-inside" ]
	run -0 cpod start -a c
	[ "${lines[0]}" = hello ]
}

@test "setuid programs work in a container that starts mounted, device files do not" {
	cpod create --name c --network none busy grep "^[^ ]* / " /proc/self/mounts >/dev/null
	cpod mount c >/dev/null
	run -0 cpod start -a c
	[[ $output != *nosuid* ]]
	[[ $output == *nodev* ]]
}

@test "T-CTR-MOUNT-ROOT: of a running container its own root is mounted, and nothing that hangs in it" {
	cpod run -d --name c --network none -v /etc:/data busy sh -c 'touch /here; sleep 100' >/dev/null
	until cpod exec c test -e /here; do :; done
	where=$(cpod mount c)
	[ -e "$where/here" ]
	[ "$(ls "$where/data")" = file ] # what the image has there
	[ -z "$(ls "$where/proc")" ]
	[ "$(grep -c "$where" /proc/self/mounts)" = 1 ]
	grep -F "$where" /proc/self/mounts | grep -q nodev
}

@test "mounted files are seen by cp, and go with the container" {
	cpod create --name c --network none busy true >/dev/null
	where=$(cpod mount c)
	echo copied >"$BATS_TEST_TMPDIR/f"
	cpod cp "$BATS_TEST_TMPDIR/f" c:/f
	[ "$(cat "$where/f")" = copied ]
	cpod rm c
	[ ! -e "$where" ]
	run -1 grep -F "$where" /proc/self/mounts
}

@test "a mount that was killed is cleared by the next command" {
	cpod create --name c --network none busy true >/dev/null
	export ASAN_OPTIONS=detect_leaks=0 # which looks at a process as the killer does
	calls=$("$KILL_AT" --count "$CPOD" --root "$STORE/root" --runroot "$STORE/run" mount c 2>&1 >/dev/null | tail -n 1)
	cpod unmount c
	for part in 6 7 8 9; do
		"$KILL_AT" $((calls * part / 10)) "$CPOD" --root "$STORE/root" --runroot "$STORE/run" mount c >/dev/null 2>&1 || true
		where=$(cpod mount c)
		[ -e "$where/bin/busybox" ]
		cpod unmount -f c
		[ -z "$(cpod mount)" ]
		run -1 grep -F "$where" /proc/self/mounts
	done
	cpod rm c
	[ -z "$(ls "$STORE/run/container-mounts")" ]
}

@test "a volume on a tmpfs is the same for the host and for containers" {
	cpod volume create --opt type=tmpfs --opt device=tmpfs --opt o=size=1m,noexec v >/dev/null
	where=$(cpod volume mount v)
	echo x >"$where/file"
	[ "$(cpod run --rm --network none -v v:/v busy cat /v/file)" = x ]
	grep -F "$where" /proc/self/mounts | grep noexec | grep -q size=1024k
	cpod volume rm v
	[ ! -e "$where" ]
	run -1 grep -F "$where" /proc/self/mounts
}

@test "a user mounts inside unshare" {
	# shellcheck source=/dev/null
	. "$BATS_TEST_DIRNAME/user.bash"
	chmod 755 "$STORE"
	user_choose "$STORE/home" || skip "no such user here, and none can be made"
	user_cpod load -q -i "$STORE/image.tar" >/dev/null
	user_cpod create --name c --network none busy true >/dev/null
	run user_cpod mount c
	[ "$status" = 125 ]
	[[ $output == *"must execute \`cpod unshare\` first" ]]
	image=$(user_cpod images -q)
	# shellcheck disable=SC2016
	run user_cpod unshare sh -c 'c="$1 --root $2 --runroot $3"; test -e $($c mount c)/bin/busybox && test -e $($c image mount $4)/bin/busybox && $c mount | wc -l; $c start c; $c wait c' \
		x "$TEST_HOME/bin/cpod" "$TEST_HOME/root" "$TEST_HOME/run" "$image"
	[ "$status" = 0 ]
	[ "$output" = "1
c
0" ]
	# nothing claims to be mounted once that has ended
	[ "$(user_cpod unshare "$TEST_HOME/bin/cpod" --root "$TEST_HOME/root" --runroot "$TEST_HOME/run" mount | wc -l)" = 0 ]
	user_cpod rm c
	user_done
}
