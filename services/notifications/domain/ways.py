"""The ways (渠道) by which somebody is told besides the inbox, and the plan for one message.

The inbox has every message at once. A plan says what is tried besides: in which order, when, and
until when it is worth telling at all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Way(StrEnum):
    """How a person is reached outside the inbox. A group's robot is a way to a group."""

    PUSH = "push"
    EMAIL = "email"
    SMS = "sms"
    ROBOT = "robot"
    PHONE = "phone"
    """Somebody calls: the message stands in a list of calls to make."""


class Lane(StrEnum):
    """What goes first where a provider takes only so many: a broadcast never holds up one message
    to one person.
    """

    URGENT = "urgent"
    SINGLE = "single"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Plan:
    """`ways` are tried in turn until one has the message delivered; none: the inbox is enough.

    Nothing is sent before `not_before` (quiet hours), nor after `expires`. With `gather_for`, what
    is told of the same thing meanwhile goes out as one. With `digest` it waits for the person's
    next digest. With `heard_within`, a way counts as failed when the person has not read the
    message so long after it was sent: what must be heard goes on to the next.
    """

    ways: tuple[Way, ...] = ()
    lane: Lane = Lane.SINGLE
    not_before: datetime | None = None
    expires: datetime | None = None
    gather_for: timedelta = timedelta()
    digest: bool = False
    heard_within: timedelta | None = None


INBOX_ONLY = Plan()
"""Nothing besides the inbox."""
