#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# install.bats - ./bootstrap install: a tree that works wherever it is moved, also under other names.

setup_file()
{
	[ -d "$BATS_TEST_DIRNAME/../../build-release" ] || skip 'no release is built: ./bootstrap demo'
	TOP=$(mktemp -d "${TMPDIR:-/tmp}/cpod-install.XXXXXX")
	export TOP
	"$BATS_TEST_DIRNAME/../../bootstrap" install --prefix "$TOP/first" --names 'podman docker' >&2
	mv "$TOP/first" "$TOP/moved"
	unset CPOD_LIBEXEC
}

teardown_file()
{
	[ -z "${TOP-}" ] || rm -rf "$TOP"
}

# Only what was installed: no variable of the tests' points to the build.
installed() { env -u CPOD_LIBEXEC "$TOP/moved/bin/$1" --root "$TOP/root" --runroot "$TOP/run" "${@:2}"; }

@test "moved, it runs a container by every name, and loads what needs libraries" {
	local name
	for name in cpod podman docker; do
		run installed "$name" run --rm --network none hello
		[ "$status" = 0 ] && [ -n "$output" ] || { echo "$name: $status $output"; return 1; }
	done
	installed podman save -o "$TOP/image.tar" hello 2>/dev/null
	[ -s "$TOP/image.tar" ]
	[ -z "$(installed cpod ps -aq)" ]
}

@test "the documents are there, and nothing beside the three directories" {
	[ "$(ls "$TOP/moved")" = $'bin\nlibexec\nshare' ]
	[ -s "$TOP/moved/share/doc/cpod/LICENSE" ] && [ -s "$TOP/moved/share/doc/cpod/docs/formats/store.md" ]
	[ "$(readlink "$TOP/moved/bin/docker")" = cpod ]
}

@test "a program that is there already is not replaced" {
	mkdir -p "$TOP/other/bin"
	echo mine > "$TOP/other/bin/podman"
	run "$BATS_TEST_DIRNAME/../../bootstrap" install --prefix "$TOP/other" --names podman
	[ "$status" != 0 ] && [[ $output = *"is there already"* ]]
	[ "$(cat "$TOP/other/bin/podman")" = mine ]
	run "$BATS_TEST_DIRNAME/../../bootstrap" install --prefix
	[ "$status" != 0 ]
	run "$BATS_TEST_DIRNAME/../../bootstrap" install --nosuch
	[ "$status" != 0 ] && [[ $output = *"unknown word"* ]]
}
