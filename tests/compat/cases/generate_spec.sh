# case plain
pod create --name g --network none $IMG echo hi >/dev/null; pod generate spec g | jq 'del(.containerCreateCommand, .resource_limits.devices)'; pod generate spec g | jq -r 'keys_unsorted[]'
# case compact
pod create --name g --network none $IMG echo hi >/dev/null; pod generate spec -c g | wc -l; pod generate spec --compact g | jq -c 'del(.containerCreateCommand, .resource_limits.devices)'
# case text
pod create --name g --network none $IMG echo '<&>' >/dev/null; pod generate spec g | sed '/containerCreateCommand/,/]/d; /"devices": \[/,/^  ]/d'
# case name
pod create --name g --network none $IMG >/dev/null; pod generate spec g | jq -r .name; pod generate spec --name=false g | jq -r .name; pod generate spec -n=false g | jq -r .name; pod create --name g-clone --network none $IMG >/dev/null; pod generate spec g | jq -r .name; pod generate spec g-clone | jq -r .name
# case file
pod create --name g --network none $IMG >/dev/null; cd $TMP; pod generate spec -f out.json g; jq -r .name out.json; pod generate spec --filename $TMP/two.json -c g; wc -l < two.json; pod generate spec -f /nosuch/x g; echo $?; ls
# case wrong
pod generate spec nosuch; echo $?; pod generate spec; echo $?; pod generate spec a b; echo $?; pod generate spec --bogus a; echo $?
# case process
s() { pod create --name g --network none "$@" >/dev/null; pod generate spec g | jq -cS '{entrypoint, command, env, stdin, terminal, user, groups, umask, timezone, passwd_entry, hostusers, labels, annotations, privileged}'; pod rm -f g >/dev/null; }
s -it --privileged -e A=b -u alice -w /data --entrypoint '["/bin/x","y"]' $IMG a b c; s --entrypoint /bin/x $IMG; s --user 5:6 --group-add 7 --group-add wheel --umask 0077 --tz UTC $IMG; s --group-add keep-groups --passwd-entry x --hostuser root --label 'x=y=z' --annotation c=d --hostname foo $IMG; s --unsetenv PATH --cap-add NET_ADMIN --security-opt no-new-privileges --read-only --sysctl net.ipv4.ip_forward=1 $IMG
# case life
s() { pod create --name g --network none "$@" >/dev/null; pod generate spec g | jq -cS '{timeout, restart_policy, restart_tries, sdnotifyMode, volatile, stop_signal, stop_timeout, healthconfig, health_check_on_failure_action, startupHealthConfig, healthLogDestination, healthMaxLogCount, healthMaxLogSize, systemd, init}'; pod rm -f g >/dev/null; }
s --restart on-failure:3 --stop-signal USR1 --stop-timeout 5 --timeout 9 $IMG; s --restart always --sdnotify conmon --init $IMG; s --rm $IMG; s --health-cmd 'echo x' --health-interval 5s --health-retries 2 --health-start-period 1s --health-on-failure kill $IMG; s --health-cmd x --health-on-failure stop --health-startup-cmd y $IMG; s --health-cmd x --health-on-failure restart --health-log-destination /tmp --health-max-log-count 3 --health-max-log-size 100 $IMG; s --no-healthcheck $IMG; s --systemd always $IMG
# case namespaces
s() { pod create --name g --network none "$@" >/dev/null; pod generate spec g | jq -cS '{pidns, utsns, ipcns, userns, cgroupns, netns, idmappings, Networks, use_image_hosts, use_image_hostname, shm_size, shm_size_systemd}'; pod rm -f g >/dev/null; }
s --pid host --uts host --cgroupns host $IMG; s --pid private --uts private --cgroupns private --ipc private $IMG; s --ipc none $IMG; s --no-hosts --no-hostname --shm-size 10m $IMG; s --ipc shareable --shm-size-systemd 5m --systemd always $IMG; s --userns host $IMG
pod create --name of --network none $IMG >/dev/null; pod create --name g --network container:of --pid container:of --ipc container:of --uts container:of --cgroupns container:of $IMG >/dev/null;  pod generate spec g | jq -cS '{pidns, utsns, ipcns, userns, cgroupns, netns, Networks}'
# case ipc-host root-only: the ordinary user's rig of the recording has no /dev/mqueue
pod create --name g --network none --ipc host $IMG >/dev/null; pod generate spec g | jq -c .ipcns; pod rm -f g >/dev/null; pod create --name g --network host $IMG >/dev/null; pod generate spec g | jq -c '.netns, .Networks'
# case usermaps root-only: an ordinary user's maps are those of its subordinate ids
s() { pod create --name g --network none "$@" >/dev/null; pod generate spec g | jq -cS '{userns, idmappings}'; pod rm -f g >/dev/null; }
s --uidmap 0:1000:10 --uidmap 10:3000:5 --gidmap 0:2000:15 $IMG; s --uidmap 0:1000:10 $IMG
# case network root-only: an ordinary user's network is another
pod create --name g --network bridge -p 8080:80 -p 127.0.0.1:9000-9002:9000-9002/udp --hostname h --mac-address 02:00:00:00:00:01 $IMG >/dev/null; pod generate spec g | jq '.portmappings |= sort_by(.container_port) | {netns, portmappings, Networks}'
# case mounts
s() { pod create --name g --network none "$@" >/dev/null; pod generate spec g | jq -cS '((.mounts | arrays) |= sort_by(.destination)) | ((.volumes | arrays) |= sort_by(.Dest)) | {mounts, volumes, overlay_volumes, image_volumes}'; pod rm -f g >/dev/null; }
s -v /tmp:/x:ro -v vol1:/y -v vol2:/z:ro,U $IMG; s --mount type=tmpfs,dst=/t --tmpfs /u:size=1m --mount type=devpts,dst=/dp --mount type=bind,src=/tmp,dst=/a,bind-propagation=shared $IMG; s --mount type=image,src=$IMG,dst=/img $IMG 2>/dev/null; s -v /tmp:/x:O $IMG 2>/dev/null; s --rootfs / true; pod volume rm vol1 vol2 >/dev/null
# case secrets
printf x | pod secret create s1 - >/dev/null; pod create --name g --network none --secret s1 --secret s1,target=foo,uid=5,mode=0400 $IMG >/dev/null; pod generate spec g | jq -cS .secrets; pod rm g >/dev/null; pod create --name g --network none --secret s1,type=env,target=V $IMG >/dev/null; pod generate spec g | jq -cS .secret_env; pod secret rm s1 >/dev/null
# case devices root-only: an ordinary user's groups have no rules for devices
s() { pod create --name g --network none "$@" >/dev/null; pod generate spec g | jq -cS '.host_device_list, [.resource_limits.devices[] | select(.allow)]'; pod rm -f g >/dev/null; }
s --device /dev/null --device /dev/null:/dev/x --device /dev/zero:r $IMG; s --device /dev/null:/dev/n:rw --device-cgroup-rule 'c 1:3 r' --device-cgroup-rule 'b 8:* rwm' $IMG
# case limits root-only: an ordinary user may not have the controllers
s() { pod create --name g --network none "$@" >/dev/null; pod generate spec g | jq -cS '.resource_limits | del(.devices)'; pod rm -f g >/dev/null; }
s --memory 100m --memory-swap 200m --memory-reservation 50m $IMG; s --cpus 1.5 --cpu-shares 5 --cpuset-cpus 0 $IMG; s --memory 1g $IMG; s --cpuset-mems 0 --cpu-period 5000 --cpu-quota 2000 $IMG; s --pids-limit 20 $IMG; s --pids-limit -1 $IMG;  s --blkio-weight 30 --cgroup-conf a=b $IMG; s --memory 10m --memory-swap -1 $IMG
