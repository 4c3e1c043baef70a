"""What the check-* tools share: finding our C files, blanking comments and strings, saying what is wrong where."""
import argparse
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code_only(text, keep_strings=False):
    """The text with comments (and the insides of strings) blanked; every line and column stays where it was."""
    def blank(match):
        token = match.group(0)
        if token[0] in '"\'':
            return token if keep_strings else token[0] + ' ' * (len(token) - 2) + token[0]
        return re.sub(r'[^\n]', ' ', token)
    return _TOKEN.sub(blank, text)


def c_files(*tops, suffixes=('.c', '.h')):
    """Paths relative to the root, sorted."""
    found = []
    for top in tops:
        for folder, folders, names in os.walk(os.path.join(ROOT, top)):
            folders.sort()
            found += [os.path.relpath(os.path.join(folder, n), ROOT) for n in names if n.endswith(suffixes)]
    return sorted(found)


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8', errors='replace') as file:
        return file.read()


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


def allowed(name):
    """An allow-list: `path word reason`, one a line. Gives {(path, word): line number}; a row without a reason ends the program."""
    rows = {}
    path = os.path.join('tools', name)
    for number, line in enumerate(read(path).splitlines(), 1):
        if not line.strip() or line.startswith('#'):
            continue
        words = line.split(None, 2)
        if len(words) < 3:
            sys.exit(f'{path}:{number}: a row is: path word reason')
        rows[words[0], words[1]] = number
    return rows


class Report:
    """Collects messages; done() prints them and gives the exit code."""
    def __init__(self, tool, description, **arguments):
        parser = argparse.ArgumentParser(prog=tool, description=description)
        for name, options in arguments.items():
            parser.add_argument(name, **options)
        self.args = parser.parse_args()
        self.tool = tool
        self.messages = []

    def add(self, path, line, text):
        self.messages.append((path, line, text))

    def unused(self, name, rows, used):
        for key in sorted(set(rows) - used):
            self.add('tools/' + name, rows[key], f"nothing needs the row '{key[0]} {key[1]}'")

    def done(self, summary):
        for path, line, text in sorted(self.messages):
            print(f'{path}:{line}: {text}')
        if self.messages:
            print(f'{self.tool}: {len(self.messages)} to mend', file=sys.stderr)
            return 1
        print(f'{self.tool}: {summary}')
        return 0
