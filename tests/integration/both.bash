# shellcheck shell=bash
# both.bash - a store of root's and one of an ordinary user's for each bats file, both with the image of common.bash.
#   load both; setup_file() { both_make; }; teardown_file() { both_remove; }; teardown() { both_clear; }
# cpod uses root's, `as_user cpod` the user's (tests/rigs/user.sh).

load common
# shellcheck source=/dev/null
. "$BATS_TEST_DIRNAME/../rigs/user.sh"

both_make()
{
	store_make
	chmod 755 "$STORE"
	user_choose "$STORE/home"
	export TEST_USER TEST_USER_MADE TEST_HOME
	cp "$STORE/image.tar" "$TEST_HOME/"
	as_user cpod load -q -i "$TEST_HOME/image.tar"
}

both_clear()
{
	cpod rm -fa -t 0 >/dev/null
	as_user cpod rm -fa -t 0 >/dev/null
}

both_remove()
{
	as_user cpod rm -fa -t 0 >/dev/null
	user_done
	store_remove
}
