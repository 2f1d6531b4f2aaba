"""Alarm (警情): something that somebody has to see to at once.

Who is on call is told, one after the other, until somebody acknowledges it; where nobody does,
everybody on the lists, again and again. Whoever acknowledges it says when it has been seen to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from services.notifications.domain.alarm_commands import (
    AcknowledgeAlarm,
    AlarmDescribed,
    AlarmKind,
    LearnSeenTo,
    Raise,
    RaiseAlarm,
    ResolveAlarm,
    Resolved,
)
from services.notifications.domain.on_call import Step
from shared.contracts.event import Event
from shared.contracts.notifications.alarms import (
    AlarmAcknowledged,
    AlarmClimbed,
    AlarmRaised,
    AlarmResolved,
    AlarmUnanswered,
    WhyClimbed,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

NOBODY_WITHIN = timedelta(minutes=15)
"""Where nobody is on call, the lists are looked at again after so long."""
RESOLVED_WITHIN = timedelta(hours=4)
"""Whoever acknowledged an alarm has so long to see to it; then others are called."""
MOST_REPEATS = 20
"""How often everybody is called."""


class Status(StrEnum):
    """How far it is."""

    UNRAISED = "unraised"
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    UNANSWERED = "unanswered"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Alarm:
    """`called` are all who were told so far, `rung` the number of the step that was called last
    (from 1; 0 before any), `repeats` how often everybody was. `answer_by` is when the next ones
    are called; `resolve_by` when whoever acknowledged it has to have seen to it.
    """

    status: Status = Status.UNRAISED
    because: AlarmKind = AlarmKind.OTHER
    place: str | None = None
    path: tuple[str, ...] = ()
    duty: str = ""
    about: str = ""
    alert: str | None = None
    called: tuple[str, ...] = ()
    rung: int = 0
    repeats: int = 0
    answer_by: datetime | None = None
    acknowledged_by: str | None = None
    resolve_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rules are told: its `id`, where its place lies, and the steps of the lists as they
    are now.
    """

    id: str
    path: tuple[str, ...] = ()
    ladder: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class AlarmPlaced(Event):
    """Where it lies: kept for who may see it."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Call:
    """Who is called next; `rung` is the step's number, one behind the last for everybody."""

    called: tuple[str, ...]
    holes: tuple[str, ...]
    rung: int
    everybody: bool
    answer_by: datetime


def alarm_id(matter: str) -> str:
    """The id of the alarm about this matter (``petition-<id>:danger``), the same whenever it is
    raised.
    """
    return sha256(matter.encode()).hexdigest()[:32]


def decide(command: Command, alarm: Alarm, now: datetime, known: Surroundings) -> list[Event]:
    """What follows from a command."""
    match alarm.status, command:
        case ((Status.UNRAISED | Status.RESOLVED), (Raise() | RaiseAlarm()) as c):
            return _raised(c, now, known)
        case _, Raise():
            return []  # it is known, and goes on
        case ((Status.RAISED | Status.UNANSWERED), AcknowledgeAlarm(by=by)):
            return [_acknowledged(alarm, known.id, by, now)]
        case ((Status.RAISED | Status.UNANSWERED), LearnSeenTo(person=by)):
            return [_acknowledged(alarm, known.id, by, now)]
        case ((Status.RAISED | Status.UNANSWERED | Status.ACKNOWLEDGED), ResolveAlarm(by=by)):
            return [_resolved(alarm, known.id, by)]
        case ((Status.RAISED | Status.UNANSWERED | Status.ACKNOWLEDGED), Resolved()):
            return [_resolved(alarm, known.id, None)]
        case _, (LearnSeenTo() | Resolved()):
            return []
        case Status.RAISED, Tick() if alarm.answer_by is not None and now >= alarm.answer_by:
            return _climbed(alarm, now, known)
        case Status.ACKNOWLEDGED, Tick() if alarm.resolve_by and now >= alarm.resolve_by:
            return [_climb(alarm, known.id, WhyClimbed.UNRESOLVED, _first(known.ladder, now))]
        case _, Tick():
            return []
    raise Rejected(
        "wrong-moment", f"cannot {command.verb} an alarm that is {alarm.status}", verb=command.verb
    )


def _raised(c: Raise | RaiseAlarm, now: datetime, known: Surroundings) -> list[Event]:
    if c.place is not None and not known.path:
        if isinstance(c, Raise):
            return []  # of a place that is gone nobody can be called
        raise Rejected("unknown-place", "there is no such place")
    if isinstance(c, Raise) and c.where_listed and not known.ladder:
        return []  # nobody keeps a list for this: it is told as it was without one
    call = _first(known.ladder, now)
    raised = AlarmRaised(
        alarm=known.id,
        because=c.because,
        duty=c.duty,
        place=c.place,
        about=c.about if isinstance(c, Raise) else "",
        called=call.called,
        holes=call.holes,
        rung=call.rung,
        answer_by=call.answer_by,
        alert=c.alert,
    )
    described: list[Event] = [AlarmDescribed(c.words)] if c.words else []
    return [raised, AlarmPlaced(known.path), *described]


