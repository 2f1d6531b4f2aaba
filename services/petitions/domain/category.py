"""Category (类别): what a petition is about, as an administrator has changed it.

The shipped taxonomy is a file. What is changed here counts from a moment on: a new category under
one that is there, a revision of one, its end. A revision replaces the one before it whole: what it
leaves open is as in the file or, for what the file does not know, as with the category above.
Petitions that run keep the promise they were filed with.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from services.petitions.domain.category_commands import (
    CallOff,
    Deadlines,
    Define,
    Retire,
    Revise,
    Settings,
)
from services.petitions.domain.durations import amount
from services.petitions.domain.ladder import rank
from services.petitions.domain.taxonomy import KnownCategory, Taxonomy
from shared.contracts.event import Event
from shared.contracts.petitions import (
    CategoryDefined,
    CategoryRetired,
    CategoryRevised,
    CategoryRevisionCalledOff,
)
from shared.contracts.types import LEVELS, Urgency
from shared.runtime.aggregate import Aggregate, Command, Rejected

DEEPEST = 3
"""The levels of the taxonomy."""
MOST_AHEAD = 20
"""Changes that wait for their moment."""
MOST_KEPT = 50
"""Revisions that a state remembers; the timeline has all."""


@dataclass(frozen=True, slots=True)
class CategoryDeadlinesSet(Event):
    """The revision with this number has deadlines of its own."""

    number: int
    deadlines: Deadlines


@dataclass(frozen=True, slots=True)
class Revision:
    """What holds from `since` on."""

    number: int
    since: datetime
    settings: Settings


@dataclass(frozen=True, slots=True)
class Retirement:
    """It takes nothing more from `since` on."""

    number: int
    since: datetime
    successor: str


@dataclass(frozen=True, slots=True)
class Category:
    """What was changed of a category. `parent` is None for one of the file. Changes are numbered
    from 1; `revisions` stand by their moment.
    """

    code: str = ""
    parent: str | None = None
    changes: int = 0
    revisions: tuple[Revision, ...] = ()
    retirement: Retirement | None = None


def in_force(category: Category, now: datetime) -> Revision | None:
    """The revision that holds now."""
    for revision in reversed(category.revisions):
        if revision.since <= now:
            return revision
    return None


def open_verbs(_category: Category) -> tuple[str, ...]:
    """The verbs of a category that was changed before."""
    return ("revise", "call-off", "retire")


# --- rules ----------------------------------------------------------------------------------------


def decide(command: Command, category: Category, now: datetime, facts: Taxonomy) -> list[Event]:
    """What follows from the command. Raises `Rejected`."""
    match command:
        case Define():
            return _defined(command, category, now, facts)
        case Revise():
            present = _present(facts, category)
            settings = _settings(command)
            _check(settings, facts, present)
            since = _since(command.since, category, now)
            number = category.changes + 1
            told = _told(settings)
            return [CategoryRevised(facts.code, number, since, **told), *_own(number, settings)]
        case CallOff(number=number):
            return [_called_off(category, number, now)]
        case Retire(successor=successor):
            _present(facts, category)
            since = _since(command.since, category, now)
            _check_successor(facts, successor)
            return [CategoryRetired(facts.code, category.changes + 1, since, successor)]
    return []


def evolve(category: Category, event: Event) -> Category:
    """The category after the event."""
    match event:
        case CategoryDefined():
            revision = Revision(event.number, event.since, _settings(event))
            return Category(event.category, event.parent, event.number, (revision,))
        case CategoryDeadlinesSet(number=number, deadlines=deadlines):
            return replace(
                category,
                revisions=tuple(
                    replace(one, settings=replace(one.settings, deadlines=deadlines))
                    if one.number == number
                    else one
                    for one in category.revisions
                ),
            )
        case CategoryRevised():
            revision = Revision(event.number, event.since, _settings(event))
            return replace(
                category,
                code=event.category,
                changes=event.number,
                revisions=_with(category.revisions, revision),
            )
        case CategoryRetired():
            return replace(
                category,
                code=event.category,
                changes=event.number,
                retirement=Retirement(event.number, event.since, event.successor),
            )
        case CategoryRevisionCalledOff(number=number):
            ended = category.retirement
            return replace(
                category,
                revisions=tuple(one for one in category.revisions if one.number != number),
                retirement=None if ended is None or ended.number == number else ended,
            )
    return category


def _defined(command: Define, category: Category, now: datetime, facts: Taxonomy) -> list[Event]:
    if category.revisions or facts.known(facts.code) is not None:
        raise Rejected("category-exists", f"there is a category {facts.code}", category=facts.code)
    parent = facts.known(command.parent)
    if parent is None or not parent.open:
        raise _unknown(command.parent)
    if len(parent.path) == DEEPEST:
        raise Rejected("too-deep", f"categories have {DEEPEST} levels", levels=DEEPEST)
    settings = _settings(command)
    _check(settings, facts, parent)
    since = _since(command.since, category, now)
    number, told = category.changes + 1, _told(settings)
    defined = CategoryDefined(facts.code, command.parent, number, since, **told)
    return [defined, *_own(number, settings)]


def _present(facts: Taxonomy, category: Category) -> KnownCategory:
    """The category as it is now; one that is about to end or has ended is not changed."""
    known = facts.known(facts.code)
    if known is None and category.parent is not None:
        known = facts.known(category.parent)  # defined, but its moment has not come
    if known is None:
        raise _unknown(facts.code)
    if category.retirement is not None or not known.open:
        raise Rejected("category-ends", "it takes nothing more, or soon will not; call that off")
    return known


def _since(asked: datetime | None, category: Category, now: datetime) -> datetime:
    """When the change counts: now, or later. What lies ahead is bounded, and at one moment one."""
    if asked is not None and asked.tzinfo is None:
        raise Rejected("since-without-zone", "say with an offset since when (RFC 3339)")
    since = now if asked is None else asked.astimezone(UTC)
    since = since.replace(microsecond=since.microsecond // 1000 * 1000)
    if asked is not None and asked < now:
        raise Rejected("since-past", "what was promised stays: a change counts from now or later")
    if any(revision.since == since for revision in category.revisions):
        raise Rejected("revision-there", "another change counts from that moment; call it off")
    if sum(revision.since > now for revision in category.revisions) >= MOST_AHEAD:
        raise Rejected("too-many-ahead", f"at most {MOST_AHEAD} changes wait", most=MOST_AHEAD)
    return since


def _check(settings: Settings, facts: Taxonomy, above: KnownCategory) -> None:
    """`above` gives what the settings leave open."""
    if settings.pace is not None and settings.deadlines is not None:
        raise Rejected("pace-or-deadlines", "a category has a pace or deadlines of its own")
    if settings.pace is not None and settings.pace not in facts.paces:
        raise Rejected("unknown-pace", f"there is no pace {settings.pace}", pace=settings.pace)
    if rank(settings.lowest or above.lowest) > rank(settings.highest or above.highest):
        raise Rejected("levels-upside-down", "the lowest level lies above the highest")
    if settings.deadlines is not None:
        _check_deadlines(settings.deadlines)


def _check_deadlines(deadlines: Deadlines) -> None:
    for urgency in Urgency:
        for level in LEVELS:
            text = deadlines.get(urgency, {}).get(level)
            try:
                amount("" if text is None else text)
            except ValueError:
                raise Rejected(
                    "deadline-missing",
                    f"say how long the {level} may take when it is {urgency}: P3D, PT2H",
                    level=level,
                    urgency=urgency,
                ) from None


def _check_successor(facts: Taxonomy, successor: str) -> None:
    known = facts.known(successor)
    if known is None or not known.open:
        raise _unknown(successor)
    if facts.code in known.path:
        raise Rejected("own-successor", "it ends with what is below it: name another category")


def _called_off(category: Category, number: int, now: datetime) -> Event:
    ended = category.retirement
    ahead = [*category.revisions, *(() if ended is None else (ended,))]
    if not any(change.number == number and change.since > now for change in ahead):
        raise Rejected("nothing-ahead", f"no change {number} lies ahead", number=number)
    return CategoryRevisionCalledOff(category.code, number)


def _own(number: int, settings: Settings) -> list[Event]:
    if settings.deadlines is None:
        return []
    return [CategoryDeadlinesSet(number, settings.deadlines)]


_TOLD = ("zh", "en", "duty", "pace", "lowest", "highest", "department")
"""What everybody is told; deadlines are an event of their own."""


def _settings(given: Define | Revise | CategoryDefined | CategoryRevised) -> Settings:
    deadlines = given.deadlines if isinstance(given, Define | Revise) else None
    return Settings(deadlines=deadlines, **{field: getattr(given, field) for field in _TOLD})


def _told(settings: Settings) -> dict[str, Any]:
    return {field: getattr(settings, field) for field in _TOLD}


def _with(revisions: tuple[Revision, ...], one: Revision) -> tuple[Revision, ...]:
    """By their moment; the oldest are forgotten, for they hold no more."""
    return tuple(sorted((*revisions, one), key=lambda each: each.since))[-MOST_KEPT:]


def _unknown(code: str) -> Rejected:
    return Rejected("unknown-category", f"there is no category {code}", category=code)


category = Aggregate(
    kind="category",
    initial=Category(),
    decide=decide,
    evolve=evolve,
    events=(
        CategoryDefined,
        CategoryRevised,
        CategoryDeadlinesSet,
        CategoryRetired,
        CategoryRevisionCalledOff,
    ),
)
