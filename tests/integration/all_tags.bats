#!/usr/bin/env bats
# all_tags.bats - pull --all-tags: every tag a registry has of a repository, and what of it fails.
load common
. "$BATS_TEST_DIRNAME/../rigs/registry.sh"

setup_file()
{
	store_make
	registry_start
	export REGISTRY REGISTRY_DIR REGISTRY_PID
	for tag in one two three; do
		cpod push -q --tls-verify=false localhost/busy "$REGISTRY/team/app:$tag"
	done
}

teardown_file()
{
	registry_stop
	store_remove
}

@test "all tags come, and the id of each is printed" {
	run cpod pull -q -a --tls-verify=false "$REGISTRY/team/app"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 3 ]
	for tag in one two three; do cpod image exists "$REGISTRY/team/app:$tag"; done
}

@test "one that is damaged does not keep the others" {
	cpod rmi "$REGISTRY/team/app:one" "$REGISTRY/team/app:two" "$REGISTRY/team/app:three" >/dev/null
	mkdir -p "$REGISTRY_DIR/data/docker/registry/v2/repositories/team/app/_manifests/tags/zbad/current"
	printf 'sha256:%064d' 0 > "$REGISTRY_DIR/data/docker/registry/v2/repositories/team/app/_manifests/tags/zbad/current/link"
	run cpod pull -q -a --tls-verify=false "$REGISTRY/team/app"
	[ "$status" -eq 125 ]
	[[ "$output" == *"team/app:zbad"* ]]
	for tag in one two three; do cpod image exists "$REGISTRY/team/app:$tag"; done
}

@test "no such repository, and what is no registry" {
	run cpod pull -a --tls-verify=false "$REGISTRY/none"
	[ "$status" -eq 125 ]
	run cpod pull -a oci:/tmp/x
	[ "$status" -eq 125 ]
	[[ "$output" == *"pulling all tags is not supported for oci transport"* ]]
}
