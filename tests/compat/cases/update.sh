# case update-words
pod create --network none --name c $IMG sleep 100 >/dev/null; pod update; echo $?; pod update c d; echo $?; pod update nosuch; echo $?; pod update --memory 5x c; echo $?; pod update --restart bogus c; echo $?; pod update --nosuch c; echo $?; pod update -l c; echo $?
# case update-restart
pod create --network none --name c $IMG sleep 100 >/dev/null; pod update --restart on-failure:3 c | wc -c; pod inspect c --format '{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}}'; pod update --restart no c >/dev/null; pod inspect c --format '{{.HostConfig.RestartPolicy.Name}}'
# case update-env
pod create --network none --name c -e A=1 -e B=2 $IMG sh -c 'echo $A$B$C' >/dev/null; pod update -e A=9 -e C=3 c >/dev/null; pod update --unsetenv B c >/dev/null; pod inspect c --format '{{range .Config.Env}}{{println .}}{{end}}' | grep '^[ABC]=' | sort; pod start -a c
# case update-latest
pod create --network none --name a $IMG true >/dev/null; pod create --network none --name b $IMG true >/dev/null; pod update -l -e X=1 | wc -c; pod inspect a b --format '{{.Config.Env}}' | grep -c X=1
# case update-by-id
i=$(pod create --network none --name c $IMG true); [ "$(pod update -e X=1 ${i:0:10})" = "$i" ] && echo same; pod container update -e Y=1 c | wc -c
# case update-event
pod create --network none --name c $IMG true >/dev/null; pod update -e X=1 c >/dev/null; pod events --stream=false --since 1m --filter container=c --format '{{.Status}}' | grep -c update
