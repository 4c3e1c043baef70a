#!/usr/bin/env bats
# image_push_bad.bats - pushing to a registry that is wrong: an end in bounded time, one sentence, and no login at another host.
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
	# one layer of several chunks, one that fits into one
	export STORE=$BATS_FILE_TMPDIR/store
	python3 "$BATS_TEST_DIRNAME/../rigs/random_image.py" "$BATS_FILE_TMPDIR/i.tar" example.com/img:v1 9000000 100
	"$IMAGE_TOOL" "$STORE" load "$BATS_FILE_TMPDIR/i.tar"
	digest=$("$IMAGE_TOOL" "$STORE" push --insecure img:v1 "127.0.0.1:$PORT/push-good" 2>/dev/null)
	[[ $digest =~ ^sha256:[0-9a-f]{64}$ ]]
	echo "$digest" > "$BATS_FILE_TMPDIR/digest"
}

teardown_file()
{
	kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

# push NAME [FLAG...]: status and output as bats' run has them, in at most 30 seconds
push()
{
	local name=$1
	shift
	run timeout 30 "$IMAGE_TOOL" "$STORE" push --insecure --retries 3 --delay 10 --idle 2 "$@" img:v1 "127.0.0.1:$PORT/push-$name"
}

# Reads lines "NAME|EXTENDED REGULAR EXPRESSION": each push fails with 125 and says so in one sentence.
refused()
{
	local name sentence bad=0
	while IFS='|' read -r name sentence; do
		push "$name" "$@"
		if [ "$status" -ne 125 ] || ! [[ ${lines[-1]} =~ ^Error:\ .*$sentence ]] || [ "$(grep -c '^Error: ' <<<"$output")" != 1 ]; then
			echo "$name: status $status: $output"
			bad=1
		fi
	done
	return $bad
}

# Reads names: each push succeeds, with the same digest.
accepted()
{
	local name bad=0
	while read -r name; do
		push "$name" "$@"
		if [ "$status" -ne 0 ] || [ "${lines[-1]}" != "$(cat "$BATS_FILE_TMPDIR/digest")" ]; then
			echo "$name: status $status: $output"
			bad=1
		fi
	done
	return $bad
}

# How often METHOD came for NAME.
count()
{
	grep -c "^$PORT $1 /v2/push-$2/blobs/uploads/" "$LOG" || :
}

@test "what the registry has is not sent: neither again nor to another repository" {
	accepted <<-END
	good
	END
	[ "$(count POST good) $(count PATCH good) $(count PUT good)" = "3 3 3" ]
	cp -a "$STORE" "$BATS_TEST_TMPDIR/store"
	STORE=$BATS_TEST_TMPDIR/store
	"$IMAGE_TOOL" "$STORE" tag img:v1 "127.0.0.1:$PORT/push-good:v1"
	accepted <<-END
	patch-500-once
	mount-denied
	END
	# two layers come by a mount; the configuration is sent
	[ "$(count POST patch-500-once) $(count PATCH patch-500-once) $(count PUT patch-500-once)" = "3 0 1" ]
	[ "$(count PATCH mount-denied) $(count PUT mount-denied)" = "3 3" ]
}

@test "what breaks off goes on where it was, and what was forgotten begins again" {
	accepted <<-END
	reset-once
	forgets-once
	answer-lost
	takes-a-part
	range-is-noise
	patch-500-once
	429-once
	manifest-500-once
	chunks-larger
	token-expires
	END
	# what the registry had is not sent twice: half of the first chunk
	mapfile -t sent < <(grep "PATCH /v2/push-reset-once/" "$LOG")
	printf '%s\n' "${sent[@]}"
	[ "${#sent[@]}" -eq 4 ]
}

@test "a registry that takes nothing ends the push, after the tries that were allowed" {
	refused <<-END
	reset-always|writing blob sha256:[0-9a-f]{64}: Patch "http.*(reset|Recv|recv|Send|send)
	forgets-always|writing blob sha256:[0-9a-f]{64}: the registry forgets the upload again and again
	takes-nothing|writing blob sha256:[0-9a-f]{64}: the registry took only a part of the chunk
	500-always|writing blob sha256:[0-9a-f]{64}: (internal server error|.*status 500)
	put-500-always|writing blob sha256:[0-9a-f]{64}: down for repair
	429-always|writing blob sha256:[0-9a-f]{64}: slow down
	manifest-reset|writing manifest: uploading manifest latest to 127.0.0.1
	END
	refused --retries 1 <<-END
	stalls|writing blob sha256:[0-9a-f]{64}: Patch "http.*the transfer stood still
	END
	[ "$(grep -c "PATCH /v2/push-takes-nothing/" "$LOG")" -eq 4 ]
}

@test "a registry that lies is not believed" {
	refused <<-END
	has-too-much|the registry says it has 100000000000 bytes, 4194304 were sent
	wrong-digest|the registry keeps it as sha256:0{64}, it is sha256:
	damages|provided digest did not match uploaded content
	manifest-wrong-digest|the registry keeps it as sha256:0{64}, it is sha256:
	chunks-too-large|asks for chunks of 1099511627776 bytes
	no-location|the registry '127.0.0.1:$PORT' does not say where to send the bytes
	location-file|the place to send the bytes to: .*no http or https URL
	location-noise|the place to send the bytes to: .*no usable URL
	endless-answer|the answer is larger than 1048576 bytes
	END
}

@test "a registry that says no is told as it said it" {
	refused --retries 0 <<-END
	denied|writing blob sha256:[0-9a-f]{64}: requested access to the resource is denied
	read-only|writing blob sha256:[0-9a-f]{64}: The operation is unsupported
	patch-400|writing blob sha256:[0-9a-f]{64}: no \(status 400
	manifest-refused|writing manifest: uploading manifest latest to 127.0.0.1:$PORT/push-manifest-refused: manifest invalid
	manifest-413|status 413
	location-nowhere|connection refused
	redirect-loop|redirect
	redirect-with-body|a request with a body was redirected
	token-always-wrong|authentication required
	END
}

@test "no login goes to another host" {
	push location-other-host --creds testuser:testpassword
	[ "$status" -eq 0 ]
	grep -q "^$PORT POST /v2/push-location-other-host/.* Basic:" "$LOG"
	grep -q "^$PORT2 PATCH /v2/push-location-other-host/.* - " "$LOG"
	push realm-other-host --creds testuser:testpassword
	[ "$status" -eq 125 ]
	[[ $output == *"asks for the password at another host 'localhost': not sent"* ]]
	push redirect-with-body --creds testuser:testpassword
	[ "$status" -eq 125 ]
	run grep -E "^$PORT2 .*(Basic|Bearer):" "$LOG"
	[ "$status" -eq 1 ]
}
