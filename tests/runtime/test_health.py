"""What a service says of itself, and its OpenAPI document."""

import asyncio
from typing import Any

from jsonschema import Draft202012Validator

from tests.runtime.lamp_service import World, world


async def until_ready(at: World) -> dict[str, Any]:
    """The answer of /readyz when it is 200 (the test's own time limit ends a wait in vain)."""
    while (answer := await at.client.get("/readyz")).status_code != 200:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    found: dict[str, Any] = answer.json()
    return found


async def test_ready_when_every_part_works() -> None:
    async with world() as at:
        assert (await at.client.get("/livez")).status_code == 200
        assert (await until_ready(at))["parts"] == {
            "store": "ok",
            "copy lamp": "ok",
            "relay": "ok",
            "subscriptions": "ok",
        }


async def test_one_that_is_for_requests_only_is_ready_without_a_broker() -> None:
    async with world(requests_only=True) as at:
        assert (await until_ready(at))["parts"] == {"store": "ok", "copy lamp": "ok"}


async def test_without_its_store_it_lives_but_is_not_ready_and_says_why() -> None:
    async with world() as at:
        await until_ready(at)
        at.outage.away = True
        assert (await at.client.get("/livez")).status_code == 200
        answer = await at.client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["parts"]["store"] == "not reached"
        at.outage.away = False
        await until_ready(at)


async def test_before_its_store_is_there_requests_are_503() -> None:
    async with world(start=False) as at:
        assert (await at.client.get("/livez")).status_code == 200
        assert (await at.client.get("/readyz")).status_code == 503
        answer = await at.install()
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:jinlin:problem:starting"


async def test_metrics_count_requests_by_template_and_commands_by_outcome() -> None:
    async with world() as at:
        id = (await at.install()).json()["id"]
        await at.ask("GET", f"/lamps/{id}")
        await at.ask("GET", f"/nothing/{id}")
        text = (await at.client.get("/metrics")).text
        labels = 'method="GET",route="/lamps/{id}",service="community",status="2xx"'
        assert f"jinlin_http_requests_total{{{labels}}}" in text
        assert id not in text


async def test_the_openapi_document_is_sound_and_says_what_is_enforced() -> None:
    async with world() as at:
        made = (await at.client.get("/openapi.json")).json()
        assert made["openapi"].startswith("3.1")
        create = made["paths"]["/lamps"]["post"]
        body = create["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator.check_schema(body)
        assert set(body["required"]) == {"place", "keeper", "watts"}
        assert body["additionalProperties"] is False
        assert create["security"] == [{"token": []}]
        assert {"201", "401", "403", "409", "422", "503"} <= set(create["responses"])
        assert "security" not in made["paths"]["/livez"]["get"]
        names = [
            operation["operationId"]
            for methods in made["paths"].values()
            for operation in methods.values()
        ]
        assert len(names) == len(set(names))
        for reference in references(made):
            part: Any = made
            for step in reference.removeprefix("#/").split("/"):
                part = part[step]


def references(part: Any) -> list[str]:
    """Every ``$ref`` in a document."""
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [one for value in part.values() for one in references(value)]
    if isinstance(part, list):
        return [one for value in part for one in references(value)]
    return []
