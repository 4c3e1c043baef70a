#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# copy.bats - cp and export with hostile containers and archives: nothing outside is read or written. As root; what words mean is in tests/compat.
load sandbox

setup_file()
{
	sandbox_make
	T=$STORE/t
	export T
	mkdir -p "$T"
}
teardown_file() { store_remove; }
teardown() { cpod rm -fa -t 0 >/dev/null; rm -rf "${T:?}"/*; }

@test "T-CP-01: links of a container lead inside, for what is read and what is written" {
	odd_image links '{}' "abs=link:$OUTSIDE" "absfile=link:$OUTSIDE/file" "up=link:../../../../../../../..$OUTSIDE" 'p=link:/proc/1/root' 'd/in=link:/data'
	cpod create --name c --network none links true >/dev/null
	cpod run -d --name r --network none links sleep 1000 >/dev/null
	echo new > "$T/new"
	mkdir -p "$T/tree/abs" "$T/tree/up/dir"
	echo x > "$T/tree/abs/file"
	echo x > "$T/tree/up/dir/x"
	for name in c r; do
		for path in abs/file absfile up/file abs/../file; do
			run cpod cp "$name:/$path" "$T/got"
			[ "$status" = 125 ] && [ ! -e "$T/got" ]
		done
		for path in abs absfile up abs/dir/x p/x; do
			outside_same run cpod cp "$T/new" "$name:/$path"
		done
		outside_same run cpod cp "$T/tree/." "$name:/"
		outside_same run cpod cp --overwrite "$T/tree/." "$name:/"
		# a link that leads to a directory of its own is one
		cpod cp "$T/new" "$name:/d/in/x"
		cpod cp "$name:/data/x" - | tar xO x | grep -qx new
	done
	[ ! -e "$T/got" ]
}

@test "T-CP-01: a container that exchanges a directory and a link to the host's while files go in and out" {
	cpod run -d --name c --network none probe sh -c "mkdir -p /a/dir; echo own >/a/file; echo own >/a/dir/x; ln -s $OUTSIDE /b; exec probe swap /a /b" >/dev/null
	mkdir -p "$T/in/dir"
	echo in > "$T/in/file"
	echo in > "$T/in/dir/x"
	racing()
	{
		local n
		for ((n = 0; n < ROUNDS * 5; n++)); do
			cpod cp c:/a "$T/out$n" 2>/dev/null || true
			cpod cp c:/a/file "$T/file$n" 2>/dev/null || true
			cpod cp "$T/in/." c:/a 2>/dev/null || true
			cpod cp "$T/in/file" c:/a/file 2>/dev/null || true
			tar -C "$T/in" -c . | cpod cp - c:/a 2>/dev/null || true
		done
	}
	outside_same racing
	run grep -rl canary "$T"
	[ "$status" = 1 ]
	# the control: something did come
	[ -n "$(find "$T" -maxdepth 1 -name 'file*' -size +0)" ]
}

@test "T-CP-01: a directory of a container that becomes a link while it is copied out" {
	cpod run -d --name c --network none probe sh -c "mkdir -p /top/a /top/z; for i in \$(seq 500); do echo own >/top/a/\$i; echo own >/top/z/\$i; done; ln -s $OUTSIDE /top/b; exec probe swap /top/z /top/b" >/dev/null
	eventually cpod exec c test -L /top/b -o -L /top/z
	for ((n = 0; n < ROUNDS; n++)); do
		cpod cp c:/top "$T/out$n" 2>/dev/null || true
	done
	run grep -rl canary "$T"
	[ "$status" = 1 ]
	# links came as links, and nothing was written through those that are there
	run find "$T" -path '*/dir/x' -newer "$OUTSIDE/file"
	output_is ''
}

@test "archives on standard input stay in the container: names, links, hard links" {
	cpod create --name c --network none probe true >/dev/null
	python3 - "$OUTSIDE" > "$T/bad.tar" <<-'END'
	import io, sys, tarfile
	outside = sys.argv[1]
	t = tarfile.open(fileobj=sys.stdout.buffer, mode='w|')
	def add(name, kind=tarfile.REGTYPE, link='', text=b'bad'):
	    i = tarfile.TarInfo(name)
	    i.type, i.linkname = kind, link
	    i.size = len(text) if kind == tarfile.REGTYPE else 0
	    t.addfile(i, io.BytesIO(text) if i.size else None)
	add('../../../../../../..' + outside + '/dotted')
	add(outside + '/absolute')
	add('l', tarfile.SYMTYPE, outside)
	add('l/through')
	add('m', tarfile.SYMTYPE, '../../../../../..' + outside)
	add('m/through')
	add('n', tarfile.SYMTYPE, outside + '/file')
	add('n')
	t.close()
	END
	outside_same run cpod cp - c:/tmp < "$T/bad.tar"
	python3 - "$OUTSIDE" > "$T/hard.tar" <<-'END'
	import sys, tarfile
	t = tarfile.open(fileobj=sys.stdout.buffer, mode='w|')
	i = tarfile.TarInfo('hard')
	i.type, i.linkname = tarfile.LNKTYPE, '../../../../../..' + sys.argv[1] + '/file'
	t.addfile(i)
	t.close()
	END
	outside_same run cpod cp - c:/tmp < "$T/hard.tar"
	[ "$status" = 125 ]
}

