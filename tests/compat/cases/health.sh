# --health-*, healthcheck run, and what they show in ps, inspect, events and wait. No timer runs here: what it does is in
# tests/integration/health.bats, since a Podman without systemd has none.
# case none-defined
up c sleep 100; pod healthcheck run c; echo $?; pod inspect c --format '{{json .Config.Healthcheck}}'; pod ps --format '{{.Names}} {{.Status}}' | grep -c '('
# case healthy
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'echo hi'; hl; pod healthcheck run c; echo $?; hl; pod ps --format '{{.Names}} {{.Status}}' | sed 's/Up.*(/Up (/'
# case unhealthy
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'echo no; exit 3' --health-retries 2; pod healthcheck run c; echo $?; hl; pod healthcheck run c; echo $?; hl; pod healthcheck run c; hl; pod ps --format '{{.Status}}' | sed 's/Up.*(/Up (/'
# case recovers
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'test -e /ok' --health-retries 1; pod healthcheck run c; hl; pod exec c touch /ok; pod healthcheck run c; hl; pod exec c rm /ok; pod healthcheck run c; hl
# case both-streams
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'echo one; echo err >&2; echo two; echo err2 >&2'; pod healthcheck run c; hl
# case no-newline
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'printf aa; printf bb >&2'; pod healthcheck run c; hl
# case log-size
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'echo 0123456789; echo more' --health-max-log-size 12; pod healthcheck run c; hl
# case log-count
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'date +%N >/dev/null; echo x' --health-max-log-count 2; for i in 1 2 3; do pod healthcheck run c; done; hl
# case log-count-default
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'echo x'; for i in 1 2 3 4 5 6 7; do pod healthcheck run c; done; hl
# case log-unbounded
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'echo x' --health-max-log-count 0; for i in 1 2 3 4 5 6 7; do pod healthcheck run c; done; hl
# case log-size-unbounded
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'yes | head -c 3000' --health-max-log-size 0; pod healthcheck run c; hl | wc -c
# case log-directory
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
mkdir $TMP/d; hc --health-cmd 'echo hi' --health-log-destination $TMP/d; pod healthcheck run c; hl; ls $TMP/d; sed 's/"Start":"[^"]*","End":"[^"]*"/TIMES/' $TMP/d/* | grep -o '"Log":.*]'
# case log-events
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'echo hi' --health-log-destination events_logger; pod healthcheck run c; hl; pod events --stream=false --since 1m --filter container=c --filter event=health_status | grep -o 'health_.*' | sed 's/"Start":"[^"]*","End":"[^"]*"/TIMES/'
# case events
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'exit 1' --health-retries 2; pod healthcheck run c; pod healthcheck run c; pod events --stream=false --since 1m --filter container=c --filter event=health_status | grep -o 'name=.*'; pod events --stream=false --since 1m --filter container=c --filter event=health_status --format '{{.Status}} {{.HealthStatus}}'
# case timeout
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'echo a; sleep 20' --health-timeout 1s --health-retries 1; pod healthcheck run c; echo $?; hl; pod exec c ps | grep -c 'sleep 20'
# case start-period
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'exit 1' --health-retries 1 --health-start-period 1h; pod healthcheck run c; echo $?; hl
# case start-period-success
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'true' --health-retries 1 --health-start-period 1h; pod healthcheck run c; echo $?; hl
# case exec-form
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd '["echo","a b","c"]'; pod healthcheck run c; hl
# case cmd-form
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'CMD echo a b'; pod healthcheck run c; hl
# case cmd-alone
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd CMD; pod healthcheck run c; echo $?; hl
# case shell-not-found
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd '/nosuch' --health-retries 5; pod healthcheck run c; echo $?; hl
# case exec-not-found
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd '["/nosuch","x"]' --health-retries 5; pod healthcheck run c; echo $?; pod inspect c --format '{{.State.Health.Status}} {{range .State.Health.Log}}{{.ExitCode}}{{end}}'
# case killed-itself
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'kill -9 $$'; pod healthcheck run c; echo $?; hl
# case environment
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --user 1000 -w /tmp --env A=b --health-cmd 'id -u; pwd; echo $A; grep Cap /proc/self/status'; pod healthcheck run c; hl
# case no-terminal
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc -t --health-cmd 'test -t 1 && echo tty; echo done'; pod healthcheck run c; hl
# case bytes
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'printf "\377\001x"'; pod healthcheck run c; pod inspect c --format '{{json .State.Health}}' | grep -o '"Output".*'
# case paused root-only: what an ordinary user runs here has no control group to freeze
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd true; pod healthcheck run c; pod pause c >/dev/null; pod healthcheck run c; echo $?; hl; pod ps -a --format '{{.Status}}'; pod unpause c >/dev/null; hl; pod healthcheck run c; hl
# case stopped
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd true; pod healthcheck run c; pod stop -t 0 c >/dev/null; pod healthcheck run c; echo $?; hl; pod ps -a --format '{{.Status}}' | sed 's/d (137).*(/d (/'
# case restarted
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd true; pod healthcheck run c; pod restart -t 0 c >/dev/null; hl
# case started-again
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd true; pod healthcheck run c; pod stop -t 0 c >/dev/null; pod start c >/dev/null; hl
# case on-failure-kill
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd false --health-retries 1 --health-on-failure kill; pod healthcheck run c; pod wait c; st c; hl
# case on-failure-stop
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --stop-timeout 0 --health-cmd false --health-retries 1 --health-on-failure stop; pod healthcheck run c; pod wait c; st c; hl
# case on-failure-restart
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --stop-timeout 0 --health-cmd false --health-retries 1 --health-on-failure restart; pod healthcheck run c; hl; pod inspect c --format '{{.RestartCount}}'
# case on-failure-none
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd false --health-retries 1 --health-on-failure none; pod healthcheck run c; st c; hl
# case on-failure-kill-with-policy
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --restart always --health-cmd false --health-retries 1 --health-on-failure kill; pod healthcheck run c; pod wait c; sleep 1; st c
# case startup
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd 'echo reg' --health-startup-interval disable --health-startup-cmd 'echo start' --health-startup-success 2; hl; for i in 1 2 3; do pod healthcheck run c; echo $?; done; hl
# case startup-fails
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd true --health-startup-interval disable --health-startup-cmd false; pod healthcheck run c; echo $?; hl; pod healthcheck run c; hl
# case filter
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd true; for f in starting healthy unhealthy bad ''; do echo "$f: $(pod ps --filter health=$f --format '{{.Names}}')"; done; pod healthcheck run c; pod ps --filter health=healthy --format '{{.Names}}'; pod ps --filter health=starting --format '{{.Names}}'
# case wait-healthy
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd true; pod healthcheck run c; pod wait --condition healthy c; echo $?
# case wait-unhealthy
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd false --health-retries 1; pod healthcheck run c; pod wait --condition unhealthy c; echo $?
# case wait-stopped
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
hc --health-cmd false --health-retries 1; pod stop -t 0 c >/dev/null; pod wait --condition healthy c; echo $?
# case wait-no-check
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
up c sleep 100; pod wait --condition healthy c; echo $?
# case created
hc() { pod run -d --network none --name c --health-interval disable "$@" $IMG sleep 100 >/dev/null; }
hl() { pod inspect c --format '{{.State.Health.Status}} {{.State.Health.FailingStreak}} {{len .State.Health.Log}}{{range .State.Health.Log}} {{.ExitCode}}:{{.Output}}{{end}}'; }
pod create --name c --network none --health-cmd true $IMG true >/dev/null; hl; pod ps -a --format '{{.Status}}'; pod healthcheck run c; echo $?
# case run-unknown
pod healthcheck run nosuch; echo $?
# case run-nothing
pod healthcheck run; echo $?
# case run-two
pod healthcheck run a b; echo $?
# case flags-defaults
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x
# case flags-all
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-interval 9s --health-timeout 8s --health-retries 7 --health-start-period 6s
# case flags-startup
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-startup-cmd '["a","b"]' --health-startup-interval 3s --health-startup-timeout 4s --health-startup-retries 5 --health-startup-success 6
# case flags-startup-only
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-startup-cmd x
# case flags-none-word
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd none
# case flags-none-upper
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd NONE
# case flags-no
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --no-healthcheck
# case flags-no-and-cmd
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --no-healthcheck --health-cmd x
# case flags-no-and-startup
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --no-healthcheck --health-startup-cmd x
# case flags-interval-only
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-interval 5s
# case flags-interval-bad
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-interval bad
# case flags-interval-disable
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-interval disable
# case flags-interval-zero
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-interval 0
# case flags-interval-fraction
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-interval 1.5s
# case flags-retries-zero
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-retries 0
# case flags-retries-bad
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-retries x
# case flags-timeout-zero
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-timeout 0s
# case flags-timeout-small
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-timeout 500ms
# case flags-start-period-negative
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-start-period -1s
# case flags-on-failure-bad
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-on-failure bad
# case flags-on-failure-kill
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-on-failure kill
# case flags-on-failure-alone
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-on-failure kill
# case flags-destination-missing
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-log-destination /nosuch
# case flags-destination-file
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-log-destination /etc/passwd
# case flags-destination-events
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-log-destination events_logger
# case flags-destination-dir
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-log-destination /tmp
# case flags-startup-interval-bad
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-startup-cmd y --health-startup-interval bad
# case flags-startup-timeout-zero
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd x --health-startup-cmd y --health-startup-timeout 0s
# case flags-old-names
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --healthcheck-command x --healthcheck-interval 5s --healthcheck-retries 4 --healthcheck-timeout 3s --healthcheck-start-period 2s
# case word-cmd-words
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd 'CMD echo hi'
# case word-cmd-shell-words
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd 'CMD-SHELL echo  hi'
# case word-cmd-lower
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd 'cmd-shell echo hi'
# case word-cmd-array
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd '["CMD","echo","a b"]'
# case word-cmd-shell-array
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd '["CMD-SHELL","echo  hi"]'
# case word-none-array
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd '["NONE"]'
# case word-empty
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd ''
# case word-blank
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd ' '
# case word-none-more
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd 'none x'
# case word-array-empty
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd '[]'
# case word-array-broken
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd '["a"'
# case word-array-numbers
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd '[1]'
# case word-array-one
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd '["echo hi"]'
# case word-array-two
co() { pod create --name c --network none "$@" $IMG true >/dev/null || echo refused; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}} {{.Config.HealthcheckOnFailureAction}} {{.Config.HealthLogDestination}} {{json .State.Health}}'; }
co --health-cmd '["echo","hi"]'
# case image
pod run --name i --network none $IMG true; pod commit -q --format docker --change 'HEALTHCHECK --interval=7s --timeout=3s --start-period=2s --retries=4 CMD echo img' i himg >/dev/null
co() { pod create --name c --network none "$@" true >/dev/null; pod inspect c --format '{{json .Config.Healthcheck}} {{json .Config.StartupHealthCheck}}'; pod rm c >/dev/null; }
co himg; co --no-healthcheck himg; co --health-cmd none himg; co --health-interval 9s himg; co --health-cmd own himg; co --health-retries 9 himg; co --health-startup-cmd x himg; co --health-interval disable himg; co --health-timeout 9s himg; co --health-start-period 9s himg; co --health-on-failure kill himg
pod rmi -f himg >/dev/null
# case image-none
pod run --name i --network none $IMG true; pod commit -q --format docker --change 'HEALTHCHECK NONE' i himg >/dev/null
pod create --name c --network none himg true >/dev/null; pod inspect c --format '{{json .Config.Healthcheck}} {{json .State.Health}}'; pod rm c >/dev/null; pod rmi -f himg >/dev/null
# case image-runs
pod run --name i --network none $IMG true; pod commit -q --format docker --change 'HEALTHCHECK CMD ["echo","img"]' i himg >/dev/null
pod run -d --network none --name c --health-interval disable himg sleep 100 >/dev/null; pod healthcheck run c; pod inspect c --format '{{.State.Health.Status}}{{range .State.Health.Log}} {{.Output}}{{end}}'; pod rm -f -t 0 c >/dev/null; pod rmi -f himg >/dev/null
