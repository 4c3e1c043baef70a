#!/usr/bin/env bats
# trust.bats - policy.json, held against real signatures: OpenPGP by gpg and skopeo in lookasides, sigstore's by openssl in a real
# registry. T-TR-01: reject, insecureAcceptAnything, signedBy, sigstoreSigned, the precedence of scopes, remapIdentity; malformed
# is refused. CPOD and CPOD_LIBEXEC: the built program. Root is needed to unpack layers.

bats_require_minimum_version 1.5.0

setup_file()
{
	# the leak checker itself faults on the thread storage of libraries that are loaded late (gpgme beside curl, glibc 2.36)
	export LSAN_OPTIONS=use_tls=0
	export LC_ALL=C
	: "${CPOD:?CPOD must name the built cpod}"
	# gpg's sockets want a short path
	GPG=$(mktemp -d /tmp/cpod-gpg.XXXXXX)
	export GPG GNUPGHOME=$GPG/home
	mkdir -m 700 "$GNUPGHOME"
	for who in alice mallory; do
		gpg --batch --quiet --passphrase '' --quick-gen-key "$who <$who@example.com>" ed25519 sign 2>/dev/null
		gpg --armor --export "$who@example.com" > "$GPG/$who.asc"
	done
	openssl ecparam -name prime256v1 -genkey -noout -out "$GPG/one.key"
	openssl ecparam -name prime256v1 -genkey -noout -out "$GPG/two.key"
	for key in one two; do openssl ec -in "$GPG/$key.key" -pubout -out "$GPG/$key.pub" 2>/dev/null; done
	python3 "$BATS_TEST_DIRNAME/../rigs/random_image.py" "$BATS_FILE_TMPDIR/i.tar" example.com/img:v1 20000 2
	python3 "$BATS_TEST_DIRNAME/../rigs/random_image.py" "$BATS_FILE_TMPDIR/j.tar" example.com/img:v2 30000 2
	# shellcheck source=../rigs/registry.sh
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	registry_start
	export REGISTRY REGISTRY_DIR REGISTRY_PID
	push i team/img:v1
	push j team/img:v2
}

teardown_file()
{
	# shellcheck source=../rigs/registry.sh
	. "$BATS_TEST_DIRNAME/../rigs/registry.sh"
	registry_stop
	gpgconf --kill all
	rm -rf "$GPG"
}

setup()
{
	export HOME=$BATS_TEST_TMPDIR/home
	CONF=$HOME/.config/containers
	SIGS=$BATS_TEST_TMPDIR/sigs
	mkdir -p "$CONF/registries.d"
	echo "default-docker: {lookaside: 'file://$SIGS'}" > "$CONF/registries.d/default.yaml"
}

push() # ARCHIVE NAME
{
	skopeo copy -q --dest-tls-verify=false "docker-archive:$BATS_FILE_TMPDIR/$1.tar" "docker://$REGISTRY/$2"
}

pod()
{
	"$CPOD" --root "$BATS_TEST_TMPDIR/root" --runroot "$BATS_TEST_TMPDIR/run" "$@"
}

pull() # NAME
{
	pod pull -q --tls-verify=false "$REGISTRY/$1"
}

digest_of() # NAME
{
	skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/$1" | sha256sum | cut -d' ' -f1
}

# policy REQUIREMENT [SCOPES]: for this registry; everything else is rejected
policy()
{
	printf '{"default":[{"type":"reject"}],"transports":{"docker":{"%s":[%s]%s}}}' "$REGISTRY" "$1" "${2:+,$2}" > "$CONF/policy.json"
}

signed_by() # WHO [MEMBERS]
{
	printf '{"type":"signedBy","keyType":"GPGKeys","keyPath":"%s"%s}' "$GPG/$1.asc" "${2:+,$2}"
}

