#!/usr/bin/env python3
"""An image of two layers: that of another archive, and files of many owners; its root is in two groups.

usage: owner_image.py ARCHIVE OUT    (docker-archive, named localhost/owners)
"""
import hashlib
import io
import json
import sys
import tarfile

FILES = (('f', 0, 42, 0o2750, tarfile.DIRTYPE), ('f/a', 33, 33, 0o640, tarfile.REGTYPE), ('f/s', 5, 6, 0o4755, tarfile.REGTYPE),
         ('f/l', 33, 0, 0o777, tarfile.SYMTYPE), ('f/far', 60000, 60001, 0o600, tarfile.REGTYPE))
GROUP = b'root:x:0:\nalice:x:1000:\nwheel:x:10:alice,root\n'


def add(archive, name, data, mode=0o644):
    i = tarfile.TarInfo(name)
    i.size, i.mode = len(data), mode
    archive.addfile(i, io.BytesIO(data))


def main(base, out):
    with tarfile.open(base) as t:
        first = t.extractfile(json.load(t.extractfile('manifest.json'))[0]['Layers'][0]).read()
    second = io.BytesIO()
    with tarfile.open(fileobj=second, mode='w', format=tarfile.PAX_FORMAT) as t:
        for name, uid, gid, mode, kind in FILES:
            i = tarfile.TarInfo(name)
            i.uid, i.gid, i.mode, i.type, i.linkname = uid, gid, mode, kind, 'a' if kind == tarfile.SYMTYPE else ''
            t.addfile(i)
        add(t, 'etc/group', GROUP)
    layers = [first, second.getvalue()]
    config = {'architecture': 'amd64', 'os': 'linux', 'config': {'Cmd': ['sh'], 'Env': ['PATH=/bin']},
              'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(x).hexdigest() for x in layers]}}
    manifest = [{'Config': 'c.json', 'RepoTags': ['localhost/owners:latest'], 'Layers': ['0.tar', '1.tar']}]
    with tarfile.open(out, 'w') as t:
        add(t, 'c.json', json.dumps(config).encode())
        add(t, '0.tar', layers[0])
        add(t, '1.tar', layers[1])
        add(t, 'manifest.json', json.dumps(manifest).encode())


main(*sys.argv[1:])
