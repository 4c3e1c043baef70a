# case lifecycle
pod create --network none --name c $IMG sleep 100 >/dev/null; st c; pod start c; st c; pod stop -t 0 c; st c; pod rm c; st c
# case stop-graceful
up c sh -c 'trap "exit 3" TERM; echo ready; while :; do sleep 0.05; done'; until pod logs c | grep -q ready; do :; done; pod stop c; st c
# case stop-created
pod create --network none --name c $IMG true >/dev/null; pod stop c; st c
# case stop-twice
up c sleep 100; pod stop -t 0 c; pod stop c
# case stop-missing
pod stop nosuch
# case stop-missing-ignored
pod stop -i nosuch
# case start-missing
pod start nosuch
# case start-running
up c sleep 100; pod start c; st c
# case start-again
pod run --network none --name c $IMG sh -c 'echo run'; pod start -a c
# case start-attach-two
pod start -a one two
# case kill
up c sleep 100; pod kill c; pod wait c; st c
# case kill-signal
up c sh -c 'trap "exit 7" USR1; echo ready; while :; do sleep 0.05; done'; until pod logs c | grep -q ready; do :; done; pod kill -s USR1 c; pod wait c
# case kill-stopped
pod create --network none --name c $IMG true >/dev/null; pod kill c
# case kill-bad-signal
up c sleep 100; pod kill -s NOSUCH c
# case kill-missing
pod kill nosuch
# case wait-code
up c sh -c 'sleep 0.2; exit 9'; pod wait c
# case wait-two
up a sh -c 'exit 1'; up b sh -c 'exit 2'; pod wait a b
# case wait-missing
pod wait nosuch
# case wait-condition
up c sleep 100; pod wait --condition running c
# case rm-running
up c sleep 100; pod rm c
# case rm-running-forced
up c sleep 100; pod rm -f -t 0 c; pod ps -aq
# case rm-missing
pod rm nosuch
# case rm-missing-ignored
pod rm -i nosuch
# case rm-several
pod create --network none --name a $IMG true >/dev/null; pod create --network none --name b $IMG true >/dev/null; pod rm a nosuch b; pod ps -aq
# case rm-no-words
pod rm
# case rm-cidfile
pod create --network none --cidfile $TMP/cid $IMG true >/dev/null; pod rm --cidfile $TMP/cid | wc -c
# case pause
up c sleep 100; pod pause c; st c; pod exec c true; pod unpause c; st c
# case pause-stopped
pod create --network none --name c $IMG true >/dev/null; pod pause c
# case unpause-running
up c sleep 100; pod unpause c
# case restart
up c sh -c 'echo again; sleep 100'; until pod logs c | grep -q again; do :; done; pod restart -t 0 c; until [ "$(pod logs c | grep -c again)" = 2 ]; do :; done; st c
# case rename
pod create --network none --name c $IMG true >/dev/null; pod rename c d; pod ps -a --format '{{.Names}}'
# case container-exists
pod create --network none --name c $IMG true >/dev/null; pod container exists c; echo $?; pod container exists x; echo $?
# case exec
up c sleep 100; pod exec c echo in; pod exec c sh -c 'exit 9'; echo $?
# case exec-stdin
up c sleep 100; echo data | pod exec -i c cat
# case exec-missing-command
up c sleep 100; pod exec c nosuch
# case exec-not-executable
up c sleep 100; pod exec c /etc/passwd
# case exec-user-workdir-env
up c sleep 100; pod exec -u alice -w /tmp -e A=1 c sh -c 'id -un; pwd; echo $A'
# case exec-bad-workdir
up c sleep 100; pod exec -w /nosuch c pwd
# case exec-unknown-user
up c sleep 100; pod exec -u nosuch c id
# case exec-stopped
pod create --network none --name c $IMG true >/dev/null; pod exec c true
# case exec-missing-container
pod exec nosuch true
# case exec-no-command
up c sleep 100; pod exec c
# case exec-detached
up c sleep 100; pod exec -d c touch /made | wc -c; until pod exec c test -e /made; do :; done; echo made
# case exec-privileged
up c sleep 100; pod exec --privileged c grep CapAmb /proc/self/status
# case exec-environment
up c sleep 100; pod exec c env | grep -v HOSTNAME | sort
# case attach-stopped
pod create --network none --name c $IMG true >/dev/null; pod attach c
# case attach-missing
pod attach nosuch
# case logs
up c sh -c 'echo one; echo two >&2; echo three'; pod wait c >/dev/null; pod logs c
# case logs-tail
up c sh -c 'for i in 1 2 3 4 5; do echo $i; done'; pod wait c >/dev/null; pod logs --tail 2 c; pod logs --tail 0 c
# case logs-follow
up c sh -c 'for i in 1 2 3; do echo $i; sleep 0.1; done'; pod logs -f c
# case logs-timestamps
up c echo x; pod wait c >/dev/null; pod logs -t c | sed 's/^[0-9T:.+-]* /TIME /'
# case logs-names
up c echo x; pod wait c >/dev/null; pod logs -n c
# case logs-partial-line
up c printf 'no newline'; pod wait c >/dev/null; pod logs c
# case logs-missing
pod logs nosuch
# case logs-none-driver
pod run -d --network none --name c --log-driver none $IMG echo x >/dev/null; pod wait c >/dev/null; pod logs c
# case logs-until-since
up c echo x; pod wait c >/dev/null; pod logs --since 2099-01-01 c; pod logs --until 2000-01-01 c
# case top
up c sleep 100; pod top c pid comm
# case top-missing
pod top nosuch
# case port-none
up c sleep 100; pod port c
# case cp-missing
pod cp nosuch:/x $TMP
# case diff
pod run --network none --name c $IMG sh -c 'echo x > /new; rm /data/file'; pod diff c | sort
# case commit-missing
pod commit nosuch
# case prune
pod create --network none --name c $IMG true >/dev/null; pod container prune -f | wc -l; pod ps -aq
# case start-fails
pod create --network none --name m $IMG nosuch >/dev/null; pod create --network none --name n $IMG /etc >/dev/null; for c in m n; do pod start $c; echo $?; pod start -a $c; echo $?; done
