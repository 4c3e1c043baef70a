# --log-driver, --log-opt, logs of one and of several containers
# case driver-json-file
pod run --name c --network none --log-driver json-file $IMG sh -c 'echo out; echo err >&2'; pod logs c; pod inspect c --format '{{.HostConfig.LogConfig.Type}}'
# case driver-none
pod run --name c --network none --log-driver none $IMG sh -c 'echo out; echo err >&2'; pod logs c; echo $?; pod inspect c --format '{{json .HostConfig.LogConfig}}'
# case driver-passthrough
pod run --name c --network none --log-driver passthrough $IMG sh -c 'echo out; echo err >&2'; echo $?; pod logs c; echo $?; pod inspect c --format '{{json .HostConfig.LogConfig}}'
# case driver-passthrough-input
echo in | pod run --name c --network none --log-driver passthrough $IMG cat; echo $?
# case driver-passthrough-code
pod run --name c --network none --log-driver passthrough $IMG sh -c 'exit 7'; echo $?
# case driver-passthrough-create
pod create --name c --network none --log-driver passthrough $IMG true; echo $?
# case driver-passthrough-attach
pod run --name c --network none --log-driver passthrough -a stdout $IMG echo x; echo $?
# case driver-passthrough-tty-create
pod create --name c --network none --log-driver passthrough-tty $IMG true; echo $?; pod inspect c --format '{{.HostConfig.LogConfig.Type}} {{.HostConfig.LogConfig.Size}}'
# case driver-bad
pod create --name c --network none --log-driver bad $IMG true; echo $?
# case driver-empty
pod create --name c --network none --log-driver '' $IMG true >/dev/null; pod inspect c --format '{{.HostConfig.LogConfig.Type}}'
# case opt-path
pod run --name c --network none --log-opt path=$TMP/l $IMG sh -c 'echo out; sleep 0.2; echo err >&2'; pod logs c; sed 's/^[^ ]* //' $TMP/l; pod inspect c --format '{{.HostConfig.LogConfig.Path}}'
# case opt-path-stays
pod run --name c --network none --log-opt path=$TMP/l $IMG echo out; pod rm c >/dev/null; sed 's/^[^ ]* //' $TMP/l
# case opt-path-twice
pod run --name c --network none --log-opt path=$TMP/l $IMG echo out; pod start c >/dev/null; pod wait c; pod logs c
# case opt-path-bad
pod create --name c --network none --log-opt path=/nosuch/x $IMG true >/dev/null; echo $?; pod start c; echo $?
# case opt-size-bad
pod create --name c --network none --log-opt max-size=bad $IMG true; echo $?
# case opt-size-negative
pod create --name c --network none --log-opt max-size=-1 $IMG true; echo $?
# case opt-sizes
for s in 1k 10mb 3g 0 1536 100; do pod create --name c --network none --log-opt max-size=$s $IMG true >/dev/null; pod inspect c --format '{{.HostConfig.LogConfig.Size}}'; pod rm c >/dev/null; done
# case opt-size-last
pod run --name c --network none --log-opt max-size=2kb $IMG sh -c 'i=0; while [ $i -lt 200 ]; do echo line $i; i=$((i+1)); done' >/dev/null; pod logs --tail 1 c; [ $(pod logs c | wc -l) -lt 100 ] && echo bounded
# case opt-no-value
pod create --name c --network none --log-opt x $IMG true; echo $?
# case inspect
pod create --name c --network none $IMG true >/dev/null; pod inspect c --format '{{json .HostConfig.LogConfig}}' | sed 's/"Path":"[^"]*"/PATH/'
# case several
for n in a b; do pod run --name $n --network none $IMG echo $n >/dev/null; done; pod logs a b | sed 's/^[0-9a-f]* /ID /' | sort
# case several-names
for n in a b; do pod run --name $n --network none $IMG echo $n >/dev/null; done; pod logs --names a b | sort
# case several-times
for n in a b; do pod run --name $n --network none $IMG echo $n >/dev/null; done; pod logs -t a b | sed 's/^[0-9a-f]* 20[0-9-]*T[^ ]*/ID TIME/' | sort
# case several-follow
for n in a b; do pod run -d --name $n --network none $IMG sh -c "echo $n; sleep 0.2; echo $n again" >/dev/null; done; pod logs -f a b | sed 's/^[0-9a-f]* /ID /' | sort
# case several-tail
for n in a b; do pod run --name $n --network none $IMG sh -c "echo 1; echo $n" >/dev/null; done; pod logs --tail 1 a b | sed 's/^[0-9a-f]* /ID /' | sort
# case one-missing
pod run --name a --network none $IMG echo a >/dev/null; pod logs a nosuch; echo $?
# case twice
pod run --name a --network none $IMG echo a >/dev/null; pod logs a a
# case since-bad
pod create --name c --network none $IMG true >/dev/null; pod logs --since bad c; echo $?
# case tail-bad
pod create --name c --network none $IMG true >/dev/null; pod logs --tail x c; echo $?
# case tail-negative
pod run --name c --network none $IMG sh -c 'echo 1; echo 2' >/dev/null; pod logs --tail -5 c
# case never-started
pod create --name c --network none $IMG true >/dev/null; pod logs c; echo $?
# case none-named
pod logs; echo $?
# case latest
pod run --name c --network none $IMG echo x >/dev/null; pod logs -l; pod logs -l c; echo $?
# case follow-until-end
pod run -d --name c --network none $IMG sh -c 'for i in 1 2 3; do echo $i; sleep 0.2; done; exit 3' >/dev/null; pod logs -f c; echo $?
# case since-duration
pod run --name c --network none $IMG echo x >/dev/null; pod logs --since 1h c; pod logs --until 1h c
# case until-now
pod run --name c --network none $IMG echo x >/dev/null; pod logs --until 0 c; pod logs --until 2099-01-01 c
