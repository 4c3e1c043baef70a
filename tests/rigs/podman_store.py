#!/usr/bin/env python3
"""podman_store.py STORE ARCHIVE.tar...: puts the images of docker-archives into an image store as Podman's containers/storage makes it
(driver overlay): docs/formats/podman-store.md. Run as root of the namespace whose store it is."""
import base64
import gzip
import hashlib
import io
import json
import os
import stat
import sys
import tarfile

CREATED = '2026-01-02T03:04:05.678Z'


def sha(data):
    return hashlib.sha256(data).hexdigest()


def crc64(data):
    """As Go's crc64.ISO."""
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0xd800000000000000 if n & 1 else 0)
        table.append(n)
    crc = 0xffffffffffffffff
    for byte in data:
        crc = table[(crc ^ byte) & 0xff] ^ crc >> 8
    return (crc ^ 0xffffffffffffffff).to_bytes(8, 'big')


def tar_split(data):
    """A line of JSON for each piece of the archive."""
    lines, at = [], 0

    def piece(**fields):
        lines.append(json.dumps(dict(fields, position=len(lines)), separators=(',', ':')) + '\n')

    with tarfile.open(fileobj=io.BytesIO(data)) as t:
        for m in t:
            piece(type=2, payload=base64.b64encode(data[at:m.offset_data]).decode())
            content = data[m.offset_data:m.offset_data + m.size] if m.isreg() else b''
            name = {'name': m.name + ('/' if m.isdir() else '')}
            if any('\udc80' <= c <= '\udcff' for c in m.name):
                name = {'name_raw': base64.b64encode(m.name.encode('utf-8', 'surrogateescape')).decode()}
            if content:
                piece(type=1, **name, size=len(content), payload=base64.b64encode(crc64(content)).decode())
            else:
                piece(type=1, **name, payload=None)
            at = m.offset_data + len(content)
    piece(type=2, payload=base64.b64encode(data[at:]).decode())
    return gzip.compress(''.join(lines).encode(), mtime=0)


def unpack(data, diff):
    with tarfile.open(fileobj=io.BytesIO(data)) as t:
        t.extraction_filter = lambda member, path: member  # what is unpacked is ours
        for m in t:
            head, base = os.path.split(m.name)
            path = os.path.join(diff, m.name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if base == '.wh..wh..opq':
                os.setxattr(os.path.join(diff, head), OPAQUE, b'y')
            elif base.startswith('.wh.'):
                os.mknod(os.path.join(diff, head, base[4:]), stat.S_IFCHR, 0)
            elif m.name not in ('.', './'):
                if os.path.lexists(path) and not m.isdir():
                    os.unlink(path)
                t.extract(m, diff)


class Store:
    def __init__(self, root):
        self.root = root
        for name in ('overlay/l', 'overlay-images', 'overlay-layers', 'overlay-containers'):
            os.makedirs(os.path.join(root, name), exist_ok=True)
        self.layers, self.images = self.read('overlay-layers/layers.json'), self.read('overlay-images/images.json')

    def read(self, name):
        try:
            with open(os.path.join(self.root, name)) as f:
                return json.load(f)
        except FileNotFoundError:
            return []

    def write(self, name, data):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + '.tmp', 'wb') as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        os.rename(path + '.tmp', path)

    def add_layer(self, data, parent):
        digest = sha(data)
        layer = sha(f'{parent}+{digest}'.encode()) if parent else digest
        if any(row['id'] == layer for row in self.layers):
            return layer
        link = base64.b32encode(bytes.fromhex(layer))[:26].decode()
        diff = os.path.join(self.root, 'overlay', layer, 'diff')
        os.makedirs(diff)
        os.mkdir(os.path.join(self.root, 'overlay', layer, 'work'))
        self.write(f'overlay/{layer}/link', link)
        os.symlink(f'../{layer}/diff', os.path.join(self.root, 'overlay/l', link))
        unpack(data, diff)
        self.write(f'overlay-layers/{layer}.tar-split.gz', tar_split(data))
        row = {'id': layer, 'created': CREATED, 'compressed-diff-digest': f'sha256:{digest}', 'compressed-size': len(data),
               'diff-digest': f'sha256:{digest}', 'diff-size': len(data), 'uidset': [0], 'gidset': [0]}
        self.layers.append(dict(row, parent=parent) if parent else row)
        return layer

    def add_bytes(self, image, key, data):
        name = key if key == 'manifest' else '=' + base64.b64encode(key.encode()).decode()
        self.write(f'overlay-images/{image}/{name}', data)

    def add_image(self, names, config, layers):
        top = ''
        for data in layers:
            top = self.add_layer(data, top)
        image = sha(config)
        manifest = json.dumps({
            'schemaVersion': 2, 'mediaType': 'application/vnd.docker.distribution.manifest.v2+json',
            'config': {'mediaType': 'application/vnd.docker.container.image.v1+json', 'size': len(config), 'digest': f'sha256:{image}'},
            'layers': [{'mediaType': 'application/vnd.docker.image.rootfs.diff.tar', 'size': len(d), 'digest': f'sha256:{sha(d)}'} for d in layers],
        }, separators=(',', ':')).encode()
        data = {f'sha256:{image}': config, f'manifest-sha256:{sha(manifest)}': manifest, 'manifest': manifest}
        for key, value in data.items():
            self.add_bytes(image, key, value)
        self.images = [row for row in self.images if row['id'] != image]
        self.images.append({
            'id': image, 'digest': f'sha256:{sha(manifest)}', 'names': names, 'names-history': names, 'layer': top, 'metadata': '{}',
            'big-data-names': list(data), 'big-data-sizes': {k: len(v) for k, v in data.items()},
            'big-data-digests': {k: f'sha256:{sha(v)}' for k, v in data.items()}, 'created': json.loads(config)['created']})

    def add_archive(self, path):
        with tarfile.open(path) as t:
            for row in json.load(t.extractfile('manifest.json')):
                read = lambda name: t.extractfile(name).read()
                self.add_image(row['RepoTags'] or [], read(row['Config']), [read(name) for name in row['Layers']])

    def save(self):
        # layers first: an image whose layers are not there yet is never seen
        self.write('overlay-layers/layers.json', json.dumps(self.layers))
        self.write('overlay-images/images.json', json.dumps(self.images))


OPAQUE = os.environ.get('OPAQUE', 'trusted.overlay.opaque')
store = Store(sys.argv[1])
for archive in sys.argv[2:]:
    store.add_archive(archive)
store.save()
