#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# completion.bats - TAB in bash, zsh and fish: each shell on a terminal of its own, and what bash hands to a script.
load common

setup_file()
{
	store_make
	cpod run -d --network none --name web busy sleep 1000 >/dev/null
	cpod create --network none --name made busy true >/dev/null
	cpod volume create vol1 >/dev/null
	mkdir "$STORE/bin"
	# what was completed is written down, not run
	cat >"$STORE/bin/cpod" <<-END
	#!/bin/sh
	case \$1 in __*) exec "$CPOD" --root "$STORE/root" --runroot "$STORE/run" "\$@" ;; esac
	echo "\$*" >>"\$TAB_LOG"
	END
	chmod +x "$STORE/bin/cpod"
	echo x >"$STORE/afile"
}

teardown_file() { store_remove; }

# types the lines into the shell; what came of each, a line
tab() # SHELL LINE...
{
	local shell=$1 script=$BATS_TEST_TMPDIR/_cpod
	shift
	command -v "$shell" >/dev/null || skip "$shell is not installed"
	cpod completion "$shell" >"$script"
	PATH=$STORE/bin:$PATH TAB_LOG=$BATS_TEST_TMPDIR/log timeout 120 python3 "$BATS_TEST_DIRNAME/../rigs/tab.py" "$shell" "$script" "$@"
}

everything() # SHELL
{
	run tab "$1" 'cpod vers\t' 'cpod container li\t' 'cpod stop w\t' 'cpod start m\t' 'cpod rm web m\t' 'cpod rmi localhost/busy:la\t' \
		'cpod rmi bus\t' 'cpod volume rm v\t' 'cpod cp we\t/etc x' "cpod load -i $STORE/afi\\t" 'cpod run --pull=al\t' 'cpod run --pull al\t x' \
		'cpod run --network container:w\t x' 'cpod run --network=container:w\t x' 'cpod run -v vol\t:/x' 'cpod ps --filter status=pau\t' \
		'cpod  ps   --sort  crea\t' 'cpod ps --format "{{.Networ\t' 'cpod run busy /etc/host\tname' 'cpod stop ma\t'
	output_is "version
container list
stop web
start made
rm web made
rmi localhost/busy:latest
rmi busy:latest
volume rm vol1
cp web:/etc x
load -i $STORE/afile
run --pull=always
run --pull always x
run --network container:web x
run --network=container:web x
run -v vol1:/x
ps --filter status=paused
ps --sort created
ps --format {{.Networks}}
run busy /etc/hostname
stop ma"
}

@test "bash completes commands, names, values and files" { everything bash; }
@test "zsh completes commands, names, values and files" { everything zsh; }
@test "fish completes commands, names, values and files" { everything fish; }

