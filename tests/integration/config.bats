#!/usr/bin/env bats
# containers.conf: what a wrong one says, and `config show`. What it does to containers is in tests/compat/cases/conf.sh.

setup()
{
	DIR=$BATS_TEST_TMPDIR
	export CONTAINERS_CONF=$DIR/c.conf
}

c()
{
	"$CPOD" --root "$DIR/root" --runroot "$DIR/run" "$@"
}

@test "an unknown key is a warning with file and line" {
	printf '[containers]\n\nbogus = 1\n[nonsense]\nx = 1\n' > "$CONTAINERS_CONF"
	run c create hello
	[ "$status" -eq 0 ]
	[[ "$output" == *"$CONTAINERS_CONF:3: there is no key containers.bogus"* ]]
	[[ "$output" == *"$CONTAINERS_CONF:5: there is no key nonsense.x"* ]]
}

@test "a key that is not done is a warning, one of the wrong type or value refuses" {
	printf '[engine]\nnamespace = "x"\n' > "$CONTAINERS_CONF"
	run c create hello
	[ "$status" -eq 0 ]
	[[ "$output" == *"$CONTAINERS_CONF:2: engine.namespace is not done yet"* ]]
	printf '[containers]\ninit = 3\n' > "$CONTAINERS_CONF"
	run c create hello
	[ "$status" -eq 125 ]
	[ "$output" = "Error: $CONTAINERS_CONF:2: containers.init has a number where true or false is expected" ]
	printf '[containers]\n# a comment\numask = "9"\n' > "$CONTAINERS_CONF"
	run c create hello
	[ "$status" -eq 125 ]
	[[ "$output" == "Error: $CONTAINERS_CONF:3: containers.umask: "* ]]
}

@test "verbs that take nothing from it do not read it" {
	printf '[containers\n' > "$CONTAINERS_CONF"
	run c ps
	[ "$status" -eq 0 ]
	run c create hello
	[ "$status" -eq 125 ]
	[[ "$output" == *"line 1"* ]]
}

@test "engine.env is the environment of the command" {
	printf '[engine]\nenv = ["XYZ=from-conf"]\n' > "$CONTAINERS_CONF"
	c create --name c -e XYZ hello
	run c inspect c --format '{{.Config.Env}}'
	[[ "$output" == *XYZ=from-conf* ]]
}

@test "config show: values, origins, tables, JSON" {
	printf '[containers]\ntz = "UTC"\ndns_servers = ["1.1.1.1", "1.0.0.1"]\n' > "$CONTAINERS_CONF"
	printf '[containers]\ndns_servers = ["9.9.9.9", {append=true}]\n' > "$DIR/m.conf"
	[ "$(c config show --format '{{.Key}}={{.Value}}' containers.tz)" = containers.tz=UTC ]
	[ "$(c config show --format '{{.Origin}}' containers.tz)" = "$CONTAINERS_CONF:2" ]
	[ "$(c config show --format '{{.Value}} {{.Origin}}' containers.umask)" = "0022 default" ]
	[ "$(c --module "$DIR/m.conf" config show --format '{{.Value}} {{.Origin}}' containers.dns_servers)" = "[\"1.1.1.1\", \"1.0.0.1\", \"9.9.9.9\"] $DIR/m.conf:2" ]
	[ "$(c config show --set | wc -l)" -eq 3 ]
	[ "$(c config show --format json secrets | python3 -c 'import json,sys; print([r["Key"] for r in json.load(sys.stdin)])')" = "['secrets.driver', 'secrets.opts']" ]
	run c config show --origin engine.runtime
	[[ "$output" == *"none: containers are run by this program itself" ]]
	run c config show nonsense
	[ "$status" -eq 125 ]
	[[ "$output" == *'no key or table "nonsense"'* ]]
}
