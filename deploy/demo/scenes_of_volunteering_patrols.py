"""A patrol by night: who goes when, where they were, what they found, and what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from deploy.demo.acting import Acting, in_days
from deploy.demo.day import Person
from shared.worktime.hours import CHINA

PLACE = "359901-wx-th-e1"
SERVICE = "volunteering"
SPOT = {"latitude": 24.4951, "longitude": 118.1202, "radius": 60}
STOPS = (
    {"name": "北门岗亭", "place": PLACE, "minutes": 30},
    {"name": "充电棚", "place": f"{PLACE}-b1", "minutes": 60, "spot": SPOT},
    {"name": "2号楼顶层", "place": f"{PLACE}-b2", "minutes": 90},
)
PEOPLE = (("han", "韩师傅"), ("su", "苏婷"), ("mo", "莫叔"))
"""The captain, and the two who go; they come anew each time the day is played."""


def a_patrol_by_night(act: Acting) -> None:
    """Two go round, find a dark corner and hand over; it becomes a petition that they hear of."""
    act.scene("三重巡防 · A patrol by night: signs, a dark corner, and what became of it")
    han, su, mo = (Person(f"demo-v-{n}-{act.run}", called, ("resident",)) for n, called in PEOPLE)
    route = _laid_out(act)
    _team_of(act, han, (su, mo))
    shift = _planned(act, route, han, (su, mo))
    _walked(act, shift, route, su, mo)
    finding = _found(act, shift, su, mo, han)
    _handed_over(act, shift, su, han)
    seen = act.callers.get(SERVICE, f"/patrol-findings/{finding}", su)
    act.claim("the patrol knows how it ended", seen["outcome"] == "solved")


def _team_of(act: Acting, captain: Person, members: tuple[Person, ...]) -> None:
    for person in (captain, *members):
        body = {"volunteer": person.sub, "place": PLACE, "birth_year": 1970, "name": person.name}
        words = "注册为志愿者 wants to serve"
        act.does(person, "/volunteers", body, words, service=SERVICE, verb="register-volunteer")
        act.hear(f"volunteer-{person.sub}", {person: "volunteer-welcome"})
    body = {
        "place": PLACE,
        "kind": "patrol",
        "name": f"晒谷坪平安巡逻队 {act.run}",
        "charter": "每晚两人一组，走一圈，看一看，有事就报。",
        "captain": captain.sub,
    }
    words, desk = "成立巡逻队 founds it", act.who("desk")
    founded = act.does(desk, "/teams", body, words, service=SERVICE, verb="found")
    at = f"/teams/{founded['id']}"
    for person in members:
        act.does(person, f"{at}/apply", {}, "申请入队 applies", service=SERVICE)
        taken = {"volunteer": person.sub}
        act.does(captain, f"{at}/accept", taken, "同意入队 takes them in", service=SERVICE)
    heard = dict.fromkeys(members, "team-joined")
    heard[captain] = "team-captain team-joined team-applied*2"
    act.hear(f"team-{founded['id']}", heard)
    known = act.stores.of(SERVICE)["state_volunteer"]
    theirs = {"_id": {"$in": [person.sub for person in members]}}

    def belong() -> bool:
        return all(one["s"]["memberships"] for one in known.find(theirs))

    act.until(belong, "each member's own record has the team")


def _laid_out(act: Acting) -> str:
    body = {"place": PLACE, "name": f"夜巡一线 {act.run}", "checkpoints": STOPS}
    grid, words = act.who("grid"), "设三个点位 lays out a route of three checkpoints"
    made = act.does(grid, "/patrol-routes", body, words, service=SERVICE, verb="lay-out")
    return str(made["id"])


def _planned(act: Acting, route: str, captain: Person, crew: tuple[Person, ...]) -> str:
    """The shift that the rota becomes: it begins in two minutes."""
    begin = (in_days(0) + timedelta(minutes=2)).astimezone(CHINA)
    mine = act.callers.get(SERVICE, "/teams/mine", captain)["items"]
    line = {
        "kind": "safety",
        "team": mine[0]["id"],
        "members": [person.sub for person in crew],
        "crew": 2,
        "shifts": [f"{begin:%H:%M}-{begin + timedelta(hours=2):%H:%M}"],
    }
    day = begin.date().isoformat()
    body = {
        "place": PLACE,
        "route": route,
        "name": "今晚",
        "first": day,
        "last": day,
        "lines": [line],
        "team": mine[0]["id"],
    }
    words = "排班 draws up tonight's rota"
    drawn = act.does(captain, "/patrol-rotas", body, words, service=SERVICE, verb="draw-up-patrols")
    rota = drawn["id"]
    at = f"/patrol-rotas/{rota}/publish"
    act.does(captain, at, {}, "公布 publishes it", service=SERVICE)
    act.hear(f"patrol-rota-{rota}", dict.fromkeys(crew, "patrol-rota-published"))
    shift = f"{rota}.0"
    planned = act.stores.of(SERVICE)["state_patrol-shift"]

    def reminded() -> bool:
        found = planned.find_one({"_id": shift})
        return found is not None and found["s"]["reminded"]

    act.until(reminded, "the shift is planned, and its crew reminded")
    act.hear(f"patrol-shift-{shift}", dict.fromkeys(crew, "patrol-near"))
    return shift


def _walked(act: Acting, shift: str, route: str, su: Person, mo: Person) -> None:
    """By the sign, by standing there, by one's word: each is known as what it is."""
    at = f"/patrol-shifts/{shift}"
    signs = act.callers.get(SERVICE, f"/patrol-routes/{route}/signs", act.who("grid"))["items"]
    act.does(su, f"{at}/begin", {}, "到岗 begins", service=SERVICE)
    act.does(mo, f"{at}/join", {}, "到岗 joins", service=SERVICE)
    guess = {"number": 0, "code": "22222222"}
    nobody = "nobody was at a checkpoint whose sign they have not seen"
    act.refused(su, f"{at}/check", guess, "wrong-sign", nobody, service=SERVICE)
    sign = {"number": 0, "code": signs[0]["code"]}
    act.does(su, f"{at}/check", sign, "扫点位牌 reads the sign", service=SERVICE)
    here = {"number": 1, "latitude": 24.4952, "longitude": 118.1203, "accuracy": 12.0}
    act.does(mo, f"{at}/check-here", here, "站在充电棚旁 stands there", service=SERVICE)
    word = {"number": 2, "because": "sign-gone", "text": "点位牌被撕了"}
    act.does(su, f"{at}/check-by-hand", word, "说明到过 gives their word", service=SERVICE)
    seen = act.callers.get(SERVICE, at, su)
    ways = [leg["way"] for leg in seen["legs"]]
    act.claim("each checkpoint says how it is known", ways == ["sign", "position", "hand"])
    kept = str(act.stores.of(SERVICE)["state_patrol-shift"].find_one({"_id": shift}))
    act.claim("where somebody stood is kept nowhere", "24.4952" not in kept)


