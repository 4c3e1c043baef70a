#!/usr/bin/env bats
# import_url.bats - import over HTTP: the whole archive or none of it.
# CPOD and CPOD_LIBEXEC: the built program. Root is needed to unpack layers.

bats_require_minimum_version 1.5.0

setup_file()
{
	export LC_ALL=C
	: "${CPOD:?CPOD must name the built cpod}"
	mkdir "$BATS_FILE_TMPDIR/tree"
	head -c 500000 /dev/urandom > "$BATS_FILE_TMPDIR/tree/f"
	tar -C "$BATS_FILE_TMPDIR/tree" -czf "$BATS_FILE_TMPDIR/i.tar.gz" .
	mkfifo "$BATS_FILE_TMPDIR/port"
	python3 - "$BATS_FILE_TMPDIR/i.tar.gz" > "$BATS_FILE_TMPDIR/port" 3>&- <<-'END' &
	import http.server, sys
	data = open(sys.argv[1], "rb").read()
	class Handler(http.server.BaseHTTPRequestHandler):
	    def log_message(self, *args): pass
	    def do_GET(self):
	        if self.path == "/moved":
	            self.send_response(302); self.send_header("Location", "/good"); self.end_headers(); return
	        if self.path not in ("/good", "/cut", "/page"):
	            self.send_response(404); self.send_header("Content-Length", "0"); self.end_headers(); return
	        body = b"<html>" * 1000 if self.path == "/page" else data
	        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
	        self.wfile.write(body[:len(body) // 2] if self.path == "/cut" else body)
	server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
	print(server.server_address[1], flush=True)
	server.serve_forever()
	END
	echo $! > "$BATS_FILE_TMPDIR/pid"
	read -r PORT < "$BATS_FILE_TMPDIR/port"
	export PORT
}

teardown_file()
{
	kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

pod()
{
	"$CPOD" --root "$BATS_TEST_TMPDIR/store" --runroot "$BATS_TEST_TMPDIR/run" "$@"
}

@test "an archive comes over HTTP, through a redirect too, and is the same as from a file" {
	for path in good moved; do
		run --separate-stderr pod import "http://127.0.0.1:$PORT/$path" "url:$path"
		[ "$status" -eq 0 ]
		[[ $output =~ ^sha256:[0-9a-f]{64}$ ]]
		# shellcheck disable=SC2154
		[ "${stderr%%$'\n'*}" = "Downloading from \"http://127.0.0.1:$PORT/$path\"" ]
	done
	pod import -q "$BATS_FILE_TMPDIR/i.tar.gz" file
	[ "$(pod image inspect --format '{{index .RootFS.Layers 0}}' url:good)" = "$(pod image inspect --format '{{index .RootFS.Layers 0}}' file)" ]
}

@test "what is not there, breaks off or is no archive leaves nothing" {
	for case in 'cut|importing|downloading' 'nope|downloading http://127.0.0.1:'$PORT'/nope: the answer was status 404' 'page|importing'; do
		run pod import -q "http://127.0.0.1:$PORT/${case%%|*}" url
		[ "$status" -eq 125 ]
		[[ ${lines[-1]} =~ ^Error:\ (${case#*|}) ]] || { echo "$output"; return 1; }
		[ -z "$(find "$BATS_TEST_TMPDIR"/store/{images,layers,staging} -mindepth 1 2>/dev/null)" ]
	done
}
