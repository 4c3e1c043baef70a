# case restart-running
pod run -d --network none --name k $IMG sh -c 'echo began; trap "exit 3" TERM; while :; do sleep 0.05; done' >/dev/null; p=$(pod inspect k --format '{{.State.Pid}}'); pod restart k; st k; [ "$p" != "$(pod inspect k --format '{{.State.Pid}}')" ] && echo another; pod logs k; pod inspect k --format '{{.RestartCount}}'
# case restart-kills
up k sleep 100; pod restart -t 0 k; st k
# case restart-created
pod create --network none --name k $IMG sleep 100 >/dev/null; pod restart k; st k
# case restart-exited
pod run --network none --name k $IMG sh -c 'echo once; exit 4'; pod restart k; pod wait k; st k; pod logs k
# case restart-paused
up k sleep 100; pod pause k; pod restart -t 0 k; echo $?; pod inspect k --format '{{.State.Status}}'
# case restart-missing
up k sleep 100; pod restart -t 0 k nosuch; echo $?; pod restart; echo $?
# case restart-several
up a sleep 100; up b sleep 100; pod restart -t 0 a b; pod ps --format '{{.Names}}' | sort
# case restart-all
up a sleep 100; pod run --network none --name b $IMG true; pod create --network none --name c $IMG sleep 100 >/dev/null; pod restart -t 0 --all --running | wc -l; st c; pod restart -t 0 -a | wc -l; st c; pod restart -a x; echo $?
# case restart-running-flag
pod create --network none --name c $IMG sleep 100 >/dev/null; pod restart --running; echo $?; pod restart --running x; echo $?; pod restart --running c; st c
# case restart-latest
up a sleep 100; up b sleep 100; pod restart -t 0 -l | wc -c; pod restart -l a; echo $?
# case restart-filter
up a sleep 100; up b sleep 100; pod restart -t 0 -f name=a | wc -c; pod restart -f name=nosuch; echo $?; pod restart -f status=bogus; echo $?; pod restart -f bogus=1; echo $?
# case restart-cidfile
pod run -d --network none --name k --cidfile $TMP/id $IMG sleep 100 >/dev/null; pod restart -t 0 --cidfile $TMP/id | wc -c; pod restart --cidfile $TMP/nosuch; echo $?; pod restart --cidfile $TMP/id x; echo $?
# case restart-command-missing
pod create --network none --name k $IMG nosuch >/dev/null; pod restart k; echo $?; pod inspect k --format '{{.State.Status}}'
# case restart-events
up k sleep 100; s=$(date +%s.%N); sleep 0.02; pod restart -t 0 k >/dev/null; pod events --stream=false --since $s --filter container=k --format '{{.Status}}' | grep -v cleanup | sort
# case rename
pod create --network none --name a $IMG sleep 100 >/dev/null; pod rename a b; pod ps -a --format '{{.Names}}'; pod inspect b --format '{{.Name}}'; pod inspect a --format x; echo $?; pod container exists a; echo $?
# case rename-running
up a sleep 100; h=$(pod exec a hostname); pod rename a b; [ "$h" = "$(pod exec b hostname)" ] && echo same; pod stop -t 0 b; st b; pod start b; st b; pod rm -f -t 0 b; pod ps -aq
# case rename-frees-name
pod create --network none --name a $IMG true >/dev/null; pod rename a b; pod create --network none --name a $IMG true >/dev/null; pod ps -a --format '{{.Names}}' | sort; pod rename b a; echo $?; pod rm a b | sort
# case rename-same
pod create --network none --name a $IMG true >/dev/null; pod rename a a; echo $?; pod ps -a --format '{{.Names}}'
# case rename-bad
pod create --network none --name a $IMG true >/dev/null; for n in 'a b' -x .x ''; do pod rename a "$n"; echo $?; done; pod rename a; echo $?; pod rename nosuch x; echo $?; pod rename a b c; echo $?; pod ps -a --format '{{.Names}}'
# case rename-by-id
i=$(pod create --network none --name a $IMG true); pod rename ${i:0:12} b; pod ps -a --format '{{.Names}}'
# case rename-event
pod create --network none --name a $IMG true >/dev/null; pod rename a zz; pod events --stream=false --since 30s --filter event=rename --filter container=zz --format '{{.Status}} {{.Name}}' | tail -1
# case port
pod run -d --name k -p 18080:80 -p 127.0.0.1:19000-19002:90-92/udp -p 17000:7000/tcp -p 18081:80 $IMG sleep 100 >/dev/null; pod port k; for p in 80 80/tcp 90/udp 90 81 x 80/sctp 80/bogus 70000; do echo "- $p"; pod port k $p; echo $?; done; pod port -a | cut -f2; pod port -l; pod port -l 80; pod port k 80 81; echo $?
# case port-not-running
pod create --name k -p 18080:80 $IMG sleep 100 >/dev/null; pod port k; echo $?; pod port k 80; echo $?; pod port -a; echo $?
# case port-without
up k sleep 100; pod port k; echo $?; pod port k 80; echo $?; pod port -a k; echo $?
# case port-missing
pod port nosuch; echo $?; pod port; echo $?; pod port -l; echo $?
