#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# journal.bats - output and events in the systemd journal: a journald of our own (tests/rigs/journald.sh), and sockets that misbehave.
load common
# shellcheck source=/dev/null
. "$BATS_TEST_DIRNAME/../rigs/journald.sh"

setup_file()
{
	store_make
	journald_possible || return 0
	journald_open "$STORE/journald" && journald_start
	COMPAT=$BATS_TEST_DIRNAME/../compat
	export COMPAT JOURNALD_DIR
}
teardown_file()
{
	! journald_possible || journald_close
	store_remove
}
setup() { journald_possible || skip "needs systemd-journald and journalctl, as root"; }
teardown()
{
	jcpod rm -fa -t 0 >/dev/null
	[ -e "$STORE/socket.pid" ] || return 0
	[ ! -s "$STORE/socket.pid" ] || kill "$(<"$STORE/socket.pid")"
	rm -f "$STORE/socket.pid"
	journald_start
}

jcpod() { in_journal "$CPOD" --root "$STORE/root" --runroot "$STORE/run" "$@"; }
run_in_journal() { local name=$1; shift; jcpod run --name "$name" --network none --log-driver journald "$@"; }
messages() { in_journal journalctl -q --all -o json "CONTAINER_NAME=$1" | jq -c '[.MESSAGE, .PRIORITY, .CONTAINER_PARTIAL_MESSAGE]'; }

# Another at the socket: MODE, as tests/rigs/journal_socket.py has them
socket_is()
{
	journald_stop
	rm -f "$STORE/socket.ready"
	in_journal_exec python3 "$BATS_TEST_DIRNAME/../rigs/journal_socket.py" "$1" "$STORE/socket.ready" >"$STORE/socket.out" 2>"$STORE/socket.err" &
	echo $! >"$STORE/socket.pid"
	eventually test -e "$STORE/socket.ready"
}
gone()
{
	journald_stop
	in_journal rm -f /run/systemd/journal/socket
	: >"$STORE/socket.pid"
}

@test "lines, streams, pieces and any bytes come back as they were written" {
	run_in_journal c busy sh -c 'echo out; echo err >&2; printf part; sleep 0.2; printf " rest\nfoo\0bar\n"; printf "\377\n"; printf end' >/dev/null 2>&1
	jcpod logs c >"$STORE/got" 2>"$STORE/err"
	printf 'out\npart rest\nfoo\0bar\n\377\nend' | cmp - "$STORE/got"
	[ "$(cat "$STORE/err")" = err ]
	[ "$(jcpod logs c 2>&1 | head -n 2)" = $'out\nerr' ] # in the order they were written
	[ "$(messages c | tail -n 1)" = '["end","6","true"]' ]
}

@test "what Podman's entries say, ours say" {
	tar -C "$STORE/fs" -c . | jcpod import -q - localhost/plain >/dev/null
	in_journal "$COMPAT/journal_fields" localhost/plain "$CPOD" --root "$STORE/root" --runroot "$STORE/run" >"$STORE/written.ours"
	# where in conmon's source it was sent is no word about the container; a secret's id is ours (docs/differences.md)
	for one in "$COMPAT/journal_fields.recorded" "$STORE/written.ours"; do
		sed 's/"CODE_[A-Z]*": "[^"]*", //g; s/"CPOD_STORE": "[^"]*", //; /^event secret/s/"PODMAN_ID": "SECRET", //' "$one" >"$STORE/${one##*[/.]}"
	done
	diff "$STORE/recorded" "$STORE/ours"
}

@test "logs: tail, since, until, timestamps, several containers, colours" {
	run_in_journal c busy sh -c 'for i in 1 2 3; do echo $i; done' >/dev/null
	local middle
	sleep 0.01
	middle=$(date +%s.%N)
	jcpod start -a c >/dev/null # a second run adds to it
	run_in_journal d busy echo other >/dev/null
	[ "$(jcpod logs c)" = $'1\n2\n3\n1\n2\n3' ]
	[ "$(jcpod logs --tail 2 c)" = $'2\n3' ]
	[ "$(jcpod logs --tail 4 c)" = $'3\n1\n2\n3' ]
	[ "$(jcpod logs --tail 100 c | wc -l)" = 6 ]
	[ -z "$(jcpod logs --tail 0 c)" ]
	[ "$(jcpod logs --since "$middle" c | wc -l)" = 3 ]
	[ "$(jcpod logs --until "$middle" c | wc -l)" = 3 ]
	jcpod logs -t --tail 1 c | grep -Eqx '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{9}(Z|[+-][0-9:]{5}) 3'
	[ "$(jcpod logs --names --tail 1 c d)" = $'c 3\nd other' ]
	[ "$(jcpod logs --names --color --tail 1 c d)" = $'\e[31mc\e[0m 3\n\e[32md\e[0m other' ]
	cpod run --name f --network none busy echo file >/dev/null
	[ "$(jcpod logs --names --tail 1 f d)" = $'f file\nd other' ]
}

