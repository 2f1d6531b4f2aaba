"""The log of a webhook's calls: the latest ones, and for a month those that failed.

It grows by what has been called, and is written anew with what is to be kept when it has grown
too long. The lines lie in the dossier: it alone can be shortened. What they were about never stands
there, only its id and type.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from shared.contracts.event import Event, Personal
from shared.runtime.aggregate import Aggregate, Command

LATEST = 200
"""Calls that are kept whatever came of them."""
FAILURES_FOR = timedelta(days=30)
MOST_FAILURES = 1_000
"""Failed calls that are kept so long; of more, the latest."""
SHORTENED_AFTER = 1_000
"""Lines by which it grows beyond what has to be kept, before it is written anew."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call: `event` is its ``webhook-id``, `attempt` counts calls with the same event from 1.
    `outcome` is a status such as ``204``, or a code that says why there was none.
    """

    at: datetime
    event: str
    type: str
    attempt: int
    outcome: str
    milliseconds: int

    @property
    def failed(self) -> bool:
        """Whether the endpoint did not take it."""
        return not self.outcome.startswith("2")


@dataclass(frozen=True, slots=True)
class DeliveryLog:
    """How many lines there are, and how many there were when it was last written anew."""

    lines: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Log(Command):
    """`fresh` calls were made; `kept` is what the log should have then, these included."""

    fresh: tuple[Attempt, ...]
    kept: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Forget(Command):
    """The webhook was removed."""


@dataclass(frozen=True, slots=True)
class AttemptsCounted(Event):
    """So many lines were added."""

    lines: int


@dataclass(frozen=True, slots=True)
class LogShortened(Event):
    """The log begins anew."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class AttemptsMade(Personal):
    """The lines."""

    attempts: tuple[Attempt, ...]


def worth_keeping(attempts: Sequence[Attempt], now: datetime) -> tuple[Attempt, ...]:
    """Of calls in the order they were made: the latest ones, and before them those that failed of
    late.
    """
    earlier, latest = attempts[:-LATEST], attempts[-LATEST:]
    failures = [one for one in earlier if one.failed and now - one.at <= FAILURES_FOR]
    return (*failures[-MOST_FAILURES:], *latest)


def decide(command: Command, log: DeliveryLog, now: datetime) -> list[Event]:
    """What follows from a command."""
    match command:
        case Log(fresh, kept) if log.lines + len(fresh) > log.kept + SHORTENED_AFTER:
            return [LogShortened(), AttemptsCounted(len(kept)), AttemptsMade(kept)]
        case Log(fresh, _) if fresh:
            return [AttemptsCounted(len(fresh)), AttemptsMade(fresh)]
        case Forget() if log.lines:
            return [LogShortened()]
    return []


def evolve(log: DeliveryLog, event: Event) -> DeliveryLog:
    """The log after an event."""
    match event:
        case LogShortened():
            return DeliveryLog()
        case AttemptsCounted(lines):
            first = log.lines == 0
            return replace(log, lines=log.lines + lines, kept=lines if first else log.kept)
    return log


delivery_log = Aggregate(
    kind="delivery_log",
    initial=DeliveryLog(),
    decide=decide,
    evolve=evolve,
    events=(LogShortened, AttemptsCounted, AttemptsMade),
)
