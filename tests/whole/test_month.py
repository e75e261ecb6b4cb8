"""Ten days of benchmarks/month.py in one process: nothing lost, nothing twice, no false alarm, each fault named."""

import importlib
from datetime import date, timedelta
from pathlib import Path

import pytest
import stamina

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
DAYS = [date(2026, 1, 30) + timedelta(days=n) for n in range(10)]


@pytest.mark.timeout(400)
def test_ten_days(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    month = importlib.import_module("month")
    troubles = [trouble for trouble in month.MONTH if DAYS[0] <= trouble.day <= DAYS[-1]]
    with stamina.set_testing(True, attempts=10, cap=True):
        found = month.simulate(shared, tmp_path, DAYS, troubles)
    assert found["announced"] == found["in_store_once"] > 1300, found
    assert found["issues"] == 10
    assert found["real_faults"] == found["named_the_same_day"] == 9, found
    assert found["free_days"] >= 5
    broken = ("lost", "in_store_twice", "repeated", "alarms_on_free_days")
    assert {name: found[name] for name in broken} == dict.fromkeys(broken, 0), found
