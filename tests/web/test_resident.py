"""A resident's stories in a real browser, on the whole town."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from deploy.local.processes import WebProcess
from tests.e2e.town import HOME, Town
from tests.web.watching import Watched

SOON = 30_000
"""Milliseconds within which what happened reaches a page, on a busy machine."""
ANSWER = {"done": "已疏通，并更换了井盖。", "done_by": "朱紫坊物业", "finished": True}
pytestmark = pytest.mark.timeout(300)
expect.set_options(timeout=SOON)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture."""
    file = tmp_path / "井.png"
    Image.new("RGB", (40, 30), "green").save(file)
    return file


def signed_in(watched: Watched, door: WebProcess, sub: str, path: str = "/") -> Page:
    """Signs in as a resident of the town through the issuer, on the way to a page."""
    page = watched.page
    page.set_default_timeout(SOON)
    page.goto(f"{door.url}/login?next={path}")
    page.get_by_label("编号 sub").fill(sub)
    page.get_by_label("姓名 name").fill("林女士")
    page.get_by_label("角色 roles").fill("resident")
    page.get_by_label("地点 places").fill(HOME)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(door.url + path)
    return page


def file_a_petition(page: Page, title: str, photo: Path | None = None) -> str:
    """Files it at home, step by step; its id."""
    page.get_by_role("link", name="提交诉求").first.click()
    page.get_by_role("link", name=re.compile("就在我家这里")).click()
    page.get_by_label("投诉").check()
    page.get_by_label("一句话说明").fill(title)
    page.get_by_label("详细情况").fill("三号楼前的污水井堵了两天，臭味很大。")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("heading", name="核对并提交").wait_for()
    page.locator("input[name=category]").first.check()
    if photo is not None:
        page.get_by_label("照片或文件").set_input_files(photo)
    page.get_by_role("button", name="提交诉求").click()
    page.wait_for_url(re.compile(r"/petitions/(?!new)[^/]+$"))
    return page.url.rpartition("/")[2]


@pytest.fixture(params=[True, False], ids=["with a script", "without"])
def watched(request: pytest.FixtureRequest, look: Callable[..., Watched]) -> Iterator[Watched]:
    """A phone; its page must have been quiet in the end."""
    found = look(java_script_enabled=request.param)
    yield found
    found.must_be_quiet()


def test_a_petition_is_filed_followed_answered_and_judged(
    watched: Watched, door: WebProcess, town: Town, photo: Path
) -> None:
    page = signed_in(watched, door, f"resident-{uuid4().hex[:8]}")
    id = file_a_petition(page, f"污水井堵塞 {uuid4().hex[:4]}", photo)
    expect(page.get_by_text("诉求已提交。请记下受理号和查询码。")).to_be_visible()
    expect(page.get_by_role("link", name="井.png")).to_be_visible()
    expect(page.get_by_text(re.compile(r"还有 \d+ (天|小时)"))).to_be_visible()
    worker = town.holder(HOME)
    worker.does("take", id)
    worker.does("return", id, question="是几号楼？")
    page.reload()
    expect(page.get_by_text("等您补充")).to_be_visible()
    page.get_by_label("留言").fill("三号楼。<b>东侧</b>")
    page.get_by_role("button", name="发出").click()
    expect(page.get_by_text("留言已发出。")).to_be_visible()
    expect(page.get_by_text("三号楼。<b>东侧</b>")).to_be_visible()
    worker.does("answer", id, **ANSWER)
    page.reload()
    expect(page.get_by_text(ANSWER["done"]).first).to_be_visible()
    page.get_by_label("5 星").check()
    page.get_by_label("问题已经解决").check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("谢谢您的评价。")).to_be_visible()
    expect(page.get_by_text("已办结").first).to_be_visible()


