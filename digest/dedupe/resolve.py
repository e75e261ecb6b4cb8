"""Dedupe room: the decision. Entries and the past in; papers new, updated and merged, with every reason, out.

Touch here what is reported of a decision; who is one paper with whom is decided by `groups` and `identity`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from digest.dedupe import identity, merge
from digest.dedupe.groups import Groups, Match
from digest.dedupe.likeness import rare_words
from digest.model import Account, Decision, Entry, Known, Merge, Paper, Questions, Reading, Resolved, Sighting, Signal
from digest.text import notices

STAGE = "dedupe"


def questions(readings: Sequence[Reading | None]) -> Questions:
    """What to look up of the past to resolve `readings`: keys, folded titles and rare title words."""
    papers = [reading.paper for reading in readings if reading is not None]
    keys = frozenset(key for paper in papers for key in paper.keys)
    return Questions(
        keys=keys,
        titles=frozenset(identity.fold(title) for paper in papers for title in _titles(paper)),
        words=frozenset(rare_words(paper.title) for paper in papers),
    )


def _titles(paper: Paper) -> tuple[str, ...]:
    """A paper's title and, of a notice such as an erratum, that of the paper it is about."""
    found = notices.about(paper.title)
    return (paper.title, found[1]) if found else (paper.title,)


def resolve(entries: Sequence[Entry], readings: Sequence[Reading | None], known: Known, now: datetime) -> Resolved:
    """What every entry came to. `readings[i]` belongs to ``entries[i]``, None where rejected; `known` answers
    `questions`; `now` stands on every sighting, signal and decision.

    Outcomes have the precedence rejected, known, merged, new; of the entries that are one new paper the first is its
    ``new``. The papers made are the same in any order of the entries; resolving them again changes nothing.
    """
    groups = Groups(readings, known)
    groups.join()
    return _Report(entries, readings, known, groups, now).made()