# sign WHO NAME [CALLED [DIGEST]]: a signature into the lookaside, as gpg makes it
sign()
{
	local digest called=${3:-$REGISTRY/$2} path=${2%:*} dir n=1
	digest=$(digest_of "$2")
	dir=$SIGS/$path@sha256=$digest
	mkdir -p "$dir"
	while [ -e "$dir/signature-$n" ]; do n=$((n + 1)); done
	printf '{"critical":{"identity":{"docker-reference":"%s"},"image":{"docker-manifest-digest":"sha256:%s"},"type":"atomic container signature"},"optional":{}}' \
		"$called" "${4:-$digest}" | gpg --batch --quiet -u "$1@example.com" --sign > "$dir/signature-$n"
}

refused() # NAME WORD...: refused with a sentence that has the words, and nothing is kept
{
	local name=$1
	shift
	run -125 pull "$name"
	[[ $output == *"Source image rejected: "* ]]
	for word; do [[ $output == *"$word"* ]] || { echo "no '$word' in: $output"; return 1; }; done
	[ -z "$(pod images -q)" ]
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/root/layers" 2>/dev/null)" ]
}

@test "T-TR-01: reject and accept, by the nearest scope" {
	policy '{"type":"reject"}' "\"$REGISTRY/team\":[{\"type\":\"insecureAcceptAnything\"}],\"$REGISTRY/team/img:v2\":[{\"type\":\"reject\"}]"
	pull team/img:v1
	pod rmi -a
	refused team/img:v2 "docker://$REGISTRY/team/img:v2" "$CONF/policy.json" "docker $REGISTRY/team/img:v2" reject
	refused other/img:v1 "\"docker $REGISTRY\" in"
	run -125 pod pull -q unknown.invalid/x
	[[ $output == *"Source image rejected: Running image docker://unknown.invalid/x:latest is rejected by policy (\"default\" in"* ]]
}

@test "T-TR-01: a policy that is malformed, or not there, refuses everything" {
	echo '{"default":[{"type":"insecureAcceptAnything"}],"extra":1}' > "$CONF/policy.json"
	run -125 pull team/img:v1
	[[ $output == *"invalid policy in \"$CONF/policy.json\": member 'extra'"* ]]
	run -125 pod load -q -i "$BATS_FILE_TMPDIR/i.tar"
	[[ $output == *"member 'extra'"* ]]
	: > "$CONF/policy.json"
	run -125 pull team/img:v1
	run -125 pod pull -q --tls-verify=false --signature-policy /no/such "$REGISTRY/team/img:v1"
	[[ $output == *"/no/such"* ]]
	run -125 pod run --rm --network none --tls-verify=false --signature-policy /no/such "$REGISTRY/team/img:v1" true
	[[ $output == *"/no/such"* ]]
	rm "$CONF/policy.json"
	pull team/img:v1
}

@test "T-TR-01: signedBy: the right key and name are taken; no signature, another key, name or digest are not" {
	policy "$(signed_by alice)"
	refused team/img:v1 "A signature was required, but no signature exists" signedBy
	sign mallory team/img:v1
	refused team/img:v1 "by another key"
	sign alice team/img:v1 "$REGISTRY/team/img:v9"
	refused team/img:v1 "it calls the image '$REGISTRY/team/img:v9'"
	sign alice team/img:v1 "$REGISTRY/team/img:v1" "$(digest_of team/img:v2)"
	refused team/img:v1 "it is of the manifest sha256:$(digest_of team/img:v2)"
	sign alice team/img:v1
	pull team/img:v1
	pod rmi -a
	# by digest any tag of the repository will do
	rm -r "$SIGS"
	sign alice team/img:v1 "$REGISTRY/team/img:v7"
	pull "team/img@sha256:$(digest_of team/img:v1)"
}

