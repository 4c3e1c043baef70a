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
pod create --network none --name only $IMG true >/dev/null; pod update -e X=1 only >/dev/null; pod events --stream=false --since 1m --filter container=only --format '{{.Status}}' | grep -c update
# case health-of-none
pod create --name c --network none $IMG sleep 1000 >/dev/null; h() { pod inspect c | jq -Sc '.[0].Config | del(.StartupHealthCheck.StartPeriod?) | with_entries(select(.key | test("Health")))'; }; for a in '--health-cmd true' '--health-interval 5s' '--health-retries 7' '--health-timeout 3s' '--health-start-period 4s' '--health-startup-cmd ls' '--health-startup-interval 3s' '--health-startup-retries 2' '--health-startup-success 3' '--health-startup-timeout 4s' '--health-on-failure kill' '--health-max-log-count 3' '--health-max-log-size 100' '--health-log-destination events_logger' '--health-log-destination local' '--health-on-failure none' '--health-interval disable' --no-healthcheck; do pod update $a c | wc -l; h; done; pod rm c >/dev/null
# case health-words
pod create --name c --network none --health-cmd ls $IMG sleep 1000 >/dev/null; pod update --health-cmd '["a", "b c"]' c | wc -l; pod inspect c --format '{{json .Config.Healthcheck}}'; pod update --health-cmd 'CMD x y' c | wc -l; pod inspect c --format '{{json .Config.Healthcheck}}'; pod update --health-cmd none c | wc -l; pod inspect c --format '{{json .Config.Healthcheck.Test}}'; pod rm c >/dev/null
# case health-conflict
pod create --name c --network none --health-cmd ls $IMG sleep 1000 >/dev/null; pod update --no-healthcheck --health-cmd x c; echo $?; pod rm c >/dev/null
# case health-interval-bad
pod create --name c --network none --health-cmd ls $IMG sleep 1000 >/dev/null; pod update --health-interval bad c; echo $?; pod inspect c --format '{{json .Config.Healthcheck}}'; pod rm c >/dev/null
# case health-timeout-none
pod create --name c --network none --health-cmd ls $IMG sleep 1000 >/dev/null; pod update --health-timeout 0s c; echo $?; pod rm c >/dev/null
# case health-action-bad
pod create --name c --network none --health-cmd ls $IMG sleep 1000 >/dev/null; pod update --health-on-failure bad c; echo $?; pod rm c >/dev/null
# case health-destination-bad
pod create --name c --network none --health-cmd ls $IMG sleep 1000 >/dev/null; pod update --health-log-destination /nosuch c; echo $?; pod rm c >/dev/null
