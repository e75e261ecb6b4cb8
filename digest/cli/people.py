"""Readers: `readers add|list|show|remove|import|export`."""

import csv
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.common import JSON, Session, moment, stateful
from digest.errors import InputError
from digest.model import Reader, ReaderState

if TYPE_CHECKING:
    from digest.config import Plan

readers = typer.Typer(no_args_is_help=True, help="Who gets the mail: add, list, show, remove, import, export.")

LETTERS = Annotated[
    list[str] | None, typer.Option("--newsletter", metavar="NAME", help="Which they get [all]; may be repeated.")
]


@readers.command("add")
@stateful
def add(
    session: Session,
    addresses: Annotated[list[str], typer.Argument(metavar="ADDRESS...", help="Mail addresses.")],
    name: Annotated[str, typer.Option(help="The reader's name.")] = "",
    newsletter: LETTERS = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="Let them wait until they confirm.")] = False,
) -> int:
    """Add readers; you vouch for them, so they are active at once."""
    from digest.readers import address as addresses_

    plan = session.plan()
    letters = _known_letters(plan, newsletter or [])
    state: ReaderState = "pending" if confirm else "active"
    wanted = [
        Reader(address=addresses_.checked(each), name=name, state=state, newsletters=letters, consent="added by hand")
        for each in addresses
    ]
    with session.store(plan) as store:
        came = store.readers.add(wanted, moment(None))
    for address, what in came.items():
        session.say(f"{address}: {what}")
    return 0 if any(what != "suppressed" for what in came.values()) else 1


@readers.command("list")
@stateful
def list_(session: Session, json_: JSON = False) -> int:
    """List readers and their state."""
    found = _all(session)
    if json_:
        print(json.dumps([_row(reader) for reader in found], ensure_ascii=False))
    else:
        for reader in found:
            print(f"{reader.address:<36} {reader.state:<12} {';'.join(reader.newsletters) or 'all':<24} {reader.name}")
    return 0


@readers.command("show")
@stateful
def show(
    session: Session,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="A mail address.")],
    json_: JSON = False,
) -> int:
    """Show one reader: state, preferences, every consent with where and when, and what was sent."""
    plan = session.plan()
    with session.store(plan) as store:
        reader, barred = store.readers.get(address), store.readers.suppressed([address])
        acts = store.readers.audit(address)
        folded = address.strip().casefold()
        sent = [each for each in store.deliveries.list() if each.address.casefold() == folded]
    if reader is None:
        session.say(f"{address}: {'was removed, and stays out until they ask' if barred else 'not a reader'}")
        return 1
    paused = reader.paused_until.isoformat() if reader.paused_until else None
    row = {**_row(reader), "density": reader.density or "usual", "paused_until": paused}
    audit = [{"at": at.isoformat(), "act": act, "where": words} for _, at, act, words in acts]
    deliveries = [{"issue": each.issue, "state": each.state, "error": each.error} for each in sent]
    if json_:
        print(json.dumps({**row, "audit": audit, "deliveries": deliveries}, ensure_ascii=False))
        return 0
    for key, value in row.items():
        print(f"{key:<13} {';'.join(value) or 'all' if isinstance(value, list) else value or '-'}")
    for act in audit:
        print(f"{act['at'][:19]:<20} {act['act']}: {act['where']}")
    for delivery in deliveries:
        print(f"{delivery['issue']:<20} {delivery['state']} {delivery['error'] or ''}")
    return 0


@readers.command("remove")
@stateful
def remove(
    session: Session, addresses: Annotated[list[str], typer.Argument(metavar="ADDRESS...", help="Mail addresses.")]
) -> int:
    """Remove readers and erase what is known of them; a hash stays so that an import does not bring them back."""
    plan = session.plan()
    with session.store(plan) as store:
        gone = [address for address in addresses if store.readers.remove(address, moment(None))]
    for address in addresses:
        session.say(f"{address}: {'removed' if address in gone else 'not a reader'}")
    return 0 if gone else 1


@readers.command("import")
@stateful
def import_(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with columns email,name,newsletters.")],
    active: Annotated[bool, typer.Option("--active", help="They agreed elsewhere: no confirmation is asked.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come of it.")] = False,
    json_: JSON = False,
) -> int:
    """Add readers from a CSV file; bad rows are listed by line and the good ones taken."""
    from digest.operations.import_readers import import_readers

    if not file.is_file():
        raise InputError(f"{file}: there is no such file")
    plan = session.plan()
    with session.rehearsal(plan) if dry_run else session.store(plan) as store:
        outcome = import_readers(plan, store, file.read_bytes(), moment(None), active=active)
    if json_:
        print(json.dumps({"dry_run": dry_run, **outcome.as_json()}, ensure_ascii=False))
    else:
        for line, reason in outcome.bad:
            print(f"{file}, line {line}: {reason}", file=sys.stderr)
        print(
            f"{outcome.added} added, {outcome.known} known, {outcome.suppressed} kept out, {len(outcome.bad)} bad rows"
        )
    return 0 if outcome.added + outcome.known + outcome.suppressed else 1


@readers.command("export")
@stateful
def export(
    session: Session,
    out: Annotated[str, typer.Option(metavar="FILE|-", help="Where to.")] = "-",
    audit: Annotated[
        bool, typer.Option("--audit", help="Every consent and change instead, with when and where.")
    ] = False,
) -> int:
    """Write all readers as CSV, with state and consent."""
    text = io.StringIO()
    if audit:
        return _put(_audit(session), out)
    table = csv.DictWriter(text, ["email", "name", "newsletters", "state", "consent", "since"], lineterminator="\n")
    table.writeheader()
    for reader in _all(session):
        row = _row(reader)
        table.writerow({**row, "newsletters": ";".join(reader.newsletters)})
    return _put(text.getvalue(), out)


def _audit(session: Session) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["email", "at", "act", "where"])
    with session.store(session.plan()) as store:
        rows.writerows([address, at.isoformat(), act, words] for address, at, act, words in store.readers.audit())
    return text.getvalue()


def _put(text: str, out: str) -> int:
    if out == "-":
        print(text, end="")
    else:
        Path(out).write_text(text, encoding="utf-8")
    return 0


def _all(session: Session) -> tuple[Reader, ...]:
    with session.store(session.plan()) as store:
        return store.readers.list()


def _row(reader: Reader) -> dict[str, object]:
    return {
        "email": reader.address,
        "name": reader.name,
        "newsletters": list(reader.newsletters),
        "state": reader.state,
        "consent": reader.consent,
        "since": reader.since.isoformat() if reader.since else None,
    }


def _known_letters(plan: "Plan", names: list[str]) -> tuple[str, ...]:
    """The newsletters named, each of which the config must define."""
    return tuple(plan.newsletter(name).name for name in names)
