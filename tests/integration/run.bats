#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# run, and what its flags of daily use make of a container; as root, without a network of its own.
load common

setup_file() { store_make; }
teardown_file() { store_remove; }
run_in() { run cpod run --rm --network none "$@"; }

@test "run: output and exit codes as the program's" {
	run_in busy echo hello
	[ "$status" = 0 ] && output_is hello
	run_in busy sh -c 'exit 3'
	[ "$status" = 3 ]
	run_in busy sh -c 'sh -c "kill -9 \$\$"; exit $?'
	[ "$status" = 137 ]
}

@test "run: 127 for a command that is not there, 126 for one that cannot run, 125 for our own refusals" {
	run -127 cpod run --rm --network none busy nosuch
	[ "$status" = 127 ] && output_has 'executable file `nosuch` not found in $PATH'
	run_in busy /etc/passwd
	[ "$status" = 126 ]
	run_in --no-such-flag busy true
	[ "$status" = 125 ] && output_has 'unknown flag: --no-such-flag'
	run_in --pull never nosuchimage true
	[ "$status" = 125 ] && output_has 'image not known'
	[ -z "$(cpod ps -aq)" ]
}

@test "run: standard input, output and error stay apart" {
	run bash -c "echo in | '$CPOD' --root '$STORE/root' --runroot '$STORE/run' run --rm -i --network none busy sh -c 'cat; echo err >&2' 2>'$STORE/err'"
	output_is in
	[ "$(cat "$STORE/err")" = err ]
}

@test "run: a megabyte through both ways arrives whole" {
	head -c 1000000 /dev/urandom > "$STORE/blob"
	cpod run --rm -i --network none busy cat < "$STORE/blob" > "$STORE/blob.out"
	cmp "$STORE/blob" "$STORE/blob.out"
}

@test "run: what waited for a slow reader when the program ended arrives whole" {
	local size
	for size in 60 150 250 300 350 400 500; do
		# the reader begins when the program has ended, or cannot end because every buffer is full
		run bash -c "'$CPOD' --root '$STORE/root' --runroot '$STORE/run' run --rm --network none busy head -c ${size}k /dev/zero | (sleep 0.4; wc -c)"
		output_is $((size * 1024))
	done
}

@test "run: environment of image, flag and file" {
	printf '# comment\nX=file\n' > "$STORE/env"
	run_in -e A=b --env-file "$STORE/env" busy sh -c 'echo $FROM $A $X $container $HOME'
	output_is 'image b file podman /root'
}

@test "run: users by name, number and group" {
	run_in -u alice busy id
	output_is 'uid=1000(alice) gid=1000(alice) groups=10(wheel),1000(alice)'
	run_in -u 1234:5 busy id
	output_is 'uid=1234(1234) gid=5(5) groups=5(5)'
	run_in -u nobody2 busy id
	[ "$status" = 126 ] && output_has 'unable to find user nobody2: no matching entries in passwd file'
}

@test "run: working directory, host name, entrypoint" {
	run_in -w /tmp -h box --entrypoint '["sh","-c"]' busy 'pwd; hostname'
	output_is $'/tmp\nbox'
}

@test "run: capabilities of root, of others, added, dropped, all" {
	run_in busy sed -n 's/^CapEff:\t//p' /proc/self/status
	output_is 00000000800405fb
	run_in --cap-drop all --cap-add net_raw busy sed -n 's/^CapEff:\t//p' /proc/self/status
	output_is 0000000000002000
	run_in -u alice busy sed -n 's/^CapEff:\t//p' /proc/self/status
	output_is 0000000000000000
	run_in --cap-add nosuch busy true
	[ "$status" = 125 ]
}

@test "run: seccomp is on, may be off; no-new-privileges" {
	run_in busy sed -n 's/^Seccomp:\t//p' /proc/self/status
	output_is 2
	run_in --security-opt seccomp=unconfined busy sed -n 's/^Seccomp:\t//p' /proc/self/status
	output_is 0
	run_in --security-opt no-new-privileges busy sed -n 's/^NoNewPrivs:\t//p' /proc/self/status
	output_is 1
}

@test "run: masked and read-only paths of proc" {
	run_in busy sh -c 'exec 2>/dev/null; wc -c < /proc/kcore; echo x > /proc/sys/kernel/hostname || echo refused; ls /sys/firmware | wc -l'
	output_has refused
	[ "${lines[-1]}" = 0 ]
}

