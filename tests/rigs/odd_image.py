#!/usr/bin/env python3
"""odd_image.py BASE.tar OUT.tar NAME CONFIG ENTRY...: an image as a stranger may make it, for tests of the sandbox.

BASE.tar is a docker-archive (tests/integration/common.bash makes it); OUT.tar is the same image with one layer more and CONFIG, a JSON
object, laid over its "config". An ENTRY of the layer is PATH=KIND:VALUE:
  link:TARGET  hard:TARGET  fifo:  char:MAJOR,MINOR  dir:MODE  text:TEXT (\\n is a line's end)  exec:TEXT  file:FILE  gone:
"""
import hashlib
import io
import json
import sys
import tarfile


def member(path, kind, value):
    t = tarfile.TarInfo(path)
    t.mode, data = 0o644, b''
    if kind == 'link':
        t.type, t.linkname = tarfile.SYMTYPE, value
    elif kind == 'hard':
        t.type, t.linkname = tarfile.LNKTYPE, value
    elif kind == 'fifo':
        t.type = tarfile.FIFOTYPE
    elif kind == 'char':
        t.type = tarfile.CHRTYPE
        t.devmajor, t.devminor = map(int, value.split(','))
        t.mode = 0o666
    elif kind == 'dir':
        t.type, t.mode = tarfile.DIRTYPE, int(value or '755', 8)
    elif kind == 'gone':
        head, _, last = path.rpartition('/')
        t.name = f'{head}/.wh.{last}' if head else f'.wh.{last}'
    elif kind in ('text', 'exec'):
        data = value.replace('\\n', '\n').encode()
        t.mode = 0o755 if kind == 'exec' else 0o644
    elif kind == 'file':
        with open(value, 'rb') as f:
            data = f.read()
        t.mode = 0o755
    else:
        sys.exit(f'unknown kind {kind!r}')
    t.size = len(data)
    return t, data


def main():
    base, out, name, changes, *entries = sys.argv[1:]
    with tarfile.open(base) as t:
        manifest = json.load(t.extractfile('manifest.json'))[0]
        config = json.load(t.extractfile(manifest['Config']))
        layers = {n: t.extractfile(n).read() for n in manifest['Layers']}
    more = io.BytesIO()
    with tarfile.open(fileobj=more, mode='w', format=tarfile.PAX_FORMAT) as t:
        for entry in entries:
            path, _, rest = entry.partition('=')
            kind, _, value = rest.partition(':')
            info, data = member(path, kind, value)
            t.addfile(info, io.BytesIO(data))
    layers['odd.tar'] = more.getvalue()
    config['config'].update(json.loads(changes))
    config['rootfs']['diff_ids'] = ['sha256:' + hashlib.sha256(d).hexdigest() for d in layers.values()]
    config['history'] = config.get('history', []) + [{'created_by': 'odd_image.py'}]
    text = json.dumps(config).encode()
    file = hashlib.sha256(text).hexdigest() + '.json'
    listing = json.dumps([{'Config': file, 'RepoTags': [name], 'Layers': list(layers)}]).encode()
    with tarfile.open(out, 'w') as t:
        for n, data in [(file, text), *layers.items(), ('manifest.json', listing)]:
            i = tarfile.TarInfo(n)
            i.size = len(data)
            t.addfile(i, io.BytesIO(data))


main()
