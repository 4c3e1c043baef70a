#!/usr/bin/env bats
# user_image_stores.bats - additional image stores of an ordinary user, and storage.conf, which holds where no --root is given.
# CPOD and CPOD_LIBEXEC: the built program.

bats_require_minimum_version 1.5.0
load common
load user

RIGS=$BATS_TEST_DIRNAME/../rigs

setup_file()
{
	user_store_make
	[ -n "$TEST_USER" ] || return 0
	python3 "$RIGS/odd_image.py" "$STORE/image.tar" "$TEST_HOME/two.tar" localhost/two:latest '{"Cmd": ["cat", "/hi"]}' \
		'hi=text:hi\n' 'data/file=gone:' 'etc/.wh..wh..opq=text:' 'etc/passwd=text:root:x:0:0:new:/:/bin/sh\n'
	cp "$RIGS/podman_store.py" "$TEST_HOME"
	# as rootless Podman has it: files of the user's ids, marks that an overlay in a user namespace reads
	user_cpod unshare env OPAQUE=user.overlay.opaque python3 "$TEST_HOME/podman_store.py" "$TEST_HOME/podman" "$TEST_HOME/two.tar"
}

teardown_file() { user_store_remove; }
setup()
{
	user_needed
	CONF=$TEST_HOME/.config/containers
	rm -rf "$CONF"
	mkdir -p "$CONF"
}
teardown() { [ -z "$TEST_USER" ] || home_cpod rm -fa -t 0 >/dev/null 2>&1 || true; }

pod() { user_cpod --storage-opt "additionalimagestore=$TEST_HOME/podman" "$@"; }
# without --root, and with variables in front
home_cpod() { as_user env "${VARIABLES[@]}" cpod "$@"; }
conf() { cat > "$CONF/${1:-storage.conf}"; }

@test "a container has its files where they lie" {
	[ "$(pod run --rm --network none two)" = hi ]
	run -1 pod run --rm --network none two ls /etc/group
	run -1 pod run --rm --network none two ls /data/file
	pod run --rm --network none two sh -c 'echo x > /hi; rm /bin/ls; stat -c %u:%g /bin/busybox' > "$STORE/owner"
	[ "$(cat "$STORE/owner")" = 0:0 ]
	[ "$(pod images --format '{{.Repository}}' --filter readonly=true)" = localhost/two ]
	pod save -q -o "$TEST_HOME/saved.tar" two
	pod run --network none --name c two true
	pod commit -q c localhost/three
	[ "$(pod run --rm --network none three cat /hi)" = hi ]
	pod rm c
	pod rmi three
}

@test "a store of root is read, and not run" {
	mkdir "$STORE/shared"
	python3 "$RIGS/podman_store.py" "$STORE/shared" "$TEST_HOME/two.tar"
	chmod -R a+rX "$STORE/shared"
	shared() { user_cpod --storage-opt "additionalimagestore=$STORE/shared" "$@"; }
	[ "$(shared images --format '{{.Repository}}' --filter readonly=true)" = localhost/two ]
	run -125 shared run --rm --network none two
	output_has "which belongs to another user"
	shared save -q -o "$TEST_HOME/moved.tar" two
	shared load -q -i "$TEST_HOME/moved.tar"
	[ "$(user_cpod run --rm --network none two)" = hi ]
	user_cpod rmi two
}

@test "storage.conf names stores" {
	conf <<-END
	[storage]
	driver = "overlay"
	graphroot = "/not/ours"
	[storage.options]
	additionalimagestores = [
	  "$TEST_HOME/podman",
	]
	[storage.options.overlay]
	mountopt = "nodev,metacopy=on"
	END
	[ "$(home_cpod run --rm --network none two)" = hi ]
	[ "$(home_cpod images --format '{{.Repository}} {{.ReadOnly}}')" = "localhost/two true" ]
	mkdir -m 777 "$TEST_HOME/told"
	home_cpod run -d --network none --restart on-failure:2 --name c -v "$TEST_HOME/told:/told" two sh -c 'cat /hi >> /told/hi; exit 1' >/dev/null
	three_lines() { [ "$(wc -l < "$TEST_HOME/told/hi")" = 3 ]; }
	eventually three_lines
	home_cpod rm -f -t 0 c
	# COMPAT: who gives --root leaves it behind
	run -1 user_cpod image exists two
	run -0 home_cpod --storage-opt '' images -q
	output_is ''
	VARIABLES=(STORAGE_OPTS=overlay.mountopt=nodev)
	run -125 home_cpod images
	output_is "Error: STORAGE_OPTS: mountopt is not done: overlay is used as the kernel has it"
}

@test "drop-ins, in the order of their names" {
	mkdir -p "$TEST_HOME/a" "$CONF/storage.conf.d" "$CONF/storage.rootless.conf.d"
	conf <<< '[storage]'
	printf '[storage.options]\nadditionalimagestores = ["%s"]\n' /nowhere | conf storage.conf.d/10.conf
	run -125 home_cpod images
	output_is "Error: cannot open the additional image store '/nowhere' ($CONF/storage.conf.d/10.conf:2): no such file or directory"
	printf '[storage.options]\nadditionalimagestores = ["%s"]\n' "$TEST_HOME/podman" | conf storage.rootless.conf.d/20.conf
	[ "$(home_cpod images --format '{{.Repository}}')" = localhost/two ]
	printf '[storage.options]\nadditionalimagestores = ["%s", {append = true}]\n' "$TEST_HOME/a" | conf storage.conf.d/30.conf
	[ "$(home_cpod images --format '{{.Repository}}')" = localhost/two ]
	VARIABLES=(CONTAINERS_STORAGE_CONF="$CONF/storage.conf")
	[ "$(home_cpod images --format '{{.Repository}}')" = "" ]
	VARIABLES+=(CONTAINERS_STORAGE_CONF_OVERRIDE="$CONF/storage.rootless.conf.d/20.conf")
	[ "$(home_cpod images --format '{{.Repository}}')" = localhost/two ]
	VARIABLES=(CONTAINERS_STORAGE_CONF=/nowhere)
	run -125 home_cpod images
	output_has "CONTAINERS_STORAGE_CONF names the configuration file '/nowhere', which cannot be read"
}

@test "what is wrong in it is told with file and line" {
	conf <<-'END'
	[storage]
	wrong = 1
	imagestore = "/x"
	[storage.options.overlay]
	size = "1G"
	mountopt = "volatile"
	[stores]
	a = 1
	END
	run -0 home_cpod images
	output_has "$CONF/storage.conf:2: there is no key storage.wrong: it is ignored"
	output_has "$CONF/storage.conf:3: storage.imagestore is not done yet: images lie under --root"
	output_has "$CONF/storage.conf:5: storage.options.overlay.size is not done yet"
	output_has "$CONF/storage.conf:6: storage.options.overlay.mountopt is not done yet"
	output_has "$CONF/storage.conf:7: there is no key stores: it is ignored"
	printf '[storage.options]\nadditionalimagestores = "/x"\n' | conf
	run -125 home_cpod images
	output_is "Error: $CONF/storage.conf:2: additionalimagestores has a string where an array of strings is expected"
	printf '[storage.options]\nadditionalimagestores = ["x"]\n' | conf
	run -125 home_cpod images
	output_is "Error: $CONF/storage.conf:2: the additional image store 'x' is not named by an absolute path"
	echo '[stor' | conf
	run -125 home_cpod images
	output_has "loading storage configuration '$CONF/storage.conf'"
}
