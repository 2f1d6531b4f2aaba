"""Care plans: visits that fall due, are made or missed, and alarms that climb. Ids, codes, times.

What a plan is for and what a visit found never leaves the service: purposes and readings are
nobody's business but of those who care.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event


class CareAlarm(StrEnum):
    """Why somebody has to look after a plan at once."""

    READING = "care-reading"
    FINDING = "care-finding"
    UNMET = "care-unmet"
    MISSED = "care-missed"
    NOBODY = "care-nobody"


class CareRung(StrEnum):
    """Who is called, from the lowest: the plan's team, the community's office, the street's."""

    TEAM = "team"
    COMMUNITY = "community"
    STREET = "street"


class CareUnmet(StrEnum):
    """Why a visit was tried and not made."""

    NOT_HOME = "not-home"
    REFUSED = "visit-refused"


class CareEnd(StrEnum):
    """How a plan ends. Why somebody ended it stays in the service."""

    ENDED = "care-ended"
    NOT_CONSENTED = "not-consented"
    WITHDRAWN = "consent-withdrawn"


@dataclass(frozen=True, slots=True)
class CarePlanProposed(Event):
    """`person` is asked whether they want to be visited, until then."""

    plan: str
    place: str
    person: str
    until: datetime


@dataclass(frozen=True, slots=True)
class CarePlanStarted(Event):
    """With the consent of `person` they are visited from now on, for `team` if for one."""

    plan: str
    place: str
    person: str
    visitor: str | None
    deputy: str | None
    team: str | None


@dataclass(frozen=True, slots=True)
class CareVisitorChanged(Event):
    """Somebody else visits from now on, or steps in when the visitor is away; None: nobody."""

    plan: str
    place: str
    person: str | None
    former: str | None
    visitor: str | None
    deputy: str | None


@dataclass(frozen=True, slots=True)
class CareVisitorAway(Event):
    """The visitor is away until then, and the deputy steps in; without one, the organisers see to
    the visits.
    """

    plan: str
    place: str
    visitor: str
    deputy: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class CareVisitorBack(Event):
    """The visitor visits again."""

    plan: str
    place: str
    visitor: str
    deputy: str | None


@dataclass(frozen=True, slots=True)
class CareVisitDue(Event):
    """A visit fell due: it is to be made from `begin` to `until`. `called` are those who see to it:
    who visits, or where nobody does, the organisers. One visit may fall due again, to others.
    """

    plan: str
    place: str
    called: tuple[str, ...]
    begin: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class CareVisitMade(Event):
    """`visitor` was there. `begin` is that of the visit which was due, None for one beside the
    rhythm; `late` says that its time was over, or that it was recorded only after it was missed.
    """

    plan: str
    visit: int
    place: str
    visitor: str
    begun: datetime
    end: datetime
    begin: datetime | None
    late: bool
    minutes: int
    """Those that count as hours served: 0 for who does it as the duty of a post."""


@dataclass(frozen=True, slots=True)
class CareVisitUnmet(Event):
    """A visit was tried: nobody was at home, or it was not wanted. `times` in a row."""

    plan: str
    visit: int
    place: str
    visitor: str
    begin: datetime
    outcome: CareUnmet
    times: int
    called: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CareVisitMissed(Event):
    """A visit that was due from `begin` to `until` was not made. It can be made late."""

    plan: str
    place: str
    called: tuple[str, ...]
    begin: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class CareAlarmRaised(Event):
    """Those `called` have to look after a plan at once; where nobody acknowledges it by
    `answer_by`, it climbs. Nobody may be called: then it stands in the list of alarms.
    """

    plan: str
    alarm: int
    place: str
    because: CareAlarm
    rung: CareRung
    called: tuple[str, ...]
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class CareAlarmClimbed(Event):
    """Nobody has seen to it: the next rung is called, or the highest once more."""

    plan: str
    alarm: int
    place: str
    because: CareAlarm
    rung: CareRung
    called: tuple[str, ...]
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class CareAlarmAcknowledged(Event):
    """`by` sees to it, and tells what came of it by `answer_by`; else it climbs."""

    plan: str
    alarm: int
    place: str
    by: str
    informed: tuple[str, ...]
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class CareAlarmSettled(Event):
    """It has been seen to: by somebody, or (None) by what was done meanwhile."""

    plan: str
    alarm: int
    place: str
    by: str | None
    informed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CarePlanPaused(Event):
    """There are no visits from `since` until then."""

    plan: str
    place: str
    person: str
    visitor: str | None
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class CarePlanResumed(Event):
    """Visits fall due again."""

    plan: str
    place: str
    person: str
    visitor: str | None


@dataclass(frozen=True, slots=True)
class CarePlanEnded(Event):
    """There are no visits any more. `person` is None where they are forgotten."""

    plan: str
    place: str
    person: str | None
    visitor: str | None
    deputy: str | None
    because: CareEnd
