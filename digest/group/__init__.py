"""The group room: candidates to topics. Given headings by rule, others discovered and named; touched when papers stand
under the wrong heading. Public: `group`, `claim`, `bounds`."""

from digest.group.grouping import bounds, claim, group

__all__ = ["bounds", "claim", "group"]
