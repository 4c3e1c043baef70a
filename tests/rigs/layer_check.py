#!/usr/bin/env python3
"""layer_check.py - loads every row of layer_shapes.py and looks at what became of it.

    layer_check.py check DIR RECORDED [NAME...]     with IMAGE_TOOL, for the rows whose names begin so, or all: each refused with its sentence and nothing left, or its tree as recorded,
                                            its archive given back byte for byte; nothing outside touched. One line for each fault.
    layer_check.py here DIR RECORDED        keeps what became of the rows with a note where it is not the reference's
    layer_check.py record DIR RECORDED      with REFERENCE (the command that runs a program beside the reference) and REFERENCE_ROOT
                                            (the directory that is its root, where /host is this machine's)
LAYER_DOOR says how they come in: load (a docker-archive, as without it), load-oci, pull, import. Each is to end within SECONDS, in less memory than PEAK_KIB.
A recorded file has "== NAME refused: sentence" or "== NAME" and the lines of tree_list.py but for the root; "== NAME taken" where it takes what is refused here; "== NAME here" where the tree differs from the
reference's, with the reason in the row's note; "== NAME user" where an ordinary user gets another tree.
"""
import concurrent.futures
import fcntl
import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
import threading

import bad_registry
import layer_shapes
from tree_list import tree_list

CANARY = layer_shapes.OUT.decode()
LOCK_FD = None
DOOR = os.environ.get("LAYER_DOOR", "load")  # load, load-oci, pull; import: the rows of one layer
SECONDS, PEAK_KIB = 30, 256 << 10
USER = "CPOD_ROOTLESS_UID" in os.environ  # root of an ordinary user's namespace


def run(words, **more):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=SECONDS, check=False, **more)


def canary_lock():
    """There is one place for it, which the shapes name: who comes second waits until the first has ended."""
    global LOCK_FD
    if LOCK_FD is not None:
        return
    try:
        LOCK_FD = os.open(CANARY + ".lock", os.O_RDONLY)
    except FileNotFoundError:
        LOCK_FD = os.open(CANARY + ".lock", os.O_RDONLY | os.O_CREAT, 0o644)
    fcntl.flock(LOCK_FD, fcntl.LOCK_EX)


def canary_make():
    canary_lock()
    try:
        os.mkdir(CANARY, 0o750)
    except FileExistsError:
        if os.lstat(CANARY).st_uid != 0 or os.path.islink(CANARY):
            raise SystemExit(f"{CANARY} is somebody else's: remove it") from None
        shutil.rmtree(CANARY)
        os.mkdir(CANARY, 0o750)
    with open(os.path.join(CANARY, "file"), "w", encoding="ascii") as f:
        f.write("untouched")
    os.mkdir(os.path.join(CANARY, "dir"))
    for path in (os.path.join(CANARY, "file"), os.path.join(CANARY, "dir"), CANARY):
        os.utime(path, (1, 1))


def canary_list():
    """Besides what tree_list says, that each file is the one that was there, never changed and changed back."""
    stats = [os.lstat(os.path.join(CANARY, name)) for name in (".", "file", "dir") if os.path.lexists(os.path.join(CANARY, name))]
    return tree_list(CANARY) + [f"{st.st_ino} {st.st_ctime_ns}" for st in stats]


def listing(lowers, where):
    """The tree that layers (lowest first) make together."""
    os.makedirs(where + "/m")
    os.makedirs(where + "/empty")
    options = ("userxattr," if USER else "") + "ro,lowerdir=" + ":".join(list(reversed(lowers)) + [where + "/empty"])
    done = run(["mount", "-t", "overlay", "overlay", "-o", options, where + "/m"])
    if done.returncode:
        raise RuntimeError(done.stdout)
    try:
        return tree_list(where + "/m")[1:]  # the root itself is the container's
    finally:
        run(["umount", "--lazy", where + "/m"])  # another thread may be starting a program, with our descriptors for a moment


# --- ours ---

def left_behind(store):
    out = []
    for part in ("images", "layers", "staging", "names/layer", "names/image", "trash"):
        where = os.path.join(store, "graph", part)
        out += [os.path.join(part, n) for n in (os.listdir(where) if os.path.isdir(where) else [])]
    return out