@test "what comes to the host has no set-uid bits, no devices, and is the caller's" {
	cpod run --name c --network none probe sh -c 'mkdir /d; echo x >/d/s; chown 5:6 /d/s; chmod 6755 /d/s; mknod /d/null c 1 3 2>/dev/null; mknod /d/p p' >/dev/null
	run cpod cp c:/d/s "$T/s"
	[ "$(stat -c '%a %u:%g' "$T/s")" = "755 0:0" ]
	cpod run --name p --privileged --network none probe sh -c 'mkdir /d; mknod /d/zero c 1 5' >/dev/null
	run cpod cp p:/d "$T/d"
	[ "$status" = 125 ] && [ ! -e "$T/d/zero" ]
	output_has "is a device: it is not copied to the host"
	# an archive has all of it
	[[ $(cpod cp c:/d - | tar tvf - d/s) == -rwsr-sr-x\ 5/6* ]]
}

@test "one end full or gone: a sentence, and no end of the other is left waiting" {
	cpod run --name c --network none probe sh -c 'dd if=/dev/zero of=/big bs=1M count=64 2>/dev/null'
	mkdir "$T/small"
	mount -t tmpfs -o size=1m none "$T/small"
	run timeout 30 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" cp c:/big "$T/small/big"
	umount "$T/small"
	[ "$status" = 125 ]
	output_has "no space left on device"
	run timeout 30 bash -c "'$CPOD' --root '$STORE/root' --runroot '$STORE/run' cp c:/big - | head -c 10 | wc -c"
	[ "$status" = 0 ]
	output_has 10
}

@test "what a container has read-only is not written to, running or not" {
	cpod create --name c --network none -v "$OUTSIDE:/ro:ro" probe sleep 1000 >/dev/null
	echo new > "$T/new"
	outside_same run cpod cp "$T/new" c:/ro/file
	[ "$status" = 125 ]
	output_has "'/ro' of container c is mounted read-only"
	cpod start c >/dev/null
	outside_same run cpod cp "$T/new" c:/ro/file
	[ "$status" = 125 ]
	output_has 'read-only file system'
	run cpod cp c:/ro/file -
	[ "$status" = 0 ]
	cpod stop -t 0 c >/dev/null
	cpod cp c:/ro/file "$T/read"
	[ "$(cat "$T/read")" = canary ]
}

@test "files of the engine's own are written where they are mounted, /dev and /proc as the container has them" {
	cpod run -d --name c --network none probe sleep 1000 >/dev/null
	echo '1.2.3.4 me' > "$T/hosts"
	cpod cp "$T/hosts" c:/etc/hosts
	run cpod exec c cat /etc/hosts
	output_is '1.2.3.4 me'
	cpod cp c:/proc/1/comm "$T/comm" || true
	run cpod cp c:/dev/null "$T/null"
	[ "$status" = 125 ]
	output_has 'is neither a file nor a directory'
}

# Some of the shapes; SHAPES=all takes every one. TREES=here keeps what becomes of those that Podman makes something else of.
@test "T-EX-01 a hostile archive through volume import and cp: nothing outside changes, it becomes the tree it should or ends with a sentence" {
	local least=60
	[ "${SHAPES-}" != all ] || least=1000
	LC_ALL=C run python3 "$BATS_TEST_DIRNAME/../rigs/tree_shapes.py" "${TREES:-check}" "$T" "$BATS_TEST_DIRNAME/../compat/trees.recorded" \
		"$CPOD" --root "$STORE/root" --runroot "$STORE/run"
	echo "$output"
	[ "$status" = 0 ]
	[[ ${lines[-1]} =~ ^([0-9]+)\ archives,\ 0\ faults$ ]]
	[ "${BASH_REMATCH[1]}" -ge $least ]
}
