# shellcheck shell=bash
# lib.bash - what the cases share; they run as root in the machine.
#   it NAME COMMAND...        a test: COMMAND, mostly a function, with set -e; what it printed is shown when it fails
#   same GOT WANTED           has GOT the value it must have?
#   like GOT PATTERN          does the pattern of the shell match it?
#   between GOT LOW HIGH      numbers
#   eventually COMMAND...     waits until it succeeds, at most twenty seconds
#   as WHO SCRIPT             root: as it is; manager: alice, by the manager of her units; login: alice in a session, as by ssh;
#                             scope: there, in a scope of her manager's; plain: alice without a session, in a group of root's; bob-login: bob, who does not linger
#   group CONTAINER_PID       its group's directory, as the kernel has it

it()
{
	local name=$1 log
	shift
	log=$(mktemp)
	(
		set -eE
		trap 'echo "$BASH_COMMAND: $?"' ERR
		"$@"
	) >"$log" 2>&1 </dev/null
	if [ $? = 0 ]; then
		echo "ok $name" >&3
	else
		echo "not ok $name" >&3
		tail -n 30 "$log" | sed 's/^/# /' >&3
	fi
	rm -f "$log"
}

same() { [ "$1" = "$2" ] || { echo "is '$1', not '$2'"; return 1; }; }
# shellcheck disable=SC2053
like() { [[ $1 == $2 ]] || { echo "'$1' is not like '$2'"; return 1; }; }
between() { [ "$1" -ge "$2" ] && [ "$1" -le "$3" ] || { echo "$1 is not from $2 to $3"; return 1; }; }

eventually()
{
	local i
	for ((i = 0; i < 200; i++)); do
		! "$@" || return 0
		sleep 0.1
	done
	echo "never: $*"
	return 1
}

script() { printf '%s\n' "$1" >/run/script && chmod 644 /run/script; } # a file: systemd-run has its own opinion on "$"

session() # USER SCRIPT: pam_systemd and pam_loginuid, as sshd has them
{
	script "$2"
	systemd-run --quiet --wait --pipe --collect -p PAMName=login -p User="$1" -p WorkingDirectory="~" env PATH="$PATH" LC_ALL=C bash /run/script
}

as()
{
	local clean=(env -i HOME=/home/alice USER=alice LC_ALL=C PATH="$PATH")
	case $1 in
	root) bash -c "$2" ;;
	login) session alice "$2" ;;
	bob-login) session bob "$2" ;;
	scope)
		printf '%s\n' "$2" >/run/scoped && chmod 644 /run/scoped
		session alice 'systemd-run --user --quiet --scope bash /run/scoped'
		;;
	plain) (cd /home/alice && setpriv --reuid alice --regid alice --init-groups "${clean[@]}" bash -c "$2") ;;
	manager)
		script "$2"
		setpriv --reuid alice --regid alice --init-groups "${clean[@]}" XDG_RUNTIME_DIR="/run/user/$(id -u alice)" \
			systemd-run --user --quiet --wait --pipe --collect -p WorkingDirectory="~" env PATH="$PATH" LC_ALL=C bash /run/script
		;;
	esac
}

group() { sed -n 's#^0::#/sys/fs/cgroup#p' "/proc/$1/cgroup"; }
