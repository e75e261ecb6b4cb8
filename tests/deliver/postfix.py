"""A real Postfix on loopback, from a configuration of its own, that delivers into Maildirs.

Needs the `postfix` package (it need not run) and root, because Postfix changes to other users; says so where it cannot.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

MAIN = """compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
maillog_file = {root}/log/mail.log
maillog_file_prefixes = {root}/log
myhostname = relay.example.net
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
virtual_mailbox_domains = example.org
virtual_mailbox_base = {root}/boxes
virtual_mailbox_maps = texthash:{root}/users
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
"""
MASTER = """127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def missing() -> str:
    """Why no Postfix can be started here, or ""."""
    if shutil.which("postfix", path=_PATH) is None:
        return "no postfix is installed (apt-get install postfix)"
    return "" if os.geteuid() == 0 else "Postfix can only be started by root"


_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


class Postfix:
    """Takes mail for `users` of example.org and refuses others; a context manager. `more` are lines for its main.cf."""

    def __init__(self, *users: str, more: str = "") -> None:
        self._more = more
        self.root = Path(tempfile.mkdtemp(prefix="postfix-"))
        self._users = users
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def __enter__(self) -> "Postfix":
        self.root.chmod(0o755)
        nobody, owner = pwd.getpwnam("nobody"), pwd.getpwnam("postfix")
        for name in ("config", "queue", "data", "log", "boxes"):
            (self.root / name).mkdir(mode=0o755)
        os.chown(self.root / "data", owner.pw_uid, owner.pw_gid)
        os.chown(self.root / "boxes", nobody.pw_uid, nobody.pw_gid)
        (self.root / "users").write_text("".join(f"{user}@example.org {user}/\n" for user in self._users))
        fields = {"root": self.root, "port": self.port, "uid": nobody.pw_uid, "gid": nobody.pw_gid}
        (self.root / "config/main.cf").write_text(MAIN.format(**fields) + self._more)
        (self.root / "config/master.cf").write_text(MASTER.format(**fields))
        started = self._tell("start")
        if started.returncode != 0:
            log = self.root / "log/mail.log"
            told = started.stderr + (log.read_text() if log.exists() else "")
            self.__exit__()
            raise RuntimeError(f"Postfix does not start: {told[-2000:]}")
        return self

    def __exit__(self, *_: object) -> None:
        self._tell("stop")
        shutil.rmtree(self.root, ignore_errors=True)

    def _tell(self, what: str) -> "subprocess.CompletedProcess[str]":
        command = ["postfix", "-c", str(self.root / "config"), what]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "PATH": _PATH}
        )

    def mails(self, user: str, expected: int, patience_s: float = 20.0) -> list[bytes]:
        """The messages in the user's Maildir, oldest first, once there are as many as expected (or patience ends)."""
        folder, end = self.root / "boxes" / user / "new", time.monotonic() + patience_s
        while True:
            found = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime) if folder.is_dir() else []
            if len(found) >= expected or time.monotonic() > end:
                return [path.read_bytes() for path in found]
            time.sleep(0.05)


def as_sent(delivered: bytes) -> bytes:
    """A message of a Maildir as it was handed over: without what the server put before it, lines ending in CRLF."""
    added = (b"Return-Path:", b"X-Original-To:", b"Delivered-To:", b"Received:", b"\t", b" ")
    lines = delivered.split(b"\n")
    while lines and lines[0].startswith(added):
        lines.pop(0)
    return b"\r\n".join(lines)
