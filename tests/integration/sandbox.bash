# shellcheck shell=bash
# sandbox.bash - what the sandbox_*.bats files share: odd images (tests/rigs/odd_image.py), the probe, what must not change outside.
# How often racers run: SANDBOX_ROUNDS, 10 unless set; tests/README.md says what the full number is.
load common

ROUNDS=${SANDBOX_ROUNDS:-10}
: "${PROBE:=$BATS_TEST_DIRNAME/../../build/tests/tools/sandbox_probe}"
run_in() { run timeout 60 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" run --rm --network none "$@"; }

# A store, and the canary: a directory that no container may see or change.
sandbox_make()
{
	store_make || return
	chmod 755 "$STORE"
	export OUTSIDE=$STORE/outside
	mkdir -p "$OUTSIDE/dir"
	echo canary > "$OUTSIDE/file"
	odd_image probe '{}' "bin/probe=file:$PROBE"
}

# An image localhost/NAME with one layer more than busy.
odd_image() # NAME CONFIG ENTRY...
{
	local name=$1 config=$2
	shift 2
	python3 "$BATS_TEST_DIRNAME/../rigs/odd_image.py" "$STORE/image.tar" "$STORE/odd.tar" "localhost/$name:latest" "$config" "$@" &&
		cpod load -q -i "$STORE/odd.tar" >/dev/null
}

outside_manifest() { (cd "$OUTSIDE" && find . -printf '%p %y %m %U %G %s %T@ %n %l\n' | sort; cat file); }

# Runs the function or command and compares what is outside before and after.
outside_same()
{
	local before after
	before=$(outside_manifest)
	"$@"
	after=$(outside_manifest)
	[ "$before" = "$after" ] || { diff <(echo "$before") <(echo "$after"); return 1; }
}
