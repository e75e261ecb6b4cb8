"""A day's papers recognised in a process of its own, so that its memory is its own: one JSON object on standard output.

python _dedupe_day.py STORE HISTORY [bare]

`bare`: the day's entries come without their abstracts, as from a list of titles.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _dedupe_history import COPIES, NOW, day  # type: ignore[import-not-found]

from digest import dedupe, recognition
from digest.model import Entry, Known, Resolved
from digest.normalise import read
from digest.store import Store

AT = NOW + timedelta(days=1)


def main() -> int:
    """Reads, looks up and resolves a day, and saves nothing; what was found is held against what is known to be so."""
    home, size = Path(sys.argv[1]), int(sys.argv[2])
    step = size // COPIES
    took: dict[str, float] = {}
    with Store.open("sqlite:///digest.db", home, create=False) as store:
        names = [f"arxiv:{9601 + number // 9_000}.{number % 9_000:05d}" for number in range(0, step * COPIES, step)]
        originals = store.papers.some(names)
        entries, truth = day([originals[name] for name in names])
        if "bare" in sys.argv:
            entries = [replace(entry, abstract="") for entry in entries]
        base = memory("VmRSS")

        def timed(name: str, work: Callable[[], Any]) -> Any:
            began = perf_counter()
            found = work()
            took[name] = round(perf_counter() - began, 3)
            return found

        began = process_time()
        readings = timed("read_s", lambda: [read(entry) for entry in entries])
        known: Known = timed("look_up_s", lambda: recognition.past(store, readings, AT))
        resolved: Resolved = timed("resolve_s", lambda: dedupe.resolve(entries, readings, known, AT))
        cpu = process_time() - began
    figures = {
        "seconds": round(sum(took.values()), 3),
        "processor_s": round(cpu, 3),
        "compared_with": len(known.papers),
    }
    memories = {"peak_mb": round(memory("VmHWM") / 1024), "before_mb": round(base / 1024)}
    print(json.dumps({**took, **figures, **judged(entries, resolved, truth), **memories}))
    return 0


def judged(entries: list[Entry], resolved: Resolved, truth: list[str | None]) -> dict[str, int]:
    """Copies found, entries merged with a paper they are not about, and doubts."""
    found = [decision.of for decision in resolved.decisions[: len(entries)]]
    right = sum(of == known_as for of, known_as in zip(found, truth, strict=True) if known_as)
    false = sum(
        outcome != "new" and of != known_as
        for outcome, of, known_as in zip(resolved.outcomes, found, truth, strict=True)
    )
    doubts = sum(decision.verdict == "perhaps" for decision in resolved.decisions)
    return {"found": right, "false": false, "doubts": doubts}


def memory(name: str) -> int:
    """Kilobytes of this process: VmRSS now, VmHWM at most (getrusage would count the parent's before it was forked)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