@test "T-TR-01: signatures that were tampered with, text with a signature below, and what is no signature" {
	policy "$(signed_by alice)"
	sign alice team/img:v1
	file=$(echo "$SIGS"/team/img@*/signature-1)
	cp "$file" "$BATS_TEST_TMPDIR/good"
	python3 - "$file" <<-'END'
	import sys
	data = bytearray(open(sys.argv[1], 'rb').read())
	data[-5] ^= 1
	open(sys.argv[1], 'wb').write(data)
	END
	refused team/img:v1
	echo '{"critical":{}}' | gpg --batch --quiet -u alice@example.com --sign > "$file"
	refused team/img:v1 "claim"
	gpg --batch --quiet -u alice@example.com --clearsign < /dev/null > "$file"
	run -125 pull team/img:v1
	[[ $output == *"no form that is known"* ]]
	gpg --batch --quiet --armor -u alice@example.com --sign < /dev/null > "$file"
	run -125 pull team/img:v1
	# encrypted to nobody, signed by nobody: a literal message
	gpg --batch --quiet --store < /dev/null > "$file"
	refused team/img:v1 "carries no signature"
	head -c $((4 * 1024 * 1024 + 1)) /dev/zero > "$file"
	run -125 pull team/img:v1
	[ -z "$(pod images -q)" ]
	# a message that unpacks to more than is allowed
	head -c 30000000 /dev/zero | gpg --batch --quiet -u alice@example.com --sign > "$file"
	refused team/img:v1
	cp "$BATS_TEST_TMPDIR/good" "$file"
	pull team/img:v1
}

@test "T-TR-01: identities: matchExact, matchRepository, exactReference, exactRepository, remapIdentity" {
	identity() { policy "$(signed_by alice "\"signedIdentity\":{$1}")"; }
	sign alice team/img:v1 "$REGISTRY/team/img:other"
	identity '"type":"matchExact"'
	refused team/img:v1 "it calls the image"
	identity '"type":"matchRepository"'
	pull team/img:v1
	pod rmi -a
	identity "\"type\":\"exactReference\",\"dockerReference\":\"$REGISTRY/team/img:other\""
	pull team/img:v1
	pod rmi -a
	identity "\"type\":\"exactReference\",\"dockerReference\":\"$REGISTRY/team/img:v1\""
	refused team/img:v1
	identity "\"type\":\"exactRepository\",\"dockerRepository\":\"$REGISTRY/team/img\""
	pull team/img:v1
	pod rmi -a
	identity "\"type\":\"exactRepository\",\"dockerRepository\":\"$REGISTRY/team\""
	refused team/img:v1
	rm -r "$SIGS"
	sign alice team/img:v1 public.example.com/team/img:v1
	identity "\"type\":\"remapIdentity\",\"prefix\":\"$REGISTRY\",\"signedPrefix\":\"public.example.com\""
	pull team/img:v1
	pod rmi -a
	identity "\"type\":\"remapIdentity\",\"prefix\":\"$REGISTRY/tea\",\"signedPrefix\":\"public.example.com/tea\""
	refused team/img:v1
}

@test "T-TR-01: every requirement must hold; one key of several is enough" {
	sign alice team/img:v1
	policy "$(signed_by alice),$(signed_by mallory)"
	refused team/img:v1 "by another key"
	policy "{\"type\":\"signedBy\",\"keyType\":\"GPGKeys\",\"keyPaths\":[\"$GPG/mallory.asc\",\"$GPG/alice.asc\"]}"
	pull team/img:v1
	pod rmi -a
	policy "{\"type\":\"signedBy\",\"keyType\":\"GPGKeys\",\"keyData\":\"$(gpg --export alice@example.com | base64 -w0)\"}"
	pull team/img:v1
	pod rmi -a
	sign mallory team/img:v1
	policy "$(signed_by alice),$(signed_by mallory)"
	pull team/img:v1
	pod rmi -a
	policy "{\"type\":\"signedBy\",\"keyType\":\"GPGKeys\",\"keyPath\":\"/no/such\"}"
	refused team/img:v1 "/no/such"
	echo junk > "$BATS_TEST_TMPDIR/junk"
	policy "{\"type\":\"signedBy\",\"keyType\":\"GPGKeys\",\"keyPath\":\"$BATS_TEST_TMPDIR/junk\"}"
	refused team/img:v1 "holds no OpenPGP key"
	[ -z "$(ls -d "${TMPDIR:-/tmp}"/cpod-keys.* 2>/dev/null)" ]
}

