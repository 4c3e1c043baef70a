# shellcheck shell=bash
# journald.sh - a systemd-journald of a test's own, without systemd, in a mount namespace with its own /run/systemd, /run/log and /var/log:
# nothing of the machine's journal is seen or changed.
#   . tests/rigs/journald.sh
#   journald_possible        is the program here?
#   journald_open DIR        makes the namespace; journald is not started; DIR holds our notes
#   in_journal COMMAND...    runs it there; in_journal_exec COMMAND... & in the background
#   journald_start, journald_stop    the program; a stop leaves nobody at the socket
#   journald_sync            what was sent until now can be read
#   journald_close           ends all of it

JOURNALD_PROGRAM=
for _at in /usr/lib/systemd/systemd-journald /lib/systemd/systemd-journald; do
	[ -z "$JOURNALD_PROGRAM" ] && [ -x $_at ] && JOURNALD_PROGRAM=$_at
done

journald_possible() { [ "$(id -u)" = 0 ] && [ -n "$JOURNALD_PROGRAM" ] && command -v journalctl >/dev/null; }

journald_open() # DIR
{
	JOURNALD_DIR=$1
	export JOURNALD_DIR
	mkdir -p "$1" /run/systemd /run/log
	unshare -m --propagation private bash -c '
		set -e
		mount -t tmpfs -o mode=755 tmpfs /run/systemd
		mount -t tmpfs -o mode=755 tmpfs /run/log
		mount -t tmpfs -o mode=755 tmpfs /var/log
		mkdir -p /run/systemd/journal /run/systemd/journald.conf.d /run/log/journal /var/log/journal
		printf "[Journal]\nStorage=persistent\nRateLimitBurst=0\nReadKMsg=no\nAudit=\nForwardToSyslog=no\nForwardToWall=no\nSystemMaxUse=1G\n" > /run/systemd/journald.conf.d/test.conf
		if [ ! -s /etc/machine-id ]; then
			[ -e /etc/machine-id ] || : > /etc/machine-id
			od -An -tx1 -N16 /dev/urandom | tr -d " \n" > /run/systemd/machine-id
			echo >> /run/systemd/machine-id
			mount --bind /run/systemd/machine-id /etc/machine-id
		fi
		: > "$1/ready"
		exec sleep infinity' rig "$1" >"$1/log" 2>&1 </dev/null 3>&- 4>&- &
	echo $! >"$1/holder"
	eventually test -e "$1/ready"
}

# With & behind it: $! is the program itself.
in_journal_exec() { exec nsenter -t "$(<"$JOURNALD_DIR/holder")" -m -w -- "$@" 3>&- 4>&-; }
in_journal() { nsenter -t "$(<"$JOURNALD_DIR/holder")" -m -w -- "$@"; }

journald_start()
{
	in_journal_exec "$JOURNALD_PROGRAM" >>"$JOURNALD_DIR/log" 2>&1 </dev/null &
	echo $! >"$JOURNALD_DIR/pid"
	eventually in_journal journalctl --sync 2>/dev/null
}

journald_stop()
{
	[ -e "$JOURNALD_DIR/pid" ] || return 0
	kill "$(<"$JOURNALD_DIR/pid")" 2>/dev/null
	wait "$(<"$JOURNALD_DIR/pid")" 2>/dev/null || :
	rm -f "$JOURNALD_DIR/pid"
}

journald_sync() { in_journal journalctl --sync; }

journald_close()
{
	journald_stop
	kill "$(<"$JOURNALD_DIR/holder")" 2>/dev/null || :
}
