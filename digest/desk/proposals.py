"""The editor's desk: a paper that somebody proposes: admitted within limits, fetched, recognised, and queued.

Nothing that a stranger names becomes a candidate by itself: the paper is kept with the proposal, and comes into the
store when the editor takes it (taking.py). What is told of a refusal says nothing of the network here.
"""

import asyncio
import logging
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from digest import dedupe, normalise, recognition
from digest.collect import Unreadable, page, recognise
from digest.collect.repair import API_URL
from digest.config import Plan
from digest.config.channels import Proposals
from digest.model import Entry, Paper, Proposal
from digest.net import Client, FetchError
from digest.normalise import identifiers, links

if TYPE_CHECKING:
    from digest.store import Store

log = logging.getLogger(__name__)
SOURCE = "proposals"
DAY = timedelta(days=1)
LONGEST = {"spelling": 500, "note": 2_000, "credit": 80}
LIMITS = {
    "address": "there were as many proposals from this address today as may be; please come back tomorrow",
    "client": "there were as many proposals from where you are today as may be; please come back tomorrow",
    "day": "there were as many proposals today as can be looked at; please come back tomorrow",
    "queue": "more proposals wait for the editor than can be read; please come back in some days",
}
NO_PAPER = "no paper was recognised there; give the address of its own page, its DOI or its arXiv number"
NO_ANSWER = "its page could not be read just now; try again later, or give another address of the paper"
WITHDRAWN = "the paper was withdrawn or retracted"
_WITHDRAWN = re.compile(
    r"\b(?:has|have|was|were|is) (?:been )?(?:withdrawn|retracted)\b|\bwithdrawn by\b"
    r"|^\W*(?:withdrawn|retracted|retraction)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A proposal as it comes: what names the paper, a word to the editor, the name to print ("": none), from which
    mail address and client ("" where that is not known, and then unlimited)."""

    spelling: str
    note: str = ""
    credit: str = ""
    address: str = ""
    client: str = ""
    way: Literal["command", "page", "mail"] = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of a proposal, in `words` for whoever made it; `proposal` is None where it was not even kept."""

    kind: Literal["queued", "known", "refused", "limited"]
    words: str
    proposal: Proposal | None = None


def propose(plan: Plan, store: "Store", asked: Asked, now: datetime) -> Answered:
    """One proposal, from asking to queue. Every one that is admitted counts, so that limits bound what is fetched for
    strangers. Raises StoreError."""
    limits = plan.proposals or Proposals()
    spelling = _printable(" ".join(asked.spelling.split()))[: LONGEST["spelling"]]
    if not spelling:
        return Answered(kind="refused", words=NO_PAPER)
    wanted = Proposal(
        number=0,
        at=now,
        spelling=spelling,
        way=asked.way,
        note="\n".join(_printable(line) for line in asked.note.strip().splitlines())[: LONGEST["note"]],
        credit=name(asked.credit),
        address=asked.address,
    )
    kept = store.proposals.admit(wanted, asked.client, now - DAY, limits.per_day, limits.waiting)
    if isinstance(kept, str):
        return Answered(kind="limited", words=LIMITS[kept])
    answer = _judged(plan, store, kept, limits.timeout_s, now)
    assert answer.proposal is not None
    store.proposals.put(answer.proposal)
    return answer


def name(credit: str) -> str:
    """A name fit to print: one line, no address of a page in it."""
    words = " ".join(_printable(credit).split())
    return "" if "://" in words or "www." in words.lower() else words[: LONGEST["credit"]]


def _printable(text: str) -> str:
    """`text` without what could steer a terminal or hide in a page."""
    return "".join(c if c.isprintable() else " " for c in text)


def _judged(plan: Plan, store: "Store", kept: Proposal, timeout_s: float, now: datetime) -> Answered:
    key = identifiers.canonical(kept.spelling)
    history = store.papers.history(key) if key else None
    if history is not None:
        return _known(store, kept, history.paper)
    if key is None:
        return _refused(kept, NO_PAPER)
    try:
        entry = asyncio.run(_fetched(plan, kept.spelling, key, timeout_s))
    except (FetchError, TimeoutError) as error:
        log.info("proposal %d, %s: %s", kept.number, kept.spelling[:200], error or "no answer in time")
        return _refused(kept, NO_ANSWER)
    except Unreadable:
        return _refused(kept, NO_PAPER)
    reading = normalise.read(entry)
    if reading is None:
        return _refused(kept, NO_PAPER)
    resolved = dedupe.resolve([entry], [reading], recognition.past(store, [reading], now), now)
    seen = store.papers.history(resolved.sightings[0].paper_id) if resolved.sightings else None
    if seen is not None:
        return _known(store, kept, seen.paper)
    paper = reading.paper
    if is_withdrawn(paper):
        return _refused(replace(kept, title=paper.title), WITHDRAWN)
    if _waits(store, kept, paper.id):
        return _already(kept, paper)
    queued = replace(kept, state="queued", paper_id=paper.id, title=paper.title, entry=entry)
    return Answered(kind="queued", words=f"“{paper.title}” waits for the editor; thank you", proposal=queued)


def _known(store: "Store", kept: Proposal, paper: Paper) -> Answered:
    """A paper that the store has: printed already, or one the editor may well be told of."""
    history = store.papers.history(paper.id)
    kept = replace(kept, paper_id=paper.id, title=paper.title)
    if is_withdrawn(paper):
        return _refused(kept, WITHDRAWN)
    if history is not None and history.printed:
        where = ", ".join(sorted(history.printed.values()))
        told = replace(kept, state="known", reason=f"printed in {where}")
        return Answered(kind="known", words=f"“{paper.title}” was printed already, in {where}", proposal=told)
    if _waits(store, kept, paper.id):
        return _already(kept, paper)
    queued = replace(kept, state="queued")
    return Answered(kind="queued", words=f"“{paper.title}” is known here and waits for the editor", proposal=queued)


def _waits(store: "Store", kept: Proposal, paper_id: str) -> bool:
    return any(each.number != kept.number for each in store.proposals.of_paper(paper_id, "queued", "taken"))


def _already(kept: Proposal, paper: Paper) -> Answered:
    told = replace(kept, state="known", paper_id=paper.id, title=paper.title, reason="proposed before")
    return Answered(kind="known", words=f"“{paper.title}” was proposed before and is with the editor", proposal=told)


def _refused(kept: Proposal, words: str) -> Answered:
    return Answered(kind="refused", words=words, proposal=replace(kept, state="refused", reason=words))


def is_withdrawn(paper: Paper) -> bool:
    """Whether the paper's own words say that it was taken back."""
    return any(_WITHDRAWN.search(text) for text in (paper.title, paper.comment or "", paper.abstract[:200]))


async def _fetched(plan: Plan, spelling: str, key: str, timeout_s: float) -> Entry:
    """What the paper's own page, or arXiv's API, says of it. Raises FetchError, TimeoutError, Unreadable."""
    kind, _, value = key.partition(":")
    network = plan.network
    client = Client(
        plan.masthead.contact, network.allow_hosts, gap_s=0.0, timeout_s=timeout_s, max_bytes=network.max_bytes
    )
    async with asyncio.timeout(timeout_s), client:
        if kind == "arxiv":
            apis = [source.options.get("api_url") for source in plan.sources if source.kind == "arxiv"]
            api = next((str(api) for api in apis if api), API_URL)
            answer = await client.get(f"{api}?id_list={value}&max_results=1")
            return _one(recognise(answer.body, SOURCE, "arxiv", answer.url))
        web = spelling if re.match(r"https?://", spelling, re.IGNORECASE) else ""
        url = web or next((link.url for link in links.implied([key])), "")
        if not url:
            raise Unreadable("nothing leads to a page")
        answer = await client.get(url)
        if answer.content_type in ("text/html", "application/xhtml+xml"):
            entry = _one(page.parse(answer.body, SOURCE, answer.url))
        else:
            entry = _one(recognise(answer.body, SOURCE, None, answer.url))
        return replace(entry, identifiers=(*entry.identifiers, spelling))


def _one(entries: tuple[Entry, ...]) -> Entry:
    if len(entries) != 1:
        raise Unreadable("a list is no paper")
    return entries[0]
