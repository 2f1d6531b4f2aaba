"""The journal in memory: deterministic, for tests and simulation; it passes MongoDB's suite.

Documents are kept as BSON, so that what is read back is what MongoDB would give back: times in
milliseconds and UTC, lists for tuples, nothing shared with the caller.
"""

import asyncio
import re
from bisect import bisect_right
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import bson

from shared.runtime.clock import Clock
from shared.runtime.documents import (
    CODEC,
    commit_document,
    commit_id,
    commit_of,
    entry_document,
    entry_of,
    remembered,
    replacements,
    state_document,
    stored_of,
)
from shared.runtime.journal import (
    Behind,
    Change,
    Commit,
    Conflict,
    Doc,
    DossierEntry,
    Fenced,
    Followed,
    Kind,
    Page,
    Position,
    PositionLost,
    Query,
    Stored,
)
from shared.runtime.matching import (
    check,
    check_tally,
    combination,
    counted_by,
    full_order,
    is_after,
    matches,
    place_after,
    place_of,
    sorted_by,
    text_pattern,
)
from shared.runtime.memory_files import FileShelf, MemoryFiles
from shared.runtime.memory_states import States

BATCH = 500
SILENCE_SECONDS = 1.0

Fault = Callable[[str], Awaitable[None] | None]
"""Called with ``before-<method>`` or ``after-<method>``: ``before-write``. May wait or raise."""


class _Lease:
    def __init__(self) -> None:
        self.holder: str | None = None
        self.until = 0.0
        self.fence = 0
        self.position: Position | None = None


class MemoryDisk:
    """What survives a crash: drop the journal, make another one over the same disk."""

    def __init__(self) -> None:
        self._log: list[bytes] = []
        self._versions: dict[str, int] = {}
        self._streams: dict[str, list[int]] = {}
        self._causes: dict[str, int] = {}
        self._states: dict[str, States] = {}
        self._dossiers: dict[str, list[bytes]] = {}
        self._readings: dict[str, list[Doc]] = {}
        self._leases: dict[str, _Lease] = {}
        self._numbers: dict[str, int] = {}
        self._shelf = FileShelf()
        self._waiting: list[asyncio.Future[None]] = []
        self._era = 0

    def commits(self) -> list[Commit]:
        """All commits in the order they were written."""
        return [commit_of(_decode(raw)) for raw in self._log]

    def states(self, kind: str) -> dict[str, Stored]:
        """All states of a kind by id."""
        there = self._of(kind)
        return {id: stored_of(there.copy(id)) for id in there.documents}

    def forget_positions(self) -> None:
        """Every position given so far is too old from now on, as when an oplog has run over."""
        self._era += 1

    def _of(self, kind: str) -> States:
        if kind not in self._states:
            self._states[kind] = States(_decode)
        return self._states[kind]

    def _token(self, index: int) -> str:
        return f"{self._era}:{index}"

    def _index(self, token: Any) -> int:
        era, _, index = token.partition(":") if isinstance(token, str) else ("", "", "")
        if era != str(self._era) or not index.isdigit() or int(index) > len(self._log):
            raise PositionLost("the position is too old to follow from")
        return int(index)

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)


