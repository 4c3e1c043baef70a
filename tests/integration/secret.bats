#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# Secrets, as root and as an ordinary user: what containers read, and that nothing else shows it.
load common
load user

CANARY=canary-7Hq2xWv9

setup_file() { user_store_make && cpod load -q -i "$STORE/image.tar"; }
teardown_file()
{
	cpod rm -fa -t 0 >/dev/null
	user_store_remove
}
setup() { printf '%s' "$CANARY" > "$BATS_TEST_TMPDIR/canary"; }
teardown()
{
	cpod rm -fa -t 0 >/dev/null
	cpod secret rm -a >/dev/null
}

# store_holds WORD PATH...: files of the store that hold it, but those that are the secret
store_holds() { grep -rlaF "$1" "$STORE/root" "$STORE/run" | grep -v -e '/secrets/[0-9a-f]*/data$' -e '/containers/[0-9a-f]*/secrets/[0-9]*$' -e '/containers/[0-9a-f]*/secret-[0-9]*$'; }

@test "secret: T-SE-01: the bytes are in no record, log, event, argument, environment of ours, or inspect" {
	cpod secret create canary "$BATS_TEST_TMPDIR/canary"
	cpod run -d --name c --network none --secret canary --secret canary,type=env,target=WORD busy sh -c 'test "$(cat /run/secrets/canary)" = "$WORD"; echo read $?; exec sleep 1000'
	eventually sh -c "'$CPOD' --root '$STORE/root' --runroot '$STORE/run' logs c | grep -q 'read 0'"
	run store_holds "$CANARY"
	[ -z "$output" ]
	for what in 'inspect c' 'secret inspect canary' 'secret ls' 'ps -a --no-trunc' 'events --stream=false' 'logs c' 'system df -v'; do
		run cpod $what
		[[ $output != *$CANARY* ]]
	done
	cpod stop -t 0 c
	run cpod --log-level debug start c
	[ "$status" = 0 ] && [[ $output != *$CANARY* ]]
	pid=$(cpod inspect --format '{{.State.Pid}}' c) monitor=$(cpod inspect --format '{{.State.ConmonPid}}' c)
	for p in /proc/[0-9]*; do
		run ! grep -qaF "$CANARY" "$p/cmdline"
	done
	run -1 grep -qaF "$CANARY" "/proc/$monitor/environ"
	grep -qaF "WORD=$CANARY" "/proc/$pid/environ" # the container's own has it: the search finds what is there
}

@test "secret: T-BD-07: images and archives made of a container hold none" {
	cpod secret create canary "$BATS_TEST_TMPDIR/canary"
	cpod run --name c --network none --secret canary --secret canary,target=/etc/inside/word --secret canary,type=env busy sh -c 'cat /run/secrets/canary /etc/inside/word >/dev/null'
	cpod commit -q c localhost/committed
	cpod save -q -o "$BATS_TEST_TMPDIR/image.tar" localhost/committed
	cpod export -o "$BATS_TEST_TMPDIR/files.tar" c
	cpod history --no-trunc localhost/committed > "$BATS_TEST_TMPDIR/history"
	run grep -laF "$CANARY" "$BATS_TEST_TMPDIR"/*
	[ "$output" = "$BATS_TEST_TMPDIR/canary" ]
	run cpod run --rm --network none localhost/committed sh -c 'cat /run/secrets/canary; env'
	[[ $output != *$CANARY* ]]
	cpod rmi localhost/committed
}

@test "secret: files of the store are its owner's alone, and gone with what they belong to" {
	cpod secret create canary "$BATS_TEST_TMPDIR/canary"
	cpod run --name c --network none --secret canary,mode=0444 busy true
	run find "$STORE/root/secrets" "$STORE/root/containers"/*/secrets -type f -perm /077
	[ -z "$output" ]
	run find "$STORE/root/secrets" "$STORE/root/containers" "$STORE/run/containers" -maxdepth 1 -mindepth 1 -perm /077
	[ -z "$output" ]
	cpod rm c
	cpod secret rm canary
	run grep -rlaF "$CANARY" "$STORE/root" "$STORE/run"
	[ -z "$output" ]
}

@test "secret: the next start has the copy, with its owner and mode, whatever the last one wrote" {
	cpod secret create canary "$BATS_TEST_TMPDIR/canary"
	cpod run --name c --network none --secret canary,uid=3,mode=0640 busy sh -c 'cat /run/secrets/canary; stat -c "%u %a" /run/secrets/canary; echo x > /run/secrets/canary'
	run cpod start -a c
	[ "$output" = "$CANARY"$'3 640' ] || [ "$output" = "$CANARY"$'\n3 640' ]
	run cpod rm c
	[ "$status" = 0 ]
}

@test "secret: a link in the image is followed inside it only" {
	mkdir -p "$BATS_TEST_TMPDIR/victim"
	cpod secret create canary "$BATS_TEST_TMPDIR/canary"
	cpod run --name c --network none busy ln -s "$BATS_TEST_TMPDIR/victim" /trap
	cpod commit -q c localhost/trap
	cpod run --rm --network none --secret canary,target=/trap/word localhost/trap sh -c "cat /trap/word $BATS_TEST_TMPDIR/victim/word"
	[ -z "$(ls "$BATS_TEST_TMPDIR/victim")" ]
	cpod rmi localhost/trap
}