def test_a_petition_is_withdrawn_and_followed_by_its_receipt(
    watched: Watched, door: WebProcess
) -> None:
    page = signed_in(watched, door, f"resident-{uuid4().hex[:8]}")
    file_a_petition(page, f"路灯不亮 {uuid4().hex[:4]}")
    receipt, code = (one.strip() for one in page.locator("dd.code").all_inner_texts())
    page.get_by_text("撤回诉求", exact=True).click()
    page.get_by_role("button", name="撤回这件诉求").click()
    expect(page.get_by_text("诉求已撤回。")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    page.goto(f"{door.url}/status")
    page.get_by_label("受理号").fill(receipt)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", name=f"受理号 {receipt}")).to_be_visible()
    expect(page.get_by_text("已办结")).to_be_visible()
    assert code not in page.url


def test_who_finds_their_trouble_on_the_board_supports_it(
    watched: Watched, door: WebProcess, town: Town
) -> None:
    id = town.resident().file(title=f"井盖丢失 {uuid4().hex[:4]}")
    page = signed_in(watched, door, f"resident-{uuid4().hex[:8]}", f"/board/{id}")
    page.get_by_role("button", name="支持").click()
    expect(page.get_by_text("已支持。办得怎么样会告诉您。")).to_be_visible()
    page.goto(f"{door.url}/petitions?voice=supported")
    expect(page.locator(f"a[href='/petitions/{id}']")).to_be_visible()


def test_a_place_is_picked_level_by_level_or_by_name(watched: Watched, door: WebProcess) -> None:
    page = signed_in(watched, door, f"resident-{uuid4().hex[:8]}", "/petitions/new")
    for name in ("鼓楼区", "东街街道", "军门社区", "军门第一片区"):
        page.get_by_role("link", name=name, exact=False).first.click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_label("按名称查找").fill("安民")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("heading", name="找到的地点")).to_be_visible()
    page.get_by_role("link", name=re.compile("安民小区")).click()
    page.get_by_role("link", name="就选这里：安民小区").click()
    expect(page.get_by_text("安民小区")).to_be_visible()
    expect(page.get_by_label("一句话说明")).to_be_visible()


def test_a_place_that_is_clicked_while_a_search_is_awaited_is_shown(
    look: Callable[..., Watched], door: WebProcess
) -> None:
    watched = look()
    page = signed_in(watched, door, f"resident-{uuid4().hex[:8]}", "/petitions/new")
    page.get_by_role("link", name="鼓楼区").click()
    expect(page.get_by_role("heading", name="鼓楼区")).to_be_visible()
    awaited: list[Route] = []
    page.route(re.compile("[?&]q="), lambda route: awaited.append(route))
    page.get_by_label("按名称查找").fill("安民")
    page.get_by_role("button", name="查找").click()
    with page.expect_event("requestfailed", lambda request: "q=" in request.url):
        page.get_by_role("link", name="东街街道").click()
    expect(page.get_by_role("heading", name="东街街道")).to_be_visible()
    assert len(awaited) == 1
    assert watched.abroad == []


def test_an_inbox_that_is_open_hears_what_comes(
    look: Callable[..., Watched], door: WebProcess, town: Town
) -> None:
    watched = look()
    sub = f"resident-{uuid4().hex[:8]}"
    page = signed_in(watched, door, sub, "/inbox")
    expect(page.get_by_text("没有消息。")).to_be_visible()
    page.wait_for_function("window.EventSource !== undefined")
    town.resident(sub).file()
    expect(page.get_by_role("article").first).to_be_visible()
    page.get_by_role("button", name=re.compile("查看")).first.click()
    page.wait_for_url(re.compile(r"/petitions/"))
    watched.must_be_quiet()


def test_preferences_hours_and_data_are_there(watched: Watched, door: WebProcess) -> None:
    page = signed_in(watched, door, f"resident-{uuid4().hex[:8]}", "/me/preferences")
    page.get_by_label("English").check()
    page.get_by_role("button", name="保存").first.click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    expect(page.get_by_label("English")).to_be_checked()
    for path in ("/me", "/me/hours", "/me/data", "/activities", "/wishes", "/wishes/new", "/board"):
        answer = page.goto(door.url + path)
        assert answer is not None
        assert answer.status == 200, path
    with page.expect_download() as download:
        page.goto(f"{door.url}/me/data")
        page.get_by_role("link", name="下载我的数据").click()
    assert download.value.suggested_filename == "jinlin-my-data.json"
