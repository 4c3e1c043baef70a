# import: archives become images
# case plain
one; tar -C $TMP/1 -cf $TMP/i.tar .; pod import -q $TMP/i.tar imp:1; pod image exists localhost/imp:1; echo $?; pod rmi imp:1 >/dev/null
# case stdin
one; tar -C $TMP/1 -c . | pod import - imp:1 2>&1; pod rmi imp:1 >/dev/null
# case gzip
one; tar -C $TMP/1 -cz . | pod import -q - imp:1; pod image inspect --format '{{.RootFS.Type}} {{len .RootFS.Layers}} {{.Comment}} {{.Os}} {{.Architecture}} {{.RepoTags}} {{.Author}}' imp:1; pod rmi imp:1 >/dev/null
# case changes
one; tar -C $TMP/1 -c . | pod import -q -m 'a message' -c CMD=/a -c 'ENV A=b C=d' -c 'ENV E f g' -c 'LABEL x=y' -c 'EXPOSE 80' -c 'expose 53/udp' -c 'VOLUME /v' -c 'WORKDIR /w' -c 'USER u' -c 'STOPSIGNAL SIGINT' -c 'ENTRYPOINT ["/e", "f"]' - imp:1; pod image inspect --format '{{json .Config}} {{.Comment}}' imp:1; pod rmi imp:1 >/dev/null
# case changes-again
one; tar -C $TMP/1 -c . | pod import -q -c 'CMD ["/a", "b"]' -c CMD=/c -c 'ENV A=1' -c 'ENV A=2' -c 'VOLUME ["/v", "/w"]' -c 'ENTRYPOINT /x y' - imp:1; pod image inspect --format '{{json .Config}}' imp:1; pod rmi imp:1 >/dev/null
# case history
one; tar -C $TMP/1 --sort=name --owner=0 --group=0 --numeric-owner --mtime=@1500000000 --mode=755 -c . | pod import -q - imp:1; pod history --format '{{.CreatedBy}}|{{.Comment}}' imp:1; pod rmi imp:1 >/dev/null
# case platform
one; tar -C $TMP/1 -c . | pod import -q --os linux --arch arm64 --variant v8 - imp:1; pod image inspect --format '{{.Os}}/{{.Architecture}}' imp:1; pod rmi imp:1 >/dev/null
# case without-name
one; tar -C $TMP/1 -cf $TMP/i.tar .; id=$(pod import -q $TMP/i.tar); pod images --format '{{.Repository}}:{{.Tag}}' | grep none | sort -u; pod rmi $id >/dev/null
# case run-it
pod save $IMG | tar -xO $(pod save $IMG | tar -t | grep '^[0-9a-f]*.tar$') > $TMP/root.tar; pod import -q -c 'CMD ["/bin/busybox", "echo", "imported"]' $TMP/root.tar imp:1 >/dev/null; pod run --rm --network none imp:1; pod rmi imp:1 >/dev/null
# case missing
pod import $TMP/nosuch
# case no-word
pod import
# case three-words
pod import a b c
# case bad-instruction
: > $TMP/i.tar; pod import -c 'FOO bar' $TMP/i.tar x
# case bad-change
: > $TMP/i.tar; pod import -c ENV $TMP/i.tar x
# case not-an-archive
echo junk > $TMP/i.tar; pod import -q $TMP/i.tar x
# case unreachable
pod import -q http://127.0.0.1:1/x.tar x
