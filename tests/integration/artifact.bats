#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# Artifacts to a real registry and back, and out of the store; the rest is in tests/compat (artifact).
load common
. "$BATS_TEST_DIRNAME/../rigs/registry.sh"

setup_file() { store_make; registry_start; export REGISTRY REGISTRY_DIR REGISTRY_PID; }
teardown_file() { registry_stop; store_remove; }
setup() { cd "$BATS_TEST_TMPDIR" && echo hello > a.txt && echo '{"x":1}' > b.json; }
teardown() { cpod artifact rm -a >/dev/null; }

raw() { skopeo inspect --tls-verify=false --raw "docker://$REGISTRY/$1"; }
# manifest REPOSITORY:TAG TITLE...: what a stranger's registry may have: one file, whose content is "evil", under each title
hostile() { # NAME LAYERS-JSON
	local body=$REGISTRY_DIR/m.json name=${1%:*} tag=${1##*:} where digest
	for word in evil '{}'; do
		digest=sha256:$(printf %s "$word" | sha256sum | cut -d' ' -f1)
		where=$(curl -si -X POST "http://$REGISTRY/v2/$name/blobs/uploads/" | tr -d '\r' | sed -n 's/^Location: //p')
		printf %s "$word" | curl -sf -X PUT --data-binary @- -H 'Content-Type: application/octet-stream' "$where&digest=$digest"
	done
	printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"%s","size":2},"layers":[%s]}' \
		"$digest" "$2" > "$body"
	curl -sf -X PUT --data-binary "@$body" -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' "http://$REGISTRY/v2/$name/manifests/$tag"
}
layer() { printf '{"mediaType":"text/plain","digest":"%s","size":4,"annotations":{"org.opencontainers.image.title":"%s"}}' "sha256:$(printf evil | sha256sum | cut -d' ' -f1)" "$1"; }

