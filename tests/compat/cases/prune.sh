# case system-prune-asks
pod system prune </dev/null; echo $?; echo n | pod system prune; echo $?; pod system prune -a --volumes </dev/null; echo $?
# case system-prune
pod create --network none --name a $IMG true >/dev/null; pod volume create v1 >/dev/null; echo y | pod system prune | tail -n +9 | grep -v reclaimed; pod ps -aq | wc -l; pod volume ls -q; pod images -q $IMG | wc -l
# case system-prune-volumes
pod create --network none --name a -v v1:/v $IMG true >/dev/null; pod volume create v2 >/dev/null; up b sleep 100; pod system prune -f --volumes | grep -v reclaimed; pod ps -q | wc -l; pod volume ls -q
# case system-prune-all
pod tag $IMG localhost/two; pod create --network none --name a $IMG true >/dev/null; pod system prune -af | sed 's/[0-9.]*[kM]*B$/SIZE/'; pod images -q | wc -l
# case system-prune-in-use
up b sleep 100; pod tag $IMG localhost/two; pod system prune -af | sed 's/[0-9.]*[kM]*B$/SIZE/'; pod images -q | sort -u | wc -l
# case system-prune-filter
pod create --network none --name a --label x=1 $IMG true >/dev/null; pod create --network none --name b $IMG true >/dev/null; pod system prune -f --filter label=x=1 | grep -c '^ID64\|^[0-9a-f]*$'; pod ps -a --format '{{.Names}}'; pod system prune -f --filter bogus=1; echo $?; pod system prune -f --filter until=10m | grep -v reclaimed; pod ps -aq | wc -l
# case system-prune-external
pod system prune --external -f; echo $?; pod system prune --external -a -f; echo $?
# case system-prune-words
pod system prune x; echo $?; pod system prune --nosuch; echo $?; pod system prune --build -f | sed 's/[0-9.]*[kM]*B$/SIZE/'
# case image-prune-flags
pod image prune -f >/dev/null; pod image prune </dev/null; echo $?; pod image prune -a </dev/null; echo $?; pod image prune -f --build-cache; echo $?; pod image prune -f --external; echo $?; pod image prune -f --filter until=10s; echo $?; pod image prune -f --filter bogus=1; echo $?; pod image prune x; echo $?
# case image-prune-label
one; pod import --change LABEL=k=v - < <(tar -C $TMP/1 -c .) localhost/labelled >/dev/null 2>&1; pod image prune -af --filter label=k=v | wc -l; pod image exists localhost/labelled; echo $?; pod image exists $IMG; echo $?
# case container-prune-flags
pod container prune </dev/null; echo $?; echo n | pod container prune; echo $?; pod container prune -f --filter bogus=1; echo $?; pod create --network none --name a $IMG true >/dev/null; echo y | pod container prune | wc -l; pod container prune x; echo $?
# case container-prune-label
pod create --network none --name a --label x=1 $IMG true >/dev/null; pod create --network none --name b $IMG true >/dev/null; pod container prune -f --filter label=x=1 | wc -l; pod ps -a --format '{{.Names}}'; pod container prune -f --filter 'label!=x=1' | wc -l
# case volume-prune-asks
pod volume prune </dev/null; echo $?; pod volume create v1 >/dev/null; echo n | pod volume prune; echo $?; pod volume prune </dev/null; echo $?; echo y | pod volume prune | tail -1 | tail -c 3; pod volume ls -q
# case migrate-renumber
pod system migrate; echo $?; pod system renumber; echo $?; pod system migrate x; echo $?; pod system renumber x; echo $?
# case reset-asks
pod system reset </dev/null | grep -v Root; echo ${PIPESTATUS[0]}; echo n | pod system reset | tail -n 1; pod image exists $IMG; echo $?; pod system reset x; echo $?
# case container-prune-filters
pod create --network none --name a --label x=1 --label y=1 $IMG true >/dev/null; pod create --network none --name b --label x=1 $IMG true >/dev/null; pod create --network none --name c $IMG true >/dev/null; pod container prune -f --filter label=x=1 --filter label=y=1 | wc -l; pod ps -a --format '{{.Names}}'; pod create --network none --name d --label y=1 $IMG true >/dev/null; pod container prune -f --filter label!=x --filter label!=y | wc -l; pod ps -a --format '{{.Names}}' | sort
