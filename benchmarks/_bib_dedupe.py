"""Benchmark: the peer's answer on a file of records: bib-dedupe, in a Python that has it. Called by dedupe_records.py.

python _bib_dedupe.py RECORDS OUT     (plain JSON lines; prints {"seconds": …})

Times its own four steps, on one processor as the product is, and not its start. Fields go to it under the names it asks
for: title, author, year, container, volume, number, pages, DOI and abstract.
"""

import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd  # type: ignore[import-untyped]
from bib_dedupe.bib_dedupe import block, cluster, match, prep  # type: ignore[import-not-found]

AS_IT_IS = ("title", "year", "volume", "number", "pages", "doi", "abstract", "booktitle")


def main() -> int:
    rows = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines() if line]
    began = perf_counter()
    records = prep(pd.DataFrame([record(row) for row in rows]), verbosity_level=0, cpu=1)
    groups = cluster(match(block(records, verbosity_level=0, cpu=1), verbosity_level=0, cpu=1), verbosity_level=0)
    seconds = perf_counter() - began
    number = {id_: place for place, group in enumerate(groups) for id_ in group}
    with Path(sys.argv[2]).open("w", encoding="utf-8") as out:
        for place, row in enumerate(rows):
            out.write(json.dumps({"id": row["id"], "cluster": number.get(row["id"], len(groups) + place)}) + "\n")
    print(json.dumps({"seconds": round(seconds, 2)}))
    return 0


def record(row: dict[str, Any]) -> dict[str, str]:
    """A record in the peer's own words."""
    authors = row.get("authors") or ""
    found = {name: str(row.get(name) or "") for name in AS_IT_IS}
    found["author"] = " and ".join(authors) if isinstance(authors, list) else str(authors).replace(" & ", " and ")
    found["journal"] = str(row.get("venue") or row.get("journal") or "")
    return {"ID": row["id"], "ENTRYTYPE": "inproceedings" if found["booktitle"] else "article", **found}


if __name__ == "__main__":
    sys.exit(main())
