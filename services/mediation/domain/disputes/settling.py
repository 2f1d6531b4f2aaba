"""Settling on the spot (口头协议): no written agreement is wanted, the mediator records what was
agreed, and every party says that it was so.

Where the parties want nothing in writing they may agree by word of mouth, which the mediator
records (People's Mediation Law, article 28); it binds from the day they agree (article 30).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from services.mediation.domain.disputes.dispute_events import (
    DisputeReasonGiven,
    SettlementConfirmed,
    SettlementWritten,
)
from services.mediation.domain.disputes.dispute_state import Dispute, Oral
from services.mediation.domain.disputes.ending import ended
from shared.contracts.event import Event
from shared.contracts.mediation.disputes import (
    EndedBecause,
    Outcome,
    SettlementObjectedTo,
    SettlementRecorded,
)
from shared.contracts.types import Id, Text, Word, between
from shared.runtime.aggregate import Command, Rejected

MOST_RECORDS = 20
"""Of one dispute."""

RecordNumber = Annotated[int, between(1, MOST_RECORDS)]


@dataclass(frozen=True, slots=True)
class RecordSettlement(Command):
    """Write down what was agreed by word of mouth: every party is asked whether it was so, and what
    they said of a former record is void.
    """

    by: Id
    text: Text


@dataclass(frozen=True, slots=True)
class ConfirmSettlement(Command):
    """It was agreed as this record says, and nothing more is wanted in writing."""

    by: Id
    number: RecordNumber


@dataclass(frozen=True, slots=True)
class ObjectToSettlement(Command):
    """It was not agreed, or not so."""

    by: Id
    number: RecordNumber
    reason: Word = ""


def recorded(command: RecordSettlement, dispute: Dispute) -> list[Event]:
    """By who mediates."""
    number = dispute.records + 1
    if number > MOST_RECORDS:
        raise Rejected(
            "too-many-records",
            f"at most {MOST_RECORDS} records are made of a dispute: draft an agreement",
            most=MOST_RECORDS,
        )
    told = SettlementRecorded(
        dispute.dispute, dispute.place, number, dispute.speakers(), command.by
    )
    return [told, SettlementWritten(number, command.text)]


def confirmed(command: ConfirmSettlement, dispute: Dispute, now: datetime) -> list[Event]:
    """For every party that the caller speaks for; with the last one it is settled."""
    oral = _present(command.number, dispute)
    theirs = [
        one.key
        for one in dispute.within()
        if command.by in one.people and one.key not in oral.confirms
    ]
    if not theirs:
        raise Rejected("confirmed-before", "your party has said so already")
    events: list[Event] = [SettlementConfirmed(key, command.by, now) for key in theirs]
    if {*oral.confirms, *theirs} >= {one.key for one in dispute.within()}:
        events += ended(dispute, Outcome.SETTLED, EndedBecause.AGREEMENT, now)
    return events


def objected(command: ObjectToSettlement, dispute: Dispute) -> list[Event]:
    """One party is enough: the record is void, and mediation goes on."""
    oral = _present(command.number, dispute)
    said = [DisputeReasonGiven(command.verb, command.by, command.reason)] if command.reason else []
    told = SettlementObjectedTo(
        dispute.dispute, dispute.place, oral.number, command.by, dispute.mediator
    )
    return [told, *said]


def _present(number: int, dispute: Dispute) -> Oral:
    """The record that waits for the parties. Raises `Rejected`."""
    oral = dispute.oral
    if oral is None:
        raise Rejected("nothing-recorded", "the mediator has recorded no settlement")
    if oral.number != number:
        raise Rejected("another-record", "there is another record by now: read that one first")
    return oral
