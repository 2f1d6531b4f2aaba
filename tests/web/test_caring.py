"""Those who look after others, in real browsers on the whole town: a patrol that hears what became
of what it found, and visits whose findings are read over time.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from deploy.local.processes import WebProcess
from shared.worktime.hours import CHINA
from tests.e2e.patrolled import a_patrol
from tests.e2e.town import COMMUNITY, HOME, Town
from tests.e2e.waiting import until
from tests.web.test_orders import volunteer
from tests.web.test_resident import signed_in
from tests.web.watching import DESK, Watched

pytestmark = pytest.mark.timeout(400)


def test_a_patrol_files_what_it_found_and_hears_the_answer(
    look: Callable[..., Watched], door: WebProcess, town: Town
) -> None:
    captain = f"patrol-{uuid4().hex[:8]}"
    volunteer(town, captain, "walking")
    finding = a_patrol(town, captain)
    phone = look(java_script_enabled=False)
    page = signed_in(phone, door, captain, "/findings")
    page.locator(f"a[href='/findings/{finding}']").click()
    expect(page.get_by_text("楼道里堆了垃圾。")).to_be_visible()
    page.get_by_role("button", name="转为诉求").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("垃圾堆放")
    petition = page.url.rpartition("/")[2]
    holder = town.holder(HOME)
    until(lambda: holder.sees(petition)["assignee"] == holder.sub, "somebody has it")
    holder.does("take", petition)
    holder.does("answer", petition, done="已清走。", done_by="朱紫坊物业", finished=True)

    def status() -> str:
        answer = town.resident(captain).get("volunteering", f"/patrol-findings/{finding}")
        return str(answer.json()["status"])

    until(lambda: status() == "answered", "the patrol has heard of it")
    page.goto(f"{door.url}/findings/{finding}")
    expect(page.get_by_text("诉求有了答复")).to_be_visible()
    expect(page.get_by_text("已清走。")).to_be_visible()
    page.goto(f"{door.url}/findings")
    expect(page.get_by_role("article").first).to_contain_text("已有答复")
    phone.must_be_quiet()


def test_what_visits_found_is_read_by_who_says_why(
    look: Callable[..., Watched], door: WebProcess, town: Town
) -> None:
    which = uuid4().hex[:8]
    elder, visitor = f"elder-{which}", f"visits-{which}"
    volunteer(town, visitor, "visiting")
    body = {
        "person": elder,
        "place": HOME,
        "purpose": "hypertension",
        "rhythm": {"every": "day", "window": "00:00-24:00"},
        "visitor": visitor,
        "minutes": 30,
        "words": "三号楼的阿婆。",
    }
    made = town.staff("community-staff", COMMUNITY).post("volunteering", "/care-plans", body)
    assert made.status_code == 201, made.text
    plan = made.json()["id"]
    consented = town.resident(elder).post("volunteering", f"/care-plans/{plan}/consent", {})
    assert consented.status_code == 200, consented.text
    earlier = datetime.now(UTC) - timedelta(hours=3)
    values = {"systolic": 135, "diastolic": 85}
    answers = {"medicine": "taken", "discomfort": "none"}
    visit = {
        "begun": earlier.isoformat(),
        "end": (earlier + timedelta(minutes=20)).isoformat(),
        "readings": [{"field": name, "value": value} for name, value in values.items()],
        "checks": [{"field": name, "answer": answer} for name, answer in answers.items()],
        "note": "",
    }
    recorded = town.resident(visitor).post(
        "volunteering", f"/care-plans/{plan}/record-visit", visit
    )
    assert recorded.status_code == 200, recorded.text

    phone = look()
    page = signed_in(phone, door, visitor, f"/care/{plan}")
    begun = datetime.now(CHINA) - timedelta(minutes=20)
    page.get_by_label("到的时间").fill(f"{begun:%Y-%m-%dT%H:%M}")
    page.get_by_label("收缩压").fill("188")
    page.get_by_label("舒张压").fill("96")
    page.get_by_label("服药").select_option("taken")
    page.get_by_label("不适").select_option("some")
    page.get_by_role("button", name="记下").first.click()
    expect(page.get_by_text("有异常，已通知负责的人")).to_be_visible()
    page.get_by_role("link", name="以往的走访记录").click()
    page.get_by_label("用途").select_option("next-visit")
    page.get_by_role("button", name="看记录").click()
    latest = page.get_by_role("row").nth(1)
    expect(latest).to_contain_text("188 异常")
    expect(page.get_by_role("row").nth(2)).to_contain_text("135")
    expect(page.get_by_role("img", name="收缩压")).to_be_visible()
    expect(page.get_by_text("查阅人、时间和用途已经记录")).to_be_visible()
    phone.must_be_accessible()
    page.set_viewport_size(DESK)
    phone.must_be_accessible()
    phone.must_be_quiet()

    own = look(java_script_enabled=False)
    page = signed_in(own, door, elder, f"/care/{plan}/readings")
    expect(page.get_by_role("row").nth(1)).to_contain_text("188")
    page.get_by_text("谁看过这些记录").click()
    expect(page.get_by_text("走访的人 · 准备下次走访")).to_be_visible()
    own.must_be_quiet()
