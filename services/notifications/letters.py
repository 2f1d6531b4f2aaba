"""Letters: a message as it goes out by a way, in its recipient's language and within what the way
carries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notifications.channels.channel import Letter
from services.notifications.domain.message import Message
from services.notifications.domain.ways import Lane, Way
from services.notifications.wording import NotRenderable, wording
from shared.runtime.problems import Language

SMS_LENGTH = 268
"""Characters: four parts of 67 (3GPP TS 23.040, UCS-2)."""
PUSH_TITLE, PUSH_BODY = 50, 120
ROBOT_BYTES = 2_048
SUBJECT = 60
LANGUAGE: Language = "zh"
"""Of those who have chosen none."""
TAGS: Mapping[Language, str] = {"zh": "zh-Hans", "en": "en"}
SEVERAL: Mapping[Language, str] = {"zh": "（同类消息共{count}条）", "en": " ({count} of this kind)"}
"""Added where more than one goes out as one."""
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Text:
    """Title and body that fit a way."""

    title: str
    body: str


def letter(
    id: str,
    message: Message,
    way: Way,
    places: Mapping[str, Any],
    count: int,
    now: datetime,
) -> Letter:
    """The letter for a message, which stands for `count` of its kind."""
    spoken = LANGUAGE
    try:
        rendered = wording(spoken).render(message.kind, message.params, places)
        title, body = rendered.title, rendered.body
    except NotRenderable:
        # Written by another version of this service: what it tells of is found under `about`.
        title, body = message.kind, ""
    if count > 1:
        title += SEVERAL[spoken].format(count=count)
    text = fitted(title, body, way)
    delivery = message.delivery
    return Letter(
        id=id,
        title=text.title,
        body=text.body,
        language=TAGS[spoken],
        about=message.about,
        now=now,
        expires=None if delivery is None else delivery.expires,
        urgent=delivery is not None and delivery.lane is Lane.URGENT,
    )


def fitted(title: str, body: str, way: Way) -> Text:
    """Title and body within what the way carries; a text message is both in one."""
    match way:
        case Way.SMS:
            return Text("", cut(f"{title}：{body}" if body else title, SMS_LENGTH))
        case Way.PUSH:
            return Text(cut(title, PUSH_TITLE), cut(body, PUSH_BODY))
        case Way.ROBOT:
            return Text(cut(title, SUBJECT), cut_bytes(body, ROBOT_BYTES - 4 * SUBJECT))
        case _:
            return Text(cut(title, SUBJECT), body)


def cut(text: str, most: int) -> str:
    """At most so many characters; what is cut off shows."""
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def cut_bytes(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, in whole characters."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    room = most - len(ELLIPSIS.encode())
    return raw[:room].decode(errors="ignore").rstrip() + ELLIPSIS
