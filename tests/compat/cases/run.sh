# case echo
run echo hello
# case both-streams
run sh -c 'echo out; echo err >&2'
# case exit-code
run sh -c 'exit 42'
# case exit-255
run sh -c 'exit 255'
# case killed-by-signal
run sh -c 'kill -9 $$'
# case killed-by-term
run sh -c 'kill -TERM $$'
# case default-command
echo 'echo from-stdin' | pod run --rm -i --network none $IMG
# case stdin
echo data | pod run --rm -i --network none $IMG cat
# case stdin-not-passed
echo data | pod run --rm --network none $IMG cat
# case large-output
run sh -c 'i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done' | md5sum
# case command-missing
run nosuchcommand
# case command-missing-path
run /no/such
# case command-not-executable
run /etc/passwd
# case command-is-directory
run /tmp
# case command-relative-missing
run ./nosuch
# case image-missing
pod run --rm --pull never localhost/nosuch true
# case image-bad-reference
pod run --rm 'UPPER/Case' true
# case image-bad-tag
pod run --rm 'busy:bad tag' true
# case no-image
pod run
# case unknown-flag
pod run --nosuchflag $IMG true
# case flag-without-value
pod run --name
# case detached-prints-id
pod run -d --network none --name det $IMG sleep 100 | wc -c
pod ps --format '{{.Names}} {{.State}}'
# case detached-failing
pod run -d --network none $IMG nosuch
pod ps -a --format '{{.State}}'
# case name-in-use
pod create --network none --name twice $IMG true >/dev/null
pod create --network none --name twice $IMG true
# case name-invalid
pod create --network none --name 'a b' $IMG true
# case name-starts-with-dash
pod create --network none --name=-x $IMG true
# case replace
pod create --network none --name r $IMG true >/dev/null
pod create --network none --name r --replace $IMG true | wc -c
pod ps -a --format '{{.Names}}'
# case rm-leaves-nothing
run true
pod ps -aq
# case conflicting-rm-restart
pod run --rm --restart always --network none $IMG true
# case attach-and-detach
pod run -d -a stdout --network none $IMG true
# case attach-stdout-only
pod run --rm --network none -a stdout $IMG sh -c 'echo out; echo err >&2'
# case attach-stderr-only
pod run --rm --network none -a stderr $IMG sh -c 'echo out; echo err >&2'
# case attach-bad-stream
pod run --rm --network none -a nosuch $IMG true
# case words-after-image-are-the-command
run echo --rm -it
# case entrypoint
pod run --rm --network none --entrypoint echo $IMG one two
# case entrypoint-empty
pod run --rm --network none --entrypoint '' $IMG echo x
# case entrypoint-json
pod run --rm --network none --entrypoint '["echo","a b"]' $IMG c
# case pull-bad-policy
pod run --rm --pull sometimes $IMG true
# case rmi-image-used
pod create --network none --name u $IMG true >/dev/null
pod rmi $IMG
# case create-then-start-attached
pod create --network none --name c $IMG sh -c 'echo started; exit 6' >/dev/null
pod start -a c
# case init
pod run --rm --network none --init $IMG sh -c 'cat /proc/1/comm | grep -c sh'
# case read-stdin-after-exit
yes | pod run --rm -i --network none $IMG head -n 2
# case timeout
pod run --rm --network none --timeout 1 $IMG sleep 100
# case cidfile
pod run --rm --network none --cidfile $TMP/cid $IMG true
wc -c < $TMP/cid
pod run --rm --network none --cidfile $TMP/cid $IMG true
# case pidfile
pod run -d --network none --pidfile $TMP/pid --name p $IMG sleep 100 >/dev/null
[ "$(cat $TMP/pid)" = "$(pod inspect p --format '{{.State.Pid}}')" ] && echo same
# case quiet-flag
pod run --rm -q --network none $IMG echo q
# case env-tz
pod run --rm --network none --tz UTC $IMG date +%Z
# case stop-timeout-kept
pod create --network none --name s --stop-timeout 3 --stop-signal SIGINT $IMG true >/dev/null
pod inspect s --format '{{.Config.StopTimeout}} {{.Config.StopSignal}}'
# case preserved-fds
pod run --rm --network none --preserve-fds 1 $IMG sh -c 'cat <&3' 3<<END
through
END
