#!/usr/bin/env bats
# explain.bats - explain pull: what a pull would ask, and the file and line that say so. Nobody is asked.
# CPOD and CPOD_LIBEXEC: the built program.

bats_require_minimum_version 1.5.0

setup()
{
	: "${CPOD:?CPOD must name the built cpod}"
	export LC_ALL=C HOME=$BATS_TEST_TMPDIR XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run
	CONF=$XDG_CONFIG_HOME/containers
	unset XDG_CACHE_HOME DOCKER_CONFIG REGISTRY_AUTH_FILE
	mkdir -p "$CONF" "$HOME/.config/containers/registries.d" "$XDG_RUNTIME_DIR/containers"
	export CONTAINERS_REGISTRIES_CONF=$CONF/registries.conf
	cat > "$CONTAINERS_REGISTRIES_CONF" <<-END
	unqualified-search-registries = ["one.example", "two.example"]
	[aliases]
	"shortly" = "far.example/team/img"

	[[registry]]
	prefix = "far.example/team"
	location = "near.example/t"
	[[registry.mirror]]
	location = "m1.example/x"
	insecure = true
	[[registry.mirror]]
	location = "m2.example"
	pull-from-mirror = "digest-only"

	[[registry]]
	location = "bad.example"
	blocked = true
	END
	POLICY=$HOME/.config/containers/policy.json
	echo '{"default": [{"type": "insecureAcceptAnything"}]}' > "$POLICY"
}

explain()
{
	run --separate-stderr "$CPOD" explain pull "$@"
}

# A member of the JSON by the words of jq.
told()
{
	"$CPOD" explain pull --format json "$1" | jq -r "$2"
}

