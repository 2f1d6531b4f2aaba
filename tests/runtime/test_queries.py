"""Queries in a table: who may ask is seen to before anything is answered."""

from collections.abc import AsyncIterator

import pytest

from shared.runtime.api import CurrentCaller, CurrentClock
from shared.runtime.policies import administrator, anyone, public
from shared.runtime.queries import Queries
from shared.runtime.service import Access, access_matrix
from tests.runtime.lamp import lamps
from tests.runtime.lamp_service import World, world

queries = Queries(tags=["Counting"])
answered: list[str] = []


@queries.get("/lamps/count", may=administrator, note="of their street")
async def count_lamps(caller: CurrentCaller, least: int = 0) -> dict[str, int]:
    """How many lamps there are."""
    answered.append(caller.sub)
    return {"count": least}


@queries.post("/lamps/import", may=administrator)
async def import_lamps(clock: CurrentClock) -> dict[str, str]:
    """Does not ask who the caller is."""
    answered.append("import")
    return {"at": clock.now().isoformat()}


@queries.get("/lamps/public", may=public)
async def public_figures() -> dict[str, int]:
    """What everybody may know."""
    return {"lit": 3}


@pytest.fixture
async def at() -> AsyncIterator[World]:
    answered.clear()
    async with world(queries=[queries]) as made:
        yield made


async def test_who_may_not_ask_is_refused_before_the_handler_runs(at: World) -> None:
    for method, path in (("GET", "/lamps/count?least=many"), ("POST", "/lamps/import")):
        refused = await at.ask(method, path)
        assert refused.status_code == 403
        assert refused.json()["type"] == "urn:jinlin:problem:forbidden"
        assert (await at.client.request(method, path)).status_code == 401
    assert answered == []


async def test_who_may_ask_is_answered(at: World) -> None:
    asked = await at.ask("GET", "/lamps/count?least=2", sub="a1", roles=("administrator",))
    assert (asked.status_code, asked.json()) == (200, {"count": 2})
    wrong = await at.ask("GET", "/lamps/count?least=many", roles=("administrator",))
    assert wrong.status_code == 422
    assert (await at.ask("POST", "/lamps/import", roles=("administrator",))).status_code == 200
    assert answered == ["a1", "import"]


async def test_a_public_query_wants_no_token_and_looks_at_none(at: World) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        answer = await at.client.get("/lamps/public", headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"lit": 3})


def test_a_public_query_has_no_caller() -> None:
    with pytest.raises(ValueError, match="GET /lamps/mine is public"):

        @Queries(tags=[]).get("/lamps/mine", may=public)
        async def mine(caller: CurrentCaller) -> None:
            """Whose?"""


def test_queries_stand_in_the_access_matrix() -> None:
    rows = access_matrix([lamps(queries=[queries])])[-3:]
    assert rows == [
        Access(
            "community", "GET", "/lamps/count", "count-lamps", "administrator", "of their street"
        ),
        Access("community", "POST", "/lamps/import", "import-lamps", "administrator"),
        Access("community", "GET", "/lamps/public", "public-figures", public.name),
    ]


async def test_the_document_says_who_may_ask_and_where_no_token_is_wanted(at: World) -> None:
    paths = (await at.client.get("/openapi.json")).json()["paths"]
    counting, figures = paths["/lamps/count"]["get"], paths["/lamps/public"]["get"]
    assert counting["x-may"] == "administrator"
    assert counting["security"] == [{"token": []}]
    assert "security" not in figures
    assert not {"401", "403"} & figures["responses"].keys()
    assert anyone.name != public.name
