#!/usr/bin/env python3
"""tls_server.py - one registry behind many certificates, for tests.

    tls_server.py DIR       prints "KIND=PORT …" on one line, then serves until it is ended

DIR is filled with what clients need: trust/ca.crt (the CA of all kinds but self-signed and unknown-ca), client.cert and
client.client-key (signed by it), other.cert and other.client-key (by another CA). Each kind has one fault, "good" and "chain" have none,
"client" demands a client certificate. The registry asks for a name and a password, any, and gives the good image of
bad_registry.py. DIR/log gets one line per request: KIND METHOD PATH AUTHORIZATION.
"""
import datetime
import http.server
import os
import socket
import ssl
import subprocess
import sys
import threading
import warnings

import bad_registry

SAN = "subjectAltName=DNS:localhost,IP:127.0.0.1"
CA = "basicConstraints=critical,CA:TRUE%s\nkeyUsage=critical,keyCertSign,cRLSign\n"
CA_CONF = """[ca]
default_ca = d
[d]
database = %(dir)s/index
new_certs_dir = %(dir)s
policy = p
default_md = sha256
unique_subject = no
rand_serial = yes
[p]
commonName = supplied
"""


class Maker:
    """Makes certificates below a directory."""

    def __init__(self, directory):
        self.dir = directory
        os.makedirs(self.at("trust"))
        with open(self.at("ca.conf"), "w") as conf:
            conf.write(CA_CONF % {"dir": directory})
        open(self.at("index"), "w").close()

    def at(self, name):
        return os.path.join(self.dir, name)

    def make(self, name, ext, issuer=None, days=(-1, 2), key=("ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"), md="sha256"):
        """name.crt and name.key; signed by itself where there is no issuer. days: from when to when, from today."""
        start, end = ((datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=d)).strftime("%Y%m%d%H%M%SZ") for d in days)
        with open(self.at(name + ".ext"), "w") as out:
            out.write(ext)
        self.run("req", "-new", "-newkey", *key, "-nodes", "-subj", "/CN=" + name, "-keyout", name + ".key", "-out", name + ".csr")
        sign = ("-cert", issuer + ".crt", "-keyfile", issuer + ".key") if issuer else ("-selfsign", "-keyfile", name + ".key")
        self.run("ca", "-batch", "-notext", "-config", "ca.conf", "-md", md, "-startdate", start, "-enddate", end,
                 "-extfile", name + ".ext", "-in", name + ".csr", "-out", name + ".crt", *sign)

    def run(self, *args):
        done = subprocess.run(("openssl",) + args, cwd=self.dir, capture_output=True, text=True)
        if done.returncode:
            sys.exit("openssl %s: %s" % (" ".join(args), done.stderr))

    def join(self, name, *parts):
        with open(self.at(name), "w") as out:
            for part in parts:
                with open(self.at(part)) as piece:
                    out.write(piece.read())


RSA_1024 = ("rsa:1024",)
# kind: what its certificate is made with
KINDS = {
    "good": {},
    "expired": {"days": (-3, -1)},
    "not-yet": {"days": (1, 3)},
    "wrong-host": {"ext": "subjectAltName=DNS:elsewhere.example"},
    "no-ip": {"ext": "subjectAltName=DNS:localhost"},
    "self-signed": {"issuer": None},
    "unknown-ca": {"issuer": "stranger"},
    "chain": {"issuer": "middle", "chain": ("middle",)},
    "missing-intermediate": {"issuer": "middle"},
    "not-a-ca": {"issuer": "plain", "chain": ("plain",)},
    "client-only": {"ext": SAN + "\nextendedKeyUsage=clientAuth"},
    "constrained": {"issuer": "narrow", "chain": ("narrow",)},
    "weak-key": {"key": RSA_1024},
    "sha1": {"md": "sha1"},
    "wildcard": {"ext": "subjectAltName=DNS:*"},
    "too-long": {"issuer": "below", "chain": ("below", "short")},
    "client": {},
    "old-tls": {},
    "plain-http": {},
}


