#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# sandbox_users.bats - who a container is: users, groups, capabilities, names, environment, labels. As root.
load sandbox

setup_file() { sandbox_make; }
teardown_file() { store_remove; }
teardown() { cpod rm -fa -t 0 >/dev/null; }

WHO='s/^[UG]id:\t\([0-9]*\).*/\1/p'

# WORD=UID:GID, or WORD=- where it has to be refused; in ANSI-C quotes
user_words()
{
	local long
	long=$(printf '9%.0s' {1..300})
	printf '%s\n' 0=0:0 00=0:0 1=1:0 01=1:0 000000000000000000000000001=1:0 1:1=1:1 0:1=0:1 1:0=1:0 01:02=1:2 00:00=0:0 65534=65534:0 2147483647=2147483647:0 \
		2147483648=2147483648:0 4294967294=4294967294:0 1:4294967294=1:4294967294 4294967295=- 4294967296=- 4294967297=- 18446744073709551615=- \
		18446744073709551616=- 18446744073709551617=- 1:4294967295=- 1:4294967296=- 1:18446744073709551616=- -1=- +1=- -0=- +0=- 1:-1=- 1:+1=- \
		'1 =-' ' 1=-' '0 =-' '\t1=-' '1\t=-' '1\n=-' '\n1=-' '1\r=-' '1: 1=-' '1 :1=-' 0x0=- 0x1=- 0b0=- 0o0=- 1e0=- 1.0=- 1,0=- 1_0=- \
		'\xd9\xa3=-' '\xef\xbc\x91=-' 1:=- :1=- :=- ::=- 1:2:3=- 1::2=- root=0:0 root:root=0:0 ROOT=- 'root =-' ' root=-' root:=- alice=1000:1000 \
		1000=1000:1000 alice:0=1000:0 alice:wheel=1000:10 1000:wheel=1000:10 alice:nosuch=- alice:0x0=- 'root\nroot=-' ../root=- '%s=-' '*=-' 'x=-' "$long=-" "1:$long=-"
}

