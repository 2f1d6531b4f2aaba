"""Suspension: the season, a court or money that is not there yet stops the clock for a while.

Only for a reason from the list, by somebody of a level above the one that has it, and with an end.
What was left of the level's working time is kept and begins to run again when the suspension ends:
at its end date, when somebody ends it before, or with an answer.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never

from services.petitions.domain.commands import Answer, Close
from services.petitions.domain.dossier import ReasonGiven
from services.petitions.domain.ladder import Surroundings, above, rank
from services.petitions.domain.state import Pause, Petition, Status
from services.petitions.domain.verbs import given
from shared.contracts.event import Event
from shared.contracts.petitions import PetitionResumed, PetitionSuspended
from shared.contracts.types import Code, Id, Text, Word
from shared.runtime.aggregate import Command, Rejected, changed

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Suspend(Command):
    """Stop the clock until a date, for a reason from the list; the words say more."""

    by: Id
    reason: Code
    until: datetime
    words: Text


@dataclass(frozen=True, slots=True)
class Resume(Command):
    """End the suspension now: what was left of the time runs on."""

    by: Id
    words: Word = ""


@dataclass(frozen=True, slots=True)
class ClockHeld(Event):
    """The clock stopped: how much of its time the level had left, in all and until the warning."""

    reason: str
    since: datetime
    until: datetime
    left: timedelta
    warn_left: timedelta


COMMANDS = (Suspend, Resume)
EVENTS = (ClockHeld, PetitionSuspended, PetitionResumed)
ENDED_BY = (Answer, Close)
"""What ends a suspension by being done."""


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """Stops the clock, or lets it run again."""
    match command:
        case Suspend(by=by, reason=reason, until=until, words=words):
            given(words)
            _above_it(petition, by, facts)
            until = _end(petition, reason, until, now, facts)
            if _overdue(petition, now):
                raise Rejected(
                    "overdue-stays", "its time is over: what is overdue is not suspended"
                )
            return [*held(petition, by, reason, until, now, facts), _said(command, words)]
        case Resume(by=by, words=words):
            if by != petition.assignee:
                _above_it(petition, by, facts)
            resumed = resume(petition, "resumed", now, facts)
            return [*resumed, *([_said(command, words)] if words else [])]
    raise TypeError(command)


def resume(petition: Petition, because: str, now: datetime, facts: Surroundings) -> list[Event]:
    """The clock runs again with what was left. A suspension never counts for longer than agreed."""
    assert petition.pause is not None, "only what is suspended is resumed"
    pause, calendar = petition.pause, facts.clock(petition.limits)
    return [
        PetitionResumed(
            petition=petition.id,
            because=because,
            reason=pause.reason,
            level=petition.level,
            place=petition.at,
            assignee=petition.assignee,
            petitioner=petition.named,
            answer_by=calendar.after(now, pause.left),
            warn_at=calendar.after(now, pause.warn_left),
            suspended_until=min(now, pause.until),
        )
    ]


def time_passed(petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """It ends by itself."""
    until = due(petition)
    return resume(petition, "until", now, facts) if until is not None and now >= until else []


def due(petition: Petition) -> datetime | None:
    """When the suspension ends."""
    if petition.status is not Status.SUSPENDED or petition.pause is None:
        return None
    return petition.pause.until


def evolve(petition: Petition, event: ClockHeld | PetitionSuspended | PetitionResumed) -> Petition:
    """The petition after the event."""
    match event:
        case ClockHeld(reason, since, until, left, warn_left):
            before, assignee = petition.status, petition.assignee
            pause = Pause(reason, since, until, left, warn_left, before, assignee)
            return changed(petition, pause=pause)
        case PetitionSuspended():
            return changed(petition, status=Status.SUSPENDED, answer_by=None, warn_at=None)
        case PetitionResumed():
            assert petition.pause is not None
            return changed(
                petition,
                status=_status_after(petition, petition.pause),
                pause=None,
                suspended_for=petition.suspended_for + event.suspended_until - petition.pause.since,
                answer_by=event.answer_by,
                warn_at=event.warn_at,
            )
    assert_never(event)


def _status_after(petition: Petition, pause: Pause) -> Status:
    """As it was before; who has it since then has yet to take it up."""
    if pause.before is Status.REVIEW or petition.assignee == pause.assignee:
        return pause.before
    return Status.UNASSIGNED if petition.assignee is None else Status.ASSIGNED


def _above_it(petition: Petition, by: str, facts: Surroundings) -> None:
    """Nobody stops their own clock: somebody above does, at the top another person there."""
    if by != petition.assignee and facts.standing is not None:
        higher = rank(facts.standing) - rank(petition.level)
        if higher > 0 or (higher == 0 and above(facts.rungs, petition.level) is None):
            return
    raise Rejected(
        "not-above", "only somebody with a duty at a level above the one that has it may do this"
    )


def _end(
    petition: Petition, reason: str, until: datetime, now: datetime, facts: Surroundings
) -> datetime:
    """The end date in UTC, within what the reason and the petition still allow."""
    known = next((one for one in facts.suspensions if one.code == reason), None)
    if known is None:
        reasons = ", ".join(one.code for one in facts.suspensions)
        raise Rejected(
            "unknown-suspension",
            f"{reason} is no reason to suspend; there are: {reasons}",
            code_given=reason,
            reasons=reasons,
        )
    if until.tzinfo is None:
        raise Rejected("suspended-without-zone", "say with an offset until when (RFC 3339)")
    until = until.astimezone(UTC).replace(microsecond=until.microsecond // 1000 * 1000)
    if until <= now:
        raise Rejected("suspended-into-the-past", "the end of a suspension lies ahead")
    most = min(known.most, facts.suspended_most - petition.suspended_for)
    if until - now > most:
        days = max(most // DAY, 0)
        raise Rejected(
            "suspended-too-long",
            f"for this reason it can be suspended for {days} more days",
            days=days,
        )
    return until


def _overdue(petition: Petition, now: datetime) -> bool:
    answer_by = petition.answer_by
    return petition.overdue_days is not None or answer_by is None or now >= answer_by


def held(
    petition: Petition,
    by: str,
    reason: str,
    until: datetime,
    now: datetime,
    facts: Surroundings,
) -> list[Event]:
    """The clock stops until then, unless its time is over: then nothing follows."""
    answer_by, warn_at = petition.answer_by, petition.warn_at
    if answer_by is None or _overdue(petition, now):
        return []
    calendar = facts.clock(petition.limits)
    return [
        ClockHeld(
            reason=reason,
            since=now,
            until=until,
            left=calendar.between(now, answer_by),
            warn_left=calendar.between(now, warn_at or now),
        ),
        PetitionSuspended(
            petition=petition.id,
            reason=reason,
            until=until,
            by=by,
            level=petition.level,
            place=petition.at,
            assignee=petition.assignee,
            petitioner=petition.named,
        ),
    ]


def _said(command: Command, words: str) -> Event:
    return ReasonGiven(command.verb, words)
