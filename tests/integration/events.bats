#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# events.bats - where events go: the file that turns, another file, nowhere; what is left out and what is added.
load common

setup_file() { store_make; }
teardown_file() { store_remove; }
teardown() { cpod rm -fa -t 0 >/dev/null; }

conf() { printf '%s\n' '[engine]' "$@" >"$STORE/conf"; export CONTAINERS_CONF_OVERRIDE=$STORE/conf; }
events() { cpod events --stream=false "$@"; }

@test "the file turns at its bound, keeps the one before, and a follower loses nothing" {
	conf 'events_logfile_max_size = "4k"' "events_logfile_path = \"$STORE/own/e.log\""
	cpod create --name c --network none busy true >/dev/null
	cpod events --filter event=rename --since 1h --format '{{.Name}}' >"$STORE/followed" 3>&- &
	local follower=$! from=c i
	for i in $(seq 40); do
		cpod rename $from n$i
		from=n$i
	done
	eventually grep -qx n40 "$STORE/followed"
	kill $follower
	seq -f n%g 40 | cmp - "$STORE/followed"
	[ "$(cd "$STORE/own" && echo *)" = 'e.log e.log.1' ]
	[ "$(stat -c %s "$STORE/own/e.log.1")" -lt 5000 ] && [ "$(stat -c %s "$STORE/own/e.log")" -lt 5000 ]
	[ "$(stat -c %a "$STORE/own")" = 700 ]
	local n
	n=$(events --filter event=rename --format '{{.Name}}' | tee "$STORE/read" | wc -l)
	[ "$n" -gt 10 ] && [ "$n" -lt 40 ]
	seq -f n%g 40 | tail -n "$n" | cmp - "$STORE/read" # across both
}

@test "the monitor's event goes to the file of the name, though that has turned" {
	conf 'events_logfile_max_size = "1k"' "events_logfile_path = \"$STORE/died.log\""
	cpod run -d --name c --network none busy sleep 1000 >/dev/null
	for i in 1 2 3 4 5; do cpod pause c >/dev/null; cpod unpause c >/dev/null; done
	cpod kill c >/dev/null
	cpod wait c >/dev/null
	eventually grep -q '"Status":"died"' "$STORE/died.log" "$STORE/died.log.1"
}

@test "none: nothing is written, and nothing can be read" {
	conf 'events_logger = "none"'
	cpod run --rm --name quiet --network none busy true
	run -125 events
	output_is 'Error: cannot read events with the "none" backend'
	[ "$(cpod info --format '{{.Host.EventLogger}}')" = none ]
	[ "$(events --filter container=quiet --events-backend file)" = '' ]
	cpod --events-backend file run --rm --name loud --network none busy true
	conf ''
	[ "$(events --filter container=loud --format '{{.Status}}' | head -n 1)" = create ]
	cpod --events-backend none run --rm --name quiet --network none busy true
	[ "$(events --filter container=quiet)" = '' ]
}

@test "a logger that there is none of is an error; a file's path has to be absolute" {
	conf 'events_logger = "bogus"'
	run -125 cpod create --network none busy true
	output_is 'Error: unknown event logger type: bogus'
	conf 'events_logfile_path = "a/b"'
	run -125 cpod create --network none busy true
	output_has 'no absolute path'
	conf 'events_logfile_max_size = "zz"'
	run -125 cpod create --network none busy true
	conf ''
	run -125 cpod --events-backend bogus ps
	output_is 'Error: configuring runtime: "bogus" is not a valid events backend: invalid argument'
}

@test "healthcheck_events, events_container_create_inspect_data" {
	conf 'healthcheck_events = false' 'events_container_create_inspect_data = true'
	cpod run -d --name h --network none --health-cmd true --health-interval disable busy sleep 1000 >/dev/null
	cpod healthcheck run h
	[ "$(events --filter container=h --format '{{.Status}}' | tr '\n' ' ')" = 'create init start ' ]
	[ "$(events --filter container=h --filter event=create --format '{{.ContainerInspectData}}' | jq -r .Name)" = h ]
	[ "$(events --filter container=h --filter event=create --format json | jq -r '.ContainerInspectData | fromjson | .Config.Image')" = localhost/busy:latest ]
	conf 'healthcheck_events = true'
	cpod healthcheck run h
	[ "$(events --filter container=h --format '{{.Status}}' | tail -n 1)" = health_status ]
}

@test "--no-trunc=false cuts the IDs of the lines, and of nothing else" {
	conf ''
	local id
	id=$(cpod create --name t --network none busy true)
	events --filter container=t | grep -q "container create $id (image="
	events --filter container=t --no-trunc=false | grep -q "container create ${id:0:12} (image="
	[ "$(events --filter container=t --no-trunc=false --format '{{.ID}}')" = "$id" ]
}

@test "who waits, and says no time, sees what is new" {
	conf ''
	cpod create --name before --network none busy true >/dev/null
	cpod events --format '{{.Name}}' >"$STORE/new" 3>&- &
	local follower=$!
	until grep -qs . "$STORE/new"; do cpod rename before before2; cpod rename before2 before; done
	! grep -qv before "$STORE/new"
	kill $follower
	[ "$(events --filter event=create --filter container=before | wc -l)" = 1 ]
}
