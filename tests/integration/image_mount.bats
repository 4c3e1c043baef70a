#!/usr/bin/env bats
# image_mount.bats - images mounted on the host: what is refused meanwhile, and many layers at once. Root is needed.
# CPOD and CPOD_LIBEXEC: the built program.

bats_require_minimum_version 1.5.0

setup()
{
	export LC_ALL=C
	: "${CPOD:?CPOD must name the built cpod}"
}

teardown()
{
	pod image unmount --all --force
}

pod()
{
	"$CPOD" --root "$BATS_TEST_TMPDIR/store" --runroot "$BATS_TEST_TMPDIR/run" "$@"
}

@test "an image that is mounted is not removed" {
	python3 "$BATS_TEST_DIRNAME/../rigs/random_image.py" "$BATS_TEST_TMPDIR/i.tar" localhost/img:v1 100 200
	pod load -q -i "$BATS_TEST_TMPDIR/i.tar"
	where=$(pod image mount img:v1)
	[ "$(stat -c %s "$where/file1")" = 200 ]
	run pod rmi -f img:v1
	[ "$status" -eq 2 ]
	[[ $output == "Error: image "*" is mounted: unmount it with 'image unmount' first" ]]
	[ "$(stat -c %s "$where/file0")" = 100 ]
	pod image unmount img:v1
	pod rmi img:v1
	[ ! -e "$where" ]
}

@test "eighty layers" {
	# shellcheck disable=SC2046
	python3 "$BATS_TEST_DIRNAME/../rigs/random_image.py" "$BATS_TEST_TMPDIR/i.tar" localhost/img:v1 $(seq 80)
	pod load -q -i "$BATS_TEST_TMPDIR/i.tar"
	where=$(pod image mount img:v1)
	[ "$(find "$where" -type f | wc -l)" = 80 ]
	pod image unmount img:v1
}
