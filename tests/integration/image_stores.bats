#!/usr/bin/env bats
# image_stores.bats - additional image stores: Podman's (made by tests/rigs/podman_store.py) and another of cpod's. Root is needed.
# CPOD and CPOD_LIBEXEC: the built program.

bats_require_minimum_version 1.5.0
load common

RIGS=$BATS_TEST_DIRNAME/../rigs

# two:latest is busy:latest with a layer that replaces, removes and hides
setup_file()
{
	STORE=$(mktemp -d "${TMPDIR:-/tmp}/cpod-it.XXXXXX")
	: "${CPOD:=$BATS_TEST_DIRNAME/../../build/src/main/cpod}"
	export STORE CPOD
	image_make "$STORE/image.tar"
	python3 "$RIGS/odd_image.py" "$STORE/image.tar" "$STORE/two.tar" localhost/two:latest '{"Cmd": ["cat", "/hi"]}' \
		'hi=text:hi\n' 'data/file=gone:' 'tmp=dir:1777' 'etc/.wh..wh..opq=text:' 'etc/passwd=text:root:x:0:0:new:/:/bin/sh\n'
}

teardown_file() { rm -rf "$STORE"; }

setup()
{
	ROOT=$BATS_TEST_TMPDIR
	EXTRA=$ROOT/podman
	python3 "$RIGS/podman_store.py" "$EXTRA" "$STORE/image.tar" "$STORE/two.tar"
}

teardown() { bare rm -fa -t 0 >/dev/null; }

bare() { "$CPOD" --root "$ROOT/root" --runroot "$ROOT/run" "$@"; }
pod() { bare --storage-opt "additionalimagestore=$EXTRA" "$@"; }
layer_of() { jq -r --arg n "localhost/$1:latest" '.[] | select(.names[]? == $n) | .layer' "$EXTRA/overlay-images/images.json"; }
change() { jq "$2" "$EXTRA/$1" > "$ROOT/changed" && cp "$ROOT/changed" "$EXTRA/$1"; }
no_layer_here() { [ -z "$(ls "$ROOT/root/layers")" ]; }

@test "its images are listed, and marked" {
	run -0 pod images --format '{{.Repository}} {{.Tag}} {{.ReadOnly}}' --sort repository
	output_is $'localhost/busy latest true\nlocalhost/two latest true'
	run -0 pod images --sort repository
	output_has "R/O"
	[ "$(pod images --format json | jq -c '[.[].ReadOnly]')" = '[true,true]' ]
	[ "$(pod images -q --filter readonly=false)" = "" ]
	pod image exists busy
	run -1 bare image exists busy
	[ "$(pod history busy --format '{{.CreatedBy}}')" = tests ]
	[ "$(pod image inspect busy --format '{{.GraphDriver.Data.UpperDir}}')" = "$EXTRA/overlay/$(layer_of busy)/diff" ]
	pod image tree two | grep -q 'Top Layer of: \[localhost/two:latest\]'
	[ "$(pod info --format '{{.Store.ImageStore.number}}')" = 2 ]
}

@test "a container has its files where they lie" {
	find "$EXTRA" -printf '%p %T@ %C@\n' | sort > "$ROOT/before"
	[ "$(pod run --rm --network none two)" = hi ]
	[ "$(pod run --rm --network none two ls /data /etc | grep -v '^$' | tr '\n' ' ')" = "/data: /etc: hostname hosts mtab passwd " ] ||
		[ "$(pod run --rm --network none two ls /etc/group /data/file 2>&1 | grep -c 'No such file')" = 2 ]
	pod run --rm --network none two sh -c 'echo x > /hi; rm -r /bin/ls; mkdir /new'
	[ "$(pod run --rm --network none busy cat /data/file)" = from-the-image ]
	no_layer_here
	find "$EXTRA" -printf '%p %T@ %C@\n' | sort | cmp - "$ROOT/before"
}

@test "mounted, and as a mount of another container" {
	where=$(pod image mount two)
	[ "$(cat "$where/hi")" = hi ]
	[ ! -e "$where/data/file" ]
	[ ! -e "$where/etc/group" ]
	pod image unmount two
	[ "$(pod run --rm --network none --mount type=image,source=two,target=/two busy cat /two/hi)" = hi ]
}

