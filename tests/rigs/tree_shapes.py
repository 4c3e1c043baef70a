#!/usr/bin/env python3
"""tree_shapes.py - the layers of layer_shapes.py as archives that are put into a volume (volume import) and into a container (cp -), one that
is stopped and one that runs.

    tree_shapes.py check DIR RECORDED ENGINE...  ENGINE: the words that run cpod on a store with the image localhost/probe. What became of each
                                                 is as recorded; it ends by itself within SECONDS, with 0 or with 125 and a sentence, in less
                                                 than PEAK_KIB; what is outside (layer_shapes.OUT) stays as it was. A line for each fault.
    tree_shapes.py here DIR RECORDED ENGINE...   keeps what became of those that differ from the reference's
    tree_shapes.py record DIR RECORDED           with REFERENCE and REFERENCE_ROOT, as layer_check.py has them
SHAPES=all takes (or records) every row; otherwise each EVERYth and those of FIRST.
A recorded file has "== NAME DOOR" and the lines of tree_list.py, or "== NAME DOOR refused"; "here" behind it where this engine's differs.
Doors: volume; cp; running, which is to give what cp gives. What is not recorded has only to end well, and the same in both containers.
"""
import concurrent.futures
import hashlib
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import threading

import layer_check
import layer_shapes
from tree_list import tree_list

SECONDS, PEAK_KIB = 30, 256 << 10
EVERY, FIRST = 24, ("absolute", "parent", "symlink-to", "hardlink-out", "pax-bomb", "sparse-1.0-bomb", "gnu-long-huge", "dirs-deep")
DOORS = ("volume", "cp", "running")
LINES_MAX = 100
# Why it is otherwise here.
REASONS = {
    "dirs-deeper-removal": "a name that leads out is refused wherever it comes from",
    "twice-dir-times": "as cp has it: of a directory that comes again the first time stays",
    "xattr-trusted-overlay-nlink": "attributes that speak to overlayfs are no archive's to set",
}
EVERY_ROW = os.environ.get("SHAPES") == "all"


def shortened(tree):
    """A large one by its digest."""
    if len(tree) <= LINES_MAX:
        return tree
    return tree[:3] + [f"... {len(tree)} lines, sha256 {hashlib.sha256(chr(10).join(tree).encode()).hexdigest()}"]


class Engine:
    """An engine with a volume `shape` and two containers, whose files are seen below `root`."""

    def __init__(self, words, root, image):
        self.words, self.root = words, root
        self.do("volume", "create", "shape")
        self.do("create", "--name", "shapes", "--network", "none", image, "sleep", "100000")
        self.do("run", "-d", "--name", "shapes-run", "--network", "none", image, "sleep", "100000")
        volume = root + self.do("volume", "inspect", "--format", "{{.Mountpoint}}", "shape")
        upper = root + self.do("inspect", "--format", "{{.GraphDriver.Data.UpperDir}}", "shapes")
        pid = self.do("inspect", "--format", "{{.State.Pid}}", "shapes-run")
        self.place = {"volume": volume, "cp": upper + "/shape", "running": f"/proc/{pid}/root/shape"}
        self.call = {"volume": ["volume", "import", "shape", "-"], "cp": ["cp", "-", "shapes:/shape"], "running": ["cp", "-", "shapes-run:/shape"]}

    def run(self, *words, **more):
        words = self.words + list(words)
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True, **more) as child:
            try:
                text = child.communicate(timeout=SECONDS)[0]
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)  # and what it has started
                raise
        return subprocess.CompletedProcess(words, child.returncode, text)

    def do(self, *words):
        done = self.run(*words)
        if done.returncode:
            raise SystemExit(f"{words}: {done.stdout}")
        return done.stdout.strip()

    def end(self):
        self.run("rm", "-f", "-t", "0", "shapes", "shapes-run")
        self.run("volume", "rm", "-f", "shape")

    def put(self, door, archive):
        """The tree it makes in an empty directory, or None and what was said."""
        where = self.place[door]
        subprocess.run(["find", where, "-mindepth", "1", "-delete"] if door == "volume" else ["rm", "-rf", where], check=True)
        if door != "volume":
            os.mkdir(where, 0o755)
        with open(archive, "rb") as stdin:
            done = self.run(*self.call[door], stdin=stdin)
        return (None, done) if done.returncode else (shortened(tree_list(where)[1:]), done)


def archives(directory, shapes, every):
    """Each layer of each row, as a file: its name and the file's."""
    path = os.path.join(directory, "shape.tar")
    for at, row in enumerate(shapes):
        if not every and at % EVERY and not row["name"].startswith(FIRST):
            continue
        for n, data in enumerate(row["layers"]):
            with open(path, "wb") as out:
                out.write(data)
            yield row["name"] + (f"+{n}" if n else ""), path, row["ask"]


def read_recorded(path):
    out, lines = {}, []
    with open(path, encoding="utf-8") as f:
        for line in f.read().splitlines():
            if line.startswith("== "):
                name, refused, _ = line[3:].partition(" refused")
                lines = out[name] = None if refused else []
            elif not line.startswith("#"):
                lines.append(line)
    return out


