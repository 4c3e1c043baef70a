#!/usr/bin/env bats
# layers.bats - layers as a stranger may make them (T-EX-01, T-EX-06, T-EX-07), and the jail they are unpacked in.
# The shapes are in tests/rigs/layer_shapes.py, what the reference makes of them in tests/compat/layers.recorded.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C
	: "${IMAGE_TOOL:?IMAGE_TOOL must name the built tests/tools/image_tool}" "${CPOD:?}" "${CPOD_LIBEXEC:?}"
}

through() # DOOR SHAPES: a regular expression of their number
{
	LAYER_DOOR=$1 run python3 "$BATS_TEST_DIRNAME/../rigs/layer_check.py" check "$BATS_FILE_TMPDIR" "$BATS_TEST_DIRNAME/../compat/layers.recorded"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ ${lines[-1]} =~ ^$2\ shapes,\ 0\ faults$ ]]
}

@test "T-EX-01 T-EX-07 every shape is refused with its sentence or becomes the tree it should, and nothing else changes" {
	through load '[3-9][0-9][0-9]'
}

@test "T-EX-01 T-EX-07 the same in an oci-archive" {
	through load-oci '[3-9][0-9][0-9]'
}

@test "T-EX-01 T-EX-07 the same through pull" {
	through pull '[3-9][0-9][0-9]'
}

@test "T-EX-01 T-EX-07 the same through import" {
	through import '[1-9][0-9][0-9]'
}

@test "T-EX-01 T-EX-07 the same for an ordinary user: devices and trusted attributes are left out, owners beyond the user's ids refused" {
	local home status=0
	# shellcheck source=../rigs/user.sh
	. "$BATS_TEST_DIRNAME/../rigs/user.sh"
	home=$(mktemp -d "${TMPDIR:-/tmp}/cpod-it.XXXXXX")
	user_choose "$home" || { rm -rf "$home"; skip "no user with subordinate ids, and none can be made"; }
	mkdir "$home/work"
	cp "$IMAGE_TOOL" "$home/bin/image_tool"
	cp "$BATS_TEST_DIRNAME"/../rigs/{layer_check,layer_shapes,tree_list,bad_registry,bad_lists,bad_uploads}.py "$BATS_TEST_DIRNAME/../compat/layers.recorded" "$home"
	chown -R "$TEST_USER:" "$home"
	# what cpod remembers when it enters the user's namespace
	as_user env IMAGE_TOOL="$home/bin/image_tool" CPOD_ROOTLESS_UID="$(id -u "$TEST_USER")" CPOD_ROOTLESS_GID="$(id -g "$TEST_USER")" \
		unshare --user --map-root-user --map-auto --mount python3 layer_check.py check work layers.recorded \
		absolute parent symlink hardlink twice dir file wh opq dev fifo modes setgid owner xattr base256 sparse-old > "$BATS_TEST_TMPDIR/out" || status=$?
	rm -rf "$home"
	user_done
	cat "$BATS_TEST_TMPDIR/out"
	[ "$status" -eq 0 ]
	[[ $(tail -1 "$BATS_TEST_TMPDIR/out") =~ ^[12][0-9][0-9]\ shapes,\ 0\ faults$ ]]
}

# An archive whose layer is COMMAND's output, with no more than the names it needs.
bomb() # FILE DIFF-ID COMMAND...
{
	local file=$1 diff_id=$2 dir=$BATS_TEST_TMPDIR/bomb
	shift 2
	mkdir -p "$dir"
	"$@" > "$dir/l.tar"
	printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]}}' "$diff_id" > "$dir/c.json"
	printf '[{"Config":"c.json","RepoTags":["localhost/bomb:1"],"Layers":["l.tar"]}]' > "$dir/manifest.json"
	tar -C "$dir" -cf "$file" c.json manifest.json l.tar
	rm -r "$dir"
}

