"""What the measurements share: where the peers are, images to measure with, medians, the page that keeps the figures.

CPOD    the program (default: build-release/tree/bin/cpod, which `./bootstrap demo` makes)
REFERENCE  a command prefix that runs podman, crun and skopeo where they are, as root; our files are below REFERENCE_ROOT there
        (default: none: the machine's own). REFERENCE_USER is the same as an ordinary user there. Peers that are missing are named.
BENCH_USER  without REFERENCE: a user with subordinate ids for the rootless rows (none: they are left out); pasta needs /dev/net/tun
"""
import contextlib
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CPOD = os.path.abspath(os.environ.get('CPOD', os.path.join(HERE, 'build-release/tree/bin/cpod')))
REFERENCE = os.environ.get('REFERENCE', '').split()
REFERENCE_ROOT = os.environ.get('REFERENCE_ROOT', '')
REFERENCE_USER = os.environ.get('REFERENCE_USER', '').split()
BENCH_USER = os.environ.get('BENCH_USER', '')
PAGE = os.path.join(HERE, 'docs/performance.md')
IMAGE = 'localhost/cpod-bench:latest'


class Place:
    """Where commands run: a prefix, and what our paths are called there. cpod keeps its files on a fresh ext4, as most hosts have it,
    and what goes with the boot on a tmpfs; Podman has its usual place, where it is fastest."""

    def __init__(self, prefix, top, user):
        self.prefix, self.timer, self.user = prefix, REFERENCE_ROOT + top + '/timer', user
        self.home = os.path.join(top, 'ext4', 'user' if user else 'root')
        os.makedirs(self.home)
        uid, gid = (int(self.run(['id', w]).stdout) for w in ('-u', '-g'))
        os.chown(self.home, uid, gid)
        os.chmod(self.home, 0o700)
        run = os.path.join(self.home, 'run')
        os.mkdir(run)
        subprocess.run(['mount', '-t', 'tmpfs', '-o', f'mode=700,uid={uid},gid={gid}', 'tmpfs', run], check=True)
        self.there = there = REFERENCE_ROOT + self.home
        self.cpod = [REFERENCE_ROOT + CPOD, '--root', there + '/store', '--runroot', there + '/run']
        self.engines = {'cpod': self.cpod}
        if self.has('podman'):
            self.engines['podman'] = ['podman']

    def run(self, command):
        return subprocess.run(self.prefix + command, capture_output=True, text=True)

    def must(self, command):
        done = self.run(command)
        if done.returncode:
            sys.exit(f'bench: {" ".join(command[:12])}: {done.stderr.strip()[:400]}')
        return done.stdout.strip()

    def has(self, program):
        return self.run(['sh', '-c', f'command -v {program}']).returncode == 0

    def medians(self, runs, commands, at_once=1):
        """{name: ms} of those that worked, in turn, after some rounds that warm."""
        words = [w for command in commands.values() for w in ['--'] + command]
        lines = self.run([self.timer, str(runs), str(at_once)] + words).stdout.split()
        return {name: float(ms) for name, ms in zip(commands, lines) if ms != 'failed'}

    def once(self, command):
        """ms of what can be done once only; None when it failed."""
        said = self.run([self.timer, '--cold', '1', '1', '--'] + command).stdout.strip()
        return float(said) if said not in ('', 'failed') else None


def as_user(user, top):
    import pwd
    entry = pwd.getpwnam(user)
    return ['setpriv', '--reuid', user, '--regid', str(entry.pw_gid), '--init-groups', 'env', '-C', '/', f'HOME={top}/ext4/user', 'USER=' + user]


@contextlib.contextmanager
def places(size='8G'):
    """(top, root's place, the user's or None): a directory with timer, image.tar and fs.tar, gone afterwards."""
    if os.geteuid():
        sys.exit('bench: run as root')
    top = tempfile.mkdtemp(prefix='cpod-bench.', dir=os.environ.get('TMPDIR', '/var/tmp'))
    try:
        os.chmod(top, 0o755)
        subprocess.run(['cc', '-O2', '-static', '-o', top + '/timer', os.path.join(HERE, 'bench/timer.c')], check=True)
        make_root(top)
        os.mkdir(top + '/ext4')
        subprocess.run(['truncate', '-s', size, top + '/ext4.img'], check=True)
        subprocess.run(['mkfs.ext4', '-q', top + '/ext4.img'], check=True)
        subprocess.run(['mount', '-o', 'loop', top + '/ext4.img', top + '/ext4'], check=True)
        root = Place(REFERENCE, top, False)
        user = Place(REFERENCE_USER or as_user(BENCH_USER, top), top, True) if REFERENCE_USER or BENCH_USER else None
        yield top, root, user
    finally:
        subprocess.run(['umount', '-l', top + '/ext4'], stderr=subprocess.DEVNULL)
        shutil.rmtree(top, ignore_errors=True)