@test "artifact push, pull: the same bytes, seen by others; what is there is not sent or fetched again" {
	head -c 9000000 /dev/urandom > big
	digest=$(cpod artifact add --type application/vnd.x "$REGISTRY/team/a:1" a.txt b.json big)
	cpod artifact push -q --tls-verify=false --digestfile dig "$REGISTRY/team/a:1"
	[ "$(cat dig)" = "sha256:$digest" ]
	raw team/a:1 > raw.json
	[ "$(sha256sum < raw.json | cut -d' ' -f1)" = "$digest" ]
	[ "$(jq -r .artifactType raw.json)" = application/vnd.x ]
	for d in $(jq -r '.layers[].digest, .config.digest' raw.json); do
		[ "sha256:$(curl -sf "http://$REGISTRY/v2/team/a/blobs/$d" | sha256sum | cut -d' ' -f1)" = "$d" ]
	done
	cpod artifact rm "$REGISTRY/team/a:1"
	run -0 --separate-stderr cpod artifact pull --tls-verify=false "$REGISTRY/team/a:1"
	output_is ''
	[[ $stderr == *'Getting image source signatures'*"Copying blob"*'Writing manifest'* ]]
	[ "$(cpod artifact inspect -f '{{.Digest}}' "$REGISTRY/team/a:1")" = "sha256:$digest" ]
	mkdir out
	cpod artifact extract "$REGISTRY/team/a:1" out
	cmp big out/big && cmp a.txt out/a.txt && cmp b.json out/b.json
	# by digest; nothing comes twice
	run -0 --separate-stderr cpod artifact pull --tls-verify=false "$REGISTRY/team/a@sha256:$digest"
	[[ $stderr == *'skipped: already exists'* ]]
	[ "$(cpod artifact ls -n | wc -l)" = 2 ]
	[ "$(find "$STORE/root/artifacts" -type f -size +8M -printf '%i\n' | sort -u | wc -l)" = 1 ]
	cpod system check
}

@test "artifact: what another tool has pushed comes; a registry that lies or has nothing is told" {
	cpod push -q --tls-verify=false busy "$REGISTRY/team/img:1"
	cpod artifact pull -q --tls-verify=false "$REGISTRY/team/img:1"
	[[ $(cpod artifact inspect "$REGISTRY/team/img:1" | jq -r '.Manifest.layers[0].mediaType') == *gzip ]]
	for word in nosuch/x:1 team/img:nosuch; do
		run --separate-stderr cpod artifact pull -q --tls-verify=false --retry 0 "$REGISTRY/$word"
		[ "$status" = 125 ] && [ -n "$stderr" ]
	done
	run --separate-stderr cpod artifact pull -q --retry 0 "$REGISTRY/team/img:1" # no TLS there
	[ "$status" = 125 ]
	run --separate-stderr cpod artifact push -q --tls-verify=false nosuch
	[ "$status" = 125 ]
	# the registry's bytes are not those of the digest
	cpod artifact add "$REGISTRY/team/lie:1" a.txt >/dev/null
	cpod artifact push -q --tls-verify=false "$REGISTRY/team/lie:1"
	cpod artifact rm "$REGISTRY/team/lie:1"
	d=$(sha256sum < a.txt | cut -d' ' -f1)
	echo HELLO > "$REGISTRY_DIR/data/docker/registry/v2/blobs/sha256/${d:0:2}/$d/data"
	run --separate-stderr cpod artifact pull -q --tls-verify=false --retry 0 "$REGISTRY/team/lie:1"
	[ "$status" = 125 ] && [[ $stderr == *"$d"* ]]
	run cpod artifact inspect "$REGISTRY/team/lie:1"
	[ "$status" = 125 ]
	cpod system check
	cpod rmi -f "$REGISTRY/team/img:1" 2>/dev/null || true
}

@test "artifact: flags that are not done are refused, policy.json holds" {
	cpod artifact add "$REGISTRY/team/a:1" a.txt >/dev/null
	for flag in --sign-by=x --sign-by-sigstore=x --sign-by-sigstore-private-key=x --sign-by-sq-fingerprint=x --sign-passphrase-file=x; do
		run --separate-stderr cpod artifact push -q --tls-verify=false "$flag" "$REGISTRY/team/a:1"
		[ "$status" = 125 ] && [[ $stderr == *'not done yet'* ]]
	done
	run --separate-stderr cpod artifact pull --decryption-key=x "$REGISTRY/team/a:1"
	[ "$status" = 125 ] && [[ $stderr == *'not done yet'* ]]
}

@test "T-EX-10: titles of a stranger's artifact never lead out of the directory" {
	local n=0 title long
	long=$(printf 'x%.0s' {1..300})
	mkdir -p place/target && echo safe > place/canary && ln -s "$PWD/place/canary" place/link
	for title in '../x' '/x' '/etc/x' '.' '..' 'a/../../x' '../../../../tmp/x' 'a\nb' 'a\u0000b' "$long"; do
		n=$((n + 1))
		hostile "evil/t:$n" "$(layer "$title")"
		run --separate-stderr cpod artifact pull -q --tls-verify=false "$REGISTRY/evil/t:$n"
		[ "$status" = 0 ] || continue # a NUL is refused there
		run --separate-stderr cpod artifact extract "$REGISTRY/evil/t:$n" place/target
		[ "$status" = 125 ] && [ -n "$stderr" ] || { echo "$title: $status $output"; return 1; }
		[ -z "$(ls -A place/target)" ] || { ls -lA place/target; return 1; }
	done
	# twice the same name, and one without any
	hostile evil/dup:1 "$(layer same),$(layer same)"
	cpod artifact pull -q --tls-verify=false "$REGISTRY/evil/dup:1"
	run cpod artifact extract "$REGISTRY/evil/dup:1" place/target
	[ "$status" = 125 ] && [ -z "$(ls -A place/target)" ]
	hostile evil/none:1 "$(layer '')"
	cpod artifact pull -q --tls-verify=false "$REGISTRY/evil/none:1"
	cpod artifact extract "$REGISTRY/evil/none:1" place/target
	[ "$(ls -A place/target)" = "sha256-$(printf evil | sha256sum | cut -d' ' -f1)" ]
	rm place/target/*
	# a link that waits there is replaced, not followed
	ln -s ../canary place/target/good
	hostile evil/good:1 "$(layer good)"
	cpod artifact pull -q --tls-verify=false "$REGISTRY/evil/good:1"
	cpod artifact extract "$REGISTRY/evil/good:1" place/target
	[ -f place/target/good ] && [ ! -L place/target/good ] && [ "$(cat place/target/good)" = evil ]
	[ "$(cat place/canary)" = safe ] && [ "$(ls -A place | sort | tr '\n' ' ')" = 'canary link target ' ]
	# of two files one is bad: none is written
	rm place/target/good
	hostile evil/two:1 "$(layer fine),$(layer ../x)"
	cpod artifact pull -q --tls-verify=false "$REGISTRY/evil/two:1"
	run cpod artifact extract "$REGISTRY/evil/two:1" place/target
	[ "$status" = 125 ] && [ -z "$(ls -A place/target)" ]
}

@test "artifact: mounted it is the store's file, read only, whoever runs it; a stranger's title mounts nowhere (T-EX-10)" {
	cpod artifact add localhost/two:1 a.txt b.json >/dev/null
	how=type=artifact,src=localhost/two:1,dst=/m
	[ "$(cpod run --rm --network none --mount "$how" busy cat /m/a.txt)" = hello ]
	[ "$(cpod run --rm --network none --read-only --user 1000 --mount "$how" busy cat /m/a.txt)" = hello ]
	[ "$(cpod run --rm --network none --uidmap 0:100000:1000 --mount "$how" busy cat /m/a.txt)" = hello ]
	[ "$(cpod run --rm --network none --mount "$how,title=b.json" busy cat /m)" = '{"x":1}' ]
	inode=$(stat -c %i "$STORE"/root/artifacts/*/sha256-"$(sha256sum < a.txt | cut -d' ' -f1)")
	[ "$(cpod run --rm --network none --mount "$how" busy stat -c %i /m/a.txt)" = "$inode" ] # nothing is copied
	run cpod run --rm --network none --privileged --mount "$how" busy sh -c 'echo evil > /m/a.txt; chmod 777 /m/a.txt; rm /m/a.txt; mv /m/b.json /m/a.txt'
	[ "$status" != 0 ]
	cpod system check
	# a running container keeps what it has
	cpod run -d --name c --network none --mount "$how" busy sleep 100 >/dev/null
	cpod artifact rm localhost/two:1
	[ "$(cpod exec c cat /m/a.txt)" = hello ]
	cpod rm -f -t 0 c
	n=0
	for title in '../x' '/x' '..' 'a/b'; do
		n=$((n + 1))
		hostile "evil/m:$n" "$(layer "$title")"
		cpod artifact pull -q --tls-verify=false "$REGISTRY/evil/m:$n"
		for dst in /m /data; do
			run --separate-stderr cpod run --rm --network none --mount "type=artifact,src=$REGISTRY/evil/m:$n,dst=$dst" busy true
			[ "$status" = 125 ] && [[ $stderr == *title* ]] || { echo "$title: $status $stderr"; return 1; }
		done
	done
	# a link of the image where the target is: inside, as every mount
	cpod run --name linked --network none busy ln -s ../../../../../../../tmp /place
	cpod commit -q linked localhost/linked >/dev/null
	hostile evil/fine:1 "$(layer fine)"
	cpod artifact pull -q --tls-verify=false "$REGISTRY/evil/fine:1"
	[ "$(cpod run --rm --network none --mount "type=artifact,src=$REGISTRY/evil/fine:1,dst=/place" localhost/linked cat /tmp/fine)" = evil ]
	[ ! -e /tmp/fine ]
	cpod rm linked && cpod rmi localhost/linked
}

