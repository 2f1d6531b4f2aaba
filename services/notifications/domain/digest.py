"""Digest (汇总): how much came of each topic since the last one, in one message."""

from collections.abc import Mapping

from services.notifications.domain.kinds import Topic

MOST_COUNTED = 1_000
"""Messages of one digest; who has more knows that they have many."""
MOST_TOPICS = 7
"""Of these it tells the number, the largest first: a parameter holds 160 characters."""


def digest_params(counts: Mapping[Topic, int]) -> dict[str, str]:
    """What fills the message: how many in all, and by topic as ``petitions=5 help=2``."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return {
        "count": str(sum(counts.values())),
        "topics": " ".join(f"{topic.value}={count}" for topic, count in ordered[:MOST_TOPICS]),
    }
