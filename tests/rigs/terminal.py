"""A terminal for a command, driven like a person would: used by tests/integration/tty.bats and by selecting.py.

usage: terminal.py CASE            environment: CPOD_WORDS, the words of the program with its store, one a line
Each case is a function below; what was seen is printed when a case fails.
"""
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

CPOD = os.environ['CPOD_WORDS'].split('\n')
PROMPT = r'/ # '
SLEEP = 'sh -c "echo beg""un; exec sleep 100"'  # keys before it runs would be the shell's own
LIMIT_S = 20


class Terminal:
    def __init__(self, *words, rows=24, cols=80):
        self.seen = ''
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # stands still until the terminal has its size
            sys.stdin.buffer.raw.read(1)
            os.execvp(CPOD[0], CPOD + list(words))
        self.resize(rows, cols)
        self.before = termios.tcgetattr(self.fd)
        os.write(self.fd, b'\n')
        self.expect('\r\n')

    def resize(self, rows, cols):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, cols, 0, 0))

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.fd, 4096)
        except OSError as e:
            if e.errno != errno.EIO:  # the other side is closed
                raise
            data = b''
        self.seen += data.decode(errors='replace')
        return bool(data)

    def expect(self, pattern):
        """Waits for the pattern after what was expected before; returns the match."""
        end = time.monotonic() + LIMIT_S
        while True:
            match = re.search(pattern, self.seen)
            if match:
                self.seen = self.seen[match.end():]
                return match
            if time.monotonic() > end or not self.read(end - time.monotonic()):
                match = re.search(pattern, self.seen)
                if match:
                    continue
                sys.exit(f'expected {pattern!r}, saw {self.seen!r}')

    def send(self, text):
        os.write(self.fd, text.encode())

    def line(self, text, pattern):
        """Types a line at the prompt; the pattern is looked for after its echo."""
        self.send(text + '\n')
        self.expect(re.escape(text) + '\r\n')
        return self.expect(pattern)

    def interrupt(self):
        """Types control-C until the prompt is back: a job that fg has just named does not own the terminal yet."""
        for _ in range(LIMIT_S * 2):
            self.send('\x03')
            end = time.monotonic() + 0.5
            while time.monotonic() < end and not re.search(PROMPT, self.seen):
                self.read(end - time.monotonic())
            if re.search(PROMPT, self.seen):
                break
        self.expect(PROMPT)

    def leave(self, code):
        """Types exit; again where the shell threw it away while it changed the terminal's modes, as it does at each prompt."""
        for _ in range(LIMIT_S // 2):
            self.send(f'exit {code}\n')
            end = time.monotonic() + 2
            while self.read(max(0, end - time.monotonic())):
                pass
            if time.monotonic() < end:
                break
        self.end(code)

    def end(self, code):
        end = time.monotonic() + LIMIT_S
        while self.read(max(0, end - time.monotonic())):
            pass
        status = os.waitpid(self.pid, 0)[1]
        got = os.waitstatus_to_exitcode(status)
        if got != code:
            sys.exit(f'ended with {got}, not {code}; saw {self.seen!r}')


def cpod(*words):
    import subprocess
    return subprocess.run(CPOD + list(words), capture_output=True, text=True).stdout.strip()


def shell():
    """A shell has a terminal of the right size, job control and its own exit code; ours is left as it was."""
    t = Terminal('run', '--rm', '-it', '--network', 'none', 'busy', 'sh', rows=31, cols=97)
    t.expect(PROMPT)
    t.line('tty', r'/dev/(pts/0|console)\r\n')
    t.line('stty size', r'31 97\r\n')
    t.line('echo $TERM', r'xterm\r\n')
    t.line(SLEEP, 'begun')
    t.interrupt()
    t.line('echo code $?', r'code 130\r\n')
    t.line(SLEEP, 'begun')
    t.send('\x1a')
    t.expect('Stopped')
    t.line('jobs', 'Stopped')
    t.line('fg', 'sleep 100')
    t.interrupt()
    t.leave(7)


def modes():
    """The caller's terminal is raw while the container has it, and as before afterwards, also when the command is killed."""
    t = Terminal('run', '--rm', '-it', '--name', 'raw', '--network', 'none', 'busy', 'sh')
    t.expect(PROMPT)
    if termios.tcgetattr(t.fd)[3] & termios.ICANON:
        sys.exit('the terminal is not raw')
    t.send('exit\n')
    # the master still shows the modes when the last process has gone
    end = time.monotonic() + LIMIT_S
    while t.read(max(0, end - time.monotonic())):
        pass
    after = termios.tcgetattr(t.fd)
    if after[3] != t.before[3] or after[0] != t.before[0]:
        sys.exit(f'the terminal was left changed: {after[:4]} instead of {t.before[:4]}')
    t.end(0)


def resize():
    """A new size of our terminal is the container's; of an exec session, too."""
    t = Terminal('run', '--rm', '-it', '--name', 'size', '--network', 'none', 'busy', 'sh')
    t.expect(PROMPT)
    t.line("trap 'stty size' WINCH; echo set", 'set')
    t.resize(50, 132)
    t.expect(r'50 132|/ # ')
    t.line('', PROMPT)
    t.line('stty size', r'50 132\r\n')
    e = Terminal('exec', '-it', 'size', 'sh', rows=11, cols=44)
    e.expect(PROMPT)
    e.line('stty size', r'11 44\r\n')
    e.resize(12, 45)
    e.line('sleep 0.2; stty size', r'12 45\r\n')
    e.leave(4)
    t.leave(0)


def detach():
    """The keys leave a container that goes on; attach comes back to it."""
    t = Terminal('run', '-it', '--name', 'left', '--network', 'none', 'busy', 'sh')
    t.expect(PROMPT)
    t.line('X=kept; echo first', r'first\r\n')
    t.send('\x10\x11')
    t.end(0)
    if cpod('inspect', 'left', '--format', '{{.State.Status}}') != 'running':
        sys.exit('the container did not go on')
    t = Terminal('attach', 'left')
    t.send('\n')
    t.expect(PROMPT)
    t.line('echo $X again', r'kept again\r\n')
    t.leave(9)


def keys():
    """Other keys, and a half of them that was meant for the container."""
    t = Terminal('run', '-it', '--name', 'keys', '--detach-keys', 'ctrl-a,d', '--network', 'none', 'busy', 'cat')
    t.send('one\n')
    t.expect(r'one\r\none\r\n')
    t.send('\x01x\n')
    t.expect(r'\^Ax\r\n')
    t.send('\x01d')
    t.end(0)


def end_of_input():
    """Control-D ends what reads the terminal."""
    t = Terminal('run', '--rm', '-it', '--network', 'none', 'busy', 'cat')
    t.send('text\n')
    t.expect(r'text\r\ntext\r\n')
    t.send('\x04')
    t.end(0)


def session():
    """exec has its own terminal with job control; the main program's is not touched."""
    cpod('run', '-d', '--name', 'main', '--network', 'none', 'busy', 'sleep', '1000')
    t = Terminal('exec', '-it', '-e', 'V=w', 'main', 'sh')
    t.expect(PROMPT)
    t.line('tty; echo $V', r'/dev/pts/\d+\r\nw\r\n')
    t.line(SLEEP, 'begun')
    t.interrupt()
    t.send('\x10\x11')  # detached: the session goes on, the command ends
    t.end(0)


def stop_signal_reaches():
    """Without a terminal of its own the container gets the signals the command gets."""
    t = Terminal('run', '--rm', '--network', 'none', 'busy', 'sh', '-c', "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.05; done")
    t.expect('ready')
    os.kill(t.pid, signal.SIGTERM)
    t.expect('caught')
    t.end(5)


if __name__ == '__main__':
    globals()[sys.argv[1]]()
