# case unshare-root
[ $(id -u) = 0 ] || echo root; pod unshare true; c=$?; [ $(id -u) != 0 ] || echo $c
# case unshare-code
[ $(id -u) = 0 ] || { pod unshare sh -c 'exit 7'; echo $?; pod unshare nosuch; echo $?; pod unshare /etc/passwd; echo $?; }
# case unshare-ids
[ $(id -u) = 0 ] || pod unshare sh -c 'id -u; id -g; wc -l < /proc/self/uid_map; [ $_CONTAINERS_ROOTLESS_UID != 0 ] && echo $_CONTAINERS_USERNS_CONFIGURED'
# case unshare-shell
[ $(id -u) = 0 ] || { SHELL=/bin/pwd; export SHELL; cd /; pod unshare; echo $?; }
# case unshare-words
[ $(id -u) = 0 ] || { pod unshare echo --x -a; pod unshare -x true; echo $?; pod unshare -- echo y; }
# case unshare-mounts
[ $(id -u) = 0 ] || { pod unshare sh -c 'mount -t tmpfs x $0 && touch $0/here && ls $0' $TMP; ls $TMP | wc -l; }
# case unshare-volume
[ $(id -u) = 0 ] || { pod run --rm --network none -v v1:/v $IMG sh -c 'echo x > /v/f; chown 5:6 /v/f'; pod unshare stat -c %u:%g $(pod volume inspect v1 --format '{{.Mountpoint}}')/f; pod volume rm v1; }
# case unshare-engine
[ $(id -u) = 0 ] || { pod unshare "${ENGINE[@]}" images --format '{{.Repository}}' localhost/busy; pod unshare "${ENGINE[@]}" run --rm --network none $IMG echo inside; }
