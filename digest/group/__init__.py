"""The group room: candidates to topics. Given headings by rule, others discovered and named; touched when papers stand
under the wrong heading. Public: `group`."""

from digest.group.grouping import group

__all__ = ["group"]
