"""spec_shapes.py - manifests, indexes and configurations by the rules of the OCI image-spec 1.1, each right or wrong in one place.

A row of ROWS: name, the document that is changed ("config", "manifest", "index"), how, whether the specification allows it, and what cpod
does at each door (load, pull, manifest inspect, which sees no configuration): None, it is taken, or the sentence it is refused with; a door
of its own has another. A row that nowhere goes as the specification says has a note.
"""
import copy
import gzip
import hashlib
import io
import json
import tarfile

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
LIKE = "like"
ROWS = []


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def layer():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        info = tarfile.TarInfo("file")
        info.size, info.mtime = 8, 1500000000
        tar.addfile(info, io.BytesIO(b"content\n"))
    return out.getvalue()


TAR = layer()
BLOB = gzip.compress(TAR, mtime=0)
ZERO = "sha256:" + "0" * 64


def dump(doc):
    return doc if isinstance(doc, bytes) else json.dumps(doc).encode()


class Shape:
    """The bytes of one image: config, manifest, index, blobs by digest."""

    def __init__(self, row):
        self.blobs = {digest(BLOB): BLOB, digest(TAR): TAR, "sha512:" + hashlib.sha512(BLOB).hexdigest(): BLOB}
        config = {"architecture": "amd64", "os": "linux", "created": "2020-01-01T00:00:00Z", "config": {"Cmd": ["/file"]},
                  "rootfs": {"type": "layers", "diff_ids": [digest(TAR)]}}
        self.config = self.changed(row, "config", config)
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": self.describe(CONFIG, self.config),
                    "layers": [self.describe(LAYER + "+gzip", BLOB)]}
        self.manifest = self.changed(row, "manifest", manifest)
        entry = dict(self.describe(MANIFEST, self.manifest), platform={"architecture": "amd64", "os": "linux"},
                     annotations={"org.opencontainers.image.ref.name": "localhost/spec/" + row["name"] + ":latest"})
        self.index = self.changed(row, "index", {"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]})

    def describe(self, media_type, data):
        self.blobs[digest(data)] = data
        return {"mediaType": media_type, "digest": digest(data), "size": len(data)}

    def changed(self, row, kind, doc):
        return dump(row["change"](copy.deepcopy(doc), self)) if row["kind"] == kind else dump(doc)


# --- how a document is changed ---

def at(doc, path):
    """The container of the last step, and that step. "layers.0.size"; a step with dots stands between slashes: "platform/os.version"."""
    steps = path.split("/") if "/" in path else path.split(".")
    for step in steps[:-1]:
        doc = doc[int(step)] if isinstance(doc, list) else doc[step]
    return doc, int(steps[-1]) if isinstance(doc, list) else steps[-1]


def put(path, value):
    def change(doc, _shape):
        where, step = at(doc, path)
        where[step] = value
        return doc
    return change


def drop(path):
    def change(doc, _shape):
        where, step = at(doc, path)
        del where[step]
        return doc
    return change


def same(doc, _shape):
    return doc


def row(name, kind, change, valid, want=None, note="", load=LIKE, pull=LIKE, inspect=LIKE):
    wants = {"load": load, "pull": pull} if kind == "config" else {"load": load, "pull": pull, "inspect": inspect}
    wants = {door: want if own is LIKE else own for door, own in wants.items()}
    assert note or any(valid == (own is None) for own in wants.values()), name
    ROWS.append({"name": name, "kind": kind, "change": change, "valid": valid, "want": wants, "note": note})


def good(name, kind, change, **more):
    row(name, kind, change, True, **more)


def bad(name, kind, change, want=None, **more):
    row(name, kind, change, False, want, **more)


# --- config.md ---

LAX = "Podman takes it; nothing is read from it that could be misread"

good("config-plain", "config", same)
good("config-minimal", "config", lambda c, s: {k: c[k] for k in ("architecture", "os", "rootfs")})
good("config-full", "config", lambda c, s: dict(
    c, author="A", variant="v8", **{"os.version": "1", "os.features": ["x"]}, history=[
        {"created": "2015-10-31T22:22:54.690851953Z", "created_by": "a", "author": "b", "comment": "c"}, {"empty_layer": True}],
    config={"User": "alice", "ExposedPorts": {"8080/tcp": {}, "53/udp": {}, "80": {}}, "Env": ["A=b", "C="], "Entrypoint": ["/e"], "Cmd": ["c"],
            "Volumes": {"/v": {}}, "WorkingDir": "/w", "Labels": {"l": ""}, "StopSignal": "SIGRTMIN+3", "ArgsEscaped": True, "Memory": 1,
            "MemorySwap": 2, "CpuShares": 3, "Healthcheck": {}}))
good("config-unknown-member", "config", put("nobody", {"a": [1]}))
good("config-created-offset", "config", put("created", "2015-10-31T22:22:56.015925234+01:00"))
good("config-no-created", "config", drop("created"))
good("config-empty-config", "config", put("config", {}))
bad("config-no-architecture", "config", drop("architecture"), note=LAX)
bad("config-no-os", "config", drop("os"), note=LAX)
bad("config-no-rootfs", "config", drop("rootfs"), "rootfs")
bad("config-rootfs-no-type", "config", drop("rootfs.type"), "rootfs")
bad("config-rootfs-type-other", "config", put("rootfs.type", "trees"), "rootfs")
bad("config-no-diff-ids", "config", drop("rootfs.diff_ids"), "layers")
bad("config-diff-id-malformed", "config", put("rootfs.diff_ids", ["sha256:zz"]), "diff-id")
bad("config-diff-id-wrong", "config", put("rootfs.diff_ids", [ZERO]), "configuration says")
bad("config-diff-id-twice", "config", put("rootfs.diff_ids", [digest(TAR)] * 2), "layers")
bad("config-created-no-time", "config", put("created", "yesterday"), "created")
bad("config-env-string", "config", put("config.Env", "A=b"), "Env")
bad("config-entrypoint-string", "config", put("config.Entrypoint", "/e"), "Entrypoint")
bad("config-labels-number", "config", put("config.Labels", {"a": 1}), "Labels")
bad("config-ports-list", "config", put("config.ExposedPorts", ["80/tcp"]), "ExposedPorts")
bad("config-volumes-list", "config", put("config.Volumes", ["/v"]), "Volumes")
bad("config-history-object", "config", put("history", {}), "history")
bad("config-os-number", "config", put("os", 1), "os")
bad("config-list", "config", lambda c, s: [c], "object")
bad("config-truncated", "config", lambda c, s: dump(c)[:-1], "JSON")
bad("config-trailing", "config", lambda c, s: dump(c) + b"{}", "JSON")

# --- manifest.md, descriptor.md ---

good("manifest-plain", "manifest", same)
good("manifest-no-media-type", "manifest", drop("mediaType"))
good("manifest-annotations", "manifest", put("annotations", {"org.example.a": "b", "c": ""}))
good("manifest-annotations-empty", "manifest", put("annotations", {}))
good("manifest-layer-annotations", "manifest", put("layers.0.annotations", {"a": "b"}))
good("manifest-layer-plain-tar", "manifest", lambda m, s: dict(m, layers=[s.describe(LAYER, TAR)]))
good("manifest-layer-nondistributable", "manifest", put("layers.0.mediaType", "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"))
good("manifest-urls", "manifest", put("layers.0.urls", ["https://127.0.0.1:1/x"]))
good("manifest-data", "manifest", put("config.data", "e30="))
good("manifest-artifact-type", "manifest", put("artifactType", "application/vnd.example"))
good("manifest-subject", "manifest", put("subject", {"mediaType": MANIFEST, "digest": ZERO, "size": 10}))
good("manifest-unknown-member", "manifest", put("nobody", [1]))
good("manifest-digest-sha512", "manifest", put("layers.0.digest", "sha512:" + hashlib.sha512(BLOB).hexdigest()))
good("manifest-artifact", "manifest", put("config.mediaType", "application/vnd.oci.empty.v1+json"), want="artifact", note="it is no image: nothing could be run")
good("manifest-layer-type-unknown", "manifest", put("layers.0.mediaType", "application/vnd.example.tar"), want="unknown media type",
     note="it may be stored, and not unpacked")
bad("manifest-no-schema-version", "manifest", drop("schemaVersion"), "schemaVersion")
bad("manifest-schema-version-3", "manifest", put("schemaVersion", 3), "schemaVersion")
bad("manifest-schema-version-text", "manifest", put("schemaVersion", "2"), "schemaVersion")
bad("manifest-media-type-other", "manifest", put("mediaType", "application/json"), "media type")
bad("manifest-media-type-index", "manifest", put("mediaType", INDEX), "")
bad("manifest-no-config", "manifest", drop("config"), "config")
bad("manifest-config-null", "manifest", put("config", None), "config")
bad("manifest-no-layers", "manifest", drop("layers"), "layers")
bad("manifest-layers-object", "manifest", put("layers", {}), "layers")
bad("manifest-layer-no-media-type", "manifest", drop("layers.0.mediaType"), "mediaType")
bad("manifest-layer-no-digest", "manifest", drop("layers.0.digest"), "digest")
bad("manifest-layer-no-size", "manifest", drop("layers.0.size"), "size")
bad("manifest-layer-size-text", "manifest", put("layers.0.size", "10"), "size")
bad("manifest-layer-size-negative", "manifest", put("layers.0.size", -2), "size")
bad("manifest-layer-size-fraction", "manifest", put("layers.0.size", 10.5), "size")
bad("manifest-layer-size-wrong", "manifest", put("layers.0.size", len(BLOB) + 1), "bytes", inspect=None)
bad("manifest-config-size-wrong", "manifest", lambda m, s: dict(m, config=dict(m["config"], size=m["config"]["size"] + 1)), "bytes", inspect=None)
bad("manifest-digest-upper-case", "manifest", lambda m, s: dict(m, layers=[dict(m["layers"][0], digest="sha256:" + digest(BLOB)[7:].upper())]), "malformed")
bad("manifest-digest-short", "manifest", put("layers.0.digest", digest(BLOB)[:-1]), "malformed")
bad("manifest-digest-long", "manifest", put("layers.0.digest", digest(BLOB) + "0"), "malformed")
bad("manifest-digest-no-algorithm", "manifest", put("layers.0.digest", digest(BLOB)[7:]), "malformed")
bad("manifest-digest-no-hex", "manifest", put("layers.0.digest", "sha256:"), "malformed")
bad("manifest-digest-path", "manifest", put("layers.0.digest", "sha256:../../../../etc/passwd"), "malformed")
bad("manifest-digest-wrong", "manifest", lambda m, s: s.blobs.update({ZERO: BLOB}) or dict(m, layers=[dict(m["layers"][0], digest=ZERO)]), "changed on the way",
    inspect=None)
bad("manifest-annotations-number", "manifest", put("annotations", {"a": 1}), "annotations")
bad("manifest-layer-annotations-number", "manifest", put("layers.0.annotations", {"a": 1}), "annotations")
bad("manifest-and-index", "manifest", put("manifests", []), "both")
bad("manifest-member-twice", "manifest", lambda m, s: dump(m)[:-1] + b', "config": ' + dump(m["config"]) + b"}", "second time")
bad("manifest-member-other-case", "manifest", lambda m, s: dump(m)[:-1] + b', "Config": ' + dump(m["config"]) + b"}", "is not written")
bad("manifest-list", "manifest", lambda m, s: [m], "object")
bad("manifest-truncated", "manifest", lambda m, s: dump(m)[:-1], "JSON")
bad("manifest-trailing", "manifest", lambda m, s: dump(m) + b"{}", "JSON")

# --- image-index.md ---

OTHER = {"mediaType": MANIFEST, "digest": ZERO, "size": 10, "platform": {"architecture": "riscv64", "os": "linux"}}
STRANGE = {"mediaType": "application/vnd.example.thing", "digest": ZERO, "size": 10}


def also(entry, first):
    return lambda i, s: dict(i, manifests=[entry] + i["manifests"] if first else i["manifests"] + [entry])


def nested(index, shape):
    inner = dump(index)
    return dict(index, manifests=[dict(shape.describe(INDEX, inner), annotations=index["manifests"][0]["annotations"])])


good("index-plain", "index", same)
good("index-no-media-type", "index", drop("mediaType"))
good("index-no-platform", "index", drop("manifests.0.platform"))
good("index-platform-full", "index", lambda i, s: i["manifests"][0]["platform"].update(
    {"os.version": "1.2", "os.features": ["f"], "features": ["sse4"]}) or i)
good("index-platform-variant", "index", put("manifests.0.platform.variant", "v9"), pull="no image found")
good("index-other-platform-first", "index", also(OTHER, True), load="holds no")
good("index-other-platform-last", "index", also(OTHER, False), load="holds no")
good("index-unknown-entry", "index", also(dict(STRANGE, platform={"architecture": "unknown", "os": "unknown"}), False), load="holds no")
good("index-annotations", "index", put("annotations", {"a": "b"}))
good("index-artifact-type", "index", put("artifactType", "application/vnd.example"))
good("index-subject", "index", put("subject", {"mediaType": MANIFEST, "digest": ZERO, "size": 10}))
good("index-unknown-member", "index", put("nobody", 1))
good("index-empty", "index", put("manifests", []), want="", note="there is no image to bring", inspect=None)
good("index-nested", "index", nested, pull="no image found")
bad("index-no-schema-version", "index", drop("schemaVersion"), "schemaVersion")
bad("index-schema-version-1", "index", put("schemaVersion", 1), "schema")
bad("index-no-manifests", "index", drop("manifests"), "")
bad("index-manifests-object", "index", put("manifests", {}), "manifests")
bad("index-media-type-manifest", "index", put("mediaType", MANIFEST), "")
bad("index-entry-no-media-type", "index", drop("manifests.0.mediaType"), "mediaType")
bad("index-entry-no-digest", "index", drop("manifests.0.digest"), "digest")
bad("index-entry-no-size", "index", drop("manifests.0.size"), "size")
bad("index-entry-size-wrong", "index", lambda i, s: i["manifests"][0].update(size=i["manifests"][0]["size"] + 1) or i, "bytes", inspect=None)
bad("index-entry-size-text", "index", put("manifests.0.size", "10"), "size")
bad("index-entry-digest-malformed", "index", put("manifests.0.digest", "sha256:zz"), "malformed")
bad("index-entry-digest-other", "index", also(dict(OTHER, digest="sha256"), False), "malformed")
bad("index-platform-no-os", "index", drop("manifests.0.platform.os"), pull="no image found")
bad("index-platform-no-architecture", "index", drop("manifests.0.platform.architecture"), pull="no image found")
bad("index-platform-text", "index", put("manifests.0.platform", "linux/amd64"), "platform")
bad("index-annotations-number", "index", put("annotations", {"a": 1}), "annotations")
bad("index-and-manifest", "index", put("layers", []), "both")
bad("index-member-twice", "index", lambda i, s: dump(i)[:-1] + b', "manifests": []}', "second time")
bad("index-truncated", "index", lambda i, s: dump(i)[:-1], "JSON")
