#!/usr/bin/env bats
# --sdnotify: what a service manager hears. It is a datagram socket of the test's own.

load common

setup_file() { store_make; }
teardown_file() { store_remove; }

IMAGE=localhost/busy

setup()
{
	SOCK=$BATS_TEST_TMPDIR/notify
	python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); s.settimeout(60)
open(sys.argv[2], "w").close()
try:
    while True:
        t = s.recv(4096).decode(); print(t.replace("\n", " "), flush=True)
        if t == "END": break
except TimeoutError: pass
' "$SOCK" "$SOCK.up" > "$SOCK.out" 3>&- &
	LISTENER=$!
	until [ -e "$SOCK.up" ]; do :; done
}

teardown()
{
	kill "$LISTENER" 2>/dev/null || true
	cpod rm -fa -t 0 >/dev/null
}

heard()
{
	python3 -c 'import socket,sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"END", sys.argv[1])' "$SOCK"
	wait "$LISTENER"
	cat "$SOCK.out"
}

heard_twice() { eventually sed -n '2q0;$q1' "$SOCK.out"; }

@test "conmon: ready when the container runs, and its monitor is the main process" {
	NOTIFY_SOCKET=$SOCK cpod run -d --name c --network none --sdnotify conmon "$IMAGE" sleep 100
	[ "$(heard | head -1)" = "MAINPID=$(cpod inspect c --format '{{.State.ConmonPid}}') READY=1" ]
}

@test "container: the program says it, over a socket it can reach" {
	NOTIFY_SOCKET=$SOCK cpod run -d --name c --network none "$IMAGE" sleep 100
	[ "$(cpod exec c sh -c 'cat /proc/1/environ | tr "\0" "\n" | grep NOTIFY; test -S /run/notify.sock && echo socket')" = "NOTIFY_SOCKET=/run/notify.sock
socket" ]
	[ "$(heard | head -1)" = "MAINPID=$(cpod inspect c --format '{{.State.ConmonPid}}')" ]
}

@test "healthy: ready when its check first succeeds, and not before" {
	NOTIFY_SOCKET=$SOCK cpod run -d --name c --network none --sdnotify healthy --health-cmd 'test -e /ok' --health-interval 50ms --health-retries 1 \
		--stop-timeout 0 "$IMAGE" sleep 1000
	timeout 20 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" wait --condition unhealthy c
	cpod exec c touch /ok
	timeout 20 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" wait --condition healthy c
	eventually grep -q READY "$SOCK.out"
	[ "$(heard)" = "MAINPID=$(cpod inspect c --format '{{.State.ConmonPid}}')
READY=1
END" ]
}

@test "healthy: a later start under a service manager waits for its check, too" {
	cpod create --name c --network none --sdnotify healthy --health-cmd false --health-interval 50ms --health-retries 1 --stop-timeout 0 "$IMAGE" sleep 1000
	NOTIFY_SOCKET=$SOCK cpod start c
	timeout 20 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" wait --condition unhealthy c
	[ "$(heard)" = "MAINPID=$(cpod inspect c --format '{{.State.ConmonPid}}')
END" ]
}

@test "a restart by policy names the new monitor" {
	NOTIFY_SOCKET=$SOCK cpod run -d --name c --network none --sdnotify conmon --restart on-failure:1 --stop-timeout 0 "$IMAGE" \
		sh -c 'test -e /again && exec sleep 1000; touch /again; exit 1'
	[ "$(heard_twice; heard | sort -u | grep -c '^MAINPID=.* READY=1')" = 2 ]
	[ "$(sed -n 2p "$SOCK.out")" = "MAINPID=$(cpod inspect c --format '{{.State.ConmonPid}}') READY=1" ]
}

@test "healthy needs a check" {
	run cpod create --name c --network none --sdnotify healthy "$IMAGE" true
	[ "$status" = 125 ] && [[ $output == *'sdnotify policy "healthy" requires a healthcheck to be set'* ]]
}

@test "ignore: nothing; no variable: nothing" {
	NOTIFY_SOCKET=$SOCK cpod run --rm --network none --sdnotify ignore "$IMAGE" sh -c 'test -z "$NOTIFY_SOCKET"'
	cpod run --rm --network none --sdnotify conmon "$IMAGE" true
	[ "$(heard)" = END ]
}

@test "a socket that nobody has bound: a sentence, and no container that claims to run" {
	NOTIFY_SOCKET=/nonexistent/socket run cpod run -d --name c --network none --sdnotify conmon "$IMAGE" sleep 100
	[ "$status" -ne 0 ]
	[[ "$output" == *"cannot tell the service manager at '/nonexistent/socket'"* ]]
	[ -z "$(cpod ps -q)" ]
}
