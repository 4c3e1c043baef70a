#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# A container's life: started, looked at, entered, stopped, killed, lost and found again.
load common

setup_file() { store_make; }
teardown_file() { store_remove; }
teardown() { cpod rm -fa -t 0 >/dev/null; }
up() { cpod run -d --network none --name "$1" busy "${@:2}" >/dev/null; }
state() { cpod inspect "$1" --format '{{.State.Status}} {{.State.ExitCode}}'; }

@test "detached: ps, logs, wait, exit code" {
	cpod run -d --network none --name c -v "$BATS_TEST_TMPDIR:/go" busy sh -c 'echo one; echo two >&2; until [ -e /go/on ]; do sleep 0.02; done; exit 5' >/dev/null
	run cpod ps --format '{{.Names}} {{.State}}'
	output_is 'c running'
	touch "$BATS_TEST_TMPDIR/on"
	run cpod wait c
	output_is 5
	run cpod logs c
	output_is $'one\ntwo'
	run state c
	output_is 'exited 5'
	[ -z "$(cpod ps -q)" ]
}

@test "logs: follow to the end, tail, timestamps" {
	up c sh -c 'for i in 1 2 3 4 5; do echo line $i; sleep 0.05; done'
	run cpod logs -f c
	[ "${#lines[@]}" = 5 ]
	run cpod logs --tail 2 c
	output_is $'line 4\nline 5'
	run cpod logs -t --tail 1 c
	[[ $output =~ ^20[0-9-]+T[0-9:.]+[+-][0-9:]+\ line\ 5$ ]]
}

@test "start again: the files are kept, the log goes on" {
	up c sh -c 'cat /mark; echo x > /mark; exit 1'
	cpod wait c
	cpod start c >/dev/null
	cpod wait c
	run cpod logs c
	output_has x
}

@test "start -a gives output and code" {
	cpod create --network none --name c busy sh -c 'echo again; exit 4' >/dev/null
	run cpod start -a c
	[ "$status" = 4 ] && output_is again
}

@test "exec: output, input, codes, users, directories, environment" {
	up c sleep 60
	run cpod exec c sh -c 'echo in; exit 9'
	[ "$status" = 9 ] && output_is in
	run bash -c "echo data | '$CPOD' --root '$STORE/root' --runroot '$STORE/run' exec -i c cat"
	output_is data
	run cpod exec -u alice -w /tmp -e V=1 c sh -c 'id -u; pwd; echo $V'
	output_is $'1000\n/tmp\n1'
	run -127 cpod exec c nosuch
	[ "$status" = 127 ]
	run cpod exec c sed -n 's/^CapEff:\t//p' /proc/self/status
	output_is 00000000800405fb
}

@test "exec: not in a container that does not run" {
	cpod create --network none --name c busy true >/dev/null
	run cpod exec c true
	[ "$status" = 255 ] || [ "$status" = 125 ]
	output_has 'can only create exec sessions on running containers'
}

@test "stop: the signal, then the kill; kill; codes" {
	up c sh -c 'trap "exit 3" TERM; while :; do sleep 0.05; done'
	eventually cpod exec c true
	cpod stop -t 5 c >/dev/null
	run state c
	output_is 'exited 3'
	up d sleep 60
	cpod kill d >/dev/null
	cpod wait d
	run state d
	output_is 'exited 137'
}

@test "rm: refuses what runs, -f does not" {
	up c sleep 60
	run cpod rm c
	[ "$status" != 0 ] && output_has 'running or paused containers cannot be removed without force'
	cpod rm -f -t 0 c
	run cpod rm c
	[ "$status" != 0 ]
}

@test "a hosts file that was named and is gone: no start without its lines" {
	echo '10.1.2.3 named' > "$STORE/hosts"
	cpod create --name h --network none --hosts-file "$STORE/hosts" localhost/busy cat /etc/hosts
	[[ "$(cpod start -a h)" = *10.1.2.3* ]]
	rm "$STORE/hosts"
	run cpod start -a h
	[ "$status" = 125 ] && [[ $output == *"cannot read the hosts file '$STORE/hosts'"* ]]
	[ -z "$(cpod ps -q)" ]
	cpod rm h
}

@test "pause and unpause" {
	up c sleep 60
	run cpod pause c
	[ "$status" = 0 ] || skip "no freezer here: $output"
	run cpod ps --format '{{.State}}'
	output_is paused
	cpod unpause c
	run cpod ps --format '{{.State}}'
	output_is running
}

@test "inspect: the members people use" {
	up c sleep 60
	run cpod inspect c --format '{{.Name}} {{.State.Running}} {{.Config.Image}} {{.HostConfig.NetworkMode}} {{len .Id}}'
	output_is 'c true localhost/busy:latest none 64'
	cpod inspect c | python3 -c 'import json, sys; c = json.load(sys.stdin)[0]; assert c["State"]["Pid"] > 0 and c["Config"]["Labels"] == {"origin": "test"}'
}

@test "ps: filters and formats" {
	up c sleep 60
	cpod create --network none --name other --label l=1 busy true >/dev/null
	run cpod ps -a --filter label=l=1 --format '{{.Names}}'
	output_is other
	run cpod ps -a --filter status=running -q
	[ "${#lines[@]}" = 1 ]
	run cpod ps -a --filter nosuch=1
	[ "$status" = 125 ]
	cpod ps -a --format json | python3 -c 'import json, sys; assert len(json.load(sys.stdin)) == 2'
}

