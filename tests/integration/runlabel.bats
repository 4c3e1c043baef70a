#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# container runlabel: what a label starts, and what it does not.
load common
. "$BATS_TEST_DIRNAME/../rigs/registry.sh"

setup_file() { store_make; registry_start; export REGISTRY REGISTRY_DIR REGISTRY_PID; }
teardown_file() { registry_stop; store_remove; }
teardown() { cpod rm -fa -t 0 >/dev/null; }

label() { cpod create --name maker --network none --label "run=$1" busy true >/dev/null; cpod commit -q maker lab >/dev/null; cpod rm maker >/dev/null; }

@test "runlabel: the command runs in this store, with the words as they were quoted" {
	label 'podman run --rm --network none IMAGE sh -c "echo one two; echo \"\$#\"" sh'
	run -0 --separate-stderr cpod container runlabel run lab a 'b  c'
	output_is $'one two\n2'
	label '/usr/bin/docker run --rm -i --network none IMAGE cat'
	[ "$(echo through | cpod container runlabel run lab)" = through ]
	label 'podman run --rm --network none IMAGE sh -c "exit 7"'
	run --separate-stderr cpod container runlabel run lab
	[ "$status" = 125 ] && [[ $stderr == *'exit status 7'* ]]
	label 'podman run --rm --network none IMAGE sh -c "echo out; echo err >&2"'
	run -0 cpod container runlabel --quiet run lab
	output_is ''
	cpod rmi lab
}

@test "runlabel --replace: the container whose name the command gives goes first, and no other" {
	label 'podman run -d --name NAME --network none IMAGE sleep 100'
	first=$(cpod container runlabel run lab)
	run --separate-stderr cpod container runlabel run lab
	[ "$status" = 125 ]
	second=$(cpod container runlabel --replace run lab)
	[ "$first" != "$second" ] && [ "$(cpod ps -q --no-trunc)" = "$second" ]
	label 'podman run --rm --name=other --network none IMAGE echo --name lab'
	[ "$(cpod container runlabel --replace run lab)" = '--name lab' ]
	[ "$(cpod ps -q --no-trunc)" = "$second" ]
	cpod rm -f -t 0 lab
	cpod rmi lab
}

@test "runlabel: an image that is not here is pulled" {
	label 'podman run --rm --network none IMAGE echo pulled'
	cpod push -q --tls-verify=false lab "$REGISTRY/team/lab:1"
	cpod rmi lab
	run --separate-stderr cpod container runlabel run "$REGISTRY/team/lab:1"
	[ "$status" = 125 ] && [ -n "$stderr" ] # no TLS there
	run -0 --separate-stderr cpod container runlabel --tls-verify=false run "$REGISTRY/team/lab:1"
	output_is pulled
	run -0 cpod container runlabel --display run "$REGISTRY/team/lab:1"
	cpod rmi "$REGISTRY/team/lab:1"
}

@test "runlabel: no program of the host is started, whatever the label says (CVE-2026-53488)" {
	local word
	mkdir "$STORE/bin"
	printf '#!/bin/sh\ntouch %s/ran\n' "$STORE" > "$STORE/bin/podman"
	chmod +x "$STORE/bin/podman"
	cp "$STORE/bin/podman" "$STORE/bin/evil"
	for word in evil "$STORE/bin/evil" ./podman bin/podman "sh -c podman" "/usr/bin/env podman" "sudo podman" "$STORE/bin/podman/" \
		'podman unshare evil' 'podman container runlabel run lab' 'podman secret create --driver shell x y' 'podman compose up' \
		'podman --log-level debug version' 'podman --root /x ps' 'podman container --help' '"" x'; do
		label "$word"
		PATH=$STORE/bin:$PATH run --separate-stderr cpod container runlabel run lab
		[ "$status" = 125 ] && [ -z "$output" ] || { echo "$word: $status $output"; return 1; }
		[ ! -e "$STORE/ran" ] || { echo "$word ran"; return 1; }
	done
	label "$STORE/bin/podman version --format mine" # by its name it is this program, not that file
	PATH=$STORE/bin:$PATH run -0 cpod container runlabel run lab
	output_is mine
	[ ! -e "$STORE/ran" ]
	# the environment is not the label's to read
	label 'podman version --format "<$SECRET${PATH}>"'
	SECRET=seen run -0 cpod container runlabel run lab
	output_is '<>'
	cpod rmi lab
}
