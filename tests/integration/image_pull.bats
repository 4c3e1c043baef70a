#!/usr/bin/env bats
# image_pull.bats - a real registry: TLS, logins, and images that go out to an archive and come back.
# IMAGE_TOOL: tests/tools/image_tool of the build. Root is needed to unpack layers.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C
	: "${IMAGE_TOOL:?IMAGE_TOOL must name the built tests/tools/image_tool}"
}

setup()
{
	# shellcheck source=../rigs/registry.sh
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	STORE=$BATS_TEST_TMPDIR/store
	AUTH=$BATS_TEST_TMPDIR/auth.json
}

teardown()
{
	registry_stop
}

# An image of two layers as a docker-archive; the second replaces a file of the first.
make_archive()
{
	python3 - "$1" <<-'END'
	import hashlib, io, json, sys, tarfile
	def layer(**files):
	    out = io.BytesIO()
	    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
	        for name, text in files.items():
	            info = tarfile.TarInfo(name); info.size = len(text); info.mtime = 1500000000
	            tar.addfile(info, io.BytesIO(text))
	    return out.getvalue()
	layers = [layer(a=b"one", b=b"two" * 50000), layer(a=b"three")]
	config = json.dumps({"architecture": "amd64", "os": "linux", "config": {"Env": ["X=1"]}, "created": "2020-01-01T00:00:00Z",
	    "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(l).hexdigest() for l in layers]}}).encode()
	names = ["l%d.tar" % n for n in range(2)]
	manifest = json.dumps([{"Config": "c.json", "RepoTags": ["example.com/img:v1"], "Layers": names}]).encode()
	with tarfile.open(sys.argv[1], "w") as tar:
	    for name, data in [*zip(names, layers), ("c.json", config), ("manifest.json", manifest)]:
	        info = tarfile.TarInfo(name); info.size = len(data)
	        tar.addfile(info, io.BytesIO(data))
	END
}

push()
{
	skopeo copy -q --dest-tls-verify=false "${@:3}" "docker-archive:$1" "docker://$2"
}

@test "an image pushed by skopeo comes, twice only once" {
	make_archive "$BATS_TEST_TMPDIR/i.tar"
	registry_start
	push "$BATS_TEST_TMPDIR/i.tar" "$REGISTRY/team/img:v1"
	run --separate-stderr "$IMAGE_TOOL" "$STORE" pull --insecure "$REGISTRY/team/img:v1"
	[ "$status" -eq 0 ]
	[[ $output =~ ^[0-9a-f]{64}$ ]]
	[[ $stderr == *"Trying to pull $REGISTRY/team/img:v1..."* ]]
	id=$output
	run --separate-stderr "$IMAGE_TOOL" "$STORE" pull --insecure "$REGISTRY/team/img:v1"
	[ "$output" = "$id" ]
	[[ $stderr == *" exists"* ]]
	[ "$(ls "$STORE/graph/images" | wc -l)" -eq 1 ]
	[ "$(ls "$STORE/graph/layers" | wc -l)" -eq 2 ]
	for word in "$id" "${id:0:12}" img:v1 team/img:v1 "$REGISTRY/team/img:v1"; do
		run "$IMAGE_TOOL" "$STORE" resolve "$word"
		[ "$status" -eq 0 ]
		[ "${output%% *}" = "$id" ]
	done
	for word in img eam/img:v1 localhost/img:v1 "$REGISTRY/team/img"; do
		run "$IMAGE_TOOL" "$STORE" resolve "$word"
		[ "$status" -eq 125 ]
		[ "$output" = "Error: $word: image not known" ]
	done
}

@test "policies" {
	make_archive "$BATS_TEST_TMPDIR/i.tar"
	registry_start
	push "$BATS_TEST_TMPDIR/i.tar" "$REGISTRY/img:v1"
	run "$IMAGE_TOOL" "$STORE" pull --policy never "$REGISTRY/img:v1"
	[ "$status" -eq 125 ]
	[ "$output" = "Error: $REGISTRY/img:v1: image not known" ]
	run --separate-stderr "$IMAGE_TOOL" "$STORE" pull --insecure --policy missing "$REGISTRY/img:v1"
	[ "$status" -eq 0 ]
	id=$output
	run --separate-stderr "$IMAGE_TOOL" "$STORE" pull --insecure --policy newer "$REGISTRY/img:v1"
	[ "$output" = "$id" ]
	reference=$REGISTRY/img:v1
	registry_stop
	for policy in missing newer never; do
		run --separate-stderr "$IMAGE_TOOL" "$STORE" pull --insecure --retries 0 --policy $policy "$reference"
		[ "$status" -eq 0 ]
		[ "$output" = "$id" ]
	done
	run "$IMAGE_TOOL" "$STORE" pull --insecure --retries 0 --policy always "$reference"
	[ "$status" -eq 125 ]
	run "$IMAGE_TOOL" "$STORE" pull --policy sometimes "$reference"
	[ "$status" -eq 125 ]
	[ "$output" = 'Error: unsupported pull policy "sometimes"' ]
}

@test "T-RG-02 a certificate nobody signed is refused, unless it is trusted or not to be checked" {
	make_archive "$BATS_TEST_TMPDIR/i.tar"
	registry_start tls
	push "$BATS_TEST_TMPDIR/i.tar" "$REGISTRY/img:v1"
	run "$IMAGE_TOOL" "$STORE" pull --retries 0 "$REGISTRY/img:v1"
	[ "$status" -eq 125 ]
	[[ $output == *"tls: failed to verify certificate"* ]]
	run "$IMAGE_TOOL" "$STORE" login "$REGISTRY" u p --authfile "$AUTH"
	[ "$status" -eq 125 ]
	[[ $output == *"tls: failed to verify certificate"* ]]
	[ ! -e "$AUTH" ]
	"$IMAGE_TOOL" "$STORE" pull --insecure "$REGISTRY/img:v1"
	"$IMAGE_TOOL" "$STORE" pull --cert-dir "$REGISTRY_DIR/certs" "$REGISTRY/img:v1"
	# the right authority, but another name
	run "$IMAGE_TOOL" "$STORE" pull --retries 0 --cert-dir "$REGISTRY_DIR/certs" "127.0.0.2:${REGISTRY#*:}/img:v1"
	[ "$status" -eq 125 ]
}

@test "login, pull, logout" {
	make_archive "$BATS_TEST_TMPDIR/i.tar"
	registry_start tls auth
	push "$BATS_TEST_TMPDIR/i.tar" "$REGISTRY/img:v1" --dest-creds testuser:testpassword
	common=(--cert-dir "$REGISTRY_DIR/certs" --authfile "$AUTH")
	echo '{}' > "$AUTH"
	run "$IMAGE_TOOL" "$STORE" pull --retries 0 "${common[@]}" "$REGISTRY/img:v1"
	[ "$status" -eq 125 ]
	[[ $output == *"reading manifest v1 in $REGISTRY/img: authentication required"* ]]
	run "$IMAGE_TOOL" "$STORE" login --insecure --authfile "$AUTH" "$REGISTRY" testuser wrong
	[ "$status" -eq 125 ]
	[ "$output" = "Error: logging into \"$REGISTRY\": invalid username/password" ]
	[ "$(cat "$AUTH")" = '{}' ]
	"$IMAGE_TOOL" "$STORE" login --insecure --authfile "$AUTH" "$REGISTRY" testuser testpassword
	[ "$(stat -c %a "$AUTH")" = 600 ]
	"$IMAGE_TOOL" "$STORE" pull "${common[@]}" "$REGISTRY/img:v1"
	run "$IMAGE_TOOL" "$STORE" logout --authfile "$AUTH" "$REGISTRY"
	[ "$output" = removed ]
	run "$IMAGE_TOOL" "$STORE" logout --authfile "$AUTH" "$REGISTRY"
	[ "$output" = "not logged in" ]
}

@test "archives go out and come back as the same image" {
	make_archive "$BATS_TEST_TMPDIR/i.tar"
	run --separate-stderr "$IMAGE_TOOL" "$STORE" load "$BATS_TEST_TMPDIR/i.tar"
	[ "$output" = "Loaded image: example.com/img:v1" ]
	id=$("$IMAGE_TOOL" "$STORE" resolve example.com/img:v1)
	"$IMAGE_TOOL" "$STORE" save "$BATS_TEST_TMPDIR/docker.tar" img:v1 2>/dev/null
	"$IMAGE_TOOL" "$STORE" save - img:v1 2>/dev/null | cmp - "$BATS_TEST_TMPDIR/docker.tar"
	"$IMAGE_TOOL" "$STORE" save --oci "$BATS_TEST_TMPDIR/oci.tar" img:v1 2>/dev/null
	gzip -k "$BATS_TEST_TMPDIR/docker.tar" "$BATS_TEST_TMPDIR/oci.tar"
	for file in docker.tar docker.tar.gz oci.tar oci.tar.gz; do
		rm -rf "$STORE.2"
		run --separate-stderr "$IMAGE_TOOL" "$STORE.2" load "$BATS_TEST_TMPDIR/$file"
		[ "$output" = "Loaded image: example.com/img:v1" ]
		[ "$("$IMAGE_TOOL" "$STORE.2" resolve img:v1)" = "$id" ]
		rm -rf "$STORE.2"
		"$IMAGE_TOOL" "$STORE.2" load - < <(cat "$BATS_TEST_TMPDIR/$file") 2>/dev/null
		[ "$("$IMAGE_TOOL" "$STORE.2" resolve img:v1)" = "$id" ]
		[ -z "$(ls "$STORE.2/graph/staging")" ]
	done
	# another program understands both
	[ "$(skopeo inspect --raw --config "docker-archive:$BATS_TEST_TMPDIR/docker.tar" | sha256sum | cut -c1-64)" = "${id%% *}" ]
	[ "$(skopeo inspect --raw --config "oci-archive:$BATS_TEST_TMPDIR/oci.tar" | sha256sum | cut -c1-64)" = "${id%% *}" ]
}

@test "several images, several names" {
	make_archive "$BATS_TEST_TMPDIR/i.tar"
	"$IMAGE_TOOL" "$STORE" load "$BATS_TEST_TMPDIR/i.tar"
	"$IMAGE_TOOL" "$STORE" tag img:v1 quay.io/x/y:2
	names=$("$IMAGE_TOOL" "$STORE" save --multi - img:v1 quay.io/x/y:2 2>/dev/null | tar xO manifest.json)
	[[ $names == *'"RepoTags":["example.com/img:v1","quay.io/x/y:2"]'* ]]
	names=$("$IMAGE_TOOL" "$STORE" save - img:v1 new:z 2>/dev/null | tar xO manifest.json)
	[[ $names == *'"RepoTags":["localhost/new:z","example.com/img:v1"]'* ]]
	run "$IMAGE_TOOL" "$STORE" save --multi --oci - img:v1 quay.io/x/y:2
	[ "$status" -eq 125 ]
	run "$IMAGE_TOOL" "$STORE" save - nope
	[ "$status" -eq 125 ]
	[ "$output" = "Error: nope: image not known" ]
}
