# More keys of containers.conf: what they do to containers.
# case host-internal
c() { printf '[%s]\n%s\n' "$1" "$2" >$TMP/conf; export CONTAINERS_CONF_OVERRIDE=$TMP/conf; }
for ip in 1.2.3.4 none bogus; do c containers "host_containers_internal_ip=\"$ip\""; for n in none host; do pod run --rm --network $n $IMG grep -w host.containers.internal /etc/hosts; done; done
c containers 'host_containers_internal_ip="1.2.3.4"'; pod run --rm --network none --add-host x:host-gateway $IMG grep -w x /etc/hosts
c containers 'host_containers_internal_ip="none"'; pod run --rm --network none --add-host x:host-gateway $IMG grep -w x /etc/hosts
# case log-path
mkdir $TMP/lp; printf '[containers]\nlog_path="%s"\n' $TMP/lp >$TMP/conf; export CONTAINERS_CONF_OVERRIDE=$TMP/conf
pod run --name c --network none $IMG echo hi; pod inspect c --format '{{.HostConfig.LogConfig.Path}}'; pod logs c; (cd $TMP/lp && find * | sed 's/[0-9a-f]\{64\}/ID/' | sort); pod create --name d --log-opt path=/tmp/xx $IMG true >/dev/null; pod inspect d --format '{{.HostConfig.LogConfig.Path}}'
pod rm c >/dev/null; ls $TMP/lp | wc -l; printf '[containers]\nlog_path="%s"\n' $TMP/one.log >$TMP/conf; pod run --rm --network none $IMG echo there; cut -d' ' -f 2- $TMP/one.log
# case keyring
printf '[containers]\nkeyring=false\n' >$TMP/conf; export CONTAINERS_CONF_OVERRIDE=$TMP/conf; pod run --rm --network none $IMG echo runs
# case no-effect
for k in 'containers] interface_name="device"' 'containers] label=false' 'containers] userns_size=1000' 'engine] network_cmd_path="/nonexist"' 'engine] network_cmd_options=["mtu=1000"]'; do printf '[%s\n' "$k" | tr ' ' '\n' >$TMP/conf; CONTAINERS_CONF_OVERRIDE=$TMP/conf pod run --rm --network none $IMG echo runs; done
# case rootless-network-cmd
for w in pasta bogus; do printf '[network]\ndefault_rootless_network_cmd="%s"\n' $w >$TMP/conf; CONTAINERS_CONF_OVERRIDE=$TMP/conf pod create $IMG true >/dev/null; echo $?; done
# case pasta-options
printf '[network]\npasta_options=["-I","foo0"]\n' >$TMP/conf; export CONTAINERS_CONF_OVERRIDE=$TMP/conf; pod run --rm $IMG sh -c 'ls /sys/class/net | grep -c foo0'; pod create --name c $IMG true >/dev/null; pod inspect c --format '{{.HostConfig.NetworkMode}}'
# case cdi-spec-dirs
mkdir $TMP/cdi $TMP/none; echo '{"cdiVersion":"0.6.0","kind":"v.com/cc","devices":[{"name":"a","containerEdits":{"env":["A=1"]}}]}' >$TMP/cdi/x.json; printf '[engine]\ncdi_spec_dirs=["%s"]\n' $TMP/cdi >$TMP/conf; export CONTAINERS_CONF_OVERRIDE=$TMP/conf
pod run --rm --network none --device v.com/cc=a $IMG sh -c 'echo $A'; pod --cdi-spec-dir $TMP/none run --rm --network none --device v.com/cc=a $IMG true; echo $?
