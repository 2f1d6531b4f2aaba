"""Letters: a message as it goes out by a way, in its recipient's language and within what the way
carries.
"""

from datetime import datetime

from services.notifications.channels.channel import Letter
from services.notifications.contact_codes import unsubscribe_link
from services.notifications.domain.message import Message
from services.notifications.domain.preferences.state import Tongue
from services.notifications.domain.ways import Lane, Way
from services.notifications.kinds import kinds_in_use
from services.notifications.saying import say_by
from shared.runtime.copies import Copies


def letter(
    id: str,
    message: Message,
    way: Way,
    copies: Copies,
    tongue: Tongue,
    count: int,
    now: datetime,
) -> Letter:
    """The letter for a message, which stands for `count` of its kind."""
    said = say_by(copies, way, message.recipient, message.kind, message.params, tongue, count)
    delivery = message.delivery
    return Letter(
        id=id,
        title=said.title,
        body=said.body,
        language=tongue.value,
        about=message.about,
        now=now,
        expires=None if delivery is None else delivery.expires,
        urgent=delivery is not None and delivery.lane is Lane.URGENT,
        unsubscribe=_unsubscribe(message) if way is Way.EMAIL else None,
    )


def _unsubscribe(message: Message) -> str | None:
    """The link with which the recipient gets no more mail of this topic; none where it must be
    told.
    """
    rule = kinds_in_use().rules.get(message.kind)
    if rule is None or rule.must:
        return None
    return unsubscribe_link(message.recipient, rule.topic)
