#!/usr/bin/env bats
# flags.bats - flags of run that look at the host: --cgroups=split, --device VENDOR/CLASS=NAME. Root is needed.
# CPOD and CPOD_LIBEXEC: the built program.

bats_require_minimum_version 1.5.0
load common

setup_file() { store_make; }
teardown_file() { store_remove; }

@test "--cgroups=split: the container and who started it are beside each other, below the group they were started in" {
	local tree=/sys/fs/cgroup/unified group
	[ -d $tree ] || tree=/sys/fs/cgroup
	group=$tree/cpod-split-$$
	mkdir $group 2>/dev/null || skip "no control group can be made here"
	run -0 bash -c 'echo $$ >$1/cgroup.procs || exit 1; shift; "$@"; "$@"' split $group "$CPOD" --root "$STORE/root" --runroot "$STORE/run" \
		run --rm --network none --cgroups split --cgroupns host busy sh -c 'sed -n s/^0:://p /proc/self/cgroup'
	[[ ${lines[0]} == */cpod-split-$$/libpod-payload-* && ${lines[1]} == */cpod-split-$$/libpod-payload-* ]]
	[ "$(cd $group && ls -d */)" = runtime/ ]
	eventually rmdir $group/runtime # the monitor ends a little later
	rmdir $group
}

@test "--cgroups=split is refused in the root of the tree" {
	[ "$(sed -n s/^0:://p /proc/self/cgroup)" = / ] || skip "this is a group of its own"
	run -126 cpod run --rm --network none --cgroups split busy true
	[[ $output == *"--cgroups=split needs a control group of the caller's own"* ]]
}

@test "CDI: a YAML specification is read by run and by start, what is not done is told" {
	mkdir "$BATS_TEST_TMPDIR/cdi"
	printf 'cdiVersion: 0.5.0\nkind: v.com/cc\ndevices:\n- name: dev\n  containerEdits:\n    env: [A=1]\n- name: hooked\n  containerEdits:\n    hooks:\n    - {hookName: createContainer, path: /bin/true}\n' >"$BATS_TEST_TMPDIR/cdi/a.yaml"
	run -0 cpod --cdi-spec-dir "$BATS_TEST_TMPDIR/cdi" run --rm --network none --device v.com/cc=dev busy sh -c 'echo A is $A'
	[ "$output" = "A is 1" ]
	cpod --cdi-spec-dir "$BATS_TEST_TMPDIR/cdi" create --name cdi --network none --device v.com/cc=dev busy sh -c 'echo A is $A'
	run -0 cpod start -a cdi
	[ "$output" = "A is 1" ]
	cpod rm cdi
	run -125 cpod --cdi-spec-dir "$BATS_TEST_TMPDIR/cdi" run --rm --network none --device v.com/cc=hooked busy true
	[[ $output == *"hooks of a CDI specification is not done"* ]]
}