@test "commit builds on it" {
	pod run --network none --name c two sh -c 'echo more > /more'
	pod commit -q c localhost/three
	[ "$(pod run --rm --network none three cat /hi /more | tr '\n' ' ')" = "hi more " ]
	[ "$(ls "$ROOT/root/layers" | wc -l)" = 1 ]
	pod rm c
	pod rmi three
	no_layer_here
	pod image exists two
}

@test "save and push give the layers bit for bit" {
	pod save -q -o "$ROOT/saved.tar" two
	for layer in $(tar tf "$ROOT/saved.tar" | grep 'tar$'); do
		[ "$(tar xOf "$ROOT/saved.tar" "$layer" | sha256sum | cut -d' ' -f1).tar" = "$layer" ]
	done
	bare load -q -i "$ROOT/saved.tar"
	[ "$(bare run --rm --network none two)" = hi ]
	pod push -q busy "dir:$ROOT/dir"
	jq -r '.layers[].digest' "$ROOT/dir/manifest.json" | grep -q "$(layer_of busy)"
}

@test "what is written of it is written here" {
	pod tag two localhost/mine:1
	run -0 pod images --format '{{.Repository}}:{{.Tag}} {{.ReadOnly}}' localhost/mine:1
	output_is "localhost/mine:1 false"
	run -125 pod rmi busy
	output_has 'cannot remove read-only image'
	pod rmi mine:1 two
	run -125 pod rmi -f two
	pod rmi -a -f
	pod image prune -a -f
	[ "$(pod images -q | wc -l)" = 2 ]
	no_layer_here
}

@test "the store itself comes first" {
	python3 "$RIGS/odd_image.py" "$STORE/image.tar" "$ROOT/own.tar" localhost/two:latest '{"Cmd": ["echo", "own"]}' 'own=text:own'
	pod load -q -i "$ROOT/own.tar"
	[ "$(pod run --rm --network none two)" = own ]
	# its lower layer was there already
	[ "$(ls "$ROOT/root/layers" | wc -l)" = 1 ]
	[ "$(pod images -q | sort | uniq | wc -l)" = 3 ]
	id=$(pod images --filter readonly=true --filter reference=two -q)
	[ "$(pod run --rm --network none "$id")" = hi ]
	[ "$(pod run --rm --network none "${id:0:4}")" = hi ]
}

@test "system df counts what is here" {
	[ "$(pod system df --format '{{.Size}}' | head -1)" = 0B ]
	run -0 pod system df -v
	output_has "localhost/two"
}

@test "what is gone is told when it is needed" {
	pod create --name c --network none two
	pod start -a c
	rm -r "$EXTRA/overlay/$(layer_of two)"
	run -125 pod start -a c
	output_has "the files of a layer are missing: '$EXTRA/overlay/"
	python3 - "$EXTRA" <<-'END'
	import json, sys
	for name in ('overlay-images/images.json', 'overlay-layers/layers.json'):
	    open(f'{sys.argv[1]}/{name}', 'w').write('[]')
	END
	run -125 pod start -a c
	output_has "is not in the store, nor in an additional image store: pull or load its image again"
}

@test "T-ST-02: an image in a store of another user is read, and not run" {
	chown -R 1234:1234 "$EXTRA"
	[ "$(pod history busy --format '{{.CreatedBy}}')" = tests ]
	run -125 pod run --rm --network none busy true
	output_has "which belongs to another user"
	pod save -q busy | pod load -q
	[ "$(pod run --rm --network none busy cat /data/file)" = from-the-image ]
}

@test "a user namespace of other ids needs the layers here" {
	run -125 pod run --rm --network none --uidmap 0:100000:1000 --gidmap 0:100000:1000 busy true
	output_has "a user namespace of other ids needs a copy of it here"
}

