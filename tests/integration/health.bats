#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# health.bats - the health check's timer, which is the monitor's: no service manager takes part. What the words and one check by hand
# do is compared with Podman in tests/compat/cases/health.sh.
load both

setup_file() { both_make; }
teardown_file() { both_remove; }
teardown() { both_clear; }

up() { cpod run -d --network none --name c --stop-timeout 0 --health-interval 50ms "$@" busy sleep 1000 >/dev/null; }
health() { cpod inspect c --format '{{.State.Health.Status}}'; }
health_is() { [ "$(health)" = "$1" ]; }
answers() { cpod events --stream=false --filter "container=$(cpod inspect c --format '{{.Id}}')" --filter event=health_status --format '{{.HealthStatus}}' | wc -l; }
answers_are_more() { [ "$(answers)" -gt "$1" ]; }
restarts_are_more() { [ "$(cpod inspect c --format '{{.RestartCount}}')" -gt "$1" ]; }
monitor() { cpod inspect c --format '{{.State.ConmonPid}}'; }

@test "it becomes healthy by itself, and unhealthy, and healthy again" {
	up --health-cmd 'test -e /ok' --health-retries 2
	[ "$(timeout 20 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" wait --condition unhealthy c)" = -1 ]
	cpod exec c touch /ok
	eventually health_is healthy
	cpod exec c rm /ok
	eventually health_is unhealthy
	[ "$(cpod ps --filter health=unhealthy --format '{{.Names}}')" = c ]
}

@test "an ordinary user's container, too" {
	as_user cpod run -d --network none --name c --health-interval 50ms --health-cmd 'id -u' busy sleep 1000 >/dev/null
	[ "$(as_user timeout 20 cpod wait --condition healthy c)" = -1 ]
	[ "$(as_user cpod inspect c --format '{{(index .State.Health.Log 0).Output}}')" = 0 ]
}

@test "the startup check runs first, at its own pace, then the other one" {
	up --health-cmd 'touch /regular' --health-startup-cmd 'test -e /go' --health-startup-interval 50ms
	eventually answers_are_more 1
	health_is starting
	run cpod exec c ls /regular
	[ "$status" != 0 ]
	cpod exec c touch /go
	eventually health_is healthy
	eventually cpod exec c ls /regular
}

@test "a startup check that fails too often starts the container again" {
	up --health-cmd true --health-startup-cmd 'false' --health-startup-interval 50ms --health-startup-retries 2
	local first
	first=$(cpod inspect c --format '{{.State.StartedAt}}')
	started_anew() { [ "$(cpod inspect c --format '{{.State.StartedAt}}')" != "$first" ]; }
	eventually started_anew
	[ "$(cpod inspect c --format '{{.State.Health.Status}}')" = starting ]
}

@test "never two at once, though one takes longer than the interval" {
	up --health-cmd 'mkdir /busy || touch /two; sleep 0.3; rmdir /busy; echo >> /count'
	three() { [ "$(cpod exec c sh -c 'wc -l < /count')" -ge 3 ]; }
	eventually three
	run cpod exec c ls /two
	[ "$status" != 0 ]
}

@test "one that hangs is killed, the next one comes, and the container goes on" {
	up --health-cmd 'echo first; exec sleep 1000' --health-timeout 300ms --health-retries 1
	eventually health_is unhealthy
	eventually answers_are_more 1
	[ "$(cpod inspect c --format '{{(index .State.Health.Log 0).ExitCode}} {{(index .State.Health.Log 0).Output}}')" = $'125 first' ]
	[ "$(cpod inspect c --format '{{.State.Status}}')" = running ]
	few() { [ "$(cpod exec c ps | grep -c 'sleep 1000')" -le 2 ]; } # process 1, and the one asked now
	few
}

@test "one that writes without an end is bounded" {
	up --health-cmd 'yes' --health-timeout 500ms --health-retries 1 --health-max-log-size 0
	eventually health_is unhealthy
	local size
	size=$(cpod inspect c --format '{{(index .State.Health.Log 0).Output}}' | wc -c)
	[ "$size" -gt 60000 ] && [ "$size" -le 65537 ]
}

@test "one that leaves a child with its output open is not waited for" {
	up --health-cmd 'sleep 1000 & echo done' --health-timeout 60s
	eventually health_is healthy
}

@test "T-RT-13: what a check gets: three descriptors, no capability to inherit, the container's environment" {
	up --env WORD=said --health-cmd 'ls /proc/self/fd | tr "\n" " "; grep -E "CapInh|CapAmb" /proc/self/status; echo $WORD'
	eventually health_is healthy
	run cpod inspect c --format '{{(index .State.Health.Log 0).Output}}'
	output_is $'0 1 2 3 CapInh:\t0000000000000000\nCapAmb:\t0000000000000000\nsaid'
}

@test "a paused container is not asked; after the pause nothing is known until it is" {
	up --health-cmd true --health-interval disable
	cpod healthcheck run c
	cpod pause c >/dev/null
	run -125 cpod healthcheck run c
	run -4 cpod healthcheck run --from-monitor "$(cpod inspect c --format '{{.Id}}')" # the monitor's timer stays as it is
	[ "$(answers)" = 1 ]
	cpod unpause c >/dev/null
	health_is reset
}