@test "artifact: digests that are none are no paths (T-EX-03)" {
	local good bad n=0
	good=$(layer x)
	for bad in 'sha256:../../../../etc/passwd' 'sha256:' '../x' "sha256:$(printf 'A%.0s' {1..64})" "md5:$(printf 'a%.0s' {1..32})"; do
		n=$((n + 1))
		# a registry would refuse such a manifest: the store's own copy is changed
		cpod artifact add "localhost/bad:$n" a.txt >/dev/null
		id=$(readlink "$STORE/root/names/artifact/localhost=bad:$n")
		sed -i "s|sha256:[0-9a-f]*\",\"size\":6|$bad\",\"size\":6|" "$STORE/root/artifacts/$id/manifest"
		mkdir -p out
		run --separate-stderr cpod artifact extract "localhost/bad:$n" out
		[ "$status" = 125 ] && [ -z "$(ls -A out)" ] || { echo "$bad: $output"; return 1; }
		run cpod system check
		[ "$status" != 0 ]
		cpod artifact rm "localhost/bad:$n"
	done
}

@test "artifact: two that add to it at once, and a store of before" {
	cpod artifact add localhost/many:1 a.txt >/dev/null
	for i in 1 2 3 4 5 6; do echo $i > "f$i"; { cpod artifact add --append localhost/many:1 "f$i" >/dev/null 2>&1 && echo "f$i" >> done; } & done
	wait
	# what was acknowledged is there, the others were told
	[ "$(cpod artifact inspect localhost/many:1 | jq -r '.Manifest.layers[1:][].annotations["org.opencontainers.image.title"]' | sort)" = "$(sort done)" ]
	cpod system check
	[ "$(ls "$STORE/root/artifacts" | wc -l)" = 1 ]
	old() { "$CPOD" --root "$STORE/old" --runroot "$STORE/old-run" "$@"; }
	old images -q
	old load -q -i "$STORE/image.tar"
	rmdir "$STORE/old/artifacts" "$STORE/old/names/artifact"
	[ -z "$(old artifact ls -n)" ]
	run old artifact rm nosuch
	[ "$status" = 125 ]
	old artifact add localhost/x a.txt
	[ "$(old artifact ls -n | wc -l)" = 1 ]
	old rm -fa >/dev/null
}

@test "artifact: damage is found and put aside" {
	cpod artifact add localhost/x:1 a.txt >/dev/null
	id=$(ls "$STORE/root/artifacts")
	cpod system check
	echo HELLO > "$STORE/root/artifacts/$id/sha256-$(sha256sum < a.txt | cut -d' ' -f1)"
	run cpod system check
	[ "$status" != 0 ]
	output_has localhost/x:1
	cpod system check --repair || true
	[ -z "$(cpod artifact ls -n)" ]
	cpod system check
}
