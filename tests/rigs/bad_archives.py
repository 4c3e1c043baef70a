#!/usr/bin/env python3
"""bad_archives.py DIR - image archives with one fault each, and DIR/expected: NAME|REGULAR EXPRESSION of the sentence."""
import gzip
import hashlib
import io
import json
import os
import sys
import tarfile

OCI = "application/vnd.oci.image.manifest.v1+json"


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def add(tar, name, data=b"", kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = (len(data) if kind == tarfile.REGTYPE else 0), kind, link
    tar.addfile(info, io.BytesIO(data))


def layer(text):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        add(tar, "file", text)
    return out.getvalue()


LAYERS = [layer(b"one" * 1000), layer(b"two")]
CONFIG = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": {
    "type": "layers", "diff_ids": [digest(l) for l in LAYERS]}}).encode()


def docker():
    """The members of a good docker-archive."""
    return {"l0.tar": LAYERS[0], "l1.tar": LAYERS[1], "c.json": CONFIG,
            "manifest.json": json.dumps([{"Config": "c.json", "RepoTags": ["img:1"], "Layers": ["l0.tar", "l1.tar"]}]).encode()}


def oci(config=CONFIG, layers=None, index=None, manifest=None):
    layers = layers or [gzip.compress(l, mtime=0) for l in LAYERS]
    doc = manifest or {"schemaVersion": 2, "mediaType": OCI,
                       "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(config), "size": len(config)},
                       "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": digest(l), "size": len(l)} for l in layers]}
    data = json.dumps(doc).encode()
    members = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}
    for blob in layers + [config, data]:
        members["blobs/sha256/" + digest(blob)[7:]] = blob
    members["index.json"] = json.dumps(index or {"schemaVersion": 2, "manifests": [
        {"mediaType": OCI, "digest": digest(data), "size": len(data), "annotations": {"org.opencontainers.image.ref.name": "img:1"}}]}).encode()
    return members


