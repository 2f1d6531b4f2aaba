"""An activity with two places for three people: the truth at once, the next in line, check-in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from deploy.demo.acting import Acting, in_days
from deploy.demo.day import Person

PLACE = "359901-wx-th-e1"
SERVICE = "volunteering"
AHEAD = timedelta(minutes=20)
"""It begins so soon that one can check in already."""
SQUARE = {"latitude": 25.4561, "longitude": 119.0178}
PEOPLE = (("fang", "方姐"), ("gao", "高师傅"), ("luo", "小罗"))
"""Who comes anew each time the day is played."""


def the_last_place(act: Acting) -> None:
    """Two have a place, the third waits, is offered one, and is there."""
    act.scene("便民服务日 · Two places for three: a place given up goes to the next in line")
    desk = act.who("desk")
    fang, gao, luo = (_newcomer(act, *who) for who in PEOPLE)
    for person in (fang, gao, luo):
        _registers(act, person)
    activity = _opened(act, desk, "晒谷坪磨刀修伞", in_days(0) + AHEAD)
    at = f"/activities/{activity}"
    _signed_up(act, at, fang, gao, luo)
    waits = "nobody stands in line twice"
    act.refused(luo, f"{at}/sign-up", {}, "already-waiting", waits, service=SERVICE)
    act.does(fang, f"{at}/withdraw", {}, "家里有事，退出 cannot come after all", service=SERVICE)
    offer = act.callers.get(SERVICE, at, luo)["you"]["offer"]
    act.claim("the place is held for the next in line, and for nobody else", offer is not None)
    taken = act.does(luo, f"{at}/accept-offer", {}, "接受名额 takes it", service=SERVICE)
    act.claim("the place is theirs", taken["you"]["place"] == "helper")
    _checked_in(act, at, desk, gao, luo)
    act.hear(
        f"activity-{activity}",
        {luo: "activity-offer", desk: "activity-late-withdrawal"},
    )
    _called_off(act, desk, fang)


def _newcomer(act: Acting, name: str, called: str) -> Person:
    return Person(f"demo-a-{name}-{act.run}", called, ("resident",), home=PLACE)


def _registers(act: Acting, person: Person) -> None:
    body = {"volunteer": person.sub, "place": PLACE, "birth_year": 1979, "name": person.name}
    words = "注册为志愿者 wants to serve"
    act.does(person, "/volunteers", body, words, service=SERVICE, verb="register-volunteer")
    act.hear(f"volunteer-{person.sub}", {person: "volunteer-welcome"})


def _opened(act: Acting, desk: Person, title: str, begin: datetime) -> str:
    body: dict[str, Any] = {
        "place": PLACE,
        "outline": {
            "title": title,
            "theme": "other",
            "text": "自带刀具雨伞，坏了的都拿来。",
            "meet_at": "晒谷坪亭子",
            "roles": [{"code": "helper", "number": 2}],
            "meeting": {**SQUARE, "radius": 150},
        },
        "begin": begin.isoformat(),
        "end": (begin + timedelta(hours=2)).isoformat(),
    }
    planned = act.does(
        desk, "/activities", body, f"策划“{title}” plans", service=SERVICE, verb="plan"
    )
    id = str(planned["id"])
    act.does(desk, f"/activities/{id}/open", {}, "开放报名 opens it", service=SERVICE)
    return id


def _signed_up(act: Acting, at: str, *people: Person) -> None:
    """Everybody hears at once how they stand."""
    you = [
        act.does(person, f"{at}/sign-up", {}, "报名 signs up", service=SERVICE)["you"]
        for person in people
    ]
    had = [one["place"] for one in you]
    act.claim("the first two have the places", had == ["helper", "helper", None])
    act.claim("the third is the first in line", you[2]["waiting"]["number"] == 1)


def _checked_in(act: Acting, at: str, desk: Person, gao: Person, luo: Person) -> None:
    """By the code of the minute, and by standing there."""
    shown = act.callers.get(SERVICE, f"{at}/check-in-code", desk)
    code = str(shown["code"])
    act.claim(
        "the code changes each minute, offline: an otpauth address is for organisers",
        str(shown["uri"]).startswith("otpauth://totp/") and shown["seconds"] == 60,
    )
    wrong = {"code": f"{(int(code) + 500_000) % 1_000_000:06d}"}
    words = "a code that is not this minute's is refused"
    act.refused(luo, f"{at}/check-in", wrong, "wrong-code", words, service=SERVICE)
    act.does(luo, f"{at}/check-in", {"code": code}, "输入签到码 checks in", service=SERVICE)
    away = {**SQUARE, "longitude": SQUARE["longitude"] + 0.02, "accuracy": 12}
    far = "who is at home is not here"
    act.refused(gao, f"{at}/check-in-here", away, "too-far-away", far, service=SERVICE)
    here = {**SQUARE, "accuracy": 12}
    words = "到场定位签到 checks in by being there"
    told = act.does(gao, f"{at}/check-in-here", here, words, service=SERVICE)
    act.claim("both are there", bool(told["you"]["presence"]))


def _called_off(act: Acting, desk: Person, fang: Person) -> None:
    activity = _opened(act, desk, "塔下溪捡拾垃圾", in_days(6))
    at = f"/activities/{activity}"
    act.does(fang, f"{at}/sign-up", {}, "报名 signs up", service=SERVICE)
    because = {"because": "weather"}
    act.does(desk, f"{at}/call-off", because, "台风要来，取消 calls it off", service=SERVICE)
    status = act.callers.get(SERVICE, at, fang)["status"]
    act.claim("what is called off is told to everybody who signed up", status == "called-off")
    act.hear(f"activity-{activity}", {fang: "activity-called-off"})
