# init: everything of a start but the program
# case once
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a; pod inspect a --format '{{.State.Status}} {{.State.Running}} {{.State.ExitCode}} {{gt .State.Pid 0}}'; pod ps -a --format '{{.Names}} {{.Status}} {{.State}}'; pod ps -q | wc -l; pod rm a
# case twice
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a; pod init a; echo $?; pod rm a
# case not-of-running
pod run -d --name a --network none $IMG sleep 1000 >/dev/null; pod init a; echo $?; pod rm -f -t 0 a
# case start
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a; p=$(pod inspect a --format '{{.State.Pid}}'); pod start a; pod inspect a --format "{{.State.Status}} {{eq .State.Pid $p}}"; pod exec a echo in; pod rm -f -t 0 a
# case start-attached
pod create --name a --network none $IMG sh -c 'echo out; echo err >&2; exit 3' >/dev/null; pod init a; pod start -a a; echo $?; pod inspect a --format '{{.State.Status}} {{.State.ExitCode}}'; pod rm a
# case start-attached-input
pod create -i --name a --network none $IMG cat >/dev/null; pod init a; echo typed | pod start -ai a; echo $?; pod rm a
# case exec
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a; pod exec a true; echo $?; pod rm a
# case pause
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a; pod pause a; echo $?; pod rm a
# case kill
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a; pod kill a; echo $?; pod inspect a --format '{{.State.Status}}'; pod rm a
# case top
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a; pod top a; echo $?; pod rm a
# case attach
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a; pod attach a; echo $?; pod rm a
# case stop
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a; pod stop -t 0 a; pod inspect a --format '{{.State.Status}} {{.State.ExitCode}}'; pod init a; pod inspect a --format '{{.State.Status}}'; pod start a; pod inspect a --format '{{.State.Status}}'; pod rm -f -t 0 a
# case restart
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a; pod restart -t 0 a; pod inspect a --format '{{.State.Status}}'; pod rm -f -t 0 a
# case wait
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a; pod wait --condition initialized a; pod rm a
# case filter
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod create --name b --network none $IMG true >/dev/null; pod init a; pod ps -a --filter status=initialized --format '{{.Names}}'; pod ps -a --filter status=created --format '{{.Names}}'; pod rm a b | sort
# case all
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod create --name b --network none $IMG true >/dev/null; pod run -d --name c --network none $IMG sleep 1000 >/dev/null; pod init a; pod init --all | wc -l; pod ps -a --format '{{.Names}} {{.State}}' | sort; pod start --all | wc -l; pod rm -f -t 0 a b c | sort
# case some-missing
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a nosuch; echo $?; pod ps -a --format '{{.Names}} {{.State}}'; pod rm a
# case nothing-named
pod init
# case all-and-name
pod init --all a
# case latest
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init --latest | wc -l; pod ps -a --format '{{.State}}'; pod rm a
# case prune
pod create --name a --network none $IMG sleep 1000 >/dev/null; pod init a; pod container prune -f | wc -l; pod ps -aq | wc -l
# case no-command
pod create --name a --network none $IMG /nosuch >/dev/null; pod init a; echo $?; pod ps -a --format '{{.State}}'; pod rm a
# case events
pod create --name ev --network none $IMG true >/dev/null; pod init ev; pod start -a ev; pod wait ev; pod rm ev; pod events --stream=false --since 1m --filter container=ev --format '{{.Status}}' | grep -v cleanup | grep -v attach