@test "run: read-only root with a writable /tmp" {
	run_in --read-only busy sh -c 'touch /x || echo refused; touch /tmp/x && echo fine'
	output_has refused
	output_has fine
}

@test "run: bind mounts, read-only ones, and a source that is not there" {
	mkdir -p "$STORE/src" && echo bound > "$STORE/src/file"
	run_in -v "$STORE/src:/mnt" busy sh -c 'cat /mnt/file; echo new > /mnt/new'
	output_is bound
	[ "$(cat "$STORE/src/new")" = new ]
	run_in -v "$STORE/src:/mnt:ro" busy touch /mnt/y
	[ "$status" != 0 ] && [ ! -e "$STORE/src/y" ]
	run_in -v "$STORE/nosuch:/mnt" busy true
	[ "$status" = 125 ] && output_has "$STORE/nosuch: no such file or directory"
	run_in --mount "type=bind,source=$STORE/src,target=/m,ro" busy cat /m/file
	output_is bound
}

@test "run: a named volume begins with the image's files and keeps what is written" {
	run_in -v vol:/data busy sh -c 'cat /data/file; echo kept > /data/new'
	output_is from-the-image
	run_in -v vol:/data busy cat /data/new
	output_is kept
}

@test "run: tmpfs, shm, limits, sysctl" {
	run_in --tmpfs /t:size=1m busy sh -c 'df -k /t | tail -1 | tr -s " " | cut -d" " -f2'
	output_is 1024
	run_in --shm-size 2m busy sh -c 'df -k /dev/shm | tail -1 | tr -s " " | cut -d" " -f2'
	output_is 2048
	run_in --ulimit nofile=100:200 busy sh -c 'ulimit -Sn; ulimit -Hn'
	output_is $'100\n200'
	run_in --sysctl net.ipv4.ip_forward=1 busy cat /proc/sys/net/ipv4/ip_forward
	output_is 1
}

@test "run: a device asked for is there, others are not" {
	[ -c /dev/fuse ] || skip "this host has no /dev/fuse"
	run_in --device /dev/fuse busy test -c /dev/fuse
	[ "$status" = 0 ]
	run_in busy test -e /dev/fuse
	[ "$status" = 1 ]
}

@test "run: privileged has all capabilities, the host's devices, no filter" {
	run_in --privileged busy sh -c 'sed -n "s/^Seccomp:\t//p" /proc/self/status; test -e /dev/loop-control -o -e /dev/fuse && echo devices'
	output_has 0
}

@test "run: --init is process 1 and reaps" {
	[ -x "${CPOD_LIBEXEC:-/nonexistent}/cpod-init" ] || skip "cpod-init is not beside the program"
	run_in --init busy sh -c 'cat /proc/1/comm; exit 7'
	[ "$status" = 7 ] && output_is podman-init
}

@test "run: the id file is written, never over another, and goes with the container" {
	cpod create --cidfile "$STORE/cid" --network none --name cid busy true >/dev/null
	[ "$(cat "$STORE/cid")" = "$(cpod inspect cid --format '{{.Id}}')" ]
	run_in --cidfile "$STORE/cid" busy true
	[ "$status" = 125 ] && output_has 'container id file exists'
	cpod rm cid >/dev/null
	[ ! -e "$STORE/cid" ]
}

@test "run: what is not done is refused with a sentence" {
	run_in --userns keep-id busy true
	[ "$status" = 125 ] && output_has 'not done'
	run_in --pod p busy true
	[ "$status" = 125 ]
	[ -z "$(cpod ps -aq)" ]
}

@test "run: a name in use" {
	cpod create --network none --name taken busy true
	run cpod run --network none --name taken busy true
	[ "$status" = 125 ] && output_has 'the container name "taken" is already in use by'
	run cpod run --rm --network none --name taken --replace busy echo replaced
	output_is replaced
}

@test "run: a terminal inside when asked for" {
	run bash -c "script -qec \"'$CPOD' --root '$STORE/root' --runroot '$STORE/run' run --rm -it --network none busy sh -c 'test -t 0 && test -t 1 && tty'\" /dev/null < /dev/null | tr -d '\r'"
	output_has /dev/pts/0
}

