#!/usr/bin/env python3
"""bad_registry.py - a registry that misbehaves on request, for tests.

    bad_registry.py [--log FILE]        prints "PORT PORT2" on one line, then serves until it is ended

Each repository name is a behaviour: pulling 127.0.0.1:PORT/wrong-digest meets that one fault, everything else being
right; "good" has none. The image has three layers, made here. The second port is another host for redirects and realms:
it records what it is sent. Names that begin with push- are pushed to (bad_uploads.py), list-
are asked for tags or searched for (bad_lists.py). FILE gets one line per request: PORT METHOD PATH AUTHORIZATION RANGE.
"""
import argparse
import base64
import gzip
import hashlib
import http.server
import io
import json
import random
import socket
import struct
import sys
import tarfile
import threading
import time
import urllib.parse

import bad_lists
import bad_uploads

OCI = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
ZERO = "sha256:" + "0" * 64


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def make_tar(number):
    out = io.BytesIO()
    rng = random.Random(number)
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, size in (("file%d" % number, 40), ("big%d" % number, 300000)):
            info = tarfile.TarInfo(name)
            info.size, info.mtime = size, 1500000000
            tar.addfile(info, io.BytesIO(rng.randbytes(size)))
    return out.getvalue()


class Image:
    """The bytes of one image; a behaviour may change them before they are served."""

    def __init__(self, layers=None, config=None):
        if layers is not None:
            self.layers, self.config = layers, config
            return
        tars = [make_tar(n) for n in range(3)]
        self.layers = [gzip.compress(t, mtime=0) for t in tars]
        self.config = json.dumps({
            "architecture": "amd64", "os": "linux", "created": "2020-01-01T00:00:00Z",
            "config": {"Cmd": ["/file0"]},
            "rootfs": {"type": "layers", "diff_ids": [digest(t) for t in tars]}}).encode()
        self.build()

    def describe(self, media_type, data):
        return {"mediaType": media_type, "digest": digest(data), "size": len(data)}

    def build(self, **members):
        doc = {"schemaVersion": 2, "mediaType": OCI, "config": self.describe(OCI_CONFIG, self.config),
               "layers": [self.describe(OCI_LAYER, blob) for blob in self.layers]}
        doc.update(members)
        self.doc = doc
        self.manifest, self.media_type = json.dumps(doc).encode(), OCI
        self.blobs = {digest(b): b for b in self.layers + [self.config]}

    def set_index(self, entries):
        inner = digest(self.manifest)
        self.inner = {inner: self.manifest}
        self.manifest = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries(inner, len(self.inner[inner]))}).encode()
        self.media_type = OCI_INDEX


def entry(arch):
    return lambda d, n: [{"mediaType": OCI, "digest": d, "size": n, "platform": {"os": "linux", "architecture": arch}}]


# ---- what is wrong with the documents: the image is changed, then served as it should be ----

DOCUMENTS = {}


def document(fn):
    DOCUMENTS[fn.__name__.replace("_", "-")] = fn
    return fn


@document
def good(image):
    pass


@document
def index_good(image):
    image.set_index(entry("amd64"))


@document
def index_other_platform(image):
    image.set_index(entry("s390x"))


@document
def index_wrong_size(image):
    image.set_index(lambda d, n: [dict(entry("amd64")(d, n)[0], size=n + 1)])


@document
def index_in_index(image):
    image.set_index(entry("amd64"))
    image.set_index(entry("amd64"))
    image.inner = {digest(json.dumps({}).encode()): b"{}", **image.inner}


@document
def index_wrong_digest(image):
    image.set_index(lambda d, n: [dict(entry("amd64")(d, n)[0], digest=ZERO)])
    image.inner[ZERO] = next(iter(image.inner.values()))


@document
def not_json(image):
    image.manifest = b"<html>hello</html>"


@document
def empty_manifest(image):
    image.manifest = b""


@document
def ambiguous(image):
    image.build(manifests=[])


@document
def duplicate_member(image):
    image.manifest = image.manifest[:-1] + b', "layers": []}'


