#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# policy.json: what may not come does not, and is not even asked for (nobody listens on the port that is named here).
load common

setup_file() { store_make; }
teardown_file() { store_remove; }
setup() { export HOME=$STORE/home XDG_CONFIG_HOME=; mkdir -p "$HOME/.config/containers"; }
policy() { echo "$1" > "$HOME/.config/containers/policy.json"; }

PLACE=127.0.0.1:1/team/app

@test "policy: an image that is rejected is not asked for; the sentence names the rule and its file" {
	policy '{"default":[{"type":"insecureAcceptAnything"}],"transports":{"docker":{"127.0.0.1:1/team":[{"type":"reject"}]}}}'
	for words in "pull -q $PLACE" "run --rm $PLACE true" "create $PLACE true"; do
		run --separate-stderr cpod $words
		[ "$status" = 125 ]
		[[ $stderr == *"docker://$PLACE:latest is rejected by policy (\"docker 127.0.0.1:1/team\" in $HOME/.config/containers/policy.json)"* ]]
	done
	run --separate-stderr cpod pull -q --retry 0 127.0.0.1:1/other/app
	[ "$status" = 125 ] && [[ $stderr == *'connection refused'* || $stderr == *Connection\ refused* || $stderr == *connect* ]] && [[ $stderr != *policy* ]]
}

@test "policy: what must be signed and is not is refused" {
	policy '{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k"}]}'
	run --separate-stderr cpod load -q -i "$STORE/image.tar"
	[ "$status" = 125 ]
	[[ $stderr == *"image.tar must be signedBy (\"default\" in $HOME/.config/containers/policy.json): A signature was required, but no signature exists"* ]]
}

@test "policy: a file that is wrong lets nothing in" {
	policy '{"default":[{"type":"insecureAcceptAnything"}],"transport":{"docker":{"":[{"type":"reject"}]}}}'
	run --separate-stderr cpod load -q -i "$STORE/image.tar"
	[ "$status" = 125 ] && [[ $stderr == *'Unknown key "transport"'* ]]
}

@test "policy: what is here, and what comes with cpod, runs" {
	policy '{"default":[{"type":"reject"}]}'
	[ "$(cpod run --rm --network none busy echo here)" = here ]
	cpod run --rm --network none hello
	cpod tag busy localhost/again
	rm "$HOME/.config/containers/policy.json"
	cpod image trust set --policypath "$HOME/.config/containers/policy.json" -t accept default
	cpod load -q -i "$STORE/image.tar"
}
