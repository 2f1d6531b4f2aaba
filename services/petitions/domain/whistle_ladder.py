"""The whistle ladder (吹哨报到): who is called next, and what a decision on a whistle is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.petitions.domain.ladder import WhistleRung, rank
from shared.contracts.event import Event
from shared.contracts.types import Level
from shared.worktime.hours import WorkCalendar


@dataclass(frozen=True, slots=True)
class WhistleFacts:
    """What a decision on the whistle with this id knows of the world.

    `path` (district first) and `rungs` (lowest first) belong to the place of `Blow`, afterwards to
    the whistle's own; both are empty for an unknown place. Reports are judged within `judge_within`
    (time on the wall).
    """

    whistle: str
    path: tuple[str, ...]
    rungs: tuple[WhistleRung, ...]
    calendar: WorkCalendar
    judge_within: timedelta

    def report_by(self, rung: WhistleRung, now: datetime) -> datetime:
        """When the rung has to have reported, called now."""
        return self.calendar.after(now, rung.report_within)


@dataclass(frozen=True, slots=True)
class RungSkipped(Event):
    """Nobody has the duty, or only somebody who whistled: the next rung is called."""

    duty: str
    place: str


Rungs = tuple[WhistleRung, ...]


def above(facts: WhistleFacts, duty: str, level: Level) -> Rungs:
    """The rungs above the one with this duty; of a duty that left the ladder, those above its
    level.
    """
    duties = [rung.duty for rung in facts.rungs]
    if duty in duties:
        return facts.rungs[duties.index(duty) + 1 :]
    return tuple(rung for rung in facts.rungs if rank(rung.level) > rank(level))


def above_own(facts: WhistleFacts, person: str) -> Rungs:
    """The rungs that the person can whistle for: those above the highest that they hold."""
    held = [n for n, rung in enumerate(facts.rungs) if rung.holder == person]
    return facts.rungs[held[-1] + 1 :] if held else facts.rungs


def next_rung(rungs: Rungs, whistlers: tuple[str, ...]) -> tuple[WhistleRung | None, list[Event]]:
    """The first of these rungs that can be called, and what is skipped; None where there are none.

    Nobody is called by their own whistle: rungs held by one of `whistlers` are passed over, as are
    those that nobody holds. Where all are, the top one is called, and nobody by name.
    """
    skipped: list[Event] = []
    for rung in rungs:
        if rung.holder is not None and rung.holder not in whistlers:
            return rung, skipped
        if rung is not rungs[-1]:
            skipped.append(RungSkipped(rung.duty, rung.place))
    return (rungs[-1] if rungs else None), skipped


def called_by_name(rung: WhistleRung, whistlers: tuple[str, ...]) -> str | None:
    """Who is called: the rung's holder, unless they whistled themselves."""
    return None if rung.holder in whistlers else rung.holder


def present_rung(facts: WhistleFacts, duty: str) -> WhistleRung | None:
    """The rung with this duty now; None when it left the ladder."""
    return next((rung for rung in facts.rungs if rung.duty == duty), None)
