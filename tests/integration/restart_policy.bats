#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# restart_policy.bats - --restart: what starts again by itself, what does not, and what a person's word in between does.
load both

setup_file() { both_make; }
teardown_file() { both_remove; }
teardown() { both_clear; }

up() { cpod run -d --network none --name c --restart "$1" busy "${@:2}" >/dev/null; }
looks() { cpod inspect c --format '{{.State.Status}} {{.State.ExitCode}} {{.RestartCount}}'; }
waiters() { pgrep -f -- "--root=$STORE/root .*cleanup --ended" || true; }
nobody_waits() { [ -z "$(waiters)" ]; }
looks_like() { [ "$(looks)" = "$1" ]; }

@test "on-failure: as often as was said, each run in the log, the code of the last" {
	up on-failure:3 sh -c 'echo run; exit 5'
	eventually looks_like 'exited 5 3'
	eventually nobody_waits
	[ "$(cpod logs c)" = $'run\nrun\nrun\nrun' ]
	[ "$(cpod events --stream=false --filter container=c --format '{{.Status}}' | grep -c restart)" = 3 ]
}

@test "on-failure: an end without failure is the end" {
	up on-failure sh -c 'exit 0'
	eventually looks_like 'exited 0 0'
	eventually nobody_waits
}

@test "on-failure: until it goes well" {
	up on-failure sh -c 'echo x >> /count; [ $(wc -l < /count) = 3 ]'
	eventually looks_like 'exited 0 2'
}

@test "always: runs again, with its files and another process, its group and run directory fresh" {
	up always sh -c '[ -e /mark ] && exec sleep 1000; touch /mark'
	eventually looks_like 'running 0 1'
	run cpod exec c ls /mark
	[ "$status" = 0 ]
	cpod stop -t 0 c >/dev/null
	eventually nobody_waits
	looks_like 'exited 137 1'
}

@test "the pauses get longer" {
	local began ended
	began=$(date +%s%N)
	up on-failure:4 false
	eventually looks_like 'exited 1 4'
	ended=$(date +%s%N)
	# 100 + 200 + 400 + 800 ms
	[ $(((ended - began) / 1000000)) -ge 1500 ]
}

@test "stop and kill by a person last; a reload does not; start begins anew" {
	up always sleep 1000
	cpod stop -t 0 c >/dev/null
	eventually nobody_waits
	looks_like 'exited 137 0'
	cpod start c >/dev/null
	cpod kill c >/dev/null
	eventually nobody_waits
	looks_like 'exited 137 0'
	cpod rm c >/dev/null
	up always sh -c 'trap "exit 3" HUP; while :; do sleep 0.02; done'
	cpod kill -s HUP c >/dev/null
	eventually looks_like 'running 0 1'
}

@test "in the pause: stop, start, rm and restart are obeyed at once" {
	paused() { [ -n "$(waiters)" ] && [ "$(cpod inspect c --format '{{.State.Status}}')" = exited ]; }
	# the fifth pause takes more than a second
	pausing() { up always false && eventually looks_like 'exited 1 4' && eventually paused; }
	pausing
	cpod stop c >/dev/null
	eventually nobody_waits
	looks_like 'exited 1 4'
	cpod rm c >/dev/null
	pausing
	cpod rm c >/dev/null
	eventually nobody_waits
	[ -z "$(cpod ps -aq)" ] && [ -z "$(ls -A "$STORE/root/containers")" ]
	pausing
	cpod start c >/dev/null
	# its first runs again, not its fifth pause
	[ "$(cpod inspect c --format '{{.RestartCount}}')" -lt 4 ]
	cpod rm -f -t 0 c >/dev/null
	eventually nobody_waits
}

@test "in the foreground: the first run's output and code, then in the background" {
	run cpod run --network none --name c --restart on-failure:1 busy sh -c 'echo out; exit 7'
	[ "$status" = 7 ] && output_is out
	eventually looks_like 'exited 7 1'
	[ "$(cpod logs c)" = $'out\nout' ]
}

@test "killed by the kernel or anybody else, it is not a person's end" {
	up always sleep 1000
	kill -9 "$(cpod inspect c --format '{{.State.Pid}}')"
	eventually looks_like 'running 0 1'
}

@test "one that cannot be started again is left, and says nothing twice" {
	mkdir -p "$STORE/bound"
	cpod run -d --network none --name c --restart always -v "$STORE/bound:/b" busy sh -c 'sleep 0.1; exit 1' >/dev/null
	rmdir "$STORE/bound"
	eventually nobody_waits
	[ "$(cpod inspect c --format '{{.State.Status}}')" = exited ]
}

@test "words that make no sense" {
	local word
	for word in foo always:3 on-failure:x on-failure:-1; do
		run cpod run -d --name c --restart "$word" busy true
		[ "$status" = 125 ] || { echo "$word"; return 1; }
	done
	run cpod run -d --rm --restart always busy true
	[ "$status" = 125 ]
	[ -z "$(cpod ps -aq)" ]
}

@test "as a user" {
	as_user cpod run -d --network none --name c --restart on-failure:2 busy sh -c 'echo run; exit 5' >/dev/null
	eventually eval '[ "$(as_user cpod inspect c --format "{{.State.Status}} {{.RestartCount}}")" = "exited 2" ]'
	[ "$(as_user cpod logs c | wc -l)" = 3 ]
	as_user cpod start c >/dev/null
	as_user cpod rm -f -t 0 c >/dev/null
	[ -z "$(as_user cpod ps -aq)" ]
}
