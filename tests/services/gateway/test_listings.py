"""What services list may change, and so may whether they are there."""

import copy

import pytest
from starlette.types import Receive, Scope, Send

from services.gateway.upstream import listings
from tests.services.gateway.behind import DOCUMENT, Behind, operation, reply
from tests.services.gateway.door import NOBODY_LISTENS, door, until
from tests.services.gateway.serving import served


async def test_what_a_new_version_lists_is_reached_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "FRESH_SECONDS", 0.1)
    async with door() as at:
        assert (await at.get("/new-things")).status_code == 404
        document = copy.deepcopy(DOCUMENT)
        document["paths"]["/new-things"] = {"get": operation()}
        del document["paths"]["/things/mine"]
        at.behind.document = document

        async def reached() -> bool:
            return (await at.get("/new-things")).status_code == 200

        await until(reached)
        assert (await at.get("/things/mine")).json()["path"] == "/things/mine", "as an id"
        joined = (await at.client.get("/api/openapi.json")).json()
        assert "/api/petitions/new-things" in joined["paths"]
        assert "/api/petitions/things/mine" not in joined["paths"]


async def test_one_that_is_away_keeps_its_listing() -> None:
    behind = Behind()
    async with served(behind) as port:
        address = f"http://127.0.0.1:{port}"
        async with door({"petitions": address}) as at:
            assert (await at.get("/things")).status_code == 200
            pool = at.front.doorway.upstreams.pool("petitions")
            assert pool is not None
            pool.address = NOBODY_LISTENS
            assert (await at.get("/things")).status_code == 503
            assert (await at.get("/nothing")).status_code == 404
            assert (await at.client.put("/api/petitions/things")).status_code == 405


@pytest.mark.parametrize("document", [b"[]", b"{}", b"<html>", b'{"paths": 7}'])
async def test_one_whose_listing_cannot_be_read_is_away(document: bytes) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await reply(send, document)

    async with (
        served(app) as port,
        door({"petitions": f"http://127.0.0.1:{port}"}) as at,
    ):
        answer = await at.get("/things")
        assert (answer.status_code, answer.json()["type"]) == (
            503,
            "urn:jinlin:problem:service-away",
        )
        assert (await at.client.get("/api/community/things")).status_code == 200


async def test_one_that_comes_later_is_reached_then() -> None:
    behind = Behind()
    async with door({"petitions": NOBODY_LISTENS}) as at:
        assert (await at.get("/things")).status_code == 503
        pool = at.front.doorway.upstreams.pool("petitions")
        assert pool is not None
        async with served(behind) as port:
            pool.address = f"http://127.0.0.1:{port}"

            async def reached() -> bool:
                return (await at.get("/things")).status_code == 200

            await until(reached, 30)
