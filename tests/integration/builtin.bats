#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# The image that comes with cpod.
load common

setup_file()
{
	STORE=$(mktemp -d "${TMPDIR:-/tmp}/cpod-it.XXXXXX")
	export STORE
}
teardown_file() { store_remove; }

@test "run hello needs no registry, and finds the image the next time" {
	run cpod run --rm --network none hello
	[ "$status" = 0 ] && output_has 'Hello from a container!'
	run cpod images --format '{{.Repository}}:{{.Tag}}'
	output_is localhost/hello:latest
	local id
	id=$(cpod images -q --no-trunc)
	cpod run --rm --network none localhost/hello >/dev/null
	cpod rmi hello >/dev/null
	cpod run --rm --network none hello:latest >/dev/null
	[ "$(cpod images -q --no-trunc)" = "$id" ]
}

@test "hello is not made where pulling is forbidden" {
	cpod rmi -f hello >/dev/null
	run cpod run --rm --pull never hello
	[ "$status" = 125 ] && output_has 'hello: image not known'
}