@test "what skopeo signs is taken, from file: and http: lookasides" {
	policy "$(signed_by alice)"
	mkdir "$BATS_TEST_TMPDIR/registries.d"
	echo "default-docker: {lookaside: 'file://$SIGS'}" > "$BATS_TEST_TMPDIR/registries.d/x.yaml"
	skopeo copy -q --registries.d "$BATS_TEST_TMPDIR/registries.d" --insecure-policy --dest-tls-verify=false --sign-by alice@example.com \
		"docker-archive:$BATS_FILE_TMPDIR/i.tar" "docker://$REGISTRY/signed/img:v1" 2>&1
	pull signed/img:v1
	pod rmi -a
	mkfifo "$BATS_TEST_TMPDIR/port"
	python3 - "$SIGS" "$BATS_TEST_TMPDIR/port" <<-'END' 3>&- &
	import functools, http.server, sys
	handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
	server = http.server.HTTPServer(('127.0.0.1', 0), handler)
	with open(sys.argv[2], 'w') as out:
	    print(server.server_port, file=out)
	server.serve_forever()
	END
	server=$!
	read -r port < "$BATS_TEST_TMPDIR/port"
	echo "default-docker: {lookaside: 'http://127.0.0.1:$port'}" > "$CONF/registries.d/default.yaml"
	pull signed/img:v1
	pod rmi -a
	refused team/img:v1 "no signature exists"
	kill "$server"
	wait "$server" || true
	run -125 pull signed/img:v1
	[[ $output == *"asking for the signature 'http://127.0.0.1:$port/"* ]]
}

# sigstore KEY NAME [CALLED [DIGEST]]: an attachment as cosign makes it
sigstore()
{
	local dir=$BATS_TEST_TMPDIR/sigstore digest
	digest=$(digest_of "$2")
	mkdir -p "$dir"
	printf '{"critical":{"identity":{"docker-reference":"%s"},"image":{"docker-manifest-digest":"sha256:%s"},"type":"cosign container image signature"},"optional":null}' \
		"${3:-$REGISTRY/$2}" "${4:-$digest}" > "$dir/claim"
	openssl dgst -sha256 -sign "$GPG/$1.key" "$dir/claim" | base64 -w0 > "$dir/made"
	python3 - "$dir" "http://$REGISTRY/v2/${2%:*}" "sha256-$digest.sig" <<-'END'
	import hashlib, json, sys, urllib.request
	dir, base, tag = sys.argv[1:]
	def put(data):
	    digest = 'sha256:' + hashlib.sha256(data).hexdigest()
	    with urllib.request.urlopen(urllib.request.Request(base + '/blobs/uploads/', method='POST', data=b'')) as answer:
	        place = answer.headers['Location']
	    place += ('&' if '?' in place else '?') + 'digest=' + digest
	    urllib.request.urlopen(urllib.request.Request(place, method='PUT', data=data, headers={'Content-Type': 'application/octet-stream'}))
	    return digest, len(data)
	claim, config = open(dir + '/claim', 'rb').read(), b'{"architecture":"","os":"","rootfs":{"type":"layers","diff_ids":[]},"config":{}}'
	layer, entry = put(claim), put(config)
	doc = {'schemaVersion': 2, 'mediaType': 'application/vnd.oci.image.manifest.v1+json',
	       'config': {'mediaType': 'application/vnd.oci.image.config.v1+json', 'digest': entry[0], 'size': entry[1]},
	       'layers': [{'mediaType': 'application/vnd.dev.cosign.simplesigning.v1+json', 'digest': layer[0], 'size': layer[1],
	                   'annotations': {'dev.cosignproject.cosign/signature': open(dir + '/made').read()}}]}
	urllib.request.urlopen(urllib.request.Request(base + '/manifests/' + tag, method='PUT', data=json.dumps(doc).encode(),
	                                              headers={'Content-Type': doc['mediaType']}))
	END
}

