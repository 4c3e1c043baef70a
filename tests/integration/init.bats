#!/usr/bin/env bats
# init.bats - a container whose program is held back: what others can do with it meanwhile, and what is left when somebody dies.

load both

setup_file() { both_make; }
teardown_file() { both_remove; }
teardown() { both_clear; }

IMAGE=localhost/busy
state() { cpod inspect "$1" --format '{{.State.Status}}'; }
state_is() { [ "$(state "$1")" = "$2" ]; }

@test "its namespaces and files are there and can be changed before it runs, and are the ones that it gets" {
	cpod create --name c --network none "$IMAGE" sh -c 'ls /put; ip -4 -o addr show' >/dev/null
	cpod init c
	pid=$(cpod inspect c --format '{{.State.Pid}}')
	nsenter -n -t "$pid" ip link set lo up
	nsenter -n -t "$pid" ip addr add 10.9.8.7/24 dev lo
	mkdir "$STORE/in" && touch "$STORE/in/file" && cpod cp "$STORE/in" c:/put
	run cpod start -a c
	[ "$status" = 0 ] && [[ $output == file*10.9.8.7* ]]
}

@test "a published port answers after the start, and the address is the one that init gave" {
	cpod create --name c "$IMAGE" sh -c 'ip -4 -o addr show eth0' >/dev/null
	cpod init c
	address=$(cpod inspect c --format '{{.NetworkSettings.IPAddress}}')
	[ -n "$address" ]
	[[ "$(cpod start -a c)" = *"inet $address/"* ]]
}

@test "nothing of the program runs before, and --timeout counts from the start" {
	cpod create --name c --network none --timeout 1 -v "$STORE:/host" "$IMAGE" sh -c 'touch /host/ran; sleep 1000' >/dev/null
	cpod init c
	[ "$(tr '\0' ' ' < "/proc/$(cpod inspect c --format '{{.State.Pid}}')/comm" | grep -c sh$)" = 0 ]
	[ ! -e "$STORE/ran" ]
	begun=$(date +%s%N)
	cpod start c
	eventually test -e "$STORE/ran"
	timeout 20 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" wait c
	[ $(($(date +%s%N) - begun)) -ge 1000000000 ]
}

@test "its health is asked from the start on" {
	cpod create --name c --network none --health-cmd 'test -e /ok' --health-interval 50ms --health-retries 1 --stop-timeout 0 "$IMAGE" sh -c 'touch /ok; sleep 1000' >/dev/null
	cpod init c
	[ "$(cpod inspect c --format '{{.State.Health.Status}}')" != unhealthy ]
	cpod start c
	health_is() { [ "$(cpod inspect c --format '{{.State.Health.Status}}')" = "$1" ]; }
	eventually health_is healthy
}

@test "its monitor is killed: it ends, and is as if it had never been prepared" {
	cpod create --name c --network none "$IMAGE" sleep 1000 >/dev/null
	cpod init c
	pid=$(cpod inspect c --format '{{.State.Pid}}')
	kill -9 "$(cpod inspect c --format '{{.State.ConmonPid}}')"
	eventually test ! -e "/proc/$pid"
	state_is c created
	cpod start c
	state_is c running
}

@test "it is killed from outside: it has ended, with that code, and starts again" {
	cpod create --name c --network none "$IMAGE" true >/dev/null
	cpod init c
	kill -9 "$(cpod inspect c --format '{{.State.Pid}}')"
	eventually state_is c exited
	[ "$(cpod inspect c --format '{{.State.ExitCode}}')" = 137 ]
	cpod start -a c
}

@test "a reboot: it is created" {
	cpod create --name c --network none "$IMAGE" true >/dev/null
	cpod init c
	kill -9 "$(cpod inspect c --format '{{.State.ConmonPid}}')" "$(cpod inspect c --format '{{.State.Pid}}')"
	rm -rf "$STORE/run"
	state_is c created
}

@test "a program that cannot be run is told of by start, and nothing stays" {
	printf 'no program\n' > "$STORE/odd" && chmod 755 "$STORE/odd"
	cpod create --name c --network none -v "$STORE/odd:/odd" "$IMAGE" /odd >/dev/null
	run cpod init c
	if [ "$status" = 0 ]; then run cpod start c; fi
	[ "$status" = 125 ] && [[ $output == *"/odd"* ]]
	[ -z "$(cpod ps -q)" ]
	cpod rm c
}

@test "ordinary users, too" {
	as_user cpod create --name c --network none "$IMAGE" echo hello >/dev/null
	as_user cpod init c
	[ "$(as_user cpod ps -a --format '{{.Status}}')" = Initialized ]
	[ "$(as_user cpod start -a c)" = hello ]
	as_user cpod rm c
}