half_a_gigabyte()
{
	{
		python3 -c "
import sys
sys.path.insert(0, '$BATS_TEST_DIRNAME/../rigs')
import layer_shapes
sys.stdout.buffer.write(layer_shapes.head(b'f', size=512 << 20))"
		head -c 512M /dev/zero
	} | gzip -1
}

@test "T-EX-06 a bomb on a full disk: a sentence, and the space is there again" {
	local disk=$BATS_TEST_TMPDIR/disk before left used whole
	mkdir "$disk"
	mount -t tmpfs -o size=64M tmpfs "$disk"
	bomb "$BATS_TEST_TMPDIR/bomb.tar" "sha256:$(printf '0%.0s' {1..64})" half_a_gigabyte
	before=$(df --output=used "$disk" | tail -1)
	run timeout 60 "$IMAGE_TOOL" "$disk/store" load "$BATS_TEST_TMPDIR/bomb.tar"
	used=$(df --output=used "$disk" | tail -1)
	left=$(find "$disk"/store/graph/{layers,staging,images,trash} -mindepth 1 2>/dev/null || :)
	# an archive that is compressed as a whole is kept while it is read
	half_a_gigabyte > "$BATS_TEST_TMPDIR/whole.gz"
	whole=$(timeout 60 "$IMAGE_TOOL" "$disk/store" load "$BATS_TEST_TMPDIR/whole.gz" 2>&1) && whole="taken: $whole"
	[ -z "$(ls -A "$disk/store/graph/staging")" ] || left+=" staging"
	umount "$disk"
	echo "$output"
	[[ $whole =~ Error:.*cannot\ keep\ the\ archive.*no\ space\ left\ on\ device ]]
	[ "$status" -eq 125 ]
	[[ $output =~ Error:.*cannot\ write\ \'f\':\ no\ space\ left\ on\ device ]]
	[ -z "$left" ]
	[ $((used - before)) -lt 1024 ]
}

# The peak of the memory of COMMAND and its children, in KiB
peak()
{
	ASAN_OPTIONS=$ASAN_OPTIONS:quarantine_size_mb=4:detect_leaks=0 python3 - "$@" <<-'END'
	import resource, subprocess, sys
	subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
	print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
	END
}

@test "T-EX-06 memory does not grow with what a layer says of itself" {
	local name small
	python3 "$BATS_TEST_DIRNAME/../rigs/layer_shapes.py" "$BATS_TEST_TMPDIR"
	small=$(peak "$IMAGE_TOOL" "$BATS_TEST_TMPDIR/s" load "$BATS_TEST_TMPDIR/plain.tar")
	for name in pax-bomb sparse-1.0-bomb zstd-bomb gnu-long-huge pax-10000-records; do
		now=$(peak "$IMAGE_TOOL" "$BATS_TEST_TMPDIR/s" load "$BATS_TEST_TMPDIR/$name.tar")
		echo "$name: $now KiB, $small for nothing"
		[ $((now - small)) -lt $((160 << 10)) ]
	done
}

# What /proc says of the process that unpacks a layer of PULL, once it has confined itself; false when there is none, or it ended meanwhile.
unpacker()
{
	local child fd
	for child in $(cat "/proc/$PULL/task/$PULL/children"); do
		grep -qs '^Seccomp:	2' "/proc/$child/status" || continue
		CHILD=$child
		mounts=$(cat "/proc/$child/mountinfo") && limits=$(cat "/proc/$child/limits") && inside=$(ls -A "/proc/$child/root/") &&
			fds=$(for fd in /proc/"$child"/fd/*; do echo "${fd##*/} $(readlink "$fd")"; done) &&
			status=$(cat "/proc/$child/status") && return 0
	done 2>/dev/null
	return 1
}

@test "the process that unpacks holds nothing but its layer" {
	# a pull that stands still in the middle of a layer
	mkfifo "$BATS_TEST_TMPDIR/ports"
	python3 "$BATS_TEST_DIRNAME/../rigs/bad_registry.py" --log "$BATS_TEST_TMPDIR/log" > "$BATS_TEST_TMPDIR/ports" 3>&- &
	RIG=$!
	read -r port _ < "$BATS_TEST_TMPDIR/ports"
	"$IMAGE_TOOL" "$BATS_TEST_TMPDIR/store" pull --insecure --retries 0 --idle 20 "127.0.0.1:$port/stall-mid-layer" > "$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	PULL=$!
	end=$((SECONDS + 15))
	until unpacker; do
		[ $SECONDS -lt $end ] || { cat "$BATS_TEST_TMPDIR/out"; kill "$PULL" "$RIG"; return 1; }
		sleep 0.05
	done
	kill "$PULL"
	# it does not outlive who started it
	end=$((SECONDS + 10))
	while [ -e "/proc/$CHILD/root/diff" ] && [ $SECONDS -lt $end ]; do sleep 0.05; done
	alive=$([ -e "/proc/$CHILD/root/diff" ] && echo yes || echo no)
	kill "$RIG"
	printf '%s\n' "$status" "$mounts" "$fds" "$inside"

	grep -q '^NoNewPrivs:	1$' <<< "$status"
	# chown, dac_override, fowner, fsetid, mknod, setfcap, sys_admin
	grep -q '^CapEff:	000000008820001b$' <<< "$status"
	grep -q '^CapPrm:	000000008820001b$' <<< "$status"
	grep -q '^CapInh:	0000000000000000$' <<< "$status"
	# one file system, where devices and programs are only files
	[ "$(wc -l <<< "$mounts")" -eq 1 ]
	[[ $mounts =~ \ /\ [a-z,]*nosuid,nodev,noexec ]]
	[[ $mounts == *"/graph/staging/"* ]]
	[ "$inside" = $'diff\ntar-index' ]
	# besides the standard ones: pipes, and what lies in the stage
	! grep -E '^([3-9]|[0-9]{2,}) ' <<< "$fds" | grep -vE ' (pipe:\[[0-9]+\]|/|/diff(/.*)?|/tar-index)$'
	grep -q '^Max core file size *0 *0 ' <<< "$limits"
	grep -q '^Max file size *274877906944 *274877906944 ' <<< "$limits"
	[ "$alive" = no ]
}

@test "a process that unpacks and is killed is told of, and leaves nothing" {
	mkfifo "$BATS_TEST_TMPDIR/ports"
	python3 "$BATS_TEST_DIRNAME/../rigs/bad_registry.py" --log "$BATS_TEST_TMPDIR/log" > "$BATS_TEST_TMPDIR/ports" 3>&- &
	RIG=$!
	read -r port _ < "$BATS_TEST_TMPDIR/ports"
	"$IMAGE_TOOL" "$BATS_TEST_TMPDIR/store" pull --insecure --retries 0 --idle 20 "127.0.0.1:$port/stall-mid-layer" > "$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	PULL=$!
	end=$((SECONDS + 15))
	until unpacker && kill -9 "$CHILD"; do
		[ $SECONDS -lt $end ] || { kill "$PULL" "$RIG"; return 1; }
		sleep 0.05
	done
	code=0
	wait "$PULL" || code=$?
	kill "$RIG"
	cat "$BATS_TEST_TMPDIR/out"
	[ "$code" -eq 125 ]
	grep -q 'Error:.*the unpacking of a layer was killed by signal 9' "$BATS_TEST_TMPDIR/out"
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/store/graph/staging")" ]
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/store/graph/images")" ]
}

@test "a tree deeper than there are descriptors is removed again" {
	# shapes refused after they have made 2000 and 4000 directories one in the other
	local store=$BATS_TEST_TMPDIR/store name
	python3 "$BATS_TEST_DIRNAME/../rigs/layer_shapes.py" "$BATS_TEST_TMPDIR"
	for name in dirs-deep-removal dirs-deeper-removal; do
		run bash -c 'ulimit -n 256; exec "$@"' - "$IMAGE_TOOL" "$store" load "$BATS_TEST_TMPDIR/$name.tar"
		[ "$status" -eq 125 ]
		[ -z "$(ls -A "$store/graph/staging")" ]
	done
}
