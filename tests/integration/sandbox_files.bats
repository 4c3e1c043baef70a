#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# sandbox_files.bats - files and mounts that a hostile image or volume offers while a container is prepared. As root.
load sandbox

setup_file() { sandbox_make; }
setup()
{
	local program=("$CPOD" --root "$STORE/root" --runroot "$STORE/run")
	RUN=("${program[@]}" run --rm --network none)
	EXEC=("${program[@]}" exec)
}
teardown_file() { store_remove; }
teardown() { cpod rm -fa -t 0 >/dev/null; }

# Runs a command with descriptors 3 to 30 on the directory outside. Not by redirections: bash keeps some of its own in the same place.
leaking()
{
	python3 -c 'import os, sys
outside = os.open(sys.argv[1], os.O_RDONLY)
for fd in range(3, 31):
    if fd != outside:
        os.dup2(outside, fd)
os.set_inheritable(outside, True)
os.execvp(sys.argv[2], sys.argv[2:])' "$OUTSIDE" "$@"
}

# Four ways out of a root: absolute, ..-laden, by way of another link, through proc.
ways_out() { printf '%s\n' "$OUTSIDE/$1" "../../../../../../../../../..$OUTSIDE/$1" "/way/$1" "/proc/1/root$OUTSIDE/$1" "/proc/self/cwd/$1"; }

@test "T-RT-01: a descriptor on the host's directories that the caller left open is no way out, for run and exec" {
	local fd
	# the control: the caller does have them
	run leaking cat /proc/self/fd/17/file
	output_is canary
	cpod run -d --name main --network none probe sleep 1000 >/dev/null
	run leaking "${RUN[@]}" probe probe fds
	output_is ''
	run leaking "${EXEC[@]}" main probe fds
	output_is ''
	for fd in {0..30}; do
		run leaking "${RUN[@]}" -w /proc/self/fd/$fd probe sh -c 'pwd; cat file ../file ../../outside/file'
		[[ $output != *canary* ]] || { echo "$fd: $output"; return 1; }
		run leaking "${EXEC[@]}" -w /proc/self/fd/$fd main sh -c 'pwd; cat file ../file ../../outside/file'
		[[ $output != *canary* ]] || { echo "exec $fd: $output"; return 1; }
	done
	odd_image workdir '{"WorkingDir": "/proc/self/fd/7"}'
	run leaking "${RUN[@]}" workdir cat file
	[[ $output != *canary* ]] && [ "$status" != 0 ]
	# a link of the image to such a descriptor
	odd_image workdir '{"WorkingDir": "/w"}' w=link:/proc/self/fd/7
	run leaking "${RUN[@]}" workdir cat file
	[[ $output != *canary* ]] && [ "$status" != 0 ]
}

@test "T-RT-02: whatever the image or a volume has at /dev/null, masks hold" {
	local before row path
	before=$(cat /proc/sys/kernel/core_pattern)
	for row in link:/proc/sys/kernel/core_pattern fifo: text:x dir:755 char:1,1 "link:$OUTSIDE/file"; do
		odd_image null '{}' dev=dir:755 "dev/null=$row"
		outside_same run_in null sh -c 'test -c /dev/null && stat -c "%t:%T" /dev/null; cat /proc/keys; cat /proc/timer_list; [ ! -e /proc/kcore ] || head -c 9 /proc/kcore; [ ! -d /proc/acpi ] || ls /proc/acpi'
		output_is 1:3 || { echo "$row: $output"; return 1; }
	done
	mkdir -p "$STORE/vol"
	ln -sfn /proc/sys/kernel/core_pattern "$STORE/vol/null"
	echo plain > "$STORE/vol/plain"
	for row in null plain; do
		run_in -v "$STORE/vol/$row:/dev/null" busy sh -c 'cat /proc/kcore | head -c 10; cat /proc/keys /proc/timer_list'
		[ -z "$output" ] || [ "$status" != 0 ]
	done
	run_in -v "$STORE/vol:/dev" busy sh -c 'cat /proc/keys'
	[ -z "$output" ] || [ "$status" != 0 ]
	# each masked and read-only path, written to
	run_in busy sh -c 'for p in /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list /proc/sched_debug /proc/interrupts /proc/sys/kernel/core_pattern /proc/sysrq-trigger \
		/proc/irq/default_smp_affinity /sys/firmware/x /proc/acpi/x /proc/scsi/x /proc/bus/x /proc/fs/x /sys/kernel/x; do
			[ "$p" = /proc/kcore ] || [ -e "$p" ] || [ -d "${p%/*}" ] || continue
			( echo evil > "$p" ) 2>/dev/null && case $p in /proc/kcore | /proc/keys | /proc/latency_stats | /proc/timer_list | /proc/sched_debug | /proc/interrupts) ;; *) echo "wrote $p" ;; esac
		done; echo done'
	output_is "done"
	[ "$(cat /proc/sys/kernel/core_pattern)" = "$before" ]
}

