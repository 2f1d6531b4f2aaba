"""The store's lower half, as a port: commits, states and dossiers, written together or not at all.

`MongoJournal` and `MemoryJournal` implement it and pass one test suite. What decides and groups is
above it, in `shared.runtime.store`.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from shared.runtime.files import Files

Doc = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event as a commit keeps it: class name and fields as plain values (times as RFC 3339
    text).

    A personal event leaves its name only: `data` is None, the fields are in the dossier.
    """

    name: str
    data: Doc | None


@dataclass(frozen=True, slots=True)
class Commit:
    """What one command changed, for ever. `_id` is ``<stream>/<version>``; versions start at 1 and
    have no holes.

    `cause` is what must not happen twice (Idempotency-Key, event id, due time); `fingerprint` tells
    whether a repeated Idempotency-Key came with the same request. `causation` is the id of the
    event that led here. A cause that led to nothing is kept too, as a commit with version 0, no
    stream state and no events. `joined` are the causes of further commands that were decided as one
    with it (`shared.runtime.aggregate.Together`): each counts once, as `cause` does.
    """

    stream: str
    version: int
    at: datetime
    actor: str
    verb: str
    events: tuple[Recorded, ...]
    correlation: str
    cause: str | None = None
    fingerprint: str | None = None
    causation: str | None = None
    trace: str | None = None
    joined: tuple[str, ...] = ()

    @property
    def causes(self) -> tuple[str, ...]:
        """All that must not happen twice."""
        return () if self.cause is None else (self.cause, *self.joined)


@dataclass(frozen=True, slots=True)
class Stored:
    """A state as stored: `state` are the fields of the aggregate's dataclass, times as UTC
    datetimes.
    """

    id: str
    version: int
    at: datetime
    state: Doc
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class DossierEntry:
    """One personal event: `data` are its fields. `_id` is ``<stream>/<version>/<n>``."""

    stream: str
    version: int
    n: int
    name: str
    at: datetime
    data: Doc


@dataclass(frozen=True, slots=True)
class Change:
    """A commit with the state it leads to and its dossier entries. `kind` names the collection of
    states.

    With `state` None the commit only marks a cause that led to nothing. One that `forgets` deletes
    the stream's dossier entries of all earlier versions in the same write. `former` is the state
    that was there before the write, as it was read, where it was: what stays as it was need not be
    written again.
    """

    kind: str
    commit: Commit
    state: Stored | None
    dossier: tuple[DossierEntry, ...] = ()
    forgets: bool = False
    former: Stored | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """An index over states: ``(("path", 1), ("due", 1))``; names are fields of the state, or
    ``due``/``at``/``_id``.

    `only` restricts it to states with these values, e.g. ``{"status": "open"}``, or with values of
    which operators are true (``{"receipt": {"$gt": ""}}``: those that have one). Of a `unique` one,
    a second state with the same values is a `Conflict`.
    """

    fields: tuple[tuple[str, Literal[1, -1]], ...]
    only: Mapping[str, Any] = field(default_factory=dict)
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """Of a list in a field, what comes right behind a value: in a path, the place next below one.
    The value itself where it is the last, and the first of a list that does not have it.
    """

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A collection of states with its indexes. (An index on `due` is always there.)

    `found_by` are fields by which few states are found, whoever is asked for: a person's own, what
    a case belongs to. One index has the values of all of them, and what is found is then sorted.
    An index of its own is for what finds many, of which a page shows some (ADR 28).
    """

    name: str
    indexes: tuple[Index, ...] = ()
    found_by: tuple[str, ...] = ()


Order = tuple[tuple[str, Literal[1, -1]], ...]
"""Fields, with 1 from the least and -1 from the greatest on."""


@dataclass(frozen=True, slots=True)
class Query:
    """Which states, in which order.

    `where` maps a field of the state (or ``due``, ``at``, ``_id``) to a value, or to a mapping of
    operators (``$in $nin $ne $lt $lte $gt $gte``); a list field matches when it contains the value.
    `text` keeps only those whose dossier contains it in a string field, regardless of case. `after`
    is the place where the last page ended.
    """

    where: Mapping[str, Any]
    order: Order = (("_id", 1),)
    limit: int = 50
    after: tuple[Any, ...] | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`items` in order; `next` is the `after` of the following page, None at the end."""

    items: list[Stored]
    next: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class Position:
    """How far a follower has come: the change stream's token, and the last commit's time. One that
    was restored has no token: it is lost, but for its time.
    """

    token: Any
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Followed:
    """Commits in the order they were written (each stream's in order of version) and the position
    after them.
    """

    commits: list[Commit]
    position: Position


class Conflict(Exception):
    """A version or a cause was taken by somebody else. Nothing of the write happened."""


class Unavailable(Exception):
    """The store cannot be reached or has no primary now. Whether the write happened is unknown."""


class PositionLost(Exception):
    """The position is too old to follow from: rescan."""


