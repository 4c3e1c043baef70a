#!/usr/bin/env python3
"""A server that answers the first bytes of every connection, or a datagram, with a line.

usage: echo_server.py tcp|udp ADDRESS FILE [PORT]    FILE gets the port, once it is open; without PORT it is a free one
       echo_server.py ask tcp|udp ADDRESS PORT [TEXT]    prints what such a server answers; 1 when there is no answer in 3 seconds
"""
import os
import socket
import sys

KINDS = {'tcp': socket.SOCK_STREAM, 'udp': socket.SOCK_DGRAM}


def serve(kind, address, path, port=0):
    s = socket.socket(socket.AF_INET, KINDS[kind])
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, int(port)))
    if kind == 'tcp':
        s.listen(16)
    with open(path + '.new', 'w') as f:
        f.write(str(s.getsockname()[1]))
    os.rename(path + '.new', path)
    while True:
        if kind == 'udp':
            data, peer = s.recvfrom(1000)
            s.sendto(b'answer ' + data, peer)
            continue
        c, _ = s.accept()
        c.sendall(b'answer ' + c.recv(1000))
        c.close()


def ask(kind, address, port, text='x'):
    s = socket.socket(socket.AF_INET, KINDS[kind])
    s.settimeout(3)
    try:
        s.connect((address, int(port)))
        s.send(text.encode() + b'\n')
        print(s.recv(1000).decode().strip())
    except OSError:
        sys.exit(1)


if sys.argv[1] == 'ask':
    ask(*sys.argv[2:])
else:
    serve(*sys.argv[1:])
