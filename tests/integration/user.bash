# shellcheck shell=bash
# user.bash - a store of an ordinary user's own, for bats files that run as one (tests/rigs/user.sh).
#   load common; load user; setup_file() { user_store_make; }; teardown_file() { user_store_remove; }; setup() { user_needed; }
# user_cpod is cpod as that user; what it makes is below $TEST_HOME.

# shellcheck source=/dev/null
. "$BATS_TEST_DIRNAME/../rigs/user.sh"

user_store_make() # [user_choose_single]
{
	STORE=$(mktemp -d "${TMPDIR:-/tmp}/cpod-it.XXXXXX")
	: "${CPOD:=$BATS_TEST_DIRNAME/../../build/src/main/cpod}" "${CPOD_LIBEXEC:=$BATS_TEST_DIRNAME/../../build/libexec}"
	export STORE CPOD CPOD_LIBEXEC
	chmod 755 "$STORE"
	image_make "$STORE/image.tar"
	"${1:-user_choose}" "$STORE/home" || TEST_USER=
	export TEST_USER TEST_USER_MADE TEST_HOME TEST_TUN
	[ -z "$TEST_USER" ] || user_cpod load -q -i "$STORE/image.tar"
}

user_store_remove()
{
	[ -z "$TEST_USER" ] || user_cpod rm -fa -t 0 >/dev/null
	user_done
	rm -rf "$STORE"
}

user_needed() { [ -n "$TEST_USER" ] || skip "no such user here, and none can be made"; }
user_cpod() { as_user cpod --root "$TEST_HOME/root" --runroot "$TEST_HOME/run" "$@"; }
