#!/usr/bin/env bats
# image_archive.bats - archives that are wrong: a sentence, 125, and nothing left (T-EX-02, T-EX-03 at the door of load).

setup_file()
{
	export LC_ALL=C
	: "${IMAGE_TOOL:?IMAGE_TOOL must name the built tests/tools/image_tool}"
	python3 "$BATS_TEST_DIRNAME/../rigs/bad_archives.py" "$BATS_FILE_TMPDIR"
}

@test "wrong archives are refused, each with its reason" {
	local name sentence bad=0 count=0 store=$BATS_TEST_TMPDIR/store
	while IFS='|' read -r name sentence; do
		rm -rf "$store"
		run timeout 20 "$IMAGE_TOOL" "$store" load "$BATS_FILE_TMPDIR/$name.tar"
		count=$((count + 1))
		if [ "$status" -ne 125 ] || ! [[ $output =~ Error:.*$sentence ]]; then
			echo "$name: status $status: $output"
			bad=1
		fi
		if [ -n "$(find "$store"/graph/{images,layers,staging} -mindepth 1 2>/dev/null)" ]; then
			echo "$name: left behind: $(find "$store"/graph/{images,layers,staging} -mindepth 1)"
			bad=1
		fi
	done < "$BATS_FILE_TMPDIR/expected"
	[ "$count" -ge 30 ]
	[ "$bad" -eq 0 ]
}

@test "the archives they were made from are good" {
	for name in good-docker good-oci; do
		run timeout 20 "$IMAGE_TOOL" "$BATS_TEST_TMPDIR/$name" load "$BATS_FILE_TMPDIR/$name.tar"
		[ "$status" -eq 0 ]
	done
}

@test "an archive cut anywhere is refused" {
	local at size store=$BATS_TEST_TMPDIR/store
	size=$(stat -c %s "$BATS_FILE_TMPDIR/good-docker.tar")
	for at in 0 1 511 512 1000 $((size / 2)) $((size - 11 * 1024)); do
		rm -rf "$store"
		head -c "$at" "$BATS_FILE_TMPDIR/good-docker.tar" > "$BATS_TEST_TMPDIR/cut.tar"
		run timeout 20 "$IMAGE_TOOL" "$store" load "$BATS_TEST_TMPDIR/cut.tar"
		[ "$status" -eq 125 ]
		run timeout 20 "$IMAGE_TOOL" "$store" load - < "$BATS_TEST_TMPDIR/cut.tar"
		[ "$status" -eq 125 ]
		[ -z "$(find "$store"/graph/{images,layers,staging} -mindepth 1 2>/dev/null)" ]
	done
}
