"""What is needed to run it on a server: the service unit holds, the container's parts are there, both locks agree."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"


def _pins(path: Path) -> dict[str, tuple[str, frozenset[str]]]:
    """Package to its version and the hashes allowed for it."""
    parts = re.split(r"^(?=[A-Za-z0-9])", path.read_text(), flags=re.MULTILINE)
    found = {}
    for part in filter(None, (each.strip() for each in parts)):
        name, _, rest = part.partition("==")
        found[name] = (rest.split()[0], frozenset(re.findall(r"sha256:\w+", part)))
    return found


def test_the_image_holds_what_is_tested_and_not_what_tests() -> None:
    image, whole = _pins(DEPLOY / "requirements.lock.txt"), _pins(ROOT / "requirements.lock.txt")
    assert {name: whole[name] for name in image} == image
    assert {"jinja2", "feedparser", "apscheduler", "httpx", "apprise"} <= set(image)
    assert not {"pytest", "mypy", "playwright", "aiosmtpd"} & set(image)
    assert "http" not in (DEPLOY / "requirements.lock.txt").read_text().replace("httpx", "").replace("httpcore", "")


def test_what_the_container_copies_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    assert "USER digest" in text and "HEALTHCHECK" in text and "/healthz" in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
def test_the_service_unit_holds(tmp_path: Path) -> None:
    unit = (DEPLOY / "digest.service").read_text()
    unit = unit.replace("/opt/digest/.venv/bin/digest", str(Path(sys.executable)))
    (tmp_path / "digest.service").write_text(re.sub(r"^Documentation=.*$", "", unit, flags=re.MULTILINE))
    came = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "digest.service")], capture_output=True, text=True, check=False
    )
    assert "digest.service" not in came.stderr, came.stderr


def test_options_in_the_unit_and_the_container_are_the_programs(digest) -> None:  # type: ignore[no-untyped-def]
    for text in ((DEPLOY / "digest.service").read_text(), (DEPLOY / "Containerfile").read_text()):
        for option in set(re.findall(r"(?<=[ \"])--(?:config|home|host)\b", text)):
            assert option in digest("up", "--help").out