class MemoryJournal:
    """Persistence of one service on a `MemoryDisk`, of its own unless one is given."""

    def __init__(
        self, clock: Clock, disk: MemoryDisk | None = None, fault: Fault | None = None
    ) -> None:
        self.disk = disk or MemoryDisk()
        self._clock = clock
        self._fault = fault
        self.files = MemoryFiles(clock, self.disk._shelf, self._meet)

    async def prepare(self, kinds: Sequence[Kind]) -> None:
        await self._meet("before-prepare")
        for kind in kinds:
            self.disk._of(kind.name).keep(kind)

    async def ping(self) -> None:
        await self._meet("before-ping")

    async def load(self, kind: str, ids: Sequence[str]) -> dict[str, Stored]:
        await self._meet("before-load")
        there = self.disk._of(kind)
        return {id: stored_of(there.copy(id)) for id in ids if id in there.documents}

    async def by_cause(self, causes: Sequence[str]) -> dict[str, Commit]:
        await self._meet("before-by-cause")
        known = self.disk._causes
        return {cause: self._commit(known[cause]) for cause in causes if cause in known}

    async def write(self, changes: Sequence[Change]) -> None:
        await self._meet("before-write")
        self._write(changes)
        await self._meet("after-write")

    def _write(self, changes: Sequence[Change]) -> None:
        disk = self.disk
        forgotten, entries = remembered(changes)
        # Encoding may refuse a value: before anything is changed.
        commits = [_encode(commit_document(change.commit)) for change in changes]
        states = [(each, _encode(state_document(each.stored))) for each in replacements(changes)]
        dossiers = [(entry.stream, _encode(entry_document(entry))) for entry in entries]
        ids = [commit_id(change.commit) for change in changes]
        causes = [cause for change in changes for cause in change.commit.causes]
        if len(set(ids)) < len(ids) or any(id in disk._versions for id in ids):
            raise Conflict("a version was taken by somebody else")
        if len(set(causes)) < len(causes) or any(cause in disk._causes for cause in causes):
            raise Conflict("a cause was taken by somebody else")
        for (kind, base, stored, _), _ in states:
            if (stored.id in disk._of(kind).documents) != (base > 0):
                raise Conflict(f"{kind}-{stored.id} is there already, or no longer")
        taken: dict[tuple[Any, ...], str] = {}
        for (kind, _, stored, _), _ in states:
            there = disk._of(kind)
            for values in there.values_of(state_document(stored)):
                owner = taken.setdefault((kind, *values), there.taken.get(values, stored.id))
                if owner != stored.id:
                    raise Conflict(f"{kind}-{owner} has these values already")
        for change, id, raw in zip(changes, ids, commits, strict=True):
            index = len(disk._log)
            disk._log.append(raw)
            disk._versions[id] = index
            if change.commit.version > 0:
                disk._streams.setdefault(change.commit.stream, []).append(index)
            for cause in change.commit.causes:
                disk._causes[cause] = index
        for (kind, _, _, _), raw in states:
            disk._of(kind).put(raw)
        for stream in forgotten:
            disk._dossiers.pop(stream, None)
        disk._shelf.mark(forgotten)
        for stream, raw in dossiers:
            disk._dossiers.setdefault(stream, []).append(raw)
        disk._wake()

    async def put_state(self, kind: str, stored: Stored) -> None:
        await self._meet("before-put-state")
        self.disk._of(kind).put(_encode(state_document(stored)))

    async def history(self, stream: str) -> list[Commit]:
        await self._meet("before-history")
        found = [self._commit(index) for index in self.disk._streams.get(stream, ())]
        return sorted(found, key=lambda commit: commit.version)

    async def stretch(self, stream: str, after: int, most: int) -> list[Commit]:
        await self._meet("before-stretch")
        whole = [self._commit(index) for index in self.disk._streams.get(stream, ())]
        return sorted(
            (each for each in whole if after < each.version <= after + most),
            key=lambda commit: commit.version,
        )

    async def histories(self, streams: Sequence[str]) -> dict[str, list[Commit]]:
        await self._meet("before-histories")
        found = {stream: await self.history(stream) for stream in streams}
        return {stream: commits for stream, commits in found.items() if commits}

    async def find(self, kind: str, query: Query) -> Page:
        await self._meet("before-find")
        check(query.where)
        order = full_order(query)
        place = place_after(query, order)
        there = self.disk._of(kind)
        matching = [
            document
            for document in there.among(query.where)
            if matches(document, query.where)
            and (place is None or is_after(document, place, order))
        ]
        items: list[Doc] = []
        for document in sorted_by(matching, order):
            if query.text is not None and not self._tells(kind, document, query.text):
                continue
            if len(items) == query.limit:
                more = place_of(items[-1], order) if items else None
                return Page([stored_of(there.copy(each["_id"])) for each in items], more)
            items.append(document)
        return Page([stored_of(there.copy(each["_id"])) for each in items], None)

    async def count(self, kind: str, where: Mapping[str, Any], limit: int | None = None) -> int:
        await self._meet("before-count")
        check(where)
        found = sum(matches(each, where) for each in self.disk._of(kind).among(where))
        return found if limit is None else min(found, limit)

    async def tally(
        self,
        kind: str,
        by: Sequence[str | Behind],
        where: Mapping[str, Any] = {},
        most: int | None = None,
    ) -> list[tuple[tuple[Any, ...], int]]:
        await self._meet("before-tally")
        check_tally(by, most)
        check(where)
        groups: dict[tuple[tuple[int, Any], ...], list[tuple[Any, ...]]] = {}
        for document in self.disk._of(kind).among(where):
            if matches(document, where):
                values = tuple(counted_by(document, one) for one in by)
                groups.setdefault(combination(values), []).append(values)
        ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), each[0]))
        return [(alike[0], len(alike)) for _, alike in ordered[:most]]

    async def due(self, kind: str, now: datetime, limit: int) -> list[tuple[str, datetime]]:
        await self._meet("before-due")
        due = self.disk._of(kind).due
        passed = bisect_right(due, now, key=lambda each: each[0])
        return [(id, when) for when, id in due[: min(passed, limit)]]

    async def dossier(self, stream: str) -> list[DossierEntry]:
        return (await self.dossiers([stream])).get(stream, [])

    async def dossiers(self, streams: Sequence[str]) -> dict[str, list[DossierEntry]]:
        await self._meet("before-dossiers")
        there = self.disk._dossiers
        result = {}
        for stream in streams:
            entries = [entry_of(_decode(raw)) for raw in there.get(stream, ())]
            if entries:
                result[stream] = sorted(entries, key=lambda entry: (entry.version, entry.n))
        return result

    async def record_reading(
        self, reader: str, streams: Sequence[str], purpose: str, at: datetime
    ) -> None:
        await self._meet("before-record-reading")
        for stream in streams:
            reading = _copy({"reader": reader, "purpose": purpose, "at": at})
            self.disk._readings.setdefault(stream, []).append(reading)
        await self._meet("after-record-reading")

    async def readings(self, stream: str) -> list[Doc]:
        await self._meet("before-readings")
        found = [_copy(each) for each in self.disk._readings.get(stream, ())]
        return sorted(found, key=lambda each: each["at"])

    async def follow(self, after: Position | None) -> AsyncGenerator[Followed, None]:
        await self._meet("before-follow")
        disk = self.disk
        index = len(disk._log) if after is None else disk._index(after.token)
        at = None if after is None else after.at
        if after is None:
            yield Followed([], Position(disk._token(index), None))
        while True:
            if index == len(disk._log):
                await self._something_new(SILENCE_SECONDS)
            await self._meet("before-followed")
            commits = [commit_of(_decode(raw)) for raw in disk._log[index : index + BATCH]]
            index += len(commits)
            at = commits[-1].at if commits else at
            yield Followed(commits, Position(disk._token(index), at))

    async def rescan(self, since: datetime | None) -> AsyncGenerator[list[Commit], None]:
        batch: list[Commit] = []
        await self._meet("before-rescan")
        for index in range(len(self.disk._log)):
            commit = self._commit(index)
            if since is None or commit.at >= since:
                batch.append(commit)
            if len(batch) == BATCH:
                yield batch
                batch = []
                await self._meet("before-rescan")
        if batch:
            yield batch

    def watch(self, kind: str) -> AsyncGenerator[Stored, None]:
        """Begins to watch at the call: `all` called after it leaves no gap between both."""
        return self._watched(kind, self.disk._of(kind).watch())

    async def _watched(self, kind: str, index: int) -> AsyncGenerator[Stored, None]:
        await self._meet("before-watch")
        changes = self.disk._of(kind).changes
        while True:
            if index == len(changes):
                await self._something_new(None)
                await self._meet("before-watch")
                continue
            index += 1
            yield stored_of(_decode(changes[index - 1]))

    async def all(self, kind: str) -> AsyncGenerator[Stored, None]:
        await self._meet("before-all")
        there = self.disk._of(kind)
        for id in list(there.documents):
            yield stored_of(there.copy(id))

    async def take_lease(self, name: str, holder: str, seconds: float) -> int | None:
        await self._meet("before-take-lease")
        lease = self.disk._leases.setdefault(name, _Lease())
        # No wall clock: that of a host may jump.
        now = self._clock.monotonic()
        if lease.holder != holder:
            if lease.holder is not None and lease.until > now:
                return None
            lease.holder = holder
            lease.fence += 1
        lease.until = now + seconds
        fence = lease.fence
        await self._meet("after-take-lease")
        return fence

    async def release_lease(self, name: str, holder: str) -> None:
        await self._meet("before-release-lease")
        lease = self.disk._leases.get(name)
        if lease is not None and lease.holder == holder:
            lease.holder = None

    async def position(self, name: str) -> Position | None:
        await self._meet("before-position")
        lease = self.disk._leases.get(name)
        return None if lease is None else lease.position

    async def save_position(self, name: str, position: Position, fence: int) -> None:
        await self._meet("before-save-position")
        lease = self.disk._leases.get(name)
        if lease is None or lease.fence != fence:
            raise Fenced(f"the lease {name} has another holder than number {fence}")
        lease.position = position
        await self._meet("after-save-position")

    async def take_numbers(self, name: str, count: int) -> int:
        await self._meet("before-take-numbers")
        last = self.disk._numbers.get(name, 0)
        self.disk._numbers[name] = last + count
        await self._meet("after-take-numbers")
        return last + 1

    async def close(self) -> None:
        """Nothing is held."""

    async def _meet(self, point: str) -> None:
        if self._fault is not None:
            trouble = self._fault(point)
            if trouble is not None:
                await trouble

    def _commit(self, index: int) -> Commit:
        return commit_of(_decode(self.disk._log[index]))

    def _tells(self, kind: str, document: Doc, text: str) -> bool:
        pattern = re.compile(text_pattern(text), re.IGNORECASE)
        return any(
            isinstance(value, str) and pattern.search(value)
            for raw in self.disk._dossiers.get(f"{kind}-{document['_id']}", ())
            for value in _decode(raw)["d"].values()
        )

    async def _something_new(self, seconds: float | None) -> None:
        """Returns at the next write, or after so many seconds of the clock."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.disk._waiting.append(waiter)
        timer = None if seconds is None else asyncio.create_task(self._wake_after(seconds, waiter))
        try:
            await waiter
        finally:
            if waiter in self.disk._waiting:
                self.disk._waiting.remove(waiter)
            if timer is not None:
                timer.cancel()

    async def _wake_after(self, seconds: float, waiter: asyncio.Future[None]) -> None:
        await self._clock.sleep(seconds)
        if not waiter.done():
            waiter.set_result(None)


def _encode(document: Doc) -> bytes:
    return bson.encode(document, codec_options=CODEC)


def _decode(raw: bytes) -> Doc:
    return bson.decode(raw, codec_options=CODEC)


def _copy(document: Doc) -> Doc:
    return _decode(_encode(document))
