"""A back-test as a table and as a picture (SVG), for `digest backtest`. Touched when it should look otherwise."""

from html import escape

from digest.operations.backtest import NDCG, PRECISION, RECALL, Backtest

COLUMNS = (
    ("precision", f"precision@{PRECISION}"),
    ("recall", f"recall@{RECALL}"),
    ("ndcg", f"NDCG@{NDCG}"),
)
_NAMES, _WIDTH, _GAP, _LINE, _HEAD = 190, 200, 30, 26, 64  # pixels


def as_lines(found: Backtest) -> list[str]:
    """The measures as a table, and under it what was replayed."""
    wide = max(len(row.order) for row in found.rows)
    lines = [f"{'':<{wide}}" + "".join(f"{title:>14}" for _, title in COLUMNS)]
    lines += [f"{r.order:<{wide}}" + "".join(f"{getattr(r, key):>14.3f}" for key, _ in COLUMNS) for r in found.rows]
    return [*lines, "", _caption(found)]


def as_svg(found: Backtest) -> str:
    """The measures as bars, a column a measure; readable by itself, without colours or scripts."""
    width = _NAMES + len(COLUMNS) * (_WIDTH + _GAP)
    height = _HEAD + _LINE * len(found.rows) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="13" role="img"><title>{escape(_caption(found))}</title>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="24" font-size="15">Back-test of {escape(found.newsletter)}, '
        f"{found.since} to {found.until}</text>",
    ]
    for column, (key, title) in enumerate(COLUMNS):
        left = _NAMES + column * (_WIDTH + _GAP)
        parts.append(f'<text x="{left}" y="{_HEAD - 12}" fill="#5a646d">{title}</text>')
        most = max((getattr(row, key) for row in found.rows), default=0.0) or 1.0
        for number, row in enumerate(found.rows):
            parts.append(_bar(left, _HEAD + number * _LINE, getattr(row, key), most, own=number == 0))
    for number, row in enumerate(found.rows):
        parts.append(f'<text x="12" y="{_HEAD + number * _LINE + 14}">{escape(row.order[:26])}</text>')
    parts.append(f'<text x="12" y="{height - 14}" fill="#5a646d" font-size="12">{escape(_caption(found))}</text></svg>')
    return "\n".join(parts) + "\n"


def _bar(left: int, top: int, value: float, most: float, *, own: bool) -> str:
    long = round((_WIDTH - 48) * value / most, 1)
    colour = "#1f5fbf" if own else "#9aa6b0"
    return (
        f'<rect x="{left}" y="{top}" width="{long}" height="18" fill="{colour}"/>'
        f'<text x="{left + long + 6}" y="{top + 14}">{value:.3f}</text>'
    )


def _caption(found: Backtest) -> str:
    wanted = "picked within a week" if found.against == "picks" else "among the best voted a week later"
    forecasts = f"; {found.forecasts} forecasts learnt on the way" if found.forecasts else "; without a forecast"
    return f"{found.hours} issues, {found.papers} new papers, {found.wanted} {wanted}{forecasts}"
