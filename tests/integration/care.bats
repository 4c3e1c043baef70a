#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# The store as a whole: what prune would take, check and repair, reset. What every kind of damage does is in tests/fault/corrupt.
load common
load user

setup_file() { user_store_make user_choose; }
teardown_file() { user_store_remove; }
setup()
{
	PLACE=$(mktemp -d "$STORE/care.XXXXXX")
	care() { "$CPOD" --root "$PLACE/root" --runroot "$PLACE/run" "$@"; }
	care load -q -i "$STORE/image.tar"
}
teardown() { care rm -fa -t 0 >/dev/null; }

@test "dry run: every prune tells what would go and how large it is, and takes nothing" {
	care run --name done --network none -v vol:/v busy sh -c 'echo 12345 > /file; echo 1234567 > /v/file'
	care create --name other --network none busy true >/dev/null
	before=$(cd "$PLACE/root" && find . ! -path './trash*' | sort)
	run care container prune --dry-run
	[ "$status" = 0 ]
	[ "$(awk '$1 == "container" { print $3, $4 }' <<< "$output" | sort)" = $'done 6B\nother 0B' ]
	[ "${lines[-1]}" = 'Would be reclaimed: 6B' ]
	run care volume prune --dry-run
	[ "${lines[-1]}" = 'Would be reclaimed: 0B' ] # the container uses it
	run care system prune --volumes --all --dry-run
	[ "$(awk '{ print $1 }' <<< "$output" | sort | uniq -c | tr -s ' ' | tr '\n' ,)" = ' 1 TYPE, 1 Would, 2 container, 1 image, 1 volume,' ]
	grep -q '^volume .* vol .* 8B$' <<< "$output"
	grep -q '^image .* localhost/busy:latest ' <<< "$output"
	run care image prune --all --dry-run
	[ "${lines[-1]}" = 'Would be reclaimed: 0B' ]
	[ "$before" = "$(cd "$PLACE/root" && find . ! -path './trash*' | sort)" ]
	care system prune --volumes --all --force
	[ -z "$(care ps -aq)$(care images -q)$(care volume ls -q)" ]
}

@test "dry run: a layer that another image has is not given back" {
	care run --name x --network none busy sh -c 'echo 12345 > /file'
	care commit -q x localhost/child
	care rm x
	care create --name c --network none busy true >/dev/null
	run care image prune --all --dry-run
	[ "$status" = 0 ]
	[ "$(awk '$1 == "image" { print $3, $4 }' <<< "$output")" = 'localhost/child:latest 6B' ]
	[ "${lines[-1]}" = 'Would be reclaimed: 6B' ]
}

@test "check: says nothing when all is well, names what is not, and repairs what it can" {
	run --separate-stderr care system check
	[ "$status" = 0 ] && [ -z "$output$stderr" ]
	care run --name c --network none busy sh -c 'echo mine > /file'
	image=$(care inspect busy --format '{{.Id}}')
	echo '{' > "$PLACE/root/images/$image/image.json"
	run --separate-stderr care system check --quick
	[ "$status" = 125 ]
	[[ ${lines[0]} == "Damaged image $image: "* ]]
	[[ $stderr == 'Error: damage detected in local storage: 1 object: mend it with --repair' ]]
	run care system check --repair
	[ "$status" = 0 ]
	[[ $output == *'Repaired: its record is written anew'* ]]
	[ "$(care run --rm --network none busy echo works)" = works ]
	[ "$(care start -a c; care cp c:/file -  | tar xO)" = mine ]
	# no registry has this one: its layer stays as it is, and is told
	echo changed > "$PLACE"/root/layers/*/diff/etc/passwd
	run care system check --repair
	[ "$status" = 125 ]
	[[ $output == *'Damaged layer'* ]]
	[ -d "$PLACE/root/containers/$(care inspect c --format '{{.Id}}')/upper" ]
}

@test "reset: everything of the store goes, what runs too, and nothing else" {
	care run -d --name c --network none -v vol:/v busy sleep 100
	pid=$(care inspect c --format '{{.State.Pid}}')
	touch "$PLACE/root/mine"
	run care system reset < <(echo n)
	[ "$status" = 0 ] && [ "$(care ps -q | wc -l)" = 1 ]
	run --separate-stderr care system reset --force
	[ "$status" = 0 ]
	[ "$stderr" = "Left: '$PLACE/root/mine' is not the store's" ]
	[ ! -e "/proc/$pid" ]
	[ "$(ls -A "$PLACE/root")" = mine ] && [ ! -e "$PLACE/run" ]
	care load -q -i "$STORE/image.tar"
	[ "$(care run --rm --network none busy echo again)" = again ]
}

@test "reset: as a user" {
	user_needed
	user_cpod run -d --name c busy sleep 100
	user_cpod run --name d --network none busy sh -c 'mkdir /d; chown 5:6 /d'
	user_cpod system reset -f
	[ ! -e "$TEST_HOME/root" ] && [ ! -e "$TEST_HOME/run" ]
	user_cpod load -q -i "$STORE/image.tar"
	[ "$(user_cpod run --rm --network none busy echo again)" = again ]
	user_cpod system check
}
