#!/usr/bin/env python3
"""real_image.py DIR - two images as OCI layouts, DIR/real and DIR/twenty, with what real ones have and tests seldom do.

real: hard links, attributes, set-user-id, devices, sparse files, names of 200 characters; whiteouts and opaque directories over four layers.
twenty: twenty layers that take away and give back what others made.
Both have /tools/see, which prints what a container sees of /data: kinds, modes, owners, times, links, contents and attributes.
It is made of the machine's own find, getfattr and busybox; they lie in /tools with their libraries and are no part of what is printed.
"""
import gzip
import json
import os
import re
import shutil
import subprocess
import sys

from layer_shapes import WHEN, digest, end, file, folder, hardlink, node, pax, sparse_1_0, symlink

OCI = "application/vnd.oci.image."
SEE = b"""#!/bin/sh
cd /data || exit 1
tool() { t=$1; shift; /tools/ld.so --library-path /tools /tools/$t "$@"; }
export LC_ALL=C
echo "-- files"
tool find . -type d -printf '%p %y %m %U:%G %T@\\n' -o -type l -printf '%p %y %U:%G %T@ -> %l\\n' -o -printf '%p %y %m %U:%G %n %s %T@\\n' | /bin/busybox sort
echo "-- devices"
tool find . '(' -type c -o -type b ')' -exec /bin/busybox stat -c '%n %t:%T' '{}' ';' | /bin/busybox sort
echo "-- content"
tool find . -type f -exec /bin/busybox sha256sum '{}' ';' | /bin/busybox sort -k 2
echo "-- attributes"
tool find . | /bin/busybox sort | while IFS= read -r f; do tool getfattr -h -d -m - -e hex "$f"; done | /bin/busybox grep -v '^$'
exit 0
"""


def whole(name, data, **more):
    """A file whose name may be longer than a header has room for."""
    extra = [(b"path", name)] if len(name) > 100 else []
    return (pax(*extra) if extra else b"") + file(name[:100], data, **more)


def xattr(*pairs):
    return pax(*[(b"SCHILY.xattr." + k, v) for k, v in pairs])


def tools():
    out, libs = [folder(b"./"), folder(b"bin"), folder(b"tools")], set()
    busybox = shutil.which("busybox")
    with open(busybox, "rb") as f:
        out.append(file(b"bin/busybox", f.read(), mode=0o755))
    out.append(symlink(b"bin/sh", b"busybox"))
    for name in ("find", "getfattr"):
        path = shutil.which(name)
        told = subprocess.run(["ldd", path], stdout=subprocess.PIPE, text=True, check=True).stdout
        libs |= set(re.findall(r"(/\S+)", told))
        with open(path, "rb") as f:
            out.append(file(b"tools/" + name.encode(), f.read(), mode=0o755))
    for path in sorted(libs):
        name = "ld.so" if "/ld-" in path else os.path.basename(path)
        with open(path, "rb") as f:
            out.append(file(b"tools/" + name.encode(), f.read(), mode=0o755))
    return end(*out, file(b"tools/see", SEE, mode=0o755))


