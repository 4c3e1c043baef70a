# containers that need others: --requires, rm --depend, wait --exit-first-match
# case start
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod create --name b --network none --requires a $IMG sleep 1000 >/dev/null; pod create --name c --network none --requires a,b $IMG sleep 1000 >/dev/null; pod inspect c --format '{{len .Dependencies}}'; pod start c; pod ps --format '{{.Names}} {{.State}}' | sort; pod rm -f -t 0 c; pod rm -f -t 0 b; pod rm -f -t 0 a
# case nosuch
pod create --network none --requires nosuch $IMG true
# case restart
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod create --name b --network none --requires a $IMG sleep 1000 >/dev/null; pod restart -t 0 b; echo $?; pod init b; echo $?; pod ps -a --format '{{.Names}} {{.State}}' | sort; pod rm b; pod rm a
# case rm
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod create --name b --network none --requires a $IMG sleep 1000 >/dev/null; pod rm a; echo $?; pod rm -f a; echo $?; pod ps -a --format '{{.Names}}' | sort; pod rm b; pod rm a
# case rm-several
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod create --name b --network none --requires a $IMG sleep 1000 >/dev/null; pod rm -f -t 0 b a >/dev/null 2>&1; pod rm a >/dev/null 2>&1; pod ps -aq | wc -l
# case rm-depend
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod create --name b --network none --requires a $IMG sleep 1000 >/dev/null; pod create --name c --network none --requires b $IMG sleep 1000 >/dev/null; pod rm --depend a | wc -l; pod ps -aq | wc -l
# case rm-depend-running
pod run -d --name a --network none $IMG sleep 1000 >/dev/null; pod run -d --name b --network none --requires a $IMG sleep 1000 >/dev/null; pod rm --depend a; echo $?; pod ps -a --format '{{.Names}} {{.State}}' | sort; pod rm -f -t 0 --depend a >/dev/null; pod ps -aq | wc -l
# case rm-all
pod run -d --name a --network none $IMG sleep 1000 >/dev/null; pod run -d --name b --network none --requires a $IMG sleep 1000 >/dev/null; pod rm -f -t 0 --all | wc -l; pod ps -aq | wc -l
# case network-of-another
pod run -d --name a --network none $IMG sleep 1000 >/dev/null; pod run -d --name b --network container:a $IMG sleep 1000 >/dev/null; pod inspect b --format '{{len .Dependencies}}'; pod rm -f -t 0 a; echo $?; pod stop -t 0 a b >/dev/null; pod start b; pod ps --format '{{.Names}} {{.State}}' | sort; pod rename a other; pod stop -t 0 b >/dev/null; pod start b; pod rm -fa -t 0 | wc -l
# case start-fails
pod create --name a --network none $IMG /nosuch >/dev/null; pod create --name b --network none --requires a $IMG true >/dev/null; pod start b; echo $?; pod ps -a --format '{{.Names}} {{.State}}' | sort; pod rm b; pod rm a
# case run
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod run --rm --network none --requires a $IMG echo ran; pod ps -a --format '{{.Names}} {{.State}}'; pod rm -f -t 0 a
# case wait-first
pod run -d --name a --network none $IMG sleep 1000 >/dev/null; pod run -d --name b --network none $IMG sh -c 'sleep 0.3; exit 3' >/dev/null; pod wait --exit-first-match a b; echo $?; pod rm -f -t 0 a b | sort
# case wait-first-running
pod run -d --name a --network none $IMG sleep 1000 >/dev/null; pod create --name b --network none $IMG true >/dev/null; pod wait --exit-first-match --condition running b a; echo $?; pod rm -f -t 0 a b | sort
# case wait-first-missing
pod run -d --name a --network none $IMG sleep 1000 >/dev/null; pod wait --exit-first-match a nosuch; echo $?; pod rm -f -t 0 a
# case wait-first-ignore
pod run --name b --network none $IMG false; pod wait --exit-first-match --ignore nosuch b; echo $?; pod rm b
# case rm-needed
pod run -d --rm --name a --network none $IMG sleep 1000 >/dev/null; pod create --name b --network none --requires a $IMG true >/dev/null; pod kill a >/dev/null; for i in $(seq 100); do [ "$(pod inspect a --format '{{.State.Status}}')" = running ] || break; sleep 0.05; done; pod inspect a --format '{{.State.ExitCode}}'; pod ps -a --format '{{.Names}} {{.State}}' | sed 's, stopped, exited,' | sort; pod rm b >/dev/null; pod rm -f a >/dev/null; pod ps -aq | wc -l