def write_recorded(path, rows):
    with open(path, "w", encoding="utf-8") as out:
        out.write("# What the reference makes of the archives of tests/rigs/tree_shapes.py, and what is made of them here where that differs;\n"
                  "# tests/compat/record-trees writes this.\n")
        for name, tree in rows.items():
            why = ["# " + REASONS[name.split("+")[0].split()[0]]] if name.endswith(" here") else []
            out.write("\n".join([f"== {name}" + (" refused" if tree is None else "")] + why + (tree or [])) + "\n")


def said(done):
    """What is wrong with how it ended."""
    if done.returncode == 0:
        return None
    text = done.stdout.splitlines()
    if done.returncode != 125 or not text or not text[-1].startswith("Error: ") or not re.sub("\n", "", done.stdout).isprintable():
        return f"code {done.returncode}: {done.stdout[-300:]!r}"
    return None


def look(engine, directory, every, doors, found):
    """found(name, door, tree) tells whether the tree is wrong. The faults."""
    faults = count = 0
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=4"  # what was freed is not held
    layer_check.canary_make()
    before = layer_check.canary_list()
    for name, archive, _ask in archives(directory, layer_shapes.make_all(), every):
        for door in doors:
            count += 1
            try:
                tree, done = engine.put(door, archive)
                fault = said(done) or found(name, door, tree)
            except subprocess.TimeoutExpired:
                fault = "does not end"
            if layer_check.canary_list() != before:
                fault = "touches what is outside"
                layer_check.canary_make()
                before = layer_check.canary_list()
            if fault:
                faults += 1
                print(f"{name} {door}: {fault}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if peak > PEAK_KIB:
        faults += 1
        print(f"a peak of {peak} KiB")
    shutil.rmtree(layer_check.CANARY)
    print(f"{count} archives, {faults} faults")
    return faults > 0


UNKNOWN = ["not recorded"]


def wanted(recorded, name, door):
    door = "cp" if door == "running" else door
    return recorded.get(f"{name} {door} here", recorded.get(f"{name} {door}", UNKNOWN))


def check(directory, path, words):
    recorded, engine, copied = read_recorded(path), Engine(words, "", "localhost/probe"), {}

    def found(name, door, tree):
        want = wanted(recorded, name, door)
        if door == "cp":
            copied[name] = tree
        if want is UNKNOWN:
            want = tree if door != "running" else copied[name]
        if tree == want:
            return None
        return "\n\t".join(["it is"] + (["refused"] if tree is None else tree) + ["and was to be"] + (["refused"] if want is None else want))
    try:
        return look(engine, directory, EVERY_ROW, DOORS, found)
    finally:
        engine.end()


def here(directory, path, words):
    recorded = {n: t for n, t in read_recorded(path).items() if not n.endswith(" here")}
    engine, own = Engine(words, "", "localhost/probe"), {}

    def found(name, door, tree):
        want = wanted(recorded, name, door)
        if want is not UNKNOWN and tree != want:
            own[f"{name} {door} here"] = tree
    faults = look(engine, directory, EVERY_ROW, DOORS[:2], found)
    engine.end()
    rows = {}
    for key, tree in recorded.items():
        rows[key] = tree
        if key + " here" in own:
            rows[key + " here"] = own.pop(key + " here")
    write_recorded(path, {**rows, **own})
    return faults


def record_door(directory, image, door, shapes, rows):
    # a store of its own: others may be clearing theirs away
    prefix = shlex.split(os.environ["REFERENCE"]) + ["podman", "--root", f"/var/lib/shapes-{door}", "--runroot", f"/run/shapes-{door}"]
    os.mkdir(os.path.join(directory, door))
    done = subprocess.run(prefix + ["import", "-", "localhost/shapes"], input=image, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    engine = Engine(prefix, os.environ["REFERENCE_ROOT"], done.stdout.decode().split()[-1])
    for name, archive, ask in archives(os.path.join(directory, door), shapes, EVERY_ROW):
        if not ask:  # it would fill the disk
            continue
        try:
            rows[f"{name} {door}"] = engine.put(door, archive)[0]
        except subprocess.TimeoutExpired:
            rows[f"{name} {door}"] = None
        print(f"{name} {door}", flush=True)
    engine.end()
    engine.run("rmi", "-fa")


def record(directory, path, _words):
    image, shapes, rows = busybox(directory), layer_shapes.make_all(), {}
    layer_check.canary_make()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        doors = [pool.submit(record_door, directory, image, door, shapes, rows) for door in DOORS[:2]]
    write_recorded(path, dict(sorted(rows.items())))
    for done in doors:
        done.result()
    shutil.rmtree(layer_check.CANARY)
    return 0


def busybox(directory):
    os.makedirs(directory + "/image/bin")
    shutil.copy(shutil.which("busybox"), directory + "/image/bin/busybox")
    os.symlink("busybox", directory + "/image/bin/sleep")
    return subprocess.run(["tar", "-C", directory + "/image", "-c", "."], stdout=subprocess.PIPE, check=True).stdout


if __name__ == "__main__":
    # trees of some thousand directories one in the other
    sys.setrecursionlimit(100000)
    threading.stack_size(512 << 20)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    sys.exit({"check": check, "here": here, "record": record}[sys.argv[1]](sys.argv[2], sys.argv[3], sys.argv[4:]))
