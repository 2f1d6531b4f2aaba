"""The seats of a 4+X panel: whom a convenor names sits once they have declared that nothing ties
them to the parties.
"""

from datetime import datetime

from services.mediation.domain.panels.conflicts import conflicts, refuse_tied
from services.mediation.domain.panels.leaving import ANSWER_WITHIN, after, gone
from services.mediation.domain.panels.panel_commands import (
    AddSeat,
    DeclareKinship,
    DeclareTies,
    DropSeat,
    NameMember,
)
from services.mediation.domain.panels.panel_events import (
    PanelLineNamed,
    PanelSeatAdded,
    PanelSeatDropped,
    PanelTieLearned,
)
from services.mediation.domain.panels.panel_state import (
    Around,
    Panel,
    Tie,
)
from shared.contracts.event import Event
from shared.contracts.mediation.panels import (
    Conflict,
    NotFilled,
    PanelMemberAsked,
    PanelMemberSeated,
)
from shared.runtime.aggregate import Rejected

MOST_EXTRA = 6
"""Seats that the case needs beside the fixed four."""
MOST_TIES = 200


def added(command: AddSeat, panel: Panel) -> list[Event]:
    """X of 4+X."""
    if panel.seat(command.seat) is not None:
        raise Rejected("seat-there", "the panel has this seat already")
    if sum(one.extra for one in panel.seats) >= MOST_EXTRA:
        raise Rejected("too-many-seats", f"at most {MOST_EXTRA} seats are added", most=MOST_EXTRA)
    return [PanelSeatAdded(command.seat)]


def dropped(command: DropSeat, panel: Panel) -> list[Event]:
    """One that was added, and that nobody has."""
    seat = panel.seat(command.seat)
    if seat is None or not seat.extra:
        raise Rejected("no-such-seat", "no seat of this code was added")
    if seat.person is not None or seat.asked is not None:
        raise Rejected("seat-taken", "somebody has this seat or is asked to: release them first")
    return [PanelSeatDropped(command.seat)]


def named(command: NameMember, panel: Panel, now: datetime, around: Around) -> list[Event]:
    """The first is asked; the others if that one does not."""
    seat = panel.seat(command.seat)
    if seat is None:
        raise Rejected("no-such-seat", "the panel has no seat of this code")
    if seat.person is not None or seat.asked is not None:
        raise Rejected("seat-taken", "somebody has this seat or is asked to: release them first")
    people = tuple(dict.fromkeys((command.person, *command.then)))
    mediating = {panel.mediator, None if panel.asked is None else panel.asked.person}
    for person in people:
        if person in mediating or panel.seat_of(person) is not None:
            raise Rejected("on-the-panel", f"{person} has a part in this panel already")
        refuse_tied(person, panel, around.dispute, around.bonds.get(person))
    until = now + ANSWER_WITHIN
    asked = PanelMemberAsked(
        panel.dispute, command.person, command.seat, panel.place, command.by, until
    )
    if people[1:] == seat.line:
        return [asked]
    return [asked, PanelLineNamed(command.seat, people[1:], command.by)]


def declared(command: DeclareTies, panel: Panel, now: datetime, around: Around) -> list[Event]:
    """With nothing that ties them they sit; with anything they go."""
    seat = panel.seat_of(command.by)
    mediating = command.by in (panel.mediator, None if panel.asked is None else panel.asked.person)
    if seat is None and not mediating:
        raise Rejected("panel-not-asked", "nobody asks you for anything here")
    if command.ties:
        return tied(command.by, command.ties, panel, now, around)
    refuse_tied(command.by, panel, around.dispute, around.bonds.get(command.by))
    if seat is None or seat.person == command.by:
        return []
    return [PanelMemberSeated(panel.dispute, command.by, seat.code)]


def kin(command: DeclareKinship, panel: Panel, now: datetime, around: Around) -> list[Event]:
    """Whoever is kin of a party has no part in it."""
    if all(one.key != command.party for one in around.dispute.parties):
        raise Rejected("panel-unknown-party", "the dispute has no such party")
    return tied(command.person, (Conflict.KIN,), panel, now, around)


def tied(
    person: str, ties: tuple[Conflict, ...], panel: Panel, now: datetime, around: Around
) -> list[Event]:
    """What ties somebody to the parties is kept, and they go."""
    new = [one for one in dict.fromkeys(ties) if Tie(person, one) not in panel.ties]
    if len(panel.ties) + len(new) > MOST_TIES:
        raise Rejected("too-many-ties", f"at most {MOST_TIES} are kept", most=MOST_TIES)
    learnt: list[Event] = [PanelTieLearned(person, one) for one in new]
    return [*learnt, *gone(person, after(panel, learnt), NotFilled.CONFLICT, now, around)]


def looked_at_again(
    people: tuple[str, ...], panel: Panel, now: datetime, around: Around
) -> list[Event]:
    """Something has changed about the people, or the parties: who is tied to one by now goes."""
    events: list[Event] = []
    for person in people:
        panel_now = after(panel, events)
        if person not in panel_now.people:
            continue
        found = conflicts(person, panel_now, around.dispute, around.bonds.get(person))
        if found:
            events += tied(person, found, panel_now, now, around)
    return events
