"""Putting a checked file into the tree: only what differs from the tree becomes a command."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.community.domain.place import place
from services.community.domain.place_commands import MovePlace, RegisterPlace, RenamePlace
from services.community.domain.place_state import Place
from services.community.domain.post import post
from services.community.domain.post_commands import AssignPost, EstablishPost, ReplaceHolder
from services.community.domain.post_state import Post, holder_at, post_id
from services.community.importing import PlaceRow, PostRow, Rows, check
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies
from shared.runtime.outcome import Busy
from shared.runtime.store import Store

AT_ONCE = 1_000
"""Commands handed to the store together, and ids looked up together."""
COPY_PATIENCE = 15.0
"""Seconds to wait until the copies show what was written; then the import is given back as busy."""


@dataclass(frozen=True, slots=True)
class Planted:
    """What an import changed, in numbers of places and posts."""

    places: int
    registered: int
    renamed: int
    moved: int
    unchanged: int
    posts: int
    assigned: int

    def shown(self) -> dict[str, int]:
        """As an answer shows it."""
        return asdict(self)


async def plant(rows: Rows, by: str, store: Store, copies: Copies) -> Planted:
    """Checks the file against the tree and brings the tree up to it, from the districts down.

    Places that the file does not name stay as they are. Doing the same again changes nothing. Where
    it breaks off, what was done stays, and doing it again does the rest. Raises `NotImportable`
    before anything is done; `Busy`, `Rejected` where others change the same places meanwhile.
    """
    named = {row.parent for row in rows.places.values() if row.parent} | rows.places.keys()
    known: dict[str, Place] = await _present(store, place, named)
    check(rows, known)
    counts: Counter[str] = Counter()
    for kind in PlaceKind:  # from the largest to the smallest: parents before children
        level = [row for row in rows.places.values() if row.kind is kind]
        await _do_all(
            store,
            [
                (place, row.code, command)
                for row in level
                for command in _place_commands(row, known.get(row.code), by, counts)
            ],
            by,
        )
        await _until_copied(store, copies, level)
    return Planted(
        places=len(rows.places),
        registered=counts["register-place"],
        renamed=counts["rename"],
        moved=counts["move"],
        unchanged=counts["unchanged"],
        posts=len(rows.posts),
        assigned=await _plant_posts(list(rows.posts.values()), by, store, copies),
    )


def _place_commands(
    row: PlaceRow, present: Place | None, by: str, counts: Counter[str]
) -> list[Command]:
    commands: list[Command] = []
    if present is None:
        commands.append(RegisterPlace(by, row.code, row.kind, row.name, row.parent))
    else:
        if row.name != present.name:
            commands.append(RenamePlace(by, row.name))
        if row.parent is not None and row.parent != present.parent:
            commands.append(MovePlace(by, row.parent))
    counts.update([command.verb for command in commands] or ["unchanged"])
    return commands


async def _plant_posts(rows: Sequence[PostRow], by: str, store: Store, copies: Copies) -> int:
    known: dict[str, Post] = await _present(
        store, post, [post_id(row.place, row.duty) for row in rows]
    )
    steps: list[tuple[Aggregate[Any], str, Command]] = []
    for row in rows:
        id = post_id(row.place, row.duty)
        present = known.get(id)
        term = holder_at(present, store.clock.now()) if present else None
        if present is None:
            steps.append((post, id, EstablishPost(by, row.place, row.duty, row.holder)))
        elif present.term is None:
            steps.append((post, id, AssignPost(by, row.holder)))
        elif term is None or term.holder != row.holder:
            steps.append((post, id, ReplaceHolder(by, row.holder)))
    await _do_all(store, steps, by)
    posts = copies["post"]
    await _until(
        store,
        lambda: all(
            (at := posts.get(post_id(row.place, row.duty))) is not None
            and at.term is not None
            and at.term.holder == row.holder
            for row in rows
        ),
    )
    return len(steps)


async def _present(store: Store, aggregate: Aggregate[Any], ids: Iterable[str]) -> dict[str, Any]:
    """The states of those that exist, from the store itself: copies may be a moment behind."""
    wanted = list(ids)
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = await store.journal.load(aggregate.kind, wanted[start : start + AT_ONCE])
        found.update((id, store.read(aggregate, stored)) for id, stored in some.items())
    return found


async def _do_all(
    store: Store, steps: Sequence[tuple[Aggregate[Any], str, Command]], by: str
) -> None:
    for start in range(0, len(steps), AT_ONCE):
        doing: list[Coroutine[Any, Any, Any]] = [
            store.do(aggregate, id, command, actor=by)
            for aggregate, id, command in steps[start : start + AT_ONCE]
        ]
        # Every one is awaited: the first failure is told after the others have come to an end.
        for outcome in await asyncio.gather(*doing, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome


async def _until_copied(store: Store, copies: Copies, rows: Sequence[PlaceRow]) -> None:
    """The rules read parents from the copies: the next level waits until they show this one."""
    places = copies["place"]
    await _until(
        store,
        lambda: all(
            (shown := places.get(row.code)) is not None
            and (shown.name, shown.parent) == (row.name, row.parent)
            for row in rows
        ),
    )


async def _until(store: Store, reached: Any) -> None:
    patience = store.clock.monotonic() + COPY_PATIENCE
    while not reached():
        if store.clock.monotonic() > patience:
            raise Busy
        await store.clock.sleep(0.02)
