#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# The network of an ordinary user's containers: pasta. What is reached, published ports, and that nothing of it stays.
load common
load user

SERVER=$BATS_TEST_DIRNAME/../rigs/echo_server.py

setup_file() { user_store_make; }
teardown_file() { user_store_remove; }

setup()
{
	user_needed
	command -v pasta >/dev/null || skip "pasta is not here (package passt)"
	as_user sh -c ': 2>/dev/null <>/dev/net/tun' || skip "the kernel gives a user no /dev/net/tun, which pasta needs"
}

teardown()
{
	[ -z "$SERVERS" ] || kill $SERVERS 2>/dev/null || : # those inside may have ended
	[ -z "$TEST_USER" ] || user_cpod rm -fa -t 0 >/dev/null
}

# A server, on the host or where the prefix leads; its port in PORT.
server() # KIND ADDRESS [PORT [PREFIX...]]
{
	rm -f "$STORE/port"
	"${@:4}" python3 "$SERVER" "$1" "$2" "$STORE/port" "${3-0}" 3>&- &
	SERVERS+=" $!"
	eventually test -s "$STORE/port"
	PORT=$(cat "$STORE/port")
}
# Words before a command: where a container's network is. No function, which would be a process between us and the server.
inside() { INSIDE=(nsenter --net --target "$(user_cpod inspect "$1" --format '{{.State.Pid}}')"); } # CONTAINER
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("", 0)); print(s.getsockname()[1])'; }
ask() { python3 "$SERVER" ask "$@"; }
# What a container gets from a server; nothing is ended before the answer is there, old pastas lose it then.
fetch() # ADDRESS PORT [FLAG...]
{
	user_cpod run --rm "${@:3}" busy timeout 3 sh -c "{ echo x; sleep 0.5; } | nc -w 2 $1 $2"
}
# pasta processes of this file's store
pastas() { grep -alF "$TEST_HOME/run/networks" /proc/[0-9]*/cmdline 2>/dev/null | xargs -r grep -alF pasta 2>/dev/null | wc -l; }
no_pasta() { [ "$(pastas)" = 0 ]; }
no_record() { [ -z "$(find "$TEST_HOME/run/networks/pasta" -name '????????????????????????????????????????????????????????????????')" ]; }
knows_guest() { pasta --help 2>&1 | grep -q map-guest-addr; }

@test "pasta: a container has an interface, the host's address, and lines for itself and its names' servers" {
	run user_cpod run --rm --name box -h boxhost busy cat /etc/hosts
	echo "$output"
	own=$(user_cpod run --rm busy sh -c "ip -4 -o addr show scope global | head -n 1 | awk '{print \$4}' | cut -d/ -f1")
	[ -n "$own" ]
	grep -q "^$own	boxhost box\$" <<< "$output"
	run user_cpod run --rm busy head -n 1 /etc/resolv.conf
	output_is 'nameserver 169.254.1.1'
	run user_cpod run --rm --dns 9.9.9.9 busy cat /etc/resolv.conf
	output_is 'nameserver 9.9.9.9'
	run user_cpod run --rm --network pasta:--dns-forward,1.2.3.4 busy head -n 1 /etc/resolv.conf
	output_is 'nameserver 1.2.3.4'
}

@test "pasta: a server of the host answers at host.containers.internal, one on its loopback does not" {
	server tcp 0.0.0.0
	everywhere=$PORT
	server tcp 127.0.0.1
	host=$(user_cpod run --rm busy awk '/host.containers.internal/ { print $1 }' /etc/hosts)
	if knows_guest; then [ "$host" = 169.254.1.2 ]; fi
	[ -n "$host" ] || skip "this pasta is too old for --map-guest-addr, and the host has one address only"
	run user_cpod run --rm --add-host other:host-gateway busy grep -c "^$host	other\$" /etc/hosts
	output_is 1
	run fetch "$host" "$everywhere"
	output_is 'answer x'
	run fetch "$host" "$PORT"
	[[ $output != *answer* ]]
	run fetch 127.0.0.1 "$everywhere"
	[[ $output != *answer* ]]
}

@test "pasta: published ports of tcp, on every address and on one, and of udp" {
	one=$(free_port) two=$(free_port) three=$(free_port)
	user_cpod run -d --name web -p "$one:80" -p "127.0.0.1:$two:81" -p "$three:$three/udp" busy sh -c \
		'nc -ll -p 80 -e sh -c "read x; echo eighty" & exec nc -ll -p 81 -e sh -c "read x; echo eightyone"'
	inside web
	server udp 0.0.0.0 "$three" "${INSIDE[@]}" # old pastas lose the answers of a port that has another number inside
	eventually ask tcp 127.0.0.1 "$one"
	run ask tcp 127.0.0.2 "$one"
	output_is eighty
	run ask tcp 127.0.0.1 "$two"
	output_is eightyone
	run -1 ask tcp 127.0.0.2 "$two"
	run ask udp 127.0.0.1 "$three" hello
	output_is 'answer hello'
	run user_cpod port web
	output_has "81/tcp -> 127.0.0.1:$two"
	user_cpod stop -t 0 web
	run -1 ask tcp 127.0.0.1 "$one"
	user_cpod start web
	eventually ask tcp 127.0.0.1 "$one"
}

@test "pasta: a port in use is refused with a sentence, and nothing of the container runs or stays" {
	server tcp 0.0.0.0
	run -126 user_cpod run --rm --name late -p "$PORT:80" busy echo ran
	output_has "$PORT"
	output_has 'address already in use'
	[[ $output != *ran* ]]
	[ -z "$(user_cpod ps -aq)" ]
	no_pasta
	no_record
	run ask tcp 127.0.0.1 "$PORT"
	output_is 'answer x'
	# without --rm it stays as made, and starts when the port is free
	run -126 user_cpod run -d --name late -p "$PORT:80" busy sleep 100
	[ "$(user_cpod ps -a --format '{{.Names}} {{.Status}}')" = 'late Created' ]
	run -125 user_cpod start late
	no_pasta
	kill $SERVERS
	SERVERS=
	eventually user_cpod start late
	[ "$(pastas)" = 1 ]
}

@test "pasta: a port below the user's is refused with a sentence" {
	[ "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" -gt 80 ] || skip "users have all ports here"
	run -126 user_cpod run --rm -p 80:80 busy true
	output_has ip_unprivileged_port_start
	no_pasta
}

@test "pasta: it goes when its container ends, is stopped or is killed, whoever looks" {
	user_cpod run -d --name a busy sleep 0.5
	user_cpod run -d --name b busy sleep 100
	user_cpod run -d --name c busy sleep 100
	[ "$(pastas)" -ge 2 ]
	user_cpod stop -t 0 b
	kill -9 "$(user_cpod inspect c --format '{{.State.Pid}}')"
	eventually no_pasta
	user_cpod run --rm busy true
	no_pasta
	user_cpod rm -fa -t 0
	no_record
}

@test "pasta: it forwards nothing between containers and the host that was not asked for" {
	server tcp 0.0.0.0
	# 127.0.0.1 is the container's own
	run fetch 127.0.0.1 "$PORT"
	[[ $output != *answer* ]]
	user_cpod run -d --name web busy nc -ll -p 8099 -e echo inside
	eventually user_cpod exec web timeout 3 nc 127.0.0.1 8099
	run -1 ask tcp 127.0.0.1 8099
	run fetch 127.0.0.1 "$PORT" --network "pasta:-T,$PORT"
	output_is 'answer x'
}
