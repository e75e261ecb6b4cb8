"""Room `collect`: sources to entries. `gather` asks, `recognise` reads; both report what went wrong in words.

Touched when the public names of the room change. Parsers are pure; `kinds/` and `gather` do the asking.
"""

from digest.collect.batches import Part, parts
from digest.collect.errors import Unreadable
from digest.collect.gather import gather
from digest.collect.kinds import kinds
from digest.collect.recognise import recognise

__all__ = ["Part", "Unreadable", "gather", "kinds", "parts", "recognise"]
