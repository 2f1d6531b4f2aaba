"""A dispute takes so many pieces of evidence and not one more, however many come at once."""

import asyncio
from typing import Any

from services.mediation.domain import AGGREGATES
from services.mediation.domain.evidence import shelf as places
from services.mediation.domain.evidence.shelf import (
    MOST_OF_A_DISPUTE,
    GivePlaceBack,
    ShelfPlaceGivenBack,
    ShelfPlaceTaken,
    TakePlace,
    shelf,
)
from services.mediation.views.evidence import evidence_in
from shared.runtime.aggregate import Rejected
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.store import Store
from tests.given import given
from tests.services.community.served import Served
from tests.services.mediation.evidence.test_http import filed, kept, send
from tests.services.mediation.quarrel import CHEN, LIN, code_of, does, quarrel
from tests.services.mediation.served import mediation, told

FULL = given(shelf, *(ShelfPlaceTaken(f"e{n}") for n in range(MOST_OF_A_DISPUTE)))
ALMOST = given(shelf, *(ShelfPlaceTaken(f"e{n}") for n in range(1, MOST_OF_A_DISPUTE)))


def test_places_are_taken_until_none_is_left() -> None:
    ALMOST.when(TakePlace("more")).then(ShelfPlaceTaken("more"))
    FULL.when(TakePlace("more")).then_rejected("too-much-evidence")


def test_a_piece_has_one_place_and_gives_it_back_once() -> None:
    one = given(shelf, ShelfPlaceTaken("e1"))
    one.when(TakePlace("e1")).then()
    FULL.when(TakePlace("e1")).then()
    back = FULL.when(GivePlaceBack("e1")).then(ShelfPlaceGivenBack("e1"))
    back.when(GivePlaceBack("e1")).then()
    back.when(TakePlace("more")).then(ShelfPlaceTaken("more"))


async def almost_full(at: Served, id: str) -> None:
    """All places but one are taken."""
    for n in range(1, MOST_OF_A_DISPUTE):
        await told(at, shelf, id, TakePlace(f"e{n}"))


async def taken(at: Served, id: str) -> int:
    known = await at.running.store.get(shelf, id)
    return 0 if known is None else len(known.state.taken)


async def until_answered(at: Served, id: str, n: int) -> tuple[int, str]:
    """Somebody sends a piece, again where many are sending at the moment."""
    while True:
        answer = await send(at, id, f"第{n}份".encode(), LIN if n % 2 else CHEN)
        if answer.status_code != 503:
            return answer.status_code, "" if answer.is_success else code_of(answer)


async def test_of_fifty_that_come_at_once_one_has_the_last_place() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        await almost_full(at, id)
        answers = await asyncio.gather(*(until_answered(at, id, n) for n in range(50)))
        assert sorted(set(answers)) == [(201, ""), (409, "too-much-evidence")]
        assert answers.count((201, "")) == 1
        where = evidence_in(id).where
        assert await at.running.journal.count("evidence", where, 99) == 1
        assert await kept(at) == 1
        assert await taken(at, id) == MOST_OF_A_DISPUTE


async def test_of_many_processes_one_has_the_last_place() -> None:
    async with mediation() as at:
        await almost_full(at, "d1")
        disk, clock = at.running.journal.disk, at.running.clock  # type: ignore[attr-defined]
        stores = [
            Store("mediation", MemoryJournal(clock, disk), clock, AGGREGATES) for _ in range(5)
        ]

        async def take(n: int) -> Any:
            try:
                return await stores[n % 5].do(shelf, "d1", TakePlace(f"new-{n}"), actor="test")
            except Rejected as rejected:
                return rejected.code

        answers = await asyncio.gather(*(take(n) for n in range(50)))
        assert answers.count("too-much-evidence") == 49
        assert await taken(at, "d1") == MOST_OF_A_DISPUTE


async def test_what_is_refused_in_the_end_leaves_its_place_to_others(monkeypatch: Any) -> None:
    monkeypatch.setattr(places, "MOST_OF_A_DISPUTE", 2)
    async with mediation() as at:
        id = await quarrel(at)
        refused = await send(at, id, disclosed="sides", side="z")
        assert code_of(refused) == "which-side"
        assert await taken(at, id) == 0
        key = {"Idempotency-Key": "k1"}
        for _ in range(3):
            assert (await send(at, id, headers=key)).status_code == 201
        assert await taken(at, id) == 1
        piece = await filed(at, id)
        full = await send(at, id)
        assert code_of(full) == "too-much-evidence"
        gone = await does(at, LIN, f"/evidence/{piece}/withdraw", because="private")
        assert gone.status_code == 200
        assert code_of(await send(at, id)) == "too-much-evidence", "what was shown stays there"
