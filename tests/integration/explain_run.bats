#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# explain run, explain CONTAINER: each value with who said it; nothing is made.
load common

setup_file() { store_make; }
teardown_file() { store_remove; }
setup()
{
	export CONTAINERS_CONF=$BATS_TEST_TMPDIR/c.conf
	: > "$CONTAINERS_CONF"
}

# value PART NAME, who PART NAME: of the JSON of the last run
value() { jq -r ".[\"$1\"][] | select(.Name == \"$2\") | .Value" <<< "$output"; }
who() { jq -r ".[\"$1\"][] | select(.Name == \"$2\") | .Origin + \" \" + .From" <<< "$output"; }
explain() { run --separate-stderr cpod explain run --format json "$@"; [ "$status" = 0 ]; }
is() { [ "$1" = "$2" ] || { printf 'expected: %s\ngot:      %s\n' "$2" "$1"; return 1; }; }

@test "flags, containers.conf by file and line, the image and defaults each have said their part" {
	printf '[containers]\ntz = "UTC"\n\nenv = ["CONF=1"]\n' > "$CONTAINERS_CONF"
	explain -e A=1 -u alice busy echo hi
	is "$(who Command user)" "flag --user alice"
	is "$(value Command user)" "alice (user 1000, group 1000, 10)"
	is "$(value Command command)" '["echo","hi"]'
	is "$(who Command command)" "flag the words after the image"
	is "$(who Command 'time zone')" "containers.conf $CONTAINERS_CONF:2 (containers.tz)"
	is "$(who Command umask)" "default "
	is "$(who Environment A)" "flag --env A=1"
	is "$(who Environment CONF)" "containers.conf $CONTAINERS_CONF:4 (containers.env)"
	is "$(who Environment FROM)" "image ENV"
	is "$(value Environment PATH)" /bin
	is "$(who Labels origin)" "image LABEL"
	explain busy
	is "$(who Command command)" "image CMD"
}

@test "what is typed stands above what a file and the image say, and is told so" {
	printf '[containers]\numask = "0027"\nenv = ["FROM=conf"]\n' > "$CONTAINERS_CONF"
	explain --umask 077 -e FROM=me busy
	is "$(value Command umask) $(who Command umask)" "0077 flag --umask 077"
	is "$(value Environment FROM) $(who Environment FROM)" "me flag --env FROM=me"
	explain busy
	is "$(who Command umask)" "containers.conf $CONTAINERS_CONF:2 (containers.umask)"
	is "$(value Environment FROM) $(who Environment FROM)" "image image ENV"
}

@test "the caller's environment: proxies, --env-host, a file, a name with a star" {
	printf 'FILED=1\n' > "$BATS_TEST_TMPDIR/env"
	export http_proxy=http://p MINE_A=1
	explain --env-file "$BATS_TEST_TMPDIR/env" -e 'MINE_*' busy
	is "$(value Environment http_proxy) $(who Environment http_proxy)" "http://p host the caller's environment, by --http-proxy"
	is "$(who Environment FILED)" "flag --env-file $BATS_TEST_TMPDIR/env"
	is "$(who Environment MINE_A)" "flag --env MINE_*"
	explain --env-host busy
	is "$(who Environment MINE_A)" "host the caller's environment, by --env-host"
}

@test "mounts stand in the order in which they are made, as the container sees them" {
	mkdir -p "$BATS_TEST_TMPDIR/src"
	explain --rm -v "$BATS_TEST_TMPDIR/src:/data/deep/x:ro" --tmpfs /data/deep -v vol:/data busy
	is "$(jq -r '.Mounts[].Name' <<< "$output" | grep ^/data | tr '\n' ' ')" "/data /data/deep /data/deep/x "
	is "$(who Mounts /data/deep)" "flag --tmpfs /data/deep"
	is "$(value Mounts /data/deep/x)" "bind of $BATS_TEST_TMPDIR/src (rbind,ro,rprivate)"
	is "$(value Mounts /data)" "volume vol, bind of $STORE/root/volumes/vol/_data (rbind,nosuid,nodev,rprivate,tmpcopyup)"
	planned=$(jq -r '.Mounts[].Name' <<< "$output" | sort)
	mounted=$(cpod run --rm -v "$BATS_TEST_TMPDIR/src:/data/deep/x:ro" --tmpfs /data/deep -v vol:/data busy sh -c 'cut -d" " -f5 /proc/self/mountinfo')
	for place in $planned; do
		grep -qxF "$place" <<< "$mounted" || { printf 'not mounted: %s\n' "$place"; return 1; }
	done
}

@test "capabilities are those that the container has" {
	explain --cap-add NET_ADMIN --cap-drop chown -u alice busy
	is "$(value Capabilities effective)" NET_ADMIN
	is "$(who Capabilities added)" "flag --cap-add NET_ADMIN"
	is "$(who Capabilities dropped)" "flag --cap-drop chown"
	[[ " $(value Capabilities bounding) " != *" CHOWN "* ]]
	explain --privileged busy
	is "$(who Confinement seccomp)" "flag --privileged"
	is "$(value Confinement 'hidden paths')" none
}

