#!/usr/bin/env python3
"""layer_shapes.py DIR - layers as a stranger may make them (T-EX-01, T-EX-06, T-EX-07), each as DIR/NAME.tar, a docker-archive.

SHAPES has a row for each: the layers as they are stored, and either the sentence they are refused with or SAME: the tree is what the
reference makes of them (tests/compat/layers.recorded; tests/compat/record-layers writes it). A row may have a note why it differs.
The headers are put together here byte by byte, because tarfile would not write most of them.
"""
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import zlib

OUT = b"/tmp/cpod-canary"  # what no layer may touch; the tests make it
UP = b"../" * 12 + OUT[1:]
WHEN = 1700000000
SAME = None
SHAPES = []


# --- bytes ---

def pad(data):
    return data + bytes(-len(data) % 512)


def octal(value, width):
    return b"%0*o\0" % (width - 1, value)


def base256(value, width):
    raw = (value & ((1 << (8 * width)) - 1)).to_bytes(width, "big")
    return bytes([raw[0] | 0x80]) + raw[1:]


def head(name, kind=b"0", size=0, mode=0o644, uid=0, gid=0, mtime=WHEN, link=b"", magic=b"ustar\x0000", major=0, minor=0, prefix=b"",
         checksum=None, tail=None):
    """One header block; numbers may be given as the bytes of their field."""
    def field(value, width):
        return value.ljust(width, b"\0")[:width] if isinstance(value, bytes) else octal(value, width)
    block = (name.ljust(100, b"\0")[:100] + field(mode, 8) + field(uid, 8) + field(gid, 8) + field(size, 12) + field(mtime, 12) + b" " * 8 +
             kind + link.ljust(100, b"\0")[:100] + magic + bytes(64) + field(major, 8) + field(minor, 8))
    block += (prefix.ljust(155, b"\0")[:155] + bytes(12)) if tail is None else tail.ljust(167, b"\0")
    assert len(block) == 512
    total = checksum if checksum is not None else b"%06o\0 " % sum(block)
    return block[:148] + total.ljust(8, b"\0") + block[156:]


def file(name, data=b"content\n", **more):
    more.setdefault("size", len(data))
    return head(name, **more) + pad(data)


def folder(name, **more):
    return head(name, kind=b"5", mode=more.pop("mode", 0o755), **more)


def symlink(name, target, **more):
    return head(name, kind=b"2", mode=0o777, link=target, **more)


def hardlink(name, target, **more):
    return head(name, kind=b"1", link=target, **more)


def node(name, kind, major=0, minor=0, **more):
    return head(name, kind=kind, major=major, minor=minor, **more)


def record(key, value):
    body = b" " + key + b"=" + value + b"\n"
    size = len(body) + 1
    while len(b"%d" % size) + len(body) != size:
        size += 1
    return b"%d" % size + body


def pax(*records, kind=b"x"):
    """Records as pairs or as bytes that shall stand there as they are."""
    data = b"".join(r if isinstance(r, bytes) else record(*r) for r in records)
    return head(b"pax", kind=kind, size=len(data)) + pad(data)


def long_name(name, kind=b"L"):
    return head(b"././@LongLink", kind=kind, size=len(name), magic=b"ustar  \0") + pad(name)


def end(*entries):
    return b"".join(entries) + bytes(1024)


def sparse_old(name, real, pieces, data, stored=None, extended=b"", more=False):
    """GNU's old form: four pieces in the header."""
    tail = bytes(41) + b"".join(octal(o, 12) + octal(n, 12) for o, n in pieces).ljust(96, b"\0") + (b"\1" if more else b"\0") + octal(real, 12)
    return head(name, kind=b"S", size=len(data) if stored is None else stored, magic=b"ustar  \0", tail=tail) + extended + pad(data)


def sparse_block(pieces, more=False):
    return b"".join(octal(o, 12) + octal(n, 12) for o, n in pieces).ljust(504, b"\0") + (b"\1" if more else b"\0") + bytes(7)


