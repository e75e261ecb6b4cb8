"""A real Dovecot on loopback, from a configuration of its own: one user's Maildir by IMAP and POP3, plain and with TLS.

Needs the `dovecot-imapd` and `dovecot-pop3d` packages (none need run) and root, because Dovecot changes to other users;
says so where it cannot.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

USER, PASSWORD = "digest", "let me/in @once"
CONFIG = """base_dir = {root}/run
log_path = {root}/log
protocols = imap pop3
auth_mechanisms = plain
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{root}/box
ssl = yes
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
passdb {{
  driver = passwd-file
  args = {root}/passwd
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps}
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    address = 127.0.0.1
    port = {pop3}
  }}
  inet_listener pop3s {{
    address = 127.0.0.1
    port = {pop3s}
  }}
}}
"""
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def missing() -> str:
    """Why no Dovecot can be started here, or ""."""
    if shutil.which("dovecot", path=_PATH) is None or not Path("/usr/lib/dovecot/pop3").exists():
        return "no dovecot is installed (apt-get install dovecot-imapd dovecot-pop3d)"
    return "" if os.geteuid() == 0 else "Dovecot can only be started by root"


class Dovecot:
    """Serves the Maildir `box`; a context manager. Ports by protocol: imap, imaps, pop3, pop3s."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.box = self.root / "box"
        self.ports: dict[str, int] = {}

    def __enter__(self) -> "Dovecot":
        self.root.chmod(0o755)
        nobody = pwd.getpwnam("nobody")
        for name in ("run", "home", "box", "box/new", "box/cur", "box/tmp"):
            (self.root / name).mkdir(mode=0o755)
        self._owned()
        (self.root / "passwd").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        command += ["-keyout", str(self.root / "key.pem"), "-out", str(self.root / "cert.pem")]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        for protocol in ("imap", "imaps", "pop3", "pop3s"):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.ports[protocol] = probe.getsockname()[1]
        fields = {"root": self.root, "uid": nobody.pw_uid, "gid": nobody.pw_gid, **self.ports}
        (self.root / "dovecot.conf").write_text(CONFIG.format(**fields))
        self._process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.root / "dovecot.conf")],
            env={**os.environ, "PATH": _PATH},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._wait()
        return self

    def _wait(self) -> None:
        for _ in range(200):
            if self._process.poll() is not None:
                break
            try:
                with socket.create_connection(("127.0.0.1", self.ports["pop3s"]), 1):
                    return
            except OSError:
                time.sleep(0.05)
        self._process.terminate()
        log = self.root / "log"
        told = (log.read_text() if log.exists() else "") + (self._process.communicate(timeout=20)[0] or "")
        shutil.rmtree(self.root, ignore_errors=True)
        raise RuntimeError(f"Dovecot does not start: {told[-2000:]}")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=20)
        shutil.rmtree(self.root, ignore_errors=True)

    def put(self, name: str, body: bytes) -> None:
        """A message as it is delivered."""
        (self.box / "new" / name).write_bytes(body)
        self._owned()

    def _owned(self) -> None:
        nobody = pwd.getpwnam("nobody")
        for path in (self.root / "home", self.box, *self.box.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)

    def url(self, protocol: str, password: str = PASSWORD) -> str:
        """Where it listens, and who may read."""
        from urllib.parse import quote

        return f"{protocol}://{USER}:{quote(password, safe='')}@127.0.0.1:{self.ports[protocol]}"
