"""The group room: candidates to topics. Given headings by rule, others discovered, named and kept from day to day;
touched when papers stand under the wrong heading. Public: `group`, `claim`, `bounds`, `fit` with `TopicSpace`."""

from digest.group.grouping import bounds, claim, group
from digest.group.space import TopicSpace, fit

__all__ = ["TopicSpace", "bounds", "claim", "fit", "group"]
