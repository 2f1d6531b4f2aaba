"""What is known of a broadcast, and what of it nobody outside is told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.notifications.domain.broadcast_commands import Words
from shared.contracts.event import Event
from shared.contracts.notifications.broadcasts import Group

NEEDED_LANGUAGE = "zh-Hans"


class Status(StrEnum):
    """How far it is."""

    UNDRAFTED = "undrafted"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`path` is where its place lies. `told` counts the recipients of the pages told, the last of
    which is number `page` and ended with the subject `after`. While `asked`, a page is being told;
    `page_at` is when it was due, or else when the next one is.
    """

    status: Status = Status.UNDRAFTED
    place: str = ""
    path: tuple[str, ...] = ()
    group: Group = Group.RESIDENTS
    of: str | None = None
    words: tuple[Words, ...] = ()
    urgent: bool = False
    rate: int = 0
    hours: int = 0
    drafted_by: str = ""
    drafted: datetime | None = None
    approved_by: str | None = None
    approved: datetime | None = None
    until: datetime | None = None
    page: int = 0
    after: str | None = None
    asked: bool = False
    page_at: datetime | None = None
    told: int = 0
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rules are told: its `id`, where its place lies (empty: no such place), and whether
    the organisation or team is one of that place.
    """

    id: str
    path: tuple[str, ...] = ()
    of_there: bool = True


@dataclass(frozen=True, slots=True)
class BroadcastDrafted(Event):
    """Somebody wrote it, or wrote it anew. Nobody else is told of it yet."""

    by: str
    place: str
    path: tuple[str, ...]
    group: Group
    of: str | None
    words: tuple[Words, ...]
    urgent: bool
    rate: int
    hours: int
    at: datetime


@dataclass(frozen=True, slots=True)
class BroadcastPageTold(Event):
    """So many were told, `last` the last of them; the next page is due at `following`."""

    page: int
    last: str | None
    count: int
    following: datetime | None
    at: datetime


def words_in(words: tuple[Words, ...], language: str) -> Words:
    """What it says in that language (BCP 47), or in the nearest; at last in ``zh-Hans``."""
    wanted = [language, language.partition("-")[0], NEEDED_LANGUAGE]
    for one in wanted:
        for each in words:
            if each.language == one or each.language.partition("-")[0] == one:
                return each
    return words[0]
