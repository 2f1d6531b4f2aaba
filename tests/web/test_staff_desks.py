"""The queue's filters, the hotline desk by keyboard alone, duplicates, boards and figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Route, ViewportSize, expect

from tests.e2e.town import COMMUNITY, HOME, Town
from tests.e2e.waiting import until
from tests.web.desks import Desks, alt, unfolded
from tests.web.watching import DESK, PHONE

PAGES = (
    "/work",
    "/work/by-receipt",
    "/work/hotline",
    "/work/duplicates",
    "/work/consultations",
    "/work/follow-ups",
    "/work/duty",
    "/work/statistics",
    "/work/registers/broadcasts",
    "/work/orders",
    "/work/disputes",
    "/work/disputes/new",
    "/work/registers/alarms",
)
ADMINISTRATORS = (
    "/work/calendar",
    "/work/dead-letters",
    *(
        f"/work/registers/{name}"
        for name in (
            *("places", "posts", "organisations", "categories"),
            *("rotas", "alarms", "rules", "webhooks"),
            *("residents", "check-ins", "alliances"),
        )
    ),
    "/work/registers/rules/petition-answered",
    "/work/registers/categories/utilities",
    f"/work/registers/residents?place={COMMUNITY}",
)


@dataclass(frozen=True, slots=True)
class Twins:
    """Two petitions about one thing, in the same words."""

    words: Mapping[str, str]
    main: str
    other: str

    def compared(self, town: Town) -> None:
        """Waits until petitions knows the two: it leaves the youngest alone for half a minute."""
        asked, holder = f"/petitions/{self.other}/candidates", town.holder(HOME)
        until(
            lambda: self.main in holder.get("petitions", asked).text,
            "petitions has compared the two",
            within=90,
        )


@pytest.fixture(scope="module", autouse=True)
def twins(town: Town) -> Twins:
    """Filed before everything else, to be known when they are needed."""
    which = uuid4().hex[:8]
    words = {"title": f"{which}号井盖破损，十分危险", "text": f"门口{which}号井盖破了一半。"}
    return Twins(words, town.resident().file(**words), town.resident().file(**words))


def test_the_queue_is_filtered_with_script_in_place(desks: Desks, town: Town) -> None:
    town.resident().file(title="与绿化有关", category="greenery")
    town.resident().file(title="与绿化无关", category="sanitation")
    page = desks.of_holder(HOME)
    expect(page.get_by_role("link", name="与绿化无关").first).to_be_visible()
    page.get_by_label("类别").focus()
    page.get_by_label("类别").select_option("greenery")
    expect(page.get_by_role("link", name="与绿化无关")).to_have_count(0)
    expect(page.get_by_role("link", name="与绿化有关").first).to_be_visible()
    expect(page.get_by_label("类别")).to_be_focused()
    assert "category=greenery" in page.url


def test_the_queue_is_filtered_without_script(desks: Desks, town: Town) -> None:
    town.resident().file(title="关于停车", category="parking")
    town.resident().file(title="无关停车", category="sanitation")
    page = desks.of_holder(HOME, script=False)
    page.get_by_label("类别").select_option("parking")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_role("link", name="关于停车").first).to_be_visible()
    expect(page.get_by_role("link", name="无关停车")).to_have_count(0)
    page.get_by_label("只看已超时的").check()
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("没有符合条件的诉求。")).to_be_visible()


def test_who_answers_nothing_begins_at_their_own_page(desks: Desks) -> None:
    page = desks.of_clerk()
    assert page.url == f"{desks.door}/work/hotline"
    page.goto(f"{desks.door}/work/statistics")
    expect(page.get_by_role("heading", level=1)).to_have_text("这里不在您的职责范围之内")
    desks.forgive("403")


def test_beside_a_call_stands_what_was_asked_last(desks: Desks) -> None:
    """Title and words ask for the same: the second waits for the answer to the first."""
    page = desks.of_clerk()
    page.clock.install()
    asked: list[str] = []
    awaited: list[Route] = []
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/alike") else None)
    page.route("**/work/hotline/alike", lambda route: awaited.append(route), times=1)
    with page.expect_request("**/work/hotline/alike"):
        page.get_by_label("标题").fill("晚上很黑")
        page.clock.run_for(1000)
    page.get_by_label("来电人的话").fill("门口的路灯坏了，晚上看不见路。")
    page.clock.run_for(1000)
    assert len(asked) == len(awaited) == 1
    awaited[0].continue_()
    expect(page.locator("#alike").get_by_role("radio", name="路灯").first).to_be_visible()
    assert len(asked) == 2


def test_a_call_is_taken_down_by_keyboard_alone(desks: Desks, town: Town, twins: Twins) -> None:
    twins.compared(town)
    page = desks.of_clerk()
    keys = page.keyboard
    expect(page.get_by_label("姓名")).to_be_focused()
    keys.type("王阿姨")
    keys.press("Tab")
    keys.type("13800138000")
    alt(page, "p")
    keys.type("朱紫坊")
    expect(page.get_by_role("radio", name="朱紫坊小区")).to_be_checked()
    alt(page, "t")
    keys.type(twins.words["title"])
    alt(page, "w")
    keys.type(twins.words["text"])
    expect(page.locator(f"#alike a[href$='{twins.main}']")).to_be_visible()
    expect(page.get_by_role("radio", name="井盖").first).to_be_checked()
    alt(page, "s")
    expect(page.get_by_role("heading", level=1)).to_have_text("已经登记")
    receipt, code = (one.inner_text() for one in page.locator(".code").all())
    expect(page.get_by_role("link", name="下一位")).to_be_focused()
    answer = town.http.get(
        f"{town.url('petitions')}/receipts/{receipt.replace(' ', '')}",
        params={"code": code.replace(" ", "")},
    )
    assert answer.json()["status"] == "assigned"
    keys.press("Enter")
    expect(page.get_by_label("姓名")).to_be_focused()


def test_a_call_is_taken_down_without_script(desks: Desks, town: Town) -> None:
    page = desks.of_clerk(script=False, size=PHONE)
    page.get_by_label("标题").fill("下水道冒水")
    page.get_by_label("来电人的话").fill("一楼下水道往上冒水。")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("alert")).to_contain_text("请查找并选定地点。")
    page.get_by_label("地点").first.fill("安民")
    page.get_by_role("button", name="查找地点").click()
    page.get_by_role("radio", name="安民小区").check()
    page.get_by_role("button", name="查找相似诉求").click()
    expect(page.get_by_label("标题")).to_have_value("下水道冒水")
    page.locator("#category").select_option("drainage")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已经登记")
    desks.forgive("422")


def test_a_receipt_that_is_read_out_opens_its_case(desks: Desks, town: Town) -> None:
    petition = town.resident().file(title="凭回执打开")
    receipt = town.holder(HOME).sees(petition)["receipt"]
    page = desks.of_holder(HOME)
    page.get_by_label("按回执编号打开").fill(receipt)
    page.get_by_role("button", name="打开").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("凭回执打开")
    page.goto(f"{desks.door}/work/by-receipt?receipt=1234")
    expect(page.get_by_role("alert")).to_be_visible()
    desks.forgive("422")


def test_two_about_one_thing_are_merged_side_by_side(
    desks: Desks, town: Town, twins: Twins
) -> None:
    twins.compared(town)
    page = desks.of_holder(HOME)
    page.goto(f"{desks.door}/work/duplicates/{twins.other}")
    into = page.locator("section", has=page.locator(f"a[href$='{twins.main}']"))
    into.get_by_role("button", name="并入这一件").click()
    expect(page.get_by_role("status")).to_have_text("已经并入主件。")
    assert town.holder(HOME).sees(twins.other)["merged_into"] == twins.main


def test_a_petitioner_without_login_is_called_and_the_word_recorded(
    desks: Desks, town: Town
) -> None:
    title, clerk = f"{uuid4().hex[:8]}号路灯不亮", town.staff("intake", HOME, "clerk-2")
    body = {
        "kind": "complaint",
        "title": title,
        "text": "路灯不亮。",
        "place": HOME,
        "category": "sanitation",
        "channel": "hotline",
        "on_behalf": True,
        "contact": {"name": "老李", "phone": "13900000000"},
    }
    petition = clerk.post("petitions", "/petitions", body).json()["id"]
    town.holder(HOME).does("answer", petition, done="换了灯。", done_by="物业", finished=True)
    page = desks.of_clerk()
    page.goto(f"{desks.door}/work/follow-ups")
    page.get_by_role("link", name=title).click()
    form = page.locator("#verb-follow-up")
    expect(form).to_be_visible()
    if not form.locator("form").is_visible():
        form.locator("summary").click()
    form.get_by_role("group", name="是否联系上").get_by_label("是").check()
    form.get_by_role("group", name="满意程度").get_by_label("5").check()
    form.get_by_role("group", name="问题是否解决").get_by_label("是").check()
    form.get_by_role("button", name="记录回访").click()
    expect(page.get_by_role("status")).to_have_text("回访已经记录。")
    assert town.holder(HOME).sees(petition)["status"] == "closed"


def test_departments_are_called_and_the_board_shows_their_clocks(desks: Desks, town: Town) -> None:
    departments = ("department-web", "department-too")
    for id in departments:
        entry = {"organisation": id, "kind": "department", "name": f"{id}局", "home": COMMUNITY}
        answer = town.administrator().post("community", "/organisations", entry)
        assert answer.status_code in (201, 409), answer.text
    title = f"{uuid4().hex[:8]}号楼违建多年"
    petition = town.resident().file(title=title)
    leader = town.holder(COMMUNITY)
    known = town.store("petitions")["state_organisation"]
    wanted = {"_id": {"$in": departments}}
    until(lambda: known.count_documents(wanted) == 2, "petitions knows the departments")
    page = desks.of_holder(COMMUNITY)
    page.goto(f"{desks.door}/work/petitions/{petition}")
    form = page.locator("#verb-consult")
    form.locator("summary").click()
    form.get_by_label("部门", exact=True).fill("\n".join(departments))
    form.get_by_label("牵头部门").fill("department-web")
    form.get_by_label("请各部门回答什么").fill("是否违建，何时拆除？")
    form.get_by_role("button", name="召集部门会诊").click()
    expect(page.get_by_role("status")).to_contain_text("已经召集会诊")
    expect(page.get_by_role("row", name="department-web")).to_contain_text("等待接受")
    assert leader.sees(petition)["consultation"]["open"]
    officer = desks.open("officer-1", (), (), org="department-web")
    officer.goto(f"{desks.door}/work/consultations")
    expect(officer.get_by_role("link", name=title)).to_be_visible()


def test_each_number_leads_to_its_cases(desks: Desks, town: Town) -> None:
    town.resident().file()
    page = desks.of_holder(HOME)
    page.goto(f"{desks.door}/work/statistics")
    expect(page.get_by_role("img", name="每月登记")).to_be_visible()
    month = f"{datetime.now(UTC):%Y-%m}"
    page.get_by_text("每月的数字").first.click()
    expect(page.get_by_role("row", name=month)).to_be_visible()
    page.locator(".figure").nth(1).get_by_role("link").click()
    expect(page.locator("#cases .case").first).to_be_visible()


def test_a_broadcast_is_drafted_and_submitted(desks: Desks) -> None:
    page = desks.of_secretary()
    page.goto(f"{desks.door}/work/registers/broadcasts")
    page.get_by_text("起草广播").first.click()
    page.get_by_label("地点编号").fill(COMMUNITY)
    page.get_by_label("标题", exact=True).fill("今晚停水")
    page.get_by_label("内容", exact=True).fill("二十二点到次日六点停水，请提前储水。")
    page.get_by_label("发给谁").select_option("residents")
    page.get_by_label("几小时内有效").fill("12")
    page.get_by_role("button", name="起草广播").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("今晚停水")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator(".status").first).to_have_text("等待审核")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_barriers(desks: Desks, path: str, size: ViewportSize) -> None:
    page = desks.of_secretary(size=size)
    assert page.goto(desks.door + path)
    unfolded(page).must_be_accessible()


@pytest.mark.parametrize("path", ADMINISTRATORS)
def test_an_administrators_page_has_no_barriers(desks: Desks, path: str) -> None:
    page = desks.open("administrator-1", ("administrator",), (), size=PHONE)
    assert page.goto(desks.door + path)
    unfolded(page).must_be_accessible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_a_case_has_no_barriers(
    desks: Desks, town: Town, size: ViewportSize, language: str
) -> None:
    petition = town.resident().file()
    page = desks.of_secretary(size=size, language=language)
    page.goto(f"{desks.door}/work/petitions/{petition}")
    unfolded(page).must_be_accessible()
