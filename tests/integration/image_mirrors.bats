#!/usr/bin/env bats
# image_mirrors.bats - registries.conf at work: mirrors, rewriting, blocked registries, drop-ins, against real registries.
# CPOD and CPOD_LIBEXEC: the built program. Root is needed to unpack layers.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C
	: "${CPOD:?CPOD must name the built cpod}"
	python3 "$BATS_TEST_DIRNAME/../rigs/random_image.py" "$BATS_FILE_TMPDIR/i.tar" example.com/img:v1 1000
	# shellcheck source=../rigs/registry.sh
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	registry_start
	skopeo copy -q --dest-tls-verify=false "docker-archive:$BATS_FILE_TMPDIR/i.tar" "docker://$REGISTRY/mirror/team/img:v1"
	export ONE=$REGISTRY
	echo "REGISTRY=$REGISTRY REGISTRY_PID=$REGISTRY_PID REGISTRY_DIR=$REGISTRY_DIR" > "$BATS_FILE_TMPDIR/one"
}

teardown_file()
{
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	. "$BATS_FILE_TMPDIR/one"
	registry_stop
}

setup()
{
	export HOME=$BATS_TEST_TMPDIR XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
	mkdir -p "$XDG_CONFIG_HOME/containers/registries.conf.d"
	CONF=$XDG_CONFIG_HOME/containers/registries.conf
}

pull()
{
	run --separate-stderr timeout 30 "$CPOD" --root "$BATS_TEST_TMPDIR/store" --runroot "$BATS_TEST_TMPDIR/run" pull -q "$@"
}

@test "a mirror is asked first, and the image keeps the name that was asked for" {
	cat > "$CONF" <<-END
	[[registry]]
	prefix = "nowhere.invalid"
	location = "127.0.0.1:1"
	[[registry.mirror]]
	location = "127.0.0.1:1/dead"
	insecure = true
	[[registry.mirror]]
	location = "$ONE/mirror"
	insecure = true
	END
	pull nowhere.invalid/team/img:v1
	[ "$status" -eq 0 ]
	run "$CPOD" --root "$BATS_TEST_TMPDIR/store" --runroot "$BATS_TEST_TMPDIR/run" images --format '{{.Repository}}:{{.Tag}}'
	[ "$output" = nowhere.invalid/team/img:v1 ]
}

@test "all places fail: each says why" {
	cat > "$CONF" <<-END
	[[registry]]
	prefix = "nowhere.invalid"
	location = "127.0.0.1:1/real"
	insecure = true
	[[registry.mirror]]
	location = "$ONE/empty"
	insecure = true
	END
	printf '{"auths":{}}' > "$BATS_TEST_TMPDIR/auth.json"
	pull --authfile "$BATS_TEST_TMPDIR/auth.json" nowhere.invalid/team/img:v1
	[ "$status" -eq 125 ]
	# shellcheck disable=SC2154
	[[ $stderr == *"(Mirrors also failed: [$ONE/empty/team/img: reading manifest v1 in $ONE/empty/team/img: manifest unknown]): nowhere.invalid/team/img: pinging container registry 127.0.0.1:1: "* ]]
}

@test "a mirror for digests is not asked for tags" {
	cat > "$CONF" <<-END
	[[registry]]
	location = "127.0.0.1:1"
	[[registry.mirror]]
	location = "$ONE/mirror"
	insecure = true
	pull-from-mirror = "digest-only"
	END
	pull --tls-verify=false 127.0.0.1:1/team/img:v1
	[ "$status" -eq 125 ]
	digest=$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$ONE/mirror/team/img:v1")
	pull "127.0.0.1:1/team/img@$digest"
	[ "$status" -eq 0 ]
}

@test "--creds are for the registry that was named, not for its mirror" {
	mkfifo "$BATS_TEST_TMPDIR/ports"
	python3 "$BATS_TEST_DIRNAME/../rigs/bad_registry.py" --log "$BATS_TEST_TMPDIR/log" --ping-as basic > "$BATS_TEST_TMPDIR/ports" 3>&- &
	bad=$!
	read -r port _ < "$BATS_TEST_TMPDIR/ports"
	cat > "$CONF" <<-END
	[[registry]]
	prefix = "nowhere.invalid"
	location = "$ONE/mirror"
	insecure = true
	[[registry.mirror]]
	location = "127.0.0.1:$port/basic"
	insecure = true
	END
	pull --creds testuser:testpassword nowhere.invalid/team/img:v1
	kill "$bad"
	[ "$status" -eq 0 ]
	[ -s "$BATS_TEST_TMPDIR/log" ]
	run grep Basic: "$BATS_TEST_TMPDIR/log"
	[ "$status" -eq 1 ]
}

@test "a run of an image that the registry does not have asks once" {
	mkfifo "$BATS_TEST_TMPDIR/ports"
	python3 "$BATS_TEST_DIRNAME/../rigs/bad_registry.py" --log "$BATS_TEST_TMPDIR/log" > "$BATS_TEST_TMPDIR/ports" 3>&- &
	bad=$!
	read -r port _ < "$BATS_TEST_TMPDIR/ports"
	run "$CPOD" --root "$STORE/root" --runroot "$STORE/run" run --rm --network none --tls-verify=false "127.0.0.1:$port/manifest-404"
	kill "$bad"
	[ "$status" = 125 ] && [[ $output == *"manifest unknown"* ]]
	[ "$(grep -c '/manifests/' "$BATS_TEST_TMPDIR/log")" = 1 ]
}

@test "rewriting, drop-ins, aliases, blocked" {
	cat > "$CONF" <<-END
	unqualified-search-registries = ["127.0.0.1:1"]
	[[registry]]
	prefix = "*.example.invalid"
	location = "$ONE/mirror"
	insecure = true
	END
	cat > "$XDG_CONFIG_HOME/containers/registries.conf.d/10-more.conf" <<-END
	[aliases]
	"shortly" = "a.example.invalid/team/img"
	[[registry]]
	prefix = "b.example.invalid/secret"
	blocked = true
	END
	pull a.example.invalid/team/img:v1
	[ "$status" -eq 0 ]
	pull shortly:v1
	[ "$status" -eq 0 ]
	pull b.example.invalid/secret/img:v1
	[ "$status" -eq 125 ]
	[[ $stderr == *"registry b.example.invalid is blocked in $XDG_CONFIG_HOME/containers/registries.conf.d/10-more.conf:3" ]]
	run "$CPOD" --root "$BATS_TEST_TMPDIR/store" --runroot "$BATS_TEST_TMPDIR/run" push -q a.example.invalid/team/img:v1 b.example.invalid/secret/img:v1
	[ "$status" -eq 125 ]
	[[ $output == *"is blocked in $XDG_CONFIG_HOME/containers/registries.conf.d/10-more.conf:3" ]]
}
