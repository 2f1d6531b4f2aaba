"""A quarrel between two neighbours, from the filing to both signatures, in real browsers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from deploy.local.processes import WebProcess
from shared.worktime.hours import CHINA
from tests.e2e.town import COMMUNITY, HOME, Person, Town
from tests.e2e.waiting import until
from tests.web.test_resident import signed_in
from tests.web.watching import Watched

pytestmark = pytest.mark.timeout(400)


@dataclass(frozen=True, slots=True)
class Side:
    """Somebody in it, at their telephone."""

    sub: str
    phone: Watched

    @property
    def page(self) -> Page:
        """What they look at."""
        return self.phone.page


@pytest.fixture(params=[True, False], ids=["with a script", "without"])
def sides(
    request: pytest.FixtureRequest, look: Callable[..., Watched], door: WebProcess, town: Town
) -> Iterator[tuple[Side, Side]]:
    """The one who files it and the other, both signed in; their pages were quiet in the end."""
    known_to_mediation(town)
    phones = [look(java_script_enabled=request.param) for _ in range(2)]
    subs = [f"quarrel-{uuid4().hex[:8]}" for _ in phones]
    one, other = (Side(*side) for side in zip(subs, phones, strict=True))
    for side in (one, other):
        signed_in(side.phone, door, side.sub, "/disputes")
    yield one, other
    for phone in phones:
        phone.must_be_quiet()


def known_to_mediation(town: Town) -> None:
    """Waits until mediation knows where disputes may be filed."""
    places = town.store("mediation")["state_place"]
    until(lambda: places.count_documents({"_id": HOME}) == 1, "mediation knows the place")


def filed(one: Side, other: Side, title: str) -> str:
    """Files it; the dispute's id."""
    page = one.page
    page.get_by_role("link", name="提出纠纷").click()
    page.get_by_label("哪一类").select_option("noise")
    page.get_by_label("一句话说明").fill(title)
    page.get_by_label("事情经过").fill("每晚十一点以后还在装修。<b>吵</b>")
    page.get_by_label("对方的个人编号").first.fill(other.sub)
    page.get_by_label("怎么称呼").first.fill("楼上陈先生")
    page.get_by_label("您的称呼").fill("林女士")
    page.get_by_role("button", name="提出纠纷").click()
    expect(page.get_by_text("纠纷已提出，正在请对方答复。")).to_be_visible()
    return page.url.rpartition("/")[2]


def agreed_to(other: Side, door: WebProcess, dispute: str) -> None:
    """The other agrees to have it mediated."""
    page = other.page
    page.goto(f"{door.url}/disputes")
    expect(page.get_by_text("请您答复")).to_be_visible()
    page.locator(f"a[href='/disputes/{dispute}']").click()
    expect(page.get_by_text("林女士（甲方）").first).to_be_visible()
    page.get_by_role("button", name="同意调解").click()
    expect(page.get_by_text("您已同意调解。")).to_be_visible()
    expect(page.get_by_text("调解中")).to_be_visible()


def signed(side: Side, address: str) -> None:
    """Signs with the code that is shown; a wrong one is no signature."""
    page = side.page
    page.goto(address)
    page.get_by_role("link", name="看清楚了，去签字").click()
    code = page.locator("#sign-code").inner_text()
    wrong = "1" if code.strip()[0] != "1" else "2"
    page.get_by_label("签字码").fill(wrong + code.replace(" ", "")[1:])
    page.get_by_role("button", name="签字").click()
    expect(page.get_by_role("alert")).to_be_visible()
    side.phone.forgive(409)
    page.get_by_label("签字码").fill(page.locator("#sign-code").inner_text())
    page.get_by_role("button", name="签字").click()
    expect(page.get_by_text("您已签字。")).to_be_visible()


