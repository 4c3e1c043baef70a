# --device-cgroup-rule
# case allowed root-only: a user's groups have no rules
pod run --rm --network none --cap-add mknod --device-cgroup-rule 'c 10:200 rwm' $IMG sh -c 'mknod /dev/t c 10 200; : </dev/t && echo opened'
# case all-minors root-only: a user's groups have no rules
pod run --rm --network none --cap-add mknod --device-cgroup-rule 'c 10:* rw' $IMG sh -c 'mknod /dev/t c 10 200; (: </dev/t) && echo opened'
# case two root-only: a user's groups have no rules
pod run --rm --network none --cap-add mknod --device-cgroup-rule 'c 9:9 rw,c 10:200 rw' $IMG sh -c 'mknod /dev/t c 10 200; (: </dev/t) && echo opened'
# case everything root-only: a user's groups have no rules
pod run --rm --network none --cap-add mknod --device-cgroup-rule 'a *:* rwm' $IMG sh -c 'mknod /dev/t c 10 200; (: </dev/t) && echo opened'
# case taken
pod create --name c --network none --device-cgroup-rule 'c 1:3 rwm' --device-cgroup-rule 'b 8:* r' $IMG true | wc -c; pod start c; pod wait c
# case two-words
pod create --network none --device-cgroup-rule 'c 1:3' $IMG true
# case four-words
pod create --network none --device-cgroup-rule 'c 1:3 r w' $IMG true
# case bad-type
pod create --network none --device-cgroup-rule 'x 1:3 r' $IMG true
# case bad-number
pod create --network none --device-cgroup-rule 'c a:3 r' $IMG true
# case bad-access
pod create --network none --device-cgroup-rule 'c 1:3 q' $IMG true
# case repeated-access
pod create --network none --device-cgroup-rule 'c 1:3 rrr' $IMG true | wc -c
# case major-alone
pod create --network none --device-cgroup-rule 'c 1 r' $IMG true | wc -c
# case empty
pod create --network none --device-cgroup-rule '' $IMG true | wc -c
