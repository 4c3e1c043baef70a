# shellcheck shell=bash
# registry.sh - a real registry for tests: Debian's docker-registry on a free port of 127.0.0.1, with its own storage.
#   . tests/rigs/registry.sh
#   registry_start [tls] [auth]     sets REGISTRY (127.0.0.1:PORT), REGISTRY_DIR, REGISTRY_PID
#   registry_stop
# tls: REGISTRY_DIR/certs/ca.crt signed it (names localhost and 127.0.0.1).  auth: user "testuser", password "testpassword".
# Several may run: save the three variables and set them again before registry_stop.

_registry_cert()
{
	local dir=$1
	mkdir -p "$dir/certs"
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=cpod test registry" \
		-addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
		-keyout "$dir/tls.key" -out "$dir/certs/ca.crt" 2>/dev/null
}

_registry_config()
{
	local dir=$1
	shift
	cat <<-END
	version: 0.1
	log: {level: info, accesslog: {disabled: true}}
	storage:
	  filesystem: {rootdirectory: $dir/data}
	  delete: {enabled: true}
	http:
	  addr: 127.0.0.1:0
	  secret: not-a-secret
	END
	case " $* " in *" tls "*) echo "  tls: {certificate: $dir/certs/ca.crt, key: $dir/tls.key}" ;; esac
	case " $* " in *" auth "*) printf 'auth:\n  htpasswd: {realm: test, path: %s/htpasswd}\n' "$dir" ;; esac
}

registry_start()
{
	local line
	REGISTRY_DIR=$(mktemp -d "${TMPDIR:-/tmp}/cpod-registry.XXXXXX") || return 1
	case " $* " in *" tls "*) _registry_cert "$REGISTRY_DIR" || return 1 ;; esac
	case " $* " in *" auth "*) htpasswd -Bbn testuser testpassword > "$REGISTRY_DIR/htpasswd" || return 1 ;; esac
	_registry_config "$REGISTRY_DIR" "$@" > "$REGISTRY_DIR/config.yml"
	mkfifo "$REGISTRY_DIR/log"
	# 3: bats waits for every holder of its descriptor
	docker-registry serve "$REGISTRY_DIR/config.yml" > "$REGISTRY_DIR/log" 2>&1 3>&- &
	REGISTRY_PID=$!
	exec {_registry_log}< "$REGISTRY_DIR/log"
	while read -r -t 20 -u "$_registry_log" line; do
		case $line in *"listening on "*)
			line=${line#*listening on }
			REGISTRY=${line%%[!0-9.:]*}
			break ;;
		esac
		echo "$line" >> "$REGISTRY_DIR/start.log"
	done
	# the log is drained for as long as the registry lives
	cat <&"$_registry_log" > "$REGISTRY_DIR/registry.log" 3>&- &
	exec {_registry_log}<&-
	[ -n "$REGISTRY" ] || { cat "$REGISTRY_DIR/start.log" >&2; registry_stop; return 1; }
}

registry_stop()
{
	[ -z "$REGISTRY_PID" ] || { kill "$REGISTRY_PID" && wait "$REGISTRY_PID" || :; } 2>/dev/null
	[ -z "$REGISTRY_DIR" ] || rm -rf "$REGISTRY_DIR"
	REGISTRY='' REGISTRY_PID='' REGISTRY_DIR=''
	return 0
}
