# container clone
# case name
pod create --name c --network none -e A=b --label x=y -w /tmp $IMG sleep 100 >/dev/null; pod container clone c | wc -c; pod ps -a --format '{{.Names}} {{.Status}}' | sort; pod inspect c-clone --format '{{.Config.Cmd}} {{.Config.WorkingDir}} {{.Config.Labels.x}} {{.State.Status}} {{.ImageName}}'; pod inspect c-clone --format '{{.Config.Env}}' | grep -c A=b
# case twice
pod create --name c --network none $IMG sleep 100 >/dev/null; pod container clone c >/dev/null; pod container clone c >/dev/null; pod container clone c-clone >/dev/null; pod ps -a --format '{{.Names}}' | sort
# case with-name
pod create --name c --network none $IMG sleep 100 >/dev/null; pod container clone --name d c >/dev/null; pod container clone c e >/dev/null; pod container clone --name f c g >/dev/null; pod ps -a --format '{{.Names}}' | sort
# case name-taken
pod create --name c --network none $IMG sleep 100 >/dev/null; pod container clone --name c c; echo $?; pod ps -a --format '{{.Names}}'
# case image
pod create --name c --network none $IMG sleep 100 >/dev/null; pod tag $IMG other:v1; pod container clone c d other:v1 >/dev/null; pod inspect d --format '{{.ImageName}} {{.Config.Cmd}}'; pod rm d >/dev/null; pod untag $IMG localhost/other:v1
# case image-missing
pod create --name c --network none $IMG sleep 100 >/dev/null; pod container clone c d nosuch.invalid/x:1 2>/dev/null; echo $?; pod ps -a --format '{{.Names}}'
# case missing
pod container clone nosuch
# case nothing
pod container clone
# case too-many
pod container clone a b c d
# case run root-only: the reference gives the copy a network, which the recording host does not let a user have
pod create --name c --network none $IMG sh -c 'echo hi; sleep 100' >/dev/null; pod container clone --run c | wc -c; pod ps --format '{{.Names}}'
# case destroy
pod create --name c --network none $IMG sleep 100 >/dev/null; pod container clone --destroy c >/dev/null; pod ps -a --format '{{.Names}}'
# case destroy-running
up c sleep 100; pod container clone --destroy c >/dev/null; echo $?; pod ps -a --format '{{.Names}}' | sort
# case destroy-force
up c sleep 100; pod container clone --destroy --force c >/dev/null; echo $?; pod ps -a --format '{{.Names}} {{.State}}'
# case force-alone
pod create --name c --network none $IMG sleep 100 >/dev/null; pod container clone --force c; echo $?; pod ps -a --format '{{.Names}}'
# case memory
pod create --name c --network none --memory 100m $IMG sleep 100 >/dev/null; pod container clone c >/dev/null; pod inspect c-clone --format '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}'; pod container clone --memory 50m c d >/dev/null; pod inspect d --format '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}'
# case cpus
pod create --name c --network none --cpus 1 $IMG sleep 100 >/dev/null; pod container clone --cpus 2 c >/dev/null; pod inspect c-clone --format '{{.HostConfig.NanoCpus}} {{.HostConfig.CpuPeriod}} {{.HostConfig.CpuQuota}}'; pod container clone --cpu-shares 300 c d >/dev/null; pod inspect d --format '{{.HostConfig.CpuShares}} {{.HostConfig.NanoCpus}}'
# case volume
pod create --name c --network none -v named:/n -v /anon $IMG sleep 100 >/dev/null; pod container clone c >/dev/null; pod inspect c-clone --format '{{range .Mounts}}{{.Destination}} {{.Type}} {{eq .Name "named"}}{{"\n"}}{{end}}' | sort; a=$(pod inspect c --format '{{range .Mounts}}{{println .Name}}{{end}}' | sort); b=$(pod inspect c-clone --format '{{range .Mounts}}{{println .Name}}{{end}}' | sort); test "$a" = "$b"; echo same $?; pod rm -f c c-clone >/dev/null; pod volume rm -fa >/dev/null
# case files root-only: see run
up c sh -c 'echo x >/new; sleep 100'; pod container clone --run c >/dev/null; pod exec c-clone cat /new
# case files-created
pod create --name c --network none $IMG sleep 100 >/dev/null; echo hi >$TMP/f; pod cp $TMP/f c:/f; pod container clone c >/dev/null; pod diff c-clone
# case rootfs
mkdir $TMP/r; pod create --name c --network none --rootfs $TMP/r /x >/dev/null; pod container clone c >/dev/null; echo $?; pod ps -a --format '{{.Names}}' | sort
# case create-command
pod create --name c --network none $IMG sleep 100 >/dev/null; pod container clone c >/dev/null; pod inspect c-clone --format '{{.Config.CreateCommand}}' | sed 's/.* create/create/'
# case restart-policy
pod create --name c --network none --restart on-failure:3 --health-cmd true $IMG sleep 100 >/dev/null; pod container clone c >/dev/null; pod inspect c-clone --format '{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}} {{.Config.Healthcheck.Test}}'
# case rm-flag
pod create --name c --network none --rm $IMG sleep 100 >/dev/null; pod container clone c >/dev/null; pod inspect c-clone --format '{{.HostConfig.AutoRemove}}'
