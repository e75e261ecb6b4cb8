"""Files record by record: hostile ones are read in bounded memory, and what follows the harm is still read."""

import io
import json

import pytest

from digest.collect import Unreadable, records


def read(body: bytes, kind: records.Kind | None = None) -> tuple[list[str], list[int]]:
    """(titles, lines that are no papers)."""
    found = kind or records.kind_of(body)
    entry_of, titles, bad = records.reader(found, "s"), [], []
    for record in records.split(found, io.BytesIO(body)):
        try:
            entry = entry_of(record)
        except ValueError:
            bad.append(record.line)
        else:
            titles += [entry.title] if entry else []
    return titles, bad


def test_each_record_says_where_it_ends() -> None:
    body = b'\n{"title": "One"}\r\n\n{"title": "Two"}'
    found = list(records.split("jsonl", io.BytesIO(body)))
    assert [(one.line, one.end) for one in found] == [(2, 19), (4, len(body))]
    later = list(records.split("jsonl", io.BytesIO(body[19:]), 2, 19))
    assert [(one.line, one.end) for one in later] == [(4, len(body))]


def test_a_line_without_end_is_cut_and_what_follows_is_read() -> None:
    body = b'{"title": "' + b"x" * (records.LONGEST + 5) + b'"}\n{"title": "After"}\n'
    titles, bad = read(body)
    assert titles == ["After"]
    assert bad


@pytest.mark.parametrize("start", [b"[" * 100_000, b'{"a":' * 100_000, b'{"title": ' + b"9" * 10_000 + b"}"])
def test_deep_and_long_values_are_bad_rows(start: bytes) -> None:
    titles, bad = read(start + b'\n{"title": "After"}\n', "jsonl")
    assert "After" in titles
    assert bad in ([1], [])


def test_a_block_that_never_closes_takes_no_other_with_it() -> None:
    body = b"@article{a, title={Open\n" + b"more {\n" * 2000 + b"@misc{b, title={The next one}}\n"
    assert read(body) == (["The next one"], [1])


def test_a_quote_that_never_closes_ends_somewhere() -> None:
    body = b'title,doi\n"never closed,10.1/a\n' + b"row of words,10.1/b\n" * 20_000 + b"The last,10.1/c\n"
    titles, _ = read(body)
    assert titles[-1] == "The last"


def test_authors_and_macros_of_bibtex() -> None:
    body = b'@string{v = "J. Tides"}\n@article(x, title = "A round one", journal = v, author = {Bell, Jr, Ann})\n'
    entry_of = records.reader("bibtex", "s")
    entries = [entry_of(record) for record in records.split("bibtex", io.BytesIO(body))]
    assert entries[0] is None
    assert entries[1] is not None
    assert (entries[1].venue, entries[1].authors[0].name) == ("J. Tides", "Ann Bell Jr")


@pytest.mark.parametrize("body", [b"", b"<html>", b"just words\n", b"a;b;c\n1;2;3\n", b"\xff\xd8\xff\xe0"])
def test_what_is_no_file_of_papers_is_said(body: bytes) -> None:
    with pytest.raises(Unreadable):
        records.kind_of(body)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xef\xbb\xbfTY  - JOUR\nTI  - A\nER  - \n", "ris"),
        (b"% a remark\n@article{a, title={A}}\n", "bibtex"),
        (b"Title;DOI\nA;10.1/a\n", "csv"),
        (b'"PMID","Title","Authors"\n1,A,B\n', "csv"),
        (b'{"digest":"export","schema":"0006"}\n', "export"),
        (json.dumps({"id": "0704.0001", "title": "A"}).encode(), "jsonl"),
    ],
)
def test_kinds_are_recognised(body: bytes, kind: str) -> None:
    assert records.kind_of(body) == kind
