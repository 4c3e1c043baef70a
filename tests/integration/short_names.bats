#!/usr/bin/env bats
# short_names.bats - a short name that may stand for images of several registries: asked at a terminal, remembered; tests/rigs/selecting.py types.
# CPOD and CPOD_LIBEXEC: the built program. Root is needed to unpack layers.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C TERM=xterm
	: "${CPOD:?CPOD must name the built cpod}"
	# shellcheck source=../rigs/registry.sh
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	busybox_image
	registry_start
	for name in team/img:v1 plain:latest; do
		skopeo copy -q --dest-tls-verify=false "docker-archive:$BATS_FILE_TMPDIR/i.tar" "docker://$REGISTRY/$name"
	done
	export ONE=$REGISTRY
	echo "REGISTRY=$REGISTRY REGISTRY_PID=$REGISTRY_PID REGISTRY_DIR=$REGISTRY_DIR" > "$BATS_FILE_TMPDIR/one"
}

busybox_image()
{
	load common
	STORE=$BATS_FILE_TMPDIR image_make "$BATS_FILE_TMPDIR/i.tar"
}

teardown_file()
{
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	. "$BATS_FILE_TMPDIR/one"
	registry_stop
}

setup()
{
	export HOME=$BATS_TEST_TMPDIR XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
	ALIASES=$BATS_TEST_TMPDIR/cache/containers/short-name-aliases.conf
	mkdir -p "$XDG_CONFIG_HOME/containers" "$BATS_TEST_TMPDIR/cache"
	mode permissive
	# root's aliases are the host's: here /var/cache is another
	# shellcheck disable=SC2016
	CPOD_WORDS=$(printf '%s\n' unshare --mount sh -c 'mount --bind "$0" /var/cache && exec "$@"' "$BATS_TEST_TMPDIR/cache" \
		"$CPOD" --root "$BATS_TEST_TMPDIR/store" --runroot "$BATS_TEST_TMPDIR/run")
	export CPOD_WORDS
}

conf()
{
	printf 'short-name-mode = "%s"\nunqualified-search-registries = ["127.0.0.1:1", "%s", "127.0.0.1:2"]\n[[registry]]\nlocation = "%s"\ninsecure = true\n' "$1" "$ONE" "$ONE"
}

mode() { conf "$1" > "$XDG_CONFIG_HOME/containers/registries.conf"; }
select_image() { run timeout 60 python3 "$BATS_TEST_DIRNAME/../rigs/selecting.py" "$@"; echo "$output"; }

# without a terminal, with the same /var/cache
pod()
{
	local words
	mapfile -t words <<< "$CPOD_WORDS"
	timeout 60 "${words[@]}" "$@" < /dev/null
}

@test "pull asks, and remembers what was selected and came" {
	select_image down,enter 0 127.0.0.1:1/team/img:v1 pull team/img:v1
	[ "$status" -eq 0 ]
	[[ $output == *"✔"*"$ONE/team/img:v1"*"Trying to pull $ONE/team/img:v1..."* ]]
	[ "$(< "$ALIASES")" = $'[aliases]\n  "team/img" = "'"$ONE"'/team/img"' ]
	[ "$(stat -c %a "$ALIASES")" = 600 ]
	run pod pull team/img:v1
	[ "$status" -eq 0 ]
	[[ $output == *'Resolved "team/img" as an alias (/var/cache/containers/short-name-aliases.conf)'* ]]
	# another stands beside it; what other programs wrote stays
	printf '[aliases]\n"x.y" = "q.io/\\u0078"\nzz = ""\n' >> "$ALIASES.new"
	sed 1d "$ALIASES" >> "$ALIASES.new" && mv "$ALIASES.new" "$ALIASES"
	select_image page,left,down,down,up,enter 0 127.0.0.1:1/plain:latest pull -q plain
	[ "$status" -eq 0 ]
	[ "$(< "$ALIASES")" = $'[aliases]\n  "team/img" = "'"$ONE"$'/team/img"\n  "x.y" = "q.io/x"\n  plain = "'"$ONE"$'/plain"\n  zz = ""' ]
}

