# volume_archive: volume export and import
# case export
pod volume create va >/dev/null; pod run --rm --network none -v va:/v $IMG sh -c 'echo a >/v/f; mkdir /v/d; ln /v/f /v/d/g; ln -s f /v/l; mkfifo /v/p; chmod 4755 /v/f'; pod volume export va | tar tvf - | sed 's/20[0-9-]* [0-9:]* //; s/  */ /g'; pod volume rm va >/dev/null
# case output
pod volume create va >/dev/null; pod run --rm --network none -v va:/v $IMG sh -c 'echo a >/v/f'; pod volume export -o $TMP/v.tar va; tar xOf $TMP/v.tar f; pod volume export -o $TMP/nosuch/v.tar va; pod volume rm va >/dev/null
# case import
pod volume create va >/dev/null; mkdir $TMP/d; echo x >$TMP/d/f; ln -s f $TMP/d/l; tar -C $TMP/d -c . | pod volume import va -; pod run --rm --network none -v va:/v $IMG sh -c 'cat /v/f; readlink /v/l'; tar -C $TMP/d -czf $TMP/d.tgz f; pod volume import va $TMP/d.tgz; pod run --rm --network none -v va:/v $IMG ls /v; pod volume rm va >/dev/null
# case import-keeps
pod volume create va >/dev/null; pod run --rm --network none -v va:/v $IMG sh -c 'echo old >/v/f; echo other >/v/o; mkdir /v/d; echo in >/v/d/x'; mkdir -p $TMP/d/d; echo new >$TMP/d/f; echo y >$TMP/d/d/y; tar -C $TMP/d -c f d | pod volume import va -; pod run --rm --network none -v va:/v $IMG sh -c 'cat /v/f /v/o /v/d/*'; pod volume rm va >/dev/null
# case from-one-to-another
pod volume create va >/dev/null; pod volume create vb >/dev/null; pod run --rm --network none -v va:/v $IMG sh -c 'echo a >/v/f; chown 5:6 /v/f'; pod volume export va | pod volume import vb -; pod run --rm --network none -v vb:/v $IMG stat -c '%n %u:%g %a' /v/f; pod volume rm va vb >/dev/null
# case missing
pod volume export nosuch; pod volume import nosuch - </dev/null; pod volume create va >/dev/null; pod volume import va $TMP/nosuch; pod volume rm va >/dev/null
# case words
pod volume export; pod volume export a b; pod volume import a; pod volume import
# case no-archive
pod volume create va >/dev/null; echo junk | pod volume import va -; pod volume rm va >/dev/null
