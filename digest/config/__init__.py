"""config.yaml -> a typed `Plan`. Every mistake is a `ConfigError` naming file, line, key, value, cure.

Three parts: `read.py` (YAML with line numbers, ``env:`` and ``--set``), `schema.py` (what may stand there), `plan.py`
(the nouns the rest of the program works with). Touched when a key is added; docs/config.md must name it too.
"""

from digest.config.feeds import FeedsPlan
from digest.config.forecast import ForecastPlan
from digest.config.mailing import TOKEN, Links, MailPlan, Serve, WarmUp
from digest.config.plan import Network, Plan, default_plan, load

__all__ = [
    "TOKEN",
    "FeedsPlan",
    "ForecastPlan",
    "Links",
    "MailPlan",
    "Network",
    "Plan",
    "Serve",
    "WarmUp",
    "default_plan",
    "load",
]
