"""Deliver room, channels: an issue as a message in a Maildir, an mbox file, or a folder of .eml files.

What is there already is seen before anything is written, so that a try cut short by a crash is simply made again.
"""

import fcntl
import os
import re
from email.utils import formatdate
from pathlib import Path

from digest.deliver import folder
from digest.deliver.channels.parcel import Handing, Means, Parcel
from digest.deliver.outbox import Outcome
from digest.errors import DigestError
from digest.model import Channel, Edition

DONE = Outcome(kind="accepted", words="written")


def maildir(channel: Channel, parcel: Parcel, means: Means, _handing: Handing) -> Outcome:
    """Into ``new`` of a Maildir, by way of ``tmp``; a mail program may have moved it to ``cur`` since."""
    root = Path(channel.path)
    try:
        for name in ("tmp", "new", "cur"):
            (root / name).mkdir(parents=True, exist_ok=True)
        if any(parcel.key in name.name for part in ("new", "cur") for name in (root / part).iterdir()):
            return DONE
        name = f"{int(means.now.timestamp())}.{parcel.key}.digest"
        _write(root / "tmp" / name, parcel.body.replace(b"\r\n", b"\n"))
        (root / "tmp" / name).replace(root / "new" / name)
    except OSError as error:
        return _unwritten(root, error)
    return DONE


def eml(channel: Channel, parcel: Parcel, _means: Means, _handing: Handing) -> Outcome:
    """``NEWSLETTER-YYYY-MM-DD.eml`` in a folder, whole or not at all."""
    name = parcel.issue_id.replace("/", "-") + ".eml"
    try:
        Path(channel.path).mkdir(parents=True, exist_ok=True)
        folder.write([Edition(path=name, media_type="message/rfc822", body=parcel.body)], Path(channel.path))
    except (OSError, DigestError) as error:
        return Outcome(kind="again", words=str(error))
    return DONE


def mbox(channel: Channel, parcel: Parcel, means: Means, _handing: Handing) -> Outcome:
    """At the end of an mbox file (the kind that quotes every ``From`` line), under the lock mail programs use."""
    path = Path(channel.path)
    head = f"From digest {formatdate(means.now.timestamp())[5:25]} {parcel.key}\n".encode()
    body = re.sub(rb"(?m)^(>*From )", rb">\1", parcel.body.replace(b"\r\n", b"\n"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX)
            _append(file.fileno(), head, body.rstrip(b"\n") + b"\n\n", parcel.key.encode())
    except OSError as error:
        return _unwritten(path, error)
    return DONE


def _append(file: int, head: bytes, body: bytes, key: bytes) -> None:
    """Adds a message; one of the same key that is whole is left, a part of it at the end is written anew."""
    there = b""
    os.lseek(file, 0, os.SEEK_SET)
    while chunk := os.read(file, 1 << 20):
        there += chunk
    found = re.search(rb"(?m)^From digest [^\n]* " + re.escape(key) + rb"\n", there)
    if found and there[found.end() :].startswith(body):
        return
    end = found.start() if found else there.rfind(b"\n") + 1  # a line that does not end was cut short by a crash
    if found and not body.startswith(there[found.end() :]):
        end = len(there)
    os.ftruncate(file, end)
    os.write(file, head + body)
    os.fsync(file)


def _write(path: Path, body: bytes) -> None:
    with path.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _unwritten(path: Path, error: OSError) -> Outcome:
    return Outcome(kind="again", words=f"{path} cannot be written: {error.strerror or error}")
