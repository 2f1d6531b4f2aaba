"""The matrix test notices what it is for: doors that are wider or narrower than the table."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from shared.runtime.api import AggregateApi, Create, CurrentCaller, Dossier, Verb
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, administrator, anyone, nobody
from shared.runtime.queries import Queries
from tests.e2e.matrix import Matrix, Reply, Thing
from tests.e2e.samples import sample_body
from tests.runtime.lamp import Break, Install, Repair, lamp, lamps, lamps_api
from tests.runtime.lamp_service import World, world

NAMED = {"place": "p1", "keeper": "k1"}


def counting(may: Policy) -> Queries:
    """The queries of a service in which `may` counts."""
    queries = Queries(tags=["Lamps"])

    @queries.get("/lamps/count", may=may)
    async def count_lamps(caller: CurrentCaller) -> dict[str, int]:
        """How many there are."""
        return {"count": 1}

    return queries


@asynccontextmanager
async def served(
    api: AggregateApi = lamps_api, may: Policy = administrator
) -> AsyncIterator[tuple[World, Matrix]]:
    """A service with these tables, and the matrix of the right ones."""
    async with world(api=api, queries=[counting(may)]) as at:

        async def ask(
            method: str, path: str, caller: Caller | None, body: Any, headers: Mapping[str, str]
        ) -> Reply:
            sent = dict(headers)
            if caller is not None:
                places = tuple(caller.places)
                token = at.issuer.token(caller.sub, tuple(caller.roles), places, org=caller.org)
                sent["Authorization"] = f"Bearer {token}"
            answer = await at.client.request(method, path, json=body, headers=sent)
            return Reply(answer.status_code, frozenset(answer.json()))

        right = lamps(queries=[counting(administrator)])
        yield (
            at,
            Matrix(
                right,
                ask,
                at.running.copies,
                elsewhere="p2",
                home="p1",
                org="o1",
                sample=lambda command: sample_body(command, NAMED, {}),
            ),
        )


async def disagreements(
    api: AggregateApi = lamps_api, may: Policy = administrator
) -> tuple[Matrix, Sequence[str]]:
    """What the matrix says of a service with these tables, with one broken lamp in it."""
    async with served(api, may) as (at, matrix):
        store = at.running.store
        await store.do(lamp, "l1", Install("p1", "k1", 60, "a1"), actor="a1")
        await store.do(lamp, "l1", Break("dark", "u1"), actor="u1")
        there = await store.get(lamp, "l1")
        assert there is not None
        wrong = await matrix.of_queries()
        wrong += await matrix.of_creating(lamps_api)
        wrong += await matrix.of_thing(lamps_api, Thing("l1", there.version, there.state))
        after = await store.get(lamp, "l1")
        assert after == there, "asking changed the thing"
        return matrix, wrong


async def test_a_service_that_keeps_to_its_tables_agrees() -> None:
    matrix, wrong = await disagreements()
    assert wrong == []
    assert matrix.closed_to_all() == []
    # The persons that the lamp names, and its place, were found by asking the policies.
    assert matrix.allowed["POST /lamps/{id}/repair"] >= 13
    assert matrix.asked > 300


VERBS = lamps_api.verbs
HOLES = {
    "a verb for all": (
        replace(lamps_api, verbs={**VERBS, "repair": Verb(Repair, may=anyone)}),
        "POST /lamps/l1/repair by stranger-1/resident: 412, not 403",
    ),
    "a verb for nobody": (
        replace(lamps_api, verbs={**VERBS, "repair": Verb(Repair, may=nobody)}),
        "POST /lamps/l1/repair by k1: 403, not 412",
    ),
    "a thing that all see": (
        replace(lamps_api, see=anyone),
        "GET /lamps/l1/timeline by stranger-1/grid-worker/p2: 200, not 404",
    ),
    "a dossier that all see": (
        replace(lamps_api, dossier=Dossier(see=anyone)),
        "GET /lamps/l1 by stranger-1/resident: 200, not 200 without a dossier",
    ),
    "a creation for all": (
        replace(lamps_api, create=Create(Install, may=anyone)),
        "POST /lamps by stranger-1/operator: 201, not 403",
    ),
}


@pytest.mark.parametrize("hole", HOLES)
async def test_a_hole_is_noticed(hole: str) -> None:
    planted, said = HOLES[hole]
    _, wrong = await disagreements(planted)
    assert said in wrong


async def test_a_hole_in_a_query_is_noticed() -> None:
    _, wrong = await disagreements(may=anyone)
    assert "GET /lamps/count by stranger-1/resident: 200, not 403" in wrong


async def test_a_row_that_no_caller_comes_through_is_noticed() -> None:
    matrix, _ = await disagreements()
    matrix.allowed["POST /lamps/{id}/repair"] = 0
    assert matrix.closed_to_all() == ["POST /lamps/{id}/repair"]


def test_a_body_is_made_up_for_a_command() -> None:
    assert sample_body(Install, NAMED, {}) == {"place": "p1", "keeper": "k1", "watts": 1}
    assert sample_body(Break, NAMED, {"words": "dark"}) == {"words": "dark"}
    assert sample_body(Repair, NAMED, {}) == {}
