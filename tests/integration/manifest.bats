#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# Manifest lists to a real registry and back: what skopeo and a pull see of them.
load common
. "$BATS_TEST_DIRNAME/../rigs/registry.sh"

setup_file() { store_make; registry_start; export REGISTRY REGISTRY_DIR REGISTRY_PID; }
teardown_file() { registry_stop; store_remove; }
teardown() { cpod rm -fa -t 0 >/dev/null; cpod image exists busy || cpod load -q -i "$STORE/image.tar"; }

raw() { skopeo inspect --tls-verify=false --raw "docker://$REGISTRY/$1"; }

@test "manifest push: the images under their digests, the list under its tag, as it was said" {
	cpod run --name c --network none busy sh -c 'echo arm > /word'
	cpod commit -q c localhost/arm
	cpod manifest create --annotation made=here list
	cpod manifest add list busy
	cpod manifest add --arch arm64 --variant v8 --annotation a=b list localhost/arm
	cpod manifest push -q --tls-verify=false --digestfile "$STORE/digest" list "docker://$REGISTRY/team/list:1"
	raw team/list:1 > "$STORE/raw"
	[ "sha256:$(sha256sum < "$STORE/raw" | cut -d' ' -f1)" = "$(cat "$STORE/digest")" ]
	[ "$(jq -r '.manifests | length' "$STORE/raw")" = 2 ]
	[ "$(jq -r '.annotations.made' "$STORE/raw")" = here ]
	[ "$(jq -c '.manifests[1] | [.platform.architecture, .platform.variant, .annotations.a]' "$STORE/raw")" = '["arm64","v8","b"]' ]
	for i in 0 1; do # each is there, with the size that is told
		digest=$(jq -r ".manifests[$i].digest" "$STORE/raw")
		raw "team/list@$digest" > "$STORE/one"
		[ "$(stat -c %s "$STORE/one")" = "$(jq -r ".manifests[$i].size" "$STORE/raw")" ]
		[ "sha256:$(sha256sum < "$STORE/one" | cut -d' ' -f1)" = "$digest" ]
	done
	# a pull takes what fits here
	cpod rmi -fa
	cpod pull -q --tls-verify=false "$REGISTRY/team/list:1"
	[ "$(cpod run --rm --network none "$REGISTRY/team/list:1" echo here)" = here ]
	cpod pull -q --tls-verify=false --arch arm64 --variant v8 "$REGISTRY/team/list:1"
	[ "$(cpod run --rm --network none "$REGISTRY/team/list:1" cat /word 2>/dev/null)" = arm ]
	run --separate-stderr cpod manifest inspect --tls-verify=false "$REGISTRY/team/list:1"
	[ "$status" = 0 ] && [ "$(jq -r '.manifests[1].platform.architecture' <<< "$output")" = arm64 ]
	cpod rmi -fa
}

@test "manifest push --add-compression: each image once more behind all of them, told by an annotation" {
	cpod manifest create two
	cpod manifest add --annotation a=b two busy
	cpod manifest push -q --tls-verify=false --add-compression zstd,gzip two "$REGISTRY/two:1"
	raw two:1 > "$STORE/raw"
	# what is there as gzip is not added again
	[ "$(jq -c '[.manifests[] | [.annotations, .platform.architecture]]' "$STORE/raw")" = \
		'[[{"a":"b"},"amd64"],[{"a":"b","io.github.containers.compression.zstd":"true"},"amd64"]]' ]
	for i in 0 1; do
		raw "two@$(jq -r ".manifests[$i].digest" "$STORE/raw")" > "$STORE/one"
		[ "$(stat -c %s "$STORE/one")" = "$(jq -r ".manifests[$i].size" "$STORE/raw")" ]
		jq -r '.layers[].mediaType' "$STORE/one" > "$STORE/types$i"
	done
	grep -q gzip "$STORE/types0"
	grep -q zstd "$STORE/types1"
	cpod manifest push -q --tls-verify=false --compression-format zstd --force-compression --add-compression gzip two "$REGISTRY/two:2"
	[ "$(raw two:2 | jq -c '[.manifests[].annotations["io.github.containers.compression.zstd"]]')" = '["true",null]' ]
	id=$(cpod images -q --no-trunc busy)
	cpod manifest rm two
	cpod rmi -fa
	[ "$(cpod pull -q --tls-verify=false "$REGISTRY/two:1")" = "${id#sha256:}" ]
	[ "$(cpod pull -q --tls-verify=false "$REGISTRY/two:2")" = "${id#sha256:}" ]
	cpod rmi -fa
}

@test "manifest push --add-compression: what cannot be is told before anything is sent" {
	cpod manifest create two
	cpod manifest add two busy
	for words in '--add-compression foo' '--add-compression zstd --all=false' '--add-compression zstd -f v2s2'; do
		# shellcheck disable=SC2086
		run cpod manifest push -q --tls-verify=false $words two "$REGISTRY/none:1"
		[ "$status" = 125 ]
		[[ ${lines[-1]} == Error:*--add-compression* ]]
		run raw none:1
		[ "$status" != 0 ]
	done
	cpod manifest rm two
}

@test "manifest: images from a registry, pushed again, --rm, --all=false; what cannot be is told" {
	cpod push -q --tls-verify=false busy "$REGISTRY/one"
	cpod rmi busy
	cpod manifest create l
	cpod manifest add --tls-verify=false l "docker://$REGISTRY/one"
	digest=$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$REGISTRY/one")
	[ "$(cpod manifest inspect l | jq -r '.manifests[0].digest')" = "$digest" ]
	cpod manifest push -q --tls-verify=false --all=false l "$REGISTRY/one:list"
	[ "$(raw one:list | jq -r '.manifests[0].digest')" = "$digest" ]
	run --separate-stderr cpod manifest push -q --tls-verify=false l oci:/tmp/x
	[ "$status" = 125 ] && [[ $stderr == *'registries only'* ]]
	cpod rmi "$REGISTRY/one"
	run --separate-stderr cpod manifest push -q --tls-verify=false l "$REGISTRY/one:again"
	[ "$status" = 125 ] && [[ $stderr == *"$digest"*'not here any more'* ]]
	cpod manifest push -q --tls-verify=false --all=false --rm l "$REGISTRY/one:again"
	run cpod manifest exists l
	[ "$status" = 1 ]
	run --separate-stderr cpod manifest add --tls-verify=false nosuch "docker://$REGISTRY/one"
	[ "$status" = 125 ] && [ "$(cpod images -q | wc -l)" = 0 ] # nothing was fetched for nobody
}

@test "manifest: two that edit at once lose nothing" {
	cpod manifest create many
	for i in $(seq 8); do cpod tag busy "localhost/x$i"; done
	for i in $(seq 8); do cpod manifest annotate --index --annotation "k$i=v" many >/dev/null & done
	wait
	[ "$(cpod manifest inspect many | jq '.annotations | length')" = 8 ]
	cpod system check
	cpod manifest rm many
	cpod rmi -fa
}

@test "manifest: a store of before has no place for lists yet" {
	"$CPOD" --root "$STORE/old" --runroot "$STORE/old-run" load -q -i "$STORE/image.tar"
	rmdir "$STORE/old/lists" "$STORE/old/names/list"
	old() { "$CPOD" --root "$STORE/old" --runroot "$STORE/old-run" "$@"; }
	[ "$(old images -q | wc -l)" = 1 ]
	[ "$(old run --rm --network none busy echo works)" = works ]
	run old manifest exists l
	[ "$status" = 1 ]
	old system check
	old manifest create l busy
	old manifest exists l
}