@test "a follower gets every line, and ends when the container does" {
	jcpod create --name c --network none --log-driver journald busy sh -c 'i=0; while [ $i -lt 5000 ]; do i=$((i+1)); echo "line $i"; done; printf end' >/dev/null
	jcpod start c >/dev/null
	timeout 60 nsenter -t "$(<"$JOURNALD_DIR/holder")" -m -w -- "$CPOD" --root "$STORE/root" --runroot "$STORE/run" logs -f c >"$STORE/got"
	{ seq -f 'line %g' 5000; printf end; } | cmp - "$STORE/got"
	[ "$(timeout 10 nsenter -t "$(<"$JOURNALD_DIR/holder")" -m -w -- "$CPOD" --root "$STORE/root" --runroot "$STORE/run" logs -f --tail 1 c)" = $'line 5000\nend' ]
}

@test "100000 lines in their order, and a monitor that stays small" {
	run_in_journal c -d busy sh -c 'seq 100000; exec sleep 1000' >/dev/null
	last() { [ "$(jcpod logs --tail 1 c)" = 100000 ]; }
	until last; do sleep 0.2; done
	jcpod logs c | cmp - <(seq 100000)
	local kib
	kib=$(awk '/^Private_Dirty/ { n += $2 } END { print n }' "/proc/$(jcpod inspect c --format '{{.State.ConmonPid}}')/smaps_rollup")
	echo "$kib KiB"
	[ "$kib" -lt 64 ]
}

@test "a line of a mebibyte comes in pieces, and is one line again" {
	run_in_journal mib busy sh -c 'head -c 1048576 /dev/zero | tr "\0" x; echo; echo after' >/dev/null
	jcpod logs mib >"$STORE/got"
	{ head -c 1048576 /dev/zero | tr '\0' x; echo; echo after; } | cmp - "$STORE/got"
	[ "$(jcpod logs --tail 2 mib | wc -c)" = $((1048576 + 1 + 6)) ]
	messages mib | head -n 1 | grep -q ',"true"\]$'
}

@test "T-JOURNAL-1: entries that others send with a container's id are not its output" {
	run_in_journal c busy echo mine >/dev/null
	local id
	id=$(jcpod inspect c --format '{{.Id}}')
	printf 'MESSAGE=forged\nPRIORITY=6\n_UID=0\nCONTAINER_ID_FULL=%s\n' "$id" | in_journal setpriv --reuid 12345 --regid 12345 --clear-groups logger --journald
	journald_sync
	[ "$(in_journal journalctl -q -o cat "CONTAINER_ID_FULL=$id" MESSAGE=forged)" = forged ]
	[ "$(jcpod logs c)" = mine ]
}

@test "tag: a template over what inspect shows; the entries are called so" {
	run_in_journal c --log-opt 'tag={{.ImageName}}/{{.Name}}' busy echo x >/dev/null
	jcpod logs c >/dev/null
	[ "$(in_journal journalctl -q -o json CONTAINER_TAG=localhost/busy:latest/c | jq -r '.SYSLOG_IDENTIFIER + " " + .MESSAGE')" = 'localhost/busy:latest/c x' ]
	[ "$(jcpod inspect c --format '{{.HostConfig.LogConfig.Type}} {{.HostConfig.LogConfig.Tag}}{{.HostConfig.LogConfig.Path}}')" = 'journald {{.ImageName}}/{{.Name}}' ]
	run -125 jcpod run --name bad --network none --log-driver journald --log-opt 'tag={{.Nope}}' busy true
	output_has "can't evaluate field Nope"
	run -125 jcpod create --name bad --network none --log-driver k8s-file --log-opt tag=x busy true
	run -125 jcpod create --name bad --network none --log-driver journald --log-opt max-file=3 busy true
}

