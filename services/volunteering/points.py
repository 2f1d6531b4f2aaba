"""The shipped rules of the points bank, from `points.yaml`."""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.volunteering.domain.bank.rules import RuleSet, RulesOverTime
from shared.contracts.types import MonthsLasting, Percent, PointLimit
from shared.contracts.volunteering.hours import Work
from shared.runtime.yaml_text import read_yaml
from shared.worktime.hours import CHINA

SHIPPED = Path(__file__).with_name("points.yaml")


class Dated(BaseModel):
    """Rules of the file, from a local date on. See points.yaml for what each means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: date
    an_hour: dict[Work, PointLimit]
    a_wish: PointLimit
    most_a_day: PointLimit
    most_a_month: PointLimit
    lasts_months: MonthsLasting
    team_percent: Percent
    most_given: PointLimit
    most_given_a_month: PointLimit
    most_at_a_till: PointLimit

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        day = self.since
        return datetime(day.year, day.month, day.day, tzinfo=CHINA).astimezone(UTC)

    @property
    def rules(self) -> RuleSet:
        """As the domain knows them."""
        named = self.model_dump(exclude={"since", "an_hour"})
        return RuleSet(an_hour=tuple(self.an_hour.items()), **named)


@cache
def shipped_rules() -> RulesOverTime:
    """The rules of the file. Raises `pydantic.ValidationError` where it is wrong."""
    dated = TypeAdapter(list[Dated]).validate_python(read_yaml(SHIPPED.read_text(encoding="utf-8")))
    dated.sort(key=lambda one: one.since)
    return RulesOverTime(tuple((one.begins, one.rules) for one in dated))
