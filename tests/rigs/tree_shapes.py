#!/usr/bin/env python3
"""tree_shapes.py - every layer of layer_shapes.py as an archive that is put into a volume (volume import) and into a container (cp -).

    tree_shapes.py DIR ENGINE...     ENGINE: the words that run cpod on a store with the image localhost/probe

Each ends by itself within 30 seconds with 0 or 125, in less than 256 MiB; what is outside (layer_shapes.OUT) stays as it was. A line for each fault; the last line counts.
"""
import os
import resource
import subprocess
import sys

import layer_check
import layer_shapes
from tree_list import tree_list

SECONDS, PEAK_KIB = 30, 256 << 10


def main():
    engine = sys.argv[2:]
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=4"  # what was freed is not held
    archive = os.path.join(sys.argv[1], "shape.tar")
    faults = count = 0

    def cpod(*words, **more):
        return subprocess.run(engine + list(words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=SECONDS, check=False, **more)

    layer_check.canary_make()
    before = tree_list(layer_check.CANARY)
    if cpod("create", "--name", "shapes", "--network", "none", "localhost/probe", "true").returncode:
        raise SystemExit("no container to copy to")
    for row in layer_shapes.make_all():
        for data in row["layers"]:
            with open(archive, "wb") as out:
                out.write(data)
            cpod("volume", "create", "shape")
            for words in (["volume", "import", "shape", archive], ["cp", "-", "shapes:/tmp"]):
                count += 1
                fault = None
                try:
                    with open(archive, "rb") as stdin:
                        done = cpod(*words, stdin=stdin)
                    if done.returncode not in (0, 125) or (done.returncode == 125 and not done.stdout.startswith("Error: ")):
                        fault = f"code {done.returncode}: {done.stdout[-300:]}"
                except subprocess.TimeoutExpired:
                    fault = "does not end"
                if tree_list(layer_check.CANARY) != before:
                    fault = "touches what is outside"
                    layer_check.canary_make()
                if fault:
                    faults += 1
                    print(f"{row['name']}: {' '.join(words[:2])}: {fault}")
            cpod("volume", "rm", "-f", "shape")
    if resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > PEAK_KIB:
        faults += 1
        print(f"a peak of {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss} KiB")
    subprocess.run(["rm", "-rf", layer_check.CANARY], check=True)
    print(f"{count} archives, {faults} faults")
    return faults > 0


if __name__ == "__main__":
    sys.exit(main())
