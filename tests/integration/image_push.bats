#!/usr/bin/env bats
# image_push.bats - push to a real registry: digests that stay, compression, flavours, logins, and what another program reads.
# CPOD and CPOD_LIBEXEC: the built program. Root is needed to unpack layers.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C
	: "${CPOD:?CPOD must name the built cpod}"
}

setup()
{
	# shellcheck source=../rigs/registry.sh
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	python3 "$BATS_TEST_DIRNAME/../rigs/random_image.py" "$BATS_TEST_TMPDIR/i.tar" example.com/img:v1 6000000 100
}

teardown()
{
	registry_stop
}

# A command on a store of its own: pod STORE WORDS
pod()
{
	"$CPOD" --root "$BATS_TEST_TMPDIR/$1" --runroot "$BATS_TEST_TMPDIR/$1.run" "${@:2}"
}

raw()
{
	skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/$1"
}

digest_of()
{
	raw "$1" | sha256sum | cut -d' ' -f1
}

@test "an image that was pulled is pushed with the same bytes, to its repository and to others" {
	registry_start
	skopeo copy -q --dest-tls-verify=false "docker-archive:$BATS_TEST_TMPDIR/i.tar" "docker://$REGISTRY/team/img:v1"
	skopeo copy -q --dest-tls-verify=false --format oci "docker-archive:$BATS_TEST_TMPDIR/i.tar" "docker://$REGISTRY/team/oci:v1"
	for name in img oci; do
		before=$(digest_of "team/$name:v1")
		pod a pull -q --tls-verify=false "$REGISTRY/team/$name:v1"
		pod a push --tls-verify=false --digestfile "$BATS_TEST_TMPDIR/d" "$REGISTRY/team/$name:v1" "$REGISTRY/team/$name:v2"
		[ "$(cat "$BATS_TEST_TMPDIR/d")" = "sha256:$before" ]
		[ "$(digest_of "team/$name:v2")" = "$before" ]
		pod a push --tls-verify=false "$REGISTRY/team/$name:v1" "docker://$REGISTRY/other/$name:v1"
		[ "$(digest_of "other/$name:v1")" = "$before" ]
		pod a push --tls-verify=false "$REGISTRY/team/$name:v1" "$REGISTRY/third/$name@sha256:$before"
		[ "$(digest_of "third/$name@sha256:$before")" = "$before" ]
	done
}

