"""The mediator's story on the whole town: asked, a panel, a time that all can make, what was said,
what was agreed, drafted twice and signed by both; at a desk, by real browsers.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from shared.worktime.hours import CHINA
from tests.e2e.mediated import quarrel
from tests.e2e.town import COMMUNITY, HOME, Person, Town
from tests.e2e.waiting import until
from tests.web.desks import Desks, unfolded
from tests.web.watching import PHONE


def in_days(days: int) -> datetime:
    """Ten in the morning of the city, so many days ahead."""
    there = datetime.now(UTC).astimezone(CHINA) + timedelta(days=days)
    return there.replace(hour=10, minute=0, second=0, microsecond=0)


def typed(moment: datetime) -> str:
    """As it is typed."""
    return f"{moment:%Y-%m-%dT%H:%M}"


def a_mediator(town: Town, convenor: Person) -> Person:
    """Somebody registered and trained."""
    person = town.resident(f"peace-{uuid4().hex[:8]}")
    record = {
        "person": person.sub,
        "place": COMMUNITY,
        "serves": [COMMUNITY],
        "fields": ["shared-space"],
        "languages": ["zh-Hans"],
        "most_cases": 5,
        "until": in_days(300).isoformat(),
        "name": f"和事佬{person.sub[-4:]}",
    }
    until(
        lambda: convenor.post("mediation", "/mediators", record).status_code == 201,
        "a mediator is registered once the place is known",
    )
    trained = convenor.post(
        "mediation", f"/mediators/{person.sub}/train", {"training": "mediation"}
    )
    assert trained.status_code == 200, trained.text
    return person


def a_quarrel(one: Person, other: Person) -> str:
    """Both have agreed to mediation; the dispute's id."""
    body = quarrel()
    body["title"] = f"楼道堆物{uuid4().hex[:8]}"
    body["parties"] = [
        {"side": "a", "person": one.sub, "name": "林女士", "phone": "13800000000"},
        {"side": "b", "person": other.sub},
    ]
    answer = one.post("mediation", "/disputes", body)
    assert answer.status_code == 201, answer.text
    id = str(answer.json()["id"])
    assert other.post("mediation", f"/disputes/{id}/agree").status_code == 200
    return id


def signs(person: Person, agreement: str) -> None:
    """With the code that is shown for it."""
    code = person.get("mediation", f"/agreements/{agreement}/sign-code").json()
    said = {name: code[name] for name in ("number", "digest", "code")}
    answer = person.post("mediation", f"/agreements/{agreement}/sign", said)
    assert answer.status_code == 200, answer.text


def fold(page: Page, label: str) -> Locator:
    """A form that is folded away, opened."""
    found = page.locator("details.fold", has=page.locator("summary", has_text=label)).first
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    return found


