"""The panel of a dispute as it stands: the fold of its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.panels.mediator_state import Mediator
from services.mediation.domain.panels.panel_events import (
    MediatorRefused,
    PanelEnded,
    PanelHouseholdLearned,
    PanelLineNamed,
    PanelPartiesLearned,
    PanelReopened,
    PanelSeatAdded,
    PanelSeatDropped,
    PanelSeatFreed,
    PanelTieLearned,
    PanelWordLeft,
    PanelWordsForgotten,
    PetitionAnswerLearned,
    Speaker,
)
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.mediation.panels import (
    Conflict,
    MediatorAppointed,
    MediatorAsked,
    MediatorNotWon,
    MediatorReleased,
    MediatorSought,
    PanelComplete,
    PanelMemberAsked,
    PanelMemberLeft,
    PanelMemberSeated,
    PanelOpened,
    PanelSeatVacant,
)
from shared.runtime.aggregate import changed

QUORUM = 3
"""Members who sit beside the mediator, for a panel to be complete."""
FIXED_SEATS = ("party-secretary", "police-officer", "lawyer", "property-or-street")
"""The four of 4+X; the last is of the property company or, where that is a party, of the street."""
MOST_HOUSEHOLDS = 100
MOST_OUT = 100
"""Who is not asked again."""


class Status(StrEnum):
    """Whether the panel has something to do."""

    NONE = "none"
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True)
class Asked:
    """Who is asked, until when."""

    person: str
    until: datetime


@dataclass(frozen=True)
class Seat:
    """`person` sits; or somebody is `asked`; or it is vacant. The `line` is asked next."""

    code: str
    extra: bool = False
    person: str | None = None
    asked: Asked | None = None
    line: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tie:
    """What ties somebody to the parties, as they or others declared."""

    person: str
    conflict: Conflict


@dataclass(frozen=True)
class Panel:
    """`convenor` last named somebody; those in the `line` are asked to mediate next. `refused_by`
    are the sides that have refused a mediator. `out` are not asked to mediate again. `complete` are
    the members that were announced. `answered` are those who answered the petition. `households`
    are those that parties have come to belong to since it was filed, and those of who has spoken
    for one. `writers` have left words.
    `people` are all who are asked, in a line, or take part.
    """

    dispute: str = ""
    status: Status = Status.NONE
    kind: DisputeKind = DisputeKind.OTHER
    place: str = ""
    path: tuple[str, ...] = ()
    petition: str | None = None
    speakers: tuple[Speaker, ...] = ()
    convenor: str = ""
    mediator: str | None = None
    asked: Asked | None = None
    line: tuple[str, ...] = ()
    refused_by: tuple[str, ...] = ()
    out: tuple[str, ...] = ()
    seats: tuple[Seat, ...] = ()
    complete: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    households: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    writers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def members(self) -> tuple[str, ...]:
        """Who sits."""
        return tuple(one.person for one in self.seats if one.person is not None)

    def side_of(self, person: str) -> str | None:
        """The side that somebody speaks for; None: none."""
        return next((one.side for one in self.speakers if one.person == person), None)

    def seat(self, code: str) -> Seat | None:
        """The seat of that code."""
        return next((one for one in self.seats if one.code == code), None)

    def seat_of(self, person: str) -> Seat | None:
        """The seat that somebody has, or is asked to take."""
        return next((one for one in self.seats if person in (one.person, asked_for(one))), None)


@dataclass(frozen=True)
class Bonds:
    """The household that somebody belongs to, and their organisations."""

    household: str | None = None
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Around:
    """What the rules are told: the dispute; what bonds the people have that the command names; the
    registry of mediators.
    """

    dispute: Dispute
    bonds: Mapping[str, Bonds] = field(default_factory=dict)
    mediators: Mapping[str, Mediator] = field(default_factory=dict)


def asked_for(seat: Seat) -> str | None:
    """Who is asked to take it."""
    return None if seat.asked is None else seat.asked.person


# --- fold ----------------------------------------------------------------------------------------


def evolve(panel: Panel, event: Event) -> Panel:
    """The panel after an event."""
    new = panel
    match event:
        case PanelOpened(dispute=id, kind=kind, place=place, path=path, petition=petition):
            seats = tuple(Seat(code) for code in FIXED_SEATS)
            new = Panel(id, Status.OPEN, kind, place, path, petition, seats=seats)
        case PanelPartiesLearned(speakers=speakers):
            new = changed(panel, speakers=speakers)
        case PanelLineNamed(seat=None, line=line, convenor=by):
            new = changed(panel, line=line, convenor=by)
        case PanelLineNamed(seat=code, line=line, convenor=by):
            new = changed(_line(panel, code, line), convenor=by)
        case MediatorAsked(mediator=person, until=until, by=by):
            new = changed(panel, asked=Asked(person, until), convenor=by)
        case MediatorNotWon(mediator=person):
            new = changed(panel, asked=None, out=_out(panel, person))
        case MediatorAppointed(mediator=person):
            new = changed(panel, asked=None, mediator=person)
        case MediatorReleased(mediator=person):
            new = changed(panel, mediator=None, complete=(), out=_out(panel, person))
        case MediatorSought():
            new = changed(panel, asked=None)
        case MediatorRefused(side=side):
            new = changed(panel, refused_by=(*panel.refused_by, side))
        case PanelSeatAdded(seat=code):
            new = changed(panel, seats=(*panel.seats, Seat(code, extra=True)))
        case PanelSeatDropped(seat=code):
            new = changed(panel, seats=tuple(one for one in panel.seats if one.code != code))
        case PanelMemberAsked(seat=code, person=person, until=until, by=by):
            new = changed(_seat(panel, code, None, Asked(person, until)), convenor=by)
        case PanelSeatFreed(seat=code) | PanelSeatVacant(seat=code):
            new = _seat(panel, code, None, None)
        case PanelMemberSeated(seat=code, person=person):
            new = _seat(panel, code, person, None)
        case PanelMemberLeft(seat=code, person=person):
            left = _seat(panel, code, None, None)
            kept = tuple(one for one in panel.complete if one != person)
            new = changed(left, complete=kept if len(kept) >= QUORUM else ())
        case PanelComplete(members=members):
            new = changed(panel, complete=members)
        case PanelTieLearned(person=person, conflict=conflict):
            new = changed(panel, ties=(*panel.ties, Tie(person, conflict)))
        case PetitionAnswerLearned(person=person):
            new = changed(panel, answered=(*panel.answered, person))
        case PanelHouseholdLearned(household=household):
            households = (*panel.households, household)
            new = changed(panel, households=households[-MOST_HOUSEHOLDS:])
        case PanelWordLeft(person=person):
            new = changed(panel, writers=(*panel.writers, person))
        case PanelEnded():
            unasked = tuple(changed(one, asked=None, line=()) for one in panel.seats)
            new = changed(panel, status=Status.ENDED, asked=None, line=(), seats=unasked)
        case PanelReopened():
            new = changed(panel, status=Status.OPEN)
        case PanelWordsForgotten():
            new = changed(panel, writers=())
    return _with_people(new)


def _out(panel: Panel, person: str) -> tuple[str, ...]:
    return (*(one for one in panel.out if one != person), person)[-MOST_OUT:]


def _seat(panel: Panel, code: str, person: str | None, asked: Asked | None) -> Panel:
    seats = tuple(
        changed(one, person=person, asked=asked) if one.code == code else one for one in panel.seats
    )
    return changed(panel, seats=seats)


def _line(panel: Panel, code: str | None, line: tuple[str, ...]) -> Panel:
    seats = tuple(changed(one, line=line) if one.code == code else one for one in panel.seats)
    return changed(panel, seats=seats)


def _with_people(panel: Panel) -> Panel:
    """With all who have to do with it, for whom it is looked for when something becomes of them."""
    people = [] if panel.mediator is None else [panel.mediator]
    asked = (panel.asked, *(one.asked for one in panel.seats))
    people += [one.person for one in asked if one is not None]
    for line in (panel.line, *(one.line for one in panel.seats)):
        people += line
    people += panel.members
    return changed(panel, people=tuple(dict.fromkeys(people)))
