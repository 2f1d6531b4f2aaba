"""Three-order service: a resident orders, the matching asks, the first who accepts comes; and an
order that nobody takes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from deploy.demo.acting import Acting, in_days
from deploy.demo.callers import Refused
from deploy.demo.day import Person
from deploy.demo.stage import ADMINISTRATOR
from shared.worktime.hours import CHINA

PLACE, COMMUNITY = "359901-wx-th-e1", "359901-wx-th"
SERVICE = "volunteering"
PEOPLE = (("wu", "吴师傅"), ("gao", "高老师"), ("shen", "小沈"))
"""Who comes anew each time the day is played."""


def a_haircut_at_home(act: Acting) -> None:
    """Three are asked: one declines, the first who accepts comes, both confirm and rate."""
    act.scene("点单派单接单 · A resident orders, three are asked, the first who accepts comes")
    fang, desk = act.who("fang"), act.who("desk")
    wu, gao, shen = (_newcomer(act, *who) for who in PEOPLE)
    code = _listed(act, "上门理发", "Haircut at home")
    for person in (wu, gao, shen):
        _registers(act, person, code)
    order = _placed(act, fang, code, "父亲卧床半年了，想请人上门理个发。")
    at = f"/orders/{order}"
    act.until(
        lambda: len(act.callers.get(SERVICE, at, desk)["offers"]) == len(PEOPLE),
        "all who can do it are asked",
    )
    weighed = act.callers.get(SERVICE, f"{at}/candidates", desk)["items"]
    explained = all(one["unfit"] is None and one["score"] > 0 for one in weighed)
    act.claim("the matching tells staff whom it weighed, and why", len(weighed) == 3 and explained)
    seen = act.callers.get(SERVICE, at, gao)
    act.claim(
        "who is asked sees where and when, and not who it is for",
        seen["place"] == PLACE and "dossier" not in seen and fang.sub not in str(seen),
    )
    act.does(gao, f"{at}/decline", {}, "谢绝 declines", service=SERVICE)
    act.does(wu, f"{at}/accept", {}, "接单 accepts", service=SERVICE)
    act.refused(shen, f"{at}/accept", {}, "order-taken", "it is given to one", service=SERVICE)
    (words,) = act.callers.get(SERVICE, at, wu)["dossier"]
    act.claim("who has it knows how to reach them", bool(words["data"]["contact"]["phone"]))
    _served(act, fang, wu, at)
    done = act.callers.get(SERVICE, at, fang)
    act.claim(
        "a visit of seconds counts no hours", (done["status"], done["minutes"]) == ("done", 0)
    )
    rated = {"stars": 5, "flags": ["kind", "skilled"], "words": "手艺好，人也和气。"}
    act.does(fang, f"{at}/rate", rated, "评价 rates", service=SERVICE)
    act.hear(
        f"order-{order}",
        {
            fang: "order-accepted order-time-proposed order-agreed order-begun order-finished "
            "order-done",
            wu: "order-offered order-agreed order-done order-rated",
            gao: "order-offered",
            shen: "order-offered order-taken",
        },
    )


def an_order_that_nobody_takes(act: Acting) -> None:
    """It climbs to the community's office, which says why it cannot be done."""
    act.scene("无人接单 · An order that nobody takes climbs, and ends with a reason")
    qiu, desk = act.who("qiu"), act.who("desk")
    code = _listed(act, "古筝调音", "Tuning a zither")
    order = _placed(act, qiu, code, "孩子的古筝走音了，想请懂行的邻居来调一调。")
    at = f"/orders/{order}"
    act.until(
        lambda: act.callers.get(SERVICE, at, desk)["level"] == "community",
        "the community's office is called",
    )
    alarmed = act.callers.get(SERVICE, "/orders", desk, {"place": COMMUNITY, "alarmed": "true"})
    act.claim("it stands in the office's list", order in [one["id"] for one in alarmed["items"]])
    why = {"because": "helped-otherwise", "words": "文化站的老师周六上门，已和您约好。"}
    act.does(desk, f"{at}/end", why, "说明原因 ends it, and says why", service=SERVICE)
    act.hear(
        f"order-{order}",
        {qiu: "order-climbed order-ended", desk: "order-needs-a-taker"},
    )


def _newcomer(act: Acting, name: str, called: str) -> Person:
    return Person(f"demo-o-{name}-{act.run}", called, ("resident",), home=PLACE)


def _listed(act: Acting, zh: str, en: str) -> str:
    """A service of this run's own, so that only its own people can do it; its code."""
    n = sum(one.verb == "define-service" for one in act.acted)
    code = f"demo-{act.run}-{n}"
    body = {"code": code, "zh": zh, "en": en, "minutes": 30, "skill": code}
    words = "服务目录增加一项 adds a service to the catalogue"
    act.does(ADMINISTRATOR, "/services", body, words, service=SERVICE, verb="define-service")
    return code


def _registers(act: Acting, person: Person, skill: str) -> None:
    body = {
        "volunteer": person.sub,
        "place": PLACE,
        "birth_year": 1979,
        "name": person.name,
        "skills": [skill],
    }
    words = "注册为志愿者 wants to serve"
    act.does(person, "/volunteers", body, words, service=SERVICE, verb="register-volunteer")
    act.hear(f"volunteer-{person.sub}", {person: "volunteer-welcome"})


def _placed(act: Acting, who: Person, service: str, need: str) -> str:
    """Places the order for the day after tomorrow; its id."""
    morning = in_days(2).astimezone(CHINA).replace(hour=9, minute=0, second=0, microsecond=0)
    times = [{"begin": morning.isoformat(), "end": (morning + timedelta(hours=3)).isoformat()}]
    body: dict[str, Any] = {
        "service": service,
        "place": PLACE,
        "times": times,
        "need": need,
        "contact": {"name": who.name, "phone": "000-0000", "address": "3号楼"},
    }
    known = act.callers

    def is_listed() -> bool:
        try:
            return bool(known.get(SERVICE, f"/services/{service}", who))
        except Refused:
            return False

    act.until(is_listed, "the new service can be ordered")
    placed = act.does(who, "/orders", body, "点单 orders", service=SERVICE, verb="place-order")
    return str(placed["id"])


def _served(act: Acting, host: Person, volunteer: Person, at: str) -> None:
    """They agree on right now; begin and end are confirmed by the other side."""
    now = {"begin": (datetime.now(CHINA) + timedelta(minutes=30)).isoformat()}
    acts: tuple[tuple[Person, str, dict[str, Any], str], ...] = (
        (volunteer, "propose-time", now, "正好在附近，半小时后去 proposes to come in half an hour"),
        (host, "agree", {}, "同意 agrees"),
        (volunteer, "begin", {}, "到了，开始 is there and begins"),
        (host, "confirm", {}, "确认 confirms it"),
        (volunteer, "finish", {}, "完成 has finished"),
        (host, "confirm", {}, "确认 confirms it"),
    )
    for who, verb, body, words in acts:
        act.does(who, f"{at}/{verb}", body, words, service=SERVICE)