@test "T-RT-15: what is said of a user is exactly that user or refused, for run and exec" {
	local line word expected got count=0 how
	cpod run -d --name main --network none busy sleep 1000 >/dev/null
	while IFS= read -r line; do
		expected=${line##*=}
		printf -v word '%b.' "${line%=*}"
		word=${word%.}
		for how in run exec; do
			if [ $how = run ]; then
				got=$(cpod run --rm --network none -u "$word" busy sed -n "$WHO" /proc/self/status 2>/dev/null) || got=-
			else
				got=$(cpod exec -u "$word" main sed -n "$WHO" /proc/self/status 2>/dev/null) || got=-
			fi
			got=${got//$'\n'/:}
			[ "$got" = "$expected" ] || { echo "$how -u $(printf %q "$word"): $got, not $expected"; return 1; }
		done
		count=$((count + 1))
	done < <(user_words)
	[ $count -ge 60 ]
}

@test "T-RT-16: a number in an image is a number, though its passwd has a user of that name" {
	local lines='root:x:0:0::/:\n4294967296:x:0:0::/:\n4294967295:x:0:0::/:\n1234:x:0:0::/:\n00:x:0:0::/:\n'
	for user in 4294967296 4294967295 18446744073709551616 1:4294967296 -1; do
		odd_image numbers "{\"User\": \"$user\"}" "etc/passwd=text:$lines" 'etc/group=text:4294967296:x:0:\n77:x:0:\n'
		run_in numbers id
		[ "$status" = 126 ] || [ "$status" = 125 ] || { echo "$user: $output"; return 1; }
		output_has "unable to find"
	done
	odd_image numbers '{"User": "1234:77"}' "etc/passwd=text:$lines" 'etc/group=text:4294967296:x:0:\n77:x:0:\n'
	run_in numbers sed -n "$WHO" /proc/self/status
	output_is $'1234\n77'
	cpod run -d --name main --network none numbers sleep 100 >/dev/null
	run cpod exec -u 4294967296 main id
	[ "$status" != 0 ] && output_has 'unable to find user'
	# by the line that the number got when the container was made, not by the image's user of that name
	run cpod exec -u 1234 main sed -n "$WHO" /proc/self/status
	output_is $'1234\n77'
}

groups_are() # EXPECTED FLAG...
{
	local expected=$1
	shift
	run_in "$@" busy sed -n 's/^Groups:\t*//p' /proc/self/status
	[ "${output% }" = "$expected" ] || { echo "run $*: '$output', not '$expected'"; return 1; }
	cpod run -d --name groups --network none "$@" busy sleep 100 >/dev/null
	run cpod exec groups sed -n 's/^Groups:\t*//p' /proc/self/status
	cpod rm -f -t 0 groups >/dev/null
	[ "${output% }" = "$expected" ] || { echo "exec in $*: '$output', not '$expected'"; return 1; }
}

@test "T-RT-17: groups are exactly those of the user, never the caller's" {
	# the caller has some
	setpriv --groups 4,27,1234 true || skip "setpriv cannot set groups here"
	run setpriv --groups 4,27,1234 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" run --rm --network none busy sed -n 's/^Groups:\t*//p' /proc/self/status
	[ -z "${output// /}" ]
	groups_are '5' -u 1000:5
	groups_are '10 1000' -u alice
	groups_are '10 1000' -u 1000
	groups_are '10' -u alice:10
	groups_are '0' -u 77
	groups_are '0 8 9' -u 77 --group-add 9 --group-add 8
}

caps_are() # INH PRM EFF BND AMB WORD...
{
	local expected="$1 $2 $3 $4 $5" got
	shift 5
	got=$("$@" sed -n 's/^Cap...:\t0*\([0-9a-f]\)/\1/p' /proc/self/status | tr '\n' ' ')
	[ "${got% }" = "$expected" ] || { echo "$*: $got, not $expected"; return 1; }
}

@test "T-RT-13 T-RT-14: capabilities of root and others, inheritable none, for run and exec" {
	local all new='cpod run --rm --network none' both=800405fb
	all=$(sed -n 's/^CapBnd:\t0*//p' /proc/self/status)
	caps_are 0 $both $both $both 0 $new busy
	caps_are 0 0 0 $both 0 $new -u alice busy
	caps_are 0 0 0 $both 0 $new -u 1234:0 busy
	caps_are 0 0 0 0 0 $new --cap-drop all busy
	caps_are 0 0 0 0 0 $new --cap-drop all -u alice busy
	caps_are 0 $all $all $all 0 $new --privileged busy
	caps_are 0 0 0 $all 0 $new --privileged -u alice busy
	cpod run -d --name main --network none busy sleep 100 >/dev/null
	caps_are 0 $both $both $both 0 cpod exec main
	caps_are 0 0 0 $both 0 cpod exec -u alice main
	caps_are 0 $all $all $all 0 cpod exec --privileged main
	cpod run -d --name none --cap-drop all --network none busy sleep 100 >/dev/null
	caps_are 0 0 0 0 0 cpod exec none
}

@test "T-RT-19: a passwd that is a fifo, a device, a directory, endless or outside holds nobody up and says nothing" {
	local image started row
	printf 'alice:x:0:0::/:\n' > "$OUTSIDE/passwd"
	started=$SECONDS
	for row in fifo: char:1,5 char:5,0 dir:755 "link:$OUTSIDE/passwd" "link:../../../../../../../../..$OUTSIDE/passwd" link:passwd link:/proc/self/root$OUTSIDE/passwd \
		link:/etc/fifo link:/dev/zero link:/proc/self/fd/0; do
		odd_image passwd '{}' 'etc/fifo=fifo:' "etc/passwd=$row"
		run -126 timeout 20 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" run --rm --network none -u alice passwd id
		output_has 'unable to find user alice'
		run_in -u 5 passwd sed -n "$WHO" /proc/self/status
		output_is $'5\n0'
	done
	# the container itself swaps it, for the next session and the next start
	cpod run -d --name main --network none busy sleep 1000 >/dev/null
	for row in 'mkfifo /etc/passwd' 'ln -s /dev/zero /etc/passwd' 'truncate -s 10G /etc/passwd' 'mkdir /etc/passwd' "ln -s $OUTSIDE/passwd /etc/passwd" \
		'ln -s /proc/self/root/proc/1/root/etc/group /etc/passwd' 'mkfifo /tmp/f; ln -s ../tmp/f /etc/passwd'; do
		cpod exec main sh -c "rm -rf /etc/passwd /tmp/f; $row"
		run timeout 20 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" exec -u alice main id
		[ "$status" != 0 ] && [ "$status" != 124 ] && output_has 'unable to find user alice'
		run timeout 20 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" exec -u 5 main sed -n "$WHO" /proc/self/status
		output_is $'5\n0'
		cpod restart -t 0 main >/dev/null
	done
	# each is a matter of milliseconds; a hang is not
	[ $((SECONDS - started)) -lt 60 ]
}

@test "T-RT-24: names and ids: what is taken and what is refused, exactly" {
	local name long
	long=$(printf 'a%.0s' {1..255})
	for name in a A 0 a.b a_b a-b a..b a. a- a__ 0000 "$long" 1.2.3 Zz9 con a.-_b; do
		cpod create --name "$name" --network none busy true >/dev/null || { echo "refused: $name"; return 1; }
		cpod rm "$name" >/dev/null
		cpod volume create "$name" >/dev/null || { echo "volume refused: $name"; return 1; }
		cpod volume rm "$name" >/dev/null
	done
	while IFS= read -r name; do
		printf -v name '%b.' "$name"
		name=${name%.}
		run cpod create --name "$name" --network none busy true
		[ "$status" = 125 ] || { echo "taken: $(printf %q "$name")"; return 1; }
		run cpod volume create "$name"
		[ "$status" = 125 ] || { echo "volume taken: $(printf %q "$name")"; return 1; }
		case $name in */* | .*) ;; *) continue ;; esac
		# whatever the reader: nothing outside the store's directories is found or removed
		for verb in 'inspect' 'rm -f' 'start' 'stop' 'kill' 'logs' 'volume rm' 'rmi -f'; do
			run outside_same cpod $verb -- "$name"
			[[ $output != *"canary"* ]]
		done
	done < <(printf '%s\n' . .. ... / a/b ../x ../../../x ./a a/ /a .a -a _a +a a+b 'a b' ' a' 'a ' 'a\nb' 'a\n' '\ta' 'a\x7f' 'a\x01' 'a:b' 'a@b' 'a,b' 'a=b' \
		'a;b' 'a|b' 'a*' '*' '?' '[a]' '~' '$HOME' '`a`' '%s' '%2e%2e' 'a\\\\b' '\xc3\xa9' '\xff' '#a' "$long"a)
	[ -z "$(cpod ps -aq)" ] && [ -z "$(cpod volume ls -q)" ]
}

@test "T-RT-21: nothing of the caller's environment reaches a container, its monitor or its init" {
	local entry pid
	export CANARY=secret-of-the-host
	for entry in CANARY '' '=x' A; do
		if odd_image env "{\"Env\": [\"PATH=/bin\", \"$entry\"]}" 2>/dev/null; then
			run_in env env
			[[ $output != *secret-of-the-host* ]]
			cpod rmi -f env >/dev/null
		fi
	done
	cpod run -d --init --name main --network none busy sleep 1000 >/dev/null
	run cpod exec main env
	[[ $output != *secret-of-the-host* ]] && output_has FROM=image
	run cpod exec main strings /proc/1/environ
	[[ $output != *secret-of-the-host* ]] && output_has FROM=image
	run busybox strings "/proc/$(cpod inspect main --format '{{.State.ConmonPid}}')/environ"
	[[ $output != *secret-of-the-host* ]]
	! grep -rqa secret-of-the-host "$STORE/root" "$STORE/run"
	# the control: who asks for it has it
	run_in -e CANARY busy env
	output_has CANARY=secret-of-the-host
}

# What a container is like, without what differs between any two.
confinement()
{
	cpod run --rm --network none --name same "$@" sh -c '
		grep -v "^Pid\|^NSpid\|^NSpgid\|^NSsid\|^Tgid\|^NStgid\|^PPid\|^Vm\|^Rss\|ctxt\|^Cpus\|^Mems\|^Name\|^Hugetlb\|^Threads\|^SigQ" /proc/self/status
		cut -d" " -f5,6 /proc/self/mountinfo; ls -l /proc/self/ns | grep -c .; cat /proc/self/oom_score_adj; id; pwd; ls /; cat /proc/1/comm'
}

@test "T-RT-22: labels and annotations that other engines obey are words like any other" {
	local labels plain labelled flags=()
	labels='"run.oci.keep_original_groups": "1", "run.oci.handler": "krun", "run.oci.systemd.force_cgroup_v1": "/sys/fs/cgroup", "run.oci.systemd.subgroup": "..",
		"run.oci.delegate-cgroup": "../../..", "run.oci.seccomp.receiver": "/tmp/s", "run.oci.seccomp_bpf_data": "AAAA", "run.oci.seccomp_fail_unknown_syscall": "1",
		"run.oci.seccomp.plugins": "/evil.so", "run.oci.mount_context_type": "context", "run.oci.hooks.stdout": "/etc/out", "run.oci.hooks.stderr": "/etc/err",
		"run.oci.pidfd_receiver": "/tmp/p", "run.oci.timens_offset": "1", "run.oci.dont_inherit_envs": "1", "module.wasm.image/variant": "compat",
		"io.podman.annotations.privileged": "TRUE", "io.podman.annotations.seccomp": "unconfined", "io.podman.annotations.apparmor": "unconfined",
		"io.podman.annotations.label": "disable", "io.podman.annotations.autoremove": "TRUE", "io.podman.annotations.init": "TRUE",
		"io.podman.annotations.publish-all": "TRUE", "io.podman.annotations.volumes-from": "x", "io.podman.annotations.cid-file": "/tmp/cid",
		"io.podman.annotations.pids-limit": "1", "io.podman.annotations.userns": "host", "io.containers.capabilities": "SYS_ADMIN", "io.containers.autoupdate": "registry",
		"io.containers.trace-syscall": "if:/x", "io.kubernetes.cri-o.userns-mode": "auto", "io.kubernetes.cri-o.Devices": "/dev/kmsg", "org.criu.config": "/tmp/criu",
		"org.criu.tcp-established": "true", "org.opencontainers.image.stopSignal": "KILL", "com.docker.security.privileged": "true", "RUN": "sh -c evil", "run": "evil",
		"INSTALL": "evil", "io.containers.runlabel": "evil"'
	odd_image labelled "{\"Labels\": {$labels}}"
	plain=$(confinement busy)
	[[ $plain = *'Seccomp:'*2* ]]
	labelled=$(confinement labelled)
	[ "$plain" = "$labelled" ] || { diff <(echo "$plain") <(echo "$labelled"); return 1; }
	[ -z "$(cpod ps -aq)" ]
	while read -r label; do flags+=(--label "$label" --annotation "$label"); done < <(echo "$labels" | python3 -c '
import json, sys
for k, v in json.loads("{" + sys.stdin.read() + "}").items(): print(k + "=" + v)')
	[ ${#flags[@]} -gt 100 ]
	labelled=$(confinement "${flags[@]}" busy)
	[ "$plain" = "$labelled" ] || { diff <(echo "$plain") <(echo "$labelled"); return 1; }
	cpod create --name shown --network none labelled true >/dev/null
	[ "$(cpod inspect shown --format '{{index .Config.Labels "run.oci.handler"}}')" = krun ]
	[ "$(cpod inspect shown --format '{{.HostConfig.Privileged}} {{.HostConfig.AutoRemove}}')" = 'false false' ]
}