@test "run: sixteen at once" {
	for i in $(seq 16); do cpod run --rm --network none busy sh -c "exit $i" & pids[i]=$!; done
	for i in $(seq 16); do
		code=0
		wait "${pids[i]}" || code=$?
		[ "$code" = "$i" ]
	done
	[ -z "$(cpod ps -aq)" ]
}

@test "run: nothing stays behind" {
	run_in busy true
	# the command does not wait for what its monitor still takes away
	eventually empty_dirs "$STORE"/root/{trash,staging,containers} "$STORE/run/containers"
	! grep -q "$STORE" /proc/self/mounts
}

@test "root: the bridge, its addresses, published ports and their conflicts" {
	run unshare -n true
	[ "$status" = 0 ] || skip "no network namespaces here"
	run unshare -n bash -c "
		ip link set lo up
		cpod() { '$CPOD' --root '$STORE/root' --runroot '$STORE/run' \"\$@\"; }
		cpod run -d --name web -p 18080:80 busy sh -c 'echo served > /tmp/index.html; httpd -f -p 80 -h /tmp' >/dev/null
		for i in \$(seq 100); do curl -s -m 2 http://127.0.0.1:18080 && break; sleep 0.05; done
		cpod run --rm -p 18080:80 busy true; echo code \$?
		cpod run --rm busy ip -4 -o addr show eth0
		cpod rm -f -t 0 web >/dev/null
		nft list map inet cpod ports_tcp | grep -c elements"
	output_has served
	output_has 'code 126'
	output_has 'inet 10.88.0.'
	[ "${lines[-1]}" = 0 ]
}

@test "run, exec: descriptors of the caller under the same numbers, and no other" {
	run_in --preserve-fds 2 busy sh -c 'cat <&3; cat <&4' 3<<< three 4<<< four
	output_is $'three\nfour'
	run_in --preserve-fd 6,4 --preserve-fd 5 busy sh -c "cat <&6; cat <&4; cat <&5; ls -l /proc/self/fd 2>/dev/null | grep -c pipe" 4<<< four 5<<< five 6<<< six 7<<< seven
	output_is $'six\nfour\nfive\n4'
	run_in busy sh -c 'ls -l /proc/self/fd 2>/dev/null | grep -c pipe' 3<<< three 4<<< four
	output_is 1
	cpod run -d --name c --network none busy sleep 100 3>&-
	run cpod exec --preserve-fds 1 c sh -c 'cat <&3' 3<<< three
	output_is three
	run cpod exec --preserve-fd 7 c sh -c 'cat <&7' 7<<< seven
	output_is seven
	cpod rm -f -t 0 c
}

@test "run, exec: a descriptor that is not open, or one of the streams, is refused before anything is made" {
	run -125 cpod run --name c --network none --preserve-fds 5 busy true 3<<< three 4>&- 5>&-
	output_has 'file descriptor 4 is not available'
	run -125 cpod run --name c --network none --preserve-fd 9 busy true 9>&-
	output_has 'file descriptor 9 is not available'
	run -126 cpod run --name c --network none --preserve-fd 1 busy true
	output_has 'cannot preserve FD 1'
	run -125 cpod run --name c --network none --preserve-fds 1 --preserve-fd 4 busy true 3<<< x 4<<< x
	output_has 'cannot specify both'
	[ -z "$(cpod ps -aq)" ]
}

@test "run: what the caller has open is held by the program that gets it, not by the monitor" {
	run timeout 5 bash -c "'$CPOD' --root '$STORE/root' --runroot '$STORE/run' run -d --name c --network none busy sleep 100 3>&1 > /dev/null | cat"
	[ "$status" = 0 ]
	run timeout 5 bash -c "'$CPOD' --root '$STORE/root' --runroot '$STORE/run' exec -d c sleep 100 3>&1 > /dev/null | cat"
	[ "$status" = 0 ]
	cpod rm -f -t 0 c
	run timeout 20 bash -c "'$CPOD' --root '$STORE/root' --runroot '$STORE/run' run -d --rm --preserve-fds 1 --network none busy sh -c 'sleep 0.5; echo late >&3' 3>&1 > /dev/null | cat"
	output_is late
}

@test "run: --tz is a zone of the host, or local, and what is none is refused" {
	local zone=/usr/share/zoneinfo/Asia/Tokyo
	[ -e "$zone" ] || skip "no time zones here (package tzdata)"
	run_in --tz Asia/Tokyo busy sh -c 'date +%Z; sha256sum < /etc/localtime'
	output_is $'JST\n'"$(sha256sum < "$zone")"
	cpod run -d --name c --network none --tz Asia/Tokyo busy sleep 100
	[ "$(cpod inspect c --format '{{.Config.Timezone}}')" = Asia/Tokyo ]
	cpod restart -t 0 c
	[ "$(cpod exec c date +%Z)" = JST ]
	cpod rm -f -t 0 c
	if [ -e /etc/localtime ]; then
		run_in --tz local busy sh -c 'sha256sum < /etc/localtime'
		output_is "$(sha256sum < /etc/localtime)"
	fi
	echo own > "$STORE/zone"
	run_in --tz Asia/Tokyo -v "$STORE/zone:/etc/localtime" busy cat /etc/localtime
	output_is own
	for word in Nosuch/City ../../../etc/passwd /etc/passwd Asia zone.tab Local; do
		run_in --name c --tz "$word" busy true
		[ "$status" = 125 ] && output_has 'finding timezone'
	done
	[ -z "$(cpod ps -aq)" ]
}

@test "run: --tz takes the place of a link in the root, and leaves alone what it leads to and what the user mounts" {
	[ -e /usr/share/zoneinfo/Asia/Tokyo ] || skip "no time zones here (package tzdata)"
	local root=$STORE/linked etc=$STORE/own-etc target
	for target in /usr/share/zoneinfo/UTC ../no/such/file ../../../outside localtime; do
		rm -rf "$root"
		cp -a "$STORE/fs" "$root"
		mkdir -p "$root/usr/share/zoneinfo"
		echo zone > "$root/usr/share/zoneinfo/UTC"
		ln -s "$target" "$root/etc/localtime"
		run cpod run --rm --network none --tz Asia/Tokyo --rootfs "$root" /bin/sh -c 'date +%Z; cat /usr/share/zoneinfo/UTC'
		output_is $'JST\nzone'
		[ ! -e "$root/outside" ] && [ ! -e "$root/no" ]
	done
	cp -a "$STORE/fs/etc" "$etc"
	ln -s /tmp/elsewhere "$etc/localtime"
	run cpod run --rm --network none --tz Asia/Tokyo -v "$etc:/etc" busy date +%Z
	output_is JST
	[ "$(readlink "$etc/localtime")" = /tmp/elsewhere ]
}

@test "run: --volumes-from keeps what is read-only so, whatever label is asked for" {
	mkdir -p "$STORE/shared"
	echo here > "$STORE/shared/f"
	cpod create --name a --network none -v "$STORE/shared:/b:ro" -v data:/v busy true
	run_in --volumes-from a:z busy sh -c 'cat /b/f; touch /b/g 2>/dev/null || echo refused; touch /v/g && echo written'
	output_is $'here\nrefused\nwritten'
	run_in --volumes-from a:ro busy touch /v/h
	[ "$status" = 1 ]
	run_in --volumes-from a:rw busy touch /b/g
	[ "$status" = 0 ] && [ -e "$STORE/shared/g" ]
	cpod create --name b --network none --volumes-from a busy true
	run_in --volumes-from b:ro busy cat /b/f
	output_is here
	cpod rm a b
	cpod volume rm data
}

@test "run: an anonymous volume of --volumes-from goes with the last container that has it" {
	local before
	before=$(cpod volume ls -q | wc -l)
	cpod run -d --rm --name giver --network none -v /anon busy sh -c 'echo kept > /anon/f; sleep 100'
	eventually cpod exec giver test -s /anon/f
	cpod run -d --rm --name taker --network none --volumes-from giver busy sleep 100
	cpod stop -t 0 giver
	eventually sh -c "! '$CPOD' --root '$STORE/root' --runroot '$STORE/run' container exists giver"
	run cpod exec taker cat /anon/f
	output_is kept
	[ "$(cpod volume ls -q | wc -l)" = $((before + 1)) ]
	cpod rm -f -t 0 -v taker
	[ "$(cpod volume ls -q | wc -l)" = "$before" ]
}
