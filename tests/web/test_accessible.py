"""Every page in a real browser, on a phone and on a desk: it complains of nothing, asks nobody
beyond this machine, and is accessible (WCAG 2.2 AA).
"""

from collections.abc import Callable, Iterator

import pytest

from tests.services.gateway.pages.household import app_of
from tests.services.gateway.pages.order_samples import CREDENTIAL
from tests.services.gateway.pages.samples import DRAFT, PAGES, PETITION, RECEIPT, everything
from tests.web.conftest import serving
from tests.web.watching import DESK, PHONE, Watched

ASKING = frozenset({"/inbox", f"/me/certificates/{CREDENTIAL}"})
"""They ask services by themselves, for news and for a picture: here in vain."""


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    """The pages, with everything in them."""
    with serving(app_of(everything("三号楼前的污水井堵了两天，臭味很大"))) as address:
        yield address


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_quiet(
    pages: str, look: Callable[..., Watched], path: str
) -> None:
    watched = look(java_script_enabled=True)
    answer = watched.page.goto(pages + path)
    assert answer is not None
    assert answer.ok
    watched.must_be_accessible()
    watched.page.set_viewport_size(DESK)
    watched.must_be_accessible()
    if path not in ASKING:
        watched.must_be_quiet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_have_contrast_by_day_and_by_night(
    pages: str, look: Callable[..., Watched], scheme: str
) -> None:
    watched = look(color_scheme=scheme)
    for path in (f"/petitions/{PETITION}", "/", "/me/preferences"):
        watched.page.goto(pages + path)
        watched.must_be_accessible()


def test_large_text_fits_a_phone(pages: str, look: Callable[..., Watched]) -> None:
    watched = look(viewport={**PHONE, "width": 320})
    watched.page.goto(pages + "/status")
    watched.page.get_by_role("button", name="大字版").click()
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    assert watched.page.evaluate(size) > 20
    for path in ("/", f"/petitions/{PETITION}", "/petitions/new", "/me/preferences"):
        watched.page.goto(pages + path)
        watched.must_be_accessible()


def test_steps_that_are_reached_by_forms_are_accessible(
    pages: str, look: Callable[..., Watched]
) -> None:
    watched = look()
    page = watched.page
    page.goto(f"{pages}/petitions/new?place={DRAFT['place']}")
    page.get_by_label("投诉").check()
    page.get_by_label("一句话说明").fill("井盖丢了")
    page.get_by_label("详细情况").fill("路口的井盖不见了。")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("heading", name="是不是这一件？").wait_for()
    watched.must_be_accessible()
    page.goto(pages + "/status")
    page.get_by_label("受理号").fill(RECEIPT.replace(" ", ""))
    page.get_by_label("查询码").fill("7KQ4XW2M")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("heading", name=f"受理号 {RECEIPT}").wait_for()
    watched.must_be_accessible()
    watched.must_be_quiet()


def test_what_is_wrong_takes_the_focus(pages: str, look: Callable[..., Watched]) -> None:
    watched = look()
    page = watched.page
    page.goto(pages + "/status")
    page.get_by_label("受理号").fill("999")
    page.get_by_label("查询码").fill("A")
    page.get_by_role("button", name="查询").click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert alert.evaluate("one => one === document.activeElement")
    watched.must_be_accessible()


def test_after_a_swap_the_focus_is_where_something_new_stands(
    pages: str, look: Callable[..., Watched]
) -> None:
    watched = look()
    page = watched.page
    page.goto(pages + "/petitions/new")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="鼓楼区").click()
    heading = page.get_by_role("heading", name="鼓楼区")
    heading.wait_for()
    page.wait_for_function("document.activeElement.textContent === '鼓楼区'")
    assert page.evaluate("window.stayed"), "the page was loaded anew"
    assert page.url.endswith("/petitions/new?at=D1")
    watched.must_be_accessible()
    watched.must_be_quiet()


def test_the_keyboard_leads_past_the_navigation(pages: str, look: Callable[..., Watched]) -> None:
    watched = look(viewport=DESK)
    page = watched.page
    page.goto(pages + "/petitions")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "提交诉求"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
