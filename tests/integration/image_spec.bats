#!/usr/bin/env bats
# image_spec.bats - manifests, indexes and configurations by the rules of the OCI image-spec (tests/rigs/spec_shapes.py), through load, pull and
# manifest inspect; what Podman makes of them is in tests/compat/spec.recorded. SHAPES=all takes every document through every door.
# CPOD and CPOD_LIBEXEC: the built program. Root is needed to unpack layers.

bats_require_minimum_version 1.5.0

@test "each document is taken or refused as the specification has it, or it is said why not" {
	: "${CPOD:?CPOD must name the built cpod}"
	LC_ALL=C run python3 "$BATS_TEST_DIRNAME/../rigs/spec_check.py" check "$BATS_TEST_TMPDIR" "$BATS_TEST_DIRNAME/../compat/spec.recorded"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ ${lines[-1]} =~ ^1[0-9][0-9]\ documents,\ [1-3][0-9][0-9]\ times,\ 0\ faults$ ]]
}
