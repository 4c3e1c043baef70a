#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# update: limits of containers that run, and what holds from the next start on.
load common

setup_file() { store_make; }
teardown_file() { store_remove; }
teardown() { cpod rm -fa -t 0 >/dev/null; }

# limit CONTROLLER V1-FILE V2-FILE: what the group of c has, wherever the controller is
limit()
{
	local group
	group=$(cpod inspect c --format '{{.State.CgroupPath}}')
	if [ -f "/sys/fs/cgroup/$1$group/$2" ]; then cat "/sys/fs/cgroup/$1$group/$2"
	elif [ -f "/sys/fs/cgroup$group/$3" ]; then cat "/sys/fs/cgroup$group/$3"
	else cat "/sys/fs/cgroup/unified$group/$3"; fi
}

@test "update: limits hold at once, for every process that is there, and after the next start" {
	cpod run -d --name c --network none busy sh -c 'sleep 100 & sleep 100 & wait'
	run cpod update --pids-limit 20 --memory 64m c
	[ "$status" = 0 ] && [ "$output" = "$(cpod inspect c --format '{{.Id}}')" ]
	[ "$(limit pids pids.max pids.max)" = 20 ]
	[ "$(limit memory memory.limit_in_bytes memory.max)" = 67108864 ]
	[ "$(limit pids pids.current pids.current)" -ge 3 ]
	[ "$(cpod inspect c --format '{{.HostConfig.PidsLimit}} {{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}')" = '20 67108864 134217728' ]
	run cpod exec c sh -c 'for i in $(seq 40); do sleep 5 & done'
	[ "$status" != 0 ] # it bites
	cpod update --memory 32m c
	[ "$(limit memory memory.limit_in_bytes memory.max)" = 33554432 ]
	cpod restart -t 0 c
	[ "$(limit pids pids.max pids.max)" = 20 ]
}

@test "update: what makes no sense, or cannot be, changes nothing" {
	cpod run -d --name c --network none --rm busy sleep 100
	run --separate-stderr cpod update --restart always c
	[ "$status" = 125 ] && [[ $stderr == *--rm* ]]
	run --separate-stderr cpod update --memory 64m --memory-swap 32m c
	[ "$status" = 125 ]
	run --separate-stderr cpod update --cpuset-cpus 5000 c
	[ "$status" = 125 ] && [[ $stderr == *--cpuset-cpus* ]]
	[ "$(cpod inspect c --format '{{.HostConfig.Memory}} {{.HostConfig.CpusetCpus}} {{.HostConfig.RestartPolicy.Name}}')" = '0  no' ]
}

@test "update: a restart policy that comes while it runs" {
	cpod run -d --name c --network none busy sh -c 'echo began; while [ ! -e /end ]; do sleep 0.05; done; rm /end; exit 3'
	cpod update --restart on-failure:1 c
	cpod exec c touch /end
	began_twice() { [ "$(cpod logs c | grep -c began)" = 2 ]; }
	eventually began_twice
	cpod update --restart no c
	cpod exec c touch /end
	[ "$(cpod wait c)" = 3 ]
	[ "$(cpod inspect c --format '{{.RestartCount}}')" = 1 ]
}
