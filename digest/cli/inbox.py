"""`inbox`: what came back by mail is read and taken, now instead of with the next run."""

import json

from digest.cli.common import JSON, NOW, Session, moment, stateful
from digest.errors import InputError


@stateful
def inbox(session: Session, now: NOW = None, json_: JSON = False) -> int:
    """Read the inbox: bounces, complaints, "unsubscribe", proposals."""
    from digest.operations import returns

    plan = session.plan()
    if plan.inbox is None or not (plan.inbox.url or plan.inbox.path):
        raise InputError(f"{plan.path}: there is no `inbox` with a `url` or a `path`")
    with session.store(plan) as store, store.lock("inbox", 600.0):
        taken = returns.read(plan, store, moment(now))
    if json_:
        print(json.dumps(returns.as_json(taken), ensure_ascii=False))
        return 0
    kinds = returns.as_json(taken)["kinds"]
    print(
        f"{len(taken)} read" + (": " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()) if kinds else "")
    )
    for each in taken:
        if each.done:
            print(f"  {each.kind:<10} {each.address}: {each.done}")
    return 0
