#!/usr/bin/env bats
# stats: figures that are true, and the pictures. What can be compared with Podman is in tests/compat/cases/stats.sh.
load common

setup_file() { store_make; }
teardown_file() { store_remove; }
teardown() { cpod rm -fa -t 0 >/dev/null; }

@test "a busy container is busy, an idle one is not" {
	cpod run -d --name busy --network none localhost/busy sh -c 'while :; do :; done'
	cpod run -d --name idle --network none localhost/busy sleep 100
	for try in $(seq 100); do
		busy=$(cpod stats --no-stream --format '{{.CPUNano}}' busy)
		[ "$busy" -lt 300000000 ] || break
	done
	idle=$(cpod stats --no-stream --format '{{.CPUNano}}' idle)
	[ "$busy" -ge 300000000 ]
	[ "$idle" -lt "$busy" ]
	cpod stats --no-stream --format json | python3 -c '
import json, sys
rows = {r["name"]: r for r in json.load(sys.stdin)}
assert set(rows) == {"busy", "idle"} and float(rows["busy"]["cpu_percent"].rstrip("%")) > float(rows["idle"]["cpu_percent"].rstrip("%"))'
}

@test "a look at a busy container shows much of a processor" {
	cpod run -d --name busy --network none localhost/busy sh -c 'while :; do :; done'
	much=$(timeout 60 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" stats -i 1 --format '{{.CPU}}' busy | grep -m 1 -E '^([3-9][0-9]|[1-9][0-9]{2,})(\.|$)')
	[ -n "$much" ]
}

@test "the limit of the memory is the container's" {
	cpod run -d --name c --network none --memory 64m localhost/busy sleep 100
	run cpod stats --no-stream --format '{{.MemLimit}} {{.MemUsage}} {{.MemUsageBytes}}' c
	[[ "$output" == "67108864 "*" / 67.11MB "*" / 64MiB" ]]
}

looks_end_with() { [ "$(tail -n 2 "$BATS_TEST_TMPDIR/out" | tr '\n' ' ')" = "$1" ]; }

@test "without names whoever starts joins, and who ends leaves" {
	"$CPOD" --root "$STORE/root" --runroot "$STORE/run" stats -i 1 --format '{{.Name}}' > "$BATS_TEST_TMPDIR/out" 3>&- &
	cpod run -d --name c --network none localhost/busy sleep 100
	eventually grep -qx c "$BATS_TEST_TMPDIR/out"
	cpod run -d --name d --network none localhost/busy sleep 100
	eventually looks_end_with 'c d '
	cpod rm -f -t 0 c >/dev/null
	eventually looks_end_with 'd d '
	kill $!
}

@test "bytes of the network are the container's own" {
	cpod run -d --name c localhost/busy sh -c 'busybox nc -l -p 80 >/dev/null; sleep 100'
	ip=$(cpod inspect c --format '{{.NetworkSettings.IPAddress}}')
	until (exec 4<>"/dev/tcp/$ip/80" && head -c 100000 /dev/zero >&4) 2>/dev/null; do :; done
	deadline=$((SECONDS + 30))
	until [ "$(cpod exec c cat /sys/class/net/eth0/statistics/rx_bytes)" -ge 100000 ] || [ $SECONDS -gt $deadline ]; do :; done
	run cpod stats --no-stream --format '{{.NetIO}}' c
	[[ "$output" =~ ^([0-9]+)[.0-9]*kB\ / ]]
	[ "${BASH_REMATCH[1]}" -ge 100 ]
}

@test "the plot: plain lines, letters without UTF-8; no colours in a file" {
	cpod run -d --name c --network none localhost/busy sleep 100
	run env LC_ALL=C "$CPOD" --root "$STORE/root" --runroot "$STORE/run" stats --plot --no-stream c
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" == "c  "* ]]
	[[ "${lines[1]}" == "  cpu  "*%* ]]
	[[ "$output" != *$'\033'* ]]
	[[ "$output" != *█* ]]
	run cpod stats --plot --format json c
	[ "$status" -eq 125 ]
}

@test "a stream ends with its container, and with its reader" {
	cpod run -d --name c --network none localhost/busy sleep 100
	cpod stats -i 1 --format '{{.Name}}' c > "$BATS_TEST_TMPDIR/out" 3>&- &
	until [ -s "$BATS_TEST_TMPDIR/out" ]; do :; done
	cpod rm -f -t 0 c >/dev/null
	wait $!
	cpod run -d --name d --network none localhost/busy sleep 100
	[ "$(cpod stats -i 1 --format '{{.Name}}' d | head -1)" = d ]
}

@test "^C ends the live table with success, and the screen is drawn anew" {
	cpod run -d --name c --network none localhost/busy sleep 100
	run python3 - "$CPOD" "$STORE" <<-'END'
	import os, pty, signal, sys, time
	pid, fd = pty.fork()
	if pid == 0:
	    os.execv(sys.argv[1], [sys.argv[1], '--root', sys.argv[2] + '/root', '--runroot', sys.argv[2] + '/run', 'stats', '-i', '1', 'c'])
	seen = b''
	while seen.count(b'\033[H\033[2J') < 2:
	    seen += os.read(fd, 4096)
	os.write(fd, b'\x03')
	try:
	    while os.read(fd, 4096): pass
	except OSError: pass
	print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
	[ "$output" = 0 ]
}

@test "a terminal of another size is drawn on at once, ^C between two looks is heard" {
	cpod run -d --name c --network none localhost/busy sleep 100
	run timeout 60 python3 - "$CPOD" "$STORE" <<-'END'
	import fcntl, os, pty, struct, sys, termios
	pid, fd = pty.fork()
	if pid == 0:
	    os.execv(sys.argv[1], [sys.argv[1], '--root', sys.argv[2] + '/root', '--runroot', sys.argv[2] + '/run', 'stats', '--plot', '-i', '3600', 'c'])
	seen = b''
	def frames(count):
	    global seen
	    while seen.count(b'  pids ') < count or not seen.endswith(b'\n'):
	        seen += os.read(fd, 4096)
	frames(1)
	fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 50, 0, 0))
	frames(2)
	os.write(fd, b'\x03')
	try:
	    while os.read(fd, 4096): pass
	except OSError: pass
	print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
	[ "$output" = 0 ]
}
