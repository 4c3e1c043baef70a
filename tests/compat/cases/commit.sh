# commit: containers become images
# case plain
pod create --name c --network none $IMG true >/dev/null; pod commit -q c com:1 | wc -c; pod image inspect --format '{{.RepoTags}} {{len .RootFS.Layers}} {{.Os}} {{.Architecture}} {{.ManifestType}} {{.Comment}} {{.Author}}' com:1; pod rm c >/dev/null; pod rmi com:1 >/dev/null
# case lines
pod create --name c --network none $IMG true >/dev/null; pod commit c com:1 2>&1 | sed 's/sha256:[0-9a-f]*/DIGEST/; s/^[0-9a-f]\{64\}$/ID/'; pod rm c >/dev/null; pod rmi com:1 >/dev/null
# case empty-layer
pod create --name c --network none $IMG true >/dev/null; pod commit -q c com:1 >/dev/null; pod image inspect --format '{{index .RootFS.Layers 1}}' com:1; pod rm c >/dev/null; pod rmi com:1 >/dev/null
# case config
pod create --name c --network none -e X=1 -e PATH=/b --label lc=2 --entrypoint '["/bin/busybox"]' -w /etc -u 5 --expose 99 -p 8089:80/udp $IMG echo hi >/dev/null; pod commit -q c com:1 >/dev/null; pod image inspect --format '{{.Config.User}} {{json .Config.ExposedPorts}} {{json .Config.Entrypoint}} {{json .Config.Cmd}} {{.Config.WorkingDir}} {{json .Config.Labels}} {{.Config.StopSignal}}' com:1; pod image inspect --format '{{range .Config.Env}}{{.}}{{"\n"}}{{end}}' com:1 | sort; pod rm c >/dev/null; pod rmi com:1 >/dev/null
# case volumes
pod create --name c --network none -v /tmp -v vvv:/named -v /etc:/bound --tmpfs /tf $IMG true >/dev/null; pod commit -q c com:1 >/dev/null; pod image inspect --format '{{json .Config.Volumes}}' com:1; pod commit -q --include-volumes c com:2 >/dev/null; pod image inspect --format '{{json .Config.Volumes}}' com:2; pod rm -v c >/dev/null; pod volume rm vvv >/dev/null; pod rmi com:1 com:2 >/dev/null
# case changes
pod create --name c --network none $IMG true >/dev/null; pod commit -q -c 'CMD foo' -c 'VOLUME /zz' -c 'ENV B=c D="e f"' -c 'ENV G h i' -c 'WORKDIR /w' -c 'WORKDIR x' -c 'USER u' -c 'LABEL q=w' -c 'EXPOSE 1234 5/udp' -c 'STOPSIGNAL SIGINT' -a 'An Author' c com:1 >/dev/null; pod image inspect --format '{{.Config.User}} {{json .Config.ExposedPorts}} {{json .Config.Cmd}} {{json .Config.Volumes}} {{.Config.WorkingDir}} {{json .Config.Labels}} {{.Config.StopSignal}} {{.Author}}' com:1; pod image inspect --format '{{range .Config.Env}}{{.}}{{"\n"}}{{end}}' com:1 | grep '^[BDG]=' | sort; pod rm c >/dev/null; pod rmi com:1 >/dev/null
# case entrypoint-forgets-cmd
pod create --name c --network none $IMG echo x >/dev/null; pod commit -q -c 'ENTRYPOINT ["a"]' c com:1 >/dev/null; pod image inspect --format '{{json .Config.Entrypoint}} {{json .Config.Cmd}}' com:1; pod commit -q -c 'CMD b' -c 'ENTRYPOINT c d' c com:2 >/dev/null; pod image inspect --format '{{json .Config.Entrypoint}} {{json .Config.Cmd}}' com:2; pod rm c >/dev/null; pod rmi com:1 com:2 >/dev/null
# case history
pod create --name c --network none $IMG true >/dev/null; pod commit -q -a me c com:1 >/dev/null; pod history --format '{{.CreatedBy}}|{{.Comment}}' com:1 | head -1; pod image inspect --format '{{json .History}}' com:1 | jq -c '.[-1] | del(.created)'; pod rm c >/dev/null; pod rmi com:1 >/dev/null
# case docker-format
pod create --name c --network none $IMG true >/dev/null; pod commit -q -f docker -m 'a message' c com:1 >/dev/null; pod image inspect --format '{{.ManifestType}} {{.Comment}}' com:1; pod rm c >/dev/null; pod rmi com:1 >/dev/null
# case docker-health
pod create --name c --network none $IMG true >/dev/null; pod commit -q -f docker -c 'HEALTHCHECK FOO' c com:1; pod rm c >/dev/null
# case message-needs-docker
pod create --name c --network none $IMG true >/dev/null; pod commit -q -m x c com:1; pod rm c >/dev/null
# case squash
pod create --name c --network none $IMG true >/dev/null; pod commit -q -s c com:1 >/dev/null; pod image inspect --format '{{len .RootFS.Layers}} {{len .History}} {{.Parent}}' com:1; pod run --rm --network none com:1 busybox echo squashed; pod rm c >/dev/null; pod rmi com:1 >/dev/null
# case files
pod run --name c --network none $IMG sh -c 'echo a >/f; mkdir -p /d/e; chmod 1700 /d; ln /f /g; ln -s /nowhere /s; mkfifo /p; mv /bin/sh /bin/sh2; rm -rf /etc; mkdir /etc; echo n >/etc/new'; pod commit -q c com:1 >/dev/null; pod run --rm --network none com:1 /bin/busybox find /d /f /g /s /p /etc /bin/sh /bin/sh2 -exec busybox stat -c '%n %A %u:%g %h %F' {} ';' 2>&1 | sort | grep -v hostname; pod rm c >/dev/null; pod rmi com:1 >/dev/null
# case twice
pod run --name c --network none $IMG sh -c 'echo one >/f'; pod commit -q c com:1 >/dev/null; pod rm c >/dev/null; pod run --name c --network none com:1 sh -c 'rm /f; echo two >/g'; pod commit -q c com:2 >/dev/null; pod rm c >/dev/null; pod run --rm --network none com:2 sh -c 'cat /g /f'; pod image inspect --format '{{len .RootFS.Layers}}' com:2; pod rmi com:2 com:1 >/dev/null
# case owner-and-mode
pod run --name c --network none $IMG sh -c 'echo x >/f; chown 12:34 /f; chmod 4751 /f; mkdir /d; chown 5 /d; touch -d "2001-02-03 04:05:06" /f /d'; pod commit -q c com:1 >/dev/null; pod run --rm --network none com:1 sh -c 'stat -c "%n %a %u:%g %Y" /f /d'; pod rm c >/dev/null; pod rmi com:1 >/dev/null
# case no-name
pod create --name c --network none $IMG true >/dev/null; id=$(pod commit -q c); pod images --format '{{.Repository}}:{{.Tag}}' --filter dangling=true | sort -u; pod image inspect --format '{{.RepoTags}} {{.RepoDigests}}' $id; pod rm c >/dev/null; pod rmi $id >/dev/null
# case takes-the-name
pod create --name c --network none $IMG true >/dev/null; a=$(pod commit -q c com:1); b=$(pod commit -q -c 'LABEL x=y' c com:1); pod image inspect --format '{{.RepoTags}}' $a $b; pod rm c >/dev/null; pod rmi $a $b >/dev/null
# case iidfile
pod create --name c --network none $IMG true >/dev/null; id=$(pod commit -q --iidfile $TMP/id c com:1); [ "$(cat $TMP/id)" = "$id" ] && echo same; pod rm c >/dev/null; pod rmi com:1 >/dev/null
# case config-file
echo '{"Env":["Z=1"],"Cmd":["zz"],"Labels":{"k":"v"}}' > $TMP/cf; pod create --name c --network none $IMG true >/dev/null; pod commit -q --config $TMP/cf c com:1 >/dev/null;  pod image inspect com:1 --format '{{json .Config.Cmd}} {{json .Config.Labels}}';  pod image inspect --format '{{range .Config.Env}}{{.}}{{"\n"}}{{end}}' com:1 | grep Z; pod rm c >/dev/null; pod rmi com:1 >/dev/null
# case config-file-bad
echo '{' > $TMP/cf; pod create --name c --network none $IMG true >/dev/null; pod commit -q --config $TMP/cf c com:1; pod commit -q --config $TMP/nosuch c com:1; pod rm c >/dev/null; pod image exists com:1; echo $?
# case running
up c sh -c 'echo x >/f; exec sleep 100'; until pod exec c test -s /f; do :; done; pod commit -q c com:1 >/dev/null; pod run --rm --network none com:1 cat /f; pod ps --format '{{.Status}}' | cut -c1-2; pod rm -f -t 0 c >/dev/null; pod rmi com:1 >/dev/null
# case paused-meanwhile
up c sh -c 'echo x >/f; exec sleep 100'; until pod exec c test -s /f; do :; done; pod commit -q -p c com:1 >/dev/null; pod run --rm --network none com:1 cat /f; pod ps --format '{{.Status}}' | cut -c1-2; pod rm -f -t 0 c >/dev/null; pod rmi com:1 >/dev/null
# case saved
pod run --name c --network none $IMG sh -c 'echo x >/f'; pod commit -q c com:1 >/dev/null; pod save -q -o $TMP/s.tar com:1; pod rm c >/dev/null; pod rmi com:1 >/dev/null; pod load -q -i $TMP/s.tar >/dev/null; pod run --rm --network none com:1 cat /f; pod rmi com:1 >/dev/null
# case events
pod create --name cev --network none $IMG true >/dev/null; pod commit -q cev com:1 >/dev/null; pod events --stream=false --since 1m --filter container=cev --format '{{.Type}} {{.Status}} {{.Name}}'; pod rm cev >/dev/null; pod rmi com:1 >/dev/null
# case upper-case
pod create --name c --network none $IMG true >/dev/null; pod commit c UPPER; pod rm c >/dev/null
# case unknown
pod commit nosuch x
# case words
pod commit; pod commit a b c; pod create --name c --network none $IMG true >/dev/null; pod commit -f bad c x; pod commit --nosuch c; pod rm c >/dev/null
# case bad-change
pod create --name c --network none $IMG true >/dev/null; pod commit -q -c 'FOO x' c com:1; pod commit -q -c 'ENV' c com:1; pod commit -q -c 'STOPSIGNAL foo' c com:1; pod image exists com:1; echo $?; pod rm c >/dev/null
# case rootfs
mkdir $TMP/root; pod create --name c --network none --rootfs $TMP/root true >/dev/null; pod commit c com:1; pod rm c >/dev/null
# case nothing-twice
pod run --name a --network none $IMG true; pod commit -q a localhost/once >/dev/null; pod run --name b --network none localhost/once true; pod commit -q b localhost/twice >/dev/null; pod run --rm --network none localhost/twice sh -c 'cat /data/file'; pod create --name c localhost/twice >/dev/null; pod cp c:/data/file - | tar tf -
# case same-layer-again
pod run --name a --network none $IMG sh -c 'echo x > /x'; pod commit -q a localhost/one >/dev/null; pod run --name b --network none localhost/one sh -c 'rm /x'; pod commit -q b localhost/two >/dev/null; pod run --rm --network none localhost/two ls /x; echo $?
