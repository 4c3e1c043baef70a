# shellcheck shell=bash
# user.sh - an ordinary user with subordinate ids for tests of rootless containers, and cpod as that user.
#   . tests/rigs/user.sh
#   user_choose DIR      sets TEST_USER: one the machine has, or one made for the test; DIR becomes its home and holds a copy of cpod
#   user_choose_single DIR   the same with a user without subordinate ids
#   as_user COMMAND...   with a clean environment; cpod is found on its PATH, and /dev/net/tun can be opened (tests/rigs/tun)
#   user_done            removes the user when it was made here
# CPOD and CPOD_LIBEXEC name the built program: the user may not reach the directory they are in.

TEST_TUN=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/tun

_user_has_ids() # NAME FILE: 65536 of them
{
	awk -F: -v u="$1" '$1 == u && $3 >= 65536 { found = 1 } END { exit !found }' "$2" 2>/dev/null
}

user_choose()
{
	local name uid rest dir=$1
	TEST_USER='' TEST_USER_MADE=
	while IFS=: read -r name _ uid rest; do
		[ "$uid" -ge 1000 ] && [ "$uid" -lt 60000 ] && _user_has_ids "$name" /etc/subuid && _user_has_ids "$name" /etc/subgid || continue
		TEST_USER=$name
		break
	done < /etc/passwd
	if [ -z "$TEST_USER" ]; then
		useradd --create-home cpod-test || return 1
		TEST_USER=cpod-test TEST_USER_MADE=1
		_user_has_ids cpod-test /etc/subuid || usermod --add-subuids 1000000-1065535 --add-subgids 1000000-1065535 cpod-test || return 1
	fi
	_user_settle "$dir"
}

user_choose_single()
{
	TEST_USER=nobody TEST_USER_MADE=
	id nobody >/dev/null 2>&1 && ! grep -qsE "^(nobody|$(id -u nobody)):" /etc/subuid /etc/subgid || { TEST_USER=; return 1; }
	_user_settle "$1"
}

_user_settle() # DIR
{
	local dir=$1
	mkdir -p "$dir/bin" "$dir/runtime"
	: > "$dir/containers.conf"
	cp "$CPOD" "$dir/bin/cpod" && cp -r "$CPOD_LIBEXEC" "$dir/libexec" || return 1
	chown -R "$TEST_USER:" "$dir"
	chmod 700 "$dir/runtime"
	TEST_HOME=$dir
}

as_user()
{
	(cd "$TEST_HOME" && exec "$TEST_TUN" setpriv --reuid "$TEST_USER" --regid "$(id -g "$TEST_USER")" --init-groups env -i HOME="$TEST_HOME" USER="$TEST_USER" \
		XDG_RUNTIME_DIR="$TEST_HOME/runtime" CPOD_LIBEXEC="$TEST_HOME/libexec" CONTAINERS_CONF="$TEST_HOME/containers.conf" PATH="$TEST_HOME/bin:/usr/sbin:/usr/bin:/sbin:/bin" LC_ALL=C "$@")
}

user_done()
{
	[ -z "$TEST_USER_MADE" ] || userdel --remove "$TEST_USER" 2>/dev/null
	return 0
}