class Fenced(Exception):
    """Another holder has the lease by now: what this one wanted to save was not saved."""


class Journal(Protocol):
    """Persistence of one service. Every method may raise `Unavailable`."""

    @property
    def files(self) -> "Files":
        """The files beside it."""
        ...

    async def prepare(self, kinds: Sequence[Kind]) -> None:
        """Creates what is missing (collections, indexes); does nothing when all is there."""
        ...

    async def ping(self) -> None:
        """Returns when a primary answers."""
        ...

    async def load(self, kind: str, ids: Sequence[str]) -> dict[str, Stored]:
        """The states of those ids that exist (read from the primary, majority)."""
        ...

    async def by_cause(self, causes: Sequence[str]) -> dict[str, Commit]:
        """The commits of those causes that are known."""
        ...

    async def write(self, changes: Sequence[Change]) -> None:
        """Writes all changes in one transaction, durable on a majority when it returns. Raises
        `Conflict`.

        Several changes of one stream come in order of version; a state replaces the one of the
        version before. What a change forgets is gone as soon as it is written.
        """
        ...

    async def put_state(self, kind: str, stored: Stored) -> None:
        """Puts a state in the place of the stored one, without a commit: for rebuilding only."""
        ...

    async def history(self, stream: str) -> list[Commit]:
        """The commits of a stream in order of version."""
        ...

    async def stretch(self, stream: str, after: int, most: int) -> list[Commit]:
        """The commits of a stream that follow on version `after`, in order, at most so many: for
        streams too long to be read whole.
        """
        ...

    async def histories(self, streams: Sequence[str]) -> dict[str, list[Commit]]:
        """The commits of many streams, in order of version; streams without any are left out."""
        ...

    async def find(self, kind: str, query: Query) -> Page:
        """The states that match."""
        ...

    async def count(self, kind: str, where: Mapping[str, Any], limit: int | None = None) -> int:
        """How many match (up to `limit`)."""
        ...

    async def tally(
        self,
        kind: str,
        by: Sequence[str | Behind],
        where: Mapping[str, Any] = {},
        most: int | None = None,
    ) -> list[tuple[tuple[Any, ...], int]]:
        """How many of the states that match (as `Query.where`) there are for each combination of
        values of some fields: the largest numbers first, at most `most` of them. Equal numbers
        stand in the order of the values.

        A list in a field is one value, told by all that is in it and their order, unless it is
        counted by one of them (`Behind`); what is missing counts as None. Raises ValueError where
        there is no field, or an object in it; `Unavailable` also when it takes too long.
        """
        ...

    async def due(self, kind: str, now: datetime, limit: int) -> list[tuple[str, datetime]]:
        """Ids whose due time has passed, earliest first."""
        ...

    async def dossier(self, stream: str) -> list[DossierEntry]:
        """The personal entries of a stream in order."""
        ...

    async def dossiers(self, streams: Sequence[str]) -> dict[str, list[DossierEntry]]:
        """The same for many streams."""
        ...

    async def record_reading(
        self, reader: str, streams: Sequence[str], purpose: str, at: datetime
    ) -> None:
        """Keeps that somebody read these dossiers."""
        ...

    async def readings(self, stream: str) -> list[Doc]:
        """Who read a dossier: ``reader``, ``purpose``, ``at``, oldest first."""
        ...

    def follow(self, after: Position | None) -> AsyncIterator[Followed]:
        """Commits as they are written, for ever; from now on when `after` is None.

        Yields also without commits, at least every second, so that the position moves on. Raises
        `PositionLost`.
        """
        ...

    def rescan(self, since: datetime | None) -> AsyncIterator[list[Commit]]:
        """All commits written at or after `since` (all when None), each stream's in order, in
        batches; then ends.
        """
        ...

    def watch(self, kind: str) -> AsyncIterator[Stored]:
        """States of a kind as they change, from the moment the iteration starts, for ever.

        One that changes again at once may be told as it is then, and once more: the last version is
        always told, those before it need not be, and none is told after a later one.
        """
        ...

    def all(self, kind: str) -> AsyncIterator[Stored]:
        """All states of a kind."""
        ...

    async def take_lease(self, name: str, holder: str, seconds: float) -> int | None:
        """Takes or renews a lease; the fencing number (grows with each new holder), or None while
        another has it.
        """
        ...

    async def release_lease(self, name: str, holder: str) -> None:
        """Gives a lease back early."""
        ...

    async def position(self, name: str) -> Position | None:
        """A saved position."""
        ...

    async def save_position(self, name: str, position: Position, fence: int) -> None:
        """Saves it if `fence` is still the lease's number. Raises `Fenced`."""
        ...

    async def take_numbers(self, name: str, count: int) -> int:
        """The first of `count` numbers in a row that are nobody else's, ever. They begin with 1 and
        grow; those that were taken while the answer got lost are never given.
        """
        ...

    async def close(self) -> None:
        """Lets go of connections."""
        ...
