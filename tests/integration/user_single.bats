#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# A user without subordinate ids: containers have root only, and every file is the user's.
load common
load user

WARNING='no subordinate ids'
ADVICE='usermod --add-subuids [0-9]+-[0-9]+ --add-subgids [0-9]+-[0-9]+ nobody'

setup_file()
{
	user_store_make user_choose_single
	python3 "$BATS_TEST_DIRNAME/../rigs/owner_image.py" "$STORE/image.tar" "$STORE/owners.tar"
	[ -z "$TEST_USER" ] || user_cpod load -q -i "$STORE/owners.tar"
}
teardown_file() { user_store_remove; }
setup() { user_needed; }
teardown() { [ -z "$TEST_USER" ] || user_cpod rm -fa -t 0 >/dev/null; }

run_in() { run --separate-stderr user_cpod run --rm --network none "$@"; }

@test "single id: it is said once, with the command that mends it, and not by every command after" {
	rm -rf "$TEST_HOME/other" "$TEST_HOME/other-run"
	other() { as_user cpod --root "$TEST_HOME/other" --runroot "$TEST_HOME/other-run" "$@"; }
	run --separate-stderr other load -q -i "$STORE/image.tar"
	[ "$status" = 0 ]
	[ "$(grep -c "$WARNING" <<< "$stderr")" = 1 ]
	[[ $stderr =~ $ADVICE ]]
	run --separate-stderr other run --rm --network none busy true
	[ "$status" = 0 ] && [ -z "$stderr" ]
	other run -d --name c --network none busy sleep 100
	for command in 'exec c true' 'ps' 'top c' 'stop -t 0 c' 'rm c' 'images'; do
		run --separate-stderr other $command
		[ "$status" = 0 ] && [ -z "$stderr" ]
	done
	other rmi -fa
	rm -rf "$TEST_HOME/other" "$TEST_HOME/other-run"
}

@test "single id: the ids it names belong to nobody" {
	range=$(user_cpod run --rm --network none --userns keep-id busy true 2>&1 | sed -n 's/.*--add-subuids \([0-9]*\)-.*/\1/p')
	[ "$range" -ge 100000 ]
	for file in /etc/subuid /etc/subgid; do
		[ ! -e $file ] || awk -F: -v first="$range" '$2 + $3 > first && $2 < first + 65536 { found = 1 } END { exit found }' $file
	done
}

@test "single id: run, its exit code, streams, terminal and volumes" {
	run_in busy sh -c 'id -u; id -g; cat /proc/self/uid_map | tr -s " "; exit 3'
	[ "$status" = 3 ]
	[ "$output" = $'0\n0\n 0 '"$(id -u "$TEST_USER")"' 1' ]
	run_in -t busy sh -c 'tty; stat -c %u "$(tty)"'
	[ "$output" = $'/dev/pts/0\r\n0\r' ]
	run_in -v data:/m busy sh -c 'echo x > /m/x; stat -c "%u %g" /m/x'
	[ "$output" = '0 0' ]
	run_in -v data:/m busy cat /m/x
	[ "$output" = x ]
	user_cpod volume rm data
	mkdir "$TEST_HOME/bound" && chown "$TEST_USER:" "$TEST_HOME/bound"
	run_in -v "$TEST_HOME/bound:/m" busy sh -c 'echo y > /m/y'
	[ "$(stat -c %U "$TEST_HOME/bound/y")" = "$TEST_USER" ]
}

@test "single id: the default network" {
	command -v pasta >/dev/null || skip "pasta is not here (package passt)"
	as_user sh -c ': 2>/dev/null <>/dev/net/tun' || skip "the kernel gives a user no /dev/net/tun, which pasta needs"
	run --separate-stderr user_cpod run --rm busy sh -c 'ip -4 -o addr show scope global | wc -l'
	[ "$status" = 0 ] && [ "$output" -ge 1 ]
}

@test "single id: exec, logs, stop, start, kill and rm, and nothing stays" {
	user_cpod run -d --name c --network none busy sh -c 'echo begun; exec sleep 100'
	run user_cpod exec c id -u
	output_is 0
	run -7 user_cpod exec c sh -c 'exit 7'
	has_begun() { [ "$(user_cpod logs c)" = begun ]; }
	eventually has_begun
	user_cpod stop -t 0 c
	[ "$(user_cpod inspect c --format '{{.State.Status}} {{.State.ExitCode}}')" = 'exited 137' ]
	user_cpod start c
	user_cpod kill c
	run user_cpod wait c
	output_is 137
	user_cpod rm c
	[ -z "$(user_cpod ps -aq)" ]
	empty_dirs "$TEST_HOME/root/containers" "$TEST_HOME/run/containers"
}

@test "single id: an image with files of other owners is unpacked, all of them root's, their modes as they were" {
	run_in owners sh -c 'cd /f; stat -c "%n %u %g %a" . a s l far; cat a'
	[ "$status" = 0 ]
	[ "$output" = $'. 0 0 2750\na 0 0 640\ns 0 0 4755\nl 0 0 777\nfar 0 0 600' ]
	[ -z "$(find "$TEST_HOME/root" ! -user "$TEST_USER")" ]
}

@test "single id: groups an image's root is in are left out, and that is said" {
	run_in owners id -G
	[ "$status" = 0 ] && [ "$output" = 0 ]
	[[ $stderr == *'Additional gid=10 is not present in the user namespace'* ]]
}

@test "single id: another user than root is refused with a sentence that names the fix, and nothing is left" {
	for who in alice 5 0:5 alice:0; do
		run_in --name c -u "$who" busy true
		[ "$status" = 126 ]
		[[ $stderr == *'is not in the container'* ]]
		[[ $stderr =~ $ADVICE ]]
	done
	[ -z "$(user_cpod ps -aq)" ]
	user_cpod run -d --name c --network none busy sleep 100
	run user_cpod exec -u alice c true
	[ "$status" != 0 ]
	output_has 'is not in the container'
	run_in --userns keep-id busy true
	[ "$status" = 125 ]
	[[ $stderr =~ $ADVICE ]]
}
