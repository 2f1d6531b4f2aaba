"""The mediator of a dispute: asked by a convenor, free to accept, refused once by a side."""

from datetime import datetime

from services.mediation.domain.panels.conflicts import refuse_tied
from services.mediation.domain.panels.fitness import unfit
from services.mediation.domain.panels.leaving import ANSWER_WITHIN, gone
from services.mediation.domain.panels.panel_commands import (
    AcceptCase,
    AppointMediator,
    RefuseMediator,
)
from services.mediation.domain.panels.panel_events import (
    MediatorRefused,
    PanelLineNamed,
)
from services.mediation.domain.panels.panel_state import (
    Around,
    Panel,
)
from shared.contracts.event import Event
from shared.contracts.mediation.panels import MediatorAppointed, MediatorAsked, NotFilled
from shared.runtime.aggregate import Rejected


def appointed(command: AppointMediator, panel: Panel, now: datetime, around: Around) -> list[Event]:
    """The first is asked; the others if that one does not."""
    if panel.mediator is not None or panel.asked is not None:
        raise Rejected("mediator-there", "somebody mediates or is asked to: release them first")
    people = tuple(dict.fromkeys((command.person, *command.then)))
    for person in people:
        if panel.seat_of(person) is not None:
            raise Rejected("on-the-panel", f"{person} has a part in this panel already")
        _must_fit(person, panel, now, around)
    asked = MediatorAsked(
        panel.dispute, command.person, panel.place, command.by, now + ANSWER_WITHIN
    )
    if people[1:] == panel.line:
        return [asked]
    return [asked, PanelLineNamed(None, people[1:], command.by)]


def accepted(command: AcceptCase, panel: Panel, now: datetime, around: Around) -> list[Event]:
    """They mediate from now on."""
    if panel.asked is None or panel.asked.person != command.by:
        raise Rejected("panel-not-asked", "nobody asks you for anything here")
    _must_fit(command.by, panel, now, around)
    parties = tuple(around.dispute.speakers())
    return [MediatorAppointed(panel.dispute, command.by, panel.place, parties)]


def refused(command: RefuseMediator, panel: Panel, now: datetime, around: Around) -> list[Event]:
    """Each side has one refusal, of who mediates or is asked to."""
    side = around.dispute.side_of(command.by)
    if side is None or command.by not in around.dispute.speakers():
        raise Rejected("no-party", "who speaks for a party refuses a mediator")
    mediator = panel.mediator or (None if panel.asked is None else panel.asked.person)
    if mediator is None:
        raise Rejected("no-mediator", "nobody mediates, and nobody is asked to")
    if side in panel.refused_by:
        raise Rejected("refused-before", "each side refuses a mediator once")
    return [MediatorRefused(side), *gone(mediator, panel, NotFilled.REFUSED, now, around)]


def _must_fit(person: str, panel: Panel, now: datetime, around: Around) -> None:
    bonds = around.bonds.get(person)
    refuse_tied(person, panel, around.dispute, bonds)
    known = around.mediators.get(person)
    if (why := unfit(person, known, panel, around.dispute, bonds, now)) is not None:
        raise Rejected("mediator-unfit", f"{person} cannot mediate this: {why}", why=why)
