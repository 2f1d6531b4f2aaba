"""Three-order service (点单 派单 接单). Ids, codes and times.

In what follows, `resident` is who a service is for, or who placed the order where that is somebody
without an account; `placed_by` may be staff who placed it for them. `called` is who does the duty
at the office that is asked, None where nobody does.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.types import Level

# --- the catalogue ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ServiceDefined(Event):
    """There is a new service in the catalogue from `since` on: usually done in `minutes`, by
    somebody with that skill and these trainings, of that age at least. Changes are numbered from 1.
    """

    service: str
    number: int
    since: datetime
    zh: str
    en: str
    minutes: int
    skill: str | None = None
    trainings: tuple[str, ...] = ()
    least_age: int | None = None


@dataclass(frozen=True, slots=True)
class ServiceRevised(Event):
    """A service is another from `since` on; orders that run keep what they were placed with. It
    replaces the revision before it whole: what is None is as shipped, or as defined.
    """

    service: str
    number: int
    since: datetime
    zh: str | None = None
    en: str | None = None
    minutes: int | None = None
    skill: str | None = None
    trainings: tuple[str, ...] | None = None
    least_age: int | None = None


@dataclass(frozen=True, slots=True)
class ServiceRetired(Event):
    """It is not ordered any more from `since` on."""

    service: str
    number: int
    since: datetime


@dataclass(frozen=True, slots=True)
class ServiceChangeCalledOff(Event):
    """The change with this number, which lay ahead, will not be."""

    service: str
    number: int


# --- a taker is looked for ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderPlaced(Event):
    """A service is wanted at `place`, at some time from `earliest` to `latest`. `resident` is None
    where they have no account.
    """

    order: str
    service: str
    place: str
    path: tuple[str, ...]
    resident: str | None
    placed_by: str
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class OrderTimesNamed(Event):
    """It is wanted at other times. `offered` were asked for the old ones: that is over."""

    order: str
    service: str
    place: str
    earliest: datetime
    latest: datetime
    offered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakersSought(Event):
    """Somebody who takes it is looked for; the rounds of that are numbered from 1, and each has an
    answer until then.
    """

    order: str
    number: int
    until: datetime


@dataclass(frozen=True, slots=True)
class OrderOffered(Event):
    """These volunteers are asked, until then; the first who accepts has it. `by` has chosen them;
    None: the matching has.
    """

    order: str
    service: str
    place: str
    volunteers: tuple[str, ...]
    earliest: datetime
    until: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class OrderDeclined(Event):
    """A volunteer who was asked does not take it."""

    order: str
    volunteer: str


@dataclass(frozen=True, slots=True)
class OrderOffersLapsed(Event):
    """These volunteers have not answered in time."""

    order: str
    volunteers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderClimbed(Event):
    """Nobody took it: the office of `place`, of that level, finds somebody until then or says why
    not.
    """

    order: str
    service: str
    resident: str
    placed_by: str
    level: Level
    place: str
    called: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class OrderAlarmed(Event):
    """The office of `place` must look at it: ``overdue``, ``untaken``, ``not-begun``,
    ``unconfirmed``, ``disputed``, ``rated-low``. With each time that it is called, `number` grows.
    """

    order: str
    service: str
    because: str
    place: str
    called: str | None
    number: int


@dataclass(frozen=True, slots=True)
class OrderEntrusted(Event):
    """An organisation dispatches it, until then (组织派单)."""

    order: str
    service: str
    place: str
    organisation: str
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class OrderEntrustmentEnded(Event):
    """The organisation dispatches it no more: ``returned``, ``lapsed``, ``withdrawn``."""

    order: str
    organisation: str
    because: str


# --- somebody has it ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderAccepted(Event):
    """A volunteer has it. `passed_over` were asked, too: for them it is taken."""

    order: str
    service: str
    place: str
    resident: str
    placed_by: str
    volunteer: str
    passed_over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderTakenOver(Event):
    """The office does it itself: `by` has it. `passed_over` were asked."""

    order: str
    service: str
    place: str
    resident: str
    placed_by: str
    by: str
    passed_over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderTimeProposed(Event):
    """One side proposes when; the other (`to`) agrees or proposes another time."""

    order: str
    service: str
    by: str
    to: str
    begin: datetime


@dataclass(frozen=True, slots=True)
class OrderAgreed(Event):
    """Both sides have agreed when."""

    order: str
    service: str
    place: str
    resident: str
    placed_by: str
    volunteer: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class OrderNear(Event):
    """It is soon time."""

    order: str
    service: str
    resident: str
    placed_by: str
    volunteer: str
    begin: datetime


@dataclass(frozen=True, slots=True)
class OrderGivenBack(Event):
    """The volunteer has it no more, and another is looked for: ``ill``, ``busy``, ``too-far``,
    ``not-fit``, ``other``; ``not-agreed`` (no time was, and it was theirs to propose), ``absent``
    (they did not come), ``stopped`` (they serve no more), ``suspended``, ``unfit`` (they lack what
    is asked of who takes it), ``erased``. `late`: shortly before the time that was agreed.
    """

    order: str
    service: str
    resident: str
    placed_by: str
    volunteer: str
    because: str
    late: bool


# --- it is done ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderBegun(Event):
    """By the word of `by`, one of both sides."""

    order: str
    service: str
    resident: str
    volunteer: str
    by: str
    begun: datetime


@dataclass(frozen=True, slots=True)
class OrderBeginConfirmed(Event):
    """The other side says so, too."""

    order: str
    by: str


@dataclass(frozen=True, slots=True)
class OrderFinished(Event):
    """By the word of `by`, one of both sides; the other confirms it."""

    order: str
    service: str
    resident: str
    volunteer: str
    by: str
    ended: datetime


@dataclass(frozen=True, slots=True)
class OrderPresenceDisputed(Event):
    """The other side says that it was not so; the office settles it."""

    order: str
    by: str


@dataclass(frozen=True, slots=True)
class OrderDone(Event):
    """It is done, and took `minutes`. With `by_office` it was the office that did it."""

    order: str
    service: str
    place: str
    resident: str
    placed_by: str
    volunteer: str
    minutes: int
    by_office: bool


@dataclass(frozen=True, slots=True)
class OrderRated(Event):
    """One side (`by`) has rated the other (`person`, None without an account): stars from 1 to 5,
    and flags.
    """

    order: str
    service: str
    by: str
    person: str | None
    stars: int
    flags: tuple[str, ...]


# --- it is not ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderCancelled(Event):
    """The resident's side does not want it any more. `offered` were asked. `late`: shortly before
    the time that was agreed.
    """

    order: str
    service: str
    resident: str
    placed_by: str
    volunteer: str | None
    offered: tuple[str, ...]
    by: str
    late: bool


@dataclass(frozen=True, slots=True)
class OrderEnded(Event):
    """It is not done: ``no-taker`` in time, ``not-agreed``, ``never-begun``, ``nobody-home``,
    ``erased``, or what the office (`by`) says: ``not-offered-here``, ``unsafe``, ``no-means``,
    ``helped-otherwise``, ``against-the-rules``.
    """

    order: str
    service: str
    resident: str
    placed_by: str
    volunteer: str | None
    offered: tuple[str, ...]
    because: str
    by: str | None


@dataclass(frozen=True, slots=True)
class OrderForgotten(Event):
    """Its words are gone, and who it was for."""

    forgets: ClassVar[bool] = True

    order: str