def make_all(m):
    m.make("root", CA % "")
    m.make("stranger", CA % "")
    m.make("middle", CA % "", "root")
    m.make("plain", "basicConstraints=CA:FALSE\n", "root")
    m.make("narrow", CA % "" + "nameConstraints=critical,permitted;DNS:inside.example\n", "root")
    m.make("short", CA % ",pathlen:0", "root")
    m.make("below", CA % "", "short")
    for kind, how in KINDS.items():
        args = {k: v for k, v in how.items() if k not in ("ext", "chain", "issuer")}
        m.make(kind, how.get("ext", SAN), how.get("issuer", "root"), **args)
        m.join(kind + ".pem", kind + ".crt", *(c + ".crt" for c in how.get("chain", ())))
    m.join("trust/ca.crt", "root.crt")
    for name, issuer in (("client", "root"), ("other", "stranger")):
        m.make("as-" + name, "extendedKeyUsage=clientAuth", issuer)
        os.rename(m.at("as-%s.crt" % name), m.at(name + ".cert"))
        os.rename(m.at("as-%s.key" % name), m.at(name + ".client-key"))


def context(m, kind):
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # the fault is the client's to see
    ctx.set_ciphers("DEFAULT@SECLEVEL=0")
    if kind == "old-tls":
        ctx.minimum_version, ctx.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    if kind == "client":
        ctx.verify_mode = ssl.CERT_REQUIRED
        ctx.load_verify_locations(m.at("root.crt"))
    ctx.load_cert_chain(m.at(kind + ".pem"), m.at(kind + ".key"))
    return ctx


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lock = threading.Lock()

    def log_message(self, *args):
        pass

    def do_GET(self):
        server, authorization = self.server, self.headers.get("Authorization")
        with self.lock:
            server.log.write("%s %s %s %s\n" % (server.kind, self.command, self.path, (authorization or "-").replace(" ", ":")))
            server.log.flush()
        image, last = server.image, self.path.rsplit("/", 1)[-1]
        if not authorization:
            self.answer(401, b"{}", "application/json", [("WWW-Authenticate", 'Basic realm="x"')])
        elif self.path == "/v2/":
            self.answer(200, b"{}", "application/json")
        elif self.path.startswith("/v2/_catalog"):
            self.answer(200, b'{"repositories":["img"]}', "application/json")
        elif "/manifests/" in self.path:
            self.answer(200, image.manifest, image.media_type)
        elif last in image.blobs:
            self.answer(200, image.blobs[last], "application/octet-stream")
        else:
            self.answer(404, b"{}", "application/json")

    do_HEAD = do_POST = do_PUT = do_PATCH = do_GET

    def answer(self, code, body, media_type, headers=()):
        self.send_response(code)
        for name, value in (("Content-Type", media_type), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def finish_request(self, request, client_address):
        if isinstance(request, ssl.SSLSocket):
            try:
                request.do_handshake()
            except OSError:
                return self.bid_farewell(socket.socket(fileno=request.detach()))
        return super().finish_request(request, client_address)

    @staticmethod
    def bid_farewell(plain):
        """What the client has sent is read: else the reset overtakes our alert."""
        with plain:
            plain.settimeout(5)
            plain.shutdown(socket.SHUT_WR)
            while plain.recv(65536):
                pass

    def shutdown_request(self, request):
        if request.fileno() >= 0:
            super().shutdown_request(request)

    def handle_error(self, request, client_address):
        """A handshake that failed is what is asked for."""


def main():
    # that TLS 1.0 is old is the point
    warnings.simplefilter("ignore", DeprecationWarning)
    m = Maker(os.path.abspath(sys.argv[1]))
    make_all(m)
    log, image, ports = open(m.at("log"), "w"), bad_registry.Image(), []
    for kind in KINDS:
        server = Server(("127.0.0.1", 0), Handler)
        server.kind, server.log, server.image = kind, log, image
        if kind != "plain-http":
            server.socket = context(m, kind).wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ports.append("%s=%d" % (kind, server.server_address[1]))
    print(" ".join(ports), flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
