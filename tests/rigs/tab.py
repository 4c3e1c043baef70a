"""A person who presses TAB: types lines into a shell on a terminal of its own. Used by tests/integration/completion.bats.

usage: tab.py SHELL SCRIPT LINE...       SHELL: bash, zsh or fish; SCRIPT: what `completion` printed, which zsh finds by its name (_cpod);
\\t in a line is the key.
The program typed must be one that writes its words into $TAB_LOG, a line each time; they are printed as they come, or what was
seen when one does not come. The shells read no file of the user's.
"""
import os
import pty
import select
import shlex
import sys
import time

LIMIT_S = 20
SHELLS = {
    'bash': (['bash', '--norc', '--noprofile', '-i'], "bind 'set bell-style none'; source {}"),
    'zsh': (['zsh', '-f', '-i'], 'fpath=({directory} $fpath); autoload -U compinit; compinit -u -D; unsetopt beep'),
    'fish': (['fish', '--no-config', '-i'], 'source {}'),
}


class Shell:
    def __init__(self, name, script):
        words, setup = SHELLS[name]
        self.seen, self.log = b'', os.environ['TAB_LOG']
        pid, self.fd = pty.fork()
        if pid == 0:
            os.environ.update(TERM='dumb' if name == 'fish' else 'xterm', PS1='$ ', HISTFILE='')
            os.execvp(words[0], words)
        self.line(setup.replace('{directory}', shlex.quote(os.path.dirname(script))).replace('{}', shlex.quote(script)) + f'; echo ready >> {shlex.quote(self.log)}')

    def logged(self):
        with open(self.log) as f:
            return f.read().splitlines()

    def drain(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            sys.exit(f'the shell has ended; seen: {self.seen!r}')
        self.seen += data
        if b'\x1b[c' in data:  # fish asks what the terminal is
            os.write(self.fd, b'\x1b[?1;2c')

    def line(self, text):
        """Types the line and returns what it has logged."""
        count, end = len(self.logged()), time.monotonic() + LIMIT_S
        os.write(self.fd, text.encode() + b'\r')
        while len(self.logged()) == count:
            if time.monotonic() > end:
                sys.exit(f'nothing came of {text!r}; seen: {self.seen!r}')
            self.drain(0.05)
        return self.logged()[-1]


def main():
    open(os.environ['TAB_LOG'], 'w').close()
    shell = Shell(sys.argv[1], sys.argv[2])
    for line in sys.argv[3:]:
        print(shell.line(line.replace('\\t', '\t')), flush=True)


main()
