#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# sandbox_kernel.bats - what a container asks the kernel for: sockets, keys, terminals, processes; signals to strangers. As root.
load sandbox

setup_file() { sandbox_make; }
teardown_file() { store_remove; }
teardown() { cpod rm -fa -t 0 >/dev/null; }

@test "T-RT-28: AF_ALG and AF_VSOCK are refused, also with high bits and as 32 bits ask; others are not" {
	local how family
	for how in socket socket_high; do
		for family in 38 40; do
			run_in probe probe $how $family
			output_is EPERM
		done
		run_in probe probe $how 1
		output_is open
	done
	run_in probe probe socket32 38
	output_is ENOSYS
	run_in probe probe socket32 1
	output_is ENOSYS
	# the control: it is the filter that refuses, not the kernel
	run_in --security-opt seccomp=unconfined probe probe socket32 1
	output_is open
	run_in --security-opt seccomp=unconfined probe probe socket 38
	[ "$output" != EPERM ]
	# a session is not freer than its container
	cpod run -d --name main --network none probe sleep 100 >/dev/null
	run cpod exec main probe socket 38
	output_is EPERM
	run cpod exec main probe socket32 38
	output_is ENOSYS
}

@test "T-RT-25: nothing is typed into the caller's terminal, by run or exec, with or without -t" {
	export PROBE
	CPOD_WORDS=$(printf '%s\n' "$CPOD" --root "$STORE/root" --runroot "$STORE/run")
	export CPOD_WORDS
	for kind in control run run_tty exec exec_tty; do
		run timeout 60 python3 "$BATS_TEST_DIRNAME/../rigs/typing.py" $kind
		[ "$status" = 0 ] || { echo "$kind: $output"; return 1; }
	done
}

@test "T-RT-30: keys of the caller's session are not the container's, nor keys of one container another's" {
	local words=("$CPOD" --root "$STORE/root" --runroot "$STORE/run" run --rm --network none --security-opt seccomp=unconfined)
	# the control: with a session of its own and a key in it, a child finds the key
	run keyctl_session "$PROBE" keyring cpod-test-key
	[ "${lines[0]}" = open ] || skip "this kernel has no keys"
	[ "${lines[1]}" = found ]
	run keyctl_session "${words[@]}" probe probe keyring cpod-test-key
	[ "${lines[0]}" = open ] && [ "${lines[1]}" != found ]
	cpod run -d --name one --network none --security-opt seccomp=unconfined probe probe add cpod-test-key sleep 100 >/dev/null
	eventually eval '[ "$(cpod logs one)" = open ]'
	cpod run -d --name two --network none --security-opt seccomp=unconfined probe sleep 100 >/dev/null
	run cpod exec two probe keyring cpod-test-key
	[ "$output" != found ] && [ -n "$output" ]
}

# COMMAND in a session keyring that holds cpod-test-key; "open" first when the key could be made
keyctl_session()
{
	python3 - "$PROBE" "$@" <<-'END'
		import ctypes, os, sys
		libc = ctypes.CDLL(None)
		libc.syscall(250, 1, None)  # keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL)
		os.execv(sys.argv[1], [sys.argv[1], 'add', 'cpod-test-key'] + sys.argv[2:])
	END
}

@test "T-RT-31: a fork bomb ends at its container's limit" {
	grep -qw pids /sys/fs/cgroup/cgroup.controllers /sys/fs/cgroup/unified/cgroup.controllers 2>/dev/null || grep -q '^pids' /proc/cgroups ||
		skip "this kernel has no pids controller"
	run_in --pids-limit 20 probe probe bomb 200
	case $output in
	*"not available"* | *"cannot be enforced"* | *"no controller"*) skip "this host's pids controller is not to be had: $output" ;;
	esac
	[[ $output =~ ^1[0-9]\ EAGAIN$ ]]
	run_in --pids-limit 100 probe probe bomb 50
	output_is '50 open'
}

forge() # STATE PID [TICKS]
{
	python3 - "$@" <<-'END'
		import json, sys
		s = json.load(open(sys.argv[1]))
		for who in ('process', 'monitor'):
		    s[who]['pid'] = int(sys.argv[2])  # its start time stays that of the dead one
		    if len(sys.argv) > 3:
		        s[who]['start_ticks'] = int(sys.argv[3])
		json.dump(s, open(sys.argv[1], 'w'))
	END
}

@test "T-RT-27: a state that names another's process signals nobody" {
	local state victim id
	sleep 1000 3>&- & victim=$!
	cpod run -d --name forged --network none busy sleep 1000 >/dev/null
	id=$(cpod inspect forged --format '{{.Id}}')
	state=$STORE/run/containers/$id/state.json
	[ -f "$state" ]
	kill -9 "$(cpod inspect forged --format '{{.State.ConmonPid}}')" "$(cpod inspect forged --format '{{.State.Pid}}')"
	eventually eval '[ "$(cpod inspect forged --format "{{.State.Status}}")" = exited ]'
	for verb in 'kill' 'kill -s TERM' 'stop -t 0' 'pause' 'rm' 'rm -f -t 0'; do
		[ ! -f "$state" ] || forge "$state" "$victim"
		run cpod $verb forged
		kill -0 "$victim" || { echo "$verb ended another's process"; return 1; }
		[ "$(ps -o stat= -p "$victim" | cut -c1)" = S ]
	done
	run cpod container exists forged
	[ "$status" = 1 ]
	# the control: had the state the right start time, it would be believed
	cpod run -d --name believed --network none busy sleep 1000 >/dev/null
	id=$(cpod inspect believed --format '{{.Id}}')
	kill -9 "$(cpod inspect believed --format '{{.State.ConmonPid}}')" "$(cpod inspect believed --format '{{.State.Pid}}')"
	forge "$STORE/run/containers/$id/state.json" "$victim" "$(sed 's/.*) //' "/proc/$victim/stat" | cut -d' ' -f20)"
	cpod kill believed >/dev/null
	eventually eval '! kill -0 "$victim" 2>/dev/null'
}
