"""Whistle (吹哨报到): a resident whistles, and whoever is called has to come and report.

The property company reports to the resident; it may whistle itself, and the owners' committee
reports to it; and so on up to the street. Whoever whistled judges the report: a refused one, and
one that does not come in time, calls the next rung. What a rung reports to one who whistled up goes
down from judge to judge; the first whistler rates the whole. Only the duty done stops the clock.
"""

from collections.abc import Sequence
from datetime import datetime

from services.petitions.domain.ladder import WhistleRung
from services.petitions.domain.whistle_commands import (
    Accept,
    Blow,
    CallOff,
    ForgetWhistler,
    Refuse,
    Report,
    ReportWritten,
    WhistleDescribed,
    WhistleForgotten,
    WhistleUp,
    WhistleWord,
)
from services.petitions.domain.whistle_ladder import (
    RungSkipped,
    WhistleFacts,
    above,
    above_own,
    called_by_name,
    next_rung,
    present_rung,
)
from services.petitions.domain.whistle_state import Status, Whistle, evolve
from shared.contracts.event import Event
from shared.contracts.petitions import (
    WhistleBlown,
    WhistleCalled,
    WhistleClimbed,
    WhistleClosed,
    WhistleOverdue,
    WhistleReportAccepted,
    WhistleReported,
    WhistleReportRefused,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

OPEN: dict[Status, frozenset[str]] = {
    Status.UNBLOWN: frozenset({"blow"}),
    Status.CALLED: frozenset({"report", "whistle-up", "call-off"}),
    Status.REPORTED: frozenset({"accept", "refuse", "call-off"}),
    Status.CLOSED: frozenset(),
}
"""The verbs open in each status, whoever asks."""


def can(whistle: Whistle, by: str) -> frozenset[str]:
    """The verbs this person could use now, as far as the whistle itself decides it."""
    return frozenset(v for v in OPEN[whistle.status] if _objection(whistle, v, by) is None)


def decide(command: Command, whistle: Whistle, now: datetime, facts: WhistleFacts) -> list[Event]:
    """What follows from the command. Raises `Rejected`."""
    if isinstance(command, Tick):
        return _time_passed(whistle, now, facts)
    if isinstance(command, ForgetWhistler):
        return _forgotten(command.person, whistle)
    if command.verb not in OPEN[whistle.status]:
        raise _wrong_moment(whistle.status)
    by: str = command.by  # type: ignore[attr-defined]
    if (objection := _objection(whistle, command.verb, by, facts)) is not None:
        raise objection
    match command:
        case Blow():
            return _blow(command, now, facts)
        case Report(text=text):
            return [*_reported(whistle, by, now, facts), ReportWritten(by, text)]
        case Accept(stars=stars, word=word):
            return [*_accepted(whistle, stars, now, facts), *_said(command, by, word)]
        case Refuse(reason=reason):
            refused = WhistleReportRefused(
                whistle.id, by, whistle.level, whistle.at, whistle.reported_by
            )
            return [refused, *_said(command, by, reason), *_climb(whistle, "refused", now, facts)]
        case WhistleUp(reason=reason):
            up = _climb(whistle, "passed-on", now, facts, by)
            if not any(isinstance(event, WhistleClimbed) for event in up):
                raise Rejected("top-rung", "nobody is above this rung: report what you can do")
            return [*up, *_said(command, by, reason)]
        case CallOff(reason=reason):
            return [_closed(whistle, "called-off"), *_said(command, by, reason)]
    raise TypeError(command)


def due(whistle: Whistle) -> datetime | None:
    """When it next wants attention: a report, a working day overdue, a judgement."""
    if whistle.status is Status.REPORTED:
        return whistle.judge_by
    if whistle.status is not Status.CALLED:
        return None
    return whistle.report_by if whistle.overdue_days is None else whistle.told_again_at


# --- what people do ------------------------------------------------------------------------------


def _blow(command: Blow, now: datetime, facts: WhistleFacts) -> list[Event]:
    if not facts.path:
        raise Rejected("unknown-place", f"there is no place {command.place}", place=command.place)
    by = command.by
    rung, skipped = next_rung(above_own(facts, by), (by,))
    if rung is None:
        raise Rejected("nobody-to-whistle-for", "nobody above can be whistled for at this place")
    blown = WhistleBlown(
        whistle=facts.whistle,
        by=by,
        place=command.place,
        path=facts.path,
        category=command.category,
        petition=command.petition,
    )
    fresh = evolve(Whistle(), blown)
    return [
        blown,
        WhistleDescribed(command.title, command.text),
        *skipped,
        _called(fresh, rung, "blown", by, (by,), now, facts),
    ]


def _reported(whistle: Whistle, by: str, now: datetime, facts: WhistleFacts) -> list[Event]:
    report_by = whistle.report_by
    return [
        WhistleReported(
            whistle=whistle.id,
            by=by,
            level=whistle.level,
            place=whistle.at,
            in_time=report_by is not None and now <= report_by,
            judge=whistle.judge,
            judge_by=now + facts.judge_within,
        )
    ]


def _accepted(
    whistle: Whistle, stars: int | None, now: datetime, facts: WhistleFacts
) -> list[Event]:
    """The next judge down has the report now; behind the first whistler it is over."""
    below = whistle.judges[:-1]
    accepted = WhistleReportAccepted(
        whistle=whistle.id,
        by=whistle.judge,
        reported_by=whistle.reported_by,
        stars=stars,
        judge=below[-1] if below else None,
        judge_by=now + facts.judge_within if below else None,
    )
    if below:
        return [accepted]
    return [accepted, _closed(whistle, "unrated" if stars is None else "rated", stars)]


def _climb(
    whistle: Whistle,
    because: str,
    now: datetime,
    facts: WhistleFacts,
    whistler: str | None = None,
) -> list[Event]:
    """The next rung is called, with its own clock; at the top the same one again.

    `whistler` is the one who whistles for it; else it is called for whoever judges now.
    """
    whistlers = whistle.whistlers if whistler is None else (*whistle.whistlers, whistler)
    judge = whistler or whistle.judge
    rung, skipped = next_rung(above(facts, whistle.duty, whistle.level), whistlers)
    if rung is None:
        rung = present_rung(facts, whistle.duty) or WhistleRung(
            whistle.level, whistle.at, whistle.duty, facts.calendar.hours.a_day
        )
        return [_called(whistle, rung, because, judge, whistlers, now, facts)]
    return [
        WhistleClimbed(
            whistle=whistle.id,
            before=whistle.level,
            level=rung.level,
            place=rung.place,
            because=because,
            whistler=whistler,
        ),
        *skipped,
        _called(whistle, rung, because, judge, whistlers, now, facts),
    ]


def _called(
    whistle: Whistle,
    rung: WhistleRung,
    because: str,
    judge: str,
    whistlers: Sequence[str],
    now: datetime,
    facts: WhistleFacts,
) -> Event:
    return WhistleCalled(
        whistle=whistle.id,
        level=rung.level,
        place=rung.place,
        duty=rung.duty,
        called=called_by_name(rung, tuple(whistlers)),
        report_by=facts.report_by(rung, now),
        because=because,
        judge=judge,
        category=whistle.category,
        petition=whistle.petition,
    )


def _closed(whistle: Whistle, outcome: str, stars: int | None = None) -> Event:
    return WhistleClosed(
        whistle=whistle.id,
        outcome=outcome,
        stars=stars,
        level=whistle.level,
        place=whistle.at,
        category=whistle.category,
        whistler=whistle.whistler,
        called=whistle.called,
    )


def _said(command: Command, by: str, text: str) -> list[Event]:
    return [WhistleWord(command.verb, by, text)] if text else []


# --- what time does ------------------------------------------------------------------------------


def _time_passed(whistle: Whistle, now: datetime, facts: WhistleFacts) -> list[Event]:
    at = due(whistle)
    if at is None or now < at:
        return []
    if whistle.status is Status.REPORTED:
        return _accepted(whistle, None, now, facts)
    rung, _ = next_rung(above(facts, whistle.duty, whistle.level), whistle.whistlers)
    if whistle.overdue_days is None:
        told = _overdue(whistle, 0, None if rung is not None else now, facts)
        return [told, *(_climb(whistle, "overdue", now, facts) if rung is not None else [])]
    if rung is not None:  # a rung entered the ladder above it
        return _climb(whistle, "overdue", now, facts)
    return [_overdue(whistle, whistle.overdue_days + 1, now, facts)]


def _overdue(
    whistle: Whistle, days: int, counted_at: datetime | None, facts: WhistleFacts
) -> Event:
    """At the top it is counted on each working day; days slept through are counted, not told."""
    assert whistle.report_by is not None
    again_at = None
    if counted_at is not None:
        calendar, day = facts.calendar, facts.calendar.hours.a_day
        days = max(days, calendar.between(whistle.report_by, counted_at) // day)
        again_at = calendar.after(whistle.report_by, day * (days + 1))
    return WhistleOverdue(
        whistle=whistle.id,
        level=whistle.level,
        place=whistle.at,
        called=whistle.called,
        report_by=whistle.report_by,
        days=days,
        judge=whistle.judge,
        again_at=again_at,
    )


# --- who may, and when ---------------------------------------------------------------------------


def _objection(
    whistle: Whistle, verb: str, by: str, facts: WhistleFacts | None = None
) -> Rejected | None:
    if verb in ("accept", "refuse") and by != whistle.judge:
        return Rejected("not-judge", "the one who whistled judges the report")
    if verb == "call-off" and by != whistle.whistler:
        return Rejected("not-whistler", "only the one who whistled first can call it off")
    if verb in ("report", "whistle-up") and not _may_report(whistle, by, facts):
        return Rejected("not-called", "somebody else is called to report")
    return None


def _may_report(whistle: Whistle, by: str, facts: WhistleFacts | None) -> bool:
    """Who was called, and who has the duty now; whoever did not whistle, where nobody was."""
    if by in whistle.whistlers:
        return False
    if whistle.called in (None, by):
        return True
    rung = None if facts is None else present_rung(facts, whistle.duty)
    return rung is not None and rung.holder == by


def _forgotten(person: str, whistle: Whistle) -> list[Event]:
    """An erased person's whistle is called off where it is open."""
    if person != whistle.whistler:
        return []
    over = whistle.status is Status.CLOSED
    return [*([] if over else [_closed(whistle, "called-off")]), WhistleForgotten()]


def _wrong_moment(status: Status) -> Rejected:
    match status:
        case Status.UNBLOWN:
            return Rejected("no-whistle", "there is no such whistle")
        case Status.CALLED:
            return Rejected("no-report", "there is no report yet that could be judged")
        case Status.REPORTED:
            return Rejected("reported", "it is reported; the one who whistled judges the report")
    return Rejected("whistle-closed", "this whistle is over; whistle again if you have to")


whistle = Aggregate(
    kind="whistle",
    initial=Whistle(),
    decide=decide,
    evolve=evolve,
    events=(
        WhistleBlown,
        WhistleDescribed,
        RungSkipped,
        WhistleCalled,
        WhistleClimbed,
        WhistleReported,
        ReportWritten,
        WhistleReportAccepted,
        WhistleReportRefused,
        WhistleWord,
        WhistleOverdue,
        WhistleClosed,
        WhistleForgotten,
    ),
    due=due,
)
