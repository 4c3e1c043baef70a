"""Does what a container types with TIOCSTI arrive in its caller's terminal? Used by tests/integration/sandbox_kernel.bats.

usage: typing.py control|run|run_tty|exec|exec_tty       environment: CPOD_WORDS (the words of the program, one a line), PROBE
The command runs with a terminal of its own; afterwards nothing may be waiting there to be read. control types without a container: where the
kernel lets nobody type any more (dev.tty.legacy_tiocsti 0) it says so.
"""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import time

CPOD = os.environ['CPOD_WORDS'].split('\n')
TYPED = 'evil'
LIMIT_S = 20


def type_as(words):
    """What waits in the terminal after the words have run in it."""
    master, slave = pty.openpty()
    modes = termios.tcgetattr(slave)
    modes[3] &= ~(termios.ICANON | termios.ECHO)  # every byte counts, not lines alone
    termios.tcsetattr(slave, termios.TCSANOW, modes)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in range(3):
            os.dup2(slave, fd)
        os.closerange(3, 100)
        os.execvp(words[0], words)
    os.set_blocking(master, False)
    seen, end = b'', time.monotonic() + LIMIT_S
    while os.waitpid(pid, os.WNOHANG)[0] == 0 and time.monotonic() < end:
        try:
            seen += os.read(master, 4096)
        except BlockingIOError:
            time.sleep(0.01)
    if time.monotonic() >= end:
        sys.exit(f'{words} did not end; saw {seen!r}')
    try:
        seen += os.read(master, 4096)
    except (BlockingIOError, OSError):
        pass
    termios.tcsetattr(slave, termios.TCSANOW, modes)
    waiting = struct.unpack('i', fcntl.ioctl(slave, termios.FIONREAD, b'\0' * 4))[0]
    return waiting, seen.decode(errors='replace')


def main(kind):
    if kind == 'control':
        waiting, seen = type_as([os.environ['PROBE'], 'tiocsti', TYPED])
        legacy = '/proc/sys/dev/tty/legacy_tiocsti'
        off = os.path.exists(legacy) and open(legacy).read().strip() == '0'
        # root types all the same (CAP_SYS_ADMIN)
        if waiting != len(TYPED) and not off:
            sys.exit(f'the control typed {waiting} bytes: {seen!r}')
        return
    verb, _, tty = kind.partition('_')
    flags = ['-i'] + (['-t'] if tty else [])
    if verb == 'run':
        words = CPOD + ['run', '--rm', '--network', 'none', '--cap-add', 'sys_admin'] + flags + ['probe']
    else:
        subprocess.run(CPOD + ['run', '-d', '--replace', '--name', 'typed', '--network', 'none', '--cap-add', 'sys_admin', 'probe', 'sleep', '100'],
                       check=True, capture_output=True)
        words = CPOD + ['exec'] + flags + ['typed']
    waiting, seen = type_as(words + ['probe', 'tiocsti', TYPED])
    if waiting:
        sys.exit(f'{waiting} bytes were typed into the terminal; saw {seen!r}')
    if 'open' not in seen and 'E' not in seen:
        sys.exit(f'the probe said nothing: {seen!r}')


main(sys.argv[1])
