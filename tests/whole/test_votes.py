"""Votes of papers already known are observed at each collect: growth is seen, and nothing counts as new again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Response

ROW = {
    "paper": {"id": "2603.01234", "title": "On naps", "summary": "We nap.", "authors": [{"name": "A B"}], "upvotes": 5},
    "title": "On naps",
    "numComments": 1,
}


def test_growth_is_observed_and_a_304_adds_nothing(
    tmp_path: Path, httpserver: HTTPServer, digest: Callable[..., Any]
) -> None:
    row = json.loads(json.dumps(ROW))

    def answer(request: Any) -> Response:
        rows = [row] if request.args["date"] == "2026-03-02" else []
        tag = f'"{row["paper"]["upvotes"]}"'
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        return Response(json.dumps(rows), content_type="application/json", headers={"ETag": tag})

    httpserver.expect_request("/api/daily_papers").respond_with_handler(answer)
    config = tmp_path / "config.yaml"
    url = httpserver.url_for("").rstrip("/")
    config.write_text(
        "network: {allow_hosts: [localhost, 127.0.0.1]}\n"
        f'sources: [{{name: hf, kind: huggingface, base_url: "{url}"}}]\n'
        "newsletters: [{name: daily}]\n"
    )
    came = []
    for hour, votes in (("02T09", 5), ("02T12", 9), ("02T15", 9), ("03T09", 31)):
        row["paper"]["upvotes"] = votes
        report = digest("collect", "--config", config, "--now", f"2026-03-{hour}:00", "--json").json["collected"]
        came.append((report["entries"], report["new"], report["known"]))
    assert came == [(1, 1, 0), (1, 0, 1), (0, 0, 0), (1, 0, 1)]
    said = digest("explain", "2603.01234", "--config", config, "--json").json
    assert [s["value"] for s in said["signals"] if s["kind"] == "upvotes"] == [5.0, 9.0, 31.0]
    assert {s["kind"] for s in said["signals"]} >= {"upvotes", "comments"}
