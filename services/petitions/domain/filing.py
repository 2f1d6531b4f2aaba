"""Filing: how a petition comes into being, and what it is promised."""

from datetime import UTC, datetime
from typing import Protocol

from services.petitions.domain import reporting
from services.petitions.domain.climbing import reach
from services.petitions.domain.commands import File
from services.petitions.domain.danger import danger_in
from services.petitions.domain.dossier import PetitionDescribed, PetitionPromised
from services.petitions.domain.ladder import Limits, Rung, Surroundings, first_asked, rank
from services.petitions.domain.reporting import ComplaintAddressed, ReporterKept
from services.petitions.domain.state import Petition, evolve
from services.petitions.domain.voices import spokesperson_signs
from shared.contracts.event import Event
from shared.contracts.petitions import PetitionAlarmed, PetitionFiled, PetitionReachedLevel
from shared.contracts.types import PetitionKind, Urgency
from shared.runtime.aggregate import Command, Rejected

COMMANDS = (File,)
EVENTS = (PetitionFiled, PetitionPromised, PetitionDescribed, PetitionAlarmed)

LEVELS_ALARMED = 2
"""Duty holders who are told of danger at once, each of another level."""


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """To the lowest level whose duty is held, its clock running; nobody assigned where none is."""
    assert isinstance(command, File)
    limits = admit(command, facts)
    danger = danger_in(f"{command.title}\n{command.text}", facts.dangers)
    if danger is not None and facts.danger_limits is not None:
        limits = facts.danger_limits
    petitioner = command.petitioner if command.on_behalf else command.by
    secret = command.kind is PetitionKind.REPORT
    filed: list[Event] = [
        PetitionFiled(
            petition=facts.petition,
            kind=command.kind,
            category=command.category,
            categories=facts.categories,
            urgency=command.urgency if danger is None else Urgency.URGENT,
            channel=command.channel,
            place=command.place,
            path=facts.path,
            petitioner=None if secret else petitioner,
            raised_at=now if command.raised_at is None else when_raised(command.raised_at, now),
            receipt=facts.receipt,
            danger=danger,
            joint=command.household is not None,
            origin=None if secret else command.origin,
        ),
        PetitionPromised(filed_at=now, limits=limits),
    ]
    if secret and petitioner is not None:
        filed.append(ReporterKept(petitioner))
    if command.complained_of is not None:
        filed.append(ComplaintAddressed(command.complained_of))
    fresh = petition
    for event in filed:
        tell = reporting.evolve if isinstance(event, reporting.EVENTS) else evolve
        fresh = tell(fresh, event)
    rung = _first_asked(facts, limits, command.complained_of)
    reached = reach(fresh, rung, "filed", now, facts.clock(limits))
    return [
        *filed,
        PetitionDescribed(command.title, command.text, command.contact),
        *_signed(fresh, command, petitioner, facts),
        *reached,
        *_alarmed(fresh, rung, reached[0], facts),
    ]


class Admissible(Protocol):
    """What both filing and adopting say of a petition."""

    @property
    def kind(self) -> PetitionKind: ...
    @property
    def place(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def channel(self) -> str: ...


def admit(command: Admissible, facts: Surroundings) -> Limits:
    """What is promised to it. Raises `Rejected` for a place, category, kind or channel that takes
    nothing.
    """
    if not facts.path or not facts.rungs:
        raise Rejected("unknown-place", f"there is no place {command.place}", place=command.place)
    if facts.closed:
        instead = ", ".join(facts.instead) or "none"
        raise Rejected(
            "place-closed",
            f"{command.place} is closed; in its place: {instead}",
            place=command.place,
            successors=instead,
        )
    if facts.successor is not None:
        raise Rejected(
            "category-retired",
            f"nothing more comes under {command.category}: file it under {facts.successor}",
            category=command.category,
            successor=facts.successor,
        )
    if facts.limits is None:
        raise Rejected(
            "unknown-category",
            f"there is no category {command.category}",
            category=command.category,
        )
    if facts.kinds and command.kind not in facts.kinds:
        raise Rejected("kind-unfit", f"this category takes no {command.kind}", kind=command.kind)
    if facts.channels and command.channel not in facts.channels:
        raise Rejected(
            "unknown-channel", f"there is no channel {command.channel}", channel=command.channel
        )
    return facts.limits


def _first_asked(facts: Surroundings, limits: Limits, complained_of: str | None) -> Rung:
    """The lowest rung whose duty is held; what is said about somebody goes to the top where all
    others are partial.
    """
    rung = first_asked(facts.rungs, limits.highest)
    return facts.rungs[-1] if complained_of is not None and rung.holder is None else rung


def _signed(
    fresh: Petition, command: File, petitioner: str | None, facts: Surroundings
) -> list[Event]:
    if command.household is None:
        return []
    if petitioner is None or command.kind is PetitionKind.REPORT:
        raise Rejected("no-spokesperson", "a joint petition has a spokesperson who can be named")
    return spokesperson_signs(fresh, petitioner, command.household, facts)


def _alarmed(fresh: Petition, rung: Rung, reached: Event, facts: Surroundings) -> list[Event]:
    """Danger is told at once to the duty holders of two levels, from the one that is asked up.

    Where nobody has the duty, or somebody who is called already, the next level is called instead.
    """
    if fresh.danger is None:
        return []
    assert isinstance(reached, PetitionReachedLevel)
    lowest = rank(rung.level)
    held = (each.holder for each in facts.rungs if rank(each.level) >= lowest)
    called = dict.fromkeys(holder for holder in held if holder is not None)
    return [
        PetitionAlarmed(
            petition=fresh.id,
            danger=fresh.danger,
            category=fresh.category,
            level=rung.level,
            place=rung.place,
            called=tuple(called)[:LEVELS_ALARMED],
            answer_by=reached.answer_by,
        )
    ]


def when_raised(at: datetime, now: datetime) -> datetime:
    """A moment of the past, to the millisecond. Raises `Rejected`."""
    if at.tzinfo is None:
        raise Rejected("raised-without-zone", "say with an offset when it was raised (RFC 3339)")
    if at > now:
        raise Rejected("raised-later", "it cannot have been raised after now")
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)