@test "pushed here, pulled there: the same image, and the words are Podman's" {
	registry_start
	pod a load -q -i "$BATS_TEST_TMPDIR/i.tar"
	run --separate-stderr pod a push --tls-verify=false img:v1 "$REGISTRY/x:1"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	# shellcheck disable=SC2154
	[ "$(sed 's/[0-9a-f]\{64\}/DIGEST/' <<<"$stderr")" = "Getting image source signatures
Copying blob sha256:DIGEST
Copying blob sha256:DIGEST
Copying config sha256:DIGEST
Writing manifest to image destination" ]
	id=$(pod a images -q --no-trunc img:v1)
	[ "$(pod b pull -q --tls-verify=false "$REGISTRY/x:1")" = "${id#sha256:}" ]
	diff <(pod a save img:v1 | tar xO --wildcards '*.tar' | sha256sum) <(pod b save "$REGISTRY/x:1" | tar xO --wildcards '*.tar' | sha256sum)
	# the same once more: the same manifest
	pod a push -q --tls-verify=false img:v1 "$REGISTRY/x:2"
	[ "$(digest_of x:1)" = "$(digest_of x:2)" ]
	run pod a push -q --tls-verify=false img:v1 "$REGISTRY/x:2"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	# without a destination it goes where its name says
	pod a tag img:v1 "$REGISTRY/named:3"
	pod a push -q --tls-verify=false "$REGISTRY/named:3"
	[ "$(digest_of named:3)" = "$(digest_of x:1)" ]
}

@test "flavours and compressions" {
	registry_start
	pod a load -q -i "$BATS_TEST_TMPDIR/i.tar"
	push() { pod a push -q --tls-verify=false "${@:2}" img:v1 "$REGISTRY/$1"; }
	push docker -f v2s2
	push oci -f oci
	push zstd --compression-format zstd --compression-level 5
	push level --compression-level 1
	[[ $(raw docker) == *'"application/vnd.docker.distribution.manifest.v2+json"'*'rootfs.diff.tar.gzip"'* ]]
	[[ $(raw oci) == *'"application/vnd.oci.image.manifest.v1+json"'*'layer.v1.tar+gzip"'* ]]
	[[ $(raw zstd) == *'"application/vnd.oci.image.manifest.v1+json"'*'layer.v1.tar+zstd"'* ]]
	[[ $(raw zstd) != *gzip* ]]
	id=$(pod a images -q --no-trunc img:v1)
	for name in docker oci zstd level; do
		rm -rf "$BATS_TEST_TMPDIR/b"
		[ "$(pod b pull -q --tls-verify=false "$REGISTRY/$name")" = "${id#sha256:}" ]
		[ "$(skopeo inspect --tls-verify=false --format '{{len .Layers}}' "docker://$REGISTRY/$name")" = 2 ]
	done
	# another program reads every byte of it
	skopeo copy -q --src-tls-verify=false "docker://$REGISTRY/zstd" "dir:$BATS_TEST_TMPDIR/zstd"
	for f in "$BATS_TEST_TMPDIR"/zstd/*; do
		[ "$(od -An -tx1 -N4 "$f" | tr -d ' ')" != 28b52ffd ] || zstd -qt < "$f"
	done
	# a layer the registry has as gzip is not sent as zstd unless that is what is wanted
	rm -rf "$BATS_TEST_TMPDIR/b"
	pod b pull -q --tls-verify=false "$REGISTRY/oci"
	pod b push -q --tls-verify=false --compression-format zstd --force-compression=false "$REGISTRY/oci" "$REGISTRY/oci:2"
	[ "$(digest_of oci:2)" = "$(digest_of oci)" ]
	pod b push -q --tls-verify=false --compression-format zstd "$REGISTRY/oci" "$REGISTRY/oci:3"
	[[ $(raw oci:3) == *'layer.v1.tar+zstd"'* ]]
}

@test "logins, certificates" {
	registry_start tls auth
	echo '{}' > "$BATS_TEST_TMPDIR/auth.json"
	pod a load -q -i "$BATS_TEST_TMPDIR/i.tar"
	push() { pod a push -q --retry 0 --authfile "$BATS_TEST_TMPDIR/auth.json" "$@" img:v1 "$REGISTRY/x"; }
	run push
	[ "$status" -eq 125 ]
	[[ $output == *"pinging container registry $REGISTRY: "*"tls: failed to verify certificate"* ]]
	run push --tls-verify=false
	[ "$status" -eq 125 ]
	[[ $output == *"authentication required"* ]]
	run push --tls-verify=false --creds testuser:wrong
	[ "$status" -eq 125 ]
	push --cert-dir "$REGISTRY_DIR/certs" --creds testuser:testpassword
	"$CPOD" login -u testuser -p testpassword --tls-verify=false --authfile "$BATS_TEST_TMPDIR/auth.json" "$REGISTRY"
	push --cert-dir "$REGISTRY_DIR/certs"
}

@test "what cannot be is told in Podman's words" {
	pod a load -q -i "$BATS_TEST_TMPDIR/i.tar"
	while IFS='|' read -r words sentence; do
		# shellcheck disable=SC2086
		run --separate-stderr pod a push --retry 0 --tls-verify=false $words
		[ "$status" -eq 125 ]
		[ "${stderr##*$'\n'}" = "Error: $sentence" ] || { echo "$words: $stderr"; return 1; }
	done <<-END
	nosuch 127.0.0.1:1/x|nosuch: image not known
	|accepts between 1 and 2 arg(s), received 0
	a b c|accepts between 1 and 2 arg(s), received 3
	img:v1 foo:bar/x|Invalid image name "foo:bar/x", unknown transport "foo"
	img:v1 127.0.0.1:1/CQ:3|Invalid image name "127.0.0.1:1/CQ:3", unknown transport "127.0.0.1"
	--compression-format lz4 img:v1 127.0.0.1:1/x|cannot find compressor for "lz4"
	--retry-delay foo img:v1 127.0.0.1:1/x|time: invalid duration "foo"
	END
	run --separate-stderr pod a push --retry 0 --tls-verify=false img:v1 127.0.0.1:1/x
	[[ $stderr == *'Error: trying to reuse blob sha256:'*' at destination: pinging container registry 127.0.0.1:1: Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused' ]]
}
