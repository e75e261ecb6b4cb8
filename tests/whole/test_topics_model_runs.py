"""Runs with a language model beside words: another model means another space, and mistakes end with 2."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "group"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "text"))
from onnx_models import sentence_model
from themes import THEMES, themed

from digest import nearby, topics
from digest.store import Store

CONFIG = """
title: Papers today
{line}
newsletters:
  - {{name: daily, schedule: "0 7 * * *", limit: 12}}
"""


def ran(folder: Path, digest: Callable[..., Any], day: int, line: str, many: int = 330) -> Any:
    (folder / "config.yaml").write_text(CONFIG.format(line=line))
    rows = [
        {"id": f"25{day:02d}.{at:05d}", "title": f"{one.title} {day} {at}", "abstract": one.abstract}
        for at, one in enumerate(themed(many, seed=day))
    ]
    file = folder / f"{day}.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    now = f"2025-03-{day:02d}T08:00:00Z"
    return digest("run", "--config", folder / "config.yaml", "--from", file, "--now", now, "--json")


def model_of_space(folder: Path) -> str | None:
    with Store.open(f"sqlite:///{folder / 'digest.db'}", folder) as store:
        space = topics.space(store)
        assert space is not None
        index = nearby.keep_up(store, datetime(2025, 3, 9, tzinfo=UTC))
        assert index is not None
        assert index.rows.shape == (store.papers.count(), space.dimensions)
        return space.sense.model.name if space.sense else None


def test_another_model_means_another_space(tmp_path: Path, digest: Callable[..., Any]) -> None:
    path, _ = sentence_model(tmp_path, list(THEMES.values()))
    assert ran(tmp_path, digest, 3, "").code == 0
    assert model_of_space(tmp_path) is None
    came = ran(tmp_path, digest, 4, "topics_model: model.onnx", many=20)
    assert came.code == 0, came.err
    assert model_of_space(tmp_path) == str(path)
    sentence_model(tmp_path, list(THEMES.values()), seed=7)  # the file is another one now
    came = ran(tmp_path, digest, 5, "topics_model: model.onnx", many=20)
    assert came.code == 0, came.err
    assert model_of_space(tmp_path) == str(path)
    path.unlink()
    assert ran(tmp_path, digest, 6, "", many=20).code == 0
    assert model_of_space(tmp_path) is None


def test_a_file_that_is_no_model_ends_the_run_with_its_line(tmp_path: Path, digest: Callable[..., Any]) -> None:
    path, _ = sentence_model(tmp_path, list(THEMES.values()))
    path.write_bytes(b"no model")
    came = ran(tmp_path, digest, 3, "topics_model: model.onnx")
    assert came.code == 2
    assert "config.yaml, line 3: topics_model: " in came.err
    assert "is no sentence-embedding model" in came.err
    path.unlink()
    came = ran(tmp_path, digest, 3, "topics_model: model.onnx")
    assert came.code == 2
    assert "config.yaml, line 3: topics_model: is `model.onnx`: there is no file" in came.err
