"""Neighbours help each other: an activity and a wish, in a real browser on the whole town."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from deploy.local.processes import WebProcess
from tests.e2e.town import COMMUNITY, HOME, Person, Town
from tests.e2e.waiting import until
from tests.web.test_resident import signed_in
from tests.web.watching import Watched

pytestmark = pytest.mark.timeout(300)


def opened(convenor: Person, title: str) -> str:
    """An activity that begins in a moment; its id."""
    begin = datetime.now(UTC) + timedelta(minutes=10)
    body = {
        "place": HOME,
        "outline": {
            "title": title,
            "theme": "festival",
            "roles": [{"code": "helper", "number": 5}],
        },
        "begin": begin.isoformat(),
        "end": (begin + timedelta(hours=2)).isoformat(),
        "withdraw_until": begin.isoformat(),
    }

    def planned() -> str:
        answer = convenor.post("volunteering", "/activities", body)
        return str(answer.json()["id"]) if answer.status_code == 201 else ""

    id = until(planned, "the place is known to volunteering")
    assert convenor.post("volunteering", f"/activities/{id}/open").status_code == 200
    return id


def test_a_neighbour_registers_signs_up_and_checks_in_by_code(
    look: Callable[..., Watched], door: WebProcess, town: Town
) -> None:
    convenor = town.staff("community-staff", COMMUNITY)
    id = opened(convenor, f"端午包粽子 {uuid4().hex[:4]}")
    watched = look(java_script_enabled=False)
    page = signed_in(watched, door, f"neighbour-{uuid4().hex[:8]}", "/me/volunteer")
    page.get_by_label("出生年份").fill("1985")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("您已登记为志愿者")).to_be_visible()
    page.goto(f"{door.url}/activities/{id}")
    page.get_by_role("button", name="报名").click()
    expect(page.get_by_text("您已报上名")).to_be_visible()
    page.get_by_label("签到码").fill("000000")
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_role("alert")).to_be_visible()
    code = convenor.get("volunteering", f"/activities/{id}/check-in-code").json()["code"]
    page.get_by_label("签到码").fill(code)
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_text("已签到。")).to_be_visible()
    assert watched.abroad == []


def test_a_wish_is_posted_claimed_granted_and_confirmed(
    look: Callable[..., Watched], door: WebProcess, town: Town
) -> None:
    hoping = look()
    page = signed_in(hoping, door, f"hoping-{uuid4().hex[:8]}", "/wishes/new")
    page.get_by_label("哪一种").select_option("repair")
    page.get_by_label("一句话说明").fill("换灯泡")
    page.get_by_label("详细情况").fill("厨房的灯坏了。")
    page.get_by_label("联系电话").fill("13800000000")
    page.get_by_role("button", name="提交心愿").click()
    expect(page.get_by_text("心愿已提交，社区审核后会发布。")).to_be_visible()
    id = page.url.rpartition("/")[2]
    staff = town.staff("community-staff", COMMUNITY)
    wording = {"title": "换一只灯泡", "text": "带一把梯子。"}
    shown = staff.post("volunteering", f"/wishes/{id}/word", wording)
    assert shown.status_code == 200, shown.text

    helper = town.resident(f"helper-{uuid4().hex[:8]}")
    serves = {"volunteer": helper.sub, "place": HOME, "birth_year": 1980, "name": "某人"}
    assert helper.post("volunteering", "/volunteers", serves).status_code == 201
    helping = look()
    other = signed_in(helping, door, helper.sub, f"/wishes/{id}")
    assert "13800000000" not in other.content()
    other.get_by_role("button", name="认领").click()
    expect(other.get_by_text("13800000000")).to_be_visible()
    before = datetime.now(UTC) + timedelta(hours=7)
    for label, moment in (("开始", before), ("结束", before + timedelta(minutes=30))):
        other.get_by_label(label).fill(f"{moment:%Y-%m-%dT%H:%M}")
    other.get_by_role("button", name="登记完成").click()
    expect(other.get_by_text("实现心愿的时间须在认领之后").first).to_be_visible()
    # The form knows minutes only, and so far all was done within one.
    at_once = datetime.now(UTC).isoformat()
    served = [{"volunteer": helper.sub, "minutes": 0}]
    body = {"begun": at_once, "ended": at_once, "served": served}
    granted = helper.post("volunteering", f"/wishes/{id}/grant", body)
    assert granted.status_code == 200, granted.text

    page.reload()
    page.get_by_label("5 星").check()
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_text("已确认，心愿实现了。")).to_be_visible()
    hoping.must_be_quiet()
    assert helping.abroad == []
