"""The three lists (资源 需求 项目 三张清单): resources, needs, and projects. Ids, codes and times.

`organisation` or `person` is who offers something: an organisation, or somebody who has checked in.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.contracts.event import Event


class Provision(StrEnum):
    """What is offered and needed: the words in which a check-in says what somebody offers."""

    CHILDREN = "children"
    CULTURE = "culture"
    DIGITAL_HELP = "digital-help"
    ELDERS = "elders"
    FUNDING = "funding"
    HEALTH = "health"
    LAW = "law"
    MEDIATION = "mediation"
    PARKING = "parking"
    PATROLS = "patrols"
    REPAIRS = "repairs"
    TEACHING = "teaching"
    TRANSPORT = "transport"
    VENUE = "venue"


class NeedOutcome(StrEnum):
    """How a need ended."""

    EXPIRED = "expired"
    FULFILLED = "fulfilled"
    WITHDRAWN = "withdrawn"


# --- resources -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ResourceOffered(Event):
    """Somebody offers a `quantity` of something for `place` and all below it, from `begin` to
    `until`. What `renews` can be used again by others at another time, as a room can.
    """

    resource: str
    kind: Provision
    place: str
    path: tuple[str, ...]
    organisation: str | None
    person: str | None
    quantity: int
    renews: bool
    begin: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class ResourceChanged(Event):
    """There is so much of it, until then."""

    resource: str
    quantity: int
    until: datetime


@dataclass(frozen=True, slots=True)
class ResourceReserved(Event):
    """So much of it is promised to a need, for that time."""

    resource: str
    need: str
    quantity: int
    begin: datetime
    until: datetime
    organisation: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class ResourceRefused(Event):
    """A need does not get it: ``kind``, ``not-enough``, ``place``, ``time``, ``withdrawn``."""

    resource: str
    need: str
    quantity: int
    because: str


@dataclass(frozen=True, slots=True)
class ResourceFreed(Event):
    """What was promised to a need is promised no more: ``declined`` (by who offers it),
    ``released`` (by the need), ``withdrawn``.
    """

    resource: str
    need: str
    quantity: int
    because: str


@dataclass(frozen=True, slots=True)
class ResourceWithdrawn(Event):
    """It is offered no more."""

    forgets: ClassVar[bool] = True
    resource: str


# --- needs ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NeedStated(Event):
    """At `place` a `quantity` of something is needed between `begin` and `until`."""

    need: str
    kind: Provision
    place: str
    path: tuple[str, ...]
    quantity: int
    begin: datetime
    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class NeedAsked(Event):
    """A resource is asked for so much."""

    need: str
    resource: str
    kind: Provision
    path: tuple[str, ...]
    quantity: int
    begin: datetime
    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class NeedReleased(Event):
    """What a resource promised is not needed any more."""

    need: str
    resource: str


@dataclass(frozen=True, slots=True)
class NeedLeftOut(Event):
    """What a resource promised, or was asked for, does not come; see the reasons of
    `ResourceRefused` and `ResourceFreed`. `by` stated the need.
    """

    need: str
    resource: str
    because: str
    by: str


@dataclass(frozen=True, slots=True)
class NeedOffered(Event):
    """Who has checked in and offers such things is asked whether they do it, until then."""

    need: str
    checkin: str
    kind: Provision
    place: str
    person: str | None
    organisation: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class NeedOfferAnswered(Event):
    """They do so much of it, or (0) decline. `by` stated the need."""

    need: str
    checkin: str
    person: str | None
    organisation: str | None
    quantity: int
    by: str


@dataclass(frozen=True, slots=True)
class NeedOffersLapsed(Event):
    """These have not answered in time: others can be asked."""

    need: str
    checkins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeedMet(Event):
    """All that is needed is promised."""

    need: str
    place: str
    by: str


@dataclass(frozen=True, slots=True)
class NeedNotGiven(Event):
    """A project does not carry the need: `instead` does, or (None) the need has ended."""

    need: str
    project: str
    instead: str | None


@dataclass(frozen=True, slots=True)
class NeedEnded(Event):
    """It is needed no more; `resources` had promised something."""

    need: str
    kind: Provision
    place: str
    path: tuple[str, ...]
    outcome: NeedOutcome
    resources: tuple[str, ...]
    by: str


# --- projects ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProjectPlanned(Event):
    """`lead` answers for a project that meets these needs until then."""

    project: str
    place: str
    path: tuple[str, ...]
    needs: tuple[str, ...]
    lead: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ProjectLeadChanged(Event):
    """Somebody else answers for it."""

    project: str
    lead: str
    former: str


@dataclass(frozen=True, slots=True)
class ProjectTaskGiven(Event):
    """A person, or an organisation, has to do a task until then; `former` had it before."""

    project: str
    task: int
    person: str | None
    organisation: str | None
    former: str | None
    lead: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ProjectTaskDropped(Event):
    """A task is not to be done any more."""

    project: str
    task: int
    person: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class ProjectTaskDone(Event):
    """They say that it is done; who answers for the project confirms it."""

    project: str
    task: int
    person: str | None
    organisation: str | None
    lead: str


@dataclass(frozen=True, slots=True)
class ProjectTaskConfirmed(Event):
    """It is done. Hours, where there are any, are told by `HoursConfirmed`."""

    project: str
    task: int
    person: str | None
    organisation: str | None
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class ProjectTaskSentBack(Event):
    """It is not done yet."""

    project: str
    task: int
    person: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class ProjectTaskOverdue(Event):
    """It was not done until it was due."""

    project: str
    task: int
    person: str | None
    organisation: str | None
    lead: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ProjectReported(Event):
    """All is done, and reported; the side of the needs judges it until then."""

    project: str
    place: str
    needs: tuple[str, ...]
    lead: str
    judge_by: datetime


@dataclass(frozen=True, slots=True)
class ProjectJudgementLate(Event):
    """Nobody has judged it: `person` at the office of the place `office` is told, None where nobody
    has that duty.
    """

    project: str
    place: str
    office: str
    person: str | None


@dataclass(frozen=True, slots=True)
class ProjectJudged(Event):
    """Whether it met the needs. What was not met goes on."""

    project: str
    place: str
    path: tuple[str, ...]
    needs: tuple[str, ...]
    lead: str
    met: bool
    stars: int
    judge: str


@dataclass(frozen=True, slots=True)
class ProjectCalledOff(Event):
    """It is not carried out. Its needs are open again."""

    project: str
    place: str
    needs: tuple[str, ...]
    lead: str
    by: str
