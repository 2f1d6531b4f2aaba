"""Wishes (微心愿). Ids, codes and times.

`owner` is who hopes for it, None where that person is not on the platform; `poster` is who wrote it
down, which may be the owner. `volunteer` is who has claimed it, `team` the team they did it for.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event


class WishKind(StrEnum):
    """What is hoped for. Never money."""

    COMPANY = "company"
    ERRAND = "errand"
    ESCORT = "escort"
    HOUSEHOLD = "household"
    LEARNING = "learning"
    OUTING = "outing"
    REPAIR = "repair"
    SKILL = "skill"
    THING = "thing"
    OTHER = "other"


class WishOutcome(StrEnum):
    """How a wish ended that nobody granted."""

    CLOSED = "closed"
    DECLINED = "declined"
    EXPIRED = "expired"
    FORGOTTEN = "forgotten"
    WITHDRAWN = "withdrawn"


class Awaited(StrEnum):
    """What somebody has to do for a wish, and has not done."""

    SCREENING = "screening"
    PETITION = "petition"
    CONFIRMATION = "confirmation"
    SETTLEMENT = "settlement"


@dataclass(frozen=True, slots=True)
class WishPosted(Event):
    """Something small is hoped for at `place` (never closer than a neighbourhood or grid), until
    then; `path` runs from the district down to it. Staff screen it before it is shown.
    """

    wish: str
    kind: WishKind
    place: str
    path: tuple[str, ...]
    owner: str | None
    poster: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class WishReturned(Event):
    """Whoever screened it asks the poster to put it otherwise."""

    wish: str
    place: str
    owner: str | None
    poster: str | None


@dataclass(frozen=True, slots=True)
class WishOpened(Event):
    """Its wording was looked at, and volunteers can claim it until then."""

    wish: str
    kind: WishKind
    place: str
    owner: str | None
    poster: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class WishHidden(Event):
    """It is shown no more until its new wording is looked at."""

    wish: str
    place: str


@dataclass(frozen=True, slots=True)
class WishClaimed(Event):
    """A volunteer grants it until then, alone or for a team."""

    wish: str
    place: str
    volunteer: str
    team: str | None
    owner: str | None
    poster: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class WishClaimLapsing(Event):
    """Soon the claim lapses: grant it, or give it back."""

    wish: str
    place: str
    volunteer: str
    team: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class WishReleased(Event):
    """The volunteer has it no more: ``given-back``, ``lapsed``, ``not-granted`` (a dispute was
    settled so), ``stopped`` (the volunteer or team serves no more), ``unfit`` (they lack what is
    asked of who grants it), ``erased``.
    """

    wish: str
    place: str
    volunteer: str
    team: str | None
    owner: str | None
    poster: str | None
    because: str


@dataclass(frozen=True, slots=True)
class WishGranted(Event):
    """The volunteer says that it is done; the owner confirms it, or somebody for them."""

    wish: str
    place: str
    volunteer: str
    team: str | None
    owner: str | None
    poster: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class WishDisputed(Event):
    """It was not granted as the volunteer says: ``hours``, ``not-as-agreed``, ``not-done``. Staff
    settle it.
    """

    wish: str
    place: str
    volunteer: str
    team: str | None
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class WishFulfilled(Event):
    """It is confirmed that the wish was granted, by the owner, or (`on_behalf`) for them."""

    wish: str
    kind: WishKind
    place: str
    path: tuple[str, ...]
    volunteer: str
    team: str | None
    owner: str | None
    poster: str | None
    confirmed_by: str
    on_behalf: bool


@dataclass(frozen=True, slots=True)
class WishReferred(Event):
    """It is no small wish but a matter for the authorities: a petition is to be filed, with
    ``wish:<id>`` as its origin. Who had claimed it is free of it.
    """

    wish: str
    place: str
    owner: str | None
    poster: str | None
    volunteer: str | None
    by: str


@dataclass(frozen=True, slots=True)
class WishBecamePetition(Event):
    """The petition was filed; the wish has ended and goes on as that."""

    wish: str
    petition: str
    place: str
    path: tuple[str, ...]
    owner: str | None
    poster: str | None


@dataclass(frozen=True, slots=True)
class WishEnded(Event):
    """It ended without being granted. `volunteer` had claimed it then; `by` is None for time."""

    wish: str
    kind: WishKind
    place: str
    path: tuple[str, ...]
    outcome: WishOutcome
    owner: str | None
    poster: str | None
    volunteer: str | None
    team: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class WishWaits(Event):
    """Something was not done in time: `person` at the office of the place `office` is told, None
    where nobody has that duty.
    """

    wish: str
    place: str
    awaited: Awaited
    office: str
    person: str | None
