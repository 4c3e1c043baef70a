#!/usr/bin/env bats
# certificates.bats - a registry whose certificate is wrong, in many ways: told in one sentence, at once, and no
# password is sent; and certificates that are right. CPOD: the built program. Root is needed to unpack layers.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C
	: "${CPOD:?CPOD must name the built cpod}"
	local port ports
	mkfifo "$BATS_FILE_TMPDIR/ports"
	python3 "$BATS_TEST_DIRNAME/../rigs/tls_server.py" "$BATS_FILE_TMPDIR/tls" > "$BATS_FILE_TMPDIR/ports" 3>&- &
	echo $! > "$BATS_FILE_TMPDIR/pid"
	read -r ports < "$BATS_FILE_TMPDIR/ports"
	for port in $ports; do echo "$port"; done > "$BATS_FILE_TMPDIR/table"
	export TLS=$BATS_FILE_TMPDIR/tls
}

teardown_file()
{
	kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

setup()
{
	export HOME=$BATS_TEST_TMPDIR/home
	STORE=$BATS_TEST_TMPDIR/store
	DIR=$BATS_TEST_TMPDIR/certs
	mkdir -p "$HOME"
	cp -r "$TLS/trust" "$DIR"
	: > "$TLS/log"
	echo '{}' > "$BATS_TEST_TMPDIR/auth.json"
}

port_of() { sed -n "s/^$1=//p" "$BATS_FILE_TMPDIR/table"; }

# The command line that asks HOST by way of COMMAND, in at most ten seconds: no failure of this file passes, so none is
# tried again.
ask() # COMMAND HOST [FLAG...]
{
	local command=$1 host=$2
	shift 2
	case $command in
	pull) set -- pull -q --creds u:secret "$@" "$host/img" ;;
	login) set -- login --authfile "$BATS_TEST_TMPDIR/auth.json" -u u -p secret "$@" "$host" ;;
	push) set -- push -q --creds u:secret "$@" localhost/img "$host/img" ;;
	search) set -- search --creds u:secret "$@" "$host/img" ;;
	esac
	run timeout 10 "$CPOD" --root "$STORE/root" --runroot "$STORE/run" "$@"
}

works() # as ask
{
	ask "$@"
	[ "$status" -eq 0 ] || { echo "$1 $2: status $status: $output"; return 1; }
}

nothing_left()
{
	local left
	left=$(find "$STORE" -path '*/layers/*' -o -path '*/images/*' -o -path '*/staging/*' 2>/dev/null)
	[ -z "$left" ] || { echo "left behind: $left"; return 1; }
}

# One question fails with 125, in one line (search has a headline above it) that names the host and has SENTENCE (an
# extended regular expression).
fails() # COMMAND HOST SENTENCE [FLAG...]
{
	local command=$1 host=$2 sentence=$3 count=1
	shift 3
	[ "$command" != search ] || count=2
	ask "$command" "$host" "$@"
	if [ "$status" -ne 125 ] || [ "${#lines[@]}" -ne $count ] || [[ $output != Error:*"$host"* ]] || ! [[ $output =~ $sentence ]]; then
		printf '%s %s: status %s, expected: %s\n%s\n' "$command" "$host" "$status" "$sentence" "$output"
		return 1
	fi
	if grep -v -- ' -$' "$TLS/log"; then
		echo "$command $host: a password was sent"
		return 1
	fi
}

# Reads lines "KIND|HOST|SENTENCE".
refused() # COMMAND [FLAG...]
{
	local command=$1 kind host sentence bad=0
	shift
	while IFS='|' read -r kind host sentence; do
		fails "$command" "$host:$(port_of "$kind")" "$sentence" "$@" || { echo "$kind"; bad=1; }
	done
	return $bad
}

way_out='\(put the registry.s CA into /etc/containers/certs\.d/[0-9a-z.:]+/ca\.crt, or use --tls-verify=false\)$'

