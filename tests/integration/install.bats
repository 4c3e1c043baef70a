#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# install.bats - ./bootstrap install: a tree that works wherever it is moved, also under other names.

setup_file()
{
	[ -d "$BATS_TEST_DIRNAME/../../build-release" ] || skip 'no release is built: ./bootstrap demo'
	TOP=$(mktemp -d "${TMPDIR:-/tmp}/cpod-install.XXXXXX")
	export TOP
	"$BATS_TEST_DIRNAME/../../bootstrap" install --prefix "$TOP/first" --names 'podman docker' >&2
	mv "$TOP/first" "$TOP/moved"
	unset CPOD_LIBEXEC
}

teardown_file()
{
	[ -z "${TOP-}" ] || rm -rf "$TOP"
}

# Only what was installed: no variable of the tests' points to the build.
installed() { env -u CPOD_LIBEXEC "$TOP/moved/bin/$1" --root "$TOP/root" --runroot "$TOP/run" "${@:2}"; }

@test "moved, it runs a container by every name, and loads what needs libraries" {
	local name
	for name in cpod podman docker; do
		run installed "$name" run --rm --network none hello
		[ "$status" = 0 ] && [ -n "$output" ] || { echo "$name: $status $output"; return 1; }
	done
	installed podman save -o "$TOP/image.tar" hello 2>/dev/null
	[ -s "$TOP/image.tar" ]
	[ -z "$(installed cpod ps -aq)" ]
}

@test "the documents are there, and nothing beside the four directories" {
	[ "$(ls "$TOP/moved")" = $'bin\nlib\nlibexec\nshare' ]
	[ -s "$TOP/moved/share/doc/cpod/LICENSE" ] && [ -s "$TOP/moved/share/doc/cpod/docs/formats/store.md" ]
	[ "$(readlink "$TOP/moved/bin/docker")" = cpod ]
}

@test "systemd's units, of the system and of a user, start the program where it was installed" {
	local scope
	[ "$(cd "$TOP/moved/lib" && find . -type f | sort)" = $'./systemd/system/cpod-restart.service\n./systemd/user/cpod-restart.service' ]
	for scope in system user; do grep -q "^ExecStart=$TOP/first/bin/cpod " "$TOP/moved/lib/systemd/$scope/cpod-restart.service"; done
}

@test "man pages and completions, under every name" {
	local name share=$TOP/moved/share
	for name in cpod podman docker; do
		grep -q "^.TH" "$share/man/man1/$name-run.1" && [ -s "$share/man/man1/$name.1" ] && [ -s "$share/man/man1/$name-container-run.1" ]
		grep -q "complete -F .* $name\$" "$share/bash-completion/completions/$name"
		grep -q "^#compdef $name\$" "$share/zsh/site-functions/_$name"
		grep -q "^complete -c $name " "$share/fish/vendor_completions.d/$name.fish"
	done
	if command -v man >/dev/null; then MANPATH=$share/man man -w podman-container-run >/dev/null; fi
}

@test "zsh finds its completion where it was put" {
	command -v zsh >/dev/null || skip 'zsh is not installed'
	run zsh -f -c 'fpath=($1); autoload -U compinit; fpath+=(/usr/share/zsh/functions/**/(N)); compinit -u -D; print -- $_comps[cpod]' zsh "$TOP/moved/share/zsh/site-functions"
	[ "$output" = _cpod ]
}

@test "a page of another program is not replaced" {
	local page=$TOP/moved/share/man/man1/cpod-run.1
	echo 'of another' >"$page"
	run "$BATS_TEST_DIRNAME/../../bootstrap" install --prefix "$TOP/moved"
	[ "$status" = 0 ] && [[ $output = *"cpod-run.1' is another program's and stays"* ]]
	[ "$(cat "$page")" = 'of another' ]
}

@test "a program that is there already is not replaced" {
	mkdir -p "$TOP/other/bin"
	echo mine > "$TOP/other/bin/podman"
	run "$BATS_TEST_DIRNAME/../../bootstrap" install --prefix "$TOP/other" --names podman
	[ "$status" != 0 ] && [[ $output = *"is there already"* ]]
	[ "$(cat "$TOP/other/bin/podman")" = mine ]
	run "$BATS_TEST_DIRNAME/../../bootstrap" install --prefix
	[ "$status" != 0 ]
	run "$BATS_TEST_DIRNAME/../../bootstrap" install --nosuch
	[ "$status" != 0 ] && [[ $output = *"unknown word"* ]]
}
