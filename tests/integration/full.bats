#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# A disk without a byte left: what gives room back works, and so does looking.
load common

setup_file() { store_make; }
teardown_file() { store_remove; }

setup()
{
	mkdir -p "$STORE/disk"
	truncate -s 64M "$STORE/disk.img"
	mkfs.ext4 -q -m 0 -O ^has_journal "$STORE/disk.img"
	mount -o loop "$STORE/disk.img" "$STORE/disk"
	on_disk() { "$CPOD" --root "$STORE/disk/root" --runroot "$STORE/disk-run" "$@"; }
	on_disk load -q -i "$STORE/image.tar"
	on_disk tag busy localhost/again
	on_disk run --name done --network none -v vol:/v busy sh -c 'echo x > /v/f'
	on_disk volume create spare
	on_disk run -d --name up --network none busy sleep 1000
}
teardown()
{
	on_disk rm -fa -t 0 >/dev/null
	umount "$STORE/disk"
	rm -rf "$STORE/disk" "$STORE/disk.img" "$STORE/disk-run"
}
fill()
{
	dd if=/dev/zero of="$STORE/disk/filler" bs=64k 2>/dev/null || true
	dd if=/dev/zero of="$STORE/disk/filler2" bs=1 count=65536 2>/dev/null || true
	[ "$(stat -f -c %a "$STORE/disk")" = 0 ]
}

@test "full: looking works" {
	fill
	for words in 'ps -a' images 'inspect done' 'inspect busy' 'volume ls' 'logs done' 'system df' 'top up' 'exec up true' 'image history busy'; do
		run --separate-stderr on_disk $words
		[ "$status" = 0 ] || { echo "$words: $stderr"; false; }
	done
}

@test "full: what cannot be written says so, in one sentence, and leaves nothing" {
	fill
	before=$(on_disk ps -aq; on_disk images -q; on_disk volume ls -q)
	run --separate-stderr on_disk create --network none busy true
	[ "$status" = 125 ] && [[ $stderr == *'no space left on device'* ]]
	run --separate-stderr on_disk load -q -i "$STORE/image.tar"
	[ "$status" = 0 ] || [[ $stderr == *'no space left on device'* ]]
	run --separate-stderr on_disk volume create more
	[ "$status" = 125 ] && [[ $stderr == *'no space left on device'* ]]
	[ "$before" = "$(on_disk ps -aq; on_disk images -q; on_disk volume ls -q)" ]
	rm "$STORE/disk/filler"
	run on_disk system check
	[ "$status" = 0 ]
}

@test "full: stopping and removing work, and give the room back" {
	fill
	on_disk stop -t 0 up
	[ "$(on_disk inspect up --format '{{.State.Status}}')" = exited ]
	on_disk rm up
	on_disk untag busy localhost/again
	on_disk rm done
	on_disk volume rm spare
	on_disk volume prune -f
	on_disk rmi busy
	[ -z "$(on_disk ps -aq; on_disk images -q; on_disk volume ls -q)" ]
	[ "$(stat -f -c %a "$STORE/disk")" -gt 0 ]
	rm "$STORE/disk/filler"
	on_disk load -q -i "$STORE/image.tar"
	[ "$(on_disk run --rm --network none busy echo again)" = again ]
}

@test "full: prune works" {
	fill
	on_disk kill up
	on_disk wait up
	on_disk system prune -af --volumes
	[ -z "$(on_disk ps -aq; on_disk images -q; on_disk volume ls -q)" ]
	[ "$(stat -f -c %a "$STORE/disk")" -gt 0 ]
}
