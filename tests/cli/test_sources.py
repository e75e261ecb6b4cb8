"""`digest sources`: OPML to config lines, written without spoiling the file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from digest.config import load

OPML = """<opml version="2.0"><body><outline text="Science">
<outline type="rss" text="Journal: of naps" xmlUrl="https://naps.example.org/rss"/>
<outline type="rss" text="nature" xmlUrl="https://www.nature.com/nature.rss"/>
<outline type="rss" text="env:DIGEST_SECRET" xmlUrl="https://x.example.org/?a=1&amp;b=2"/>
<outline type="rss" text="Known" xmlUrl="https://known.example.org/feed/"/>
</outline></body></opml>"""
BLOCK = """# mine
title: Papers   # the masthead

sources:                 # many
  - name: Nature         # in capitals
    kind: feed
    url: https://known.example.org/feed
  # - name: later

# what follows
newsletters:
  - {name: daily, schedule: "0 7 * * *"}
"""
FILES = {
    "a block": BLOCK,
    "dashes at the margin": "sources:\n- {name: Nature, kind: feed, url: https://known.example.org/feed}\ntitle: x # y",
    "brackets": "title: x # y\nsources: [{name: Nature, kind: feed, url: 'https://known.example.org/feed'}]\n",
    "none": "title: x # y",
    "empty": "sources: []\ntitle: x # y\n",
    "last": "title: x # y\nsources:\n  - name: Nature\n    kind: feed\n    url: https://known.example.org/feed",
}


@pytest.fixture
def opml(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.opml"
    path.write_text(OPML)
    return path


def test_lines_are_printed(tmp_path: Path, opml: Path, digest: Callable[..., Any]) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(BLOCK)
    said = digest("sources", "import", opml, "--config", config)
    assert said.code == 0
    assert said.out.startswith(
        '  - name: "Journal: of naps"\n    kind: feed\n    url: "https://naps.example.org/rss"\n'
    )
    assert "1 are in the config already" in said.err
    assert config.read_text() == BLOCK


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_the_file_gets_them_and_keeps_its_own(
    tmp_path: Path, opml: Path, digest: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("DIGEST_SECRET", "hush")
    config = tmp_path / "config.yaml"
    config.write_text(text)
    assert digest("sources", "import", opml, "--write", "--config", config).code == 0
    names = [source.name for source in load(config).sources]
    assert names[-3:] == ["Journal: of naps", "nature 2", "env DIGEST_SECRET"] or "Nature" not in text
    assert len(names) == 4
    assert load(config).sources[-1].url != "hush"
    for line in text.splitlines():
        if "#" in line:
            assert line.partition("#")[2] in config.read_text()
    again = config.read_text()
    assert digest("sources", "import", opml, "--write", "--config", config).code == 0
    assert config.read_text() == again


def test_a_block_keeps_every_line(tmp_path: Path, opml: Path, digest: Callable[..., Any]) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(BLOCK)
    digest("sources", "import", opml, "--write", "--config", config)
    added = config.read_text().splitlines()
    left = iter(added)
    assert all(line in left for line in BLOCK.splitlines())  # every line, in the same order
    assert (
        added.index("  # - name: later") < added.index('  - name: "Journal: of naps"') < added.index("# what follows")
    )


def test_what_is_no_opml(tmp_path: Path, digest: Callable[..., Any]) -> None:
    path = tmp_path / "x.opml"
    path.write_text("<html><body>Sign in</body></html>")
    assert digest("sources", "import", path).code == 2
    assert digest("sources", "import", tmp_path / "none.opml").code == 2
    path.write_text("<opml><body/></opml>")
    assert digest("sources", "import", path).code == 1


def test_the_list(tmp_path: Path, digest: Callable[..., Any]) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(BLOCK)
    (row,) = digest("sources", "list", "--config", config, "--json").json
    assert row["url"] == "https://known.example.org/feed"
    assert (row["name"], row["kind"], row["status"]) == ("Nature", "feed", None)
    assert "never asked" in digest("sources", "list", "--config", config).out
