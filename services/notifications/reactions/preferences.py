"""What events lead to of how people want to be told: digests, and forgetting."""

from collections import Counter

from services.notifications.domain.digest import MOST_COUNTED, digest_params
from services.notifications.domain.kinds import Topic
from services.notifications.domain.message import Post, message, message_id
from services.notifications.domain.preferences.preferences import ForgetPreferences, preferences
from services.notifications.kinds import kinds_in_use
from services.notifications.views.inbox import came_since
from shared.contracts import community, notifications
from shared.runtime.reactions import About, Do, Reactions

DIGEST = "digest"

reactions = Reactions()


@reactions.on(community.ResidentErased)
async def forget_preferences(event: community.ResidentErased, about: About, do: Do) -> None:
    """Nothing is kept of how an erased person was reached."""
    await do(preferences, event.resident, ForgetPreferences())


@reactions.on(notifications.DigestDue)
async def tell_in_a_digest(event: notifications.DigestDue, about: About, do: Do) -> None:
    """One message with how much came of each topic; none where nothing did. It is made from the
    event's id: however often that comes, there is one.
    """
    counts: Counter[Topic] = Counter()
    async for _, one in do.find(message, came_since(event.person, event.since)):
        if one.posted is None or one.posted >= event.until or counts.total() >= MOST_COUNTED:
            break
        if one.kind != DIGEST:
            counts[topic_of(one.kind)] += 1
    if not counts:
        return
    post = Post(event.person, DIGEST, digest_params(counts), about.stream, about.id)
    await do(message, message_id(about.id, event.person, DIGEST), post)


def topic_of(kind: str) -> Topic:
    """What a kind belongs to; one that is not known here is a notice."""
    rule = kinds_in_use().rules.get(kind)
    return Topic.NOTICES if rule is None else rule.topic