class _Report:
    """Outcomes, papers, sightings, signals and decisions of one resolution."""

    def __init__(
        self,
        entries: Sequence[Entry],
        readings: Sequence[Reading | None],
        known: Known,
        groups: Groups,
        now: datetime,
    ) -> None:
        self.entries, self.readings, self.known, self.groups, self.now = entries, readings, known, groups, now
        self.node_of = {node.place: i for i, node in enumerate(groups.nodes) if node.place is not None}
        self.members: defaultdict[int, list[Paper]] = defaultdict(list)
        self.places: defaultdict[int, list[int]] = defaultdict(list)
        for place, node in self.node_of.items():
            self.members[groups.root(node)].append(groups.nodes[node].paper)
            self.places[groups.root(node)].append(place)
        self.papers: dict[int, Paper] = {}
        self.joined = {groups.root(one): match for one, _, match in groups.joined}
        self._make_papers()

    def _make_papers(self) -> None:
        """The paper of each group: known ones extended, new ones merged; a key belongs to one paper only."""
        for root, members in self.members.items():
            past = self.groups.past[root]
            named = {key for paper in members for key in paper.keys}
            taken = frozenset(key for key in named if not self.groups.owns(root, key))
            if past is None:
                self.papers[root] = merge.merged(members, taken)
            else:
                joined = [self.known.papers[paper_id] for paper_id in self._gone(root)]
                self.papers[root] = merge.extended(self.known.papers[past], [*joined, *members], taken)

    def _gone(self, root: int) -> list[str]:
        """Known papers that become part of the known paper of this group."""
        if root not in self.joined:
            return []
        return [paper_id for paper_id in self.groups.known_in(root) if paper_id != self.groups.past[root]]

    def made(self) -> Resolved:
        outcomes, first = self._outcomes()
        updates = []
        for root, paper in self.papers.items():
            past = self.groups.past[root]
            if past is not None and self.known.papers[past] != paper:
                updates.append((self.known.papers[past], paper))
        updates.sort(key=lambda pair: pair[1].id)
        return Resolved(
            new=tuple(self.papers[root] for root in sorted(first, key=first.__getitem__)),
            updated=tuple(paper for _, paper in updates),
            sightings=tuple(self._sightings()),
            signals=tuple(self._signals()),
            decisions=(*self._verdicts(outcomes), *self._joins(), *self._updates(updates), *self._doubts()),
            outcomes=outcomes,
            accounts=tuple(self._accounts()),
            merges=tuple(self._merges()),
            steps=tuple(self._steps()),
            titles=tuple(self._titles()),
        )

    def _paper(self, place: int) -> Paper:
        return self.papers[self.groups.root(self.node_of[place])]

    def _outcomes(self) -> tuple[tuple[str, ...], dict[int, int]]:
        """The outcome of each entry, and for each group without a past the place of its first entry."""
        outcomes: list[str] = []
        first: dict[int, int] = {}
        for place, reading in enumerate(self.readings):
            if reading is None:
                outcomes.append("rejected")
                continue
            root = self.groups.root(self.node_of[place])
            if self.groups.past[root] is not None:
                outcomes.append("known")
            else:
                outcomes.append("merged" if root in first else "new")
                first.setdefault(root, place)
        return tuple(outcomes), first

    def _verdicts(self, outcomes: Sequence[str]) -> Iterator[Decision]:
        for place, (entry, outcome) in enumerate(zip(self.entries, outcomes, strict=True)):
            subject = f"{entry.source}#{entry.number}"
            if outcome == "rejected":
                reason = "its title says nothing" if entry.title.strip() else "it has no title"
                yield self._decision(subject, outcome, reason, None)
                continue
            match = self.groups.nodes[self.node_of[place]].match
            if outcome == "new":
                match = Match("no key and no title of it was known")
            yield self._decision(subject, outcome, "", self._paper(place).id, match)

    def _decision(
        self, subject: str, verdict: str, reason: str, of: str | None, match: Match | None = None
    ) -> Decision:
        return Decision(
            subject=subject,
            stage=STAGE,
            verdict=verdict,
            reason=match.reason if match else reason,
            at=self.now,
            of=of,
            numbers=match.numbers if match else (),
        )

    def _updates(self, updates: Sequence[tuple[Paper, Paper]]) -> Iterator[Decision]:
        for before, after in updates:
            yield self._decision(after.id, "updated", f"gained {merge.changes(before, after)}", after.id)

    def _merges(self) -> Iterator[Merge]:
        for root, match in sorted(self.joined.items()):
            for gone in self._gone(root):
                kept = str(self.groups.past[root])
                yield Merge(kept=kept, gone=gone, at=self.now, reason=match.reason, numbers=match.numbers)

    def _steps(self) -> Iterator[Paper]:
        """What the kept paper of each merge is just after it, so that a later one can be undone alone."""
        after: dict[str, Paper] = {}
        for made in self._merges():
            kept = after.get(made.kept, self.known.papers[made.kept])
            after[made.kept] = merge.extended(kept, [self.known.papers[made.gone]])
            yield after[made.kept]

    def _joins(self) -> Iterator[Decision]:
        for made in self._merges():
            yield self._decision(made.gone, "merged", "", made.kept, Match(made.reason, made.numbers))

    def _accounts(self) -> Iterator[Account]:
        """What each entry said, of papers that are known or that several entries tell of: one a source and id."""
        for root, paper in self.papers.items():
            told: dict[tuple[str, str], Account] = {}
            for place in self.places[root]:
                node, entry = self.groups.nodes[self.node_of[place]], self.entries[place]
                match = node.match or Match("")
                account = Account(
                    paper_id=paper.id,
                    source=entry.source,
                    paper=node.paper,
                    at=self.now,
                    guid=entry.guid,
                    reason=match.reason,
                    numbers=match.numbers,
                )
                name = (entry.source, node.paper.id)
                told[name] = account.after(told.get(name))
            several = len(told) > 1 or any(account.before for account in told.values())
            if several or self.groups.past[root] is not None:
                yield from (told[name] for name in sorted(told))

    def _titles(self) -> Iterator[tuple[str, str]]:
        """(paper id, title) of every title that a paper has been told of by and that is not its own, as far as the past
        does not have it."""
        for root, paper in self.papers.items():
            past = [self.known.papers[paper_id] for paper_id in self.groups.known_in(root)]
            told = {identity.fold(one.title): one.title for one in (*past, *self.members[root])}
            told.pop(identity.fold(paper.title), None)
            for fold, title in sorted(told.items()):
                if paper.id not in self.known.by_title.get(fold, ()):
                    yield paper.id, title

    def _doubts(self) -> Iterator[Decision]:
        """A "perhaps" for every two papers that something speaks for being one, and something stronger against."""
        seen = set()
        for one, other, match in self.groups.doubts:
            left, right = self.groups.root(one), self.groups.root(other)
            if left == right or not (left in self.papers or right in self.papers) or self.groups.settled(left, right):
                continue
            ids = sorted(
                self.papers[root].id if root in self.papers else str(self.groups.past[root]) for root in (left, right)
            )
            if tuple(ids) not in seen:
                seen.add(tuple(ids))
                yield self._decision(ids[1], "perhaps", "", ids[0], match)

    def _id(self, root: int) -> str:
        return self.papers[root].id if root in self.papers else str(self.groups.past[root])

    def _sightings(self) -> Iterator[Sighting]:
        for place in sorted(self.node_of):
            entry, reading = self.entries[place], self.groups.nodes[self.node_of[place]].paper
            yield Sighting(
                paper_id=self._paper(place).id,
                source=entry.source,
                at=self.now,
                announcement=entry.announcement,
                guid=entry.guid,
                version=reading.version,
            )

    def _signals(self) -> Iterator[Signal]:
        for place in sorted(self.node_of):
            entry = self.entries[place]
            for kind, value in entry.measures:
                yield Signal(paper_id=self._paper(place).id, kind=kind, value=value, at=self.now, source=entry.source)
