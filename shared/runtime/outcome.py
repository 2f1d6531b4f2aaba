"""What becomes of a command: its outcome, or why there is none."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

S = TypeVar("S")


class VersionMismatch(Exception):
    """If-Match names another version than the present one."""

    def __init__(self, present: int) -> None:
        super().__init__(f"the present version is {present}")
        self.present = present


class CauseReused(Exception):
    """The Idempotency-Key was used before, with another request."""


class Busy(Exception):
    """Too many others changed the same stream at the same moment. Nothing was changed."""


class StuckTick(Exception):
    """A `Tick` led to no event although its time had passed: the aggregate's `due` and `decide`
    disagree.
    """


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command. `repeated` when its cause had been seen before and this is the
    first outcome. `state` is the one that it led to, None of a repeated one.
    """

    stream: str
    id: str
    version: int
    at: datetime
    repeated: bool = False
    state: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[S]):
    """An aggregate's state as last committed."""

    state: S
    version: int
    at: datetime