def real():
    capability = bytes.fromhex("0100000200040000000000000000000000000000")
    stored = bytes(range(256)) * 16
    base = end(
        folder(b"data", mode=0o755, uid=10, gid=20),
        # links
        folder(b"data/links"), file(b"data/links/one", b"linked\n", mode=0o640, uid=1000, gid=2000), hardlink(b"data/links/two", b"data/links/one", mode=0o640, uid=1000, gid=2000),
        folder(b"data/links/d"), hardlink(b"data/links/d/three", b"data/links/one", mode=0o640, uid=1000, gid=2000),
        symlink(b"data/links/relative", b"../links/one", uid=5, gid=6, mtime=1234567890), symlink(b"data/links/absolute", b"/data/links/one"),
        symlink(b"data/links/nowhere", b"/none"), hardlink(b"data/links/linked-link", b"data/links/nowhere"),
        pax((b"linkpath", b"x" * 1000)), symlink(b"data/links/long", b"x"),
        # modes and owners
        folder(b"data/modes"), file(b"data/modes/setuid", b"1", mode=0o4755), file(b"data/modes/setgid", b"2", mode=0o2755, gid=42),
        file(b"data/modes/setuid-of-another", b"3", mode=0o6711, uid=33, gid=33), folder(b"data/modes/sticky", mode=0o1777), folder(b"data/modes/shared", mode=0o2775, gid=50),
        file(b"data/modes/shared/inside", b"4"), file(b"data/modes/none", b"5", mode=0), file(b"data/modes/nobody", b"6", uid=65534, gid=65534),
        folder(b"data/modes/closed", mode=0o700, uid=1234, gid=1234), file(b"data/modes/closed/in", b"7", mode=0o400, uid=1234, gid=1234),
        # kinds
        folder(b"data/kinds"), node(b"data/kinds/null", b"3", 1, 3, mode=0o666), node(b"data/kinds/loop", b"4", 7, 0, mode=0o660, gid=6),
        node(b"data/kinds/pipe", b"6", mode=0o620, uid=4), file(b"data/kinds/empty", b""),
        # attributes
        folder(b"data/attributes"), xattr((b"user.text", b"value"), (b"user.bytes", bytes(range(64)))), file(b"data/attributes/user", b"8"),
        xattr((b"security.capability", capability)), file(b"data/attributes/capable", b"9", mode=0o755, uid=7, gid=7),
        xattr((b"user.of-directory", b"d")), folder(b"data/attributes/directory"),
        # names
        folder(b"data/names"), whole(b"data/names/" + b"n" * 200, b"200"), whole(b"data/names/" + b"m" * 255, b"255"),
        pax((b"path", b"data/names/" + b"d" * 150)), folder(b"d", mode=0o755), whole(b"data/names/" + b"d" * 150 + b"/" + b"f" * 100, b"long in long"),
        file(b"data/names/a space", b"a"), file(b"data/names/t\xc3\xa4st", b"b"), file(b"data/names/\xff\xfe", b"c"), file(b"data/names/-rf", b"d"), file(b"data/names/a\\b", b"e"),
        # sparse
        folder(b"data/sparse"), sparse_1_0(b"data/sparse/one-zero", 10 << 20, b"2\n1048576\n4096\n10481664\n4096\n", stored + stored),
        pax((b"GNU.sparse.size", b"1000000"), (b"GNU.sparse.numblocks", b"1"), (b"GNU.sparse.map", b"500000,4096"), (b"GNU.sparse.name", b"data/sparse/zero-one")),
        file(b"GNUSparseFile.0/x", stored),
        # times
        folder(b"data/times", mtime=86400), file(b"data/times/epoch", b"f", mtime=0), pax((b"mtime", b"1600000000.123456789")), file(b"data/times/nanoseconds", b"g"),
        file(b"data/times/2100", b"h", mtime=4102444800), pax((b"mtime", b"1500000000.5")), folder(b"data/times/d"), file(b"data/times/d/later", b"i", mtime=WHEN + 5),
        # for the layers above
        folder(b"data/hide"), *[file(b"data/hide/" + n, n) for n in (b"a", b"b", b"c")], folder(b"data/hide/deep"), file(b"data/hide/deep/f", b"j"),
        folder(b"data/gone"), file(b"data/gone/f", b"k"), folder(b"data/opaque", mode=0o711, uid=3), *[file(b"data/opaque/" + n, n) for n in (b"x", b"y")],
        folder(b"data/opaque/z"), file(b"data/opaque/z/f", b"l"), file(b"data/file-then-directory", b"m"), folder(b"data/directory-then-file"),
        file(b"data/directory-then-file/f", b"n"), folder(b"data/directory-then-link"), file(b"data/directory-then-link/f", b"o"), folder(b"data/merged", mode=0o750),
        file(b"data/merged/low", b"p"), file(b"data/merged/both", b"low"))
    second = end(
        folder(b"data", uid=10, gid=20), folder(b"data/hide"), folder(b"data/links"), folder(b"data/modes"), folder(b"data/times", mtime=86400),
        file(b"data/hide/.wh.a", b""), file(b"data/hide/.wh.deep", b""), file(b"data/.wh.gone", b""), folder(b"data/opaque", mode=0o755), file(b"data/opaque/.wh..wh..opq", b""),
        file(b"data/opaque/new", b"q"), file(b"data/.wh.file-then-directory", b""), folder(b"data/file-then-directory"), file(b"data/file-then-directory/f", b"r"),
        file(b"data/.wh.directory-then-file", b""), file(b"data/directory-then-file", b"s"), file(b"data/.wh.directory-then-link", b""), symlink(b"data/directory-then-link", b"merged"),
        folder(b"data/merged", mode=0o711, mtime=WHEN + 1), file(b"data/merged/both", b"high", mode=0o600), file(b"data/merged/high", b"t"), file(b"data/links/two", b"no link any more"),
        file(b"data/modes/setuid", b"1", mode=0o755), file(b"data/times/.wh.2100", b""))
    third = end(
        folder(b"data", uid=10, gid=20), folder(b"data/hide"), folder(b"data/opaque"), folder(b"data/links"), folder(b"data/links/d"), folder(b"data/attributes"),
        folder(b"data/kinds"),
        file(b"data/hide/a", b"back", uid=9), folder(b"data/gone", mode=0o700), file(b"data/opaque/.wh.new", b""), file(b"data/opaque/newer", b"u"), file(b"data/links/d/.wh.three", b""),
        xattr((b"user.text", b"other")), file(b"data/attributes/user", b"8"), folder(b"data/hide/deep"), file(b"data/kinds/.wh.pipe", b""))
    return [tools(), base, second, third]