def loaded(row, store, recorded, image):
    lowers, faults, name = [], [], row["name"]
    for plain in row["plain"]:
        ident = os.path.basename(os.readlink(os.path.join(store, "graph/names/layer", layer_shapes.digest(plain)[7:])))
        layer = os.path.join(store, "graph/layers", ident)
        extra = set(os.listdir(layer)) - {"diff", "layer.json", "tar-index", "lost"}
        if extra:
            faults.append(f"{name}: beside the layer: {extra}")
        lowers.append(os.path.join(layer, "diff"))
    if os.listdir(os.path.join(store, "graph/staging")):
        faults.append(f"{name}: something is left in staging")
    tree = listing(lowers, os.path.join(store, "view"))
    want = recorded.get(name + " here", recorded.get(name))
    if HERE is not None:
        if (tree != want) if USER else (tree != recorded.get(name) and row["note"]):
            HERE[name] = tree
        return faults
    want = recorded.get(name + " user", want) if USER else want
    if tree != want:
        faults.append(f"{name}: the tree is\n\t" + "\n\t".join(tree) + "\n  and was to be\n\t" + "\n\t".join(want or ["refused"]))
    saved = run([os.environ["IMAGE_TOOL"], store, "save", "/dev/null", image])
    if name in NOT_GIVEN_BACK:
        if saved.returncode != 125 or "of the layer: no such file or directory" not in saved.stdout:
            faults.append(f"{name}: saving was to say what is missing: {saved.stdout}")
    elif saved.returncode:
        faults.append(f"{name}: it cannot be saved: {saved.stdout}")
    return faults


HERE = None  # rows and their trees, while they are gathered
# Their contents cannot be found again, because the link that led to them was replaced in the same layer: saving says so.
NOT_GIVEN_BACK = {"symlink-cached", "symlink-cached-link", "symlink-over-symlink-below"}


# --- the doors: each brings the row in and gives the words that do, and the image's name ---

def door_archive(row, store):
    with open(store + ".tar", "wb") as out:
        out.write(layer_shapes.archive_oci(row) if DOOR == "load-oci" else layer_shapes.archive(row))
    return ["load", store + ".tar"], "localhost/shape/" + row["name"].lower()


def door_import(row, store):
    name = "localhost/shape/" + row["name"].lower()
    with open(store + ".tar", "wb") as out:
        out.write(row["layers"][0])
    return ["import", store + ".tar", name], name


def door_pull(row, _store):
    name = "shape/" + row["name"].lower()
    image = bad_registry.Image(row["layers"], layer_shapes.config(row))
    image.build(layers=[layer_shapes.describe(blob) for blob in row["layers"]])
    bad_registry.Handler.images[name] = image
    name = f"127.0.0.1:{REGISTRY.server_address[1]}/{name}"
    return ["pull", "--insecure", "--retries", "0", name], name


DOORS = {"load": door_archive, "load-oci": door_archive, "import": door_import, "pull": door_pull}
REGISTRY = None


def registry_start():
    global REGISTRY
    REGISTRY = bad_registry.Server(("127.0.0.1", 0), bad_registry.Handler)
    REGISTRY.log = None
    REGISTRY.ping_as = ""
    threading.Thread(target=REGISTRY.serve_forever, daemon=True).start()


def check_one(row, where, recorded):
    store = os.path.join(where, row["name"])
    words, name = DOORS[DOOR](row, store)
    faults = []
    try:
        done = run([os.environ["IMAGE_TOOL"], store, *words])
    except subprocess.TimeoutExpired:
        return [f"{row['name']}: does not end within {SECONDS} seconds"]
    finally:
        if os.path.exists(store + ".tar"):
            os.unlink(store + ".tar")
    sentence = row["user"] if USER and row["user"] else row["want"]
    if sentence is not None:
        if done.returncode != 125 or not re.search("Error:.*(" + sentence + ")", done.stdout):
            faults.append(f"{row['name']}: to be refused with '{sentence}', but status {done.returncode}: {done.stdout.strip()}")
        elif done.stdout.count("Error:") != 1 or "Error:" not in done.stdout.splitlines()[-1] or not done.stdout.replace("\n", "").isprintable():
            faults.append(f"{row['name']}: more than a sentence: {done.stdout!r}")
        left = left_behind(store)
        if left:
            faults.append(f"{row['name']}: left behind {left}")
    elif done.returncode != 0:
        faults.append(f"{row['name']}: to be taken, but status {done.returncode}: {done.stdout.strip()}")
    else:
        faults += loaded(row, store, recorded, name)
    removed = run(["rm", "-rf", store])
    if removed.returncode:
        faults.append(removed.stdout)
    return faults


