"""The point rules as an administrator changes them: a revision replaces all rules from a moment on.

What was in force at a moment that has passed stays: work earns by the rules of its own time. The
shipped rules are a file; what is revised here comes after them.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any

from services.volunteering.domain.bank.rules import RuleSet, RulesOverTime
from shared.contracts.event import Event
from shared.contracts.types import Id, MonthsLasting, Percent, PointLimit, at_most
from shared.contracts.volunteering.bank import PointRulesRevised, PointRulesRevisionCalledOff
from shared.contracts.volunteering.hours import Work
from shared.runtime.aggregate import Aggregate, Command, Rejected

CITY = "city"
"""The id of the rules: they are the same for all."""
MOST_AHEAD = 20
"""Revisions that wait for their moment."""
MOST_KEPT = 100
"""Revisions that are kept: the oldest are forgotten, for work of their time earns no more."""


@dataclass(frozen=True, slots=True)
class ReviseRules(Command):
    """All rules, from `since` on (now where it is not said)."""

    verb = "revise"
    by: Id
    an_hour: Annotated[tuple[tuple[Work, PointLimit], ...], at_most(len(Work))]
    a_wish: PointLimit
    most_a_day: PointLimit
    most_a_month: PointLimit
    lasts_months: MonthsLasting
    team_percent: Percent
    most_given: PointLimit
    most_given_a_month: PointLimit
    most_at_a_till: PointLimit
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallOffRevision(Command):
    """Take back a revision that lies ahead, by its number."""

    verb = "call-off"
    by: Id
    number: int


@dataclass(frozen=True)
class Revision:
    """What holds from `since` on."""

    number: int
    since: datetime
    rules: RuleSet


@dataclass(frozen=True)
class PointRules:
    """The revisions by their moment; they are numbered from 1."""

    changes: int = 0
    revisions: tuple[Revision, ...] = ()


def decide(command: Command, rules: PointRules, now: datetime) -> list[Event]:
    """What follows from a command. Raises `Rejected`."""
    match command:
        case ReviseRules():
            kinds = [kind for kind, _ in command.an_hour]
            if len(kinds) != len(set(kinds)):
                raise Rejected("kind-named-twice", "name each kind of work once")
            since = _since(command.since, rules, now)
            return [PointRulesRevised(CITY, rules.changes + 1, since, **_told(command))]
        case CallOffRevision(number=number):
            if not any(one.number == number and one.since > now for one in rules.revisions):
                raise Rejected("nothing-ahead", f"no change {number} lies ahead", number=number)
            return [PointRulesRevisionCalledOff(CITY, number)]
    raise Rejected("wrong-moment", f"cannot {command.verb} the rules", verb=command.verb)


def _since(asked: datetime | None, rules: PointRules, now: datetime) -> datetime:
    since = now if asked is None else asked.astimezone(UTC)
    if since < now:
        raise Rejected("since-past", "what was earned stays: a change counts from now or later")
    if any(one.since == since for one in rules.revisions):
        raise Rejected("revision-there", "another change counts from that moment; call it off")
    if sum(one.since > now for one in rules.revisions) >= MOST_AHEAD:
        raise Rejected("too-many-ahead", f"at most {MOST_AHEAD} changes wait", most=MOST_AHEAD)
    return since


def _told(one: ReviseRules | PointRulesRevised) -> dict[str, Any]:
    return {name: getattr(one, name) for name in RuleSet.__dataclass_fields__}


def evolve(rules: PointRules, event: Event) -> PointRules:
    """The rules after an event."""
    match event:
        case PointRulesRevised(number=number, since=since):
            one = Revision(number, since, RuleSet(**_told(event)))
            revisions = sorted((*rules.revisions, one), key=lambda each: each.since)
            return PointRules(number, tuple(revisions)[-MOST_KEPT:])
        case PointRulesRevisionCalledOff(number=number):
            left = tuple(one for one in rules.revisions if one.number != number)
            return replace(rules, revisions=left)
    return rules


def over_time(shipped: RulesOverTime, rules: PointRules) -> RulesOverTime:
    """The rules in force at each moment: the shipped ones, then those that were revised."""
    if not rules.revisions:
        return shipped
    first = rules.revisions[0].since
    before = tuple(one for one in shipped.since if one[0] < first)
    return RulesOverTime((*before, *((one.since, one.rules) for one in rules.revisions)))


point_rules = Aggregate(
    kind="point-rules",
    initial=PointRules(),
    decide=decide,
    evolve=evolve,
    events=(PointRulesRevised, PointRulesRevisionCalledOff),
)