def _found(act: Acting, shift: str, su: Person, mo: Person, han: Person) -> str:
    """What they found goes on as a petition that one of them files."""
    body: dict[str, Any] = {
        "shift": shift,
        "place": f"{PLACE}-b2",
        "category": "property-lighting",
        "title": "2号楼后面的路灯不亮",
        "text": "2号楼后面拐角的路灯不亮，台阶看不清，老人走夜路容易摔。",
    }
    words = "登记发现 records what they see"
    made = act.does(mo, "/patrol-findings", body, words, service=SERVICE, verb="record-finding")
    id = str(made["id"])
    at = f"/patrol-findings/{id}"
    draft = act.callers.get(SERVICE, f"{at}/petition", mo)
    petition = act.file(mo, "转为诉求 files it as a petition", **draft)

    def finding() -> dict[str, Any]:
        return act.callers.get(SERVICE, at, su)

    act.until(lambda: finding()["petition"] == petition, "the finding knows its petition")
    origin = act.shown(mo, petition)["origin"]
    act.claim("the petition knows its finding", origin == f"patrol-finding:{id}")
    done = {"done": "换了灯头，加了一盏感应灯。", "done_by": "晒谷坪物业公司", "finished": True}
    property = act.who("property")
    act.does(property, f"/petitions/{petition}/answer", done, "答复 answers")
    act.until(lambda: finding()["status"] == "answered", "the patrol hears of the answer")
    act.does(mo, f"/petitions/{petition}/confirm-solved", {}, "确认已解决 says it is solved")
    act.until(lambda: finding()["status"] == "closed", "the patrol hears that it is closed")
    told = "petition-received petition-assigned petition-answered petition-closed"
    act.hear(f"petition-{petition}", {mo: told, property: "duty-assigned"})
    heard = "finding-answered finding-closed"
    crew = f"finding-became-petition {heard}"
    act.hear(f"patrol-finding-{id}", {su: crew, mo: crew, han: heard})
    return id


def _handed_over(act: Acting, shift: str, su: Person, han: Person) -> None:
    """What is open is named; nobody follows, so the captain takes over."""
    at = f"/patrol-shifts/{shift}"
    matters = {"matters": ["2号楼顶层的点位牌要重新挂"]}
    act.does(su, f"{at}/hand-over", matters, "交班 hands over", service=SERVICE)
    act.does(han, f"{at}/take-over", {}, "接手未了事项 takes over", service=SERVICE)
    act.does(han, f"{at}/confirm-hours", {}, "核定时长 confirms the hours", service=SERVICE)
    credits = act.callers.get(SERVICE, at, han)["credits"]
    early = [credit["minutes"] for credit in credits] == [0, 0]
    act.claim("what they walked before the hour that was planned counts for nothing", early)
    act.hear(f"patrol-shift-{shift}", {han: "patrol-matters-left"})
