# system: what the store holds
# case df
pod create --name c --network none $IMG true >/dev/null; up r sleep 100; pod volume create vv >/dev/null; pod system df --format '{{.Type}} {{.Total}} {{.Active}}' | grep -v Images; pod rm -f -t 0 c r >/dev/null; pod volume rm vv >/dev/null
# case df-volumes
pod volume create va >/dev/null; pod run --name c --network none -v vb:/v $IMG sh -c 'head -c 1234567 /dev/zero >/v/f'; pod run --rm --network none -v va:/v $IMG sh -c 'head -c 2000 /dev/zero >/v/f'; pod system df --format '{{.Type}}|{{.Total}}|{{.Active}}|{{.Size}}|{{.Reclaimable}}|{{.RawSize}}|{{.RawReclaimable}}' | grep Volumes; pod rm c >/dev/null; pod volume rm va vb >/dev/null
# case df-columns
pod system df | head -1; pod system df | cut -c1-15
# case df-json
pod system df --format json | jq -c '.[] | [.Type, (keys | sort)]'
# case df-table
pod system df --format 'table {{.Type}} {{.Total}}' | head -1
# case df-object
pod system df --format '{{json .}}' | jq -c 'keys'
# case df-verbose
pod system df -v | grep usage; pod system df -v | grep -E '^(REPOSITORY|CONTAINER|VOLUME)' | sed 's/  */ /g'
# case df-verbose-volumes
pod volume create va >/dev/null; pod run --name c --network none -v vb:/v $IMG sh -c 'head -c 1234567 /dev/zero >/v/f'; pod system df -v | sed -n '/^VOLUME/,$p' | sed 's/  */ /g'; pod rm c >/dev/null; pod volume rm va vb >/dev/null
# case df-verbose-containers
pod create --name c --network none -v /x $IMG echo a b >/dev/null; pod system df -v | sed -n '/^CONTAINER ID/,/^$/p' | sed 's/  */ /g' | cut -d' ' -f1-7,9; pod rm -v c >/dev/null
# case df-both
pod system df -v --format json
# case df-words
pod system df x; pod system df --nosuch; pod system df --format '{{.Nosuch}}'
