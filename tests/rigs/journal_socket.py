#!/usr/bin/env python3
"""journal_socket.py - stands where the journal's socket is. usage: journal_socket.py MODE READY
take    prints each entry as one line of JSON: its fields as lists of bytes, "sealed" where it came as a memfd
stuck   takes nothing until it gets SIGUSR1, then as take
"""
import fcntl
import json
import os
import signal
import socket
import struct
import sys

PATH = '/run/systemd/journal/socket'
SEALS = 0xF  # seal, shrink, grow, write: the journal takes no file that lacks one
F_GET_SEALS = 1034


def fields(data):
    """SPEC Native Journal Protocol; anything else ends us."""
    found = []
    while data:
        line, end, rest = data.partition(b'\n')
        assert end, data[:80]
        name, equals, value = line.partition(b'=')
        if not equals:
            (size,) = struct.unpack('<Q', rest[:8])
            value, data = rest[8:8 + size], rest[8 + size:]
            assert len(value) == size and data[:1] == b'\n', name
            data = data[1:]
        else:
            data = rest
        assert name and name.replace(b'_', b'').isalnum() and name == name.upper() and not name.startswith(b'_'), name
        found.append((name.decode(), list(value)))
    return found


def main():
    mode, ready = sys.argv[1:]
    at = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    if os.path.exists(PATH):
        os.unlink(PATH)
    at.bind(PATH)
    os.chmod(PATH, 0o666)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    open(ready, 'w').close()
    if mode == 'stuck':
        signal.sigwait({signal.SIGUSR1})
    while True:
        data, fds, _, _ = socket.recv_fds(at, 1 << 20, 4)
        sealed = bool(fds)
        if sealed:
            assert not data and len(fds) == 1 and fcntl.fcntl(fds[0], F_GET_SEALS) & SEALS == SEALS
            with open(fds[0], 'rb') as f:
                f.seek(0)
                data = f.read()
        print(json.dumps({'sealed': sealed, 'fields': dict(fields(data))}), flush=True)


main()
