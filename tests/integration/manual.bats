#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# manual.bats - the man pages that the program writes of itself: mandoc and groff find nothing wrong with them, man shows them.

: "${CPOD:=$BATS_TEST_DIRNAME/../../build/src/main/cpod}"

setup_file()
{
	export PAGES=$BATS_FILE_TMPDIR/man1
	mkdir "$PAGES"
	"$CPOD" __man "$PAGES"
}

whole() { grep -L '^\.so ' "$PAGES"/*.1; }

@test "mandoc has nothing to say" {
	command -v mandoc >/dev/null || skip 'mandoc is not installed'
	# shellcheck disable=SC2046
	run mandoc -Tlint $(whole)
	[ "$status" = 0 ] && [ -z "$output" ] || { echo "$output"; return 1; }
}

@test "groff has nothing to say" {
	command -v groff >/dev/null || skip 'groff is not installed'
	local page
	for page in $(whole); do
		run groff -man -ww -Tutf8 -z "$page"
		[ "$status" = 0 ] && [ -z "$output" ] || { echo "$page: $output"; return 1; }
	done
}

@test "a page has the examples first, then what it does, flags and exit status; other names lead there" {
	command -v mandoc >/dev/null || skip 'mandoc is not installed'
	local text sections
	text=$(mandoc -Tascii "$PAGES/cpod-run.1" | sed 's/.\x08//g')
	sections=$(grep '^[A-Z]' <<<"$text" | grep -v 'CPOD-RUN(1)' | tr '\n' ,)
	[ "$sections" = 'NAME,SYNOPSIS,EXAMPLES,DESCRIPTION,OPTIONS,NOT DONE YET,EXIT STATUS,SEE ALSO,' ] || { echo "$sections"; return 1; }
	grep -q '^           cpod run --rm -it alpine sh$' <<<"$text"
	grep -q '^       --pull string$' <<<"$text"
	grep -q '^       -e, --env stringArray$' <<<"$text"
	[ "$(head -n 1 "$PAGES/cpod-container-run.1")" = '.so man1/cpod-run.1' ]
	mandoc -Tascii "$PAGES/cpod.1" | sed 's/.\x08//g' | grep -q '^       cpod-run(1)$'
}

@test "under another name the pages are of that name; a directory that is not there is a sentence" {
	ln -s "$CPOD" "$BATS_TEST_TMPDIR/podman"
	mkdir "$BATS_TEST_TMPDIR/man"
	"$BATS_TEST_TMPDIR/podman" __man "$BATS_TEST_TMPDIR/man"
	[ "$(ls "$BATS_TEST_TMPDIR/man" | grep -vc '^podman')" = 0 ]
	grep -q 'podman run' "$BATS_TEST_TMPDIR/man/podman-run.1"
	run "$CPOD" __man "$BATS_TEST_TMPDIR/nosuch"
	[ "$status" = 125 ] && [[ $output = "Error: cannot write '$BATS_TEST_TMPDIR/nosuch/"* ]]
}