def make_root(top):
    """fs.tar, the files of a static program; image.tar, the image of it."""
    fs = os.path.join(top, 'fs')
    os.makedirs(os.path.join(fs, 'bin'))
    shutil.copy(shutil.which('busybox') or sys.exit('bench: busybox (static) is needed'), os.path.join(fs, 'bin/busybox'))
    for applet in ('true', 'sleep', 'sh', 'dd', 'cat', 'yes', 'head', 'mkdir'):
        os.symlink('busybox', os.path.join(fs, 'bin', applet))
    subprocess.run(['tar', '-C', fs, '-cf', os.path.join(top, 'fs.tar'), '.'], check=True)
    with open(os.path.join(top, 'fs.tar'), 'rb') as f:
        layer = f.read()
    write_archive(os.path.join(top, 'image.tar'), IMAGE, {'Env': ['PATH=/bin'], 'Cmd': ['true']}, [('sha256:' + hashlib.sha256(layer).hexdigest(), layer)])


def write_archive(path, name, config, layers):
    """A docker-archive; layers: (diff id, bytes or the name of a file)."""
    text = json.dumps({'architecture': 'amd64', 'os': 'linux', 'config': config, 'rootfs': {'type': 'layers', 'diff_ids': [d for d, _ in layers]}}).encode()
    of_config = hashlib.sha256(text).hexdigest() + '.json'
    manifest = json.dumps([{'Config': of_config, 'RepoTags': [name], 'Layers': [f'l{i}.tar' for i in range(len(layers))]}]).encode()
    with tarfile.open(path, 'w') as t:
        for n, data in [(of_config, text), ('manifest.json', manifest)] + [(f'l{i}.tar', data) for i, (_, data) in enumerate(layers)]:
            if isinstance(data, str):
                t.add(data, arcname=n)
                continue
            info = tarfile.TarInfo(n)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))


def write_layer(path, seed, mib):
    """Files as a distribution has them: many small ones, some large, about a third of it text. The diff id."""
    rnd = random.Random(seed)
    digest = hashlib.sha256()

    class Out(io.RawIOBase):
        def __init__(self):
            self.file = open(path, 'wb')

        def write(self, data):
            digest.update(data)
            return self.file.write(data)

    out = Out()
    with tarfile.open(fileobj=out, mode='w|') as tar:
        left, n = mib << 20, 0
        while left > 0:
            size = min(left, rnd.choice((800, 4000, 20000, 120000, 900000)))
            data = rnd.randbytes(size) if rnd.random() < 0.4 else (b'%d a line of text, as libraries have them\n' % n * (size // 40 + 1))[:size]
            info = tarfile.TarInfo(f'usr/lib/p{seed}/d{n % 40}/f{n}')
            info.size, info.mtime, info.mode = size, 1600000000, 0o644
            tar.addfile(info, io.BytesIO(data))
            left, n = left - size, n + 1
    out.file.close()
    return 'sha256:' + digest.hexdigest()


def cell(value, unit=' ms', digits=1):
    return f'{value:.{digits}f}{unit}' if value else '–'


def duration(ms):
    return cell(ms and ms / 1000, ' s', 2) if ms and ms >= 1000 else cell(ms)


def keep(title, text):
    """Prints it; with --write it becomes the section of that title of docs/performance.md."""
    print(text)
    if '--write' not in sys.argv:
        return
    with open(PAGE) as f:
        parts = f.read().split('\n## ')
    section = f'{title}\n\n{text}\n'
    at = next((i for i, p in enumerate(parts) if p.split('\n')[0] == title), None)
    if at is None:
        parts.append(section)
    else:
        parts[at] = section
    with open(PAGE, 'w') as f:
        f.write('\n## '.join(p.rstrip('\n') + '\n' for p in parts))