@test "T-TR-01: sigstoreSigned: the right key and name are taken; none, another key, name, digest are not" {
	need() { policy "{\"type\":\"sigstoreSigned\",$1}"; }
	echo "default-docker: {use-sigstore-attachments: true}" > "$CONF/registries.d/default.yaml"
	push i sig/img:v1
	need "\"keyPath\":\"$GPG/one.pub\""
	refused sig/img:v1 "A signature was required, but no signature exists" sigstoreSigned
	sigstore two sig/img:v1
	refused sig/img:v1 "by another key"
	need "\"keyPath\":\"$GPG/two.pub\""
	pull sig/img:v1
	pod rmi -a
	need "\"keyPaths\":[\"$GPG/one.pub\",\"$GPG/two.pub\"]"
	pull sig/img:v1
	pod rmi -a
	need "\"keyData\":\"$(base64 -w0 "$GPG/two.pub")\""
	pull sig/img:v1
	pod rmi -a
	sigstore one sig/img:v1 "$REGISTRY/sig/img"
	need "\"keyPath\":\"$GPG/one.pub\""
	refused sig/img:v1 "it calls the image '$REGISTRY/sig/img'"
	need "\"keyPath\":\"$GPG/one.pub\",\"signedIdentity\":{\"type\":\"matchRepository\"}"
	pull sig/img:v1
	pod rmi -a
	sigstore one sig/img:v1 "$REGISTRY/sig/img:v1" "$(digest_of team/img:v2)"
	refused sig/img:v1 "it is of the manifest"
	need "\"keyPath\":\"$GPG/alice.asc\""
	refused sig/img:v1 "no public key in PEM form"
	# attachments are looked for only where the configuration says so
	sigstore one sig/img:v1
	need "\"keyPath\":\"$GPG/one.pub\""
	pull sig/img:v1
	pod rmi -a
	echo "default-docker: {use-sigstore-attachments: false}" > "$CONF/registries.d/default.yaml"
	refused sig/img:v1 "no signature exists"
}

@test "T-TR-01: what this program cannot check is refused" {
	echo "default-docker: {use-sigstore-attachments: true}" > "$CONF/registries.d/default.yaml"
	policy "{\"type\":\"sigstoreSigned\",\"fulcio\":{\"caPath\":\"/x\",\"oidcIssuer\":\"y\",\"subjectEmail\":\"z\"},\"rekorPublicKeyPath\":\"/r\"}"
	refused team/img:v1 "'fulcio' cannot be checked"
	policy "{\"type\":\"sigstoreSigned\",\"keyPath\":\"$GPG/one.pub\",\"rekorPublicKeyPath\":\"/r\"}"
	refused team/img:v1 "'rekorPublicKeyPath' cannot be checked"
}