@test "T-RT-04: /proc and what is below it are the kernel's, or the container does not start" {
	local before row
	before=$(cat /proc/sys/kernel/core_pattern /proc/sys/kernel/panic /proc/sys/vm/overcommit_memory)
	mkdir -p "$STORE/proc/self/attr" "$STORE/proc/sys/kernel"
	echo fake > "$STORE/proc/self/attr/exec"
	for row in proc=link:/x "proc=link:$OUTSIDE/dir" proc=link:../../../../../../tmp proc=text:x proc=fifo: proc=link:/sys sys=link:/proc sys=link:/x sys=text:x; do
		odd_image proc '{}' x=dir:755 "$row"
		outside_same run_in proc sh -c 'stat -f -c %T /proc /sys'
		[ "$status" != 0 ] && [ "$status" != 124 ] || [[ $output = proc* ]] || { echo "$row: $output"; return 1; }
	done
	for row in /proc /proc/self /proc/self/attr /proc/self/attr/exec /proc/sys /proc/sys/kernel /proc/1 //proc/./self/../self/attr; do
		run_in -v "$STORE/proc:$row" busy true
		[ "$status" != 0 ] || { echo "-v $row: started"; return 1; }
		run_in --tmpfs "$row" busy true
		[ "$status" != 0 ] || { echo "--tmpfs $row: started"; return 1; }
	done
	# a link of the image that leads there
	odd_image proc '{}' p=link:/proc q=link:/proc/self/attr
	for row in /p /q /p/self/attr; do
		run_in -v "$STORE/proc:$row" proc true
		[ "$status" != 0 ] || { echo "-v $row: started"; return 1; }
	done
	[ "$(cat /proc/sys/kernel/core_pattern /proc/sys/kernel/panic /proc/sys/vm/overcommit_memory)" = "$before" ]
}

@test "T-RT-05: directories under which the runtime makes things may be links out; nothing is made there" {
	local at target
	for at in dev dev/pts dev/shm dev/mqueue dev/fd dev/console sys proc run tmp etc; do
		while read -r target; do
			odd_image linked '{}' "way=link:$OUTSIDE" "$at=gone:" 2>/dev/null || true
			odd_image linked '{}' "way=link:$OUTSIDE" "$at=link:$target"
			outside_same run_in linked sh -c 'echo ran; cat /way/file' || { echo "/$at -> $target: $output"; return 1; }
			[[ $output != *canary* ]]
			[ "$status" != 124 ]
		done < <(ways_out dir | head -n 3)
	done
	# the control: outside is reached when it is given
	run_in -v "$OUTSIDE:$OUTSIDE" busy cat "$OUTSIDE/file"
	output_is canary
}

@test "T-RT-08: the working directory of an image, by way of links, is made inside" {
	local target
	while read -r target; do
		odd_image work '{"WorkingDir": "/w/made/here"}' "way=link:$OUTSIDE" "w=link:$target"
		outside_same run_in work sh -c 'pwd -P; cat /w/file; touch x'
		[[ $output != *canary* ]]
		outside_same run_in -u alice -w "/w/by-flag" work true
		outside_same run_in -v vol:/w/mounted --tmpfs /w/t work true
	done < <(ways_out dir)
	odd_image work '{"WorkingDir": "/a/b"}' a=link:/c c=link:/a
	run_in work true
	[ "$status" != 0 ] && [ "$status" != 124 ]
	odd_image work '{"WorkingDir": "/a/b"}' a=link:inside
	run_in work pwd -P
	output_is /inside/b
	odd_image work '{"WorkingDir": "/../../../../a/./b/../c"}'
	run_in work pwd -P
	output_is /a/c
}

# Each file of etc that the engine fills, as a link out.
@test "T-RT-18: hosts, resolv.conf, hostname, mtab and the rest of an image as links out are not followed" {
	local file target
	for file in etc/hosts etc/resolv.conf etc/hostname etc/mtab run/.containerenv etc/passwd etc/group; do
		while read -r target; do
			odd_image etc '{}' "way=link:$OUTSIDE" "$file=link:$target"
			outside_same run_in --hostname boxname --add-host evil:6.6.6.6 etc cat "/$file" || { echo "$file -> $target"; return 1; }
			[[ $output != *canary* ]] || { echo "$file -> $target: $output"; return 1; }
		done < <(ways_out file | head -n 3)
	done
	if unshare -n true 2>/dev/null; then # with a network resolv.conf is written too
		odd_image etc '{}' "etc/resolv.conf=link:$OUTSIDE/file" "etc/hosts=link:$OUTSIDE/file"
		outside_same run timeout 60 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" run --rm --network host etc cat /etc/resolv.conf
		[[ $output != *canary* ]]
	fi
}

