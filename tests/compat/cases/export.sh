# export: a container's files as a tar archive
# case names
pod create --name c --network none $IMG true >/dev/null; pod export c | tar tf - | grep -v 'bin/\|^dev\|^etc/\|^proc\|^sys\|^run' | sort; pod rm c >/dev/null
# case changes
pod run --name c --network none -v /vol --tmpfs /tf $IMG sh -c 'echo a >/f; mkdir /d; ln /f /g; mkfifo /ff; rm /data/file; ln -s x /l; touch /vol/inside /tf/inside; chmod 4755 /f; chown 5:6 /d; touch -d "2001-02-03 04:05:06" /f'; pod export c | tar tvf - --utc | grep -v 'bin/\| etc/\| run/' | sed 's/20[2-9][0-9]-[^ ]* [^ ]*/DATE/' | sort -k6; pod rm -v c >/dev/null
# case etc
pod run --name c --network none $IMG sh -c 'echo x >/etc/new'; pod export c | tar xO -f - etc/new; pod export c | tar tf - | grep '^etc/\(passwd\|group\|new\)' | sort; pod rm c >/dev/null
# case output
pod create --name c --network none $IMG true >/dev/null; pod export -o $TMP/e.tar c; tar xO -f $TMP/e.tar data/file; pod container export --output=$TMP/f.tar c; cmp $TMP/e.tar $TMP/f.tar && echo same; pod rm c >/dev/null
# case running
up c sh -c 'echo x >/f; exec sleep 100'; until pod exec c test -s /f; do :; done; pod export c | tar xO -f - f; pod rm -f -t 0 c >/dev/null
# case imported
pod run --name c --network none $IMG sh -c 'echo x >/f'; pod export c | pod import -q - exp:1 >/dev/null; pod run --rm --network none exp:1 /bin/busybox cat /f /etc/passwd; pod rm c >/dev/null; pod rmi exp:1 >/dev/null
# case missing-directory
pod create --name c --network none $IMG true >/dev/null; pod export -o $TMP/nosuch/e.tar c; pod rm c >/dev/null
# case colon
pod create --name c --network none $IMG true >/dev/null; pod export -o $TMP/a:b c; ls $TMP; pod rm c >/dev/null
# case words
pod export; pod export a b; pod export --nosuch a
# case unknown
pod export nosuch
# case events
pod create --name cexp --network none $IMG true >/dev/null; pod export cexp >/dev/null; pod events --stream=false --since 1m --filter container=cexp --format '{{.Status}}'; pod rm cexp >/dev/null
# case rootfs
mkdir -p $TMP/root/a; echo x > $TMP/root/a/b; pod create --name c --network none --rootfs $TMP/root true >/dev/null; pod export c | tar tf - | sort; pod rm c >/dev/null