def sparse_1_0(name, real, text, data, stored=None):
    content = pad(text) + data
    return pax((b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"), (b"GNU.sparse.name", name), (b"GNU.sparse.realsize", b"%d" % real)) + \
        file(b"GNUSparseFile.0/" + name, content, size=len(content) if stored is None else stored)


def zstd(data):
    return subprocess.run(["zstd", "-q", "-1", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout


def zeros_gzip(size):
    packer, out = zlib.compressobj(9, zlib.DEFLATED, 31), []
    chunk = bytes(1 << 20)
    for _ in range(size >> 20):
        out.append(packer.compress(chunk))
    return b"".join(out) + packer.flush()


# --- the rows ---

def shape(name, *layers, want=SAME, plain=None, note=None, ask=True, user=None):
    """layers as stored; plain: what they inflate to, where that differs; ask: whether the reference is asked, which unpacks bombs;
    user: the sentence for an ordinary user."""
    assert name not in [s["name"] for s in SHAPES], name
    SHAPES.append({"name": name, "layers": list(layers), "plain": list(plain or layers), "want": want, "note": note, "ask": ask, "user": user})


def shapes_names():
    out = "leads out of the layer"
    shape("plain", end(folder(b"./"), folder(b"d/"), file(b"d/f"), symlink(b"d/l", b"f"), hardlink(b"d/h", b"d/f")))
    shape("parent", end(file(b"../f")), want=out)
    shape("parent-far", end(file(UP + b"/file", b"changed")), want=out)
    shape("parent-inside", end(folder(b"a"), file(b"a/../f")))
    shape("parent-through", end(folder(b"a"), file(b"a/../../f")), want=out)
    shape("parent-of-missing", end(file(b"a/b/../../../f")), want=out)
    shape("parent-dir", end(folder(b"..", mode=0o777)), want=out)
    shape("parent-symlink", end(symlink(b"../l", b"x")), want=out)
    shape("parent-hardlink-name", end(file(b"f"), hardlink(b"../h", b"f")), want=out)
    shape("parent-in-prefix", end(file(b"f", prefix=b"..")), want=out)
    shape("parent-fifo", end(node(b"../../p", b"6")), want=out)
    shape("absolute", end(file(OUT + b"/file", b"changed")))
    shape("absolute-many", end(file(b"///a//b///f")))
    shape("absolute-parent", end(file(b"/../f")), want=out)
    shape("dot", end(folder(b".", mode=0o700)))
    shape("dot-file", end(file(b".")), want="stands for the root, and is no directory")
    shape("slash-file", end(file(b"/")), want="stands for the root, and is no directory")
    shape("slash-dir", end(folder(b"/", mode=0o711, uid=7)))
    shape("root-mode-0", end(folder(b"./", mode=0), file(b"f")))
    shape("empty-name", end(file(b"")), want="stands for the root, and is no directory")
    shape("empty-dir-name", end(folder(b"", mode=0o700)))
    shape("dots", end(file(b"./././f"), folder(b"./d/."), file(b"...")))
    shape("newline", end(file(b"a\nb\tc\x1bd")))
    shape("backslash", end(file(b"..\\..\\f"), file(b"c:\\x")))
    shape("not-utf8", end(file(b"\xff\xfe\x80")))
    shape("space-names", end(file(b" "), file(b"a "), file(b" b")))
    shape("trailing-slash-file", end(file(b"f/")))
    shape("trailing-slash-v7", end(head(b"d/", kind=b"\0", magic=bytes(8), mode=0o755), file(b"d/f", kind=b"\0", magic=bytes(8))))
    shape("name-100", end(file(b"n" * 100)))
    shape("name-255", end(pax((b"path", b"n" * 255)), file(b"x")))
    shape("name-256", end(pax((b"path", b"n" * 256)), file(b"x")), want="a part of the name has more than 255 bytes")
    shape("path-4095", end(pax((b"path", b"/".join([b"p" * 99] * 40)[:4000] + b"/" + b"q" * 90)), file(b"x")), note="the reference puts directories of its own in front")
    shape("path-4096", end(pax((b"path", b"d/" * 2040 + b"q" * 17)), file(b"x")), want="pax header has the value")
    shape("path-65535", end(pax((b"path", b"d/" * 32767 + b"q")), file(b"x")), want="pax header has the value")
    shape("gnu-long", end(long_name(b"g" * 120 + b"/f\0"), file(b"x"), long_name(b"t" * 150 + b"\0", b"K"), symlink(b"l", b"x")))
    shape("gnu-long-no-end", end(long_name(b"g" * 512), file(b"x")), want="a part of the name has more than 255 bytes")
    shape("gnu-long-512", end(long_name(b"/".join([b"g" * 127] * 4)), file(b"x")))
    shape("gnu-long-empty", end(long_name(b""), file(b"f")))
    shape("gnu-long-huge", end(head(b"././@LongLink", kind=b"L", size=1 << 30), file(b"x")), want="an extended header has 1073741824 bytes")
    shape("gnu-long-parent", end(long_name(b"../" * 50 + b"f\0"), file(b"x")), want=out)
    shape("gnu-long-twice", end(long_name(b"one\0"), long_name(b"two\0"), file(b"x")))
    shape("gnu-long-at-end", end(file(b"f"), long_name(b"one\0")))
    shape("ustar-prefix", end(file(b"f", prefix=b"p/q")))
    shape("case-twins", end(file(b"a", b"1"), file(b"A", b"2")))
    shape("deep", end(pax((b"path", b"/".join([b"d"] * 200))), file(b"x")))
    shape("parent-is-file", end(file(b"f"), file(b"f/x")), want="cannot make 'f/x'")


def shapes_links():
    shape("symlink-abs-write", end(symlink(b"l", OUT), file(b"l/file", b"changed")), want="cannot make 'l/file'")
    shape("symlink-abs-exists", end(folder(OUT[1:]), symlink(b"l", OUT), file(b"l/file", b"changed")))
    shape("symlink-rel-write", end(symlink(b"l", UP), file(b"l/file", b"changed")), want="cannot make 'l/file'")
    shape("symlink-up-write", end(symlink(b"l", b".."), file(b"l/tar-index", b"changed")))
    shape("symlink-up2-write", end(folder(b"a"), symlink(b"a/l", b"../.."), file(b"a/l/layer.json", b"{}")))
    shape("symlink-slash", end(symlink(b"l", b"/"), file(b"l/f")))
    shape("symlink-then-file", end(symlink(b"file", OUT + b"/file"), file(b"file", b"changed")))
    shape("symlink-then-dir", end(symlink(b"d", OUT), folder(b"d", mode=0o700), file(b"d/file", b"changed")))
    shape("symlink-then-fifo", end(symlink(b"p", OUT + b"/file"), node(b"p", b"6")))
    shape("symlink-then-link", end(file(b"f"), symlink(b"h", OUT + b"/file"), hardlink(b"h", b"f")))
    shape("symlink-cached", end(folder(b"e"), symlink(b"d", b"e"), file(b"d/a"), folder(b"d"), file(b"d/b")))
    shape("symlink-cached-link", end(folder(b"e"), folder(b"g"), symlink(b"d", b"e"), file(b"d/a"), symlink(b"d", b"g"), file(b"d/b")))
    shape("symlink-cached-gone", end(folder(b"e"), symlink(b"d", b"e"), file(b"d/a"), file(b".wh.d", b""), file(b"d/b")), want="cannot make 'd/b'")
    shape("dir-then-symlink", end(folder(b"d"), file(b"d/f"), symlink(b"d", OUT), file(b"d/file", b"changed")), want="cannot make 'd/file'")
    shape("dir-symlink-times", end(folder(b"e", mtime=5), folder(b"d", mtime=6), symlink(b"d", b"e")))
    shape("symlink-loop", end(symlink(b"a", b"b"), symlink(b"b", b"a"), file(b"a/f")), want="'a/f' leads out of the layer or through too many links")
    shape("symlink-self", end(symlink(b"a", b"a"), file(b"a/f")), want="too many links")
    shape("symlink-15", end(folder(b"d"), symlink(b"l0", b"d"), *[symlink(b"l%d" % i, b"l%d" % (i - 1)) for i in range(1, 15)], file(b"l14/f")))
    shape("symlink-41", end(folder(b"d"), symlink(b"l0", b"d"), *[symlink(b"l%d" % i, b"l%d" % (i - 1)) for i in range(1, 41)], file(b"l40/f")),
          want="too many links")
    shape("symlink-chain-out", end(folder(b"a"), symlink(b"a/x", b".."), symlink(b"a/y", b"x/.."), symlink(b"a/z", b"y/../../tmp"), file(b"a/z/cpod-canary")),
          want="cannot make 'a/z/cpod-canary'")
    shape("symlink-empty", end(symlink(b"l", b"")), want="cannot make the link 'l'")
    shape("symlink-proc", end(symlink(b"l", b"/proc/self/cwd"), symlink(b"m", b"/proc/self/root"), symlink(b"n", b"/proc/self/fd/3")))
    shape("symlink-proc-write", end(symlink(b"l", b"/proc/self/root" + OUT), file(b"l/file", b"changed")), want="cannot make 'l/file'")
    shape("symlink-long", end(pax((b"linkpath", b"x" * 4000)), symlink(b"l", b"x")))
    shape("symlink-4096", end(pax((b"linkpath", b"x" * 4096)), symlink(b"l", b"x")), want="pax header has the value")
    shape("hardlink-abs", end(hardlink(b"h", OUT + b"/file"), file(b"h", b"changed")), want="which the archive does not have")
    shape("hardlink-parent", end(hardlink(b"h", UP + b"/file"), file(b"h", b"changed")), want="the link 'h': .*leads out of the layer")
    shape("hardlink-index", end(hardlink(b"h", b"../tar-index")), want="leads out of the layer")
    shape("hardlink-passwd", end(hardlink(b"h", b"etc/passwd")), want="'h' leads to 'etc/passwd', which the archive does not have")
    shape("hardlink-missing", end(file(b"f"), hardlink(b"h", b"g")), want="which the archive does not have")
    shape("hardlink-empty", end(hardlink(b"h", b"")), want="which the archive does not have")
    shape("hardlink-self", end(hardlink(b"h", b"h")), want="which the archive does not have")
    shape("hardlink-self-there", end(file(b"h"), hardlink(b"h", b"./h")), note="the reference refuses a name that comes twice")
    shape("hardlink-dir", end(folder(b"d"), hardlink(b"h", b"d")), want="cannot link 'h' to 'd'")
    shape("hardlink-root", end(hardlink(b"h", b"/")), want="which the archive does not have")
    shape("hardlink-symlink", end(symlink(b"s", OUT + b"/file"), hardlink(b"h", b"s")))
    shape("hardlink-symlink-write", end(symlink(b"s", OUT + b"/file"), hardlink(b"h", b"s"), file(b"h", b"changed")))
    shape("hardlink-through", end(symlink(b"s", OUT), hardlink(b"h", b"s/file"), file(b"h", b"changed")), want="which the archive does not have")
    shape("hardlink-through-up", end(symlink(b"s", b".."), hardlink(b"h", b"s/tar-index")), want="which the archive does not have")
    shape("hardlink-chain", end(folder(b"a"), symlink(b"a/x", b".."), symlink(b"y", b"a/x/../.."), hardlink(b"h", b"y" + OUT + b"/file")),
          want="which the archive does not have")
    shape("hardlink-inside-symlink", end(folder(b"d"), file(b"d/f"), symlink(b"s", b"d"), hardlink(b"h", b"s/f")))
    shape("hardlink-abs-inside", end(file(b"f"), hardlink(b"h", b"/f")))
    shape("hardlink-other-layer", end(file(b"f")), end(hardlink(b"h", b"f")), want="which the archive does not have")
    shape("hardlink-then-write", end(file(b"f", b"1"), hardlink(b"h", b"f"), file(b"h", b"22")))
    shape("hardlink-over-dir", end(file(b"f"), folder(b"d"), file(b"d/x"), hardlink(b"d", b"f")))
    shape("hardlink-with-size", end(file(b"f"), hardlink(b"h", b"f", size=8)))
    shape("hardlink-attributes", end(file(b"f", mode=0o600), hardlink(b"h", b"f", mode=0o4777, uid=5, mtime=9)),
          note="the last entry decides")
    shape("hardlink-10", end(file(b"f"), *[hardlink(b"h%d" % i, b"f") for i in range(10)]))


def shapes_again():
    shape("twice-file", end(file(b"f", b"1"), file(b"f", b"22")))
    shape("twice-dir", end(folder(b"d", mode=0o700, mtime=1), file(b"d/f"), folder(b"d", mode=0o711, mtime=2)))
    shape("twice-dir-times", end(folder(b"d", mtime=1), folder(b"d", mtime=2), folder(b"d", mtime=3)))
    shape("file-over-dir", end(folder(b"d"), file(b"d/f"), file(b"d", b"now a file")))
    shape("dir-over-file", end(file(b"f"), folder(b"f"), file(b"f/x")))
    shape("dir-over-fifo", end(node(b"f", b"6"), folder(b"f"), file(b"f/x")))
    shape("file-over-dir-and-back", end(folder(b"d"), file(b"d/a"), file(b"d"), folder(b"d"), file(b"d/b")))
    shape("file-over-dir-below", end(folder(b"a"), folder(b"a/d"), file(b"a/d/f"), file(b"a/d", b"now a file"), file(b"a/e")))
    shape("symlink-over-symlink-below", end(folder(b"a"), folder(b"a/e"), symlink(b"a/d", b"e"), file(b"a/d/f"), symlink(b"a/d", b".."), file(b"a/g")))
    shape("wh-over-dir-below", end(folder(b"a"), folder(b"a/d"), file(b"a/d/f"), file(b"a/.wh.d", b""), file(b"a/e")))
    shape("fifo-over-dir", end(folder(b"d"), file(b"d/f"), node(b"d", b"6")))
    shape("symlink-twice", end(symlink(b"l", b"a"), symlink(b"l", b"b")))
    shape("layers-file-dir", end(file(b"x")), end(folder(b"x"), file(b"x/f")))
    shape("layers-dir-file", end(folder(b"x"), file(b"x/f")), end(file(b"x")))
    shape("layers-dir-symlink", end(folder(b"x"), file(b"x/file")), end(symlink(b"x", OUT)), end(file(b"x/file", b"changed")),
          note="a layer does not see those below: the directory comes back, in the reference as here")
    shape("forgotten-dirs", end(file(b"a/b/c/f")))
    shape("dir-after", end(file(b"a/f"), folder(b"a", mode=0o700, uid=3)))
    shape("no-entries", end())
    shape("no-end", file(b"f"))
    shape("half-end", file(b"f") + bytes(512))
    shape("lone-zero-block", file(b"f") + bytes(512) + file(b"g") + bytes(1024), want="goes on after")
    shape("after-the-end", end(file(b"f")) + b"garbage" * 1000)
    shape("two-archives", end(file(b"f")) + end(file(b"g")))


def shapes_whiteouts():
    low = end(folder(b"d"), file(b"d/a"), file(b"d/b"), file(b"f"), folder(b"e/"), file(b"e/x"), symlink(b"s", b"d"))
    bad = "hides no name"
    shape("wh-file", low, end(file(b".wh.f", b"")))
    shape("wh-dir", low, end(file(b".wh.d", b"")))
    shape("wh-inner", low, end(folder(b"d"), file(b"d/.wh.a", b"")))
    shape("wh-inner-forgotten", low, end(file(b"d/.wh.a", b"")))
    shape("wh-missing", low, end(file(b".wh.nothing", b"")))
    shape("wh-link", low, end(file(b".wh.s", b"")))
    shape("wh-then-new", low, end(file(b".wh.d", b""), folder(b"d"), file(b"d/new")))
    shape("wh-new-then", low, end(folder(b"d"), file(b"d/new"), file(b".wh.d", b"")))
    shape("wh-file-then-new", low, end(file(b".wh.f", b""), file(b"f", b"new")))
    shape("wh-root", low, end(file(b".wh.", b"")), want=bad)
    shape("wh-dot", low, end(file(b".wh..", b"")), want=bad)
    shape("wh-parent", low, end(file(b".wh...", b"")), want=bad)
    shape("wh-parent-deep", low, end(folder(b"d"), file(b"d/.wh...", b"")), want=bad)
    shape("wh-leaves", low, end(file(b"../.wh.f", b"")), want="leads out of the layer")
    shape("wh-canary", low, end(file(UP + b"/.wh.file", b"")), want="leads out of the layer")
    shape("wh-abs", low, end(file(b"/.wh.f", b"")))
    shape("wh-through-symlink", low, end(symlink(b"l", OUT), file(b"l/.wh.file", b"")), want="cannot make 'l/.wh.file'")
    shape("wh-through-up", low, end(symlink(b"l", b".."), file(b"l/.wh.tar-index", b"")))
    shape("wh-below", low, end(file(b".wh.d/x")))
    shape("wh-as-dir", low, end(folder(b".wh.f")))
    shape("wh-as-symlink", low, end(symlink(b".wh.f", OUT)))
    shape("wh-as-hardlink", low, end(file(b"q"), hardlink(b".wh.f", b"q")))
    shape("wh-as-device", low, end(node(b".wh.f", b"3", 1, 3)))
    shape("wh-with-content", low, end(file(b".wh.f", b"x" * 700), file(b"g")))
    shape("wh-of-wh", low, end(file(b".wh..wh.f", b""), file(b"g")))
    shape("wh-aufs", low, end(folder(b".wh..wh.plnk"), file(b".wh..wh.plnk/1.2"), file(b".wh..wh.aufs", b""), folder(b".wh..wh.orph"), file(b"g")))
    shape("wh-255", low, end(pax((b"path", b".wh." + b"n" * 251)), file(b"x", b"")))
    shape("opq-dir", low, end(folder(b"d"), file(b"d/.wh..wh..opq", b""), file(b"d/new")))
    shape("opq-after", low, end(folder(b"d"), file(b"d/new"), file(b"d/.wh..wh..opq", b"")))
    shape("opq-forgotten", low, end(file(b"d/.wh..wh..opq", b"")))
    shape("opq-root", low, end(file(b".wh..wh..opq", b""), file(b"new")),
          note="overlayfs reads the attribute of a root as of any directory")
    shape("opq-twice", low, end(folder(b"d"), file(b"d/.wh..wh..opq", b""), file(b"d/.wh..wh..opq", b"")))
    shape("opq-as-dir", low, end(folder(b"d"), folder(b"d/.wh..wh..opq")))
    shape("opq-through-symlink", low, end(symlink(b"l", OUT), file(b"l/.wh..wh..opq", b"")), want="cannot make 'l/.wh..wh..opq'")
    shape("opq-below", low, end(folder(b"d"), file(b"d/.wh..wh..opq/x", b"1")))
    shape("opq-of-new", low, end(folder(b"n"), file(b"n/.wh..wh..opq", b""), file(b"n/f")))
    shape("opq-three", low, end(file(b"d/c")), end(folder(b"d"), file(b"d/.wh..wh..opq", b"")))
    shape("wh-three", low, end(file(b".wh.d", b"")), end(folder(b"d"), file(b"d/z")))
    shape("wh-twice", low, end(file(b".wh.f", b""), file(b".wh.f", b"")))


def shapes_kinds():
    shape("devices", end(node(b"null", b"3", 1, 3, mode=0o666), node(b"kmsg", b"3", 1, 11), node(b"sda", b"4", 8, 0, mode=0o660, gid=6)))
    shape("device-0-0", end(node(b"f", b"3", 0, 0)), want="hides files")
    shape("device-0-0-block", end(node(b"f", b"4", 0, 0)))
    shape("device-large", end(node(b"f", b"3", 4095, 1048575)))
    shape("device-too-large", end(node(b"f", b"3", base256(1 << 40, 8), 1)), want="major is no number in range")
    shape("fifo", end(node(b"p", b"6", mode=0o620, uid=4)))
    shape("contiguous", end(file(b"f", kind=b"7")), note="a kind the reference does not unpack")
    shape("unknown-socket", end(head(b"s", kind=b"s")), want="'s' is of the unknown type 's'")
    shape("unknown-A", end(head(b"v", kind=b"A")), want="of the unknown type 'A'")
    shape("unknown-V", end(head(b"v", kind=b"V")), want="of the unknown type 'V'")
    shape("unknown-M", end(file(b"v", kind=b"M")), want="of the unknown type 'M'")
    shape("unknown-D", end(file(b"v", kind=b"D")), want="of the unknown type 'D'")
    shape("unknown-byte", end(head(b"v", kind=b"\xff")), want="of the unknown type '\\?'")
    shape("modes", end(file(b"u", mode=0o4755), file(b"g", mode=0o2755), folder(b"t", mode=0o1777), folder(b"sg", mode=0o2775), file(b"n", mode=0),
                       file(b"all", mode=0o7777, uid=12, gid=34)))
    shape("mode-high-bits", end(file(b"f", mode=0o100644), folder(b"d", mode=0o40755)))
    shape("setgid-dir", end(folder(b"d", mode=0o2775, gid=50), file(b"d/f"), folder(b"d/e"), file(b"d/x/f")), note="a forgotten directory takes its group from a set-gid one, as mkdir does")
    shape("owners", end(file(b"f", uid=1000, gid=2000), folder(b"d", uid=65534, gid=65534), symlink(b"l", b"f", uid=7, gid=8)))
    shape("owner-large", end(pax((b"uid", b"3000000"), (b"gid", b"4000000")), file(b"f")), user="potentially insufficient UIDs or GIDs available")
    shape("owner-largest", end(pax((b"uid", b"4294967295")), file(b"f")), want="a pax header has the value '4294967295' for uid")
    shape("owner-beyond", end(pax((b"uid", b"4294967296")), file(b"f")), want="for uid")
    shape("owner-minus", end(pax((b"uid", b"-1")), file(b"f")), want="for uid")
    shape("dir-with-size", end(folder(b"d", size=512), file(b"d/f")))
    shape("symlink-with-size", end(symlink(b"l", b"x", size=4096), file(b"f")))
    shape("dir-as-content", end(folder(b"d", size=8) + pad(b"content"), file(b"f")), want="checksum is wrong")


def shapes_xattrs():
    def with_xattr(*pairs, entry=None):
        return pax(*[(b"SCHILY.xattr." + k, v) for k, v in pairs]) + (entry or file(b"f"))
    capability = bytes.fromhex("0100000200040000000000000000000000000000")
    shape("xattr-user", end(with_xattr((b"user.a", b"1"), (b"user.b", bytes(range(256))))))
    shape("xattr-capability", end(with_xattr((b"security.capability", capability))))
    shape("xattr-capability-owner", end(with_xattr((b"security.capability", capability), entry=file(b"f", mode=0o4755, uid=9))))
    shape("xattr-capability-bad", end(with_xattr((b"security.capability", b"short"))), want="cannot set the attribute security.capability of 'f'")
    shape("xattr-dir", end(with_xattr((b"user.d", b"x"), entry=folder(b"d"))))
    shape("xattr-trusted", end(with_xattr((b"trusted.t", b"x"))))
    for prefix in (b"trusted", b"user"):
        word = prefix.decode()
        for name, value in ((b"opaque", b"y"), (b"redirect", b"/tmp"), (b"metacopy", b""), (b"origin", b"x"), (b"whiteout", b"y"),
                            (b"impure", b"y"), (b"nlink", b"U+1"), (b"upper", b"x"), (b"overlay.opaque", b"y")):
            shape(f"xattr-{word}-overlay-{name.decode()}", end(folder(b"d"), file(b"d/below")),
                  end(with_xattr((prefix + b".overlay." + name, value or b"\0"), entry=folder(b"d")), file(b"d/above")),
                  note="names of overlayfs's own are left out")
    shape("xattr-selinux", end(with_xattr((b"security.selinux", b"system_u:object_r:x:s0\0"))), note="labels are the machine's to give")
    shape("xattr-acl", end(with_xattr((b"system.posix_acl_access", bytes.fromhex("0200000001000600ffffffff04000600ffffffff20000400ffffffff")))),
          note="access lists are left out")
    shape("xattr-unknown-class", end(with_xattr((b"nonsense.x", b"1"))))
    shape("xattr-no-name", end(with_xattr((b"", b"1"))), want="an extended attribute is too large, or there are too many")
    shape("xattr-empty-value", end(with_xattr((b"user.e", b""))), note="the reference takes an empty value for none")
    shape("xattr-name-255", end(with_xattr((b"user." + b"n" * 250, b"1"))))
    shape("xattr-name-256", end(with_xattr((b"user." + b"n" * 251, b"1"))), want="an extended attribute is too large")
    shape("xattr-64k-and-1", end(with_xattr((b"user.a", b"v" * 65537))), want="an extended attribute is too large")
    shape("xattr-1001", end(with_xattr(*[(b"user.%d" % i, b"v") for i in range(1001)])), want="or there are too many")
    shape("xattr-twice", end(with_xattr((b"user.a", b"1"), (b"user.a", b"2"))))
    shape("xattr-symlink", end(folder(b"d"), with_xattr((b"user.a", b"1"), entry=symlink(b"l", b"d")), file(b"d/f")), note="Linux has none for links: left out")
    shape("xattr-fifo", end(with_xattr((b"user.a", b"1"), entry=node(b"p", b"6"))), note="Linux has none for pipes: left out")
    shape("xattr-on-next-only", end(with_xattr((b"user.a", b"1")), file(b"g")))


def shapes_pax():
    damaged = "a pax header is damaged"
    shape("pax-path", end(pax((b"path", b"real")), file(b"header")))
    shape("pax-path-parent", end(pax((b"path", b"../../f")), file(b"header")), want="leads out of the layer")
    shape("pax-path-nul", end(pax((b"path", b"a\0b")), file(b"header")), want="for path")
    shape("pax-path-empty", end(pax((b"path", b"")), file(b"header")))
    shape("pax-linkpath", end(file(b"f"), pax((b"linkpath", UP + b"/file")), hardlink(b"h", b"f")), want="leads out of the layer")
    shape("pax-linkpath-symlink", end(pax((b"linkpath", OUT)), symlink(b"l", b"d"), file(b"l/file", b"changed")), want="cannot make 'l/file'")
    shape("pax-size", end(pax((b"size", b"8")), file(b"f", b"content\n", size=0), file(b"g")))
    shape("pax-size-larger", end(pax((b"size", b"100000")), file(b"f")), want="cut short")
    shape("pax-size-minus", end(pax((b"size", b"-1")), file(b"f")), want="for size")
    shape("pax-size-huge", end(pax((b"size", b"9223372036854775807")), file(b"f")), want="for size")
    shape("pax-size-beyond", end(pax((b"size", b"99999999999999999999999")), file(b"f")), want="for size")
    shape("pax-size-text", end(pax((b"size", b"0x10")), file(b"f")), want="for size")
    shape("pax-size-empty", end(pax((b"size", b"")), file(b"f")))
    shape("pax-ids", end(pax((b"uid", b"11"), (b"gid", b"22"), (b"uname", b"root"), (b"gname", b"root")), file(b"f", uid=1, gid=2)))
    shape("pax-mtime", end(pax((b"mtime", b"1600000000.123456789")), file(b"f"), pax((b"mtime", b"1500000000.5")), folder(b"d"),
                           pax((b"mtime", b"1400000000.25")), symlink(b"l", b"f")))
    shape("pax-mtime-fine", end(pax((b"mtime", b"1600000000.1234567891234")), file(b"f")))
    shape("pax-mtime-minus", end(pax((b"mtime", b"-1.5")), file(b"f"), pax((b"mtime", b"-0.25")), file(b"g")))
    shape("pax-mtime-nan", end(pax((b"mtime", b"NaN")), file(b"f")), want="for mtime")
    shape("pax-mtime-text", end(pax((b"mtime", b"1.2.3")), file(b"f")), want="for mtime")
    shape("pax-mtime-huge", end(pax((b"mtime", b"99999999999999999999")), file(b"f")), want="for mtime")
    shape("pax-atime", end(pax((b"atime", b"nonsense?"), (b"ctime", b"1"), (b"comment", b"hello")), file(b"f")),
          note="times that are not used are not read")
    shape("pax-unknown", end(pax((b"VENDOR.key", b"x"), (b"hdrcharset", b"BINARY"), (b"charset", b"x")), file(b"f")))
    shape("pax-no-number", end(pax(b"path=x\n"), file(b"f")), want=damaged)
    shape("pax-zero", end(pax(b"0 path=x\n"), file(b"f")), want=damaged)
    shape("pax-short", end(pax(b"5 path=x\n"), file(b"f")), want=damaged)
    shape("pax-long", end(pax(b"999 path=x\n"), file(b"f")), want=damaged)
    shape("pax-huge", end(pax(b"99999999999999999999 path=x\n"), file(b"f")), want=damaged)
    shape("pax-minus", end(pax(b"-9 path=x\n"), file(b"f")), want=damaged)
    shape("pax-no-newline", end(pax(b"9 path=xy"), file(b"f")), want=damaged)
    shape("pax-no-equals", end(pax(b"8 pathx\n"), file(b"f")), want="a record without '='")
    shape("pax-no-key", end(pax(b"5 =x\n"), file(b"f")), want="a pax header")
    shape("pax-newline-in-value", end(pax((b"comment", b"a\n12 path=../x\nb"), (b"path", b"good")), file(b"f")))
    shape("pax-twice", end(pax((b"path", b"one")), pax((b"path", b"two")), file(b"f")))
    shape("pax-repeats", end(pax((b"path", b"one"), (b"path", b"two")), file(b"f")))
    shape("pax-empty", end(pax(), file(b"f")))
    shape("pax-then-end", end(file(b"f"), pax((b"path", b"x"))))
    shape("pax-1-mib-and-1", end(head(b"pax", kind=b"x", size=(1 << 20) + 1), file(b"f")), want="an extended header has 1048577 bytes")
    shape("pax-10000-records", end(pax(*[(b"comment", b"x")] * 10000), file(b"f")))
    shape("pax-X", end(pax((b"path", b"sun"), kind=b"X"), file(b"f")), note="Solaris's letter for pax headers")
    shape("pax-global", end(pax((b"comment", b"commit"), kind=b"g"), file(b"f")))
    shape("pax-global-path", end(pax((b"path", b"../../all"), (b"uid", b"77"), kind=b"g"), file(b"f"), file(b"g")),
          note="values for all files are not applied, in the reference as here")
    shape("pax-global-bad", end(pax(b"zzz", kind=b"g"), file(b"f")), want=damaged)
    shape("pax-and-gnu", end(long_name(b"gnu\0"), pax((b"path", b"pax")), file(b"header")))


def shapes_sparse():
    kb = b"k" * 1024
    old = "the reference does not unpack GNU's old sparse files"
    shape("sparse-old", end(sparse_old(b"f", 10240, [(1024, 512), (9728, 512)], kb), file(b"g")), note=old)
    shape("sparse-old-more", end(sparse_old(b"f", 102400, [(i * 1024, 512) for i in range(4)], b"x" * 512 * 6, extended=sparse_block([(8192, 512), (16384, 512)]),
                                            more=True), file(b"g")), note=old)
    shape("sparse-old-hole-only", end(sparse_old(b"f", 1 << 20, [(1 << 20, 0)], b""), file(b"g")), note=old)
    shape("sparse-old-order", end(sparse_old(b"f", 10240, [(9728, 512), (0, 512)], kb)), want="map of a sparse file is not in order")
    shape("sparse-old-overlap", end(sparse_old(b"f", 10240, [(0, 512), (256, 512)], kb)), want="map of a sparse file is not in order")
    shape("sparse-old-beyond", end(sparse_old(b"f", 1024, [(0, 512), (2048, 512)], kb)), want="'f' goes beyond its end")
    shape("sparse-old-less", end(sparse_old(b"f", 10240, [(0, 512)], kb)), want="'f' does not fit its content")
    shape("sparse-old-more-than", end(sparse_old(b"f", 10240, [(0, 4096)], kb)), want="'f' does not fit its content")
    shape("sparse-old-cut", head(b"f", kind=b"S", tail=bytes(41 + 96) + b"\1" + octal(99, 12), magic=b"ustar  \0"), want="cut short")
    shape("sparse-0.0", end(pax((b"GNU.sparse.size", b"10240"), (b"GNU.sparse.numblocks", b"2"), (b"GNU.sparse.offset", b"1024"), (b"GNU.sparse.numbytes", b"512"),
                                (b"GNU.sparse.offset", b"9728"), (b"GNU.sparse.numbytes", b"512")), file(b"f", kb), file(b"g")))
    shape("sparse-0.1", end(pax((b"GNU.sparse.size", b"10240"), (b"GNU.sparse.numblocks", b"2"), (b"GNU.sparse.map", b"1024,512,9728,512"), (b"GNU.sparse.name", b"f")),
                            file(b"GNUSparseFile.1/f", kb), file(b"g")))
    shape("sparse-0.1-odd", end(pax((b"GNU.sparse.size", b"10240"), (b"GNU.sparse.numblocks", b"2"), (b"GNU.sparse.map", b"1024,512,9728")), file(b"f", kb)),
          want="for GNU.sparse.map")
    shape("sparse-0.1-minus", end(pax((b"GNU.sparse.size", b"10240"), (b"GNU.sparse.numblocks", b"1"), (b"GNU.sparse.map", b"-1,1024")), file(b"f", kb)),
          want="for GNU.sparse.map")
    shape("sparse-0.1-parent", end(pax((b"GNU.sparse.size", b"1024"), (b"GNU.sparse.numblocks", b"1"), (b"GNU.sparse.map", b"0,1024"), (b"GNU.sparse.name", b"../f")),
                                   file(b"f", kb)), want="leads out of the layer")
    shape("sparse-0.1-bomb", end(pax((b"GNU.sparse.size", b"1024"), (b"GNU.sparse.numblocks", b"1"), (b"GNU.sparse.map", b"0," * 500000 + b"0")), file(b"f", kb)),
          want="for GNU.sparse.map|does not fit", ask=False)
    shape("sparse-1.0", end(sparse_1_0(b"f", 10240, b"2\n1024\n512\n9728\n512\n", kb), file(b"g")))
    shape("sparse-1.0-empty", end(sparse_1_0(b"f", 4096, b"1\n4096\n0\n", b""), file(b"g")))
    shape("sparse-1.0-no-map", end(sparse_1_0(b"f", 4096, b"", b"")), want="cut short|damaged")
    shape("sparse-1.0-text", end(sparse_1_0(b"f", 4096, b"one\n", b"")), want="the map of a sparse file is damaged")
    shape("sparse-1.0-minus", end(sparse_1_0(b"f", 4096, b"1\n-1\n5\n", b"")), want="the map of a sparse file is damaged")
    shape("sparse-1.0-count", end(sparse_1_0(b"f", 4096, b"999999999\n0\n512\n", b"x" * 512)), want="damaged|cut short|does not fit")
    shape("sparse-1.0-bomb", end(sparse_1_0(b"f", 1 << 37, b"1048577\n" + b"0\n0\n" * 1048577, b"")), want="a sparse file has more than 1048576 pieces")
    shape("sparse-1.0-1-tib", end(sparse_1_0(b"f", 1 << 40, b"1\n0\n0\n", b"")), ask=False, want="for GNU.sparse.size")
    shape("sparse-1.0-beyond", end(sparse_1_0(b"f", 1024, b"1\n4096\n512\n", b"x" * 512)), want="'f' goes beyond its end")
    shape("sparse-layer-limit", end(*[sparse_old(b"f%d" % i, 1 << 32, [(1 << 32, 0)], b"") for i in range(257)]),
          ask=False, want="the layer unpacks to more than 1099511627776 bytes")


def shapes_numbers():
    shape("base256", end(file(b"f", uid=base256(100000, 8), gid=base256(200000, 8), size=base256(8, 12), mtime=base256(WHEN, 12))),
          user="potentially insufficient UIDs or GIDs available")
    shape("base256-minus-mtime", end(file(b"f", mtime=base256(-100, 12)), folder(b"d", mtime=base256(-7, 12))))
    shape("base256-huge-mtime", end(file(b"f", mtime=base256(1 << 62, 12))))
    shape("base256-minus-size", end(file(b"f", size=base256(-1, 12))), want="size is no number in range")
    shape("base256-huge-size", end(file(b"f", size=base256(1 << 62, 12))), want="size is no number in range")
    shape("base256-overflow", end(file(b"f", size=b"\x80\xff" + bytes(10))), want="size is no number in range")
    shape("base256-minus-uid", end(file(b"f", uid=base256(-1, 8))), want="uid is no number in range")
    shape("octal-8", end(file(b"f", size=b"00000000008")), want="size is no number in range")
    shape("octal-text", end(file(b"f", mode=b"rwxr-x")), want="mode is no number in range")
    shape("octal-minus", end(file(b"f", size=b"-0000000001")), want="size is no number in range")
    shape("octal-spaces", end(file(b"f", mode=b"   644 \0", size=b"         10 ", uid=b" 1     \0")))
    shape("octal-empty", end(file(b"f", b"", uid=bytes(8), gid=b" " * 8, size=bytes(12), mtime=bytes(12))))
    shape("octal-after-nul", end(file(b"f", mode=b"644\0junk")))
    shape("octal-largest", end(file(b"f", mtime=b"777777777777")))
    shape("mtime-0", end(file(b"f", mtime=0), folder(b"d", mtime=0), symlink(b"l", b"f", mtime=0)))
    shape("mtime-2100", end(file(b"f", mtime=4102444800)))
    shape("checksum-wrong", end(file(b"f", checksum=b"000001\0 ")), want="a header's checksum is wrong")
    shape("checksum-wrong-second", end(file(b"f"), file(b"g", checksum=b"000001\0 ")), want="a header's checksum is wrong")
    shape("checksum-text", end(file(b"f", checksum=b"zzzzzz\0 ")), want="a header's checksum is wrong")
    signed = head(b"\xff\xff", size=0)
    total = sum(b if b < 128 else b - 256 for b in signed[:148] + b" " * 8 + signed[156:])
    shape("checksum-signed", end(head(b"\xff\xff", size=0, checksum=b"%06o\0 " % total)))
    shape("magic-none", end(file(b"f", magic=bytes(8))))
    shape("gnu-times", end(file(b"f", magic=b"ustar  \0", prefix=octal(WHEN, 12) + octal(WHEN, 12))))
    shape("gnu-times-damaged", end(file(b"f", magic=b"ustar  \0", prefix=octal(WHEN, 12) + b"x/y")))
    shape("magic-gnu", end(file(b"f", magic=b"ustar  \0", prefix=b"not/a/prefix")))
    shape("magic-other", end(file(b"f", magic=b"abcdefgh")))


def shapes_streams():
    good = end(folder(b"d"), file(b"d/f", b"x" * 3000), symlink(b"l", b"d/f"))
    for at in (1, 511, 513, 600, 1024 + 1500, 1024 + 3000 + 10):
        shape(f"cut-{at}", good[:at], want="cut short")
    shape("cut-512", good[:512])
    shape("nothing", b"", want="not a single byte", note="an archive has at least its end")
    shape("no-tar", b"hello world\n" * 100, want="checksum is wrong")
    shape("gzip", gzip.compress(good, mtime=0), plain=[good])
    shape("gzip-members", gzip.compress(good[:2000], mtime=0) + gzip.compress(good[2000:], mtime=0), plain=[good])
    shape("gzip-cut", gzip.compress(good, mtime=0)[:-9], plain=[good], want="the gzip stream is cut short|cut short")
    shape("gzip-cut-trailer", gzip.compress(good, mtime=0)[:-3], plain=[good], want="the gzip stream is cut short")
    damaged = bytearray(gzip.compress(good, mtime=0))
    damaged[-6] ^= 1
    shape("gzip-crc", bytes(damaged), plain=[good], want="the gzip stream is damaged")
    shape("gzip-padded", gzip.compress(good, mtime=0) + bytes(5000), plain=[good], note="gzip(1) takes zeros after a member for padding, the reference does not")
    shape("gzip-padded-member", gzip.compress(good[:2000], mtime=0) + bytes(100) + gzip.compress(good[2000:], mtime=0), plain=[good], note="gzip(1) takes zeros after a member for padding, the reference does not")
    shape("gzip-garbage", gzip.compress(good, mtime=0) + b"garbage!" * 100, plain=[good], want="gzip stream")
    shape("gzip-text", gzip.compress(b"hello" * 500, mtime=0), plain=[b"hello" * 500], want="checksum is wrong")
    shape("gzip-in-gzip", gzip.compress(gzip.compress(good, mtime=0), mtime=0), plain=[gzip.compress(good, mtime=0)], want="checksum is wrong|cut short")
    packed = zstd(good)
    shape("zstd", packed, plain=[good])
    shape("zstd-frames", zstd(good[:2000]) + zstd(good[2000:]), plain=[good])
    shape("zstd-skippable", b"\x50\x2a\x4d\x18\x04\x00\x00\x00skip" + packed, plain=[good], note="the reference does not see that it is zstd")
    shape("zstd-skippable-after", packed + b"\x5f\x2a\x4d\x18\x04\x00\x00\x00skip", plain=[good])
    shape("zstd-cut", packed[:-5], plain=[good], want="the zstd stream is cut short|cut short")
    shape("zstd-garbage", packed + b"garbage!" * 100, plain=[good], want="the zstd stream is damaged")
    shape("zstd-window", bytes.fromhex("28b52ffd00f8") + b"\0" * 100, plain=[good], want="the zstd stream is damaged")
    shape("diff-id-wrong", good, plain=[good + b"\0"], want="the image's configuration says")
    shape("gzip-1-gib", gzip.compress(head(b"f", size=1 << 30, kind=b"V"), mtime=0) + zeros_gzip(1 << 20), plain=[b"?"], ask=False, want="unknown type 'V'")
    zeros = zstd(bytes(32 << 20))
    shape("zstd-zeros", zstd(head(b"f", size=64 << 20)) + zeros * 2 + zstd(bytes(1024)), plain=[head(b"f", size=64 << 20) + bytes((64 << 20) + 1024)])
    shape("zstd-bomb", zstd(end(file(b"f"))) + zeros * 33, plain=[b"?"], ask=False, want="this is a decompression bomb")
    shape("pax-bomb", b"".join([pax(*[(b"SCHILY.xattr.user.%d" % i, b"v" * 65000) for i in range(16)])] * 70) + end(file(b"f")),
          ask=False, want="or there are too many|1048576")


def shapes_many():
    shape("entries-200", end(*[head(b"e%d" % i, size=0) for i in range(200)]))
    shape("dirs-deep-removal", end(pax((b"path", b"/".join([b"d"] * 2000))), folder(b"x"), file(b"f"), file(b"../x")), want="leads out of the layer")
    deepest = b"/".join([b"d"] * 2000)
    shape("dirs-deeper-removal", end(pax((b"path", deepest)), folder(b"x"), pax((b"linkpath", deepest)), symlink(b"s", b"x"), pax((b"path", b"s/" + deepest)),
                                     folder(b"x"), file(b"../x")), want="leads out of the layer")


def make_all():
    for make in (shapes_names, shapes_links, shapes_again, shapes_whiteouts, shapes_kinds, shapes_xattrs, shapes_pax, shapes_sparse, shapes_numbers,
                 shapes_streams, shapes_many):
        make()
    for row in SHAPES:
        if row["name"] in TWICE:
            row["note"] = "the reference refuses a name that comes twice"
    return SHAPES


TWICE = """symlink-then-file symlink-then-dir symlink-then-fifo symlink-then-link symlink-cached symlink-cached-link dir-symlink-times hardlink-symlink-write
hardlink-then-write hardlink-over-dir twice-file twice-dir twice-dir-times file-over-dir dir-over-file dir-over-fifo file-over-dir-and-back
file-over-dir-below symlink-over-symlink-below wh-over-dir-below fifo-over-dir symlink-twice wh-new-then opq-twice wh-twice hardlink-self-there""".split()


# --- as images ---

def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def config(row):
    return json.dumps({"architecture": "amd64", "os": "linux", "config": {"Cmd": ["/f"]},
                       "rootfs": {"type": "layers", "diff_ids": [digest(p) for p in row["plain"]]}}).encode()


def describe(blob):
    """A layer's descriptor, of the type its first bytes say."""
    suffix = {b"\x1f\x8b": "+gzip", b"\x28\xb5": "+zstd"}.get(blob[:2], "")
    return {"mediaType": "application/vnd.oci.image.layer.v1.tar" + suffix, "digest": digest(blob), "size": len(blob)}


def archive_of(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def archive(row):
    """A docker-archive with the row's layers."""
    names = [f"l{i}.tar" for i in range(len(row["layers"]))]
    manifest = json.dumps([{"Config": "c.json", "RepoTags": [f"localhost/shape/{row['name'].lower()}:latest"], "Layers": names}]).encode()
    return archive_of([("c.json", config(row)), ("manifest.json", manifest)] + list(zip(names, row["layers"])))


def archive_oci(row):
    """The same as an oci-archive."""
    manifest_type = "application/vnd.oci.image.manifest.v1+json"
    manifest = json.dumps({"schemaVersion": 2, "mediaType": manifest_type, "layers": [describe(blob) for blob in row["layers"]],
                           "config": dict(describe(config(row)), mediaType="application/vnd.oci.image.config.v1+json")}).encode()
    name = f"localhost/shape/{row['name'].lower()}:latest"
    index = json.dumps({"schemaVersion": 2, "manifests": [
        dict(describe(manifest), mediaType=manifest_type, annotations={"org.opencontainers.image.ref.name": name})]}).encode()
    blobs = {digest(blob): blob for blob in [config(row), manifest] + row["layers"]}
    return archive_of([("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'), ("index.json", index)] +
                      [("blobs/sha256/" + d[7:], blob) for d, blob in blobs.items()])


def main():
    for row in make_all():
        with open(os.path.join(sys.argv[1], row["name"] + ".tar"), "wb") as out:
            out.write(archive(row))
    print(len(SHAPES), "shapes")


if __name__ == "__main__":
    main()
