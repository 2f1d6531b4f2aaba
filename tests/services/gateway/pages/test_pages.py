"""Every page: it is shown, in every language, with nothing in it that a browser would run."""

import re
from functools import cache
from html.parser import HTMLParser

import brotli
import pytest

from services.gateway.pages.assets import assets
from services.gateway.pages.languages import Tongue
from tests.services.gateway.pages.household import HOME, RESIDENT, browser, services
from tests.services.gateway.pages.samples import (
    DRAFT,
    PAGES,
    PETITION,
    RECEIPT,
    everything,
    in_the_open,
)

HOSTILE = (
    "<script>alert(1)</script>"
    '"><img src=x onerror=alert(2)>'
    "' onmouseover='alert(3)"
    " javascript:alert(4) {{ 7*7 }} %(now)s 100% </textarea></title>"
)
"""Written in every field that takes words."""
MOST_OVER_THE_WIRE = 150_000
"""Bytes of a page with all its files, compressed as browsers take them."""
NAMES = (
    *("鼓楼区", "东街街道", "军门社区", "军门第一片区", "朱紫坊小区"),
    *("物业服务", "房屋设施维修", "林女士", "简体中文", "繁體中文"),
)
"""Chinese on an English page: names are what they are."""
FOR_EVERYBODY = (
    *("/", "/status", "/statistics/public", "/verify"),
    *("/board", f"/board/{PETITION}"),
)


class Marks(HTMLParser):
    """The elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more."""
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", PAGES)
async def test_words_with_markup_are_shown_as_words(path: str) -> None:
    async with browser(everything(HOSTILE)) as person:
        answer = await person.get(path)
        harmless = await browser(everything("平常的话")).get(path)
    assert answer.status_code == 200
    found, usual = Marks(answer.text).found, Marks(harmless.text).found
    assert [tag for tag, _ in found] == [tag for tag, _ in usual], "the words made elements"
    for tag, attributes in found:
        assert not any(name.startswith("on") or name == "style" for name in attributes), tag
        for name in ("href", "src", "action", "hx-get"):
            value = attributes.get(name) or ""
            assert not value.lower().lstrip().startswith(("javascript:", "data:")), (tag, value)
        if tag == "script":
            assert (attributes["src"] or "").startswith("/assets/")
    assert ("&lt;script&gt;alert(1)" in answer.text) == ("{{ 7*7 }}" in answer.text)


async def test_the_words_of_forms_come_back_as_words() -> None:
    async with browser(everything(HOSTILE)) as person:
        draft = {**DRAFT, "title": HOSTILE, "text": HOSTILE, "csrf": RESIDENT.csrf}
        checked = await person.post("/petitions/new", data=draft)
        keys = {"receipt": RECEIPT.replace(" ", ""), "code": HOSTILE}
        looked_up = await person.post("/status", data=keys)
        searched = await person.get("/petitions/new", params={"q": HOSTILE})
    for answer in (checked, looked_up, searched):
        assert answer.status_code == 200
        for tag, attributes in Marks(answer.text).found:
            assert tag not in ("img", "script") or "onerror" not in attributes
            assert not any(name.startswith("on") for name in attributes)


@pytest.mark.parametrize("tongue", Tongue)
async def test_every_page_speaks_every_language(tongue: Tongue) -> None:
    chinese = re.compile(r">[^<]*[\u4e00-\u9fff]")
    async with browser(everything("words")) as person:
        person.cookies.set("jinlin-language", tongue.value)
        for path in PAGES:
            answer = await person.get(path)
            assert answer.status_code == 200, path
            assert f'lang="{tongue.value}"' in answer.text
            if tongue is Tongue.ENGLISH:
                main = answer.text.partition("<main")[2].partition("</main>")[0]
                for name in NAMES:
                    main = main.replace(name, "")
                assert not chinese.search(main), (path, chinese.findall(main))


@cache
def compressed(content: bytes) -> int:
    """Its length over the wire."""
    return len(brotli.compress(content))


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_light(path: str) -> None:
    async with browser(everything("三号楼前的污水井堵了两天")) as person:
        answer = await person.get(path)
    used = {one for one in assets().values() if one.address in answer.text}
    weight = len(brotli.compress(answer.content)) + sum(compressed(one.content) for one in used)
    assert len(used) >= 4
    assert weight < MOST_OVER_THE_WIRE


@pytest.mark.parametrize("path", [one for one in PAGES if one not in FOR_EVERYBODY])
async def test_who_is_not_signed_in_is_asked_to(path: str) -> None:
    async with browser(everything("x"), session=None) as person:
        answer = await person.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=%2F")


@pytest.mark.parametrize("path", FOR_EVERYBODY)
async def test_some_pages_are_for_everybody(path: str) -> None:
    said = everything("x")
    async with browser(said, session=None) as person:
        answer = await person.get(path)
    assert answer.status_code == 200
    assert 'href="/login?next=' in answer.text
    assert all(one.token is None for one in said.asked)


async def test_assets_are_kept_for_ever_under_their_names() -> None:
    async with browser(services()) as person:
        for asset in assets().values():
            answer = await person.get(asset.address)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
        older = await person.get("/assets/site.000000000000.css")
    assert older.status_code == 404


async def test_a_page_of_a_person_is_kept_nowhere() -> None:
    async with browser(everything("x")) as person:
        answer = await person.get("/me")
    assert answer.headers["cache-control"] == "no-store"


async def test_what_everybody_may_not_know_of_a_petition_is_not_on_the_board() -> None:
    said = services()
    hidden = in_the_open("不该出现", released=False)
    del hidden["title"], hidden["question"], hidden["answer"]
    said.says("petitions", "/public/petitions", {"items": [hidden], "next": None})
    said.says("petitions", f"/public/petitions/{PETITION}", hidden)
    async with browser(said) as person:
        listed, one = await person.get("/board"), await person.get(f"/board/{PETITION}")
    assert "房屋设施维修" in listed.text
    assert "内容没有公开" in one.text
    assert said.was_asked("GET", "/public/petitions").params["place"] == HOME