def twenty():
    layers = [tools(), end(folder(b"data"), folder(b"data/all"), *[file(b"data/all/%d" % i, b"%d" % i) for i in range(20)])]
    for i in range(2, 20):
        entries = [folder(b"data", mtime=WHEN - i), file(b"data/of-%d" % i, b"layer %d\n" % i * i, uid=i, mode=0o600 + i, mtime=WHEN + i), file(b"data/all/.wh.%d" % i, b""), folder(b"data/all", mtime=WHEN + i)]
        if i > 5:
            entries.append(file(b"data/.wh.of-%d" % (i - 3), b""))
        if i == 10:
            entries = [folder(b"data"), folder(b"data/all", mode=0o711), file(b"data/all/.wh..wh..opq", b""), file(b"data/all/ten", b"10")]
        if i % 4 == 0:
            entries += [folder(b"data/turns"), file(b"data/turns/file", b"%d" % i)]
        if i % 4 == 2:
            entries += [file(b"data/.wh.turns", b""), file(b"data/turns", b"a file in layer %d" % i)]
        layers.append(end(*entries))
    return layers


def write(where, layers):
    def blob(data):
        name = digest(data)
        with open(os.path.join(where, "blobs/sha256", name[7:]), "wb") as out:
            out.write(data)
        return {"digest": name, "size": len(data)}
    os.makedirs(os.path.join(where, "blobs/sha256"))
    config = blob(json.dumps({"architecture": "amd64", "os": "linux", "created": "2024-01-01T00:00:00Z", "config": {"Cmd": ["/tools/see"]},
                              "rootfs": {"type": "layers", "diff_ids": [digest(l) for l in layers]}}).encode())
    packed = [blob(gzip.compress(l, 1, mtime=0)) for l in layers]
    manifest = blob(json.dumps({"schemaVersion": 2, "mediaType": OCI + "manifest.v1+json", "config": {"mediaType": OCI + "config.v1+json", **config},
                                "layers": [{"mediaType": OCI + "layer.v1.tar+gzip", **p} for p in packed]}).encode())
    with open(os.path.join(where, "oci-layout"), "w", encoding="ascii") as out:
        out.write('{"imageLayoutVersion":"1.0.0"}')
    with open(os.path.join(where, "index.json"), "w", encoding="ascii") as out:
        json.dump({"schemaVersion": 2, "manifests": [{"mediaType": OCI + "manifest.v1+json", **manifest, "annotations": {"org.opencontainers.image.ref.name": "1"}}]}, out)


if __name__ == "__main__":
    write(os.path.join(sys.argv[1], "real"), real())
    write(os.path.join(sys.argv[1], "twenty"), twenty())
