"""Whoever is asked, mediates or sits, and does not any more: the next in the line is asked."""

from datetime import datetime, timedelta

from services.mediation.domain.panels.conflicts import conflicts
from services.mediation.domain.panels.fitness import unfit
from services.mediation.domain.panels.panel_events import (
    PanelLineNamed,
    PanelSeatFreed,
)
from services.mediation.domain.panels.panel_state import (
    Around,
    Panel,
    Seat,
    evolve,
)
from shared.contracts.event import Event, Personal
from shared.contracts.mediation.panels import (
    MediatorAsked,
    MediatorNotWon,
    MediatorReleased,
    MediatorSought,
    NotFilled,
    PanelMemberAsked,
    PanelMemberLeft,
    PanelSeatVacant,
)

ANSWER_WITHIN = timedelta(days=2)
"""Whoever is asked to mediate, or to sit, answers in this time; else the next is asked."""


def after(panel: Panel, events: list[Event]) -> Panel:
    """The panel once these have happened."""
    for event in events:
        if not isinstance(event, Personal):
            panel = evolve(panel, event)
    return panel


def gone(
    person: str, panel: Panel, because: NotFilled, now: datetime, around: Around
) -> list[Event]:
    """Whatever the person was asked for, or did here, somebody else is asked for it; they are taken
    out of every line. Nothing where they had no part.
    """
    events = _out_of_lines(person, panel)
    panel = after(panel, events)
    dispute, place, convenor = panel.dispute, panel.place, panel.convenor
    if panel.asked is not None and panel.asked.person == person:
        lost: Event = MediatorNotWon(dispute, person, place, because, convenor)
        events += [lost, *_next_mediator(after(panel, [lost]), now, around)]
    elif panel.mediator == person:
        lost = MediatorReleased(dispute, person, because)
        events += [lost, *_next_mediator(after(panel, [lost]), now, around)]
    if (seat := panel.seat_of(person)) is not None:
        if seat.person == person:
            lost = PanelMemberLeft(dispute, person, seat.code)
        else:
            lost = PanelSeatFreed(seat.code, person, because.value)
        events += [lost, *_next_member(after(panel, [lost]), seat, because, now, around)]
    return events


def _out_of_lines(person: str, panel: Panel) -> list[Event]:
    lines = [(None, panel.line), *((one.code, one.line) for one in panel.seats)]
    return [
        PanelLineNamed(code, tuple(one for one in line if one != person), panel.convenor)
        for code, line in lines
        if person in line
    ]


def _next_mediator(panel: Panel, now: datetime, around: Around) -> list[Event]:
    for n, person in enumerate(panel.line):
        known, bonds = around.mediators.get(person), around.bonds.get(person)
        if panel.seat_of(person) is None and not unfit(
            person, known, panel, around.dispute, bonds, now
        ):
            until = now + ANSWER_WITHIN
            return [
                MediatorAsked(panel.dispute, person, panel.place, panel.convenor, until),
                PanelLineNamed(None, panel.line[n + 1 :], panel.convenor),
            ]
    emptied: list[Event] = [PanelLineNamed(None, (), panel.convenor)] if panel.line else []
    return [*emptied, MediatorSought(panel.dispute, panel.place, panel.convenor)]


def _next_member(
    panel: Panel, seat: Seat, because: NotFilled, now: datetime, around: Around
) -> list[Event]:
    taken = {panel.mediator, None if panel.asked is None else panel.asked.person}
    for n, person in enumerate(seat.line):
        tied = conflicts(person, panel, around.dispute, around.bonds.get(person))
        if not tied and person not in taken and panel.seat_of(person) is None:
            until = now + ANSWER_WITHIN
            dispute, place, convenor = panel.dispute, panel.place, panel.convenor
            return [
                PanelMemberAsked(dispute, person, seat.code, place, convenor, until),
                PanelLineNamed(seat.code, seat.line[n + 1 :], convenor),
            ]
    emptied: list[Event] = [PanelLineNamed(seat.code, (), panel.convenor)] if seat.line else []
    vacant = PanelSeatVacant(panel.dispute, seat.code, panel.place, because, panel.convenor)
    return [*emptied, vacant]
