# Flags of run and create that are seldom used: --ulimit host, --hosts-file image, --chrootdirs, --seccomp-policy, CDI devices …
# case ulimit-host
pod run --rm --network none --ulimit nofile=100:200 --ulimit host --ulimit core=0 $IMG sh -c 'test $(ulimit -Sn) -gt 200 && test $(ulimit -Sn) = $(ulimit -Hn) && echo host'
# case ulimit-wrong
pod create --ulimit bogus $IMG true
# case hosts-file-image
printf '1.2.3.4\tfoo bar\n# c\n5.6.7.8  other\n' >$TMP/hosts; c=$(pod create --network none $IMG true); pod cp $TMP/hosts $c:/etc/hosts; pod commit -q $c hostsimg >/dev/null; pod rm $c >/dev/null
pod run --rm --network none --hosts-file image hostsimg grep -E 'foo|other|#' /etc/hosts; pod run --rm --network none --hosts-file image $IMG grep -c foo /etc/hosts
pod create --name c --hosts-file image hostsimg true >/dev/null; pod inspect c --format '{{.HostConfig.HostsFile}} {{.UseImageHosts}}'; pod rmi -f hostsimg >/dev/null
# case no-hosts
pod create --name c --no-hosts $IMG true >/dev/null; pod inspect c --format '{{.UseImageHosts}}'
# case chrootdirs
pod run --rm --network host --chrootdirs /mnt --chrootdirs x/y $IMG sh -c 'ls /mnt/etc /x/y/etc; cmp /etc/hosts /mnt/etc/hosts && cmp /etc/resolv.conf /x/y/etc/resolv.conf && echo same'
pod run --rm --network none --chrootdirs /mnt $IMG ls /mnt/etc; pod run --rm --network none --no-hosts --chrootdirs /mnt $IMG ls /mnt; pod create --name c --chrootdirs /mnt,/x --chrootdirs y $IMG true >/dev/null; pod inspect c --format '{{.Config.ChrootDirs}}'
# case seccomp-policy
c=$(pod create --network none $IMG true); pod commit -q -c 'LABEL io.containers.seccomp.profile="{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\",\"mkdirat\"],\"action\":\"SCMP_ACT_ERRNO\"}]}"' $c secimg >/dev/null; pod rm $c >/dev/null
m() { pod run --rm --network none "$@" secimg sh -c 'mkdir /tmp/x 2>/dev/null && echo made || echo refused'; }
m; m --seccomp-policy default; m --seccomp-policy image; m --seccomp-policy ''; m --seccomp-policy image --security-opt seccomp=unconfined; m --seccomp-policy image --security-opt seccomp=/nosuch; pod rmi -f secimg >/dev/null
# case seccomp-policy-none
pod create --seccomp-policy image $IMG true
# case seccomp-policy-bad
c=$(pod create --network none $IMG true); pod commit -q -c 'LABEL io.containers.seccomp.profile=notjson' $c badsec >/dev/null; pod rm $c >/dev/null; pod create --seccomp-policy image badsec true; echo $?; pod rmi -f badsec >/dev/null
# case seccomp-policy-wrong
pod create --seccomp-policy bogus $IMG true
# case rdt-class
pod create --name c --rdt-class foo $IMG true >/dev/null; pod inspect c --format '{{.HostConfig.IntelRdtClosID}}'; pod run --rm --network none --rdt-class foo $IMG true
# case realtime
pod run --rm --network none --cpu-rt-period 1000 --cpu-rt-runtime 500 --kernel-memory 5m $IMG echo on
# case network-alias root-only: an ordinary user's containers have no bridge by themselves
pod create --name c --network-alias z,y --network-alias w $IMG true >/dev/null; pod inspect c --format '{{.NetworkSettings.Networks.podman.Aliases}}'
# case network-alias-bridge
pod create --name c --network podman --network-alias z $IMG true >/dev/null; pod inspect c --format '{{.NetworkSettings.Networks.podman.Aliases}}'; pod run --rm --network podman --network-alias z $IMG grep -cw z /etc/hosts
# case network-alias-wrong
for n in none host; do pod create --network $n --network-alias z $IMG true; echo $?; pod create --network $n --ip 10.88.0.9 $IMG true; echo $?; pod create --network $n --ip6 fd00::5 $IMG true; echo $?; pod create --network $n --mac-address 92:d0:c6:0a:29:33 $IMG true; echo $?; done
# case ip6
pod create --name c --network podman --ip6 fd00::5 $IMG true >/dev/null; echo $?; pod run --rm --network podman --ip6 fd00::5 $IMG true; echo $?; pod run --rm --network podman --ip 10.88.200.66 --ip6 fd00::5 $IMG true; echo $?; pod run --rm --network podman --ip 1.2.3.4 $IMG true
# case ip6-other-kind root-only: an ordinary user's bridge is not the host's
pod run --rm --network podman --ip6 10.88.200.55 $IMG ip -4 -o addr show eth0 | awk '{print $4}'
# case cgroups-split
pod create --name c --cgroups split $IMG true >/dev/null; pod inspect c --format '{{.HostConfig.Cgroups}} {{.HostConfig.CgroupMode}}'; pod create --cgroups split --cgroup-parent /foo $IMG true
# case signature-policy
pod run --rm --network none --signature-policy /nosuch $IMG echo here already
# case cdi-names
for d in v.com/cc=a v_1.com/c_2-x=a:b v.com/cc= /dev/v/cc=a v.com/c/d=a 1v/cc=a vv-/cc=a v.com/cc=-a; do pod create --device "$d" $IMG true >/dev/null 2>&1; echo "$d $?"; done; pod create --name g --gpus all $IMG true >/dev/null; pod inspect g --format '{{.HostConfig.Devices}}'
# case cdi-unresolvable
pod run --rm --network none --device v.com/cc=a $IMG true; echo $?; pod run --rm --network none --gpus all $IMG true; echo $?; c=$(pod create --network none --device v.com/cc=a $IMG true); pod start -a $c
# case cdi
mkdir -p $TMP/cdi $TMP/src; echo m >$TMP/src/f
cat >$TMP/cdi/v.json <<Y
{"cdiVersion":"0.7.0","kind":"vendor.com/class","containerEdits":{"env":["ALL=1"]},"devices":[{"name":"a","containerEdits":{"env":["A=1"],"mounts":[{"hostPath":"$TMP/src","containerPath":"/cdi/mnt","options":["ro","nosuid","rbind"]}]}},{"name":"b","containerEdits":{"env":["B=1"],"additionalGids":[77,0]}}]}
Y
r() { pod --cdi-spec-dir $TMP/cdi run --rm --network none "$@"; }
r --device vendor.com/class=a -e ALL=2 -e A=5 $IMG sh -c 'echo $A $B $ALL; cat /cdi/mnt/f; grep /cdi/mnt /proc/self/mountinfo | cut -d" " -f5,6'; r --device vendor.com/class=b $IMG sh -c 'echo $A $B $ALL'
c=$(pod --cdi-spec-dir $TMP/cdi create --network none --device vendor.com/class=b --device vendor.com/class=a $IMG sh -c 'echo $A $B'); pod inspect $c --format '{{.Mounts}} {{.HostConfig.Devices}}'; pod --cdi-spec-dir $TMP/cdi start -a $c
cp $TMP/cdi/v.json $TMP/cdi/w.json; r --device vendor.com/class=b $IMG true; echo $?; rm $TMP/cdi/w.json; echo '{' >$TMP/cdi/bad.json; r --device vendor.com/class=b $IMG sh -c 'echo $B'
# case cdi-groups root-only: an ordinary user's container shows them as it may have them
mkdir $TMP/cdi; echo '{"cdiVersion":"0.7.0","kind":"vendor.com/class","devices":[{"name":"b","containerEdits":{"additionalGids":[77,0]}}]}' >$TMP/cdi/v.json; pod --cdi-spec-dir $TMP/cdi run --rm --network none --device vendor.com/class=b $IMG id -G
# case cdi-nodes root-only: an ordinary user's container gets the host's own node
mkdir $TMP/cdi; echo '{"cdiVersion":"0.7.0","kind":"vendor.com/class","devices":[{"name":"a","containerEdits":{"deviceNodes":[{"path":"/dev/nully","hostPath":"/dev/null","permissions":"r"},{"path":"/dev/zero2","hostPath":"/dev/zero","fileMode":384,"uid":5,"gid":6},{"path":"/dev/xx","type":"c","major":1,"minor":3}]}}]}' >$TMP/cdi/v.json
pod --cdi-spec-dir $TMP/cdi run --rm --network none --device vendor.com/class=a $IMG stat -c '%n %a %u %g %t %T' /dev/nully /dev/zero2 /dev/xx
# case cdi-bad
mkdir $TMP/cdi; while read -r e; do echo "{\"kind\":\"v.com/cc\",$e}" >$TMP/cdi/v.json; pod --cdi-spec-dir $TMP/cdi run --rm --network none --device v.com/cc=a $IMG true 2>/dev/null; echo $?; done <<'Y'
"cdiVersion":"9.9.9","devices":[{"name":"a","containerEdits":{"env":["A=1"]}}]
"cdiVersion":"0.6.0","devices":[{"name":"a","containerEdits":{"env":["A"]}}]
"cdiVersion":"0.6.0","devices":[{"name":"a","containerEdits":{"env":["A=1"]},"foo":1}]
"cdiVersion":"0.6.0","devices":[{"name":"a","containerEdits":{}}]
"cdiVersion":"0.6.0","devices":[]
"cdiVersion":"0.6.0","devices":[{"name":"a","containerEdits":{"deviceNodes":[{"path":"/dev/nosuch"}]}}]
"cdiVersion":"0.6.0","devices":[{"name":"a","containerEdits":{"env":["A=1"],"hooks":[{"hookName":"bogus","path":"/bin/true"}]}}]
"cdiVersion":"0.6.0","devices":[{"name":"a","containerEdits":{"env":["A=1"],"additionalGids":[5]}}]
"cdiVersion":"0.4.0","devices":[{"name":"a","containerEdits":{"deviceNodes":[{"path":"/dev/n","hostPath":"/dev/null"}]}}]
"cdiVersion":"0.3.0","devices":[{"name":"a","containerEdits":{"mounts":[{"hostPath":"/tmp","containerPath":"/x","type":"bind","options":["bind"]}]}}]
"cdiVersion":"0.3.0","devices":[{"name":"a","containerEdits":{"env":["A=1"]}},{"name":"a","containerEdits":{"env":["A=1"]}}]
"cdiVersion":"0.3.0","devices":[{"name":"a","containerEdits":{"env":["A=1"]},"annotations":{"a":"b"}}]
"cdiVersion":"0.6.0","devices":[{"name":"a","containerEdits":{"env":["A=1"]},"annotations":{"a":"b"}}]
"cdiVersion":"0.3.0","devices":[{"name":"1","containerEdits":{"env":["A=1"]}},{"name":"a","containerEdits":{"env":["A=1"]}}]
"cdiVersion":"0.3.0","devices":[{"name":"a","containerEdits":{"env":["A=1"],"intelRdt":{"closID":"x"}}}]
Y
