#!/usr/bin/env bats
# image_transports.bats - images to and from archives and directories, as words with a transport; what skopeo writes and reads.
# CPOD and CPOD_LIBEXEC: the built program. Root is needed to unpack layers.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C
	: "${CPOD:?CPOD must name the built cpod}"
	python3 "$BATS_TEST_DIRNAME/../rigs/random_image.py" "$BATS_FILE_TMPDIR/i.tar" example.com/img:v1 300000 100
	"$CPOD" --root "$BATS_FILE_TMPDIR/store" --runroot "$BATS_FILE_TMPDIR/run" load -q -i "$BATS_FILE_TMPDIR/i.tar"
	export T=$BATS_FILE_TMPDIR
}

setup()
{
	D=$BATS_TEST_TMPDIR
}

# The store with the image in it.
pod()
{
	"$CPOD" --root "$T/store" --runroot "$T/run" "$@"
}

# An empty store.
new()
{
	rm -rf "$D/new"
	"$CPOD" --root "$D/new" --runroot "$D/new.run" "$@"
}

same_id()
{
	[ "$1" = "$(pod images -q --no-trunc example.com/img:v1 | cut -d: -f2)" ]
}

names()
{
	"$CPOD" --root "$D/new" --runroot "$D/new.run" images --format '{{.Repository}}:{{.Tag}}' | sort | xargs
}

@test "push to every transport, pull from it, and skopeo reads it" {
	for word in oci:$D/layout:v1 oci:$D/plain oci-archive:$D/oci.tar:team/x:1 docker-archive:$D/docker.tar dir:$D/dir; do
		run --separate-stderr pod push img:v1 "$word"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		[[ $stderr == "Getting image source signatures"*"Copying config sha256:"*"Writing manifest to image destination" ]]
		[ "$(skopeo inspect --format '{{len .Layers}}' "$word")" = 2 ]
		skopeo copy -q "$word" "dir:$D/checked"
		same_id "$(new pull -q "$word")"
	done
	[ -z "$(find "$D" -name '*part*')" ]
}

@test "what an image is called that was pulled from a file" {
	pod push -q img:v1 "oci:$D/layout:v1"
	pod push -q img:v1 "oci-archive:$D/oci.tar:team/x:1"
	pod push -q img:v1 "docker-archive:$D/docker.tar:foo:bar"
	pod push -q img:v1 "dir:$D/dir"
	new pull -q "oci:$D/layout:v1"
	[ "$(names)" = docker.io/library/v1:latest ]
	new pull -q "oci:$D/layout"
	[ "$(names)" = "<none>:<none>" ]
	new pull -q "oci-archive:$D/oci.tar"
	[ "$(names)" = localhost/team/x:1 ]
	new pull -q "docker-archive:$D/docker.tar"
	[ "$(names)" = "docker.io/library/foo:bar example.com/img:v1" ]
	new pull -q "docker-archive:$D/docker.tar:foo:bar"
	[ "$(names)" = docker.io/library/foo:bar ]
	new pull -q "dir:$D/dir"
	[ "$(names)" = "<none>:<none>" ]
	new load -q -i "$D/dir"
	[ "$(names)" = "<none>:<none>" ]
	pod push -q img:v1 containers-storage:other/name
	same_id "$(pod images -q --no-trunc docker.io/other/name:latest | cut -d: -f2)"
	same_id "$(pod pull -q containers-storage:other/name)"
}

@test "a layout holds several images; one of the same name is replaced" {
	python3 "$BATS_TEST_DIRNAME/../rigs/random_image.py" "$D/j.tar" example.com/other:v1 5000
	pod load -q -i "$D/j.tar"
	pod push -q img:v1 "oci:$D/layout:one"
	pod push -q other:v1 "oci:$D/layout:two"
	pod push -q other:v1 "oci:$D/layout:one"
	[ "$(grep -o '"org.opencontainers.image.ref.name":"[a-z]*"' "$D/layout/index.json" | sort | xargs)" = \
		"org.opencontainers.image.ref.name:one org.opencontainers.image.ref.name:two" ]
	[ "$(new pull -q "oci:$D/layout:one")" = "$(new pull -q "oci:$D/layout:two")" ]
	pod rmi other:v1
	run new pull "oci:$D/layout"
	[ "$status" -eq 125 ]
	[ "${lines[-1]}" = "Error: more than one image in oci, choose an image" ]
	run new pull "oci:$D/layout:three"
	[ "$status" -eq 125 ]
	[[ $output == *'no descriptor found for reference "three"' ]]
}

first_bytes() { od -An -tx1 -N4 "$1" | tr -d ' '; }

