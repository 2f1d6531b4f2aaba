"""Folds all commits of a service into fresh states and holds them against the stored ones."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from shared.runtime.aggregate import Aggregate
from shared.runtime.journal import Commit, Journal, Stored

STREAMS_AT_ONCE = 200
"""How many streams are read and folded together."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A stream whose stored state is not what its commits say. `fields` names what differs."""

    stream: str
    fields: tuple[str, ...]


@dataclass(slots=True)
class Progress:
    """What a comparison has seen so far."""

    streams: int = 0
    commits: int = 0


def fold(aggregate: Aggregate[Any], id: str, commits: Sequence[Commit]) -> Stored:
    """The state that a stream's commits lead to. Raises LookupError for an event nobody knows."""
    known = {event.__name__: event for event in aggregate.events}
    state = aggregate.initial
    for commit in commits:
        events = []
        for recorded in commit.events:
            if recorded.name not in known:
                raise LookupError(f"{commit.stream}/{commit.version}: unknown {recorded.name}")
            if recorded.data is not None:
                events.append(msgspec.convert(recorded.data, known[recorded.name]))
        state = aggregate.fold(state, events)
    last = commits[-1]
    return Stored(
        id,
        last.version,
        last.at,
        msgspec.to_builtins(state, builtin_types=(datetime,)),
        aggregate.due(state),
    )


async def differences(
    journal: Journal, aggregates: Collection[Aggregate[Any]], progress: Progress
) -> AsyncIterator[Difference]:
    """Every stored state that its commits do not lead to; then every commit without a state."""
    for aggregate in aggregates:
        some: list[Stored] = []
        async for stored in journal.all(aggregate.kind):
            some.append(stored)
            if len(some) == STREAMS_AT_ONCE:
                for difference in await _compare(journal, aggregate, some, progress):
                    yield difference
                some = []
        for difference in await _compare(journal, aggregate, some, progress):
            yield difference
    async for orphan in _orphans(journal, aggregates, progress):
        yield orphan


async def _compare(
    journal: Journal, aggregate: Aggregate[Any], some: list[Stored], progress: Progress
) -> list[Difference]:
    histories = await journal.histories([aggregate.stream(stored.id) for stored in some])
    found = []
    for stored in some:
        stream = aggregate.stream(stored.id)
        commits = histories.get(stream, [])
        progress.streams += 1
        progress.commits += len(commits)
        if fields := _differing(aggregate, stored, commits):
            found.append(Difference(stream, fields))
    return found


def _differing(
    aggregate: Aggregate[Any], stored: Stored, commits: Sequence[Commit]
) -> tuple[str, ...]:
    if [commit.version for commit in commits] != list(range(1, stored.version + 1)):
        return ("versions",)
    fresh = fold(aggregate, stored.id, commits)
    present = msgspec.to_builtins(
        msgspec.convert(stored.state, type(aggregate.initial)), builtin_types=(datetime,)
    )
    fields = [name for name in fresh.state if fresh.state[name] != present.get(name)]
    fields += [name for name in ("at", "due") if getattr(fresh, name) != getattr(stored, name)]
    return tuple(fields)


async def _orphans(
    journal: Journal, aggregates: Collection[Aggregate[Any]], progress: Progress
) -> AsyncIterator[Difference]:
    """Streams with commits and no state: looked for only where the numbers do not agree."""
    there = 0
    async for commits in journal.rescan(None):
        there += sum(commit.version > 0 for commit in commits)
    if there == progress.commits:
        return
    async for commits in journal.rescan(None):
        for commit in commits:
            if commit.version != 1:
                continue
            aggregate = _of_stream(aggregates, commit.stream)
            id = commit.stream.removeprefix(aggregate.stream(""))
            if id not in await journal.load(aggregate.kind, [id]):
                yield Difference(commit.stream, ("state",))


async def repair(journal: Journal, aggregates: Iterable[Aggregate[Any]], stream: str) -> None:
    """Writes the state that the stream's commits lead to. Raises LookupError for holes in them."""
    aggregate = _of_stream(aggregates, stream)
    id = stream.removeprefix(aggregate.stream(""))
    commits = await journal.history(stream)
    if [commit.version for commit in commits] != list(range(1, len(commits) + 1)) or not commits:
        raise LookupError(f"{stream}: its commits have holes; no state can be made from them")
    await journal.put_state(aggregate.kind, fold(aggregate, id, commits))


def _of_stream(aggregates: Iterable[Aggregate[Any]], stream: str) -> Aggregate[Any]:
    """The aggregate of a stream: a kind may have dashes, and begin like another one. Raises
    LookupError for a stream of none.
    """
    found = [one for one in aggregates if stream.startswith(one.stream(""))]
    if not found:
        raise LookupError(f"{stream} is of no kind that this service has")
    return max(found, key=lambda one: len(one.kind))