@test "an alias, the prefix, the mirrors in their order" {
	explain shortly:v1
	[ "$status" -eq 0 ]
	[[ ${lines[0]} =~ ^WHAT\ +VALUE\ +ORIGIN$ ]]
	[[ ${lines[1]} =~ ^name\ +far\.example/team/img:v1\ +alias,\ $CONTAINERS_REGISTRIES_CONF:3$ ]]
	[[ ${lines[2]} =~ ^\ \ registries\.conf\ +prefix\ far\.example/team\ +$CONTAINERS_REGISTRIES_CONF:5$ ]]
	[[ ${lines[3]} =~ ^\ \ mirror\ +m1\.example/x/img\ \(insecure\) ]]
	[[ ${lines[6]} =~ ^\ \ mirror\ +m2\.example/img\ +passed\ over:\ it\ is\ asked\ for\ digests\ only$ ]]
	[[ ${lines[7]} =~ ^\ \ registry\ +near\.example/t/img ]]
	[[ ${lines[10]} =~ ^\ \ policy\ +insecureAcceptAnything\ +\"default\"\ in\ $POLICY$ ]]
	[ "${#lines[@]}" -eq 11 ]
	[ "$(told "shortly@sha256:$(printf '%064d' 0)" '[.Candidates[0].Places[].PassedOver] | @json')" = '[null,null,null]' ]
}

@test "a short name without an alias: each registry of the list" {
	[ "$(told team/app '.Candidates[] | .Name + " " + .Origin + " " + .ShortNameMode')" = "one.example/team/app:latest $CONTAINERS_REGISTRIES_CONF:1 permissive
two.example/team/app:latest $CONTAINERS_REGISTRIES_CONF:1 permissive" ]
	sed -i 1d "$CONTAINERS_REGISTRIES_CONF"
	explain team/app
	[ "$status" -eq 125 ]
	[[ $stderr == *'short-name "team/app" did not resolve to an alias'* ]]
}

@test "a name that is typed in full, from another drop-in; blocked is told, not refused" {
	mkdir "$CONF/registries.conf.d"
	printf '\n[[registry]]\nlocation = "worse.example"\nblocked = true\n' > "$CONF/registries.conf.d/x.conf"
	[ "$(told worse.example/a '.Candidates[0] | .Resolution, .Blocked, (.Places | length)')" = "as typed
registry worse.example is blocked in $CONF/registries.conf.d/x.conf:2
0" ]
	explain bad.example/a
	[ "$status" -eq 0 ]
	[[ $output == *"blocked  "*"registry bad.example is blocked in $CONTAINERS_REGISTRIES_CONF:15"* ]]
}

@test "who one is there: the file and the user, never the password" {
	printf '{"auths": {"near.example": {"auth": "%s"}, "m1.example": {"auth": "%s"}}}' "$(printf 'alice:s3cret' | base64)" "$(printf 'bob:s3cret' | base64)" \
		> "$XDG_RUNTIME_DIR/containers/auth.json"
	[ "$(told shortly '.Candidates[0].Places[] | select(.User) | .Location + " " + .User + " " + .CredentialsOrigin')" = "m1.example/x/img bob $XDG_RUNTIME_DIR/containers/auth.json
near.example/t/img alice $XDG_RUNTIME_DIR/containers/auth.json" ]
	explain --creds carol:hidden shortly
	[[ $output =~ credentials\ +carol\ +--creds ]]
	[[ $output =~ credentials\ +bob\ +$XDG_RUNTIME_DIR ]] # it is not the mirror's
	run "$CPOD" explain pull --format json --creds carol:hidden shortly
	[[ $output != *s3cret* && $output != *hidden* ]]
}

@test "certificates: certs.d of the host that is asked" {
	mkdir -p "$HOME/.config/containers/certs.d/near.example"
	[ "$(told shortly '[.Candidates[0].Places[].CertDir] | @json')" = "[null,null,\"$HOME/.config/containers/certs.d/near.example\"]" ]
}

@test "the rule of policy.json, its keys, where signatures lie" {
	cat > "$POLICY" <<-END
	{"default": [{"type": "reject"}], "transports": {"docker": {
	"far.example/team": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/etc/keys/team.gpg"}]}}}
	END
	echo "docker: {m1.example: {lookaside: 'https://sigs.example/m1'}}" > "$HOME/.config/containers/registries.d/m.yaml"
	[ "$(told shortly '.Candidates[0].Policy | .Rule, .Origin, .Requirements[0].Type, .Requirements[0].Keys[0], .Refused')" = "docker far.example/team
$POLICY
signedBy
/etc/keys/team.gpg
null" ]
	explain shortly
	[[ $output =~ signatures\ +https://sigs.example/m1\ +$HOME/.config/containers/registries.d/m.yaml ]]
	[[ $output =~ policy\ +signedBy\ +\"docker\ far.example/team\"\ in\ $POLICY ]]
	[[ $output =~ key\ +/etc/keys/team.gpg ]]
	explain other.example/x
	[ "$status" -eq 0 ]
	[[ $output =~ refused\ +"Source image rejected: Running image docker://other.example/x:latest is rejected by policy (\"default\" in $POLICY)" ]]
}

@test "what is no image of a registry, and another format" {
	explain oci:/tmp/x
	[ "$status" -eq 125 ]
	[ "$stderr" = "Error: oci:/tmp/x: it is read from files, no registry is asked: name an image of a registry" ]
	explain --format '{{.Image}}' shortly
	[ "$status" -eq 125 ]
	[[ $stderr == *"text, json"* ]]
	explain shortly two
	[ "$status" -eq 125 ]
}

@test "a pull does what was told: the same mirror, the same sentence" {
	cat > "$CONTAINERS_REGISTRIES_CONF" <<-END
	[aliases]
	"shortly" = "far.example/team/img"
	[[registry]]
	prefix = "far.example"
	location = "127.0.0.1:1/b"
	[[registry.mirror]]
	location = "127.0.0.1:1/a"
	END
	[ "$(told shortly '[.Candidates[0].Places[].Location] | @json')" = '["127.0.0.1:1/a/team/img","127.0.0.1:1/b/team/img"]' ]
	run "$CPOD" --root "$BATS_TEST_TMPDIR/store" --runroot "$BATS_TEST_TMPDIR/r" pull --retry 0 shortly
	[ "$status" -eq 125 ]
	[[ $output == *"Resolved \"shortly\" as an alias ($CONTAINERS_REGISTRIES_CONF)"* ]]
	[[ $output == *"(Mirrors also failed: [127.0.0.1:1/a/team/img: "*"]): far.example/team/img: "*"127.0.0.1:1"* ]]
}

@test "short-name-mode enforcing without a terminal: the sentence has the choices, and nobody is asked" {
	sed -i '1a short-name-mode = "enforcing"' "$CONTAINERS_REGISTRIES_CONF"
	run "$CPOD" --root "$BATS_TEST_TMPDIR/store" --runroot "$BATS_TEST_TMPDIR/r" pull team/app:1 < /dev/null
	[ "$status" -eq 125 ]
	[ "$output" = 'Error: short-name "team/app:1" resolution enforced: it may be any of one.example/team/app, two.example/team/app; name one of them' ]
	[ "$(told team/app '.Candidates[0].ShortNameMode')" = enforcing ]
}
