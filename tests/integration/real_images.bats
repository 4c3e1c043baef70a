#!/usr/bin/env bats
# real_images.bats - images with what real ones have, pushed to a real registry, pulled, and looked at from inside: as root and as a user.
# tests/rigs/real_image.py makes them; tests/compat/real_images.recorded is what the reference's containers see.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C
	load common
	# shellcheck source=../rigs/registry.sh
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	# shellcheck source=../rigs/user.sh
	. "$BATS_TEST_DIRNAME/../rigs/user.sh"
	: "${CPOD:?CPOD must name the built program}" "${CPOD_LIBEXEC:?}"
	STORE=$(mktemp -d "${TMPDIR:-/tmp}/cpod-it.XXXXXX")
	chmod 711 "$STORE"
	registry_start
	user_choose "$STORE/home" || TEST_USER=
	export STORE CPOD REGISTRY REGISTRY_DIR REGISTRY_PID TEST_USER TEST_USER_MADE TEST_HOME
	python3 "$BATS_TEST_DIRNAME/../rigs/real_image.py" "$STORE/images"
	for image in real twenty; do
		skopeo copy -q --dest-tls-verify=false "oci:$STORE/images/$image:1" "docker://$REGISTRY/$image:1"
	done
}

teardown_file()
{
	load common
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	. "$BATS_TEST_DIRNAME/../rigs/user.sh"
	registry_stop
	cpod rm -fa -t 0 >/dev/null
	[ -z "$TEST_USER" ] || as_user sh -c 'cpod rm -fa -t 0; cpod rmi -fa' >/dev/null 2>&1 || :
	user_done
	rm -rf "$STORE"
}

setup()
{
	load common
	. "$BATS_TEST_DIRNAME/../rigs/user.sh"
}

recorded() # WHO IMAGE
{
	awk -v want="== $1 $2" '/^== / { on = $0 == want; next } on' "$BATS_TEST_DIRNAME/../compat/real_images.recorded"
}

# The container of IMAGE sees what is recorded for WHO; COMMAND is how cpod is called.
sees() # WHO IMAGE COMMAND...
{
	local who=$1 image=$2
	shift 2
	recorded "$who" "$image" > "$BATS_TEST_TMPDIR/recorded"
	[ -s "$BATS_TEST_TMPDIR/recorded" ]
	"$@" pull -q --tls-verify=false "$REGISTRY/$image:1" > /dev/null
	"$@" run --rm --network none "$REGISTRY/$image:1" /tools/see > "$BATS_TEST_TMPDIR/seen"
	diff -a "$BATS_TEST_TMPDIR/recorded" "$BATS_TEST_TMPDIR/seen"
}

need_user()
{
	[ -n "$TEST_USER" ] || skip "no user with subordinate ids, and none can be made"
}

@test "root: links, modes, owners, devices, attributes, names, sparse files, times and whiteouts are the reference's" {
	sees root real cpod
}

@test "root: twenty layers are the reference's" {
	sees root twenty cpod
}

@test "user: links, modes, owners, attributes, names, sparse files, times and whiteouts are the reference's" {
	need_user
	sees user real as_user cpod
}

@test "user: twenty layers are the reference's" {
	need_user
	sees user twenty as_user cpod
}

@test "what is saved is what was pushed, layer for layer" {
	local want
	cpod pull -q --tls-verify=false "$REGISTRY/real:1" > /dev/null
	cpod save --format oci-archive -o "$BATS_TEST_TMPDIR/out.tar" "$REGISTRY/real:1"
	want=$(skopeo inspect --config "oci:$STORE/images/real:1" | jq -c .rootfs.diff_ids)
	output_is_text "$want" "$(skopeo inspect --config "oci-archive:$BATS_TEST_TMPDIR/out.tar" | jq -c .rootfs.diff_ids)"
	# and it can be loaded by another
	skopeo copy -q "oci-archive:$BATS_TEST_TMPDIR/out.tar" "dir:$BATS_TEST_TMPDIR/dir"
}

output_is_text() { [ "$1" = "$2" ] || { printf 'expected: %s\ngot:      %s\n' "$1" "$2"; return 1; }; }

@test "a file that is sparse in the image takes no more space in the store" {
	local path
	cpod pull -q --tls-verify=false "$REGISTRY/real:1" > /dev/null
	path=$(find "$STORE/root/layers" -path '*/data/sparse/one-zero')
	[ "$(stat -c %s "$path")" -eq $((10 << 20)) ]
	[ $(($(stat -c %b "$path") * 512)) -lt $((64 << 10)) ]
}
