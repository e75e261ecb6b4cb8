"""The rank room: a trained forecast as bytes and back: arrays and JSON with a schema number, never pickle.

Touch it, and raise SCHEMA, whenever what a forecast keeps or sees changes.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from digest.model import Paper
from digest.rank.forecast import Forecaster, Parts
from digest.rank.linear import BUCKETS, Linear
from digest.rank.outlook import Check, Forecast
from digest.rank.record import COLUMNS, Record

SCHEMA = 2
_ENTRY = 1 << 28  # bytes an array may unpack to


def dump(forecaster: Forecaster) -> bytes:
    """The forecaster as a compressed .npz; some megabytes. `load` gives the same forecasts from it."""
    parts = forecaster.parts
    check = forecaster.check
    told = {
        "schema": SCHEMA,
        "cut": forecaster.cut.isoformat(),
        "usual": forecaster.usual,
        "intercept": forecaster.intercept,
        "words": parts.words.intercept,
        "people": parts.people.intercept if parts.people else None,
        "record": parts.record.usual if parts.record else None,
        "check": {"days": check.days, "auc": check.auc, "newest": check.newest, "error": check.error},
    }
    arrays: dict[str, Any] = {"json": _bytes(json.dumps(told))}
    arrays |= {"mean": forecaster.mean, "scale": forecaster.scale, "coef": forecaster.coef}
    arrays |= _sparse("words", parts.words)
    if parts.people is not None and parts.record is not None:
        arrays |= _sparse("people", parts.people)
        arrays |= {"names": _bytes(json.dumps(parts.record.names)), "table": parts.record.table}
    body = io.BytesIO()
    np.savez_compressed(body, **arrays)
    return body.getvalue()


def load(body: bytes) -> Forecaster | None:
    """The forecaster of `dump`; None for bytes that are damaged or of another schema: then train anew."""
    try:
        if any(entry.file_size > _ENTRY for entry in zipfile.ZipFile(io.BytesIO(body)).infolist()):
            return None
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            told = json.loads(arrays["json"].tobytes())
            return _restore(told, arrays) if told["schema"] == SCHEMA else None
    except (ValueError, KeyError, TypeError, IndexError, EOFError, OSError, zipfile.BadZipFile, zlib.error):
        return None


def foresee(body: bytes, papers: Sequence[Paper]) -> dict[str, Forecast]:
    """Forecasts by paper id from what `dump` kept; none from a state that cannot be read or is not trusted."""
    forecaster = load(body)
    return forecaster.forecast(papers) if forecaster is not None and forecaster.check.trusted else {}


def _restore(told: Any, arrays: Any) -> Forecaster | None:
    people, record = None, None
    if told["people"] is not None:
        people = _linear("people", arrays, told["people"])
        names = tuple(json.loads(arrays["names"].tobytes()))
        record = Record(names, arrays["table"], float(told["record"]))
        if record.table.shape != (len(names), len(COLUMNS)):
            return None
    parts = Parts(_linear("words", arrays, told["words"]), people, record)
    mean, scale, coef = (np.asarray(arrays[name], dtype=np.float64) for name in ("mean", "scale", "coef"))
    day, check = date.fromisoformat(told["cut"]), Check(**told["check"])
    return Forecaster(day, float(told["usual"]), parts, mean, scale, coef, float(told["intercept"]), check)


def _sparse(name: str, model: Linear) -> dict[str, Any]:
    """Only the buckets that count: most of them do not."""
    at = np.flatnonzero(model.idf).astype(np.int32)
    return {f"{name} at": at, f"{name} idf": model.idf[at], f"{name} coef": model.coef[at]}


def _linear(name: str, arrays: Any, intercept: float) -> Linear:
    idf, coef = np.zeros(BUCKETS, dtype=np.float32), np.zeros(BUCKETS, dtype=np.float32)
    at = arrays[f"{name} at"]
    idf[at], coef[at] = arrays[f"{name} idf"], arrays[f"{name} coef"]
    return Linear(idf, coef, float(intercept))


def _bytes(text: str) -> Any:
    return np.frombuffer(text.encode(), dtype=np.uint8)