@test "pull: a certificate that is wrong is refused, with the cause" {
	refused pull --cert-dir "$DIR" <<-END
	expired|localhost|failed to verify certificate: .*certificate has expired
	not-yet|localhost|failed to verify certificate: .*certificate is not yet valid
	wrong-host|localhost|no alternative certificate subject name matches target host name 'localhost'
	no-ip|127.0.0.1|no alternative certificate subject name matches target host name '127\.0\.0\.1'
	self-signed|localhost|self.signed certificate $way_out
	unknown-ca|localhost|unable to get local issuer certificate $way_out
	missing-intermediate|localhost|unable to get local issuer certificate $way_out
	not-a-ca|localhost|failed to verify certificate: .*invalid CA certificate
	client-only|localhost|failed to verify certificate: .*(unsupported|unsuitable) certificate purpose
	constrained|localhost|failed to verify certificate: .*permitted subtree violation
	weak-key|localhost|key too (weak|small)
	sha1|localhost|(md|digest algorithm) too weak
	wildcard|localhost|no alternative certificate subject name matches target host name 'localhost'
	too-long|localhost|failed to verify certificate: .*path length constraint exceeded
	client|localhost|remote error: tls: certificate required \(.* client certificate
	old-tls|localhost|tls: .*(protocol version|unsupported protocol)
	plain-http|localhost|http: server gave HTTP response to HTTPS client
	END
	nothing_left
}

@test "login, push and search refuse them the same way" {
	local command
	works pull "localhost:$(port_of good)" --cert-dir "$DIR"
	"$CPOD" --root "$STORE/root" --runroot "$STORE/run" tag "localhost:$(port_of good)/img" localhost/img
	: > "$TLS/log"
	for command in login push search; do
		refused $command --cert-dir "$DIR" <<-END
		expired|localhost|certificate has expired
		wrong-host|localhost|no alternative certificate subject name
		unknown-ca|localhost|unable to get local issuer certificate $way_out
		client|localhost|remote error: tls: certificate required
		plain-http|localhost|server gave HTTP response to HTTPS client
		END
	done
	[ "$(cat "$BATS_TEST_TMPDIR/auth.json")" = '{}' ]
}

@test "client certificates and keys that are wrong are refused" {
	local host
	host=localhost:$(port_of client)
	cp "$TLS/other.cert" "$DIR/client.cert"
	cp "$TLS/other.client-key" "$DIR/client.key"
	fails pull "$host" 'alert unknown ca' --cert-dir "$DIR"
	cp "$TLS/client.client-key" "$DIR/client.key"
	fails pull "$host" 'private key' --cert-dir "$DIR"
	rm "$DIR/client.key"
	fails pull "$host" "cannot read the key '$DIR/client\.key' .* \(a CA's ends in \.crt, not \.cert\)" --cert-dir "$DIR"
	mkdir "$DIR/client.key"
	fails pull "$host" 'private key' --cert-dir "$DIR"
	rm "$DIR/client.cert"
	fails pull "$host" 'missing client certificate client\.cert for key client\.key' --cert-dir "$DIR"
	nothing_left
}

@test "a CA that is no certificate, and a client certificate too many, are told" {
	echo garbage > "$DIR/ca.crt"
	ask pull "localhost:$(port_of good)" --cert-dir "$DIR"
	[ "$status" -eq 125 ] || { echo "$output"; return 1; }
	[[ $output == *"'ca.crt' of the certificate directory holds no certificate in PEM: ignored"* ]]
	[[ $output == *"unable to get local issuer certificate"* ]]
	printf -- '-----BEGIN CERTIFICATE-----\ngarbage\n-----END CERTIFICATE-----\n' > "$DIR/ca.crt"
	fails pull "localhost:$(port_of good)" "a \.crt of the certificate directory '$DIR' is broken" --cert-dir "$DIR"
	cp "$TLS/trust/ca.crt" "$DIR"
	for name in one two; do
		cp "$TLS/client.cert" "$DIR/$name.cert"
		cp "$TLS/client.client-key" "$DIR/$name.key"
	done
	works pull "localhost:$(port_of client)" --cert-dir "$DIR"
	[[ $output == *"The client certificate '$DIR/"*".cert' is not used: '$DIR/"*".cert' is the one that is shown"* ]]
}

@test "certificates that are right: --cert-dir, certs.d, a chain, an address, a client's; and --tls-verify=false" {
	local kind places=$HOME/.config/containers/certs.d host
	for host in "localhost:$(port_of good)" "127.0.0.1:$(port_of good)" "localhost:$(port_of chain)"; do
		works pull "$host" --cert-dir "$DIR"
	done
	host=localhost:$(port_of client)
	mkdir -p "$places"
	cp -r "$DIR" "$places/$host"
	cp "$TLS/client.cert" "$places/$host"
	cp "$TLS/client.client-key" "$places/$host/client.key"
	for command in pull login search; do
		works $command "$host"
	done
	for kind in expired unknown-ca plain-http; do
		works pull "localhost:$(port_of $kind)" --tls-verify=false
	done
}
