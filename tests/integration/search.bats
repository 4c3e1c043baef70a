#!/usr/bin/env bats
# search.bats - search: a real registry's catalogue and tags, and lists that are wrong.
# CPOD: the built program.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C
	: "${CPOD:?CPOD must name the built cpod}"
	mkfifo "$BATS_FILE_TMPDIR/ports"
	python3 "$BATS_TEST_DIRNAME/../rigs/bad_registry.py" --log "$BATS_FILE_TMPDIR/log" > "$BATS_FILE_TMPDIR/ports" 3>&- &
	echo $! > "$BATS_FILE_TMPDIR/pid"
	read -r PORT PORT2 < "$BATS_FILE_TMPDIR/ports"
	export PORT PORT2 LOG=$BATS_FILE_TMPDIR/log
}

teardown_file()
{
	kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

search()
{
	run --separate-stderr timeout 30 "$CPOD" search --tls-verify=false "$@"
}

@test "a real registry: its catalogue, tags, limits, forms" {
	# shellcheck source=../rigs/registry.sh
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	python3 "$BATS_TEST_DIRNAME/../rigs/random_image.py" "$BATS_TEST_TMPDIR/i.tar" example.com/img:v1 10
	registry_start auth
	for name in team/app:1 team/app:2 team/other:1 alone:x; do
		skopeo copy -q --dest-tls-verify=false --dest-creds testuser:testpassword "docker-archive:$BATS_TEST_TMPDIR/i.tar" "docker://$REGISTRY/$name"
	done
	all=$("$CPOD" search --tls-verify=false --creds testuser:testpassword --format '{{.Name}}' "$REGISTRY/" | sort | xargs)
	team=$("$CPOD" search --tls-verify=false --creds testuser:testpassword --format '{{.Name}}' "$REGISTRY/team" | sort | xargs)
	one=$("$CPOD" search --tls-verify=false --creds testuser:testpassword --limit 1 --format '{{.Index}}' "$REGISTRY/")
	none=$("$CPOD" search --tls-verify=false --creds testuser:testpassword "$REGISTRY/nothing-like-it")
	tags=$("$CPOD" search --tls-verify=false --creds testuser:testpassword --list-tags --format '{{.Tag}}' "$REGISTRY/team/app" | sort | xargs)
	json=$("$CPOD" search --tls-verify=false --creds testuser:testpassword --list-tags --format json "$REGISTRY/alone" | tr -d ' \n')
	search --authfile /dev/null "$REGISTRY/team"
	registry=$REGISTRY
	registry_stop
	[ "$all" = "$registry/alone $registry/team/app $registry/team/other" ]
	[ "$team" = "$registry/team/app $registry/team/other" ]
	[ "$one" = "$registry" ]
	[ -z "$none" ]
	[ "$tags" = "1 2" ]
	[ "$json" = "[{\"Name\":\"$registry/alone\",\"Tags\":[\"x\"]}]" ]
	[ "$status" -eq 125 ]
}

@test "pages are followed, for ever they are not, and not to another host" {
	search --list-tags --format '{{.Tag}}' "127.0.0.1:$PORT/list-pages"
	[ "$(xargs <<<"$output")" = "t1 t2 t3 t4" ]
	search --list-tags "127.0.0.1:$PORT/list-endless"
	[ "$status" -eq 125 ]
	# shellcheck disable=SC2154
	[[ $stderr == *"more than 200 pages"* ]]
	search --list-tags --creds testuser:testpassword "127.0.0.1:$PORT/list-other-host"
	[ "$status" -eq 125 ]
	[[ $stderr == *"the next page is at another host"* ]]
	run grep -c "^$PORT2 " "$LOG"
	[ "$output" = 0 ]
}

@test "lists that are none" {
	for case in 'list-not-json|fetching tags list: ' 'list-huge|larger than 4194304 bytes' 'list-broken|status 500' 'list-nosuch|fetching tags list: '; do
		search --list-tags "127.0.0.1:$PORT/${case%%|*}"
		[ "$status" -eq 125 ]
		[[ $stderr == "Error: 1 error occurred:"*"${case#*|}"* ]] || { echo "$case: $stderr"; return 1; }
	done
	search --list-tags --format '{{.Tag}}' "127.0.0.1:$PORT/list-not-names"
	[ "$status" -eq 0 ]
	[ "$output" = " [31mred line" ]
	search "127.0.0.1:$PORT/list-not-json"
	[ "$status" -eq 125 ]
}

@test "Docker's search: descriptions of one line, filters" {
	search --compatible "127.0.0.1:$PORT/list-described"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} =~ ^NAME\ +DESCRIPTION\ +STARS\ +OFFICIAL\ +AUTOMATED$ ]]
	[[ ${lines[1]} == "127.0.0.1:$PORT/team/app  line one line  [31mtwo xxxxxxxxxxxxxxxxxxxxx...  7 "*"[OK]"* ]]
	[ "${#lines[@]}" -eq 3 ]
	search --filter stars=3 --format '{{.Name}}' "127.0.0.1:$PORT/list-described"
	[ "$output" = "127.0.0.1:$PORT/team/app" ]
	search --filter is-official=false --format '{{.Name}} {{.Stars}}' "127.0.0.1:$PORT/list-described"
	[ "$output" = "127.0.0.1:$PORT/other 2" ]
	search --filter foo=1 "127.0.0.1:$PORT/list-described"
	[ "$status" -eq 125 ]
	[ "$stderr" = 'Error: invalid filter type "foo=1"' ]
	search --list-tags --filter stars=1 "127.0.0.1:$PORT/list-good"
	[ "$stderr" = 'Error: filters are not applicable to list tags result' ]
}