@test "T-RT-18: nothing that is said adds a line of its own to a file of the container" {
	local word flag
	for word in $'a\n6.6.6.6 evil' $'a\r6' $'\n' $'a\tb' $'a\x1b[2J' $'a\x7f'; do
		for flag in "--hostname=$word" "--name=$word" "--add-host=$word:1.2.3.4" "--add-host=x:1.2.3.4$word" "--dns-search=$word" "--dns=$word" "--dns=1.1.1.1$word" "--dns-option=$word"; do
			run_in "$flag" busy cat /etc/hosts
			[ "$status" = 125 ] || { echo "$(printf %q "$flag"): $output"; return 1; }
		done
	done
	run_in '--hostname=a b' busy true
	[ "$status" = 125 ]
	run_in '--add-host=a b:1.2.3.4' busy true
	[ "$status" = 125 ]
	[ -z "$(cpod ps -aq)" ]
	# HOME is a variable and no line of a file
	run_in -e HOME=$'/x\nevil:x:0:0::/:' -u 4242 busy cat /etc/passwd
	[[ $output != *evil* ]]
	odd_image home '{"Env": ["HOME=/x\nevil:x:0:0::/:"], "User": "4242"}' || return 0
	run_in home cat /etc/passwd
	[[ $output != *evil* ]]
	# the control: what is allowed is one line
	run_in --hostname box --add-host one:1.2.3.4 busy cat /etc/hosts
	[ "$(grep -c '^1.2.3.4' <<<"$output")" = 1 ]
}

@test "T-RT-18: a configuration with NULs in its words" {
	local field
	for field in '"User": "0\u0000x"' '"WorkingDir": "/a\u0000b"' '"Env": ["A=b\u0000C=d"]' '"Cmd": ["echo", "a\u0000b"]' '"Entrypoint": ["echo\u0000x"]' \
		'"Labels": {"a\u0000b": "c"}' '"StopSignal": "TERM\u0000KILL"' '"Volumes": {"/a\u0000/b": {}}'; do
		if odd_image nul "{$field}" 2>/dev/null; then
			outside_same run_in nul
			[ "$status" != 0 ] || { echo "$field: taken, $output"; return 1; }
		fi
	done
}

@test "T-RT-20: programs and libraries of the image are never run outside of it" {
	local name entries=() evil
	evil="#!/bin/sh\\necho evil > $OUTSIDE/ran-outside\\necho evil > /ran-inside\\n"
	for name in nsenter ps tar gzip xz unpigz zstd newuidmap newgidmap ip nft pasta mount umount sh cat id crun runc conmon catatonit cpod cpod-stage cpod-init cpod-monitor; do
		case $name in sh | cat | id) continue ;; esac # those are what the test itself runs
		entries+=("bin/$name=exec:$evil" "usr/bin/$name=exec:$evil" "usr/sbin/$name=exec:$evil")
	done
	# the control: the program does what it says where it is run
	printf '%b' "$evil" | sed 's|/ran-inside|/dev/null|' > "$STORE/evil" && sh "$STORE/evil" && [ -f "$OUTSIDE/ran-outside" ] && rm "$OUTSIDE/ran-outside"
	odd_image trojan '{"Env": ["PATH=/bin:/usr/bin:/usr/sbin", "LD_PRELOAD=/evil.so", "LD_LIBRARY_PATH=/lib", "LD_AUDIT=/evil.so", "GCONV_PATH=/", "CPOD_LIBEXEC=/bin"]}' \
		"${entries[@]}" evil.so=text:x etc/nsswitch.conf=text:'passwd: evil\n' etc/ld.so.preload=text:/evil.so
	attack()
	{
		cpod run -d --init --name main -e LD_PRELOAD=/evil.so trojan sleep 1000 >/dev/null
		cpod exec main id >/dev/null
		cpod exec -u alice -w /tmp main id >/dev/null
		cpod top main >/dev/null 2>&1 || true
		cpod ps --size >/dev/null
		cpod inspect main >/dev/null
		cpod logs main >/dev/null
		cpod diff main >/dev/null 2>&1 || true
		cpod export -o "$STORE/exported" main >/dev/null 2>&1 || true
		cpod cp main:/etc/passwd "$STORE/copied" >/dev/null 2>&1 || true
		cpod pause main >/dev/null 2>&1 && cpod unpause main >/dev/null
		cpod stop -t 0 main >/dev/null
		cpod start main >/dev/null
		cpod kill main >/dev/null
		cpod save -o "$STORE/saved" trojan >/dev/null
		cpod rm -f -t 0 main >/dev/null
	}
	(cd "$OUTSIDE" && outside_same attack)
}

@test "T-RT-11: no mount stays on the host, also when everything is killed at any moment" {
	local i pid
	mounts() { grep -c "$STORE" /proc/self/mountinfo || true; }
	[ "$(mounts)" = 0 ]
	mkdir -p "$STORE/shared"
	for ((i = 0; i < ROUNDS; i++)); do
		cpod run --rm --network none -v "$STORE/shared:/s:shared" --tmpfs /t busy true &
		pid=$!
		python3 -c "import time; time.sleep($i * 0.004)"
		kill -9 $pid 2>/dev/null || true
		wait $pid 2>/dev/null || true
		cpod run --rm --network none -v "$STORE/shared:/s:rslave" --privileged busy sh -c 'mount -t tmpfs none /s; mount -t tmpfs none /mnt; mount --make-rshared /' >/dev/null 2>&1 || true
	done
	cpod rm -fa -t 0 >/dev/null
	eventually eval '[ "$(mounts)" = 0 ]' || { grep "$STORE" /proc/self/mountinfo; return 1; }
}
