"""Summarise room: what an item says of its paper: the TL;DR, facts at a glance, how attention grew.

Pure: everything comes from the paper and what was observed of it. `__init__` only names what other rooms may use.
"""

from digest.summarise.attention import attention
from digest.summarise.facts import facts
from digest.summarise.keyphrases import keyphrases
from digest.summarise.tldr import tldr

__all__ = ["attention", "facts", "keyphrases", "tldr"]
