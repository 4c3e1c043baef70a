#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# A person at a terminal: shells, sizes, keys, detaching and coming back (tests/rigs/terminal.py).
load common

setup_file() { store_make; }
teardown_file() { store_remove; }
teardown() { cpod rm -fa -t 0 >/dev/null; }
terminal()
{
	CPOD_WORDS=$(printf '%s\n' "$CPOD" --root "$STORE/root" --runroot "$STORE/run")
	export CPOD_WORDS
	timeout 60 python3 "$BATS_TEST_DIRNAME/../rigs/terminal.py" "$1"
}

@test "run -it: a shell with a sized terminal, job control, its exit code" { terminal shell; }
@test "the caller's terminal is raw meanwhile, and restored" { terminal modes; }
@test "a new size arrives, in run and in exec" { terminal resize; }
@test "detached by keys, attached again" { terminal detach; }
@test "other detach keys; half of them is input" { terminal keys; }
@test "control-D ends the input" { terminal end_of_input; }
@test "exec -it: a terminal of its own" { terminal session; }
@test "signals of the command are the container's" { terminal stop_signal_reaches; }
