"""Kind `github_stars`: stars of a paper's repository. Room `collect`.

With a token by GraphQL, a hundred repositories a request; without one by the REST API, which answers sixty requests an
hour to who has none, so that fewer papers are asked about.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta

from digest.collect.errors import Unreadable
from digest.collect.signals.kind import Asked, Batch, Kind, number, part, text
from digest.model import Question
from digest.net import FetchError

BATCH = 100
WITHOUT_TOKEN = 20  # papers a run
_REPOSITORY = re.compile(r"https?://(?:www\.)?github\.com/([A-Za-z0-9-]{1,39})/([A-Za-z0-9._-]{1,100})", re.IGNORECASE)


def repository(url: str) -> tuple[str, str] | None:
    """(owner, name) of a repository's address; None for any other."""
    found = _REPOSITORY.match(url)
    name = found[2].removesuffix(".git").rstrip(".") if found else ""
    return (found[1], name) if found and name not in ("", "..") else None


async def ask(asked: Asked) -> AsyncIterator[Batch]:
    """The stars of every paper's repository; one that is gone is nothing known."""
    known = [(question, found) for question in asked.questions if (found := repository(question.code))]
    places: dict[tuple[str, str], list[Question]] = {}
    for question, found in known:
        places.setdefault((found[0].casefold(), found[1].casefold()), []).append(question)
    names = list(places)
    step = BATCH if asked.source.token else 1
    most = len(names) if asked.source.token else WITHOUT_TOKEN
    for start in range(0, min(len(names), most), step):
        some = names[start : start + step]
        stars = await (_many(asked, some) if asked.source.token else _one(asked, some[0]))
        yield {question.paper.id: stars.get(name, {}) for name in some for question in places[name]}


async def _many(asked: Asked, names: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Mapping[str, float]]:
    fields = [
        f"r{place}: repository(owner: {json.dumps(owner)}, name: {json.dumps(name)}) {{ stargazerCount }}"
        for place, (owner, name) in enumerate(names)
    ]
    query = json.dumps({"query": f"query {{ {' '.join(fields)} }}"}).encode()
    answer = await asked.json(f"{asked.base}/graphql", query)
    data = part(answer, "data")
    if not data:
        listed = answer.get("errors") if isinstance(answer, dict) else None
        said = text(part(listed[0]), "message", 200) if isinstance(listed, list) and listed else ""
        raise Unreadable(f"GitHub answers no data: {said or 'it does not say why'}")
    found = {name: part(data, f"r{place}") for place, name in enumerate(names)}
    return {name: {"stars": number(row, "stargazerCount")} for name, row in found.items() if row}


async def _one(asked: Asked, name: tuple[str, str]) -> Mapping[tuple[str, str], Mapping[str, float]]:
    try:
        row = part(await asked.json(f"{asked.base}/repos/{name[0]}/{name[1]}"))
    except FetchError as error:
        if error.status in (404, 410, 451):
            return {}
        raise
    if "stargazers_count" not in row:
        raise Unreadable("GitHub's answer is no repository")
    return {name: {"stars": number(row, "stargazers_count")}}


KIND = Kind(
    ask=ask,
    wants=lambda paper: any(link.kind == "code" and repository(link.url) for link in paper.links),
    base_url="https://api.github.com",
    reach=timedelta(days=60),
    every=timedelta(hours=6),
    most=1_000,
    code=True,
)
