#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Run a command on a terminal, type on it and read its screen.

    terminal.py [ACTION…] -- COMMAND…

Actions, done in this order:
    expect=REGEX    wait until what came since the last match has it
    send=TEXT       type TEXT; \\n, \\x10 and the like are understood
    size=ROWSxCOLS  resize; as the first action, the size at the start
    signal=NAME     signal the command
    hangup          take the terminal away
    sleep=SECONDS
    stopped         wait until the command is stopped (^Z); then continue it

All that came is printed. Ends as COMMAND did: its status, 128+n for signal n.
124: an `expect` came to nothing in TIMEOUT (10) seconds; 123: the terminal's
settings are not what they were before.
"""
import fcntl
import os
import re
import select
import signal
import struct
import sys
import termios
import time

TIMEOUT = float(os.environ.get("TIMEOUT", "10"))


class Terminal:
    def __init__(self, size, command):
        # The slave stays open here: the settings can be read at the end, and
        # the master does not fail before.
        self.master, self.slave = os.openpty()
        self.resize(size)
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""
        self.mark = 0
        self.pid = os.fork()
        if self.pid == 0:
            self.become(command)

    def become(self, command):
        # whoever runs the tests under nohup means us, and not the command
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        os.setsid()
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(self.slave, fd)
        os.closerange(3, 64)
        try:
            os.execvp(command[0], command)
        except OSError as error:
            print("terminal.py: %s: %s" % (command[0], error.strerror))
            os._exit(127)

    def resize(self, size):
        rows, cols = (int(n) for n in size.split("x"))
        size = struct.pack("HHHH", rows, cols, 0, 0)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)

    def read(self, seconds):
        """Take what comes within some seconds; False when nothing did."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.seen += data
        os.write(1, data)
        return True

    def expect(self, regex):
        until = time.monotonic() + TIMEOUT
        while True:
            found = re.search(regex.encode(), self.seen[self.mark:])
            if found:
                self.mark += found.end()
                return
            left = until - time.monotonic()
            if left <= 0:
                self.give_up("'%s' did not come" % regex)
            self.read(min(left, 0.1))

    def give_up(self, why):
        print("\nterminal.py: %s in %g s" % (why, TIMEOUT), file=sys.stderr)
        os.kill(self.pid, signal.SIGKILL)
        sys.exit(124)

    def send(self, text):
        data = text.encode().decode("unicode_escape").encode("latin-1")
        while data:
            data = data[os.write(self.master, data):]

    def signal(self, name):
        os.kill(self.pid, getattr(signal, "SIG" + name))

    def hangup(self):
        os.close(self.slave)
        os.close(self.master)
        self.master = self.slave = -1

    def stopped(self):
        until = time.monotonic() + TIMEOUT
        while os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)[0] == 0:
            if time.monotonic() > until:
                self.give_up("the command did not stop")
            self.read(0.02)
        os.kill(self.pid, signal.SIGCONT)

    def wait(self):
        """Wait for the command; all that it wrote is read first."""
        until = time.monotonic() + TIMEOUT
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if self.master >= 0:
                while self.read(0 if pid else 0.02):
                    pass
            elif not pid:
                time.sleep(0.02)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > until:
                self.give_up("the command did not end")

    def is_changed(self):
        return (self.slave >= 0
                and termios.tcgetattr(self.slave) != self.before)


def main():
    words = sys.argv[1:]
    if "--" not in words:
        sys.exit(__doc__)
    actions = words[:words.index("--")]
    command = words[words.index("--") + 1:]
    size = "24x80"
    if actions and actions[0].startswith("size="):
        size = actions.pop(0)[5:]
    terminal = Terminal(size, command)
    for action in actions:
        name, _, value = action.partition("=")
        if name == "sleep":
            time.sleep(float(value))
        elif name == "size":
            terminal.resize(value)
        elif name in ("hangup", "stopped"):
            getattr(terminal, name)()
        elif name in ("expect", "send", "signal"):
            getattr(terminal, name)(value)
        else:
            terminal.signal("KILL")
            sys.exit("terminal.py: unknown action '%s'" % name)
    status = terminal.wait()
    if terminal.is_changed():
        print("\nterminal.py: the terminal's settings were changed",
              file=sys.stderr)
        sys.exit(123)
    sys.exit(128 - status if status < 0 else status)


if __name__ == "__main__":
    main()
