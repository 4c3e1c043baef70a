#!/usr/bin/env python3
"""tree_list.py DIR [SKIP...] - one line for each file below DIR: what a container can see of it, in a fixed order.

path type mode uid:gid links mtime what: the link's text, the device, or size and the first half of the sha256; then attributes. A time
of today is "now": such a directory was made because the archive had forgotten it. Names are printed as Python prints bytes.
"""
import hashlib
import os
import stat
import sys
import time

KINDS = {stat.S_IFREG: "f", stat.S_IFDIR: "d", stat.S_IFLNK: "l", stat.S_IFCHR: "c", stat.S_IFBLK: "b", stat.S_IFIFO: "p",
         stat.S_IFSOCK: "s"}
# what an overlay mount or the machine adds by itself
IGNORED = ("trusted.overlay.origin", "trusted.overlay.impure", "user.overlay.origin", "user.overlay.impure")


def name_of(path):
    return os.fsencode(path).decode("latin-1").encode("unicode_escape").decode("ascii").replace(" ", "\\x20")


def time_of(ns):
    if abs(ns / 1e9 - time.time()) < 86400:
        return "now"
    seconds, rest = divmod(ns, 10**9)
    return f"{seconds}.{rest:09d}" if rest else str(seconds)


def content_of(path, size):
    if size > 64 << 20:  # sparse and huge: its head will do
        with open(path, "rb") as f:
            return hashlib.sha256(f.read(1 << 20)).hexdigest()[:32]
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()[:32]


def xattrs_of(path):
    out = []
    for name in sorted(os.listxattr(path, follow_symlinks=False)):
        if name not in IGNORED:
            out.append(f"{name}={os.getxattr(path, name, follow_symlinks=False).hex()[:80]}")
    return out


def line_of(path, shown):
    try:
        st = os.lstat(path)
    except FileNotFoundError:  # overlayfs lists a whiteout of a directory that no other layer has
        return shown + " hidden"
    kind = KINDS[stat.S_IFMT(st.st_mode)]
    words = [shown, kind, oct(st.st_mode & 0o7777)[2:], f"{st.st_uid}:{st.st_gid}", str(st.st_nlink) if kind != "d" else "-",
             time_of(st.st_mtime_ns)]
    if kind == "l":
        words.append("->" + name_of(os.readlink(path)))
    elif kind in "cb":
        words.append(f"{os.major(st.st_rdev)}:{os.minor(st.st_rdev)}")
    elif kind == "f":
        words += [str(st.st_size), content_of(path, st.st_size)]
    return " ".join(words + xattrs_of(path))


def short(label):
    """Long names by their digest."""
    return label if len(label) <= 120 else label[:40] + "..." + hashlib.sha256(label.encode()).hexdigest()[:16]


def tree_list(top, skip=()):
    out = [line_of(top, ".")]

    def walk(where, shown):
        fd = os.open(where, os.O_RDONLY | os.O_DIRECTORY)  # names may be as long as the kernel takes: from here on by descriptor
        for name in sorted(os.listdir(fd), key=os.fsencode):
            path, label = f"/proc/self/fd/{fd}/{name}", (shown + "/" if shown else "") + name_of(name)
            if label in skip:
                continue
            out.append(line_of(path, short(label)))
            if os.path.isdir(path) and not os.path.islink(path):
                walk(path, label)
        os.close(fd)

    walk(top, "")
    return out


if __name__ == "__main__":
    print("\n".join(tree_list(sys.argv[1], sys.argv[2:])))
