#!/usr/bin/env bats
# image_registry.bats - what happens when a registry is wrong (security.md F19, T-RG-01; T-EX-04, T-EX-05 at the door of pull).
# IMAGE_TOOL: tests/tools/image_tool of the build. Root is needed to unpack layers.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C
	: "${IMAGE_TOOL:?IMAGE_TOOL must name the built tests/tools/image_tool}"
	mkfifo "$BATS_FILE_TMPDIR/ports"
	python3 "$BATS_TEST_DIRNAME/../rigs/bad_registry.py" --log "$BATS_FILE_TMPDIR/log" > "$BATS_FILE_TMPDIR/ports" 3>&- &
	echo $! > "$BATS_FILE_TMPDIR/pid"
	read -r PORT PORT2 < "$BATS_FILE_TMPDIR/ports"
	export PORT PORT2 LOG=$BATS_FILE_TMPDIR/log
}

teardown_file()
{
	kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

setup()
{
	STORE=$BATS_TEST_TMPDIR/store
}

# pull NAME [FLAG...]: status, output and stderr as bats' run has them, in at most 30 seconds
pull()
{
	local name=$1
	shift
	run timeout 30 "$IMAGE_TOOL" "$STORE" pull --insecure --retries 3 --delay 10 --idle 2 "$@" "127.0.0.1:$PORT/$name"
}

nothing_left()
{
	local left
	left=$(find "$STORE"/graph/images "$STORE"/graph/layers "$STORE"/graph/names -mindepth 1 -not -type d 2>/dev/null; \
		find "$STORE"/graph/images "$STORE"/graph/layers "$STORE"/graph/staging -mindepth 1 -maxdepth 1 2>/dev/null)
	[ -z "$left" ] || { echo "left behind: $left"; return 1; }
}

# Reads lines "NAME|EXTENDED REGULAR EXPRESSION": each pull fails with 125, says so, and leaves nothing.
refused()
{
	local name sentence bad=0
	while IFS='|' read -r name sentence; do
		rm -rf "$STORE"
		pull "$name" "$@"
		if [ "$status" -ne 125 ] || ! [[ $output =~ Error:\ unable\ to\ copy\ from\ source\ docker://127.0.0.1:$PORT/$name:latest:.*$sentence ]]; then
			echo "$name: status $status: $output"
			bad=1
		fi
		nothing_left || { echo "$name"; bad=1; }
	done
	return $bad
}

# Reads names: each pull succeeds, and prints the id alone on stdout.
accepted()
{
	local name bad=0
	while read -r name; do
		rm -rf "$STORE"
		pull "$name" "$@"
		if [ "$status" -ne 0 ] || ! [[ ${lines[-1]} =~ ^[0-9a-f]{64}$ ]]; then
			echo "$name: status $status: $output"
			bad=1
		fi
	done
	return $bad
}

@test "a good image comes, by tag, by digest and through an index" {
	accepted <<-END
	good
	index-good
	END
	rm -rf "$STORE"
	pull index-good
	digest=$("$IMAGE_TOOL" "$STORE" list | grep -o 'sha256:[0-9a-f]*' | tail -1)
	rm -rf "$STORE"
	pull "index-good@$digest"
	[ "$status" -eq 0 ]
	run "$IMAGE_TOOL" "$STORE" resolve "127.0.0.1:$PORT/index-good@$digest"
	[ "$status" -eq 0 ]
}

@test "T-EX-04 documents that are wrong or can be read in two ways are refused" {
	refused <<-'END'
	not-json|parsing manifest: not valid JSON
	empty-manifest|parsing manifest: not valid JSON
	ambiguous|it is both an image and an index
	duplicate-member|a member for the second time
	type-differs|it was sent as '.*index.*' but says it is
	schema1|Docker schema 1
	bad-digest-text|the digest 'sha256:\.\./.*' of layer 1 is malformed
	artifact|no container image but an artifact
	encrypted|layer 2 is encrypted
	deep-json|nested deeper
	index-other-platform|no image found in image index for architecture "[a-z0-9]+"
	index-in-index|parsing manifest
	index-wrong-size|the index says
	index-wrong-digest|the bytes received have the digest
	config-not-json|parsing image configuration: not valid JSON
	config-lies|tells of 2 layers, the manifest of 3
	END
}

@test "T-EX-05 bodies without end have one" {
	refused <<-'END'
	huge-manifest|the answer is larger than 4194304 bytes
	endless-manifest|the answer is larger than 4194304 bytes
	huge-headers|the headers are larger than
	endless-layer|copying blob sha256:.*: more bytes come than the [0-9]+ of the manifest
	token-huge|the answer is larger than 1048576 bytes
	END
}

@test "bytes that are not what was promised are refused" {
	refused <<-'END'
	config-wrong-digest|reading blob sha256:.*: the bytes received have the digest
	config-long|reading blob sha256:
	config-short|reading blob sha256:.*: 370 bytes came, the manifest says 375
	config-wrong-diff-id|copying blob sha256:
	wrong-digest|copying blob sha256:
	layer-long|more bytes come than
	layer-short|only [0-9]+ of [0-9]+ bytes came
	layer-not-tar|copying blob sha256:
	layer-truncated-gzip|copying blob sha256:
	range-elsewhere|the server continued elsewhere than asked
	END
}

@test "refusals of the server are told" {
	refused <<-'END'
	manifest-404|reading manifest latest in 127\.0\.0\.1:[0-9]+/manifest-404: manifest unknown
	manifest-403|requested access to the resource is denied
	manifest-418|unexpected answer \(status 418
	manifest-500|internal server error \(status 500
	manifest-503-always|down for repair \(status 503
	manifest-429|slow down \(status 429
	blob-404|copying blob sha256:.*: blob unknown
	blob-500|copying blob sha256:.*: internal server error
	layer-416|copying blob sha256:[0-9a-f]*: unexpected answer \(status 416 from http
	layer-missing|blob unknown to registry
	unauthorized-no-challenge|authentication required
	unauthorized-loop|authentication required
	token-not-json|reading the token from
	token-empty|holds no token
	token-newline|is malformed
	token-403|incorrect username or password
	redirect-loop|more than 10 redirects
	redirect-file|is no http or https URL
	redirect-nowhere|connection refused
	not-http|HTTP/0.9
	close-at-once|Empty reply
	reset-always|reset by peer
	END
}

@test "control characters of a server do not reach the terminal" {
	pull escape-in-error
	[ "$status" -eq 125 ]
	! [[ $output == *$'\e'* ]]
}

@test "what passes is tried again" {
	accepted <<-END
	manifest-500-once
	manifest-429-once
	blob-500-once
	reset-manifest
	redirect-same-host
	token-good
	token-access
	token-expires
	END
}

@test "a layer that breaks off is taken up where it stopped" {
	accepted <<-END
	reset-mid-layer
	reset-no-range
	END
	# the second request asked for the rest, and for nothing before it
	grep '/v2/reset-mid-layer/blobs/' "$LOG" | grep -c 'bytes=' | grep -qx 1
	[[ $(grep '/v2/reset-mid-layer/blobs/' "$LOG" | grep -o 'bytes=[0-9]*') =~ bytes=1[0-9]{5}$ ]]
}

@test "a registry that says nothing is given up" {
	SECONDS=0
	refused --retries 1 <<-'END'
	stall-mid-layer|the transfer stood still
	END
	[ "$SECONDS" -lt 15 ]
}

@test "T-RG-01 a password stays with its host" {
	pull redirect-other-host --creds testuser:testpassword
	[ "$status" -eq 0 ]
	grep -q "^$PORT .*Basic:" "$LOG"
	grep -q "^$PORT2 GET /cdn/" "$LOG"
	run ! grep "^$PORT2 .*\(Basic\|Bearer\)" "$LOG"
	rm -rf "$STORE"
	pull realm-other-host --creds testuser:testpassword
	[ "$status" -eq 125 ]
	[[ $output == *"asks for the password at another host 'localhost': not sent"* ]]
	run ! grep "^$PORT2 .*\(Basic\|Bearer\|testuser\)" "$LOG"
}

@test "basic authentication, with the right password and a wrong one" {
	pull basic --creds testuser:testpassword
	[ "$status" -eq 0 ]
	rm -rf "$STORE"
	pull basic --creds testuser:wrong
	[ "$status" -eq 125 ]
	[[ $output == *"authentication required"* ]]
	pull basic --creds nocolon
	[ "$status" -eq 125 ]
	[[ $output == *"credentials are given as user:password"* ]]
}

@test "hosts that are not there" {
	run timeout 30 "$IMAGE_TOOL" "$STORE" pull --retries 0 127.0.0.1:1/x
	[ "$status" -eq 125 ]
	[[ $output == *'pinging container registry 127.0.0.1:1: Get "https://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused'* ]]
	run timeout 60 "$IMAGE_TOOL" "$STORE" pull --retries 0 nowhere.invalid/x
	[ "$status" -eq 125 ]
	[[ $output == *"lookup nowhere.invalid: no such host"* ]]
	run "$IMAGE_TOOL" "$STORE" pull --retries 0 "127.0.0.1:$PORT/good"
	[ "$status" -eq 125 ]
	[[ $output == *"server gave HTTP response to HTTPS client"* ]]
}
