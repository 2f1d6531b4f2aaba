"""A care plan: consent first, a visit with a form, an alarming reading that calls people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.demo.acting import Acting
from deploy.demo.callers import Refused
from deploy.demo.day import Person
from shared.worktime.hours import CHINA

PLACE = "359901-wx-th-e1"
SERVICE = "volunteering"
WELL = [
    {"field": "medicine", "answer": "taken"},
    {"field": "discomfort", "answer": "none"},
]


def a_visit_that_alarms(act: Acting) -> None:
    """Somebody with high blood pressure is visited; who cares hears what to do, others nothing."""
    act.scene(
        "高血压随访 · A care plan: consent, a visit, an alarming reading seen to the same hour"
    )
    grid = act.who("grid")
    elder, visitor, nurse = (_newcomer(act, *who) for who in PEOPLE)
    _registers(act, visitor)
    plan = _made(act, grid, elder, visitor, nurse)
    at = f"/care-plans/{plan}"
    act.refused(
        visitor,
        f"{at}/record-visit",
        _visit(25, 10, 135, 85),
        "consent-missing",
        "nobody is visited before they agree",
        service=SERVICE,
    )
    act.does(elder, f"{at}/consent", {}, "同意接受走访 agrees", service=SERVICE)
    wrong = "a reading that cannot be true is refused with its field"
    act.refused(
        visitor,
        f"{at}/record-visit",
        _visit(25, 10, 135, 350),
        "reading-implausible",
        wrong,
        service=SERVICE,
    )
    _alarmed(act, at, plan, visitor, nurse)
    _seen_to(act, at, plan, elder, visitor, nurse)
    act.hear(
        f"care-plan-{plan}",
        {
            elder: "care-consent-asked care-started",
            visitor: "care-visiting care-visit-due hours-confirmed*2",
            nurse: "care-alarm",
            grid: "care-alarm care-alarm-acknowledged care-alarm-settled",
        },
    )


PEOPLE = (("elder", "钟阿婆"), ("visitor", "文大姐"), ("nurse", "社区卫生站护士"))
"""Who comes anew each time the day is played."""


def _newcomer(act: Acting, name: str, called: str) -> Person:
    return Person(f"demo-c-{name}-{act.run}", called, ("resident",), home=PLACE)


def _registers(act: Acting, person: Person) -> None:
    body = {"volunteer": person.sub, "place": PLACE, "birth_year": 1971, "name": person.name}
    words = "注册为志愿者 wants to serve"
    act.does(person, "/volunteers", body, words, service=SERVICE, verb="register-volunteer")
    act.hear(f"volunteer-{person.sub}", {person: "volunteer-welcome"})


def _made(act: Acting, grid: Person, elder: Person, visitor: Person, nurse: Person) -> str:
    body = {
        "person": elder.sub,
        "place": PLACE,
        "purpose": "hypertension",
        # Due from today on, for ten days of the month.
        "rhythm": {
            "every": "month",
            "month_day": datetime.now(CHINA).day,
            "days": 10,
            "window": "00:00-24:00",
        },
        "visitor": visitor.sub,
        "minutes": 30,
        "words": "二号楼三层，听力不好，敲门重一点；降压药早上吃。",
        "health_contact": nurse.sub,
    }
    words = "建立随访计划 makes the plan"
    made = act.does(grid, "/care-plans", body, words, service=SERVICE, verb="make-care-plan")
    return str(made["id"])


def _visit(begun: int, end: int, systolic: int, diastolic: int) -> dict[str, Any]:
    """A visit from so many to so many minutes ago."""
    now = datetime.now(UTC)
    return {
        "begun": (now - timedelta(minutes=begun)).isoformat(),
        "end": (now - timedelta(minutes=end)).isoformat(),
        "readings": [
            {"field": "systolic", "value": systolic},
            {"field": "diastolic", "value": diastolic},
        ],
        "checks": WELL,
    }


def _alarmed(act: Acting, at: str, plan: str, visitor: Person, nurse: Person) -> None:
    words = "上门量血压 visits and measures"
    first = _visit(25, 10, 186, 112)
    told = act.does(visitor, f"{at}/record-visit", first, words, service=SERVICE)
    alarmed = [one["because"] for one in told["alarms"]] == ["care-reading"]
    act.claim("who measures hears at once that it is alarming", alarmed)
    calls = act.callers.get(SERVICE, "/care-plans/alarms", nurse)["items"]
    called = [one["id"] for one in calls] == [plan] and "systolic" not in str(calls)
    act.claim("the nurse is called, and the list of alarms has no number", called)
    acknowledged = {"alarm": 1}
    act.does(nurse, f"{at}/acknowledge", acknowledged, "马上处理 sees to it", service=SERVICE)
    again = _visit(5, 0, 158, 96)
    act.does(visitor, f"{at}/record-visit", again, "休息后复测 measures again", service=SERVICE)
    settled = {"alarm": 1, "came_of_it": "doctor", "note": "已到卫生站就诊，调整用药。"}
    act.does(nurse, f"{at}/settle-alarm", settled, "填写结果 tells the outcome", service=SERVICE)


def _seen_to(
    act: Acting, at: str, plan: str, elder: Person, visitor: Person, nurse: Person
) -> None:
    why = {"purpose": "treatment"}
    chart = act.callers.get(SERVICE, f"{at}/readings", nurse, why)["items"]
    measured = [
        reading["value"]
        for one in chart
        for reading in one.get("readings", ())
        if reading["field"] == "systolic"
    ]
    act.claim("the nurse sees the readings, and says why", measured == [186, 158])
    readers = act.callers.get(SERVICE, f"{at}/readers", elder)["items"]
    seen = [(one["reader"], one["purpose"]) for one in readers]
    act.claim("the person sees who read them, and why", seen == [(nurse.sub, "treatment")])
    others = 0
    for nosy in (act.who("lin"), act.who("grid")):
        try:
            act.callers.get(SERVICE, f"{at}/readings", nosy, {"purpose": "supervision"})
        except Refused:
            others += 1
    act.claim("neighbours and organisers do not see the readings", others == 2)
    stream = f"care-plan-{plan}"
    history = act.stores.commits(SERVICE, [stream])[stream]
    act.claim("no event has a reading", "systolic" not in str(history))
    shown = act.callers.get(SERVICE, at, visitor)
    counted = [one["outcome"] for one in shown["last"]] == ["made", "made"]
    act.claim("both visits count, and nothing is open", counted and not shown["alarms"])