def seen(person: Person, path: str) -> Any:
    """What mediation tells them."""
    answer = person.get("mediation", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.timeout(300)
def test_from_the_case_to_the_signed_agreement(desks: Desks, town: Town) -> None:
    convenor = town.staff("community-staff", COMMUNITY, "secretary-1")
    mediator = a_mediator(town, convenor)
    which = uuid4().hex[:6]
    one, other = town.resident(f"lin-{which}"), town.resident(f"fang-{which}")
    dispute = a_quarrel(one, other)
    room = f"{desks.door}/work/disputes/{dispute}"
    panel = f"/panels/{dispute}/suggestions"
    until(
        lambda: mediator.sub in convenor.get("mediation", panel).text,
        "the mediator is suggested",
    )

    # The convenor sees who is suggested and why, not what was said, and asks the mediator.
    office = desks.of_secretary()
    office.goto(f"{desks.door}/work/disputes")
    office.locator(f"a[href$='{dispute}']").click()
    expect(office.get_by_text("旧家具堆在楼道里。")).to_have_count(0)
    row = office.get_by_role("row", name=f"和事佬{mediator.sub[-4:]}")
    expect(row).to_contain_text("培训有效 100%")
    row.get_by_role("button", name="请其调解").click()
    expect(office.get_by_text("正在等").first).to_be_visible()

    # Who is asked accepts, and reads what it is about once the dispute knows.
    desk = desks.open(mediator.sub, ("resident",), (HOME,))
    desk.goto(f"{desks.door}/work/disputes?part=asked")
    expect(desk.get_by_text("请您调解")).to_be_visible()
    desk.goto(room)
    desk.get_by_role("button", name="接受，由我调解").click()
    until(
        lambda: seen(one, f"/disputes/{dispute}")["mediator"] == mediator.sub,
        "the dispute knows who mediates",
    )
    desk.goto(room)
    expect(desk.get_by_text("旧家具堆在楼道里。")).to_be_visible()

    # A session of all, and a talk with one side, of which the other does not know.
    convening = fold(desk, "召集调解会")
    convening.get_by_label("第 1 项").fill(typed(in_days(3)))
    convening.get_by_label("结束").first.fill(typed(in_days(3) + timedelta(hours=1)))
    convening.get_by_label("请在此前答复").fill(typed(in_days(2)))
    convening.get_by_label("其他地方").fill("居委会会议室")
    convening.get_by_role("button", name="召集调解会").click()
    expect(desk.get_by_role("heading", name="第 1 次会议")).to_be_visible()
    (session,) = seen(one, f"/sessions?of={dispute}")["items"]
    for person in (one, other):
        voted = person.post("mediation", f"/sessions/{session['id']}/vote", {"can": [1]})
        assert voted.status_code == 200, voted.text
    desk.goto(room)
    expect(desk.get_by_role("row", name="10:00").first).to_contain_text("调解员不能来")
    voting = fold(desk, "我能来的时间")
    voting.get_by_role("checkbox").first.check()
    voting.get_by_role("button", name="我能来的时间").click()
    expect(desk.locator("article .status").first).to_have_text("已经约定")
    talk = fold(desk, "召集调解会")
    talk.get_by_label("第 1 项").fill(typed(in_days(4)))
    talk.get_by_label("结束").first.fill(typed(in_days(4) + timedelta(hours=1)))
    talk.get_by_label("请在此前答复").fill(typed(in_days(2)))
    talk.get_by_label("其他地方").fill("电话")
    talk.get_by_label("只和一方单独谈话").select_option("a")
    talk.get_by_role("button", name="召集调解会").click()
    expect(desk.get_by_text("只有调解员和这一方知道")).to_be_visible()
    assert len(seen(one, f"/sessions?of={dispute}")["items"]) == 2
    assert len(seen(other, f"/sessions?of={dispute}")["items"]) == 1

    # Evidence for the panel alone.
    filing = fold(desk, "提交证据")
    filing.get_by_label("文件").set_input_files(
        {"name": "通知.txt", "mimeType": "text/plain", "buffer": "物业通知原文".encode()}
    )
    filing.get_by_label("向谁公开").select_option("panel")
    filing.get_by_role("button", name="提交证据").click()
    expect(desk.get_by_role("status")).to_have_text("证据已经提交。")
    with desk.expect_download() as saved:
        desk.get_by_role("link", name="通知.txt").click()
    assert saved.value.path().read_bytes() == "物业通知原文".encode()
    assert seen(one, f"/disputes/{dispute}/evidence")["items"] == []

    # What was agreed: two drafts, and what is different in the second.
    drafting = fold(desk, "起草调解协议")
    drafting.get_by_label("由谁").first.select_option("p2")
    drafting.get_by_label("做什么").first.fill("三天内搬走旧家具")
    drafting.get_by_label("完成日期").first.fill(f"{in_days(20):%Y-%m-%d}")
    drafting.get_by_role("button", name="起草调解协议").click()
    expect(desk.get_by_role("heading", name="第 1 稿")).to_be_visible()
    expect(desk.get_by_text("三天内搬走旧家具").first).to_be_visible()
    again = fold(desk, "起草新的一稿")
    expect(again.get_by_label("做什么").first).to_have_value("三天内搬走旧家具")
    again.get_by_label("做什么").first.fill("七天内搬走旧家具")
    again.get_by_label("金额（元）").first.fill("120.50")
    again.get_by_role("button", name="起草新的一稿").click()
    expect(desk.locator(".changes del").first).to_have_text("三")
    expect(desk.locator(".changes ins").first).to_have_text("七")
    expect(desk.get_by_text("120.50 元")).to_be_visible()
    agreement = f"{dispute}.1"
    signs(one, agreement)
    desk.reload()
    expect(desk.get_by_text("还没有签字")).to_have_count(1)
    signs(other, agreement)
    desk.reload()
    expect(desk.get_by_role("heading", name="第 2 稿")).to_contain_text("已经生效")
    until(
        lambda: seen(one, f"/disputes/{dispute}")["outcome"] == "settled",
        "the dispute has heard that it is settled",
    )
    desk.reload()
    expect(desk.locator(".head .status").last).to_have_text("已经解决")
    with desk.expect_download() as printed:
        desk.get_by_role("link", name="调解协议书（PDF）").click()
    assert printed.value.path().read_bytes().startswith(b"%PDF-")
    unfolded(desk).must_be_accessible()
    desk.set_viewport_size(PHONE)
    unfolded(desk).must_be_accessible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_quarrel_behind_a_petition_is_brought_forward(
    desks: Desks, town: Town, script: bool
) -> None:
    until(
        lambda: town.store("mediation")["state_place"].count_documents({"_id": HOME}) == 1,
        "mediation knows the place",
    )
    which = uuid4().hex[:6]
    resident, other = town.resident(f"lin-{which}"), town.resident(f"fang-{which}")
    petition = resident.file(title=f"楼上夜里装修 {which}")
    holder = town.holder(HOME)
    until(lambda: holder.sees(petition)["assignee"] == holder.sub, "somebody has it")
    desk = desks.of_holder(HOME, script=script)
    desk.goto(f"{desks.door}/work/petitions/{petition}")
    desk.get_by_role("link", name="转为纠纷调解").click()
    expect(desk.get_by_label("标题")).to_have_value(f"楼上夜里装修 {which}")
    desk.get_by_label("种类").select_option("noise")
    expect(desk.locator("[name='parties.0.person']")).to_have_value(resident.sub)
    desk.locator("[name='parties.1.person']").fill(other.sub)
    desk.get_by_label("怎样答复的").select_option("spoken")
    desk.get_by_label("什么时候答复的").fill(typed(in_days(-1)))
    if script:
        unfolded(desk).must_be_accessible()
    desk.get_by_role("button", name="提出纠纷").click()
    expect(desk.get_by_role("status")).to_have_text("纠纷已提出，正在请对方答复。")
    dispute = desk.url.rpartition("/")[2]
    until(lambda: seen(resident, f"/disputes/{dispute}")["linked"], "each knows of the other")
    desk.goto(f"{desks.door}/work/petitions/{petition}")
    expect(desk.get_by_text("正在调解")).to_be_visible()
    expect(desk.get_by_role("link", name="转为纠纷调解")).to_have_count(0)

    office = desks.of_secretary()
    office.goto(f"{desks.door}/work/disputes/{dispute}")
    story = office.locator(".timeline")
    expect(story).to_contain_text("已提出纠纷")
    expect(story).to_contain_text("邀请乙方")
    expect(story).to_contain_text("与诉求关联")
    expect(story).not_to_contain_text("service:")