@test "no journal: the container runs, and what was lost is counted and told" {
	gone
	run -0 --separate-stderr run_in_journal c busy sh -c 'echo one; echo two'
	output_is $'one\ntwo'
	run -0 --separate-stderr jcpod logs c
	[ -z "$output" ]
	[[ $stderr == *"did not take 2 pieces of the output of container c"* ]]
}

@test "a journal that takes nothing holds a container up once, and gets the rest when it takes again" {
	socket_is stuck
	mkdir "$STORE/go"
	local begun=$SECONDS
	run_in_journal c -d -v "$STORE/go:/go" busy sh -c 'seq 20000; touch /go/written; while [ ! -e /go/more ]; do sleep 0.1; done; echo again' >/dev/null
	until [ -e "$STORE/go/written" ]; do sleep 0.1; [ $((SECONDS - begun)) -lt 30 ]; done
	kill -USR1 "$(<"$STORE/socket.pid")"
	eventually grep -q CONTAINER_ID "$STORE/socket.out"
	touch "$STORE/go/more"
	jcpod wait c >/dev/null
	eventually grep -q CPOD_LOST "$STORE/socket.out"
	python3 - "$STORE/socket.out" <<-'END'
	import json, sys
	entries = [{k: bytes(v).decode() for k, v in json.loads(line)['fields'].items()} for line in open(sys.argv[1])]
	lines = [e['MESSAGE'] for e in entries if 'CONTAINER_ID_FULL' in e and 'CPOD_LOST' not in e]
	told = [int(e['CPOD_LOST']) for e in entries if 'CPOD_LOST' in e]
	numbers = [int(l) for l in lines if l[0].isdigit()]
	assert numbers == sorted(numbers) and lines[-1] == 'again\n', lines[-3:]
	assert len(told) == 1 and told[0] > 1000 and told[0] + len(lines) == 20001, (told, len(lines))
	END
	[ -z "$(cat "$STORE/socket.err")" ]
}

@test "events in the journal come back as those of a file do" {
	local form='{{.Type}} {{.Status}} {{.Name}} {{.ID}} {{.Image}} {{.ContainerExitCode}} {{.Attributes}} {{.User}} {{.HealthStatus}}' backend id
	for backend in file journald; do
		id=$(jcpod --events-backend $backend create --name e --network none --label 'a=b c' --health-cmd true --health-interval disable busy sleep 1000)
		jcpod --events-backend $backend start e >/dev/null
		jcpod --events-backend $backend healthcheck run e
		jcpod --events-backend $backend rm -f -t 0 e >/dev/null
		jcpod --events-backend $backend volume create evol >/dev/null
		jcpod --events-backend $backend volume rm evol >/dev/null
		journald_sync
		{ jcpod --events-backend $backend events --stream=false --since 1m --filter container="$id" --format "$form"
			jcpod --events-backend $backend events --stream=false --since 1m --filter volume=evol --format "$form"; } | sed "s/$id/ID/" | sort >"$STORE/events.$backend" # the monitor's and the command's have no order
		[ "$(jcpod --events-backend $backend info --format '{{.Host.EventLogger}}')" = $backend ]
	done
	diff "$STORE/events.file" "$STORE/events.journald"
	[ "$(cut -d' ' -f2 "$STORE/events.file" | tr '\n' ' ')" = 'create died health_status init remove start stop create remove ' ]
}

@test "events of the journal are waited for; --until ends" {
	jcpod --events-backend journald events --until 4s --filter container=w --format '{{.Status}}' >"$STORE/streamed" 3>&- &
	local reader=$!
	jcpod --events-backend journald create --name w --network none busy true >/dev/null
	eventually grep -q create "$STORE/streamed"
	wait $reader
	[ "$(cat "$STORE/streamed")" = create ]
}

@test "an event that no datagram holds goes as a sealed file" {
	for i in 1 2 3; do printf "big$i=%s\n" "$(head -c 90000 /dev/zero | tr '\0' x)"; done >"$STORE/labels"
	jcpod --events-backend journald create --name big --network none --label-file "$STORE/labels" busy true >/dev/null
	journald_sync
	[ "$(jcpod --events-backend journald events --stream=false --filter container=big --format '{{len .Attributes.big3}}')" = 90000 ]
	socket_is take
	jcpod --events-backend journald rename big bigger
	eventually grep -q '"sealed": true' "$STORE/socket.out"
	[ -z "$(cat "$STORE/socket.err")" ]
}
