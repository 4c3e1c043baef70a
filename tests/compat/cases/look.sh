# case ps-empty
pod ps
# case ps-table
pod create --network none --name c $IMG sleep 5 >/dev/null; pod ps -a --format '{{.Names}}\t{{.Image}}\t{{.Command}}\t{{.Status}}\t{{.Ports}}'
# case ps-columns
pod create --network none --name c $IMG sleep 5 >/dev/null; pod ps -a | head -1
# case ps-quiet-no-trunc
pod create --network none --name c $IMG true >/dev/null; pod ps -aq | wc -c; pod ps -aq --no-trunc | wc -c
# case ps-table-format
pod create --network none --name c $IMG true >/dev/null; pod ps -a --format 'table {{.Names}} {{.Image}}'
# case ps-json-keys
pod create --network none --name c $IMG true >/dev/null; pod ps -a --format json | jq -r '.[0] | keys[]'
# case ps-noheading
pod create --network none --name c $IMG true >/dev/null; pod ps -a --noheading | wc -l
# case ps-last
pod create --network none --name a $IMG true >/dev/null; pod create --network none --name b $IMG true >/dev/null; pod ps -n 1 --format '{{.Names}}'; pod ps -l --format '{{.Names}}'
# case ps-filter-name
pod create --network none --name abc $IMG true >/dev/null; pod create --network none --name xyz $IMG true >/dev/null; pod ps -a --filter name=b --format '{{.Names}}'
# case ps-filter-status
pod create --network none --name a $IMG true >/dev/null; up b sleep 100; pod ps -a --filter status=created --format '{{.Names}}'; pod ps -a --filter status=running --format '{{.Names}}'
# case ps-filter-label
pod create --network none --name a -l k=v $IMG true >/dev/null; pod create --network none --name b $IMG true >/dev/null; pod ps -a --filter label=k --format '{{.Names}}'; pod ps -a --filter label=k=v --format '{{.Names}}'; pod ps -a --filter label=k=w --format '{{.Names}}'
# case ps-filter-exited
pod run --network none --name a $IMG sh -c 'exit 3'; pod ps -a --filter exited=3 --format '{{.Names}}'; pod ps -a --filter exited=4 --format '{{.Names}}'
# case ps-filter-ancestor
pod create --network none --name a $IMG true >/dev/null; pod ps -a --filter ancestor=busy --format '{{.Names}}'
# case ps-filter-bad
pod ps --filter nosuch=1
# case ps-filter-bad-status
pod ps --filter status=nosuch
# case ps-sort
pod create --network none --name b $IMG true >/dev/null; pod create --network none --name a $IMG true >/dev/null; pod ps -a --sort names --format '{{.Names}}'
# case ps-bad-sort
pod ps -a --sort nosuch
# case ps-bad-template
pod create --network none --name c $IMG true >/dev/null; pod ps -a --format '{{.NoSuch}}'
# case ps-broken-template
pod ps -a --format '{{.Names'
# case ps-size
pod create --network none --name c $IMG true >/dev/null; pod ps -a --size --format '{{.Size}}' | wc -l
# case ps-exited-status
pod run --network none --name c $IMG sh -c 'exit 4'; pod ps -a --format '{{.Status}}' | cut -d' ' -f1,2
# case ps-labels
pod create --network none --name c -l a=1 -l b=2 $IMG true >/dev/null; pod ps -a --format '{{.Labels}}'; pod ps -a --format '{{.Label "a"}}'
# case inspect-state
pod run --network none --name c $IMG sh -c 'exit 5'; until [ "$(pod inspect c --format '{{.State.Status}}')" = exited ]; do :; done; pod inspect c --format '{{.State.Status}} {{.State.ExitCode}} {{.State.Running}} {{.State.OOMKilled}} {{.State.Paused}}'
# case inspect-config
pod create --network none --name c -e A=1 -w /tmp -u alice -h box -it $IMG a b >/dev/null; pod inspect c --format '{{.Config.Cmd}} {{.Config.WorkingDir}} {{.Config.User}} {{.Config.Hostname}} {{.Config.Tty}} {{.Config.OpenStdin}} {{.Config.Env}}'
# case inspect-host-config
pod create --network none --name c --cap-add NET_ADMIN --read-only --privileged=false --memory-swappiness 0 $IMG true >/dev/null; pod inspect c --format '{{.HostConfig.CapAdd}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.NetworkMode}} {{.HostConfig.Privileged}} {{.HostConfig.AutoRemove}}'
# case inspect-keys
pod create --network none --name c $IMG true >/dev/null; pod inspect c | jq -r '.[0] | keys[]'
# case inspect-config-keys
pod create --network none --name c $IMG true >/dev/null; pod inspect c | jq -r '.[0].Config | keys[]'
# case inspect-state-keys
pod create --network none --name c $IMG true >/dev/null; pod inspect c | jq -r '.[0].State | keys[]'
# case inspect-host-config-keys
pod create --network none --name c $IMG true >/dev/null; pod inspect c | jq -r '.[0].HostConfig | keys[]'
# case inspect-network-keys
pod create --network none --name c $IMG true >/dev/null; pod inspect c | jq -r '.[0].NetworkSettings | keys[]'
# case inspect-mounts
pod create --network none --name c -v vol:/m -v /tmp:/t:ro $IMG true >/dev/null; pod inspect c --format '{{range .Mounts}}{{.Type}} {{.Destination}} {{.RW}};{{end}}'; pod rm c; pod volume rm vol
# case inspect-id-names
pod create --network none --name c $IMG true >/dev/null; pod inspect c --format '{{.ID}}' | wc -c; pod inspect c --format '{{.Id}}' | wc -c; pod inspect c --format '{{.Name}} {{.ImageName}}'
# case inspect-path-args
pod create --network none --name c $IMG sleep 5 >/dev/null; pod inspect c --format '{{.Path}} {{.Args}}'
# case inspect-json-function
pod create --network none --name c -l a=1 $IMG true >/dev/null; pod inspect c --format '{{json .Config.Labels}}'
# case inspect-missing
pod inspect nosuch
# case inspect-two-one-missing
pod create --network none --name c $IMG true >/dev/null; pod inspect c nosuch --format '{{.Name}}'
# case inspect-type
pod inspect --type image $IMG --format '{{.Os}}'; pod inspect --type container $IMG
# case inspect-bad-type
pod inspect --type nosuch $IMG
# case inspect-no-words
pod inspect
# case inspect-size
pod create --network none --name c $IMG true >/dev/null; pod container inspect --size c --format '{{.SizeRw}}'
# case images-table
pod images --format '{{.Repository}} {{.Tag}} {{.ID}}'
# case images-columns
pod images | head -1
# case images-quiet
pod images -q | wc -l; pod images -q --no-trunc | cut -c1-7
# case images-digests
pod images --digests | head -1
# case images-filter
pod images --filter reference=busy -q | wc -l; pod images --filter reference=nosuch -q | wc -l; pod images --filter dangling=true -q | wc -l
# case images-name
pod images busy --format '{{.Repository}}'; pod images nosuch --format '{{.Repository}}'
# case images-json-keys
pod images --format json | jq -r '.[0] | keys[]'
# case images-bad-filter
pod images --filter nosuch=1
# case tag
pod tag $IMG other:v2 localhost/third; pod images --format '{{.Repository}}:{{.Tag}}' | sort; pod untag other:v2; pod rmi third
# case tag-missing
pod tag nosuch x
# case tag-bad
pod tag $IMG 'UP:x'
# case untag-missing-name
pod untag $IMG nosuch
# case image-exists
pod image exists $IMG; echo $?; pod image exists nosuch; echo $?
# case rmi-missing
pod rmi nosuch
# case rmi-missing-ignored
pod rmi -i nosuch
# case rmi-tag-only
pod tag $IMG busy:two; pod rmi busy:two
# case history
pod history $IMG --format '{{.CreatedBy}} {{.Size}} {{.Comment}}'
# case history-columns
pod history $IMG | head -1
# case history-quiet
pod history -q $IMG
# case history-missing
pod history nosuch
# case image-inspect
pod image inspect $IMG --format '{{.Architecture}} {{.Os}} {{.Config.Cmd}} {{.Config.Env}} {{.RepoTags}} {{.Labels}}'
# case image-inspect-keys
pod image inspect $IMG | jq -r '.[0] | keys[]'
# case image-inspect-missing
pod image inspect nosuch
# case save-load
pod save -q -o $TMP/s.tar $IMG; pod rmi -f $IMG >/dev/null; pod load -q -i $TMP/s.tar
# case save-stdout-load-stdin
pod save -q $IMG > $TMP/s.tar; pod load -q < $TMP/s.tar
# case save-oci
pod save -q --format oci-archive -o $TMP/o.tar $IMG; tar tf $TMP/o.tar | grep -c '^blobs/sha256/.'; pod load -q -i $TMP/o.tar
# case save-missing
pod save -q -o $TMP/x.tar nosuch; ls $TMP/x.tar
# case save-bad-format
pod save --format nosuch -o $TMP/x.tar $IMG
# case load-missing
pod load -i $TMP/nosuch
# case load-not-an-archive
echo junk > $TMP/j; pod load -q -i $TMP/j
# case image-prune
pod image prune -f
# case version-format
pod version --format '{{.Client.Os}}'
# case info-format
pod info --format '{{.Host.OS}} {{.Store.GraphDriverName}}'
# case unknown-command
pod nosuch
# case unknown-subcommand
pod image nosuch
# case login-status
pod login --get-login --authfile $TMP/auth.json registry.example
# case logout-not-logged-in
pod logout --authfile $TMP/auth.json registry.example
# case pull-refused
pod pull -q --retry 0 127.0.0.1:1/x
# case pull-bad-reference
pod pull 'bad ref'
# case inspect-line-ends
pod create --network none --name a -e X=1 $IMG true >/dev/null; pod create --network none --name b $IMG true >/dev/null; for t in '{{.Name}}' '{{.Name}}\n' '{{.Name}}{{"\n"}}' '{{range .Config.Cmd}}{{.}}{{"\n"}}{{end}}' '{{range .Config.Cmd}}{{println .}}{{end}}' '{{println .Name}}' '{{"\n"}}x' 'x\ny' '{{printf "x\n"}}' 'x{{println}}'; do echo "[$t]"; pod inspect a b --format "$t"; done
# case images-partial-names
pod tag $IMG 127.0.0.1:5000/team/app:one; pod tag $IMG 127.0.0.1:5000/team/app:two; for n in app team/app app:one team/app:one eam/app 127.0.0.1:5000/team/app 127.0.0.1:5000/team/app:two team; do echo "$n: $(pod images --format '{{.Repository}}:{{.Tag}}' $n | sort | xargs)"; done; pod images --format '{{.Tag}}' --filter reference='team/*' | sort; pod untag $IMG 127.0.0.1:5000/team/app:one 127.0.0.1:5000/team/app:two
# case rmi-all-goes-on
one; two; three; pod save -q -o $TMP/s.tar $IMG; for i in 1 2 3; do layered localhost/all$i:v1 $TMP/$i; done; pod create --network none --name a localhost/all2:v1 x >/dev/null; pod rmi -a >$TMP/out; echo $?; grep -c '^Untagged: localhost/' $TMP/out; pod images --format '{{.Repository}}' | sort; pod rm a >/dev/null; pod rmi localhost/all2:v1 >/dev/null; pod load -q -i $TMP/s.tar >/dev/null
