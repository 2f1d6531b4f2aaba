"""What is remembered of a whistle, and how its events change it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.petitions.domain.whistle_commands import WhistleForgotten
from shared.contracts.event import Event
from shared.contracts.petitions import (
    WhistleBlown,
    WhistleCalled,
    WhistleClimbed,
    WhistleClosed,
    WhistleOverdue,
    WhistleReportAccepted,
    WhistleReported,
    WhistleReportUnjudged,
)
from shared.contracts.types import LEVELS, Level
from shared.runtime.aggregate import changed


class Status(StrEnum):
    """Where a whistle stands."""

    UNBLOWN = "unblown"
    CALLED = "called"
    """Somebody has to report."""
    REPORTED = "reported"
    """The one who whistled judges the report."""
    CLOSED = "closed"


@dataclass(frozen=True)
class Whistle:
    """A whistle as its events left it.

    `whistlers` are those who whistled, the first one first; the last judges the next report, and
    whoever has accepted one, or said nothing of it and left it to the one before, is a judge no
    more. `duty` at `at` is the rung called, `called` its holder, or nobody. `outcome` is that of
    `WhistleClosed`.
    """

    status: Status = Status.UNBLOWN
    id: str = ""
    place: str = ""
    path: tuple[str, ...] = ()
    category: str = ""
    petition: str | None = None
    whistler: str = ""
    whistlers: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()

    level: Level = LEVELS[0]
    at: str = ""
    duty: str = ""
    called: str | None = None
    report_by: datetime | None = None
    overdue_days: int | None = None
    told_again_at: datetime | None = None

    reported_by: str | None = None
    judge_by: datetime | None = None
    outcome: str | None = None
    stars: int | None = None

    @property
    def judge(self) -> str:
        """Who judges the next report."""
        return self.judges[-1]


def evolve(whistle: Whistle, event: Event) -> Whistle:
    """The whistle after the event."""
    match event:
        case WhistleBlown():
            return changed(
                whistle,
                id=event.whistle,
                place=event.place,
                path=event.path,
                category=event.category,
                petition=event.petition,
                whistler=event.by,
                whistlers=(event.by,),
                judges=(event.by,),
            )
        case WhistleClimbed(whistler=whistler) if whistler is not None:
            return changed(
                whistle,
                whistlers=(*whistle.whistlers, whistler),
                judges=(*whistle.judges, whistler),
            )
        case WhistleCalled():
            return changed(
                whistle,
                status=Status.CALLED,
                level=event.level,
                at=event.place,
                duty=event.duty,
                called=event.called,
                report_by=event.report_by,
                overdue_days=None,
                told_again_at=None,
                reported_by=None,
                judge_by=None,
            )
        case WhistleReported():
            return changed(
                whistle, status=Status.REPORTED, reported_by=event.by, judge_by=event.judge_by
            )
        case WhistleReportAccepted(judge_by=judge_by):
            return changed(whistle, judges=whistle.judges[:-1], judge_by=judge_by)
        case WhistleReportUnjudged(judge=judge, judge_by=judge_by) if judge is not None:
            return changed(whistle, judges=whistle.judges[:-1], judge_by=judge_by)
        case WhistleOverdue():
            return changed(whistle, overdue_days=event.days, told_again_at=event.again_at)
        case WhistleForgotten():
            return changed(whistle, whistler="", whistlers=())
        case WhistleClosed():
            return changed(
                whistle, status=Status.CLOSED, outcome=event.outcome, stars=event.stars, judges=()
            )
    return whistle
