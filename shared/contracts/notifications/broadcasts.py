"""Broadcasts (广播通知): one text told to everybody of a place or a group. What it says is told in
the inbox, not here.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event


class Group(StrEnum):
    """Whom a broadcast is for."""

    RESIDENTS = "residents"
    """Who lives at the place or below it."""
    DUTY = "duty"
    """Who holds a post there or below: of the duty that is named, or any."""
    ORGANISATION = "organisation"
    """The members of the organisation that is named, which has its seat or works there."""
    TEAM = "team"
    """The members of the volunteer team that is named, which serves there."""


@dataclass(frozen=True, slots=True)
class BroadcastSubmitted(Event):
    """A broadcast to `place` waits for a second person to approve it."""

    broadcast: str
    place: str
    group: Group
    urgent: bool
    by: str


@dataclass(frozen=True, slots=True)
class BroadcastSentBack(Event):
    """It was not approved: `drafted_by` has to change it. `because` is a reason's code."""

    broadcast: str
    place: str
    drafted_by: str
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class BroadcastApproved(Event):
    """It is being told from now on; after `until` nobody is told any more. `urgent` is what was
    approved, not what was asked for.
    """

    broadcast: str
    place: str
    group: Group
    urgent: bool
    drafted_by: str
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class BroadcastPageDue(Event):
    """The next `most` recipients, in order of their subject, are told now: those after `after`, or
    the first ones. Pages are counted from 1; a page whose outcome is not known after a while is
    due once more. `at` is when it was due.
    """

    broadcast: str
    page: int
    most: int
    after: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class BroadcastStopped(Event):
    """It ended early, after so many were `told`: by a person (`because` is a reason's code), or
    because its time was over (``expired``, `by` is None).
    """

    broadcast: str
    place: str
    drafted_by: str
    approved_by: str
    by: str | None
    because: str
    told: int


@dataclass(frozen=True, slots=True)
class BroadcastDone(Event):
    """Everybody was told: so many."""

    broadcast: str
    place: str
    drafted_by: str
    approved_by: str
    told: int
