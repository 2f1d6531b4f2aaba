"""Somebody orders help and a volunteer comes, in real browsers; and being there by position."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from deploy.local.processes import WebProcess
from shared.worktime.hours import CHINA
from tests.e2e.town import COMMUNITY, HOME, Town
from tests.e2e.waiting import until
from tests.web.test_resident import signed_in
from tests.web.watching import Watched

pytestmark = pytest.mark.timeout(400)
THERE = {"latitude": 26.08, "longitude": 119.3}
"""In WGS-84, as browsers have it."""
ON_MAPS = {"latitude": 26.0769, "longitude": 119.3048}
"""The same on maps of China, to some ten metres."""


def offered_service(town: Town, skill: str) -> None:
    """A service that only who has this skill can do."""
    body = {"code": skill, "zh": f"修灯 {skill}", "en": "Lamps", "minutes": 30, "skill": skill}
    defined = town.administrator().post("volunteering", "/services", body)
    assert defined.status_code == 201, defined.text


def volunteer(town: Town, sub: str, skill: str) -> None:
    """Somebody who can do it, and may."""
    body = {"volunteer": sub, "place": HOME, "birth_year": 1980, "name": "某人", "skills": [skill]}
    person = town.resident(sub)
    until(
        lambda: person.post("volunteering", "/volunteers", body).status_code == 201,
        "the place is known to volunteering",
    )


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_help_is_ordered_taken_agreed_done_and_rated(
    look: Callable[..., Watched], door: WebProcess, town: Town, script: bool
) -> None:
    skill = f"lamps-{uuid4().hex[:8]}"
    taker = f"taker-{uuid4().hex[:8]}"
    offered_service(town, skill)
    volunteer(town, taker, skill)
    phones = [look(java_script_enabled=script) for _ in range(2)]
    page = signed_in(phones[0], door, f"host-{uuid4().hex[:8]}", "/orders")
    page.get_by_role("link", name=f"修灯 {skill}").click()
    day = (datetime.now(CHINA) + timedelta(days=2)).date().isoformat()
    for label, value in (("哪天", day), ("从", "09:00"), ("到", "12:00")):
        page.get_by_label(label, exact=True).first.fill(value)
    page.get_by_label("需要做什么").fill("厨房的灯不亮。")
    page.get_by_label("联系电话").fill("13800000000")
    page.get_by_role("button", name="点单").click()
    expect(page.get_by_text("已点单，正在找志愿者。")).to_be_visible()
    address = page.url

    offered = town.resident(taker)
    until(
        lambda: offered.get("volunteering", "/orders/offered").json()["items"],
        "the volunteer is asked",
    )
    other = signed_in(phones[1], door, taker, "/orders?part=offered")
    other.get_by_role("link", name=f"修灯 {skill}").click()
    assert "13800000000" not in other.content()
    other.get_by_role("button", name="接单").click()
    expect(other.get_by_text("您已接单，请和对方约时间。")).to_be_visible()
    expect(other.get_by_text("13800000000")).to_be_visible()
    soon = datetime.now(CHINA) + timedelta(minutes=30)
    other.get_by_label("开始时间").fill(f"{soon:%Y-%m-%dT%H:%M}")
    other.get_by_role("button", name="提议").click()
    expect(other.get_by_text("等对方同意。")).to_be_visible()

    page.goto(address)
    page.get_by_role("button", name="就这个时间").click()
    expect(page.get_by_text("时间约好了。")).to_be_visible()
    other.reload()
    other.get_by_role("button", name="现在开始").click()
    expect(other.get_by_text("正在服务")).to_be_visible()
    other.get_by_role("button", name="现在做完").click()
    expect(other.get_by_text("已记下：做完了。")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="是这样").click()
    expect(page.get_by_text("已完成")).to_be_visible()
    page.get_by_label("5 星").check()
    page.get_by_label("准时").check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("谢谢您的评价。")).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", name="对方的评价")).to_be_visible()
    for phone in phones:
        phone.must_be_quiet()


def test_who_stands_at_the_meeting_point_checks_in_without_a_code(
    look: Callable[..., Watched], door: WebProcess, town: Town
) -> None:
    convenor = town.staff("community-staff", COMMUNITY)
    begin = datetime.now(CHINA) + timedelta(minutes=10)
    roles = [{"code": "helper", "number": 5}]
    outline = {"title": "清扫河岸", "theme": "environment", "roles": roles}
    body = {
        "place": HOME,
        "outline": {**outline, "by_code": False, "meeting": {**ON_MAPS, "radius": 50}},
        "begin": begin.isoformat(),
        "end": (begin + timedelta(hours=2)).isoformat(),
        "withdraw_until": begin.isoformat(),
    }

    def planned() -> str:
        answer = convenor.post("volunteering", "/activities", body)
        return str(answer.json()["id"]) if answer.status_code == 201 else ""

    id = until(planned, "the place is known to volunteering")
    assert convenor.post("volunteering", f"/activities/{id}/open").status_code == 200
    sub = f"walker-{uuid4().hex[:8]}"
    volunteer(town, sub, "walking")
    signed_up = town.resident(sub).post("volunteering", f"/activities/{id}/sign-up", {})
    assert signed_up.status_code == 200, signed_up.text
    phone = look(geolocation={**THERE, "accuracy": 10}, permissions=["geolocation"])
    page = signed_in(phone, door, sub, f"/activities/{id}")
    expect(page.get_by_label("签到码")).to_have_count(0)
    page.context.set_geolocation({"latitude": 26.2, "longitude": 119.3, "accuracy": 10})
    page.get_by_role("button", name="按位置签到").click()
    expect(page.get_by_role("alert")).to_contain_text("50")
    phone.forgive(409)
    page.context.set_geolocation({**THERE, "accuracy": 10})
    page.get_by_role("button", name="按位置签到").click()
    expect(page.get_by_text("已签到。")).to_be_visible()
    phone.must_be_quiet()


@pytest.mark.parametrize(
    "path", ["/me/passbook", "/rewards", "/me/certificates", "/orders?part=taken"]
)
def test_who_has_nothing_yet_is_told_so(
    look: Callable[..., Watched], door: WebProcess, path: str
) -> None:
    phone = look()
    page = signed_in(phone, door, f"resident-{uuid4().hex[:8]}", path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    phone.must_be_accessible()
    phone.must_be_quiet()