@document
def type_differs(image):
    image.media_type = OCI_INDEX


@document
def schema1(image):
    image.manifest = json.dumps({"schemaVersion": 1, "fsLayers": [], "history": []}).encode()
    image.media_type = "application/vnd.docker.distribution.manifest.v1+prettyjws"


@document
def bad_digest_text(image):
    image.doc["layers"][0]["digest"] = "sha256:../../../../etc/passwd"
    image.manifest = json.dumps(image.doc).encode()


@document
def huge_manifest(image):
    image.manifest = image.manifest + b" " * (5 << 20)


@document
def artifact(image):
    image.doc["config"]["mediaType"] = "application/vnd.cncf.helm.config.v1+json"
    image.manifest = json.dumps(image.doc).encode()


@document
def encrypted(image):
    image.doc["layers"][1]["mediaType"] += "+encrypted"
    image.manifest = json.dumps(image.doc).encode()


@document
def deep_json(image):
    image.manifest = b'{"schemaVersion":2,"x":' + b"[" * 2000 + b"]" * 2000 + b"}"


@document
def config_not_json(image):
    image.config = b"hello"
    image.build()


@document
def config_lies(image):
    config = json.loads(image.config)
    config["rootfs"]["diff_ids"].pop()
    image.config = json.dumps(config).encode()
    image.build()


@document
def config_wrong_diff_id(image):
    config = json.loads(image.config)
    config["rootfs"]["diff_ids"][1] = "sha256:" + "1" * 64
    image.config = json.dumps(config).encode()
    image.build()


@document
def config_wrong_digest(image):
    d = digest(image.config)
    image.blobs[d] = image.config.replace(b"file0", b"file9")


@document
def config_long(image):
    image.blobs[digest(image.config)] = image.config + b" " * 100


@document
def config_short(image):
    image.blobs[digest(image.config)] = image.config[:-5]