@test "another store of cpod" {
	"$CPOD" --root "$ROOT/other" --runroot "$ROOT/otherrun" load -q -i "$STORE/two.tar"
	other() { bare --storage-opt "additionalimagestore=$ROOT/other" "$@"; }
	[ "$(other run --rm --network none two)" = hi ]
	no_layer_here
	[ "$(other images --format '{{.ReadOnly}}')" = true ]
	other save -q -o "$ROOT/saved.tar" two
	"$CPOD" --root "$ROOT/other" --runroot "$ROOT/otherrun" save -q two | cmp - "$ROOT/saved.tar"
	other tag two localhost/mine
	run -126 bare run --rm --network none mine
	output_has "is not in the store"
	run -125 other run --rm --network none --uidmap 0:100000:1000 --gidmap 0:100000:1000 two true
	output_has "needs a copy of it here"
}

@test "two stores are asked in their order" {
	python3 "$RIGS/odd_image.py" "$STORE/image.tar" "$ROOT/own.tar" localhost/two:latest '{"Cmd": ["echo", "second"]}' 'own=text:own'
	python3 "$RIGS/podman_store.py" "$ROOT/second" "$ROOT/own.tar"
	[ "$(bare --storage-opt "additionalimagestore=$ROOT/second" --storage-opt "overlay.imagestore=$EXTRA" run --rm --network none two)" = second ]
	[ "$(pod --storage-opt "additionalimagestore=$ROOT/second" run --rm --network none two)" = hi ]
}

@test "words of --storage-opt" {
	run -125 bare --storage-opt "additionalimagestore=$ROOT/nowhere" images
	output_is "Error: cannot open the additional image store '$ROOT/nowhere' (--storage-opt): no such file or directory"
	run -125 bare --storage-opt imagestore=relative images
	output_has "is not named by an absolute path"
	run -125 bare --storage-opt nonsense=1 ps
	output_is 'Error: --storage-opt: unknown option "nonsense" ("nonsense=1")'
	run -125 bare --storage-opt overlay.mountopt=nodev ps
	output_has "mountopt is not done"
	run -125 bare --storage-opt vfs.imagestore=/x ps
	output_has "an option of another driver"
	run -125 bare --storage-opt additionalimagestore ps
	output_has "not of the form KEY=VALUE"
	bare --storage-opt '' --storage-opt additionalimagestore= images
	mkdir -p "$ROOT/vfs/vfs-images" "$ROOT/empty"
	run -125 bare --storage-opt "imagestore=$ROOT/vfs" images
	output_has "only overlay is done"
	bare --storage-opt "imagestore=$ROOT/empty" images
}

@test "one broken record hides no other" {
	two=$(jq -r '.[] | select(.names[]? == "localhost/two:latest") | .id' "$EXTRA/overlay-images/images.json")
	good() { [ "$(pod images --format '{{.Repository}}')" = localhost/busy ] && [ "$(pod run --rm --network none busy cat /data/file)" = from-the-image ]; }
	cp -a "$EXTRA" "$ROOT/whole"
	again() { rm -rf "$EXTRA"; cp -a "$ROOT/whole" "$EXTRA"; }
	# its layers go in a circle
	change overlay-layers/layers.json '(.[] | select(.parent)) |= (.parent = .id)'
	good
	again; change overlay-layers/layers.json 'map(select(.parent | not))'
	good
	again; change overlay-layers/layers.json '(.[] | select(.parent)) |= del(."diff-digest")'
	good
	again; echo '{' > "$EXTRA/overlay-images/$two/manifest"
	good
	again; echo '{"manifests":[]}' > "$EXTRA/overlay-images/$two/manifest"
	good
	again; rm "$EXTRA/overlay-images/$two/manifest"; mkfifo "$EXTRA/overlay-images/$two/manifest"
	good
	again; change overlay-images/images.json '(.[] | select(.names[] == "localhost/two:latest")).id = "../../../../etc"'
	good
	again; change overlay-images/images.json '. + [1, "x", null, {}, {"id": [], "names": 7}] | (.[] | select(type == "object" and .names == ["localhost/two:latest"])).id = 5'
	good
	# all that is there is one record: it cannot be told from an empty store otherwise
	again; truncate -s 100 "$EXTRA/overlay-images/images.json"
	run -125 pod images
	output_has "'$EXTRA/overlay-images/images.json' is damaged"
	again; truncate -s 17M "$EXTRA/overlay-layers/layers.json"
	run -125 pod images
	output_has "layers.json'"
}