@test "run and create ask, too" {
	mode enforcing
	select_image application-down,enter 0 127.0.0.1:1/plain:latest run --rm --network none plain echo "it runs"
	[ "$status" -eq 0 ]
	[[ $output == *"it runs"* ]]
	rm "$ALIASES"
	pod rmi -a
	select_image down,enter 0 127.0.0.1:1/team/img:v1 create --name made team/img:v1
	[ "$status" -eq 0 ]
	[ "$(pod inspect --format '{{.ImageName}}' made)" = "$ONE/team/img:v1" ]
	pod rm made
}

@test "what is not selected, or does not come, is not remembered" {
	for keys in cancel end down,cancel; do
		select_image "$keys" 125 127.0.0.1:1/plain:latest pull plain
		[ "$status" -eq 0 ]
		[[ $output == *"Error: no image was selected"* ]]
		[[ $output != *"Trying to pull"* ]]
	done
	select_image enter 125 127.0.0.1:1/plain:latest pull --retry 0 plain
	[ "$status" -eq 0 ]
	[[ $output == *"Trying to pull 127.0.0.1:1/plain:latest"* ]]
	[[ $output != *"Trying to pull $ONE"* ]]
	select_image killed -15 127.0.0.1:1/plain:latest pull plain
	[ "$status" -eq 0 ]
	[ ! -e "$ALIASES" ]
}

@test "a numbered list where nothing can be drawn" {
	export NO_COLOR=1
	select_image text:2 0 127.0.0.1:1/plain:latest pull -q plain
	[ "$status" -eq 0 ]
	[[ $output != *$'\x1b'* ]]
	grep -q "plain = \"$ONE/plain\"" "$ALIASES"
	for text in 0 4 '' x 99999999999999999999; do
		select_image "text:$text" 125 127.0.0.1:1/team/img:v1 pull team/img:v1
		[ "$status" -eq 0 ]
		[[ $output == *"Error: no image was selected"* ]]
	done
	unset NO_COLOR
	select_image rows=4 text:2 0 127.0.0.1:1/team/img:v1 pull team/img:v1
	[ "$status" -eq 0 ]
}

@test "nobody to ask: each in turn, or refused; disabled asks nobody" {
	run pod pull --retry 0 plain
	[ "$status" -eq 0 ]
	[[ $output == *'Resolving "plain" using unqualified-search registries'*"Trying to pull 127.0.0.1:1/plain:latest..."*"Trying to pull $ONE/plain:latest..."* ]]
	mode enforcing
	run pod pull plain
	[ "$status" -eq 125 ]
	[[ $output == *'short-name "plain" resolution enforced: it may be any of'* ]]
	mode disabled
	run timeout 60 python3 - <<-END
	import sys
	sys.path.insert(0, '$BATS_TEST_DIRNAME/../rigs')
	from terminal import Terminal
	t = Terminal('pull', '--retry', '0', 'plain')
	t.expect('Trying to pull 127.0.0.1:1/plain:latest')
	t.expect('Trying to pull $ONE/plain:latest')
	t.end(0)
	END
	echo "$output"
	[ "$status" -eq 0 ]
	[ ! -e "$ALIASES" ]
}

@test "an ordinary user's are his own" {
	local home status=0
	# shellcheck source=../rigs/user.sh
	. "$BATS_TEST_DIRNAME/../rigs/user.sh"
	home=$(mktemp -d "${TMPDIR:-/tmp}/cpod-it.XXXXXX")
	user_choose "$home" || { rm -rf "$home"; skip "no user with subordinate ids, and none can be made"; }
	mkdir -p "$home/.config/containers"
	conf enforcing > "$home/.config/containers/registries.conf"
	cp "$BATS_TEST_DIRNAME"/../rigs/{terminal,selecting}.py "$home"
	chown -R "$TEST_USER:" "$home"
	as_user env TERM=xterm CPOD_WORDS=cpod timeout 60 python3 selecting.py down,enter 0 127.0.0.1:1/plain:latest pull plain > "$BATS_TEST_TMPDIR/out" 2>&1 || status=$?
	told=$(cat "$home/.cache/containers/short-name-aliases.conf") owner=$(stat -c '%U %a' "$home/.cache/containers/short-name-aliases.conf")
	as_user cpod system reset -f > /dev/null 2>&1 || :
	rm -rf "$home"
	user_done
	cat "$BATS_TEST_TMPDIR/out"
	[ "$status" -eq 0 ]
	[ "$told" = $'[aliases]\n  plain = "'"$ONE"'/plain"' ]
	[ "$owner" = "$TEST_USER 600" ]
}