@test "namespaces and ids: the host's, new ones, another container's" {
	other=$(cpod run -d --name other busy sleep 100)
	explain --pid host --network container:other --uidmap 0:5000:100 busy
	is "$(value Namespaces processes) $(who Namespaces processes)" "the host's flag --pid host"
	is "$(value Namespaces network)" "joined: container:$other"
	is "$(value Life requires)" "$other"
	is "$(who Namespaces users)" "flag --uidmap 0:5000:100"
	is "$(jq -c '.Ids.Users' <<< "$output")" '[{"Container":0,"Engine":5000,"Host":5000,"Count":100}]'
	run cpod explain run busy
	output_has "every id is the host's own"
	cpod rm -f -t 0 other
}

@test "what cannot be enforced stands at the end: left out, or a start is refused, as run does" {
	explain --cgroup-conf nosuch.file=1 busy
	is "$(jq -r '.NotEnforced[] | select(.What == "--cgroup-conf nosuch.file=1") | .Refused' <<< "$output")" true
	run cpod run --rm --cgroup-conf nosuch.file=1 busy true
	[ "$status" -ne 0 ]
	run cpod explain run --cgroup-conf nosuch.file=1 busy
	output_has "--cgroup-conf nosuch.file=1: a start is refused: "
}

@test "nothing is made: no container, volume, copy, or name; an image that is not here is not brought" {
	before=$(find "$STORE/root" "$STORE/run" -not -path '*/events*' | sort)
	mkdir -p "$BATS_TEST_TMPDIR/s"
	explain --name n -v newvol:/v -v /anon -v "$BATS_TEST_TMPDIR/s:/s:U" --uidmap 0:7000:2000 -p 80 --cidfile "$BATS_TEST_TMPDIR/cid" busy
	is "$(value Life name)" n
	is "$(value Network 'port 80/tcp')" "a free port of the host"
	[ "$(stat -c %u "$BATS_TEST_TMPDIR/s")" = "$(id -u)" ] && [ ! -e "$BATS_TEST_TMPDIR/cid" ]
	is "$(find "$STORE/root" "$STORE/run" -not -path '*/events*' | sort)" "$before"
	run cpod explain run --pull always nosuch
	[ "$status" = 125 ]
	output_is "Error: nosuch: image not known here, and nothing is brought for an explanation: cpod pull nosuch"
}

@test "a secret is named, not shown" {
	printf hidden-bytes | cpod secret create s1 -
	explain --secret s1,type=env,target=PASS --secret s1 busy
	is "$(value Environment PASS)" "<secret s1>"
	is "$(who Environment PASS)" "flag --secret s1,type=env,target=PASS"
	[[ $output != *hidden-bytes* ]]
	[ "$(who Mounts /run/secrets/s1)" = "flag --secret s1" ]
}

@test "a container that is there: its command again, and what update changed is kept in the definition" {
	cpod create --name c -e A=1 --umask 077 -v /anon busy
	run --separate-stderr cpod explain --format json c
	[ "$status" = 0 ]
	is "$(who Environment A)" "flag --env A=1"
	is "$(who Command umask)" "flag --umask 077"
	is "$(who Environment FROM)" "image ENV"
	is "$(value Command hostname)" "$(cpod inspect c --format '{{.Id}}' | cut -c1-12)"
	cpod update --pids-limit 50 c
	printf '[containers]\ntz = "UTC"\n' > "$CONTAINERS_CONF"
	run --separate-stderr cpod explain --format json c
	is "$(value Limits pids-limit | cut -d, -f1) $(who Limits pids-limit)" "50 definition "
	is "$(value Command 'time zone')" ""
	run --separate-stderr cpod explain nosuch
	[ "$status" = 125 ]
	run --separate-stderr cpod explain
	[ "$status" = 125 ]
}

@test "a name that is taken is told, unless it is to be replaced" {
	cpod create --name taken busy
	explain --name taken busy
	is "$(jq -r '.NotEnforced[] | select(.What == "--name taken") | .Refused' <<< "$output")" true
	explain --name taken --replace busy
	is "$(jq -r '.NotEnforced[] | select(.What == "--name taken") | .What' <<< "$output")" ""
	run --separate-stderr cpod explain --format json taken
	is "$(jq -r '.NotEnforced[] | select(.What == "--name taken") | .What' <<< "$output")" ""
}

@test "for a person: aligned, no colours in a pipe, no orders to the terminal" {
	run --separate-stderr cpod explain run -e $'BAD=\033[31m' --memory 32m busy
	[ "$status" = 0 ]
	is "${lines[0]}" Image
	output_has 'BAD                 \x1b[31m'
	output_has '← --memory 32m'
	[[ $output != *$'\033'* ]]
	run cpod explain run --format yaml busy
	[ "$status" = 125 ]
}