@test "T-TR-01: archives and directories have policies of their own; nothing is kept of what is refused" {
	transport() { echo "{\"default\":[{\"type\":\"insecureAcceptAnything\"}],\"transports\":{$1}}" > "$CONF/policy.json"; }
	reject='[{"type":"reject"}]' tmp=$(realpath "$BATS_TEST_TMPDIR")
	for kind in oci:layout oci-archive:oci.tar dir:dir; do
		skopeo copy -q --insecure-policy "docker-archive:$BATS_FILE_TMPDIR/i.tar" "${kind%%:*}:$tmp/${kind#*:}"
	done
	refuses() {
		run -125 pod "$@"
		[[ $output == *"Source image rejected: "* ]] || { echo "$output"; return 1; }
		[ -z "$(pod images -q)" ]
	}
	transport "\"docker-archive\":{\"\":$reject}"
	refuses pull -q "docker-archive:$BATS_FILE_TMPDIR/i.tar"
	refuses load -q -i "$BATS_FILE_TMPDIR/i.tar"
	run -125 pod load -q < "$BATS_FILE_TMPDIR/i.tar"
	[[ $output == *"Source image rejected: Running image docker-archive:"* ]]
	pod run --rm --network none hello
	pod rmi -a
	for kind in oci:layout oci-archive:oci.tar dir:dir; do
		transport "\"${kind%%:*}\":{\"$tmp\":$reject,\"$tmp/other\":[{\"type\":\"insecureAcceptAnything\"}]}"
		refuses pull -q "${kind%%:*}:$tmp/${kind#*:}"
		[[ $output == *"rejected by policy (\"${kind%%:*} $tmp\" in $CONF/policy.json)"* ]]
		refuses load -q -i "$tmp/${kind#*:}"
		ln -s "$tmp" "$tmp/elsewhere"
		refuses pull -q "${kind%%:*}:$tmp/elsewhere/${kind#*:}"
		rm "$tmp/elsewhere"
		mv "$tmp/${kind#*:}" "$tmp/other"
		pod pull -q "${kind%%:*}:$tmp/other"
		pod rmi -a
		mv "$tmp/other" "$tmp/${kind#*:}"
	done
	# a directory's signatures lie in it
	transport "\"dir\":{\"\":[$(signed_by alice '"signedIdentity":{"type":"exactReference","dockerReference":"example.com/img:v1"}')]}"
	refuses pull -q "dir:$tmp/dir"
	printf '{"critical":{"identity":{"docker-reference":"example.com/img:v1"},"image":{"docker-manifest-digest":"sha256:%s"},"type":"atomic container signature"},"optional":{}}' \
		"$(sha256sum < "$tmp/dir/manifest.json" | cut -d' ' -f1)" | gpg --batch --quiet -u alice@example.com --sign > "$tmp/dir/signature-1"
	pod pull -q "dir:$tmp/dir"
	pod rmi -a
	transport "\"dir\":{\"\":[$(signed_by alice)]}"
	refuses pull -q "dir:$tmp/dir"
}