@document
def wrong_digest(image):
    d = digest(image.layers[1])
    data = bytearray(image.layers[1])
    data[len(data) // 2] ^= 1
    image.blobs[d] = bytes(data)


@document
def layer_long(image):
    d = digest(image.layers[1])
    image.blobs[d] = image.layers[1] + b"more"


@document
def layer_short(image):
    d = digest(image.layers[1])
    image.blobs[d] = image.layers[1][:-100]


@document
def layer_missing(image):
    del image.blobs[digest(image.layers[2])]


@document
def layer_not_tar(image):
    image.layers[1] = b"this is no archive" * 100
    image.build()


@document
def layer_truncated_gzip(image):
    image.layers[1] = image.layers[1][:-1000]
    image.build()


# ---- what is wrong with the answers: a function gets the request and returns True when it has answered ----

ANSWERS = {}


def answer(fn):
    ANSWERS[fn.__name__.replace("_", "-")] = fn
    return fn


def status_for(kind, code, message="", times=None, headers=()):
    def fn(h):
        if h.kind != kind or (times is not None and h.count() > times):
            return False
        body = json.dumps({"errors": [{"code": "X_CODE", "message": message}]}).encode() if message else b"<h1>no</h1>"
        h.reply(code, body, "application/json", headers)
        return True
    return fn


for _name, _fn in {
        "manifest-404": status_for("manifests", 404, "manifest unknown"),
        "manifest-403": status_for("manifests", 403, "requested access to the resource is denied"),
        "manifest-500": status_for("manifests", 500),
        "manifest-500-once": status_for("manifests", 500, times=1),
        "manifest-503-always": status_for("manifests", 503, "down for repair"),
        "manifest-429": status_for("manifests", 429, "slow down", headers=[("Retry-After", "0")]),
        "manifest-429-once": status_for("manifests", 429, "slow down", times=1, headers=[("Retry-After", "1")]),
        "manifest-418": status_for("manifests", 418),
        "blob-404": status_for("layer", 404, "blob unknown"),
        "blob-500": status_for("layer", 500),
        "layer-416": status_for("layer", 416),
        "blob-500-once": status_for("layer", 500, times=1),
        "escape-in-error": status_for("manifests", 403, "\x1b[31mred\x07"),
}.items():
    ANSWERS[_name] = _fn


@answer
def unauthorized_no_challenge(h):
    return h.kind != "ping" and h.reply(401, b"{}", "application/json")


@answer
def unauthorized_loop(h):
    """Says 401 whatever is sent, with a challenge each time."""
    if h.kind == "token":
        return h.reply(200, b'{"token":"t"}', "application/json")
    if h.kind == "ping":
        return False
    return h.reply(401, b"{}", "application/json", [("WWW-Authenticate", h.bearer(h.port))])


def token_answers(body, code=200):
    def fn(h):
        if h.kind == "token":
            return h.reply(code, body, "application/json")
        if h.kind == "ping" or h.headers.get("Authorization") is None:
            return h.reply(401, b"{}", "application/json", [("WWW-Authenticate", h.bearer(h.port))])
        return False
    return fn


for _name, _fn in {
        "token-good": token_answers(b'{"token":"abc"}'),
        "token-access": token_answers(b'{"access_token":"abc","expires_in":60}'),
        "token-not-json": token_answers(b"<html>"),
        "token-empty": token_answers(b"{}"),
        "token-newline": token_answers(b'{"token":"a\\r\\nX-Evil: 1"}'),
        "token-huge": token_answers(b'{"token":"' + b"a" * (2 << 20) + b'"}'),
        "token-403": token_answers(b'{"details":"incorrect username or password"}', 403),
}.items():
    ANSWERS[_name] = _fn


@answer
def token_expires(h):
    """The token holds for the documents only: layers want a new one."""
    if h.kind == "token":
        return h.reply(200, json.dumps({"token": "tok%d" % h.count()}).encode(), "application/json")
    if h.headers.get("Authorization") not in (("Bearer tok2",) if h.kind == "layer" else ("Bearer tok1", "Bearer tok2")):
        return h.reply(401, b"{}", "application/json", [("WWW-Authenticate", h.bearer(h.port))])
    return False


@answer
def realm_other_host(h):
    """Asks for the password at the other host."""
    if h.kind == "ping" or h.headers.get("Authorization") is None:
        return h.reply(401, b"{}", "application/json", [("WWW-Authenticate", h.bearer(h.server.other, "localhost"))])
    return False


@answer
def basic(h):
    want = "Basic " + base64.b64encode(b"testuser:testpassword").decode()
    if h.headers.get("Authorization") != want:
        return h.reply(401, b"{}", "application/json", [("WWW-Authenticate", 'Basic realm="x"')])
    return False


def redirect_to(where):
    def fn(h):
        return h.kind == "layer" and not h.path.startswith("/cdn") and h.reply(307, b"", "text/plain", [("Location", where(h))])
    return fn


ANSWERS["redirect-other-host"] = lambda h: (
    basic(h) if h.port == h.server.own else False) or redirect_to(
        lambda h: "http://localhost:%d/cdn%s" % (h.server.other, h.path))(h)
ANSWERS["redirect-same-host"] = redirect_to(lambda h: "/cdn" + h.path)
ANSWERS["redirect-loop"] = redirect_to(lambda h: h.path)
ANSWERS["redirect-file"] = redirect_to(lambda h: "file:///etc/passwd")
ANSWERS["redirect-nowhere"] = redirect_to(lambda h: "http://127.0.0.1:1/x")


@answer
def reset_mid_layer(h):
    """The first answer for the middle layer breaks off half way; the rest is given by Range."""
    if h.kind != "layer" or h.digest != digest(h.image.layers[1]) or h.count() > 1:
        return False
    return h.cut(len(h.image.blobs[h.digest]) // 2)


@answer
def reset_always(h):
    if h.kind != "layer" or h.digest != digest(h.image.layers[1]):
        return False
    return h.cut(1000)


@answer
def reset_no_range(h):
    """As above, and the server does not know Range: it begins at 0 again."""
    if h.kind != "layer" or h.digest != digest(h.image.layers[1]):
        return False
    del h.headers["Range"]
    return h.cut(200000) if h.count() == 1 else False


@answer
def range_elsewhere(h):
    """Continues at another place than asked."""
    if h.kind != "layer" or h.digest != digest(h.image.layers[1]):
        return False
    if h.count() == 1:
        return h.cut(200000)
    data = h.image.blobs[h.digest]
    return h.reply(206, data[100:], "application/octet-stream", [("Content-Range", "bytes 100-%d/%d" % (len(data) - 1, len(data)))])


@answer
def reset_manifest(h):
    if h.kind != "manifests" or h.count() > 1:
        return False
    return h.cut_body(h.image.manifest, 10)


@answer
def close_at_once(h):
    if h.kind != "manifests":
        return False
    h.close_connection = True
    h.connection.shutdown(socket.SHUT_RDWR)
    return True


@answer
def stall_mid_layer(h):
    if h.kind != "layer" or h.digest != digest(h.image.layers[1]):
        return False
    data = h.image.blobs[h.digest]
    h.head(200, len(data), "application/octet-stream")
    h.wfile.write(data[:1000])
    h.wfile.flush()
    h.server.ended.wait(60)
    return True


@answer
def endless_manifest(h):
    if h.kind != "manifests":
        return False
    h.head(200, None, OCI)
    try:
        while not h.server.ended.is_set():
            h.wfile.write(b" " * 65536)
    except OSError:
        pass
    return True


@answer
def endless_layer(h):
    if h.kind != "layer" or h.digest != digest(h.image.layers[1]):
        return False
    h.head(200, None, "application/octet-stream")
    try:
        h.wfile.write(h.image.blobs[h.digest])
        while not h.server.ended.is_set():
            h.wfile.write(b"\0" * 65536)
    except OSError:
        pass
    return True


@answer
def huge_headers(h):
    return h.kind == "manifests" and h.reply(200, h.image.manifest, OCI, [("X-%d" % n, "y" * 8000) for n in range(60)])


@answer
def not_http(h):
    if h.kind != "manifests":
        return False
    h.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    h.close_connection = True
    return True


ANSWERS.update(bad_uploads.ANSWERS)
ANSWERS.update(bad_lists.ANSWERS)


class Handler(bad_uploads.Uploads, http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    counts, lock, images = {}, threading.Lock(), {}

    def log_message(self, *args):
        pass

    def record(self):
        with self.lock:
            if self.server.log:
                self.server.log.write("%d %s %s %s %s\n" % (
                    self.port, self.command, self.path,
                    (self.headers.get("Authorization") or "-").replace(" ", ":"),
                    (self.headers.get("Range") or "-")))
                self.server.log.flush()
            key = (self.name, self.kind, self.command, "" if self.kind == "upload" else self.digest)
            self.counts[key] = self.counts.get(key, 0) + 1
            self.seen = self.counts[key]

    def count(self):
        return self.seen

    def bearer(self, port, host="127.0.0.1"):
        return 'Bearer realm="http://%s:%d/token/%s",service="svc",scope="repository:%s:pull"' % (host, port, self.name, self.name)

    def head(self, code, length, media_type, headers=()):
        self.send_response(code)
        self.send_header("Content-Type", media_type)
        if length is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(length))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()

    def reply(self, code, body, media_type, headers=()):
        self.head(code, len(body), media_type, headers)
        if self.command != "HEAD":
            self.wfile.write(body)
        return True

    def cut_body(self, data, count):
        """Promises all, gives `count` bytes, and resets the connection."""
        self.head(200, len(data), "application/octet-stream")
        self.wfile.write(data[:count])
        self.wfile.flush()
        time.sleep(0.05)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
        return True

    def cut(self, count):
        data = self.image.blobs[self.digest]
        start = self.start()
        if start:
            self.head(206, len(data) - start, "application/octet-stream", [("Content-Range", "bytes %d-%d/%d" % (start, len(data) - 1, len(data)))])
            self.wfile.write(data[start:start + count])
            self.wfile.flush()
            time.sleep(0.05)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return True
        return self.cut_body(data, count)

    def start(self):
        text = self.headers.get("Range") or ""
        return int(text[6:].split("-")[0]) if text.startswith("bytes=") else 0

    def parse(self):
        self.port = self.server.server_address[1]
        self.name, self.kind, self.digest, self.upload = "", "other", "", ""
        path, _, query = self.path.partition("?")
        asked = urllib.parse.parse_qs(query)
        self.wanted, self.mount, self.mount_from = (asked.get(word, [""])[0] for word in ("digest", "mount", "from"))
        if path.startswith("/cdn"):
            path = path[4:]
        parts = path.strip("/").split("/")
        if path == "/v2/":
            # the ping has no name: it is told apart by what is being tested
            self.kind, self.name = "ping", self.server.ping_as
        elif path == "/v1/search":
            self.kind, self.name = "search", asked.get("q", [""])[0]
        elif parts[0] == "token":
            self.kind, self.name = "token", parts[1]
        elif parts[0] == "v2" and "/blobs/uploads" in path:
            self.name, _, self.upload = "/".join(parts[1:]).partition("/blobs/uploads")
            self.kind, self.upload = "upload", self.upload.strip("/")
        elif len(parts) >= 4 and parts[0] == "v2":
            self.name, self.kind, self.digest = "/".join(parts[1:-2]), parts[-2], parts[-1]
        self.image = self.images.get(self.name)
        if not self.image:
            self.image = Image()
            if self.name in DOCUMENTS:
                DOCUMENTS[self.name](self.image)
            with self.lock:
                self.images[self.name] = self.image
        if self.kind == "blobs":
            self.kind = "layer" if self.digest != self.image.doc["config"]["digest"] else "config"

    def serve_blob(self):
        data = self.image.blobs.get(self.digest)
        if self.name.startswith("push-"):
            data = self.taken.get((self.name, self.digest))
        if data is None:
            return self.reply(404, b'{"errors":[{"code":"BLOB_UNKNOWN","message":"blob unknown to registry"}]}', "application/json")
        start = self.start()
        if start and start >= len(data):
            return self.reply(416, b"", "text/plain")
        if start:
            return self.reply(206, data[start:], "application/octet-stream",
                              [("Content-Range", "bytes %d-%d/%d" % (start, len(data) - 1, len(data)))])
        return self.reply(200, data, "application/octet-stream")

    def do_GET(self):
        self.parse()
        self.record()
        wrong = ANSWERS.get(self.name)
        try:
            if wrong and wrong(self):
                return
            if self.kind == "ping":
                self.reply(200, b"{}", "application/json")
            elif self.kind == "token":
                self.reply(200, b'{"token":"abc"}', "application/json")
            elif self.kind == "upload":
                self.serve_upload()
            elif self.kind == "manifests" and self.command == "PUT":
                self.serve_manifest_put()
            elif self.kind == "manifests":
                inner = getattr(self.image, "inner", {}).get(self.digest)
                self.reply(200, inner if inner is not None else self.image.manifest, OCI if inner is not None else self.image.media_type)
            elif self.kind in ("layer", "config"):
                self.serve_blob()
            else:
                self.reply(404, b"{}", "application/json")
        except OSError:
            self.close_connection = True

    do_HEAD = do_POST = do_PUT = do_PATCH = do_GET


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--log")
    parser.add_argument("--ping-as", default="", help="which behaviour /v2/ has")
    parser.add_argument("--list", action="store_true", help="print the behaviours")
    args = parser.parse_args()
    if args.list:
        print("\n".join(sorted({*DOCUMENTS, *ANSWERS})))
        return
    log = open(args.log, "a", encoding="ascii", errors="replace") if args.log else None
    servers = [Server(("127.0.0.1", 0), Handler) for _ in range(2)]
    ports = [s.server_address[1] for s in servers]
    ended = threading.Event()
    for server, other in zip(servers, reversed(ports)):
        server.log, server.ended, server.other, server.ping_as = log, ended, other, args.ping_as
        server.own = ports[0]
    threading.Thread(target=servers[1].serve_forever, daemon=True).start()
    print(*ports, flush=True)
    servers[0].serve_forever()


if __name__ == "__main__":
    sys.exit(main())
