"""`config check` and `config show`: whether the configuration holds, and what it works out to."""

import json

import typer

from digest.cli.common import JSON, NOW, Session, moment, stateful

config = typer.Typer(no_args_is_help=True, help="The configuration: whether it holds, and what it works out to.")


@config.command("check")
@stateful
def check(session: Session, now: NOW = None, json_: JSON = False) -> int:
    """Read the configuration and the templates as a run would; exit 2 names file, line, key and value of a mistake."""
    from digest.config.show import UNSET, settings
    from digest.render import Templates
    from digest.schedule import next_fire

    plan, at = session.plan(), moment(now)
    Templates(plan.templates, plan.theme).check()
    found = settings(session.config, session.home, session.overrides)
    unset = [each for each in found if each.origin.endswith(UNSET)]
    following = {letter.name: next_fire(letter, at) for letter in plan.newsletters}
    if json_:
        issues = {name: fire and fire.isoformat() for name, fire in following.items()}
        print(json.dumps({"ok": True, "config": str(plan.path), "next": issues, "unset": [s.dotted for s in unset]}))
        return 0
    print(f"{plan.path} holds; sources: {len(plan.sources)}, newsletters: {len(plan.newsletters)}")
    for name, fire in following.items():
        print(f"  {name}: next {fire:%Y-%m-%d %H:%M} UTC" if fire else f"  {name}: never due")
    for each in unset:
        print(f"  {each.dotted} is off: {each.origin}")
    return 0


@config.command("show")
@stateful
def show(session: Session, json_: JSON = False) -> int:
    """Print every key with its value, defaults filled in and secrets hidden, and where each value came from."""
    from digest.config.show import as_yaml, settings

    found = settings(session.config, session.home, session.overrides)
    if json_:
        print(json.dumps([{"key": s.dotted, "value": s.value, "origin": s.origin} for s in found], ensure_ascii=False))
    else:
        print("\n".join(as_yaml(found)))
    return 0
