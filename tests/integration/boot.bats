#!/usr/bin/env bats
# boot.bats - what runs again after a host has started. Which containers are meant is compared with Podman in tests/compat/cases/restart.sh.
load common

setup_file() { store_make; }
teardown_file() { store_remove; }

@test "system start-all: after a boot, what is to run runs, and goes on after one that cannot" {
	cpod run -d --name always --network none --restart always localhost/busy sleep 100
	cpod run -d --name kept --network none --restart unless-stopped localhost/busy sleep 100
	cpod run -d --name stopped --network none --restart unless-stopped localhost/busy sleep 100
	cpod run -d --name other --network none localhost/busy sleep 100
	mkdir "$BATS_TEST_TMPDIR/gone"
	cpod run -d --name broken --network none --restart always -v "$BATS_TEST_TMPDIR/gone:/x" localhost/busy sleep 100
	cpod stop -t 0 stopped
	for name in always kept other broken; do
		kill -9 "$(cpod inspect "$name" --format '{{.State.ConmonPid}}')" "$(cpod inspect "$name" --format '{{.State.Pid}}')"
	done
	rm -rf "$STORE/run" "$BATS_TEST_TMPDIR/gone"
	run cpod system start-all
	[ "$status" -eq 125 ]
	[[ "$output" == *"$BATS_TEST_TMPDIR/gone"* ]]
	[ "$(cpod ps --format '{{.Names}}' | sort | xargs)" = "always kept" ]
}

@test "who asks for a start at boot is told once that nothing does it" {
	[ ! -e /etc/systemd/system/default.target.wants/cpod-restart.service ] || skip "it is set up on this host"
	other() { "$CPOD" --root "$BATS_TEST_TMPDIR/root" --runroot "$BATS_TEST_TMPDIR/run" "$@"; }
	other load -q -i "$STORE/image.tar"
	[ -z "$(other create --network none localhost/busy true 2>&1 >/dev/null)" ]
	[[ "$(other create --network none --restart always localhost/busy true 2>&1 >/dev/null)" == *"no container starts again by itself after a boot"* ]]
	[ -z "$(other create --network none --restart always localhost/busy true 2>&1 >/dev/null)" ]
	[ -z "$(other create --network none --restart unless-stopped localhost/busy true 2>&1 >/dev/null)" ]
}