@test "the timer outlives a pause" {
	up --health-cmd true
	eventually health_is healthy
	cpod pause c >/dev/null
	cpod unpause c >/dev/null
	eventually health_is healthy
}

@test "a restart begins anew: starting, an empty log" {
	up --health-cmd 'test -e /ok && sleep 1000; touch /ok' --health-timeout 60s
	eventually health_is healthy
	cpod restart -t 0 c >/dev/null
	[ "$(cpod inspect c --format '{{.State.Health.Status}} {{len .State.Health.Log}}')" = 'starting 0' ]
}

@test "on-failure: restart, again and again; stop; kill" {
	up --health-cmd false --health-retries 1 --health-on-failure restart
	eventually restarts_are_more 1
	cpod rm -f -t 0 c >/dev/null
	up --health-cmd false --health-retries 1 --health-on-failure stop
	[ "$(timeout 20 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" wait c)" = 137 ]
	cpod rm -f c >/dev/null
	up --health-cmd false --health-retries 1 --health-on-failure kill
	[ "$(timeout 20 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" wait c)" = 137 ]
	health_is unhealthy
}

@test "on-failure with --rm: the container goes, and nothing of it stays" {
	up --rm --health-cmd false --health-retries 1 --health-on-failure kill
	gone() { ! cpod container exists c; }
	eventually gone
	eventually empty_dirs "$STORE/run/containers"
}

@test "the container ends while it is asked: stopped" {
	up --health-cmd 'touch /asked; sleep 1000' --health-interval disable
	"$CPOD" --root "$STORE/root" --runroot "$STORE/run" healthcheck run c > "$STORE/said" 3>&- &
	local asker=$!
	asked() { cpod exec c ls /asked; }
	eventually asked
	cpod stop -t 0 c >/dev/null
	run -1 wait $asker
	[ "$(cat "$STORE/said")" = stopped ]
	health_is stopped
}

@test "a monitor that was killed: nobody asks any more, a person still can, and everything else works" {
	up --health-cmd true
	eventually health_is healthy
	kill -9 "$(monitor)"
	cpod healthcheck run c
	cpod rm -f -t 0 c >/dev/null
	run cpod ps -aq
	output_is ''
}

@test "a record that is damaged does not hide the container, and is made anew" {
	up --health-cmd true --health-interval disable
	echo '{"Status":7' > "$STORE/root/containers/$(cpod inspect c --format '{{.Id}}')/healthcheck.log"
	[ "$(cpod ps --format '{{.Names}}')" = c ]
	cpod healthcheck run c
	health_is healthy
}

@test "two by hand at the same time: both answers are in the log" {
	up --health-cmd 'sleep 0.2; echo x' --health-interval disable
	cpod healthcheck run c & cpod healthcheck run c & cpod healthcheck run c &
	wait
	[ "$(cpod inspect c --format '{{len .State.Health.Log}}')" = 3 ]
}

@test "the monitor stays small while it asks" {
	cpod run -d --name beside --network none busy sleep 1000
	up --health-cmd true
	eventually answers_are_more 5
	local kib
	# beside another: what both map of the program is what a container does not cost
	kib=$(awk '/^Private/ { n += $2 } END { print n }' "/proc/$(monitor)/smaps_rollup")
	echo "$kib KiB"
	[ "$kib" -lt 64 ]
}

asked() { cpod exec c sh -c 'wc -l < /count'; }
asked_more_than() { [ "$(asked)" -gt "$1" ]; }

@test "update: a check for a container that runs without one, other times, and none again" {
	cpod run -d --network none --name c --stop-timeout 0 busy sleep 1000 >/dev/null
	[ "$(cpod inspect c --format '{{json .State.Health}}')" = null ]
	cpod update --health-cmd 'echo >> /count; test -e /ok' --health-interval 50ms --health-retries 1 c
	eventually health_is unhealthy
	cpod exec c touch /ok
	eventually health_is healthy
	cpod update --health-interval 1h c
	before=$(asked)
	cpod update --health-interval 20ms c
	eventually asked_more_than "$((before + 3))"
	cpod update --no-healthcheck c
	[ "$(cpod inspect c --format '{{json .State.Health}}')" = null ]
	cpod update --health-cmd 'test -e /more' --health-interval 50ms --health-retries 1 c
	eventually health_is unhealthy
}

@test "update: nothing is changed by words that are refused" {
	cpod create --network none --name c busy sleep 1000 >/dev/null
	run cpod update --health-interval 5s c
	[ "$status" = 125 ] && [[ $output == *"name its command with --health-cmd"* ]]
	run cpod update --health-startup-cmd ls c
	[ "$status" = 125 ] && [[ $output == *"there is no regular healthcheck"* ]]
	run cpod update --health-cmd ls --health-startup-interval 5s c
	[ "$status" = 125 ] && [[ $output == *"name its command with --health-startup-cmd"* ]]
	[ "$(cpod inspect c --format '{{json .Config.Healthcheck}}')" = null ]
}
