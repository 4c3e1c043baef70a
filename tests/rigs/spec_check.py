#!/usr/bin/env python3
"""spec_check.py - every row of spec_shapes.py through load, pull and manifest inspect.

    spec_check.py check DIR RECORDED     with CPOD: each is taken, or refused with its sentence and nothing left, as its row says; where the
                                         reference does otherwise, tests/compat/spec.differences says why. One line for each fault.
                                         Each goes through one of its doors; with SHAPES=all through every one
    spec_check.py record DIR RECORDED    with REFERENCE: the command that runs a program beside the reference, which sees this machine at /host
    spec_check.py table RECORDED         what the specification, the reference and cpod make of each: a table
A recorded line: NAME DOOR taken|refused.
"""
import concurrent.futures
import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading

import bad_registry
import layer_shapes
import spec_shapes

SECONDS = 30


def registry():
    """Every row, as spec/NAME: as its index where that is what is changed."""
    server = bad_registry.Server(("127.0.0.1", 0), bad_registry.Handler)
    server.log, server.ping_as = None, ""
    for row in spec_shapes.ROWS:
        shape = spec_shapes.Shape(row)
        image = bad_registry.Image([], shape.config)
        image.build()
        is_index = row["kind"] == "index"
        image.manifest, image.media_type = (shape.index, spec_shapes.INDEX) if is_index else (shape.manifest, spec_shapes.MANIFEST)
        image.blobs = shape.blobs
        image.inner = shape.blobs
        bad_registry.Handler.images["spec/" + row["name"]] = image
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def archive(row, path):
    shape = spec_shapes.Shape(row)
    blobs = {"blobs/" + d.replace(":", "/"): b for d, b in shape.blobs.items()}
    with open(path, "wb") as out:
        out.write(layer_shapes.archive_of([("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'), ("index.json", shape.index), *blobs.items()]))


def go(words, row, door, port, prefix, where):
    """How it ends: the process that has been."""
    name = f"127.0.0.1:{port}/spec/{row['name']}"
    path = os.path.join(where, row["name"] + ".tar")
    call = {"load": ["load", "-q", "-i", prefix + path], "pull": ["pull", "-q", "--tls-verify=false", "--retry", "0", name],
            "inspect": ["manifest", "inspect", "--tls-verify=false", name]}[door]
    if door == "load":
        archive(row, path)
    try:
        return subprocess.run(words + call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=SECONDS, check=False)
    finally:
        if door == "load":
            os.unlink(path)


def table_of(path):
    with open(path, encoding="utf-8") as f:
        return {tuple(line.split()[:2]): line.split()[2:] for line in f if not line.startswith("#")}


# --- ours ---

def check_one(row, door, port, where):
    store = os.path.join(where, f"{row['name']}.{door}")
    words = [os.environ["CPOD"], "--root", store, "--runroot", store + ".run"]
    want, faults = row["want"][door], []
    done = go(words, row, door, port, "", where)
    if want is None and done.returncode:
        faults.append(f"to be taken, but status {done.returncode}: {done.stdout.strip()}")
    elif want is not None and (done.returncode != 125 or not re.search("Error: .*(" + want + ")", done.stdout)):
        faults.append(f"to be refused with '{want}', but status {done.returncode}: {done.stdout.strip()}")
    if want is not None and any(os.listdir(d) for d in (f"{store}/images", f"{store}/layers", f"{store}/staging") if os.path.isdir(d)):
        faults.append("something is left")
    subprocess.run(["rm", "-rf", store, store + ".run"], check=True)
    return [f"{row['name']} {door}: {f}" for f in faults]


def check_recorded(path):
    """Where the reference does otherwise, and it is not said why; what is said, and is not so."""
    recorded, faults = table_of(path), []
    reasons = {key: False for key in table_of(os.path.join(os.path.dirname(path), "spec.differences"))}
    for row in spec_shapes.ROWS:
        for door, want in row["want"].items():
            own, other = "taken" if want is None else "refused", recorded.get((row["name"], door), ["not recorded"])[0]
            told = [k for k in reasons if fnmatch.fnmatch(row["name"], k[0]) and fnmatch.fnmatch(door, k[1])]
            if own != other:
                reasons.update(dict.fromkeys(told, True))
            if own != other and not told:
                faults.append(f"{row['name']} {door}: {own}, the reference: {other}; spec.differences does not say why")
    return faults + [f"{' '.join(k)}: no longer differs" for k, used in reasons.items() if not used]


def check(where, path):
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    faults, port = check_recorded(path), registry()
    every = os.environ.get("SHAPES") == "all"
    work = [(row, door) for at, row in enumerate(spec_shapes.ROWS) for n, door in enumerate(row["want"]) if every or at % len(row["want"]) == n]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(lambda w: check_one(*w, port, where), work):
            faults += found
    print("\n".join(faults + [f"{len(spec_shapes.ROWS)} documents, {len(work)} times, {len(faults)} faults"]))
    return 1 if faults else 0


# --- the reference ---

def record(where, path):
    store = os.path.join(where, "store")
    words = shlex.split(os.environ["REFERENCE"]) + ["podman", "--root", "/host" + store, "--runroot", "/run/spec"]
    port, lines = registry(), []
    for row in spec_shapes.ROWS:
        for door in row["want"]:
            done = go(words, row, door, port, "/host", where)
            lines.append(f"{row['name']} {door} {'taken' if done.returncode == 0 else 'refused'}")
            print(lines[-1], "" if done.returncode == 0 else done.stdout.strip().splitlines()[-1][-200:], flush=True)
        # what is here already would not be looked at again
        subprocess.run(words + ["rmi", "-fa"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    with open(path, "w", encoding="utf-8") as out:
        out.write("# What the reference makes of the documents of tests/rigs/spec_shapes.py; tests/compat/record-spec writes this.\n")
        out.write("\n".join(lines) + "\n")
    shutil.rmtree(store, ignore_errors=True)
    return 0


def table(path):
    recorded = table_of(path)
    for row in spec_shapes.ROWS:
        own = ["taken" if row["want"][d] is None else "refused" for d in row["want"]]
        print(f"{row['name']:36} {'valid' if row['valid'] else 'invalid':8} cpod {' '.join(own):24} podman",
              " ".join(recorded.get((row["name"], d), ["?"])[0] for d in row["want"]), row["note"])
    return 0


if __name__ == "__main__":
    sys.exit({"check": check, "record": record, "table": table}[sys.argv[1]](*sys.argv[2:]))
