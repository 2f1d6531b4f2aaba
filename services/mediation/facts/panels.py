"""What is told of the world to the rules of mediators and panels."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.panels.mediator import mediator
from services.mediation.domain.panels.mediator_commands import RegisterMediator, ReviseMediator
from services.mediation.domain.panels.mediator_state import Known, Mediator
from services.mediation.domain.panels.panel_commands import (
    AppointMediator,
    LearnAnswers,
    LearnBonds,
    LearnHousehold,
    LearnParties,
    NameMember,
    ReopenPanel,
)
from services.mediation.domain.panels.panel_state import Around, Bonds, Panel
from shared.neighbourhood.home import home
from shared.neighbourhood.member import member
from shared.neighbourhood.place import KnownPlace
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking

KEPT: tuple[MakeKept, ...] = (partial(Copy, mediator),)
"""A city has some thousand mediators: whoever is asked next is looked for among them in memory."""


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    mediators: Mapping[str, Mediator] = copies["mediator"]

    def known(_id: str, command: Command, _state: Mediator, _now: datetime) -> Known:
        named: tuple[str, ...] = ()
        match command:
            case RegisterMediator(place=place, serves=serves):
                named = (place, *serves)
            case ReviseMediator(serves=serves):
                named = serves
        return Known(
            {
                code: at.path
                for code in named
                if (at := places.get(code)) is not None and at.path and not at.closed
            }
        )

    def around(id: str, command: Command, _state: Panel, _now: datetime, beside: Beside) -> Around:
        people = looked_for(command)
        bonds = {one: bonds_of(beside, one) for one in people}
        return Around(beside(dispute, id) or Dispute(), bonds, mediators)

    return {"mediator": known, "panel": Looking(looked_at, around)}


def looked_at(id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The dispute; home and organisations of each whom the command names."""
    yield dispute, id
    for person in looked_for(command):
        yield home, person
        yield member, person


def looked_for(command: Command) -> tuple[str, ...]:
    """Those who must not be tied to a party."""
    match command:
        case AppointMediator(person=person, then=then) | NameMember(person=person, then=then):
            return tuple(dict.fromkeys((person, *then)))
        case (
            LearnParties(people=people)
            | LearnAnswers(people=people)
            | LearnHousehold(people=people)
            | ReopenPanel(people=people)
        ):
            return people
        case LearnBonds(person=person):
            return (person,)
    by = getattr(command, "by", None)
    return () if by is None else (by,)


def bonds_of(beside: Beside, person: str) -> Bonds:
    """Where somebody belongs."""
    lives, belongs = beside(home, person), beside(member, person)
    return Bonds(
        None if lives is None else lives.household,
        () if belongs is None else belongs.organisations,
    )
