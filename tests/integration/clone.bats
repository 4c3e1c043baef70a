#!/usr/bin/env bats
# clone.bats - a container like another. Root is needed.
# CPOD and CPOD_LIBEXEC: the built program.

bats_require_minimum_version 1.5.0
load common

setup_file() { store_make; }
teardown_file() { store_remove; }
teardown() { cpod rm -fa -t 0; }

@test "a copy has what it was asked for, and none of the files" {
	cpod run --name c --network none --cap-drop all --read-only --tmpfs /t -e A=1 --restart on-failure:2 --ulimit nofile=99:99 busy sh -c 'echo $A >/t/x; ulimit -n; cat /t/x'
	cpod container clone c >/dev/null
	look() { cpod inspect "$1" --format "$all" | sed 's/[0-9a-f]\{64\}/ID/; s/HOSTNAME=[0-9a-f]*/HOSTNAME=ID/'; }
	all='{{json .HostConfig}} {{json .Config.Cmd}} {{json .Config.Env}} {{json .EffectiveCaps}}'
	[ "$(look c)" = "$(look c-clone)" ]
	run -0 cpod start -a c-clone
	[ "$output" = "99
1" ]
}

@test "an anonymous volume stays until the last of both goes" {
	cpod create --name c --network none -v /anon busy sh -c 'echo x >>/anon/f; wc -l </anon/f' >/dev/null
	cpod container clone c d >/dev/null
	[ "$(cpod start -a c)" = 1 ]
	[ "$(cpod start -a d)" = 2 ]
	cpod rm -v c
	[ "$(cpod volume ls -q | wc -l)" = 1 ]
	[ "$(cpod start -a d)" = 3 ]
	cpod rm -v d
	[ -z "$(cpod volume ls -q)" ]
}

@test "a copy that cannot be made leaves nothing, and what it was to replace" {
	cpod create --name c --network none busy true >/dev/null
	run -125 cpod container clone --destroy --memory 1q c d
	run -125 cpod container clone --destroy c d localhost/nosuch:1
	run -125 cpod container clone --destroy c c
	[ "$(cpod ps -a --format '{{.Names}}')" = c ]
}
