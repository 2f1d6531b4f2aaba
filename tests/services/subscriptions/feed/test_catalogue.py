"""The catalogue: every event, for everybody, as JSON and as a page that can be read."""

import json
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import pytest
import yaml

from services.subscriptions.catalogue_page import first_sentence, prose, value
from services.subscriptions.judged import FED, NOT_FED
from shared.contracts.envelope import SERVICES, public_events, type_of
from shared.contracts.files import HERE, contracts, sample_file, schema_file
from shared.contracts.petitions import PetitionFiled
from tests.services.community.served import Served
from tests.services.subscriptions.feed.happening import subscriptions

FILED = type_of(PetitionFiled)


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with subscriptions() as there:
        yield there


async def test_every_event_is_in_the_catalogue(at: Served) -> None:
    listed = (await at.client.get("/catalogue")).json()["items"]
    assert [one["type"] for one in listed] == list(contracts())
    assert {one["type"] for one in listed if one["fed"]} == {type_of(event) for event in FED}
    reasons = {one["type"]: one["not_fed_because"] for one in listed if not one["fed"]}
    assert reasons == {type_of(event): reason for event, reason in NOT_FED.items()}
    for one in listed:
        assert one["description"]
        assert one["stability"] in ("stable", "experimental")
        assert one["since"] <= "2100"
        assert one["schema"] == json.loads(schema_file(HERE, one["type"]).read_text())
        assert one["sample"] == json.loads(sample_file(HERE, one["type"]).read_text())


async def test_one_event_and_those_of_a_service(at: Served) -> None:
    one = (await at.client.get(f"/catalogue/{FILED}")).json()
    assert one["title"] == "PetitionFiled v1"
    assert one["topic"] == "petitions.events.v1"
    assert one["schema"]["$id"] == one["dataschema"]
    of_petitions = (await at.client.get("/catalogue?service=petitions")).json()["items"]
    assert one in of_petitions
    assert len(of_petitions) == len(public_events("petitions"))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/catalogue/cn.jinlin.petitions.PetitionSung.v1", 404),
        ("/catalogue?service=weather", 422),
        ("/catalogue.html?service=weather", 422),
    ],
)
async def test_what_is_not_there(at: Served, path: str, status: int) -> None:
    assert (await at.client.get(path)).status_code == status


async def test_what_somebody_has_is_not_sent_again(at: Served) -> None:
    for path in ("/catalogue", f"/catalogue/{FILED}", "/catalogue.html", "/asyncapi.yaml"):
        answer = await at.client.get(path)
        known = {"If-None-Match": f'"other", {answer.headers["etag"]}'}
        again = await at.client.get(path, headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert (await at.client.get(path, headers={"If-None-Match": '"other"'})).content


async def test_the_asyncapi_document_is_the_checked_in_one(at: Served) -> None:
    answer = await at.client.get("/asyncapi.yaml")
    assert answer.headers["content-type"] == "application/yaml"
    assert answer.content == (HERE / "asyncapi.yaml").read_bytes()
    assert yaml.load(answer.content, yaml.CSafeLoader)["asyncapi"] == "3.0.0"


# --- the page ------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What matters of a page for somebody who does not see it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.referred: list[str] = []
        self.tags: list[str] = []
        self.unscoped = 0
        self.tables = self.captions = 0
        self.language = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.append(tag)
        if tag not in ("meta", "br", "link", "img"):
            self._open.append(tag)
        if tag == "html":
            self.language = said.get("lang") or ""
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if tag == "th" and "scope" not in said:
            self.unscoped += 1
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.ids += [said["id"] or ""] if "id" in said else []
        self.referred += (said.get("aria-labelledby") or "").split()
        self.links += [said["href"] or ""] if "href" in said else []

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


@pytest.mark.parametrize("spoken", ["zh-CN", "en"])
@pytest.mark.parametrize("service", [None, *SERVICES])
async def test_the_page_is_one_that_everybody_can_read(
    at: Served, service: str | None, spoken: str
) -> None:
    path = "/catalogue.html" if service is None else f"/catalogue.html?service={service}"
    answer = await at.client.get(path, headers={"Accept-Language": spoken})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Language"
    page = Page(answer.text)
    assert page.language == {"zh-CN": "zh-Hans", "en": "en"}[spoken]
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(later - before <= 1 for before, later in steps), "no level is left out"
    assert page.unscoped == 0
    assert page.tables == page.captions > 0
    assert len(page.ids) == len(set(page.ids))
    assert set(page.referred) <= set(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert not {"script", "img", "iframe", "link", "form"} & set(page.tags)
    shown = contracts() if service is None else public_events(service)
    for type in shown:
        assert f"#{type}" in answer.text


async def test_the_page_may_do_nothing_but_look_as_it_does(at: Served) -> None:
    answer = await at.client.get("/catalogue.html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script" not in policy


def test_words_of_docstrings_are_text() -> None:
    assert str(prose("`place` is ``<id>`` & more")) == (
        "<code>place</code> is <code>&lt;id&gt;</code> &amp; more"
    )
    assert first_sentence("It is e.g.so. And more.") == "It is e.g.so."


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "date-time"}, "date-time"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string | null"),
        ({"enum": ["a", "b"]}, "a | b"),
        ({"const": "a"}, "a"),
        ({"type": "array", "items": {"type": "integer"}}, "[integer …]"),
        (
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]},
            "[integer, string]",
        ),
        ({}, "any"),
    ],
)
def test_what_a_value_is(schema: dict[str, object], words: str) -> None:
    assert value(schema) == words
