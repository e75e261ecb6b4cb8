"""How fast the product is, each measure against its peer in the same run.

    benchmarks/speed.py [NAME…] [--json]

A measure is a module of `benchmarks/measures/` with a function `measure() -> dict`; its name is the module's. Without
NAME all are run. Absolute figures are the best of five; on a busy machine trust the ratios.
"""

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MEASURES = sorted(path.stem for path in (HERE / "measures").glob("[a-z]*.py"))


def main() -> int:
    """Run the measures asked for and print what they found; 2 for a name that is none."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(MEASURES)}; all by default")
    options.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    chosen = options.parse_args()
    unknown = sorted(set(chosen.names) - set(MEASURES))
    if unknown:
        print(f"no measure {', '.join(unknown)}; there are {', '.join(MEASURES)}", file=sys.stderr)
        return 2
    sys.path.insert(0, str(HERE))
    found: dict[str, Any] = {}
    for name in chosen.names or MEASURES:
        found[name] = importlib.import_module(f"measures.{name}").measure()
        if not chosen.json:
            show(name, found[name])
    if chosen.json:
        print(json.dumps(found, indent=1))
    return 0


def show(name: str, figures: dict[str, Any], indent: str = "") -> None:
    """A measure's figures as lines, tables within tables indented."""
    print(f"{indent}{name}")
    for key, value in figures.items():
        if isinstance(value, dict):
            show(key, value, indent + "  ")
        else:
            print(f"{indent}  {key:<28} {value}")


if __name__ == "__main__":
    sys.exit(main())
