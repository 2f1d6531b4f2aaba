"""How a whistle goes on: somebody is called, reports, is judged; and what time does to it."""

from collections.abc import Sequence
from datetime import datetime

from services.petitions.domain.ladder import WhistleRung
from services.petitions.domain.whistle_ladder import (
    WhistleFacts,
    above,
    called_by_name,
    next_rung,
    present_rung,
)
from services.petitions.domain.whistle_state import Status, Whistle
from shared.contracts.event import Event
from shared.contracts.petitions import (
    WhistleCalled,
    WhistleClimbed,
    WhistleClosed,
    WhistleOverdue,
    WhistleReportAccepted,
    WhistleReported,
    WhistleReportUnjudged,
)


def reported(whistle: Whistle, by: str, now: datetime, facts: WhistleFacts) -> list[Event]:
    """Whoever was called has come; the one who whistled judges the report."""
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


def accepted(whistle: Whistle, stars: int, now: datetime, facts: WhistleFacts) -> list[Event]:
    """The next judge down has the report now; behind the first whistler it is over."""
    below = whistle.judges[:-1]
    good = WhistleReportAccepted(
        whistle=whistle.id,
        by=whistle.judge,
        reported_by=whistle.reported_by,
        stars=stars,
        judge=below[-1] if below else None,
        judge_by=now + facts.judge_within if below else None,
    )
    return [good] if below else [good, closed(whistle, "rated", stars)]


def _unjudged(whistle: Whistle, now: datetime, facts: WhistleFacts) -> list[Event]:
    """Silence accepts nothing. The next judge down has the report now; where the first whistler is
    silent too it climbs, and at the top it ends as what it is.
    """
    below = whistle.judges[:-1]
    silent = WhistleReportUnjudged(
        whistle=whistle.id,
        by=whistle.judge,
        level=whistle.level,
        place=whistle.at,
        reported_by=whistle.reported_by,
        judge=below[-1] if below else None,
        judge_by=now + facts.judge_within if below else None,
    )
    if below:
        return [silent]
    if _rung_above(whistle, facts) is None:
        return [silent, closed(whistle, "unjudged")]
    return [silent, *climb(whistle, "unjudged", now, facts)]


def climb(
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
        return [called(whistle, rung, because, judge, whistlers, now, facts)]
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
        called(whistle, rung, because, judge, whistlers, now, facts),
    ]


def called(
    whistle: Whistle,
    rung: WhistleRung,
    because: str,
    judge: str,
    whistlers: Sequence[str],
    now: datetime,
    facts: WhistleFacts,
) -> Event:
    """The rung has to report from now on, within its own time."""
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


def closed(whistle: Whistle, outcome: str, stars: int | None = None) -> Event:
    """It is over."""
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


def due(whistle: Whistle) -> datetime | None:
    """When it next wants attention: a report, a working day overdue, a judgement."""
    if whistle.status is Status.REPORTED:
        return whistle.judge_by
    if whistle.status is not Status.CALLED:
        return None
    return whistle.report_by if whistle.overdue_days is None else whistle.told_again_at


def time_passed(whistle: Whistle, now: datetime, facts: WhistleFacts) -> list[Event]:
    """What silence leads to, that of the one called as that of a judge, if its time has passed."""
    at = due(whistle)
    if at is None or now < at:
        return []
    if whistle.status is Status.REPORTED:
        return _unjudged(whistle, now, facts)
    rung = _rung_above(whistle, facts)
    if whistle.overdue_days is None:
        told = _overdue(whistle, 0, None if rung is not None else now, facts)
        return [told, *(climb(whistle, "overdue", now, facts) if rung is not None else [])]
    if rung is not None:  # a rung entered the ladder above it
        return climb(whistle, "overdue", now, facts)
    return [_overdue(whistle, whistle.overdue_days + 1, now, facts)]


def _rung_above(whistle: Whistle, facts: WhistleFacts) -> WhistleRung | None:
    rung, _ = next_rung(above(facts, whistle.duty, whistle.level), whistle.whistlers)
    return rung


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