def main():
    where, expected = sys.argv[1], []

    def write(name, members, sentence=None, extra=()):
        with tarfile.open(os.path.join(where, name + ".tar"), "w") as tar:
            for member, data in members.items():
                if isinstance(data, tuple):
                    add(tar, member, kind=data[0], link=data[1])
                else:
                    add(tar, member, data)
            for member, data in extra:
                add(tar, member, data)
        if sentence is not None:
            expected.append(name + "|" + sentence)

    def raw(name, data, sentence):
        with open(os.path.join(where, name + ".tar"), "wb") as out:
            out.write(data)
        expected.append(name + "|" + sentence)

    write("good-docker", docker())
    write("good-oci", oci())

    # fixed members of another kind: T-EX-02
    for kind, word in ((tarfile.SYMTYPE, "symlink"), (tarfile.LNKTYPE, "hardlink"), (tarfile.FIFOTYPE, "fifo"),
                       (tarfile.DIRTYPE, "directory"), (tarfile.CHRTYPE, "device")):
        write("manifest-" + word, {**docker(), "manifest.json": (kind, "/etc/passwd")}, "'manifest.json' in .* is not a regular file")
        write("config-" + word, {**docker(), "c.json": (kind, "/etc/passwd")}, "'c.json' in .* is not a regular file")
        write("layer-" + word, {**docker(), "l1.tar": (kind, "../../etc/passwd")}, "'l1.tar' in .* is not a regular file")
        write("index-" + word, {**oci(), "index.json": (kind, "/etc/passwd")}, "'index.json' in .* is not a regular file")
        write("layout-" + word, {**oci(), "oci-layout": (kind, "/etc/passwd")}, "'oci-layout' in .* is not a regular file")

    # docker-archive
    write("no-config", {k: v for k, v in docker().items() if k != "c.json"}, "holds no 'c.json'")
    write("no-layer", {k: v for k, v in docker().items() if k != "l1.tar"}, "holds no 'l1.tar'")
    write("twice", docker(), "holds 'c.json' twice", extra=[("c.json", CONFIG)])
    write("manifest-not-json", {**docker(), "manifest.json": b"hello"}, "manifest.json in .*: not valid JSON")
    write("manifest-object", {**docker(), "manifest.json": b"{}"}, "is not a list")
    write("manifest-empty", {**docker(), "manifest.json": b"[]"}, "holds no image")
    write("manifest-huge", {**docker(), "manifest.json": b"[" + b" " * (1 << 20) + b"]"}, "is larger than")
    write("config-not-json", {**docker(), "c.json": b"hello"}, "'c.json' in .*: parsing image configuration: not valid JSON")
    write("config-fewer", {**docker(), "c.json": json.dumps({"rootfs": {"type": "layers", "diff_ids": [digest(LAYERS[0])]}}).encode()},
          "names 2 layers, the image configuration 1")
    write("config-bad-diff-id", {**docker(), "c.json": CONFIG.replace(b"sha256:", b"sha256:../", 1)}, "the diff-id '.*' is malformed")
    write("layer-differs", {**docker(), "l1.tar": LAYERS[0]}, "copying blob sha256:")
    write("layer-no-tar", {**docker(), "l1.tar": b"hello" * 1000}, "copying blob sha256:")
    write("bad-tag", {**docker(), "manifest.json": docker()["manifest.json"].replace(b"img:1", b"Img:1")}, "repository name must be lowercase")
    write("escape-config", {**docker(), "manifest.json": docker()["manifest.json"].replace(b"c.json", b"/etc/passwd")}, "holds no '/etc/passwd'")

    # oci-archive
    write("no-layout", {k: v for k, v in oci().items() if k != "oci-layout"}, "holds no 'oci-layout'")
    write("index-not-json", {**oci(), "index.json": b"hello"}, "index.json in .*: parsing manifest: not valid JSON")
    write("index-is-image", {**oci(), "index.json": b'{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json",'
          b'"digest":"%s","size":1},"layers":[]}' % digest(b"").encode()}, "is no index")
    write("index-empty", oci(index={"schemaVersion": 2, "manifests": []}), "holds no image")
    write("index-bad-digest", oci(index={"schemaVersion": 2, "manifests": [{"mediaType": OCI, "digest": "sha256:../../x", "size": 1}]}),
          "the digest 'sha256:../../x' of entry 1 is malformed")
    members = oci()
    for name in list(members):
        if members[name] == CONFIG:
            members[name] = CONFIG.replace(b"linux", b"xinux")
    write("config-wrong-digest", members, "has the digest sha256:")
    members = oci()
    for name in list(members):
        if OCI.encode() in members[name] and name.startswith("blobs"):
            members[name] += b" "
    write("manifest-wrong-digest", members, "has the digest sha256:")
    members = oci()
    packed = [gzip.compress(l, mtime=0) for l in LAYERS]
    members["blobs/sha256/" + digest(packed[1])[7:]] = packed[0]
    write("oci-layer-wrong", members, "the manifest says|copying blob")
    members = oci()
    members["blobs/sha256/" + digest(packed[1])[7:]] = packed[1][:-9] + bytes(9)
    write("oci-layer-damaged", members, "copying blob sha256:")

    # no archive at all
    write("neither", {"hello": b"x"}, "holds neither manifest.json")
    raw("text", b"hello\n" * 500, "payload does not match any of the supported image formats")
    raw("zero", bytes(10240), "is empty")
    raw("nothing", b"", "is empty|no tar archive")
    raw("gzip-damaged", gzip.compress(b"x" * 100000)[:-20], "reading .*gzip-damaged")
    raw("gzip-text", gzip.compress(b"hello\n" * 500), "payload does not match")

    with open(os.path.join(where, "expected"), "w", encoding="ascii") as out:
        out.write("\n".join(expected) + "\n")


if __name__ == "__main__":
    main()
