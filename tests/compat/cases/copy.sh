# copy: files between the host and containers
# case file
tree; pod cp $TMP/t/file c:/a; look c a; pod cp $TMP/t/file c:/tmp; look c tmp; pod cp $TMP/t/file c:/tmp/; pod cp $TMP/t/file c:/data/file; look c data
# case file-no-parent
tree; pod cp $TMP/t/file c:/nodir/x; pod cp $TMP/t/file c:/nodir/
# case file-slash
tree; pod cp $TMP/t/file c:/data/file/
# case dir-new
tree; pod cp $TMP/t/dir c:/d1; look c d1
# case dir-there
tree; pod cp $TMP/t/dir c:/data; look c data
# case dir-contents
tree; pod cp $TMP/t/dir/. c:/data; look c data
# case dir-contents-new
tree; pod cp $TMP/t/dir/. c:/d2; look c d2
# case dir-slash
tree; pod cp $TMP/t/dir/ c:/d3; look c d3
# case dir-to-slash
tree; pod cp $TMP/t/dir c:/d4/
# case dir-on-file
tree; pod cp $TMP/t/dir c:/data/file; pod cp --overwrite $TMP/t/dir c:/data/file
# case links-followed
tree; pod cp $TMP/t/dirlink c:/d5; look c d5; pod cp $TMP/t/filelink c:/f5; look c f5
# case no-source
tree; pod cp $TMP/t/nosuch c:/x; pod cp c:/nosuch $TMP/x
# case no-container
tree; pod cp nosuch:/x $TMP/x
# case out-file
tree; pod cp c:/data/file $TMP/out; cat $TMP/out; pod cp c:/data/file $TMP/t/dir; ls $TMP/t/dir
# case out-dir
tree; pod cp c:/data $TMP/outd; (cd $TMP; find outd | sort); pod cp c:/data $TMP/outd; (cd $TMP; find outd | sort)
# case out-contents
tree; pod cp c:/data/. $TMP/t/empty; (cd $TMP/t; find empty | sort); pod cp c:/data/. $TMP/new; (cd $TMP; find new | sort)
# case out-no-parent
tree; pod cp c:/data/file $TMP/nodir/x; pod cp c:/data/file $TMP/nodir/
# case out-dir-on-file
tree; pod cp c:/data $TMP/t/file; cat $TMP/t/file
# case out-link
tree; pod cp c:/bin/sh $TMP/sh; test -f $TMP/sh -a ! -L $TMP/sh && test -x $TMP/sh && echo program
# case between
tree; pod cp c:/data/file c:/b2; look c b2; pod cp c:/data c:/tmp; look c tmp
# case between-two
tree; pod create --name c2 --network none $IMG true >/dev/null; pod cp $TMP/t/dir c:/d; pod cp c:/d c2:/tmp; look c2 tmp; pod rm c2 >/dev/null
# case stream-in
tree; tar -C $TMP/t/dir -c . | pod cp - c:/tmp; look c tmp; tar -C $TMP/t -cz file | pod cp - c:/data; look c data
# case stream-in-no-tar
tree; echo x | pod cp - c:/tmp
# case stream-in-no-dir
tree; tar -C $TMP/t -c file | pod cp - c:/nodir; tar -C $TMP/t -c file | pod cp - c:/data/file
# case stream-out
tree; pod cp c:/data - | tar t; pod cp c:/data/file - | tar t; pod cp c:/data/. - | tar t | sed 's#^\./##' | grep . ; pod cp c:/data - | tar xO data/file
# case words
pod cp; pod cp a; pod cp a b c; pod cp --nosuch a b
# case no-path
tree; pod cp c: $TMP/x; pod cp $TMP/t/file c:
# case host-to-host
tree; pod cp $TMP/t/file $TMP/other; ls $TMP
# case relative
tree; pod cp c:data/file $TMP/x; cat $TMP/x; pod cp $TMP/t/file c:rel; look c rel
# case relative-workdir
tree; pod create --name c3 -w /data --network none $IMG true >/dev/null; pod cp $TMP/t/file c3:rel; look c3 data; pod cp c3:file $TMP/y; cat $TMP/y; pod rm c3 >/dev/null
# case overwrite
tree; pod cp $TMP/t/dir c:/d; mkdir -p $TMP/o/d; mkdir $TMP/o/d/two; echo x >$TMP/o/d/two/x; pod cp --overwrite $TMP/o/d/. c:/d; look c d
# case no-overwrite
tree; pod cp $TMP/t/dir c:/d; mkdir -p $TMP/o/d/two; pod cp $TMP/o/d/. c:/d
# case merged
tree; pod cp $TMP/t/dir c:/d; mkdir -p $TMP/o/sub; echo four >$TMP/o/sub/four; pod cp $TMP/o/. c:/d; look c d
# case owner root-only: an ordinary user has no other owners
tree; chown 7:8 $TMP/t/file; pod create --name c4 -u 3:4 --network none $IMG true >/dev/null; pod cp $TMP/t/file c4:/x; look c4 x; pod cp -a=false $TMP/t/file c4:/y; look c4 y; pod cp c4:/x $TMP/back; stat -c %u:%g $TMP/back; pod rm c4 >/dev/null
# case running
tree; up r sleep 100; pod cp $TMP/t/dir r:/d; pod exec r find /d | sort; pod exec r sh -c 'echo inside >/tmp/in'; pod cp r:/tmp/in $TMP/in; cat $TMP/in; pod rm -f -t 0 r >/dev/null
# case running-volume
tree; pod run -d --name r --network none -v /vol $IMG sleep 100 >/dev/null; pod cp $TMP/t/file r:/vol/f; pod exec r cat /vol/f; pod cp r:/vol $TMP/v; ls $TMP/v; pod rm -f -v -t 0 r >/dev/null
# case stopped-volume
tree; pod create --name s --network none -v sv:/vol $IMG cat /vol/f >/dev/null; pod cp $TMP/t/file s:/vol/f; pod cp s:/vol/f $TMP/back; cat $TMP/back; pod start -a s; pod rm s >/dev/null; pod volume rm sv >/dev/null
# case modes-and-times
tree; chmod 750 $TMP/t/file; touch -d '2001-02-03 04:05:06 UTC' $TMP/t/file; pod cp $TMP/t/file c:/m; pod export c | TZ=UTC tar tvf - m | sed 's#[a-z0-9]*/[a-z0-9]* *##'; pod cp c:/m $TMP/m; TZ=UTC stat -c '%a %y' $TMP/m
# case hard-links
tree; ln $TMP/t/dir/two $TMP/t/dir/three; pod cp $TMP/t/dir c:/d; pod export c | tar tvf - | grep -c '^h.* d/'
# case fifo
tree; mkfifo $TMP/t/dir/fifo; pod cp $TMP/t/dir c:/d; look c d
