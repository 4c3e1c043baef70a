#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# logs.bats - where a container's output goes: files that turn, readers that follow them, drivers that keep nothing.
load common

setup_file() { store_make; }
teardown_file() { store_remove; }
teardown() { cpod rm -fa -t 0 >/dev/null; }

file() { cpod inspect c --format '{{.HostConfig.LogConfig.Path}}'; }
lines() { seq -f 'line number %g, as long as lines of programs are' "$1"; }
COUNT='i=0; while [ $i -lt $N ]; do i=$((i+1)); echo "line number $i, as long as lines of programs are"; done'

@test "max-size and max-file: the files turn, the newest lines stay, whole and in order" {
	cpod run --name c --network none --log-opt max-size=4k --log-opt max-file=3 -e N=2000 busy sh -c "$COUNT" >/dev/null
	local f
	f=$(file)
	[ -e "$f" ] && [ -e "$f.1" ] && [ -e "$f.2" ] && [ ! -e "$f.3" ]
	for one in "$f" "$f.1" "$f.2"; do [ "$(stat -c %s "$one")" -lt 16384 ]; done # a piece of output stays in one
	cpod logs c > "$STORE/got"
	local n
	n=$(wc -l < "$STORE/got")
	[ "$n" -gt 50 ] && [ "$n" -lt 1000 ]
	lines 2000 | tail -n "$n" | cmp - "$STORE/got"
}

@test "tail counts over all files" {
	cpod run --name c --network none --log-opt max-size=4k --log-opt max-file=20 -e N=300 busy sh -c "$COUNT" >/dev/null
	[ -e "$(file).2" ]
	cpod logs --tail 250 c > "$STORE/got"
	lines 300 | tail -n 250 | cmp - "$STORE/got"
	[ "$(cpod logs --tail 0 c)" = '' ]
	[ "$(cpod logs --tail 1 c)" = "$(lines 300 | tail -n 1)" ]
}

@test "max-size alone: one file" {
	cpod run --name c --network none --log-opt max-size=4k -e N=2000 busy sh -c "$COUNT" >/dev/null
	[ "$(find "$(dirname "$(file)")" -name 'ctr.log*' | wc -l)" = 1 ]
	[ "$(cpod logs --tail 1 c)" = "$(lines 2000 | tail -n 1)" ]
}

@test "a follower crosses every turn without losing a line" {
	cpod create --name c --network none --log-opt max-size=64k --log-opt max-file=90 -e N=30000 busy sh -c "$COUNT" >/dev/null
	"$CPOD" --root "$STORE/root" --runroot "$STORE/run" start c >/dev/null
	cpod logs -f c > "$STORE/got"
	lines 30000 | cmp - "$STORE/got"
	[ -e "$(file).10" ]
}

# LOG_MIB=1024 for the full form
@test "32 MiB through a follower that is slow: every line, and a small monitor" {
	local count=$((${LOG_MIB:-32} * 1024 * 1024 / 62)) kib
	cpod run -d --name c --network none --log-opt max-size=$((${LOG_MIB:-32} / 4))m --log-opt max-file=20 busy \
		sh -c "yes 0123456789012345678901234567890123456789012345678901234567890 | head -n $count; echo end; exec sleep 1000" >/dev/null
	cpod logs -f c 3>&- | { for _ in 1 2 3 4 5; do head -c 65536 >/dev/null; sleep 0.1; done; sed '/^end$/q' > "$STORE/got"; : > "$STORE/all"; } &
	local reader=$!
	ended() { [ "$(cpod logs --tail 1 c)" = end ]; }
	until ended; do sleep 0.2; done
	kib=$(awk '/^Private_Dirty/ { n += $2 } END { print n }' "/proc/$(cpod inspect c --format '{{.State.ConmonPid}}')/smaps_rollup") # its text is every monitor's
	echo "$kib KiB"
	[ "$kib" -lt 64 ]
	until [ -e "$STORE/all" ]; do sleep 0.1; done
	cpod rm -f -t 0 c >/dev/null # and the follower ends
	wait $reader
	local lost=$((count * 62 + 4 - $(stat -c %s "$STORE/got")))
	echo "lost: $lost"
	[ "$lost" -ge $((5 * 65536)) ] && [ "$lost" -le $((5 * 65536 * 4)) ] # what head threw away; it reads ahead
	[ "$(grep -vcx '[0-9]\{61\}\|end' "$STORE/got")" -le 1 ]
}

@test "path: the file is there, is read, and stays when the container goes" {
	cpod run --name c --network none --log-opt "path=$STORE/own.log" busy sh -c 'echo out; echo err >&2' >/dev/null 2>&1
	[ "$(cpod logs c 2>&1)" = $'out\nerr' ]
	[ "$(sed 's/^[^ ]* //' "$STORE/own.log")" = $'stdout F out\nstderr F err' ]
	cpod rm c >/dev/null
	[ -s "$STORE/own.log" ]
}

@test "path: a link or a directory in its place is refused, and nothing is written there" {
	: > "$STORE/victim"
	ln -sf victim "$STORE/link.log"
	run -126 cpod run --name c --network none --log-opt "path=$STORE/link.log" busy echo x
	output_has 'cannot open the log of container c'
	[ ! -s "$STORE/victim" ]
	cpod rm -f c >/dev/null
	run -126 cpod run --name c --network none --log-opt path=/nosuch/dir/file busy echo x
	output_has /nosuch/dir
}

@test "passthrough: the caller's own stdio, which no monitor reads" {
	echo in | cpod run --name c --network none --log-driver passthrough busy sh -c 'cat; echo err >&2; ls -l /proc/self/fd/1' > "$STORE/out" 2> "$STORE/err"
	[ "$(head -n 1 "$STORE/out")" = in ]
	[ "$(cat "$STORE/err")" = err ]
	run -125 cpod logs c
	output_has "using the 'passthrough' log driver"
}

@test "passthrough: not on a terminal, with -t, or with -a" {
	run script -qec "$CPOD --root $STORE/root --runroot $STORE/run run --rm --network none --log-driver passthrough busy true" /dev/null
	output_has 'use passthrough-tty'
	run -125 cpod run --rm -t --network none --log-driver passthrough busy true
	run -125 cpod run --rm -a stdout --network none --log-driver passthrough busy true
	output_has 'cannot specify --attach'
}

@test "an attached client that stops reading holds up the container as a pipe does; when it dies, all goes on" {
	cpod create --name c --network none busy sh -c 'yes | head -c 3000000; echo; echo end; exec sleep 1000' >/dev/null
	mkfifo "$STORE/pipe"
	{ read -r _; echo begun > "$STORE/begun"; exec sleep 1000; } < "$STORE/pipe" 3>&- &
	local reader=$!
	"$CPOD" --root "$STORE/root" --runroot "$STORE/run" start -a c > "$STORE/pipe" 3>&- &
	local client=$!
	begun() { [ -e "$STORE/begun" ]; }
	eventually begun
	kill -STOP $client
	[ "$(cpod ps --format '{{.Names}}')" = c ]
	kill -9 $client
	ended() { [ "$(cpod logs --tail 1 c)" = end ]; }
	eventually ended
	kill $reader
}