def _first(steps: Sequence[Step], now: datetime) -> _Call:
    return _next(steps, 0, now)


def _next(steps: Sequence[Step], rung: int, now: datetime) -> _Call:
    """Who is called after that step: the next one at which somebody is, else everybody."""
    holes: list[str] = []
    for number, step in enumerate(steps[rung:], rung + 1):
        if step.person is not None:
            by = now + timedelta(minutes=step.minutes)
            return _Call((step.person,), tuple(holes), number, False, by)
        holes.append(step.name)
    everybody = tuple(step.person for step in steps if step.person is not None)
    wait = timedelta(minutes=steps[-1].minutes) if everybody else NOBODY_WITHIN
    return _Call(everybody, tuple(holes), len(steps), bool(everybody), now + wait)


def _climbed(alarm: Alarm, now: datetime, known: Surroundings) -> list[Event]:
    if alarm.repeats >= MOST_REPEATS:
        return [AlarmUnanswered(known.id, alarm.because, alarm.duty, alarm.place)]
    # Where nobody was on call, the lists may have been written meanwhile.
    rung = alarm.rung if alarm.called else 0
    return [_climb(alarm, known.id, WhyClimbed.UNANSWERED, _next(known.ladder, rung, now))]


def _climb(alarm: Alarm, id: str, why: WhyClimbed, call: _Call) -> AlarmClimbed:
    return AlarmClimbed(
        alarm=id,
        because=alarm.because,
        duty=alarm.duty,
        place=alarm.place,
        why=why,
        called=call.called,
        holes=call.holes,
        rung=call.rung,
        everybody=call.everybody,
        answer_by=call.answer_by,
        alert=alarm.alert,
    )


def _acknowledged(alarm: Alarm, id: str, by: str, now: datetime) -> AlarmAcknowledged:
    informed = tuple(one for one in alarm.called if one != by)
    return AlarmAcknowledged(id, alarm.because, alarm.place, by, informed, now + RESOLVED_WITHIN)


def _resolved(alarm: Alarm, id: str, by: str | None) -> AlarmResolved:
    informed = tuple(one for one in alarm.called if one != by)
    return AlarmResolved(id, alarm.because, alarm.place, by, informed)


def due(alarm: Alarm) -> datetime | None:
    """When others are called."""
    match alarm.status:
        case Status.RAISED:
            return alarm.answer_by
        case Status.ACKNOWLEDGED:
            return alarm.resolve_by
    return None


def evolve(alarm: Alarm, event: Event) -> Alarm:
    """The alarm after an event."""
    match event:
        case AlarmRaised() as e:
            return Alarm(
                status=Status.RAISED,
                because=AlarmKind(e.because),
                place=e.place,
                duty=e.duty,
                about=e.about,
                alert=e.alert,
                called=e.called,
                rung=e.rung,
                # A hole above all: the wait for somebody counts, so that it ends.
                repeats=0 if e.called else 1,
                answer_by=e.answer_by,
            )
        case AlarmPlaced(path):
            return replace(alarm, path=path)
        case AlarmClimbed(called=called, rung=rung, everybody=everybody, answer_by=answer_by):
            again = everybody or not called
            return replace(
                alarm,
                status=Status.RAISED,
                called=tuple(dict.fromkeys((*alarm.called, *called))),
                rung=rung,
                repeats=alarm.repeats + 1 if again else 0,
                answer_by=answer_by,
                acknowledged_by=None,
                resolve_by=None,
            )
        case AlarmAcknowledged(by=by, resolve_by=resolve_by):
            return replace(
                alarm,
                status=Status.ACKNOWLEDGED,
                acknowledged_by=by,
                resolve_by=resolve_by,
                answer_by=None,
                repeats=0,
            )
        case AlarmUnanswered():
            return replace(alarm, status=Status.UNANSWERED, answer_by=None)
        case AlarmResolved():
            return replace(alarm, status=Status.RESOLVED, answer_by=None, resolve_by=None)
    return alarm


def open_verbs(alarm: Alarm) -> tuple[str, ...]:
    """The verbs that this alarm knows now."""
    match alarm.status:
        case Status.RAISED | Status.UNANSWERED:
            return ("acknowledge", "resolve")
        case Status.ACKNOWLEDGED:
            return ("resolve",)
    return ()


alarm = Aggregate(
    kind="alarm",
    initial=Alarm(),
    decide=decide,
    evolve=evolve,
    events=(
        AlarmRaised,
        AlarmPlaced,
        AlarmDescribed,
        AlarmClimbed,
        AlarmAcknowledged,
        AlarmUnanswered,
        AlarmResolved,
    ),
    due=due,
)
