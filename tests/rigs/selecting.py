"""A person who is asked which image a short name means: used by tests/integration/short_names.bats.

usage: selecting.py KEYS CODE FIRST WORD...      environment: as for terminal.py
KEYS: down, up, enter, cancel, end, left, killed, text:TEXT; joined by commas. FIRST: the name that is marked when the question stands.
rows=N before KEYS: how high the terminal is. What came after the keys is printed.
"""
import os
import re
import signal
import sys
import termios

from terminal import Terminal

KEYS = {'down': '\x1b[B', 'up': '\x1b[A', 'application-down': '\x1bOB', 'left': '\x1b[D', 'page': '\x1b[6~', 'enter': '\r', 'cancel': '\x03', 'end': '\x04'}


def main(words):
    rows = 24
    if words[0].startswith('rows='):
        rows = int(words.pop(0)[5:])
    keys, code, first = words[:3]
    t = Terminal(*words[3:], rows=rows)
    t.expect(r'Please select an image: ?.*\n')
    t.expect(re.escape(first))
    if 'NO_COLOR' in os.environ or rows < 5:
        t.expect('Number: ')
    else:
        t.expect(r'\x1b\[0m(\r\n\x1b\[2K    [^\n]*)*\r\n')
    for key in keys.split(','):
        if key == 'killed':
            os.kill(t.pid, signal.SIGTERM)
        elif key.startswith('text:'):
            t.send(key[5:] + '\n')
        else:
            t.send(KEYS[key])
    while t.read(20):
        pass
    print(t.seen)
    after = termios.tcgetattr(t.fd)
    if after[:4] != t.before[:4]:
        sys.exit(f'the terminal was left changed: {after[:4]} instead of {t.before[:4]}')
    if '\x1b[?25l' in t.seen and not t.seen.rindex('\x1b[?25h') > t.seen.rindex('\x1b[?25l'):
        sys.exit('the cursor stays hidden')
    t.end(int(code))


main(sys.argv[1:])