@test "compressed as it was asked for; dir: only with --compress" {
	for word in oci:$D/layout:v1 oci-archive:$D/oci.tar:v1; do
		pod push -q --compression-format zstd --compression-level 3 img:v1 "$word"
		[ "$(skopeo inspect --raw "$word" | jq -r '.layers[].mediaType' | sort -u)" = application/vnd.oci.image.layer.v1.tar+zstd ]
		skopeo copy -q "$word" "dir:$D/checked"
		same_id "$(new pull -q "$word")"
	done
	for blob in $(jq -r '.layers[].digest' "$D/checked/manifest.json" | cut -d: -f2); do
		[ "$(first_bytes "$D/layout/blobs/sha256/$blob")" = 28b52ffd ]
	done
	pod push -q --compression-level 1 img:v1 "oci:$D/one:v1"
	pod push -q --compression-level 9 img:v1 "oci:$D/nine:v1"
	[ "$(skopeo inspect --raw "oci:$D/one:v1" | jq -r '.layers[].mediaType' | sort -u)" = application/vnd.oci.image.layer.v1.tar+gzip ]
	[ "$(skopeo inspect --format '{{.Digest}}' "oci:$D/one:v1")" != "$(skopeo inspect --format '{{.Digest}}' "oci:$D/nine:v1")" ]
	pod push -q --compression-format zstd img:v1 "dir:$D/plain"
	[[ $(jq -r '.layers[].mediaType' "$D/plain/manifest.json") != *zstd* ]]
	pod push -q --compression-format zstd --compress img:v1 "dir:$D/zstd"
	[ "$(jq -r '.layers[].mediaType' "$D/zstd/manifest.json" | sort -u)" = application/vnd.oci.image.layer.v1.tar+zstd ]
	same_id "$(new pull -q "dir:$D/zstd")"
	for words in "--compression-format zstd -f v2s2 img:v1 dir:$D/x" "--compression-format zstd img:v1 docker-archive:$D/x" "--compression-level 4 img:v1 docker-archive:$D/x" \
		"--compression-format zstd --compression-level 25 img:v1 oci:$D/x" "--compression-format brotli img:v1 oci:$D/x"; do
		# shellcheck disable=SC2086
		run pod push -q $words
		[ "$status" -eq 125 ]
		[ ! -e "$D/x" ]
	done
}

@test "what skopeo writes is read" {
	for word in oci:$D/layout:v1 oci-archive:$D/oci.tar:v1 dir:$D/dir docker-archive:$D/docker.tar:a/b:c; do
		skopeo copy -q "docker-archive:$T/i.tar" "$word"
		# what it makes of the configuration is its own affair
		config=$(skopeo inspect --raw "$word" | grep -o '"config": *{[^}]*}' | grep -o 'sha256:[0-9a-f]*')
		[ "sha256:$(new pull -q "$word")" = "$config" ]
	done
	skopeo copy -q --dest-compress "docker-archive:$T/i.tar" "dir:$D/gz"
	same_id "$(new pull -q "dir:$D/gz")"
}

@test "save and load directories" {
	for format in oci-dir docker-dir; do
		pod save -q --format $format -o "$D/$format" img:v1
		run new load -q -i "$D/$format"
		[ "$status" -eq 0 ]
		same_id "${output##*sha256:}"
	done
	pod save -q --format docker-dir --compress -o "$D/gz" img:v1
	[ "$(skopeo inspect --format '{{len .Layers}}' "dir:$D/gz")" = 2 ]
	grep -q 'rootfs.diff.tar.gzip' "$D/gz/manifest.json"
	run pod save --format oci-dir img:v1
	[ "$status" -eq 125 ]
	run pod save --compress -o "$D/x.tar" img:v1
	[ "$status" -eq 125 ]
	[ ! -e "$D/x.tar" ]
}

@test "a directory that lies is refused, and nothing is kept" {
	pod push -q img:v1 "dir:$D/dir"
	pod push -q img:v1 "oci:$D/layout"
	big=$(find "$D/dir" -size +100k)
	cp -r "$D/dir" "$D/dir1"; truncate -s -10 "$D/dir1/${big##*/}"
	cp -r "$D/dir" "$D/dir2"; printf x | dd of="$D/dir2/${big##*/}" bs=1 seek=1000 conv=notrunc status=none
	cp -r "$D/dir" "$D/dir3"; rm "$D/dir3/${big##*/}"; ln -s /etc/passwd "$D/dir3/${big##*/}"
	cp -r "$D/dir" "$D/dir4"; rm "$D/dir4/${big##*/}"
	cp -r "$D/dir" "$D/dir5"; rm "$D/dir5/${big##*/}"; mkfifo "$D/dir5/${big##*/}"
	cp -r "$D/dir" "$D/dir6"; echo '{}' > "$D/dir6/manifest.json"
	cp -r "$D/dir" "$D/dir7"; find "$D/dir7" -size -2 -name '[0-9a-f]*' -exec sh -c 'echo " " >> "$1"' sh {} \;
	for n in 1 2 3 4 5 6 7; do
		run timeout 30 "$CPOD" --root "$D/new" --runroot "$D/new.run" pull -q "dir:$D/dir$n"
		[ "$status" -eq 125 ] || { echo "dir$n: $output"; return 1; }
		[ -z "$(find "$D/new/images" "$D/new/layers" -mindepth 1 2>/dev/null)" ] || { echo "dir$n left something"; return 1; }
	done
	# a blob reached through a link that leaves the layout
	mv "$D/layout/blobs" "$D/elsewhere"; ln -s ../elsewhere "$D/layout/blobs"
	run new pull -q "oci:$D/layout"
	[ "$status" -eq 125 ]
}

@test "the words of what is not there" {
	while IFS='|' read -r word sentence; do
		run new pull "$word"
		[ "$status" -eq 125 ]
		[ "${lines[-1]}" = "Error: $sentence" ] || { echo "$word: $output"; return 1; }
	done <<-END
	oci:/nonexistent|open /nonexistent/index.json: no such file or directory
	dir:/nonexistent|open /nonexistent/manifest.json: no such file or directory
	dir:$D|open $D/manifest.json: no such file or directory
	docker-archive:/nonexistent|open /nonexistent: no such file or directory
	END
	pod push -q img:v1 "docker-archive:$D/docker.tar"
	run pod push -q img:v1 "docker-archive:$D/docker.tar"
	[ "$status" -eq 125 ]
	[ "$output" = "Error: initializing destination docker-archive:$D/docker.tar: docker-archive doesn't support modifying existing images" ]
	run new pull "docker-archive:$D/docker.tar:no:such"
	[ "$status" -eq 125 ]
	[ "${lines[-1]}" = 'Error: Tag "docker.io/library/no:such" not found' ]
}
