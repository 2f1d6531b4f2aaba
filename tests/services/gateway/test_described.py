"""The joined OpenAPI document and its page."""

from collections.abc import AsyncIterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest

from services.gateway.described.joined import joined
from tests.architecture.access_matrix import ALL
from tests.architecture.test_routes import app_of
from tests.services.gateway.behind import PATHS
from tests.services.gateway.door import DoorAtWork, door


@cache
def real() -> dict[str, dict[str, Any]]:
    """What each service says of itself."""
    return {service.name: app_of(service).openapi() for service in ALL}


@cache
def all_joined() -> dict[str, Any]:
    """What the door makes of it."""
    return joined(real(), "http://localhost:8080")


@pytest.fixture
async def at() -> AsyncIterator[DoorAtWork]:
    """The door at work, once it knows what both services list."""
    async with door() as there:
        for name in ("petitions", "community"):
            assert (await there.client.get(f"/api/{name}/things")).status_code == 200
        yield there


def references(part: object) -> set[str]:
    """Everything that a document refers to."""
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(one) for one in part.values()))
    return set().union(*(references(one) for one in part)) if isinstance(part, list) else set()


async def test_the_document_has_what_is_behind_as_callers_find_it(at: DoorAtWork) -> None:
    document = (await at.client.get("/api/openapi.json")).json()
    listed = {path for path in PATHS if path not in ("/livez", "/metrics")}
    for name in ("petitions", "community"):
        assert {f"/api/{name}{path}" for path in listed} <= set(document["paths"])
    for path in document["paths"]:
        assert not path.endswith(("/livez", "/readyz", "/metrics"))
    tags = ("community: Things", "petitions: Things", "gateway: API keys")
    assert document["tags"] == [{"name": name} for name in tags]
    schemas = document["components"]["schemas"]
    assert {"community.Thing", "petitions.Thing", "Problem"} <= set(schemas)
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


async def test_an_unchanged_document_is_not_sent_again(at: DoorAtWork) -> None:
    first = await at.client.get("/api/openapi.json")
    again = await at.client.get(
        "/api/openapi.json", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_the_real_services_fit_together() -> None:
    paths = {
        f"/api/{name}{path}"
        for name, document in real().items()
        for path in document["paths"]
        if path not in ("/livez", "/readyz", "/metrics")
    }
    assert set(all_joined()["paths"]) == paths
    assert len(paths) > 300
    ids = [
        operation["operationId"]
        for item in all_joined()["paths"].values()
        for operation in item.values()
    ]
    assert len(ids) == len(set(ids))


def test_every_reference_leads_somewhere() -> None:
    found = references(all_joined())
    assert len(found) > 20
    for reference in found:
        part: object = all_joined()
        for step in reference.removeprefix("#/").split("/"):
            assert isinstance(part, dict)
            assert step in part, reference
            part = part[step]


def test_every_operation_says_what_the_door_may_answer() -> None:
    for path, item in all_joined()["paths"].items():
        for operation in item.values():
            assert {"429", "503", "413", "414", "408"} <= set(operation["responses"]), path


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes what a test asks for."""
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.append(value or "")
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")
            if tag == "html" and name == "lang":
                self.language = value or ""
        if tag in ("script", "style"):
            self.inline.append(tag)


async def test_the_page_can_be_read_and_holds_nothing_alive(at: DoorAtWork) -> None:
    answer = await at.client.get("/api/docs")
    assert answer.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    page = Page(answer.text)
    assert page.language == "zh-Hans"
    assert page.inline == []
    assert "/api/petitions/things/{id}/mend" in answer.text
    assert "ledger" in answer.text, "who is away is named"
    for link in page.links:
        assert link.startswith(("/", "#")), link
        assert (await at.client.get(link.partition("#")[0] or "/api/docs")).status_code == 200


async def test_one_service_is_shown_with_all_it_takes(at: DoorAtWork) -> None:
    answer = await at.client.get("/api/docs?service=petitions", headers={"Accept-Language": "en"})
    page = Page(answer.text)
    assert page.language == "en"
    assert len(page.ids) == len(set(page.ids))
    assert "wait" in answer.text
    assert "/api/community/things" not in answer.text


async def test_a_made_up_service_is_nothing_but_a_word(at: DoorAtWork) -> None:
    answer = await at.client.get("/api/docs?service=<script>alert(1)</script>")
    assert answer.status_code == 200
    assert "<script" not in answer.text
