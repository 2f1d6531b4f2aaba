"""Kind rule (消息规则): what an administrator changed of how one kind of message is told.

It holds only what differs from what is shipped; taking it back leads there again. What must be told
keeps a way, and cannot be turned off.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated

from services.notifications.domain.kinds import KindRule, Urgency
from services.notifications.domain.preferences.state import Tongue
from services.notifications.domain.ways import Way
from shared.contracts.event import Event
from shared.contracts.types import Id, Title, Word, at_most
from shared.runtime.aggregate import Aggregate, Command, Rejected


@dataclass(frozen=True, slots=True)
class Words:
    """The templates of a kind in one language; `short` is for texts, empty where the others are cut
    to fit.
    """

    title: Title
    body: Word
    short: Word = ""


@dataclass(frozen=True, slots=True)
class KindChange:
    """What differs from the shipped rule; None and no words: nothing."""

    urgency: Urgency | None = None
    ways: tuple[Way, ...] | None = None
    words: dict[Tongue, Words] = field(default_factory=dict)
    off: bool = False


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """The shipped rule, None where there is no such kind; and why the words that were given cannot
    be used, where they cannot.
    """

    shipped: KindRule | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeRule(Command):
    """Another urgency, other ways; None: as shipped."""

    by: Id
    urgency: Urgency | None = None
    ways: Annotated[tuple[Way, ...], at_most(len(Way))] | None = None


@dataclass(frozen=True, slots=True)
class ChangeWords(Command):
    """Other words, in the languages that are given."""

    by: Id
    words: dict[Tongue, Words]


@dataclass(frozen=True, slots=True)
class TurnOff(Command):
    """Nobody is told of it any more, not even in the inbox."""

    by: Id


@dataclass(frozen=True, slots=True)
class TurnOn(Command):
    """It is told again."""

    by: Id


@dataclass(frozen=True, slots=True)
class ResetRule(Command):
    """All as it is shipped."""

    by: Id


@dataclass(frozen=True, slots=True)
class RuleChanged(Event):
    """From now on it is told so."""

    urgency: Urgency | None
    ways: tuple[Way, ...] | None


@dataclass(frozen=True, slots=True)
class WordsChanged(Event):
    """From now on it is said so in these languages."""

    words: dict[Tongue, Words]


@dataclass(frozen=True, slots=True)
class KindTurnedOff(Event):
    """Nobody is told from now on."""


@dataclass(frozen=True, slots=True)
class KindTurnedOn(Event):
    """It is told again."""


@dataclass(frozen=True, slots=True)
class RuleReset(Event):
    """As shipped."""


def decide(command: Command, change: KindChange, now: datetime, facts: RuleFacts) -> list[Event]:
    """What follows from a command; nothing where it was so before."""
    shipped = facts.shipped
    if shipped is None:
        raise Rejected("no-such-kind", "there is no such kind of message")
    event = _event(command, shipped, facts)
    return [] if evolve(change, event) == change else [event]


def _event(command: Command, shipped: KindRule, facts: RuleFacts) -> Event:
    match command:
        case ChangeRule(ways=()) if shipped.must:
            raise Rejected("must-be-told", "this must be told: leave it a way")
        case ChangeRule(urgency=urgency) if _calms(shipped, urgency):
            raise Rejected("must-be-urgent", "this must be told at once, also at night")
        case ChangeRule(urgency=urgency, ways=ways):
            return RuleChanged(urgency, None if ways is None else tuple(dict.fromkeys(ways)))
        case ChangeWords(words=words) if not words:
            raise Rejected("no-words", "give the words of one language at least")
        case ChangeWords() if facts.fault is not None:
            raise Rejected("unusable-words", facts.fault, why=facts.fault)
        case ChangeWords(words=words):
            return WordsChanged(words)
        case TurnOff() if shipped.must:
            raise Rejected("must-be-told", "this must be told: leave it a way")
        case TurnOff():
            return KindTurnedOff()
        case TurnOn():
            return KindTurnedOn()
        case ResetRule():
            return RuleReset()
    raise Rejected("wrong-moment", f"cannot {command.verb} a rule", verb=command.verb)


def _calms(shipped: KindRule, urgency: Urgency | None) -> bool:
    """Whether quiet hours could swallow what must be told."""
    return shipped.must and shipped.urgency is Urgency.URGENT and urgency not in (None, "urgent")


def evolve(change: KindChange, event: Event) -> KindChange:
    """The change after an event."""
    match event:
        case RuleChanged(urgency, ways):
            return replace(change, urgency=urgency, ways=ways)
        case WordsChanged(words):
            return replace(change, words={**change.words, **words})
        case KindTurnedOff():
            return replace(change, off=True)
        case KindTurnedOn():
            return replace(change, off=False)
        case RuleReset():
            return KindChange()
    return change


def in_force(shipped: KindRule, change: KindChange | None) -> KindRule | None:
    """The rule with what was changed of it; None where it is turned off.

    What a later version ships as something that must be told is told, whatever was changed before.
    """
    if change is None:
        return shipped
    if change.off and not shipped.must:
        return None
    ways = change.ways if change.ways or not shipped.must else None
    return replace(
        shipped,
        urgency=change.urgency or shipped.urgency,
        ways=shipped.ways if ways is None else ways,
    )


kind_rule = Aggregate(
    kind="kind-rule",
    initial=KindChange(),
    decide=decide,
    evolve=evolve,
    events=(RuleChanged, WordsChanged, KindTurnedOff, KindTurnedOn, RuleReset),
)