@test "the image of a list is held against its own manifest, not the list's" {
	digest=$(digest_of team/img:v1) type=application/vnd.docker.distribution.manifest
	size=$(skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/team/img:v1" | wc -c)
	printf '{"schemaVersion":2,"mediaType":"%s.list.v2+json","manifests":[{"mediaType":"%s.v2+json","digest":"sha256:%s","size":%d,"platform":{"os":"linux","architecture":"%s"}}]}' \
		"$type" "$type" "$digest" "$size" "$(pod info --format '{{.Host.Arch}}')" > "$BATS_TEST_TMPDIR/list"
	curl -sf -X PUT -H "Content-Type: $type.list.v2+json" --data-binary "@$BATS_TEST_TMPDIR/list" "http://$REGISTRY/v2/team/img/manifests/list"
	policy "$(signed_by alice)"
	sign alice team/img:list
	refused team/img:list "no signature exists"
	sign alice team/img:v1 "$REGISTRY/team/img:list"
	pull team/img:list
}

@test "run asks the policy, unless the image is here" {
	policy "$(signed_by alice)"
	sign alice team/img:v1
	run -125 pod run --rm --network none --tls-verify=false "$REGISTRY/team/img:v2"
	[[ $output == *"Source image rejected"* ]]
	pull team/img:v1
	rm -r "$SIGS"
	echo broken > "$CONF/policy.json"
	pod create --network none --tls-verify=false "$REGISTRY/team/img:v1" /x
	pod rm -a
}

@test "image trust show tells whose keys, and where signatures lie" {
	policy "{\"type\":\"signedBy\",\"keyType\":\"GPGKeys\",\"keyPaths\":[\"$GPG/mallory.asc\",\"/no/such\",\"$GPG/alice.asc\"]}"
	run --separate-stderr pod image trust show -n
	[ "$status" = 0 ]
	[ "$(tr -s ' ' <<< "${lines[1]}")" = "repository $REGISTRY signed mallory@example.com, alice@example.com file://$SIGS" ]
	[[ $stderr == *"'/no/such'"* ]]
	[ -z "$(ls -d "${TMPDIR:-/tmp}"/cpod-keys.* 2>/dev/null)" ]
	mkdir "$BATS_TEST_TMPDIR/none"
	[ "$(pod image trust show --json --registrypath "$BATS_TEST_TMPDIR/none" 2>/dev/null | jq -r '.[1] | .gpg_id, .sigstore')" = "$(printf 'mallory@example.com, alice@example.com\nnull')" ]
}

# Does skopeo take what lies in the registry, by this policy and these signatures?
skopeo_takes() # NAME
{
	rm -rf "$BATS_TEST_TMPDIR/taken"
	skopeo --policy "$CONF/policy.json" --registries.d "$CONF/registries.d" copy -q --src-tls-verify=false "docker://$REGISTRY/$1" "dir:$BATS_TEST_TMPDIR/taken"
}

@test "push --sign-by: what is signed is taken, here and by skopeo; a key that is not there publishes nothing" {
	policy "$(signed_by alice)"
	sign alice team/img:v1
	pull team/img:v1
	policy "$(signed_by mallory)"
	run -1 skopeo_takes team/img:v1
	pod push -q --tls-verify=false --sign-by mallory@example.com "$REGISTRY/team/img:v1" "$REGISTRY/mine/img:v1"
	skopeo_takes mine/img:v1
	file=$(echo "$SIGS"/mine/img@sha256=*/signature-1)
	gpg --quiet --decrypt "$file" 2>/dev/null | jq -e --arg name "$REGISTRY/mine/img:v1" --arg digest "sha256:$(digest_of mine/img:v1)" \
		'.critical.identity."docker-reference" == $name and .critical.image."docker-manifest-digest" == $digest'
	# once is enough; another's stays
	pod push -q --tls-verify=false --sign-by mallory@example.com "$REGISTRY/team/img:v1" "$REGISTRY/mine/img:v1"
	pod push -q --tls-verify=false --sign-by alice@example.com "$REGISTRY/team/img:v1" "$REGISTRY/mine/img:v1"
	pod push -q --tls-verify=false --sign-by mallory@example.com "$REGISTRY/team/img:v1" "$REGISTRY/mine/img:v1"
	[ "$(ls "${file%/*}")" = $'signature-1\nsignature-2' ]
	pod rmi -a
	pull mine/img:v1
	run -125 pod push -q --tls-verify=false --sign-by nobody@example.com "$REGISTRY/mine/img:v1" "$REGISTRY/mine/other:v1"
	[[ $output == *'creating signature: no secret key "nobody@example.com"'* ]]
	run -22 curl -sf "http://$REGISTRY/v2/mine/other/manifests/v1"
	run -125 pod push -q --sign-by mallory@example.com "$REGISTRY/mine/img:v1" "dir:$BATS_TEST_TMPDIR/out"
	[[ $output == *"Cannot determine canonical Docker reference for destination dir:"* ]]
	[ ! -e "$BATS_TEST_TMPDIR/out" ]
	echo "docker: {$REGISTRY/mine: {lookaside: 'http://127.0.0.1:1/x'}}" > "$CONF/registries.d/mine.yaml"
	run -125 pod push -q --tls-verify=false --sign-by mallory@example.com "$REGISTRY/mine/img:v1" "$REGISTRY/mine/third:v1"
	[[ $output == *"set lookaside-staging in registries.d"* ]]
	run -22 curl -sf "http://$REGISTRY/v2/mine/third/manifests/v1"
	echo "docker: {$REGISTRY/mine: {lookaside: 'http://127.0.0.1:1/x', lookaside-staging: 'file://$BATS_TEST_TMPDIR/staged'}}" > "$CONF/registries.d/mine.yaml"
	pod push -q --tls-verify=false --sign-by mallory@example.com "$REGISTRY/mine/img:v1" "$REGISTRY/mine/third:v1"
	[ -s "$(echo "$BATS_TEST_TMPDIR"/staged/mine/third@sha256=*/signature-1)" ]
}

@test "push --sign-passphrase-file: the key is opened by it, and by nothing else" {
	gpg --batch --quiet --passphrase 'open sesame' --pinentry-mode loopback --quick-gen-key "carol <carol@example.com>" ed25519 sign 2>/dev/null
	gpg --armor --export carol@example.com > "$GPG/carol.asc"
	gpgconf --kill gpg-agent
	pod run --rm --network none hello
	printf 'wrong\n' > "$BATS_TEST_TMPDIR/pass"
	run -125 pod push -q --tls-verify=false --sign-by carol@example.com --sign-passphrase-file "$BATS_TEST_TMPDIR/pass" hello "$REGISTRY/carol/img:v1"
	[[ $output == *'gpg does not sign with the key "carol@example.com"'* ]]
	printf 'open sesame\nmore\n' > "$BATS_TEST_TMPDIR/pass"
	pod push -q --tls-verify=false --sign-by carol@example.com --sign-passphrase-file "$BATS_TEST_TMPDIR/pass" hello "$REGISTRY/carol/img:v1"
	policy "$(signed_by carol)"
	skopeo_takes carol/img:v1
	run -125 pod push -q --tls-verify=false --sign-by carol@example.com --sign-passphrase-file /no/such hello "$REGISTRY/carol/img:v1"
	[[ $output == *"open /no/such: no such file or directory"* ]]
	run -125 pod push -q --tls-verify=false --sign-passphrase-file "$BATS_TEST_TMPDIR/pass" hello "$REGISTRY/carol/img:v1"
}

@test "image sign: what a registry has is signed, once more each time; --directory; --all of a list" {
	export CONTAINERS_REGISTRIES_CONF=$BATS_TEST_TMPDIR/registries.conf
	printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$REGISTRY" > "$CONTAINERS_REGISTRIES_CONF"
	policy "$(signed_by alice)"
	refused team/img:v2 "no signature exists"
	pod image sign --sign-by alice@example.com "docker://$REGISTRY/team/img:v2"
	pod image sign --sign-by alice@example.com "docker://$REGISTRY/team/img:v2"
	[ "$(ls "$SIGS/team/img@sha256=$(digest_of team/img:v2)")" = $'signature-1\nsignature-2' ]
	pull team/img:v2
	skopeo_takes team/img:v2
	mkdir "$BATS_TEST_TMPDIR/there"
	pod image sign --sign-by alice@example.com -d "$BATS_TEST_TMPDIR/there" "docker://$REGISTRY/team/img:v1"
	[ -s "$BATS_TEST_TMPDIR/there/team/img@sha256=$(digest_of team/img:v1)/signature-1" ]
	run -125 pod image sign --sign-by alice@example.com -d /no/such "docker://$REGISTRY/team/img:v1"
	run -125 pod image sign "docker://$REGISTRY/team/img:v1"
	[[ $output == *"no identity provided"* ]]
	pod manifest create all
	pod manifest add all "$REGISTRY/team/img:v2"
	pod manifest push --tls-verify=false all "docker://$REGISTRY/team/img:all"
	pod rmi -a -f
	refused team/img:all "it calls the image '$REGISTRY/team/img:v2'"
	pod image sign --all --sign-by alice@example.com "docker://$REGISTRY/team/img:all"
	pull team/img:all
	skopeo_takes team/img:all
}
