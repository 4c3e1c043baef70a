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
