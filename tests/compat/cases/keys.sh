# keys: the members of JSON output and their types.
# case container
echo x | pod secret create keys-secret - >/dev/null; pod create --name c --network none -l a=b -e A=1 -p 8080:80 --expose 90/udp --init --tz UTC --cap-add NET_ADMIN --cap-drop CHOWN  --add-host a:1.1.1.1 --group-add 5 --security-opt no-new-privileges --tmpfs /t -v /tmp:/m:ro -v keys-volume:/v --device /dev/null --ulimit core=1:2 --health-cmd true --health-interval 5s --health-retries 2 --health-timeout 3s --health-start-period 1s --health-startup-cmd true --health-startup-interval 2s --secret keys-secret --restart on-failure:3 --stop-signal INT --stop-timeout 3 --systemd=false --umask 0027 --user 0 --workdir / --hostname box --annotation x=y --cidfile $TMP/cid --pidfile $TMP/pid --log-driver k8s-file --oom-score-adj 100 --read-only --entrypoint sleep $IMG 1000 >/dev/null
pod start c >/dev/null; pod inspect --size c | keys | grep -vE '^(NetworkSettings.Networks|Config.Annotations|HostConfig.Annotations|HostConfig.LogConfig.Config|State.CgroupPath|HostConfig.Ulimits|State.Health.Log|HostConfig.Devices\.)'; pod rm -f -t 0 c >/dev/null; pod volume rm keys-volume >/dev/null; pod secret rm keys-secret >/dev/null
# case image
pod image inspect $IMG | keys | grep -v '^GraphDriver.Data.'; pod history --format json $IMG | keys; pod images --format json | keys
# case ps
pod create --name c --network none -l a=b -p 80:80 --expose 90 -v /tmp:/m $IMG true >/dev/null; pod ps -a --format json | keys; pod ps -a --size --format json | keys | grep Size
# case volume-secret
pod volume create -l a=b -o type=tmpfs -o device=tmpfs v >/dev/null; pod volume inspect v | keys; pod volume ls --format json | keys; pod volume rm v >/dev/null; echo x | pod secret create -l a=b s - >/dev/null; pod secret inspect s | keys; pod secret inspect --showsecret s | keys | grep Data; pod secret rm s >/dev/null
# case info
pod info --format json | keys | grep -vE '^(host.cgroupControllers|host.conmon|host.idMappings.*\[|host.distribution|plugins.*\[|registries.|store.graphOptions|store.graphStatus|host.pasta|host.slirp|host.ociRuntime|version.CpodVersion)'; pod version --format json | keys | grep Client | grep -v CpodVersion
# case stats-df
up c sleep 1000; pod stats --no-stream --format json c | keys; pod system df --format json | keys
# case mount-diff
pod create --name c --network none $IMG true >/dev/null; pod mount --format json | keys; pod diff --format json c | jq -r 'keys[]'
# case events
up keys-case sleep 1000; pod events --stream=false --since 1m --filter container=keys-case --filter event=start --format json | keys | grep -v User; pod rm -f -t 0 keys-case >/dev/null; pod events --stream=false --since 1m --filter container=keys-case --filter event=died --format json | keys | grep -v User
