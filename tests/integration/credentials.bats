#!/usr/bin/env bats
# credentials.bats - credential helpers: credHelpers and credsStore of auth.json, credential-helpers of registries.conf; with a helper
# that writes down what it is asked. CPOD and CPOD_LIBEXEC: the built program.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C
	: "${CPOD:?CPOD must name the built cpod}"
	# shellcheck source=../rigs/registry.sh
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	registry_start
	export REGISTRY REGISTRY_DIR REGISTRY_PID
}

teardown_file()
{
	# shellcheck source=../rigs/registry.sh
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	registry_stop
}

setup()
{
	export HOME=$BATS_TEST_TMPDIR XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run
	export AUTH=$BATS_TEST_TMPDIR/auth.json CONTAINERS_REGISTRIES_CONF=$BATS_TEST_TMPDIR/registries.conf
	export REGISTRY_AUTH_FILE=$AUTH ASKED=$BATS_TEST_TMPDIR/asked MODE=
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	: > "$ASKED"
	: > "$CONTAINERS_REGISTRIES_CONF"
	cat > "$BATS_TEST_TMPDIR/bin/docker-credential-t" <<-'END'
	#!/bin/sh
	echo "$1 $(cat)" >> "$ASKED"
	case $MODE-$1 in
	nobody-get) echo 'credentials not found in native keychain'; exit 1 ;;
	fail-*) echo 'the keychain is locked'; exit 3 ;;
	junk-*) echo '{' ;;
	token-get) echo '{"Username": "<token>", "Secret": "s"}' ;;
	flood-*) yes | head -c 2000000 ;;
	-get) echo '{"ServerURL": "x", "Username": "u", "Secret": "s3cret"}' ;;
	*-list) echo '{"l.example": "lu", "m.example": "mu"}' ;;
	esac
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/docker-credential-t"
}

c()
{
	run --separate-stderr "$CPOD" "$@"
}

asked()
{
	[ "$(cat "$ASKED")" = "$1" ]
	: > "$ASKED"
}

@test "credHelpers: the host is asked for, whatever the repository" {
	echo '{"auths": {"h.example/a": {"auth": "YTpi"}}, "credHelpers": {"h.example": "t"}}' > "$AUTH"
	c login --get-login h.example/a
	[ "$output" = u ]
	asked 'get h.example'
	MODE=nobody c login --get-login h.example
	[ "$status" -eq 125 ]
	[ "$stderr" = 'Error: not logged into h.example' ]
	MODE=token c login --get-login h.example
	[ "$stderr" = 'Error: not logged into h.example' ]
	c login --get-login other.example
	[ "$stderr" = 'Error: not logged into other.example' ]
	run "$CPOD" explain pull --format json h.example/a
	[ "$(jq -r '.Candidates[0].Places[0] | .User, .Helper, .CredentialsOrigin' <<< "$output")" = "u
t
$AUTH" ]
	[[ $output != *s3cret* ]]
}

@test "a helper that fails, says nonsense or too much, or is not there: one sentence" {
	echo '{"credHelpers": {"h.example": "t", "i.example": "missing", "j.example": "../t"}}' > "$AUTH"
	MODE=fail c login --get-login h.example
	[ "$status" -eq 125 ]
	[ "$stderr" = "Error: reading '$AUTH': getting the login for h.example: the credential helper docker-credential-t ended with status 3: 'the keychain is locked'" ]
	MODE=junk c login --get-login h.example
	[[ $stderr == "Error: reading '$AUTH': getting the login for h.example: the answer of the credential helper docker-credential-t: "* ]]
	MODE=flood c login --get-login h.example
	[[ $stderr == *"the credential helper docker-credential-t: it says too much" ]]
	c login --get-login i.example
	[[ $stderr == *"the credential helper docker-credential-missing: it is not in PATH: install it, or name another helper" ]]
	c login --get-login j.example
	[[ $stderr == *"'../t' is not the name of a credential helper" ]]
}

@test "login and logout go to the helper, the file stays as it is" {
	echo "{\"credHelpers\": {\"$REGISTRY\": \"t\"}}" > "$AUTH"
	c login --tls-verify=false -v -u u -p p "$REGISTRY"
	[ "$status" -eq 0 ]
	[ "$output" = 'Used:  credential helper: t
Login Succeeded!' ]
	asked "get $REGISTRY
store {\"ServerURL\":\"$REGISTRY\",\"Username\":\"u\",\"Secret\":\"p\"}"
	[ "$(cat "$AUTH")" = "{\"credHelpers\": {\"$REGISTRY\": \"t\"}}" ]
	c logout "$REGISTRY"
	[ "$output" = "Removed login credentials for $REGISTRY" ]
	asked "erase $REGISTRY"
	MODE=fail c logout "$REGISTRY"
	[ "$status" -eq 125 ]
	[[ $stderr == *"removing the login for $REGISTRY: the credential helper docker-credential-t ended with status 3"* ]]
	c logout --all
	[ "$(jq -c .credHelpers "$AUTH")" = null ]
}

@test "credential-helpers: the first that knows, auth.json where it is named" {
	echo '{"auths": {"h.example": {"auth": "YTpi"}}}' > "$AUTH"
	echo 'credential-helpers = ["t"]' > "$CONTAINERS_REGISTRIES_CONF"
	c login --get-login h.example/x
	[ "$output" = u ]
	asked 'get h.example'
	MODE=nobody c login --get-login h.example
	[ "$stderr" = 'Error: not logged into h.example' ]
	echo 'credential-helpers = ["missing", "containers-auth.json", "t"]' > "$CONTAINERS_REGISTRIES_CONF"
	: > "$ASKED"
	c login --get-login h.example
	[ "$output" = a ]
	asked ''
	c login --get-login k.example
	[ "$output" = u ]
	MODE=nobody c login --get-login k.example
	[ "$status" -eq 125 ]
	[[ $stderr == *'docker-credential-missing: it is not in PATH'* ]]
}

@test "credential-helpers: login to the first that takes it, logout everywhere, --all of the list" {
	echo 'credential-helpers = ["t", "containers-auth.json"]' > "$CONTAINERS_REGISTRIES_CONF"
	c login --tls-verify=false -u u -p p "$REGISTRY"
	[ "$status" -eq 0 ]
	[ ! -e "$AUTH" ]
	: > "$ASKED"
	c logout "$REGISTRY"
	[ "$output" = "Removed login credentials for $REGISTRY" ]
	asked "erase $REGISTRY"
	c logout --all
	asked 'list unused
erase l.example
erase m.example'
	# a helper knows hosts only
	c login --tls-verify=false -v -u u -p p "$REGISTRY/team"
	[ "${lines[0]}" = "Used:  $AUTH" ]
}

@test "credsStore is asked for what Docker left empty, and harms nobody where it is not there" {
	echo '{"auths": {"https://index.docker.io/v1/": {}, "k.example": {"auth": "YTpi"}}, "credsStore": "t"}' > "$AUTH"
	c login --get-login docker.io
	[ "$output" = u ]
	asked 'get https://index.docker.io/v1/'
	c login --get-login k.example
	[ "$output" = a ]
	c login --get-login other.example
	[ "$stderr" = 'Error: not logged into other.example' ]
	asked ''
	sed -i 's/"t"/"desktop"/' "$AUTH"
	c login --get-login docker.io
	[[ $stderr == *"credsStore of '$AUTH': getting the login for https://index.docker.io/v1/: the credential helper docker-credential-desktop: it is not in PATH"*'not logged into docker.io' ]]
}