@test "names and links lead out of no layer" {
	echo not-to-be-told > "$ROOT/secret"
	layer=$(layer_of two)
	mv "$EXTRA/overlay/$layer/diff" "$EXTRA/overlay/$layer/real"
	ln -s / "$EXTRA/overlay/$layer/diff"
	run -126 pod run --rm --network none two
	output_has "the files of a layer are missing"
	rm "$EXTRA/overlay/$layer/diff"; mv "$EXTRA/overlay/$layer/real" "$EXTRA/overlay/$layer/diff"
	# an id that is a path
	change overlay-layers/layers.json '(.[] | select(.parent)).id = "../../secret"'
	change overlay-images/images.json '(.[] | select(.names == ["localhost/two:latest"])).layer = "../../secret"'
	run -125 pod run --pull never --rm --network none two
	output_has "image not known"
	# files of the archive
	python3 "$RIGS/podman_store.py" "$ROOT/second" "$STORE/two.tar"
	python3 - "$ROOT/second/overlay-layers/$layer.tar-split.gz" "$ROOT" <<-'END'
	import base64, gzip, json, sys
	lines = [json.loads(line) for line in gzip.open(sys.argv[1])]
	for line in lines:
	    if line.get('name') == 'hi':
	        line.update(name='../' * 20 + sys.argv[2] + '/secret', size=15)
	gzip.open(sys.argv[1], 'wb').write(''.join(json.dumps(line) + '\n' for line in lines).encode())
	END
	run -125 --separate-stderr bare --storage-opt "imagestore=$ROOT/second" save -q -o "$ROOT/out.tar" two
	[[ $stderr == *"cannot open '../"*"of the layer: no such file or directory" ]]
	[ ! -e "$ROOT/out.tar" ] || ! grep -qa not-to-be-told "$ROOT/out.tar"
}

@test "a layer that is not what its digest says is not given away" {
	echo evil > "$EXTRA/overlay/$(layer_of two)/diff/hi"
	run -125 --separate-stderr pod save -q -o "$ROOT/out.tar" two
	[[ $stderr == *"shorter than it was"* || $stderr == *"a file of the layer was changed"* ]]
	echo "not gzip" > "$EXTRA/overlay-layers/$(layer_of busy).tar-split.gz"
	run -125 --separate-stderr pod save -q -o "$ROOT/out2.tar" busy
	[[ $stderr == *"tar-split is damaged"* ]]
	change overlay-layers/layers.json 'map(."compressed-size" = 1)'
	run -125 pod save -q -o "$ROOT/out3.tar" two
}

@test "copies of layers for a user namespace are not the layers" {
	change overlay-layers/layers.json '[.[] | select(.parent | not) | .id = ("0" * 64) | .uidmap = [{"container_id": 0, "host_id": 100000, "size": 65536}] | .gidmap = .uidmap] + .'
	[ "$(pod run --rm --network none busy cat /data/file)" = from-the-image ]
}

@test "a container that is started again by its monitor has its files" {
	mkdir "$ROOT/told"
	pod run -d --network none --restart on-failure:2 --name c -v "$ROOT/told:/told" two sh -c 'cat /hi >> /told/hi; exit 1' >/dev/null
	three_lines() { [ "$(wc -l < "$ROOT/told/hi")" = 3 ]; }
	eventually three_lines
}

@test "names of its images are offered" {
	run -0 pod __complete rmi localhost/t
	output_has localhost/two
}

@test "a store in brackets is refused" {
	run -125 pod pull "containers-storage:[overlay@$EXTRA+/run]localhost/two"
	output_has "another store in brackets is not done: name it with --storage-opt additionalimagestore="
}

@test "the record is read again when Podman has changed it" {
	pod images -q >/dev/null
	change overlay-images/images.json '.[1].names = ["localhost/renamed:latest"]'
	[ "$(pod images --format '{{.Repository}}' --sort repository | tr '\n' ' ')" = "localhost/busy localhost/renamed " ]
	# of two without a name, one was built on the other
	change overlay-images/images.json 'map(.names = null)'
	[ "$(pod images -q | wc -l)" = 1 ]
	[ "$(pod images -q -a | wc -l)" = 2 ]
	[ "$(pod images -q -a --filter intermediate=true | wc -l)" = 1 ]
}