def read_recorded(path):
    out, lines = {}, None
    with open(path, encoding="utf-8") as f:
        for line in f.read().splitlines():
            if line.startswith("== "):
                name, _, refused = line[3:].partition(" refused: ")
                lines = out[name] = None if refused or name.endswith(" taken") else []
            elif lines is not None and not line.startswith("#"):
                lines += [line] if not line.startswith(". ") else []
    return out


def check(where, path):
    recorded, rows, faults = read_recorded(path), layer_shapes.make_all(), []
    if DOOR == "import":
        # an import has no configuration that could lie
        rows = [r for r in rows if len(r["layers"]) == 1 and "configuration says" not in (r["want"] or "")]
    if len(sys.argv) > 4:
        rows = [r for r in rows if r["name"].startswith(tuple(sys.argv[4:]))]
    if DOOR == "pull":
        registry_start()
    canary_make()
    before = canary_list()
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0:quarantine_size_mb=4"  # what was freed is not held; the unit tests look for leaks
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(lambda row: check_one(row, where, recorded), rows):
            faults += found
    if canary_list() != before:
        faults.append("the canary was touched:\n\t" + "\n\t".join(canary_list()))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if peak > PEAK_KIB:
        faults.append(f"a peak of {peak} KiB")
    shutil.rmtree(CANARY)
    print("\n".join(faults + [f"{len(rows)} shapes, {len(faults)} faults"]))
    return 1 if faults else 0


def here(where, path):
    global HERE
    HERE = {}
    check(where, path)
    out, name = [], ""
    with open(path, encoding="utf-8") as f:
        for line in f.read().splitlines() + ["== "]:
            if line.startswith("== "):
                if name in HERE:
                    out += [f"== {name} {'user' if USER else 'here'}"] + HERE.pop(name)
                name = line[3:].partition(" refused: ")[0]
            if line != "== " and not name.endswith(" user" if USER else " here"):
                out.append(line)
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(out) + "\n")
    return 0


# --- the reference ---

def record_one(row, where):
    prefix, root = shlex.split(os.environ["REFERENCE"]), os.environ["REFERENCE_ROOT"]
    archive, name = os.path.join(where, "archive.tar"), f"localhost/shape/{row['name'].lower()}"
    with open(archive, "wb") as out:
        out.write(layer_shapes.archive(row))
    done = run(prefix + ["podman", "load", "-q", "-i", "/host" + archive])
    if done.returncode:
        lines = [l for l in done.stdout.splitlines() if "docker-archive:" in l] or done.stdout.strip().splitlines()
        sentence = re.sub(r".*docker-archive:\S+: |blob \"\S+: ", "", lines[-1])
        return [f"== {row['name']} refused: {ascii(sentence)[1:-1][:300]}"]
    try:
        if row["want"] is not None:
            return [f"== {row['name']} taken"]
        data = json.loads(run(prefix + ["podman", "image", "inspect", "--format", "{{json .GraphDriver.Data}}", name]).stdout)
        lowers = [data["UpperDir"]] + [d for d in data.get("LowerDir", "").split(":") if d]
        return [f"== {row['name']}"] + listing([root + d for d in reversed(lowers)], os.path.join(where, "view"))
    finally:
        run(prefix + ["podman", "rmi", "-f", name])
        shutil.rmtree(os.path.join(where, "view"), ignore_errors=True)


def record(where, path):
    rows, kept = layer_shapes.make_all(), {}
    if os.path.exists(path):
        kept = {n: t for n, t in read_recorded(path).items() if n.endswith((" here", " user"))}
    canary_make()
    with open(path + ".new", "w", encoding="utf-8") as out:
        out.write("# What the reference makes of the rows of tests/rigs/layer_shapes.py; tests/compat/record-layers writes this.\n")
        for row in rows:
            lines = record_one(row, where) if row["ask"] else [f"== {row['name']} refused: not asked"]
            for name in (row["name"] + " here", row["name"] + " user"):
                if name in kept:
                    lines += [f"== {name}"] + kept[name]
            print(lines[0], flush=True)
            out.write("\n".join(lines) + "\n")
    os.rename(path + ".new", path)
    shutil.rmtree(CANARY)
    return 0


if __name__ == "__main__":
    sys.exit({"check": check, "here": here, "record": record}[sys.argv[1]](sys.argv[2], sys.argv[3]))
