# names: every name of ../names.txt after --format '{{.', and what its value can be asked.
# case container-created root-only: the ulimits of an ordinary user are the session's
pod create --name c --network none $IMG sleep 1000 >/dev/null; names 'container inspect' c
# case container-running
pod run -d --name c --network none -l a=b $IMG sleep 1000 >/dev/null; names 'container inspect' c
# case image-inspect
names 'image inspect' $IMG
# case volume-inspect
pod volume create v >/dev/null; names 'volume inspect' v; pod volume rm v
# case volume-ls
pod volume create v >/dev/null; names 'volume ls' --filter name=v; pod volume rm v
# case secret
echo x | pod secret create s - >/dev/null; names 'secret inspect' s; names 'secret ls'; pod secret rm s >/dev/null
# case info-version
names info; ONLY=Client names version; for n in APIVersion BuildOrigin Built BuiltTime GitCommit GoVersion Os OsArch Version; do pod version --format "{{if .Server.$n}}{{end}}$n ok"; done
# case ps
up c sleep 1000; names ps --size
# case ps-namespaces
up c sleep 1000; for n in CGROUPNS Cgroup IPC MNT NET PIDNS USERNS UTS User Namespaces.Cgroup Namespaces.IPC Namespaces.MNT Namespaces.NET Namespaces.PIDNS Namespaces.User Namespaces.UTS ListContainer.CGROUPNS ListContainer.USERNS; do pod ps --ns --format "$n {{.$n}}" | sed 's/[0-9][0-9]*/N/'; done
pod ps --ns --format json | jq -c '.[0].Namespaces | keys'; pod ps --ns | head -1 | tr -s ' '
# case images-history
names images; names history $IMG
# case events
up events-case sleep 1000; names events --stream=false --since 1m --filter event=start --filter container=events-case
# case stats-df
up c sleep 1000; names stats --no-stream c; names 'system df'
# case label-of-ps
up c sleep 1000; pod ps --format '{{.Names}}'; pod rm -f -t 0 c >/dev/null; pod create --network none --name d -l a=b -l c= $IMG true >/dev/null; pod ps -a --format '{{.Label "a"}}|{{.Label "c"}}|{{.Label "x"}}|'; pod ps -a --format '{{.Label 1}}'; pod ps -a --format '{{.Label}}'; pod ps -a --format 'table {{.Label "a"}}'
# case headings
pod create --network none --name d $IMG true >/dev/null; pod ps -a --format 'table {{.ExposedPorts}}\t{{.User}}\t{{.CGROUPNS}}\t{{.Cgroup}}\t{{.RunningFor}}\t{{.AutoRemove}}\t{{.USERNS}}\t{{.UTS}}\t{{.MNT}}\t{{.NET}}\t{{.IPC}}\t{{.PIDNS}}\t{{.ListContainer.Pod}}' | head -1
pod images --format 'table {{.Arch}}\t{{.Created}}\t{{.CreatedAt}}\t{{.CreatedSince}}\t{{.CreatedTime}}\t{{.Id}}\t{{.ImageSummary.Os}}\t{{.IsDangling}}\t{{.IsManifestList}}\t{{.IsReadOnly}}\t{{.Os}}\t{{.ParentId}}\t{{.SharedSize}}' | head -1 | tr -s ' '
pod volume create v >/dev/null; pod volume ls --format 'table {{.Anonymous}}\t{{.GID}}\t{{.LockNumber}}\t{{.MountCount}}\t{{.NeedsChown}}\t{{.NeedsCopyUp}}\t{{.StorageID}}\t{{.InspectVolumeData.UID}}\t{{.VolumeConfigResponse.GID}}' | head -1; pod volume rm v
pod volume ls --format 'table {{.Nope}}'; echo $?
# case time-methods
t() { pod image inspect $IMG --format "$1"; }
t '{{.Created}} {{.Created.UTC}} {{json .Created}} {{.Created.String}} {{.Created.GoString}}'
t '{{.Created.Format "2006-01-02"}} {{.Created.Format "2006-01-02T15:04:05.999999999Z07:00"}} {{"Jan" | .Created.Format}}'
t '{{.Created.Format "Mon Jan _2 15:04:05 MST 2006 | Monday January 02 3:04PM .000 .999 -0700 Z0700 -07 -07:00:00 Z07:00 06 1 2 002 __2 05.000000 05.0001 5 4 pm Janet _2006"}}'
t '{{(.Created.AddDate 0 5 27).Format "Mon Jan _2 2006 __2 002"}} {{.Created.AddDate 0 1 31}} {{.Created.Add -1}} {{.Created.Add 90000000000}}'
t '{{.Created.Sub (.Created.AddDate -1 0 0)}} {{.Created.Before (.Created.Add 1)}} {{.Created.After (.Created.Add 1)}} {{.Created.Equal .Created}} {{.Created.Compare (.Created.Add 1)}} {{.Created.Compare .Created}}'
t '{{(.Created.Add 5400000000001).Truncate 3600000000000}} {{(.Created.Add 5400000000001).Round 3600000000000}} {{(.Created.Add 5399999999999).Round 3600000000000}} {{.Created.Round 0}} {{(.Created.Add -7).Truncate 1000}}'
t '{{with .Created}}{{.Year}} {{.Month}} {{.Day}}{{end}} {{$x := .Created}}{{$x.Unix}} {{printf "%s" .Created}} {{eq .Created.Year 2026}} {{if .Created}}yes{{end}}'
for m in '.Created.Format' '.Created.Format 1' '.Created.Add "x"' '.Created.Nope' '.Created.Year.X' '.Created.Year 1' '.Os 1' '.Created.Before 1' 'len .Created'; do t "{{$m}}"; echo $?; done
# case time-zero
pod create --name c --network none $IMG true >/dev/null; pod inspect c --format '{{.State.StartedAt}} {{.State.StartedAt.Unix}} {{.State.StartedAt.UnixNano}} {{.State.StartedAt.UnixMilli}} {{.State.StartedAt.UnixMicro}} {{.State.StartedAt.IsZero}} {{.Created.IsZero}} {{.State.StartedAt.Weekday}} {{.State.StartedAt.YearDay}} {{.State.StartedAt.GoString}} {{.State.StartedAt.Sub .Created}} {{.State.StartedAt.Add 3600000000000}} {{.State.StartedAt.AddDate 1 2 3}} {{json .State.StartedAt}}' | sed 's/ [A-Z][a-z]*day / DAY /'
# case time-local
export TZ=America/New_York; pod image inspect $IMG --format '{{.Created}} {{.Created.Local}} {{.Created.Local.Hour}} {{.Created.Local.Format "MST -0700 15:04"}} {{(.Created.AddDate 0 6 0).Local.IsDST}} {{((.Created.AddDate 0 6 0).Local.AddDate 0 -6 0).Format "15:04 MST"}} {{.Created.Local.UTC}} {{json .Created.Local}} {{.Created.Location}}'
# case left-out-of-json
pod create --name c --network none $IMG true >/dev/null; pod inspect c --format '{{json .State}}' | jq -c keys; pod inspect c --format '{{json .Config}}' | jq -c keys; pod image inspect $IMG --format '{{json .Config}}' | jq -c keys; pod inspect c --format '{{json .HostConfig.Links}} {{json .SizeRw}} {{.State.Health}}'
