"""What the scripts of this directory share: the programs under test, and an image."""
import hashlib, io, json, os, shutil, tarfile

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, '../../build')


def program(variable, path):
    return os.environ.get(variable) or os.path.realpath(os.path.join(BUILD, path))


def image_archive(path, name, word, more=0):
    """A docker-archive: busybox, a file that says which image it is, and more layers."""
    layer = io.BytesIO()
    def add(member, data=b'', **of):
        info = tarfile.TarInfo(member)
        info.size, info.mtime = len(data), 1500000000
        for key, value in of.items():
            setattr(info, key, value)
        tar.addfile(info, io.BytesIO(data))
    with tarfile.open(fileobj=layer, mode='w') as tar:
        for directory in ('bin', 'etc', 'tmp', 'data', 'v'):
            add(directory, type=tarfile.DIRTYPE, mode=0o755)
        with open(shutil.which('busybox'), 'rb') as f:
            add('bin/busybox', f.read(), mode=0o755)
        for applet in ('sh', 'cat', 'echo', 'sleep', 'true', 'ls', 'trap'):
            add('bin/' + applet, type=tarfile.SYMTYPE, linkname='busybox')
        add('etc/passwd', b'root:x:0:0:root:/root:/bin/sh\n', mode=0o644)
        add('data/word', word.encode(), mode=0o644)
    layers = [layer.getvalue()]
    for i in range(more):
        layer = io.BytesIO()
        with tarfile.open(fileobj=layer, mode='w') as tar:
            add('data/more%d' % i, b'%d' % i * 100000, mode=0o644)
        layers.append(layer.getvalue())
    config = json.dumps({'architecture': 'amd64', 'os': 'linux', 'created': '2026-01-01T00:00:00Z',
                         'config': {'Cmd': ['sh'], 'Env': ['PATH=/bin']},
                         'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(l).hexdigest() for l in layers]}}).encode()
    names = ['layer%d.tar' % i for i in range(len(layers))]
    manifest = json.dumps([{'Config': 'c.json', 'RepoTags': [name], 'Layers': names}]).encode()
    with tarfile.open(path, 'w') as tar:
        for member, data in (('c.json', config), *zip(names, layers), ('manifest.json', manifest)):
            info = tarfile.TarInfo(member)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
