#!/usr/bin/env bats
# round_trips.bats - an image goes out and comes back, by every format and by other programs: it stays the same image.
# CPOD and CPOD_LIBEXEC: the built program. Root is needed to unpack layers. What Podman and Docker make of what is written here is in
# tests/compat/round_trips.recorded.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C T=$BATS_FILE_TMPDIR
	: "${CPOD:?CPOD must name the built cpod}"
	# shellcheck source=../rigs/registry.sh
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	python3 "$BATS_TEST_DIRNAME/../rigs/random_image.py" "$T/i.tar" example.com/img:v1 30000 100
	registry_start
	skopeo copy -q --dest-tls-verify=false "docker-archive:$T/i.tar" "docker://$REGISTRY/first:1"
	export REGISTRY
	echo "REGISTRY=$REGISTRY REGISTRY_PID=$REGISTRY_PID REGISTRY_DIR=$REGISTRY_DIR" > "$T/registry"
	store one load -q -i "$T/i.tar"
}

teardown_file()
{
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	. "$T/registry"
	registry_stop
}

setup() { D=$BATS_TEST_TMPDIR; }
store() { "$CPOD" --root "$T/$1" --runroot "$T/$1.run" "${@:2}"; }
fresh() { "$CPOD" --root "$D/$1" --runroot "$D/$1.run" "${@:2}"; }
digest_of() { skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$REGISTRY/$1"; }
config_of() { skopeo inspect --tls-verify=false --raw "docker://$REGISTRY/$1" | jq -r .config.digest; }
diff_ids_of() { skopeo inspect --tls-verify=false --config "docker://$REGISTRY/$1" | jq -c .rootfs.diff_ids; }

@test "pulled, saved, loaded, pushed: the same configuration and layers; and once it was pushed here, the same digest" {
	store one push -q --tls-verify=false img:v1 "$REGISTRY/ours:1"
	for format in docker-archive oci-archive oci-dir docker-dir; do
		for from in first ours; do
			fresh "$format-a" pull -q --tls-verify=false "$REGISTRY/$from:1"
			rm -rf "$D/saved"
			fresh "$format-a" save -q --format "$format" -o "$D/saved" "$REGISTRY/$from:1"
			rm -rf "$D/b"
			run fresh b load -q -i "$D/saved"
			[ "$status" -eq 0 ]
			fresh b push -q --tls-verify=false "$(fresh b images -q --no-trunc)" "$REGISTRY/$from-$format:1"
			[ "$(config_of "$from-$format:1")" = "$(config_of "$from:1")" ]
			[ "$(diff_ids_of "$from-$format:1")" = "$(diff_ids_of "$from:1")" ]
		done
	done
	[ "$(config_of ours:1)" = "$(config_of first:1)" ]
	# gzip gives the same bytes for the same layer: what keeps the flavour of its manifest keeps its digest
	for format in docker-archive docker-dir; do
		[ "$(digest_of "ours-$format:1")" = "$(digest_of ours:1)" ]
	done
	[ "$(digest_of ours-oci-archive:1)" = "$(digest_of ours-oci-dir:1)" ]
}

@test "a pulled image that goes back is the same, bit for bit" {
	fresh a pull -q --tls-verify=false "$REGISTRY/first:1"
	fresh a push -q --tls-verify=false "$REGISTRY/first:1" "$REGISTRY/first:back"
	[ "$(digest_of first:back)" = "$(digest_of first:1)" ]
}

umoci_needed() { command -v umoci > /dev/null || skip "umoci is not installed (Debian and Ubuntu have it)"; }

@test "umoci unpacks what is written here" {
	umoci_needed
	store one push -q img:v1 "oci:$D/layout:v1"
	umoci unpack --image "$D/layout:v1" "$D/bundle" > /dev/null
	store one create --name c --network none img:v1 true > /dev/null
	mkdir "$D/own"
	store one export c | tar -C "$D/own" -x
	store one rm c > /dev/null
	[ -n "$(find "$D/bundle/rootfs" -type f)" ]
	for file in $(cd "$D/bundle/rootfs" && find . -type f); do cmp "$D/bundle/rootfs/$file" "$D/own/$file"; done
}

@test "what umoci makes and changes is read" {
	umoci_needed
	umoci init --layout "$D/layout"
	umoci new --image "$D/layout:v1"
	umoci unpack --image "$D/layout:v1" "$D/bundle" > /dev/null
	echo first > "$D/bundle/rootfs/a"
	ln "$D/bundle/rootfs/a" "$D/bundle/rootfs/hard"
	mkdir "$D/bundle/rootfs/gone"
	umoci repack --image "$D/layout:v1" "$D/bundle"
	umoci unpack --image "$D/layout:v1" "$D/second" > /dev/null
	rmdir "$D/second/rootfs/gone"
	echo second > "$D/second/rootfs/b"
	umoci repack --image "$D/layout:v1" "$D/second"
	umoci config --image "$D/layout:v1" --config.cmd /b --config.env A=b --config.label l=m
	id=$(fresh a pull -q "oci:$D/layout:v1")
	[ "sha256:$id" = "$(skopeo inspect --raw "oci:$D/layout:v1" | jq -r .config.digest)" ]
	[ "$(fresh a inspect --format '{{.Config.Cmd}} {{.Config.Env}} {{.Config.Labels}}' "$id")" = '[/b] [A=b] map[l:m]' ]
	fresh a create --name c --network none "$id" > /dev/null
	[ "$(fresh a export c | tar t | grep -xE '(\./)?(a|b|hard|gone)/?' | sort | xargs)" = "a b hard" ]
	fresh a export c > "$D/c.tar"
	[ "$(tar xO -f "$D/c.tar" b)" = second ]
	fresh a rm c > /dev/null
}
