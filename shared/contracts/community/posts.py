"""Posts: who has which duty where, who stands in, what is vacant; and rotas."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event


@dataclass(frozen=True, slots=True)
class PatternAdopted(Event):
    """A place must fill `duties`, each within so many days of becoming vacant; those `dropped` of
    the pattern before are asked for no longer.
    """

    place: str
    pattern: str | None
    duties: tuple[str, ...]
    dropped: tuple[str, ...]
    fill_within_days: int


@dataclass(frozen=True, slots=True)
class PostAssigned(Event):
    """From `since` on, `holder` (a subject) has the post's duty at the place; `until` is the term's
    end if it has one, `organisation` the one that fills the post, if one does.
    """

    post: str
    duty: str
    place: str
    holder: str
    since: datetime
    until: datetime | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class PostVacated(Event):
    """Nobody holds the post any more. `because` is ``resigned``, ``relieved``, ``replaced``,
    ``term-ended`` or ``place-closed``."""

    post: str
    duty: str
    place: str
    holder: str
    because: str


@dataclass(frozen=True, slots=True)
class PostVacant(Event):
    """Nobody holds a post that must be filled, since `since`; it should be filled by `due`."""

    post: str
    duty: str
    place: str
    due: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class PostVacancyOverdue(Event):
    """A post that must be filled was not by `due`. `to` is the place of the next level, which has
    to see to it; None above a district. It is told once for every level: at `climbs_at` the one
    above hears of it, too, unless the post is filled by then; None where no level is left.

    `told` is who sees to it at `to`, None where nobody does: then it climbs at once.
    """

    post: str
    duty: str
    place: str
    due: datetime
    since: datetime
    to: str | None = None
    told: str | None = None
    climbs_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeputyStandsIn(Event):
    """The holder is on leave: `deputy` does the duty until they return, at the latest `until`."""

    post: str
    place: str
    duty: str
    holder: str
    deputy: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class HolderAway(Event):
    """The holder is on leave and nobody stands in: the duty climbs to the next level."""

    post: str
    place: str
    duty: str
    holder: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class HolderReturned(Event):
    """The holder does the duty again."""

    post: str
    place: str
    duty: str
    holder: str


@dataclass(frozen=True, slots=True)
class RotaPublished(Event):
    """Who is on duty at a place: `shifts` are start, end and person (a subject) in order of time,
    400 at most. They are numbered from 0.
    """

    rota: str
    place: str
    shifts: tuple[tuple[datetime, datetime, str], ...]


@dataclass(frozen=True, slots=True)
class RotaSwapProposed(Event):
    """`by` offers `to` the shift number `mine` for number `theirs`; it lapses at `until`."""

    rota: str
    place: str
    by: str
    to: str
    mine: int
    theirs: int
    until: datetime


@dataclass(frozen=True, slots=True)
class RotaSwapEnded(Event):
    """Nothing came of an offer: it was ``declined``, ``withdrawn``, ``overtaken`` or
    ``unanswered``.
    """

    rota: str
    place: str
    by: str
    to: str
    mine: int
    theirs: int
    because: str


@dataclass(frozen=True, slots=True)
class RotaShiftChanged(Event):
    """`person` has the shift of this number instead of `before`: ``swapped``, or as ``stand-in``
    for somebody who cannot come.
    """

    rota: str
    place: str
    number: int
    start: datetime
    end: datetime
    before: str
    person: str
    because: str
