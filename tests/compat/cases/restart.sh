# --restart
# case on-failure
pod run --name c --network none --restart on-failure:2 $IMG sh -c 'echo x; exit 5'; echo $?; sleep 2; pod inspect c --format '{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}} {{json .HostConfig.RestartPolicy}}'; pod logs c; pod rm c
# case on-failure-fine
pod run -d --name c --network none --restart on-failure $IMG true >/dev/null; sleep 1; pod inspect c --format '{{.RestartCount}} {{.State.Status}}'; pod rm c
# case killed
pod run -d --name c --network none --restart always $IMG sleep 100 >/dev/null; pod kill c; sleep 1; pod inspect c --format '{{.RestartCount}} {{.State.Status}}'; pod start c; pod stop -t 0 c; sleep 1; pod ps -a --format '{{.Names}} {{.State}} {{.Restarts}}'; pod rm c
# case again
pod run -d --name c --network none --restart on-failure:1 $IMG sh -c 'exit 3' >/dev/null; sleep 1; pod start c; sleep 1; pod inspect c --format '{{.RestartCount}}'; pod wait c; pod rm c
# case restart
pod run -d --name c --network none --restart unless-stopped $IMG sleep 100 >/dev/null; pod restart -t 0 c; pod inspect c --format '{{.RestartCount}} {{.State.Status}}'; pod rm -f -t 0 c
# case filter
pod create --name a --network none --restart always $IMG true >/dev/null; pod create --name b --network none $IMG true >/dev/null; pod ps -a --filter restart-policy=always --format '{{.Names}}'; pod ps -a --filter restart-policy=no --format '{{.Names}}'; pod rm a b | sort
# case words
for w in foo always:3 on-failure:x; do pod create --restart $w $IMG true; echo $?; done; pod run --rm --restart always $IMG true; echo $?
# case at-boot
for p in no always unless-stopped on-failure; do pod run -d --network none --name $p --restart $p $IMG sleep 100 >/dev/null; pod create --network none --name c-$p --restart $p $IMG sleep 100 >/dev/null; pod run -d --network none --name s-$p --restart $p $IMG sleep 100 >/dev/null; done
pod stop -t 0 s-no s-always s-unless-stopped s-on-failure >/dev/null; pod ps -a --filter should-start-on-boot=true --format '{{.Names}}' | sort; pod ps -a --filter should-start-on-boot=false --format '{{.Names}}' | sort; pod ps -a --filter should-start-on-boot=x; echo $?
