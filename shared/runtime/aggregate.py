"""An aggregate: the pure rules of one kind of thing whose history is kept.

A domain module has a frozen state, commands, events and three pure functions:

* ``decide(command, state, now[, facts])`` returns the events that follow, or raises `Rejected`;
* ``evolve(state, event)`` returns the state after the event;
* ``due(state)`` returns when the aggregate next wants attention (then it is sent a `Tick`).

Time, ids and randomness come in as arguments. What a decision needs to know of the world besides
its own state (who holds a duty, which days are worked) comes in as ``facts``: a frozen value made
by the service.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from shared.contracts.event import Event, Personal

S = TypeVar("S")


class Rejected(Exception):
    """A rule of the business forbids the command. Nothing was changed.

    `code` is stable and machine-readable (``own-wish``); `reason` is English and says what the
    person can do. The Chinese wording of every code stands in the service's ``problems.zh.yaml``,
    with the same `{placeholders}` filled from `details`.
    """

    def __init__(self, code: str, reason: str, **details: str | int) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.details = details


class Command:
    """Something somebody wants done. Subclasses are frozen dataclasses.

    A field called ``by`` is the caller's pseudonymous subject, one called ``org`` the organisation
    they act for, or None: both filled in by the runtime from the verified token, never read from a
    request body. `verb` is the class name in dashes (``HandUp``:
    ``hand-up``).
    """

    verb: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        if "verb" not in cls.__dict__:
            cls.verb = "".join(f"-{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip(
                "-"
            )


@dataclass(frozen=True, slots=True)
class Tick(Command):
    """The time that `due` named has passed. Sent by the runtime's clock, never by a caller."""


@dataclass(frozen=True, slots=True)
class Together:
    """Of which commands several may be decided as one, and what makes one of them.

    Only reactions' commands are, where they wait for the same stream at the same moment. `join` is
    given them in the order they came; what follows from its command is what would follow from them
    one after the other. They are one commit then, with the causes of all.
    """

    command: type[Command]
    join: Callable[[Sequence[Any]], Command]


def never(_state: Any) -> None:
    """The `due` of an aggregate that never wants attention: nobody looks for it."""


@dataclass(frozen=True)
class Aggregate(Generic[S]):
    """The parts of one domain module, as the runtime uses them.

    `kind` names the stream (``petition-<id>``) and the collection of states. `events` lists every
    event class the aggregate may record, personal ones included.
    """

    kind: str
    initial: S
    decide: Callable[..., list[Event]]
    evolve: Callable[[S, Any], S]
    events: tuple[type[Event], ...]
    due: Callable[[S], datetime | None] = never
    together: Together | None = None

    def stream(self, id: str) -> str:
        """The stream's name: kind and id."""
        return f"{self.kind}-{id}"

    def fold(self, state: S, events: list[Event]) -> S:
        """The state after `events`; personal ones leave no mark on it."""
        for event in events:
            if not isinstance(event, Personal):
                state = self.evolve(state, event)
        return state


def changed(state: S, **changes: Any) -> S:
    """`dataclasses.replace` for the states of busy aggregates, some 20 times as fast.

    It copies the fields instead of running ``__init__`` again: a state with thirty fields is
    changed half a dozen times per command. The dataclass is frozen, without slots and without
    ``__post_init__``. Raises TypeError for a field that the state does not have.
    """
    fields_now: dict[str, Any] = state.__dict__
    if not changes.keys() <= fields_now.keys():
        raise TypeError(f"{type(state).__name__} has no {changes.keys() - fields_now.keys()}")
    new: S = object.__new__(type(state))
    new.__dict__.update(fields_now)
    new.__dict__.update(changes)
    return new


def caller_fills(command: type[Command]) -> frozenset[str]:
    """Which of ``by`` and ``org`` the command has: filled from the caller's token."""
    return frozenset(field.name for field in fields(command)) & {"by", "org"}  # type: ignore[arg-type]
