# case restart-running
pod run -d --network none --name k $IMG sh -c 'echo began; trap "exit 3" TERM; while :; do sleep 0.05; done' >/dev/null; until pod logs k | grep -q began; do :; done; p=$(pod inspect k --format '{{.State.Pid}}'); pod restart k; until [ "$(pod logs k | grep -c began)" = 2 ]; do :; done; st k; [ "$p" != "$(pod inspect k --format '{{.State.Pid}}')" ] && echo another; pod logs k; pod inspect k --format '{{.RestartCount}}'
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
up k sleep 100; s=$(date +%s.%N); sleep 0.02; pod restart -t 0 k >/dev/null; pod events --stream=false --since $s --filter container=k --format '{{.Status}}' | grep -v 'cleanup\|stop' | sort
# case rename
pod create --network none --name old $IMG sleep 100 >/dev/null; pod rename old new; pod ps -a --format '{{.Names}}'; pod inspect new --format '{{.Name}}'; pod inspect old --format x; echo $?; pod container exists old; echo $?
# case rename-running
up old sleep 100; h=$(pod exec old hostname); pod rename old new; [ "$h" = "$(pod exec new hostname)" ] && echo same; pod stop -t 0 new; st new; pod start new; st new; pod rm -f -t 0 new; pod ps -aq
# case rename-frees-name
pod create --network none --name old $IMG true >/dev/null; pod rename old new; pod create --network none --name old $IMG true >/dev/null; pod ps -a --format '{{.Names}}' | sort; pod rename new old; echo $?; pod rm old new | sort
# case rename-same
pod create --network none --name old $IMG true >/dev/null; pod rename old old; echo $?; pod ps -a --format '{{.Names}}'
# case rename-bad
pod create --network none --name old $IMG true >/dev/null; for n in 'o n' -x .x ''; do pod rename old "$n"; echo $?; done; pod rename old; echo $?; pod rename nosuch x; echo $?; pod rename old new c; echo $?; pod ps -a --format '{{.Names}}'
# case rename-by-id
i=$(pod create --network none --name old $IMG true); pod rename ${i:0:12} new; pod ps -a --format '{{.Names}}'
# case rename-event
pod create --network none --name old $IMG true >/dev/null; pod rename old zz; pod events --stream=false --since 30s --filter event=rename --filter container=zz --format '{{.Status}} {{.Name}}' | tail -1
# case port
pod run -d --name k -p 18080:80 -p 127.0.0.1:19000-19002:90-92/udp -p 17000:7000/tcp -p 18081:80 $IMG sleep 100 >/dev/null; pod port k; for p in 80 80/tcp 90/udp 90 81 x 80/sctp 80/bogus 70000; do echo "- $p"; pod port k $p; echo $?; done; pod port -a | cut -f2; pod port -l; pod port -l 80; pod port k 80 81; echo $?
# case port-not-running
pod create --name k -p 18080:80 $IMG sleep 100 >/dev/null; pod port k; echo $?; pod port k 80; echo $?; pod port -a; echo $?
# case port-without
up k sleep 100; pod port k; echo $?; pod port k 80; echo $?; pod port -a k; echo $?
# case port-missing
pod port nosuch; echo $?; pod port; echo $?; pod port -l; echo $?
# case top-columns
up k sh -c 'sleep 100 & exec sleep 200'; until [ "$(pod top k pid | wc -l)" = 3 ]; do :; done; pod top k pid ppid pgid user group comm args state tty rgroup ruser | sed 's/ *$//'; pod top k pid,args; pod top k 'pid, comm' | sed 's/ *$//'; pod top k | awk '{print $1,$2,$3,$6,$7,$8,$9}'
# case top-user
pod run -d --network none --name k -u 1000:1000 --cap-drop all --cap-add chown $IMG sleep 100 >/dev/null; pod top k user group uid groups ruser rgroup seccomp capinh capprm capeff capbnd capamb
# case top-caps
up k sleep 100; pod top k capinh capprm capeff capbnd capamb; pod run -d --network none --name p --privileged $IMG sleep 100 >/dev/null; pod top p capeff seccomp
# case top-codes
up k sleep 100; pod top k %G %g %U %u %P %p %r %y %a %c; pod top -l pid pid; pod top k ''  | awk '{print $1}'
# case top-tty
pod run -dt --network none --name k $IMG sleep 100 >/dev/null; pod top k tty pid
# case top-elapsed
up k sleep 100; pod top k etime time stime %C hpid huid | tail -1 | grep -cE '^[0-9.]+m?s +0s +[0-9-]+ [0-9:]+ \+0000 UTC +[0-9.]+ +[0-9]+ +[0-9]+'
# case top-exec
up k sleep 100; pod exec -d k sleep 50; until [ "$(pod top k pid | wc -l)" = 3 ]; do :; done; pod top k ppid args | sort
# case top-unknown
up k sleep 100; pod top k bogus; echo $?; pod top k pid bogus; echo $?; pod top k PID; echo $?; pod top k %q; echo $?
# case top-not-running
pod create --network none --name k $IMG true >/dev/null; pod top k; echo $?; pod top; echo $?; pod top -l; echo $?; pod top --list-descriptors
# case diff
pod run --network none --name k $IMG sh -c 'echo x > /etc/new; rm /etc/passwd; mkdir /d; echo y > /d/f; mv /data/file /data/g; touch /bin/busybox; ln -s x /lnk'; pod diff k; pod diff --format json k; pod container diff -l
# case diff-fresh-directory
pod run --network none --name k $IMG sh -c 'rm -r /data; mkdir /data; touch /data/n /etc/x'; pod diff k
# case diff-mounts
pod run --network none --name k -v /vol -v $TMP:/mnt/x $IMG sh -c 'touch /vol/x /etc/x'; pod diff k | sort
# case diff-own-places
pod run --network none --name k $IMG sh -c 'mkdir -p /run/d; touch /run/d/x /etc/x /tmp/t'; pod diff k
# case diff-modes
pod run --network none --name k $IMG sh -c 'chmod 700 /data; chown 5 /etc/group; touch /etc/x'; pod diff k
# case diff-not-started
pod create --network none --name k $IMG true >/dev/null; pod diff k; echo $?; pod diff --format json k
# case diff-running
up k sh -c 'echo a > /etc/n; sleep 100'; until pod diff k | grep -q /etc/n; do :; done; pod diff k
# case diff-image
pod diff $IMG | wc -l; pod diff $IMG | head -3; pod run --network none --name k $IMG sh -c 'touch /etc/x /zz'; pod diff k $IMG | sort; pod container diff $IMG; echo $?
# case diff-errors
pod create --network none --name k $IMG true >/dev/null; pod diff nosuch; echo $?; pod diff; echo $?; pod diff a b c; echo $?; pod diff -l k; echo $?; pod diff --format x k; echo $?; pod diff --format '{{.}}' k; echo $?; pod container diff nosuch; echo $?