# what bash would offer: its words split as bash splits them
asks() # COMP_TYPE WORD...
{
	local type=$1
	shift
	PATH=$STORE/bin:$PATH bash -c 'source <(cpod __script); COMP_TYPE=$1; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"
		COMP_LINE=${COMP_LINE// = /=}; COMP_LINE=${COMP_LINE// : /:}; COMP_POINT=${#COMP_LINE}; COLUMNS=60
		__cpod_complete 2>/dev/null; printf "%s\n" "${COMPREPLY[@]}"' bash "$type" "$@"
}

@test "bash: names at the first TAB, with what they are at the second" {
	sed -i "s|^case|[ \"\$1\" != __script ] \\|\\| exec \"$CPOD\" completion bash\ncase|" "$STORE/bin/cpod"
	run asks 9 cpod rm ''
	output_is $'web\nmade'
	run asks 63 cpod rm ''
	output_is $'web   (localhost/busy:latest, running)\nmade  (localhost/busy:latest, created)'
	run asks 63 cpod rm w
	output_is web
	run asks 9 cpod run --network : container : we # no such flag's word: nothing, and no error
	output_is ''
	run asks 9 cpod ps --filter status = p
	output_is paused
	run asks 9 cpod run --network container : w
	output_is web
	run asks 9 cpod run --pull = al
	output_is always
	run asks 9 cpod run --pull=al # where = breaks no words
	output_is --pull=always
	run asks 9 cpod nosuch ''
	output_is ''
	run asks 63 cpod volume e
	[ "${#lines[@]}" = 2 ] && [[ ${lines[0]} = exists*Tell* ]]
}

@test "a script made with --no-desc has no descriptions; a name of another program is in it" {
	cpod completion bash --no-desc | grep -q __completeNoDesc
	ln -s "$CPOD" "$STORE/pod-man"
	run "$STORE/pod-man" completion bash
	output_has 'complete -F __pod_man_complete pod-man'
	run "$STORE/pod-man" completion zsh
	output_has '#compdef pod-man'
	run cpod completion powershell
	[ "$status" = 125 ] && output_has 'bash, zsh and fish'
}

@test "the scripts are good shell" {
	cpod completion bash | bash -n
	if command -v shellcheck >/dev/null; then cpod completion bash | shellcheck -s bash -S warning -; fi
	if command -v zsh >/dev/null; then cpod completion zsh | zsh -n; fi
	if command -v fish >/dev/null; then cpod completion fish >"$STORE/f" && fish -n "$STORE/f"; fi
}

@test "nothing is said on standard error, whatever lies there" {
	local damaged=$STORE/damaged
	mkdir -p "$damaged"
	cp -a "$STORE/root/." "$damaged/root" && cp -a "$STORE/run/." "$damaged/run"
	for f in "$damaged"/root/containers/*/definition.json; do echo '{' >"$f"; done
	run --separate-stderr "$CPOD" --root "$damaged/root" --runroot "$damaged/run" __complete rm ''
	[ "$status" = 0 ] && output_is :4 && [ -z "$stderr" ]
	run --separate-stderr "$CPOD" --root /proc/nosuch --runroot /proc/nosuch __complete rmi ''
	[ "$status" = 0 ] && output_is :4 && [ -z "$stderr" ]
	run --separate-stderr "$CPOD" --root "$STORE/nosuch" --runroot "$STORE/nosuch" __complete stop ''
	[ "$status" = 0 ] && output_is :4 && [ -z "$stderr" ]
	[ ! -e "$STORE/nosuch" ]
}

@test "a store that was named is the one whose names are offered" {
	run "$CPOD" __complete --root "$STORE/root" --runroot="$STORE/run" rm w
	output_is $'web\tlocalhost/busy:latest, running\n:4'
	run "$CPOD" __complete rm --root "$STORE/root" --runroot "$STORE/run" w
	output_is $'web\tlocalhost/busy:latest, running\n:4'
	run "$CPOD" --root "$STORE/nosuch" __complete rm --root "$STORE/root" --runroot "$STORE/run" w
	output_is $'web\tlocalhost/busy:latest, running\n:4'
}

@test "each key of --filter and --sort that is offered works" {
	local key
	for key in $(cpod __complete ps --sort '' | grep -v :); do cpod ps -a --sort "$key" >/dev/null; done
	for key in $(cpod __complete images --sort '' | grep -v :); do cpod images --sort "$key" >/dev/null; done
	for key in $(cpod __complete ps --filter '' | grep =); do
		run cpod ps -a --filter "${key}1"
		[[ $output != *"is an invalid"* && $output != *"nvalid filter"* ]] || { echo "$key: $output"; return 1; }
	done
	for key in status=created status=exited status=paused status=running status=stopped status=unknown health=healthy restart-policy=no; do
		cpod ps -a --filter "$key" >/dev/null
	done
	for key in $(cpod __complete volume ls --filter '' | grep =); do
		run cpod volume ls --filter "${key}1"
		[[ $output != *"invalid volume filter"* ]] || { echo "$key: $output"; return 1; }
	done
	for key in $(cpod __complete ps --format '{{.' | grep '}}'); do cpod ps -a --format "$key" >/dev/null; done
	for key in $(cpod __complete images --format '{{.' | grep '}}'); do cpod images --format "$key" >/dev/null; done
	for key in $(cpod __complete volume ls --format '{{.' | grep '}}'); do cpod volume ls --format "$key" >/dev/null; done
}

@test "of many containers the names alone, by what runs" {
	local many=$BATS_TEST_TMPDIR i
	cp -a "$STORE/root" "$many/root" && cp -a "$STORE/run" "$many/run"
	i=$(cpod ps -aqf name=made --no-trunc)
	for n in $(seq 300); do ln -s "$i" "$many/root/names/container/also$n"; done
	asked() { "$CPOD" --root "$many/root" --runroot "$many/run" __complete "$@" 2>/dev/null; }
	[ "$(asked rm '' | wc -l)" = 303 ]
	[ "$(asked rm w)" = $'web\tlocalhost/busy:latest, running\n:4' ]
	[ "$(asked stop '')" = $'web\tlocalhost/busy:latest, running\n:4' ]
	[ "$(asked start '' | wc -l)" = 302 ]
	asked start '' | grep -qx also7
}

@test "a name that is not there is answered with the nearest one" {
	run cpod stop wbe
	[ "$status" = 125 ]
	output_is 'Error: no container with name or ID "wbe" found: no such container; did you mean "web"?'
	run cpod stop elsewhere
	output_is 'Error: no container with name or ID "elsewhere" found: no such container'
	run cpod volume rm vlo1
	output_is 'Error: no volume with name "vlo1" found: no such volume; did you mean "vol1"?'
}
