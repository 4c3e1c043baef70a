"""bad_uploads.py - the half of bad_registry.py that is pushed to: sessions kept in memory, and what may go wrong with them.

A behaviour gets the handler before the registry answers as it should, and returns True when it has answered itself.
"""
import base64
import hashlib
import json
import socket
import struct

ANSWERS = {}
ZERO = "sha256:" + "0" * 64


def answer(fn):
    ANSWERS["push-" + fn.__name__.replace("_", "-")] = fn
    return fn


def error(h, code, word, message="", headers=()):
    body = json.dumps({"errors": [{"code": word, "message": message}]}).encode()
    return h.reply(code, body, "application/json", headers)


def reset(h):
    h.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    h.close_connection = True
    h.connection.close()
    return True


def is_kind(h, command, kind="upload"):
    return h.command == command and h.kind == kind


# ---- the registry as it should be ----

class Uploads:
    """What a handler needs to be pushed to; sessions and blobs belong to all handlers."""

    sessions, taken, opened = {}, {}, []

    def body(self, limit=None):
        length = int(self.headers.get("Content-Length") or 0)
        return self.rfile.read(length if limit is None else min(length, limit))

    def session(self):
        return self.sessions.get(self.upload)

    def upload_answer(self, code, extra=()):
        data = self.session()
        where = "/v2/%s/blobs/uploads/%s?state=x" % (self.name, self.upload)
        return self.reply(code, b"", "text/plain", [("Location", where), ("Range", "0-%d" % max(len(data) - 1, 0)), *extra])

    def serve_upload(self):
        if self.command == "POST" and (self.mount_from, self.mount) in self.taken:
            self.taken[(self.name, self.mount)] = self.taken[(self.mount_from, self.mount)]
            return self.reply(201, b"", "text/plain", [("Location", "/v2/%s/blobs/%s" % (self.name, self.mount))])
        if self.command == "POST":
            with self.lock:
                self.opened.append(1)
                self.upload = "s%d" % len(self.opened)
                self.sessions[self.upload] = bytearray()
            self.body()
            return self.upload_answer(202)
        if self.session() is None:
            self.body()
            return error(self, 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
        if self.command == "GET":
            return self.upload_answer(204)
        return self.serve_bytes()

    def serve_bytes(self):
        data = self.body()
        start = (self.headers.get("Content-Range") or "").split("-")[0]
        if start and int(start) != len(self.session()):
            return error(self, 416, "RANGE_INVALID", "range invalid")
        self.session().extend(data)
        if self.command == "PATCH":
            return self.upload_answer(202)
        blob = bytes(self.sessions.pop(self.upload))
        if "sha256:" + hashlib.sha256(blob).hexdigest() != self.wanted:
            return error(self, 400, "DIGEST_INVALID", "provided digest did not match uploaded content")
        self.taken[(self.name, self.wanted)] = blob
        return self.reply(201, b"", "text/plain", [("Location", "/v2/%s/blobs/%s" % (self.name, self.wanted)),
                                                   ("Docker-Content-Digest", self.wanted)])

    def serve_manifest_put(self):
        data = self.body()
        doc = json.loads(data)
        for blob in [doc["config"], *doc["layers"]]:
            if len(self.taken.get((self.name, blob["digest"]), b"")) != blob["size"]:
                return error(self, 400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry")
        name = "sha256:" + hashlib.sha256(data).hexdigest()
        self.taken[(self.name, name)] = data
        return self.reply(201, b"", "text/plain", [("Docker-Content-Digest", name)])


# ---- what goes wrong ----

@answer
def good(h):
    return False


def status_for(command, code, kind="upload", times=None, message="", headers=()):
    def fn(h):
        if not is_kind(h, command, kind) or (times is not None and h.count() > times):
            return False
        h.body()
        return error(h, code, "X_CODE", message, headers)
    return fn


for _name, _fn in {
        "denied": status_for("POST", 403, message="requested access to the resource is denied"),
        "429-once": status_for("POST", 429, times=1, headers=[("Retry-After", "1")]),
        "429-always": status_for("POST", 429, message="slow down", headers=[("Retry-After", "0")]),
        "500-always": status_for("POST", 500),
        "patch-500-once": status_for("PATCH", 500, times=1),
        "patch-400": status_for("PATCH", 400, message="no"),
        "put-500-always": status_for("PUT", 500, message="down for repair"),
        "read-only": status_for("POST", 405, message="The operation is unsupported."),
        "manifest-refused": status_for("PUT", 400, "manifests", message="manifest invalid"),
        "manifest-500-once": status_for("PUT", 500, "manifests", times=1),
        "manifest-413": status_for("PUT", 413, "manifests"),
}.items():
    ANSWERS["push-" + _name] = _fn


def break_off(h, times):
    """Takes half of a chunk, keeps it, and resets the connection."""
    if not is_kind(h, "PATCH") or h.count() > times:
        return False
    h.session().extend(h.body(int(h.headers["Content-Length"]) // 2))
    return reset(h)


@answer
def reset_once(h):
    return break_off(h, 1)


@answer
def reset_always(h):
    if not is_kind(h, "PATCH"):
        return False
    h.body(1000)
    return reset(h)


@answer
def forgets_once(h):
    if is_kind(h, "PATCH") and h.count() == 1:
        h.sessions.pop(h.upload)
    return False


@answer
def forgets_always(h):
    if is_kind(h, "PATCH"):
        h.sessions.pop(h.upload, None)
    return False


@answer
def answer_lost(h):
    """Takes the whole blob, and the answer to the closing request does not arrive."""
    if not is_kind(h, "PUT") or h.count() > 1:
        return False
    h.session().extend(h.body())
    h.taken[(h.name, h.wanted)] = bytes(h.sessions.pop(h.upload))
    return reset(h)


@answer
def takes_a_part(h):
    if not is_kind(h, "PATCH") or h.count() > 1:
        return False
    data = h.body()
    h.session().extend(data[:len(data) // 3])
    return h.upload_answer(202)


@answer
def takes_nothing(h):
    if not is_kind(h, "PATCH"):
        return False
    h.body()
    return h.upload_answer(202)


@answer
def has_too_much(h):
    if not is_kind(h, "PATCH"):
        return False
    h.body()
    return h.reply(202, b"", "text/plain", [("Location", h.path), ("Range", "0-99999999999")])


@answer
def range_is_noise(h):
    """A Range that is no range says nothing."""
    if not is_kind(h, "PATCH"):
        return False
    h.session().extend(h.body())
    return h.reply(202, b"", "text/plain", [("Location", h.path), ("Range", "bytes=-x-9999999999999999999999")])


def location(text):
    return lambda h: is_kind(h, "POST") and h.reply(202, b"", "text/plain", [("Location", text)] if text else [])


@answer
def mount_denied(h):
    return is_kind(h, "POST") and h.mount != "" and error(h, 403, "DENIED", "requested access to the resource is denied")


ANSWERS["push-no-location"] = location("")
ANSWERS["push-location-file"] = location("file:///etc/passwd")
ANSWERS["push-location-nowhere"] = location("http://127.0.0.1:1/x")
ANSWERS["push-location-noise"] = location("http://[::::/x")


@answer
def location_other_host(h):
    """Wants a login, and the bytes at the other host, which must not see it."""
    want = "Basic " + base64.b64encode(b"testuser:testpassword").decode()
    if h.port == h.server.own and h.headers.get("Authorization") != want:
        h.body()
        return h.reply(401, b"{}", "application/json", [("WWW-Authenticate", 'Basic realm="x"')])
    if not is_kind(h, "POST"):
        return False
    h.upload = "other%d" % h.count()
    h.sessions[h.upload] = bytearray()
    return h.reply(202, b"", "text/plain",
                   [("Location", "http://localhost:%d/v2/%s/blobs/uploads/%s" % (h.server.other, h.name, h.upload))])


@answer
def redirect_loop(h):
    return is_kind(h, "POST") and h.reply(307, b"", "text/plain", [("Location", h.path)])


@answer
def redirect_with_body(h):
    if not is_kind(h, "PATCH"):
        return False
    h.body()
    return h.reply(307, b"", "text/plain", [("Location", "http://localhost:%d/x" % h.server.other)])


@answer
def wrong_digest(h):
    if not is_kind(h, "PUT"):
        return False
    h.body()
    return h.reply(201, b"", "text/plain", [("Docker-Content-Digest", ZERO)])


@answer
def damages(h):
    """Loses a byte on the way, as its own check finds."""
    if is_kind(h, "PATCH") and h.count() == 1:
        h.session().extend(b"?" + h.body()[1:])
        return h.upload_answer(202)
    return False


@answer
def manifest_wrong_digest(h):
    if not is_kind(h, "PUT", "manifests"):
        return False
    h.body()
    return h.reply(201, b"", "text/plain", [("Docker-Content-Digest", ZERO)])


@answer
def manifest_reset(h):
    if not is_kind(h, "PUT", "manifests"):
        return False
    return reset(h)


@answer
def chunks_too_large(h):
    return is_kind(h, "POST") and h.reply(202, b"", "text/plain", [("Location", h.path + "x"), ("OCI-Chunk-Min-Length", "1099511627776")])


@answer
def chunks_larger(h):
    if not is_kind(h, "POST"):
        return False
    h.upload = "large%d" % h.count()
    h.sessions[h.upload] = bytearray()
    return h.upload_answer(202, [("OCI-Chunk-Min-Length", str(6 << 20))])


@answer
def stalls(h):
    if not is_kind(h, "PATCH"):
        return False
    h.server.ended.wait(60)
    return True


@answer
def endless_answer(h):
    if not is_kind(h, "POST"):
        return False
    h.head(202, None, "text/plain", [("Location", h.path + "x")])
    try:
        while not h.server.ended.is_set():
            h.wfile.write(b" " * 65536)
    except OSError:
        pass
    return True


@answer
def realm_other_host(h):
    if h.kind == "ping" or h.headers.get("Authorization") is None:
        h.body()
        return h.reply(401, b"{}", "application/json", [("WWW-Authenticate", h.bearer(h.server.other, "localhost"))])
    return False


@answer
def token_expires(h):
    """The first token does not do for the chunks; both ask for the right to push."""
    if h.kind == "token":
        if "pull%2Cpush" not in h.path:
            return h.reply(403, b"{}", "application/json")
        return h.reply(200, json.dumps({"token": "tok%d" % h.count()}).encode(), "application/json")
    good_ones = ("Bearer tok2",) if is_kind(h, "PATCH") else ("Bearer tok1", "Bearer tok2")
    if h.headers.get("Authorization") not in good_ones:
        h.body()
        return h.reply(401, b"{}", "application/json", [("WWW-Authenticate", h.bearer(h.port).replace(":pull", ":pull,push"))])
    return False


@answer
def token_always_wrong(h):
    if h.kind == "token":
        return h.reply(200, b'{"token":"t"}', "application/json")
    h.body()
    return h.reply(401, b"{}", "application/json", [("WWW-Authenticate", h.bearer(h.port))])
