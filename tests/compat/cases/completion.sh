# case unknown-near
for w in rnu pp imagess contaner im st xyzzyq RUN helpp imag lgos a; do pod $w 2>&1 | sed 's/cpod/podman/g'; echo ${PIPESTATUS[0]}; done
# case unknown-below
for w in 'container rnu' 'container ex' 'system prun' 'image lss' 'volume ex' 'volume EX' 'volume nosuch' 'image trust foo' 'manifest foo bar'; do pod $w 2>&1 | sed 's/cpod/podman/g'; echo ${PIPESTATUS[0]}; done
# case unknown-flag
for w in 'run --rmm x' 'ps -Z' 'ps --forma x' 'ps --format' 'run --name' 'run -e' '--nosuch ps' 'volume --nosuch ls' 'volume -Z' 'run --nosuch=x i' 'ps -aZq'; do pod $w 2>&1 | sed 's/cpod/podman/g'; echo ${PIPESTATUS[0]}; done
# case unknown-words-of-verb
for w in 'volume ls x' 'completion' 'completion foo' 'completion bash x' 'run' 'rename a' 'tag a'; do pod $w 2>&1 | sed 's/cpod/podman/g'; echo ${PIPESTATUS[0]}; done
# case unknown-help-topic
pod help rnu 2>/dev/null; echo $?; pod help rnu 2>&1 | head -n 3 | sed 's/cpod/podman/g'; pod help rnu bar 2>&1 | head -n 1; pod help container nosuch >/dev/null; echo $?; pod help run nosuch >/dev/null; echo $?
# case commands
for w in '' con vol x p; do pod __complete "$w" 2>/dev/null | cut -f1 | grep -vx 'config\|doctor\|explain'; done
# case commands-below
for w in container image volume manifest system network pod secret machine kube farm generate healthcheck quadlet artifact 'image trust' 'system connection'; do pod __complete $w '' 2>/dev/null | cut -f1 | grep -v '^start-all'; done
# case commands-plain
pod __completeNoDesc vol 2>/dev/null; pod __completeNoDesc nosuch '' 2>/dev/null; pod __completeNoDesc __comp 2>/dev/null; pod __completeNoDesc image tr 2>/dev/null
# case help-topics
pod __complete help vol 2>/dev/null | cut -f1; pod __complete help image tr 2>/dev/null | cut -f1
# case flags
for c in run create ps rm stop start kill pause exec logs attach rename port top diff commit export cp wait inspect images rmi tag pull push save load search login logout import history 'image inspect' 'image tree' 'image mount' 'volume create' 'volume ls' 'volume rm' 'volume inspect' 'manifest create' 'manifest add' 'manifest push' version info events 'system df' completion; do echo "$c"; pod __complete $c -- 2>/dev/null | cut -f1 | grep -vx -e --help -e --dry-run | sort; done
# case flags-letters
for c in ps rm images 'volume ls' logs exec; do pod __complete $c - 2>/dev/null | cut -f1 | grep -x -e '-[a-zA-Z]' | sort; done
# case flags-typed
pod __complete run --label-f 2>/dev/null | cut -f1; pod __complete ps -a --al 2>/dev/null | cut -f1; pod __complete run --label x --lab 2>/dev/null | cut -f1; pod __complete run image --pu 2>/dev/null; pod __complete ps --nosuch '' 2>/dev/null
# case values
for f in --pull --restart --log-level --health-on-failure --attach; do pod __complete run $f '' 2>/dev/null | sort; done; pod __complete run --pull= 2>/dev/null; pod __complete ps --sort '' 2>/dev/null; pod __complete images --sort '' 2>/dev/null; pod __complete --log-level '' 2>/dev/null; pod __complete save --format '' 2>/dev/null | sort; pod __complete commit --format '' 2>/dev/null
# case values-filter
pod __complete ps --filter st 2>/dev/null; pod __complete ps --filter status= 2>/dev/null | grep -v stopping | sort; pod __complete ps --filter health 2>/dev/null; pod __complete ps --filter nam 2>/dev/null; pod __complete volume ls --filter dr 2>/dev/null
# case values-fields
pod __complete ps --format j 2>/dev/null; pod __complete ps --format '{{.Na' 2>/dev/null | grep Names}}; pod __complete images --format '{{.Rep' 2>/dev/null | grep { | sort
# case values-signal
pod __complete kill --signal TER 2>/dev/null | grep TER; pod __complete run --stop-signal SIGTER 2>/dev/null | grep TER
# case containers
up run sleep 100; pod create --network none --name made $IMG true >/dev/null; pod run --network none --name over $IMG true; for v in rm stop start kill pause unpause attach restart logs wait exec inspect port rename export 'container inspect'; do echo "$v"; pod __complete $v '' 2>/dev/null | cut -f1 | grep -v 'localhost\|^podman$' | sort; done
# case containers-typed
up run sleep 100; pod create --network none --name made $IMG true >/dev/null; pod __complete rm m 2>/dev/null | cut -f1; pod __complete rm x 2>/dev/null; pod __complete rm -a '' 2>/dev/null; i=$(pod ps -q); pod __complete rm ${i:0:6} 2>/dev/null | cut -f1; pod __complete run --network container:m 2>/dev/null | cut -f1 | grep -v slirp; pod __complete ps --filter name=m 2>/dev/null | cut -f1
# case containers-exec
up run sleep 100; pod __complete exec run '' 2>/dev/null; pod __complete exec run ls '' 2>/dev/null; pod __complete rename run '' 2>/dev/null; pod __complete import '' 2>/dev/null; pod __complete load '' 2>/dev/null; pod __complete run --env-file '' 2>/dev/null; pod __complete run --name '' 2>/dev/null
# case images
for v in run create rmi tag save push history pull 'image rm' 'image tree' 'image inspect'; do echo "$v"; pod __complete $v '' 2>/dev/null | cut -f1; done; pod __complete run bu 2>/dev/null | cut -f1; pod __complete run x 2>/dev/null
# case volumes
pod volume create v1 >/dev/null; pod volume create v2 >/dev/null; for v in rm inspect export import exists; do pod __complete volume $v '' 2>/dev/null | cut -f1 | sort; done; pod __complete run -v v1 2>/dev/null | cut -f1
# case top-descriptors
up run sleep 100; pod __complete top run '' 2>/dev/null | sort
# case script
for s in bash zsh fish; do pod completion $s | grep -q __complete; echo $?; pod completion --no-desc $s | grep -q __completeNoDesc; echo $?; done; pod completion -f $TMP/s bash; test -s $TMP/s; echo $?; pod completion bash -f $TMP/nosuch/x >/dev/null; echo $?
