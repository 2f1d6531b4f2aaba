"""What work is worth in points, at most how much, for how long: by the rules of its own time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from shared.contracts.volunteering.hours import Work
from shared.worktime.hours import CHINA

A_HOUR = 60
"""Minutes."""


@dataclass(frozen=True)
class RuleSet:
    """The rules that hold from one moment to the next; see `PointRulesRevised`."""

    an_hour: tuple[tuple[Work, int], ...] = ()
    a_wish: int = 0
    most_a_day: int = 0
    most_a_month: int = 0
    lasts_months: int = 24
    team_percent: int = 0
    most_given: int = 0
    most_given_a_month: int = 0
    most_at_a_till: int = 0

    def worth(self, kind: Work, minutes: int) -> int:
        """What so many minutes of work earn, without limits; begun points are not given."""
        return dict(self.an_hour).get(kind, 0) * minutes // A_HOUR

    def for_the_team(self, worth: int) -> int:
        """What the team gets besides."""
        return worth * self.team_percent // 100


@dataclass(frozen=True)
class RulesOverTime:
    """All rules that were ever in force and those that lie ahead, by the moment from which they
    hold. What was in force at a moment that has passed never changes.
    """

    since: tuple[tuple[datetime, RuleSet], ...]

    def at(self, moment: datetime) -> RuleSet:
        """The rules in force at a moment. Before the first of them nothing is earned."""
        for since, rules in reversed(self.since):
            if since <= moment:
                return rules
        return RuleSet()

    def posted(self, month: str, days: Mapping[str, int]) -> int:
        """What work of one local month (``2026-03``) earns in all, from what the work of each of
        its days (``04``) is worth: never more than a day's limit, nor than the month's. The limits
        are those at the beginning of the day and of the month.

        It does not matter in which order the works came, or how often they were corrected.
        """
        year, _, number = month.partition("-")
        begins = date(int(year), int(number), 1)
        earned = sum(
            min(max(worth, 0), self.at(_midnight(begins.replace(day=int(day)))).most_a_day)
            for day, worth in days.items()
        )
        return min(earned, self.at(_midnight(begins)).most_a_month)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA).astimezone(UTC)