def test_a_quarrel_is_filed_shown_talked_over_and_signed(
    sides: tuple[Side, Side], door: WebProcess, town: Town, tmp_path: Path
) -> None:
    one, other = sides
    dispute = filed(one, other, f"夜里装修 {uuid4().hex[:4]}")
    agreed_to(other, door, dispute)

    notice = tmp_path / "物业通知.txt"
    notice.write_text("晚十点后不得装修。\n" * 400_000, encoding="utf-8")  # some 11 MB
    page = one.page
    page.goto(f"{door.url}/disputes/{dispute}/evidence")
    page.get_by_label("我方和调解员").check()
    page.get_by_label("说明").fill("物业早就通知过")
    page.get_by_label("文件").set_input_files(notice)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_text("证据已存下，摘要已记入存证。")).to_be_visible()
    digest = sha256(notice.read_bytes()).hexdigest()
    expect(page.get_by_text(digest)).to_be_visible()
    with page.expect_download() as saved:
        page.locator("a[href$='/content']").click()
    assert saved.value.path().read_bytes() == notice.read_bytes()
    page.get_by_role("link", name=re.compile("核对有没有改过")).click()
    expect(page.get_by_text("核对过了：和存下时一模一样。")).to_be_visible()
    other.page.goto(f"{door.url}/disputes/{dispute}/evidence")
    expect(other.page.get_by_text("还没有证据。")).to_be_visible()
    page.get_by_text("让各方都能看").click()
    page.get_by_role("button", name="放开给各方").click()
    other.page.reload()
    expect(other.page.get_by_text(digest)).to_be_visible()
    expect(other.page.get_by_text("物业早就通知过")).to_be_visible()

    session = convened(town.staff("community-staff", COMMUNITY), dispute)
    other.page.goto(f"{door.url}/disputes/{dispute}")
    other.page.locator(f"a[href='/sessions/{session}']").click()
    other.page.locator("input[name=can]").first.check()
    other.page.get_by_role("button", name="答复").click()
    expect(other.page.get_by_text("已记下您能来的时间。")).to_be_visible()
    expect(other.page.locator("input[name=can]").first).to_be_checked()

    page.goto(f"{door.url}/disputes/{dispute}")
    page.get_by_role("link", name="起草协议").click()
    day = (datetime.now(CHINA) + timedelta(days=9)).date().isoformat()
    page.get_by_label("谁来做").first.select_option(label="楼上陈先生（乙方）")
    page.get_by_label("做什么").first.fill("晚九点以后不装修")
    page.get_by_label("期限").first.fill(day)
    page.get_by_role("button", name="出这一稿").click()
    expect(page.get_by_text("协议已起草，请各方看过再签字。")).to_be_visible()
    page.get_by_role("link", name="改条款，出新的一稿").click()
    page.get_by_label("做什么").first.fill("晚八点以后不装修")
    page.get_by_role("button", name="出这一稿").click()
    page.get_by_role("link", name="和上一稿比，改了什么").click()
    expect(page.locator("del")).to_contain_text("九")
    expect(page.locator("ins")).to_contain_text("八")
    page.get_by_role("link", name="回到协议").click()
    address = page.url

    signed(one, address)
    signed(other, address)
    expect(other.page.get_by_text("已生效")).to_be_visible()
    with other.page.expect_download() as printed:
        other.page.get_by_role("link", name="下载协议书（PDF）").click()
    assert printed.value.path().read_bytes().startswith(b"%PDF-")
    other.page.get_by_role("button", name="告诉对方").click()
    expect(other.page.get_by_text("已记下，等对方确认。")).to_be_visible()
    page.goto(address)
    page.get_by_role("button", name="对方做到了").click()
    expect(page.get_by_text("全部履行")).to_be_visible()


def convened(convenor: Person, dispute: str) -> str:
    """Times are asked for; the session's id."""
    now = datetime.now(UTC)
    slot = (now + timedelta(days=2)).astimezone(CHINA).replace(hour=10, minute=0, second=0)
    body = {
        "dispute": dispute,
        "place": COMMUNITY,
        "slots": [{"begin": slot.isoformat(), "end": (slot + timedelta(hours=1)).isoformat()}],
        "answer_by": (now + timedelta(days=1)).isoformat(),
        "where": "居委会",
    }
    answer = convenor.post("mediation", "/sessions", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_who_does_not_want_to_declines_and_a_stranger_finds_nothing(
    sides: tuple[Side, Side], look: Callable[..., Watched], door: WebProcess
) -> None:
    one, other = sides
    dispute = filed(one, other, f"停车位 {uuid4().hex[:4]}")
    stranger = look()
    page = signed_in(stranger, door, f"stranger-{uuid4().hex[:8]}", "/disputes")
    expect(page.get_by_text("您没有在调解的纠纷。")).to_be_visible()
    page.goto(f"{door.url}/disputes/{dispute}")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到")
    other.page.goto(f"{door.url}/disputes/{dispute}")
    other.page.get_by_text("不愿意调解").click()
    other.page.get_by_role("button", name="不参加").click()
    expect(other.page.get_by_text("已答复：不参加调解。")).to_be_visible()
    one.page.reload()
    expect(one.page.get_by_text("调解结束").first).to_be_visible()
