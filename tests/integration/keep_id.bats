#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# keep_id.bats - --userns keep-id, as an ordinary user and as root; and the lines of /etc/passwd for users without a name.
load both

setup_file()
{
	both_make
	export UID_THERE GID_THERE
	UID_THERE=$(id -u "$TEST_USER") GID_THERE=$(id -g "$TEST_USER")
	odd_layers "$STORE/odd.tar"
	cp "$STORE/odd.tar" "$TEST_HOME/"
	as_user cpod load -q -i "$TEST_HOME/odd.tar"
	cpod load -q -i "$STORE/odd.tar"
}

teardown_file() { both_remove; }
teardown() { both_clear; }

keep() { as_user cpod run --rm --network none --userns keep-id "$@"; }

# Two layers: owners of all kinds, hard links, set-uid bits, capabilities, times; a whiteout and an opaque directory.
odd_layers() # FILE
{
	python3 - "$STORE/fs/bin/busybox" "$1" <<-'END'
	import hashlib, io, json, sys, tarfile
	busybox, out = sys.argv[1:]
	def layer(entries):
	    data = io.BytesIO()
	    with tarfile.open(fileobj=data, mode='w', format=tarfile.PAX_FORMAT) as t:
	        for name, kind, mode, uid, gid, more in entries:
	            i = tarfile.TarInfo(name)
	            i.type, i.mode, i.uid, i.gid, i.mtime = kind, mode, uid, gid, 1500000000
	            text = more if kind == tarfile.REGTYPE else b''
	            if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
	                i.linkname = more
	            if name == 'bin/busybox.cap':
	                i.pax_headers = {'SCHILY.xattr.security.capability': bytes([1, 0, 0, 2, 0, 4, 0, 0] + [0] * 12).decode('latin1')}
	            i.size = len(text)
	            t.addfile(i, io.BytesIO(text))
	    return data.getvalue()
	D, F, S, L = tarfile.DIRTYPE, tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE
	program = open(busybox, 'rb').read()
	below = [('bin', D, 0o755, 0, 0, b''), ('bin/busybox', F, 0o755, 0, 0, program), ('bin/busybox.cap', F, 0o755, 0, 0, program)]
	below += [(f'bin/{n}', S, 0o777, 0, 0, 'busybox') for n in 'sh cat id ls true find stat sort touch whoami mkdir sleep grep'.split()]
	below += [('etc', D, 0o755, 0, 0, b''), ('etc/passwd', F, 0o644, 0, 0, b'root:x:0:0:root:/root:/bin/sh'), ('etc/group', F, 0o644, 0, 0, b'root:x:0:\n'),
	    ('own', D, 0o2750, 7, 8, b''), ('own/a', F, 0o4711, 1000, 1000, b'a'), ('own/b', L, 0o4711, 1000, 1000, 'own/a'), ('own/far', F, 0o600, 30000, 65535, b'far'),
	    ('own/link', S, 0o777, 33, 34, '/nowhere'), ('own/pipe', tarfile.FIFOTYPE, 0o622, 9, 9, b''), ('gone', F, 0o644, 1, 1, b'x'),
	    ('covered', D, 0o755, 2, 2, b''), ('covered/old', F, 0o644, 2, 2, b'old'), ('tmp', D, 0o1777, 0, 0, b'')]
	above = [('.wh.gone', F, 0o644, 0, 0, b''), ('covered', D, 0o700, 3, 3, b''), ('covered/.wh..wh..opq', F, 0o644, 0, 0, b''), ('covered/new', F, 0o640, 3, 4, b'new')]
	layers = [layer(below), layer(above)]
	config = json.dumps({'architecture': 'amd64', 'os': 'linux', 'config': {'Cmd': ['sh'], 'Env': ['PATH=/bin']},
	    'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(l).hexdigest() for l in layers]}}).encode()
	name = hashlib.sha256(config).hexdigest() + '.json'
	manifest = json.dumps([{'Config': name, 'RepoTags': ['localhost/odd:latest'], 'Layers': ['1.tar', '2.tar']}]).encode()
	with tarfile.open(out, 'w') as t:
	    for n, data in ((name, config), ('1.tar', layers[0]), ('2.tar', layers[1]), ('manifest.json', manifest)):
	        i = tarfile.TarInfo(n)
	        i.size = len(data)
	        t.addfile(i, io.BytesIO(data))
	END
}

# All of the image's own files as a process in the container sees them.
LISTING='find /bin /own /covered /tmp -exec stat -c "%n %f %u:%g %h %s %Y %N" {} + | sort; echo /gon*'

@test "the caller has the same ids, and the image's root is root" {
	run keep busy sh -c 'id -u; id -g; stat -c %u:%g / /etc /bin/busybox /etc/hosts /run/.containerenv'
	[ "${lines[0]}" = "$UID_THERE" ] && [ "${lines[1]}" = "$GID_THERE" ]
	[ "$(printf '%s\n' "${lines[@]:2}" | sort -u)" = 0:0 ]
	run keep busy cat /proc/self/uid_map
	[ "$(tr -s ' ' <<<"${lines[0]}")" = " 0 1 $UID_THERE" ] && [ "$(tr -s ' ' <<<"${lines[1]}")" = " $UID_THERE 0 1" ]
	run keep busy sed -n 's/^Cap[EP][fr][fm]:\t//p' /proc/self/status
	output_is $'0000000000000000\n0000000000000000'
}

@test "what the container makes on a mount of the host belongs to the caller there" {
	as_user mkdir -p "$TEST_HOME/mine"
	keep -v "$TEST_HOME/mine:/w" busy sh -c 'echo x > /w/file; mkdir /w/dir'
	[ "$(stat -c %u:%g "$TEST_HOME/mine/file" "$TEST_HOME/mine/dir" | sort -u)" = "$UID_THERE:$GID_THERE" ]
	keep -v vol:/v busy sh -c 'touch /v/mine && [ $(stat -c %u /v/mine) = $(id -u) ]'
}

@test "owners, modes, links, times, whiteouts: seen as without a user namespace" {
	local plain kept
	plain=$(as_user cpod run --rm --network none odd sh -c "$LISTING")
	kept=$(keep -u 0 odd sh -c "$LISTING")
	[ "$(wc -l <<<"$plain")" -gt 20 ]
	diff <(echo "$plain") <(echo "$kept")
	[[ $plain == *'/own/far 8180 30000:65535'* && $plain != *covered/old* ]]
}

@test "a capability of a file holds inside" {
	# 0400: cap_net_bind_service
	run keep odd /bin/busybox.cap grep CapEff /proc/self/status
	[[ $output = *0000000000000400* ]]
}

@test "uid=, gid= and size=; words that make no sense" {
	run keep busy true
	[ "$status" = 0 ]
	run as_user cpod run --rm --network none --userns keep-id:uid=200,gid=210 busy sh -c 'id -u; id -g; cat /proc/self/gid_map'
	[ "${lines[0]}" = 200 ] && [ "${lines[1]}" = 210 ] && [ "$(tr -s ' ' <<<"${lines[2]}")" = ' 0 1 210' ]
	run as_user cpod run --rm --network none --userns keep-id:uid=70000 busy cat /proc/self/uid_map
	[ "$(tr -s ' ' <<<"${lines[1]}")" = ' 70000 0 1' ]
	run as_user cpod run --rm --network none --userns keep-id:size=2000 odd true
	[ "$status" = 125 ] && output_has "'/own/far' belongs to 30000:65535"
	[ -z "$(as_user cpod ps -aq)" ]
	for word in keep-id:foo=1 keep-id:uid keep-id:uid=x keep-id:uid=4294967295 keep-idx bogus; do
		run as_user cpod run --rm --network none --userns "$word" busy true
		[ "$status" = 125 ] || { echo "$word: $output"; return 1; }
	done
}

@test "the layers are copied once; the copies go with their image" {
	local copies
	copies() { find "$TEST_HOME/.local/share/containers/cpod/layers" -mindepth 2 -maxdepth 2 -name 'diff-*' -printf '%p %i\n' | sort; }
	keep odd true
	local before
	before=$(copies)
	[ -n "$before" ]
	keep odd true
	[ "$(copies)" = "$before" ]
	as_user cpod tag odd again
	as_user cpod rmi odd >/dev/null
	[ "$(copies)" = "$before" ]
	as_user cpod rmi again >/dev/null
	[ "$(copies | wc -l)" -lt "$(wc -l <<<"$before")" ]
	as_user cpod load -q -i "$TEST_HOME/odd.tar"
}

@test "sixteen at once make one copy each layer" {
	local i pids=()
	as_user cpod rmi -f odd >/dev/null && as_user cpod load -q -i "$TEST_HOME/odd.tar"
	for ((i = 0; i < 16; i++)); do
		keep odd id -u > "$BATS_TEST_TMPDIR/$i" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i"; done
	[ "$(cat "$BATS_TEST_TMPDIR"/* | sort | uniq -c | tr -s ' ')" = " 16 $UID_THERE" ]
	[ -z "$(ls -A "$TEST_HOME/.local/share/containers/cpod/staging")" ]
}

@test "a life: exec as several users, stop, start, terminal, diff, inspect" {
	as_user cpod run -d --name k --network none --userns keep-id busy sleep 1000 >/dev/null
	run as_user cpod exec k id -u
	output_is "$UID_THERE"
	run as_user cpod exec -u 0 k sh -c 'id -u; touch /root-made; stat -c %u:%g /root-made'
	output_is $'0\n0:0'
	run as_user cpod exec -u 0 k sed -n 's/^CapEff:\t//p' /proc/self/status
	[ "$output" != 0000000000000000 ]
	run as_user cpod inspect k --format '{{.HostConfig.UsernsMode}} {{.Config.User}} {{len .HostConfig.IDMappings.UidMap}}'
	output_is "private $UID_THERE:$GID_THERE 3"
	run as_user cpod diff k
	output_has 'A /root-made'
	as_user cpod stop -t 0 k >/dev/null
	as_user cpod start k >/dev/null
	run as_user cpod exec k cat /root-made
	[ "$status" = 0 ]
	run as_user cpod exec k sh -c 'grep -c "^'"$TEST_USER"':" /etc/passwd'
	output_is 1
	as_user cpod rm -f -t 0 k >/dev/null
	[ -z "$(ls -A "$TEST_HOME/.local/share/containers/cpod/containers")" ]
}

@test "the name: whoami, home, -u, templates, none when not wanted" {
	run keep odd sh -c 'whoami; echo $HOME; cat /etc/group'
	output_is "$TEST_USER"$'\n/\nroot:x:0:\n'"$(id -gn "$TEST_USER"):x:$GID_THERE:$TEST_USER" || [ "${lines[0]}" = "$TEST_USER" ]
	run keep -u 0 odd whoami
	output_is root
	run keep --passwd=false odd whoami
	[ "$status" != 0 ]
	run keep --passwd-entry '$USERNAME:b:$UID:$GID:$NAME:$HOME:x$$' odd grep "^$TEST_USER" /etc/passwd
	output_is "$TEST_USER:b:$UID_THERE:$GID_THERE::/:x\$\$"
	run keep --read-only odd whoami
	output_is "$TEST_USER"
}

@test "as root: a number gets a line of passwd and group; the image's directory as home" {
	run cpod run --rm --network none -u 4242:4343 -w /tmp odd sh -c 'id; cat /etc/passwd /etc/group; echo $HOME'
	output_is $'uid=4242(4242) gid=4343(4343) groups=4343(4343)\nroot:x:0:0:root:/root:/bin/sh\n4242:*:4242:4343:container user:/tmp:/bin/sh\nroot:x:0:\n4343:x:4343:4242\n/tmp'
	run cpod run --rm --network none -u 4242 --passwd=false odd whoami
	[ "$status" != 0 ]
	run cpod run --rm --network none -u 4242 --group-entry 'x:$GID:$USERLIST' --passwd-entry $'a\nevil:x:0:0' odd true
	[ "$status" = 125 ]
	# nothing is written to a directory of the host
	mkdir -p "$STORE/rootfs" && cp -a "$STORE/fs/." "$STORE/rootfs/"
	cpod run --rm --network none -u 4242 --rootfs "$STORE/rootfs" true
	! grep -q 4242 "$STORE/rootfs/etc/passwd"
	cpod create --name again --network none -u 4242 odd sh -c 'grep -c ^4242: /etc/passwd' >/dev/null
	run cpod start -a again
	output_is 1
	run cpod start -a again
	output_is 1
}

@test "as root: a namespace of its own with the same ids, opaque directories as they are" {
	run cpod run --rm --network none --userns keep-id odd sh -c 'cat /proc/self/uid_map; id -u; ls /covered'
	[ "$(tr -s ' ' <<<"${lines[0]}")" = ' 0 0 4294967295' ] && [ "${lines[1]}" = 0 ] && [ "${lines[2]}" = new ] && [ "${#lines[@]}" = 3 ]
	diff <(cpod run --rm --network none odd sh -c "$LISTING") <(cpod run --rm --network none --userns keep-id odd sh -c "$LISTING")
	run cpod run --rm --network none --userns keep-id:uid=20,gid=30 odd sh -c 'id -u; id -g'
	output_is $'20\n30'
	run cpod run --rm --network none --userns keep-id:size=20 odd true
	[ "$status" = 125 ] && output_has 'cannot set max size'
}
