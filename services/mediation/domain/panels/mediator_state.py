"""A mediator as the registry knows them: the fold of the record's events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.contracts.event import Event, Personal
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.mediation.panels import (
    MediatorRegistered,
    MediatorResumed,
    MediatorRetired,
    MediatorSuspended,
    MediatorTermSet,
    MediatorTrained,
    MediatorValidityEnding,
)
from shared.runtime.aggregate import changed

TERM = "term"
"""What ends, where it is no training."""

MOST_CLOSED = 100
"""Disputes that ended last: what is heard late of them is known for late."""


class Standing(StrEnum):
    """Whether somebody mediates."""

    NONE = "none"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"


@dataclass(frozen=True)
class Training:
    """A training and until when it holds; None: for good."""

    code: str
    until: datetime | None = None


@dataclass(frozen=True)
class Mediator:
    """`cases` are the disputes at hand, `closed` those that ended last. `outcomes` counts how the
    ended ones ended, `days` adds up how long they took; so many settlements were `held` at the last
    follow-up, or were not (`broken`). Of `reminded`, it was said that they end soon. `person` is
    None after they were erased.
    """

    person: str | None = None
    standing: Standing = Standing.NONE
    place: str = ""
    serves: tuple[str, ...] = ()
    fields: tuple[DisputeKind, ...] = ()
    languages: tuple[str, ...] = ()
    most_cases: int = 1
    until: datetime | None = None
    trainings: tuple[Training, ...] = ()
    reminded: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    outcomes: tuple[tuple[str, int], ...] = ()
    days: int = 0
    given_away: int = 0
    held: int = 0
    broken: int = 0

    @property
    def ended(self) -> int:
        """Disputes that ended while they mediated."""
        return sum(count for _, count in self.outcomes)


@dataclass(frozen=True)
class Known:
    """What the rules are told: the paths of the places that the command names; of an unknown or
    closed one there is none.
    """

    paths: Mapping[str, tuple[str, ...]]


# --- events that are not published ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MediatorRevised(Event):
    """What they do, where, in which languages, and how much at once."""

    serves: tuple[str, ...]
    fields: tuple[DisputeKind, ...]
    languages: tuple[str, ...]
    most_cases: int


@dataclass(frozen=True, slots=True)
class CaseTaken(Event):
    """A dispute is at hand."""

    dispute: str


@dataclass(frozen=True, slots=True)
class CaseGivenAway(Event):
    """Somebody else mediates it."""

    dispute: str


@dataclass(frozen=True, slots=True)
class CaseEnded(Event):
    """It ended so, after so many days."""

    dispute: str
    outcome: str
    days: int


@dataclass(frozen=True, slots=True)
class CaseFollowedUp(Event):
    """What was settled holds, or does not."""

    dispute: str
    holds: bool


@dataclass(frozen=True, slots=True)
class MediatorForgotten(Event):
    """They were erased: no word is left, and the counts are nobody's."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class MediatorIntroduced(Personal):
    """Who they are, for everybody to read."""

    name: str
    introduction: str


@dataclass(frozen=True, slots=True)
class MediatorReasonGiven(Personal):
    """Why something was done with the record, in words."""

    verb: str
    text: str


def evolve(mediator: Mediator, event: Event) -> Mediator:
    """The record after an event."""
    match event:
        case MediatorRegistered(mediator=person, place=place, until=until):
            return changed(
                mediator,
                person=person,
                standing=Standing.ACTIVE,
                place=place,
                until=until,
                reminded=(),
            )
        case MediatorRevised(serves=serves, fields=fields, languages=languages, most_cases=most):
            return changed(
                mediator, serves=serves, fields=fields, languages=languages, most_cases=most
            )
        case MediatorTrained(training=code, until=until):
            others = tuple(one for one in mediator.trainings if one.code != code)
            reminded = tuple(one for one in mediator.reminded if one != code)
            trainings = (*others, Training(code, until))
            return changed(mediator, trainings=trainings, reminded=reminded)
        case MediatorTermSet(until=until):
            reminded = tuple(one for one in mediator.reminded if one != TERM)
            return changed(mediator, until=until, reminded=reminded)
        case MediatorValidityEnding(what=what):
            return changed(mediator, reminded=(*mediator.reminded, what))
        case MediatorSuspended():
            return changed(mediator, standing=Standing.SUSPENDED)
        case MediatorResumed():
            return changed(mediator, standing=Standing.ACTIVE)
        case MediatorRetired():
            return changed(mediator, standing=Standing.RETIRED)
        case CaseTaken(dispute=dispute):
            closed = tuple(one for one in mediator.closed if one != dispute)
            return changed(mediator, cases=(*mediator.cases, dispute), closed=closed)
        case CaseGivenAway(dispute=dispute):
            left = tuple(one for one in mediator.cases if one != dispute)
            return changed(mediator, cases=left, given_away=mediator.given_away + 1)
        case CaseEnded(dispute=dispute, outcome=outcome, days=days):
            left = tuple(one for one in mediator.cases if one != dispute)
            counts = dict(mediator.outcomes)
            counts[outcome] = counts.get(outcome, 0) + 1
            outcomes = tuple(sorted(counts.items()))
            closed = (*(one for one in mediator.closed if one != dispute), dispute)
            return changed(
                mediator,
                cases=left,
                closed=closed[-MOST_CLOSED:],
                outcomes=outcomes,
                days=mediator.days + days,
            )
        case CaseFollowedUp(holds=holds):
            return changed(
                mediator, held=mediator.held + holds, broken=mediator.broken + (not holds)
            )
        case MediatorForgotten():
            return changed(mediator, person=None)
    return mediator
