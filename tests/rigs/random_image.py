#!/usr/bin/env python3
"""random_image.py - a docker-archive of layers that do not compress, the same bytes each time.

    random_image.py FILE NAME BYTES...      one layer with one file of each size
"""
import hashlib
import io
import json
import random
import sys
import tarfile


def layer(number, size):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        info = tarfile.TarInfo("file%d" % number)
        info.size, info.mtime = size, 1500000000
        tar.addfile(info, io.BytesIO(random.Random(number).randbytes(size)))
    return out.getvalue()


def main():
    path, name, *sizes = sys.argv[1:]
    layers = [layer(n, int(size)) for n, size in enumerate(sizes)]
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "config": {"Cmd": ["/file0"]}, "created": "2020-01-01T00:00:00Z",
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(l).hexdigest() for l in layers]}}).encode()
    names = ["layer%d.tar" % n for n in range(len(layers))]
    manifest = json.dumps([{"Config": "config.json", "RepoTags": [name], "Layers": names}]).encode()
    with tarfile.open(path, "w") as tar:
        for member, data in [*zip(names, layers), ("config.json", config), ("manifest.json", manifest)]:
            info = tarfile.TarInfo(member)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


if __name__ == "__main__":
    main()
