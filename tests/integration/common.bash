# shellcheck shell=bash
# common.bash - a store of its own for each bats file, and an image made of busybox.
#   load common; setup_file() { store_make; }; teardown_file() { store_remove; }
# CPOD is the program (tests/run sets it), cpod a function that uses the file's own store.

store_make()
{
	STORE=$(mktemp -d "${TMPDIR:-/tmp}/cpod-it.XXXXXX")
	export STORE
	: "${CPOD:=$BATS_TEST_DIRNAME/../../build/src/main/cpod}"
	export CPOD
	image_make "$STORE/image.tar" && cpod load -q -i "$STORE/image.tar"
}

store_remove()
{
	cpod rm -fa -t 0 >/dev/null
	rm -rf "$STORE"
}

cpod() { "$CPOD" --root "$STORE/root" --runroot "$STORE/run" "$@"; }

# A docker-archive of one layer: busybox with its links, two users, a directory everybody may write to.
image_make() # FILE
{
	local fs=$STORE/fs
	mkdir -p "$fs/bin" "$fs/etc" "$fs/tmp" "$fs/data"
	cp "$(command -v busybox)" "$fs/bin/busybox"
	for applet in $("$fs/bin/busybox" --list | grep -vx busybox); do ln -sf busybox "$fs/bin/$applet"; done
	chmod 1777 "$fs/tmp"
	echo from-the-image > "$fs/data/file"
	printf 'root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n' > "$fs/etc/passwd"
	printf 'root:x:0:\nalice:x:1000:\nwheel:x:10:alice\n' > "$fs/etc/group"
	python3 - "$fs" "$1" <<-'END'
	import hashlib, io, json, sys, tarfile
	fs, out = sys.argv[1:]
	def own(t):
	    t.uid = t.gid = 0
	    t.uname = t.gname = 'root'
	    return t
	layer = io.BytesIO()
	with tarfile.open(fileobj=layer, mode='w', format=tarfile.PAX_FORMAT) as t:
	    t.add(fs, arcname='.', filter=own)
	layer = layer.getvalue()
	config = json.dumps({'architecture': 'amd64', 'os': 'linux', 'created': '2026-01-01T00:00:00Z',
	    'config': {'Cmd': ['sh'], 'Env': ['PATH=/bin', 'FROM=image'], 'Labels': {'origin': 'test'}},
	    'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(layer).hexdigest()]},
	    'history': [{'created': '2026-01-01T00:00:00Z', 'created_by': 'tests'}]}).encode()
	name = hashlib.sha256(config).hexdigest() + '.json'
	manifest = json.dumps([{'Config': name, 'RepoTags': ['localhost/busy:latest'], 'Layers': ['layer.tar']}]).encode()
	with tarfile.open(out, 'w') as t:
	    for n, data in ((name, config), ('layer.tar', layer), ('manifest.json', manifest)):
	        i = tarfile.TarInfo(n)
	        i.size = len(data)
	        t.addfile(i, io.BytesIO(data))
	END
}

# Waits until a command succeeds, at most ten seconds.
eventually()
{
	local end=$((SECONDS + 10))
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

empty_dirs() { [ -z "$(find "$@" -mindepth 1 2>/dev/null)" ]; }
output_is() { [ "$output" = "$1" ] || { printf 'expected: %s\ngot:      %s\n' "$1" "$output"; return 1; }; }
output_has() { case $output in *"$1"*) ;; *) printf 'expected in it: %s\ngot: %s\n' "$1" "$output"; return 1 ;; esac; }