@test "the command is killed: the container goes on, its end is known, --rm removes it" {
	cpod run --rm --network none --name watched -v "$BATS_TEST_TMPDIR:/go" busy sh -c 'until [ -e /go/on ]; do sleep 0.02; done; exit 6' &
	command=$!
	eventually cpod exec watched true
	kill -9 "$(pgrep -P "$command" -x cpod || echo "$command")"
	run cpod inspect watched --format '{{.State.Status}}'
	output_is running
	touch "$BATS_TEST_TMPDIR/on"
	eventually bash -c "! '$CPOD' --root '$STORE/root' --runroot '$STORE/run' container exists watched"
}

@test "the monitor is killed: the container is seen to run, to end, and can be removed and started" {
	up c sleep 60
	kill -9 "$(cpod inspect c --format '{{.State.ConmonPid}}')"
	run cpod inspect c --format '{{.State.Status}}'
	output_is running
	cpod stop -t 0 c >/dev/null
	run state c
	output_is 'exited 255'
	cpod start c >/dev/null
	run cpod inspect c --format '{{.State.Status}}'
	output_is running
}

@test "a reboot: the run directory is gone; containers are exited and start again" {
	up c sleep 60
	kill -9 "$(cpod inspect c --format '{{.State.ConmonPid}}')" "$(cpod inspect c --format '{{.State.Pid}}')"
	rm -rf "$STORE/run"
	run state c
	output_is 'exited 255'
	cpod start c >/dev/null
	run cpod inspect c --format '{{.State.Status}}'
	output_is running
}

@test "events: start and end with the user" {
	up c sh -c 'exit 2'
	cpod wait c
	run bash -c "'$CPOD' --root '$STORE/root' --runroot '$STORE/run' events --stream=false --filter container=c --format json"
	output_has '"Status":"start"'
	output_has '"Status":"died"'
	output_has '"ContainerExitCode":2'
}

@test "what a foreground --rm leaves to its monitor goes, and nothing of it stays" {
	cpod run --rm --network none busy sh -c 'mkdir -p /a/b/c; touch /a/b/c/f; chmod 0 /a/b' >/dev/null
	local id
	id=$(cpod create --rm --network none --pids-limit 50 busy true)
	cpod start -a "$id"
	eventually empty_dirs "$STORE"/root/{trash,staging,containers} "$STORE/run/containers"
	[ -z "$(find /sys/fs/cgroup -name "$id")" ]
}

@test "what a killed monitor left in trash is swept by who comes next" {
	up c sleep 60
	local id group
	id=$(cpod inspect c --format '{{.Id}}')
	group=$(cpod inspect c --format '{{.State.CgroupPath}}')
	[ -d "$(echo /sys/fs/cgroup{/unified,}"$group" | cut -d' ' -f1)" ] || [ -d "/sys/fs/cgroup$group" ]
	kill -9 "$(cpod inspect c --format '{{.State.ConmonPid}}')" "$(cpod inspect c --format '{{.State.Pid}}')"
	# as far as the foreground command goes
	rm "$STORE/root/names/container/c"
	mv "$STORE/root/containers/$id" "$STORE/root/trash/$id"
	touch -d '1 minute ago' "$STORE/root/trash"
	cpod create --network none --name d busy true >/dev/null
	[ ! -e "$STORE/run/containers/$id" ]
	[ ! -e "/sys/fs/cgroup$group" ] && [ ! -e "/sys/fs/cgroup/unified$group" ]
	empty_dirs "$STORE/root/trash"
}

@test "the login uid of who typed the command is every process's" {
	[ -r /proc/self/loginuid ] || skip "this kernel keeps no login uid"
	up c sleep 60
	[ "$(cat "/proc/$(cpod inspect c --format '{{.State.Pid}}')/loginuid")" = "$(cat /proc/self/loginuid)" ]
	[ "$(cat "/proc/$(cpod inspect c --format '{{.State.ConmonPid}}')/loginuid")" = "$(cat /proc/self/loginuid)" ]
}

@test "ps --watch prints again, and on a terminal in place of what was there" {
	up w sleep 60
	run timeout 3 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" ps --watch 1 --format '{{.Names}}'
	[ "${#lines[@]}" -ge 2 ] && [ "${lines[0]}" = w ] && [ "${lines[1]}" = w ]
	run script -qec "timeout 3 '$CPOD' --root '$STORE/root' --runroot '$STORE/run' ps --watch 1" /dev/null
	[ "$(grep -o $'\e\[2J' <<<"$output" | wc -l)" -ge 2 ]
}

@test "attach: output of a running container, detached by its keys" {
	up c sh -c 'while :; do echo tick; sleep 0.05; done'
	run timeout 2 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" attach --sig-proxy=false c
	output_has tick
	run cpod inspect c --format '{{.State.Status}}'
	output_is running
}

@test "images: in use, removed, history" {
	cpod create --network none --name c busy true >/dev/null
	run cpod rmi busy
	[ "$status" = 2 ] && output_has 'image is in use by a container'
	run cpod history busy
	output_has tests
	cpod tag busy busy:two
	run cpod rmi busy:two
	output_has 'Untagged: localhost/busy:two'
}

@test "limits of one device reach its control group" {
	[ "$(id -u)" = 0 ] || skip "an ordinary user's group has no I/O controller here"
	dev=$(awk '$4 ~ /^(vd|sd|nvme|xvd|loop)/ && $1 ~ /^[0-9]+$/ { print $4; exit }' /proc/partitions)
	[ -n "$dev" ]
	run cpod run -d --network none --device-read-bps "/dev/$dev:1mb" localhost/busy sleep 100
	[ "$status" -eq 0 ]
	id=${lines[0]}
	found=$(cat $(find /sys/fs/cgroup -path "*$id*" \( -name io.max -o -name blkio.throttle.read_bps_device \)))
	cpod rm -f -t 0 "$id"
	[[ "$found" == *1048576* ]]
}
