"""Whistle (吹哨报到): a resident whistles, and whoever is called has to come and report.

The property company reports to the resident; it may whistle itself, and the owners' committee
reports to it; and so on up to the street. Whoever whistled judges the report: one that is refused,
one that nobody judges, and one that does not come in time call the next rung. What a rung reports
to one who whistled up goes down from judge to judge; the first whistler rates the whole. Only the
duty done stops the clock.
"""

from datetime import datetime

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
from services.petitions.domain.whistle_course import (
    accepted,
    called,
    climb,
    closed,
    due,
    reported,
    time_passed,
)
from services.petitions.domain.whistle_ladder import (
    RungSkipped,
    WhistleFacts,
    above_own,
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
    WhistleReportUnjudged,
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
        return time_passed(whistle, now, facts)
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
            return [*reported(whistle, by, now, facts), ReportWritten(by, text)]
        case Accept(stars=stars, word=word):
            return [*accepted(whistle, stars, now, facts), *_said(command, by, word)]
        case Refuse(reason=reason):
            refused = WhistleReportRefused(
                whistle.id, by, whistle.level, whistle.at, whistle.reported_by
            )
            return [refused, *_said(command, by, reason), *climb(whistle, "refused", now, facts)]
        case WhistleUp(reason=reason):
            up = climb(whistle, "passed-on", now, facts, by)
            if not any(isinstance(event, WhistleClimbed) for event in up):
                raise Rejected("top-rung", "nobody is above this rung: report what you can do")
            return [*up, *_said(command, by, reason)]
        case CallOff(reason=reason):
            return [closed(whistle, "called-off"), *_said(command, by, reason)]
    raise TypeError(command)


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
        called(fresh, rung, "blown", by, (by,), now, facts),
    ]


def _said(command: Command, by: str, text: str) -> list[Event]:
    return [WhistleWord(command.verb, by, text)] if text else []


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
    return [*([] if over else [closed(whistle, "called-off")]), WhistleForgotten()]


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
        WhistleReportUnjudged,
        WhistleWord,
        WhistleOverdue,
        WhistleClosed,
        WhistleForgotten,
    ),
    due=due,
)