@test "secret: owners are those of the container's user namespace, and only such" {
	cpod secret create canary "$BATS_TEST_TMPDIR/canary"
	run --separate-stderr cpod run --rm --network none --uidmap 0:100000:1000 --secret canary,uid=7,mode=0400 --secret canary,target=/x/y busy sh -c 'stat -c "%u %g %a" /run/secrets/canary /x/y; cat /x/y'
	[ "$status" = 0 ] && [ "$output" = $'7 0 400\n0 0 444\n'"$CANARY" ]
	run --separate-stderr cpod run --rm --network none --uidmap 0:100000:10 --secret canary,uid=70 busy true
	[ "$status" = 125 ] && [[ $stderr == *70:0* ]]
	[ -z "$(cpod ps -aq)" ]
}

@test "secret: the driver pass keeps it encrypted" {
	export GNUPGHOME=$BATS_TEST_TMPDIR/gpg
	mkdir -m 700 "$GNUPGHOME" && mkdir "$BATS_TEST_TMPDIR/pass"
	gpg --batch --quiet --passphrase '' --quick-gen-key tester@example.invalid default default never 2>/dev/null
	echo tester@example.invalid > "$BATS_TEST_TMPDIR/pass/.gpg-id"
	id=$(cpod secret create -d pass --driver-opts "root=$BATS_TEST_TMPDIR/pass,gpghomedir=$GNUPGHOME" canary "$BATS_TEST_TMPDIR/canary")
	run grep -rlaF "$CANARY" "$STORE/root" "$STORE/run" "$BATS_TEST_TMPDIR/pass"
	[ -z "$output" ]
	[ -s "$BATS_TEST_TMPDIR/pass/$id.gpg" ]
	run --separate-stderr cpod secret inspect --showsecret --format '{{.SecretData}}' canary
	[ "$output" = "$CANARY" ]
	run --separate-stderr cpod run --rm --network none --secret canary busy cat /run/secrets/canary
	[ "$output" = "$CANARY" ]
	cpod secret rm canary
	[ ! -e "$BATS_TEST_TMPDIR/pass/$id.gpg" ]
	gpgconf --kill gpg-agent
}

@test "secret: damage is told and put aside, and no other secret suffers" {
	id=$(cpod secret create canary "$BATS_TEST_TMPDIR/canary")
	other=$(cpod secret create other "$BATS_TEST_TMPDIR/canary")
	run cpod system check
	[ "$status" = 0 ]
	rm "$STORE/root/secrets/$id/data"
	run cpod system check
	[ "$status" != 0 ] && [[ $output == *"$id"* && $output != *"$other"* ]]
	run cpod system check --repair
	run cpod system check
	[ "$status" = 0 ]
	[ "$(cpod secret ls -q)" = "$other" ]
}

@test "secret: system reset leaves none" {
	reset_cpod() { "$CPOD" --root "$BATS_TEST_TMPDIR/root" --runroot "$BATS_TEST_TMPDIR/run" "$@"; }
	reset_cpod secret create canary "$BATS_TEST_TMPDIR/canary"
	reset_cpod system reset -f
	run grep -rlaF "$CANARY" "$BATS_TEST_TMPDIR"
	[ "$output" = "$BATS_TEST_TMPDIR/canary" ]
}

@test "secret: two that make the same name at once: one secret, one loser" {
	for i in 1 2 3 4 5 6 7 8; do
		cpod secret create same "$BATS_TEST_TMPDIR/canary" >"$BATS_TEST_TMPDIR/out.$i" 2>/dev/null &
	done
	wait
	[ "$(cat "$BATS_TEST_TMPDIR"/out.* | wc -l)" = 1 ]
	[ "$(cpod secret ls -q)" = "$(cat "$BATS_TEST_TMPDIR"/out.*)" ]
	[ "$(ls "$STORE/root/secrets" | wc -l)" = 1 ]
}

@test "secret: login takes the password from one, and the user from its name" {
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	registry_start auth
	printf testpassword | cpod secret create testuser -
	cpod secret create wrong "$BATS_TEST_TMPDIR/canary"
	login() { run --separate-stderr cpod login --tls-verify=false "$@" "$REGISTRY"; }
	export REGISTRY_AUTH_FILE=$BATS_TEST_TMPDIR/auth.json
	login --secret testuser
	ok=$status said=$output
	login -u testuser --secret testuser
	named=$status
	login -u testuser --secret wrong
	refused=$status why=$stderr
	user=$(cpod login --get-login "$REGISTRY")
	registry_stop
	[ "$ok" = 0 ] && [ "$said" = "Login Succeeded!" ]
	[ "$named" = 0 ] && [ "$user" = testuser ]
	[ "$refused" = 125 ] && [[ $why != *"$CANARY"* ]]
}

@test "secret: an ordinary user's: files with owners and modes, variables, keep-id" {
	user_needed
	chmod 755 "$BATS_TEST_TMPDIR"
	printf '%s' "$CANARY" | user_cpod secret create canary -
	run --separate-stderr user_cpod run --rm --network none --secret canary,uid=5,gid=6,mode=0440 --secret canary,type=env busy sh -c 'cat /run/secrets/canary; stat -c " %u %g %a" /run/secrets/canary; echo "$canary"'
	[ "$status" = 0 ] && [ "$output" = "$CANARY 5 6 440"$'\n'"$CANARY" ]
	run --separate-stderr user_cpod run --rm --network none --userns keep-id --secret canary,target=x/y busy sh -c 'id -u; cat /run/secrets/x/y; stat -c " %u %g %a" /run/secrets /run/secrets/x/y'
	[ "$status" = 0 ] && [ "$output" = "$(id -u "$TEST_USER")"$'\n'"$CANARY 0 0 755"$'\n 0 0 444' ]
	run --separate-stderr user_cpod secret inspect --showsecret --format '{{.SecretData}}' canary
	[ "$output" = "$CANARY" ]
	user_cpod secret rm canary
	run grep -rlaF "$CANARY" "$TEST_HOME/root" "$TEST_HOME/run"
	[ -z "$output" ]
}
