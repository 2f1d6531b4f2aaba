"""Volunteers and their team: who may serve, in what, and who leads when the captain goes."""

from __future__ import annotations

from datetime import datetime

from deploy.demo.acting import Acting, in_days
from deploy.demo.day import Person

PLACE = "359901-wx-th-e1"
SERVICE = "volunteering"
YOUNG = 14
"""Years that the youngest of them is about to complete."""


def a_team_passes_on(act: Acting) -> None:
    """Four people serve together, one of them under age; the captain leaves, another one leads."""
    act.scene("志愿服务队 · A team: a guardian consents, members learn, the captain goes")
    zhou, lu, young, mother = (_newcomer(act, *who) for who in PEOPLE)
    desk, year = act.who("desk"), datetime.now().astimezone().year
    for person, born in ((zhou, 1958), (lu, 1962)):
        _registers(act, person, born)
    _registers(act, young, year - YOUNG, guardian=mother.sub)
    team = _founded(act, desk, zhou)
    at = f"/teams/{team}"
    # Who is under age cannot join before somebody answers for them.
    consent = "guardian-must-consent"
    act.refused(young, f"{at}/apply", {}, consent, "nobody under age joins alone", service=SERVICE)
    _consented(act, desk, young, mother)
    for person in (lu, young):
        act.does(person, f"{at}/apply", {}, "申请入队 applies", service=SERVICE)
        taken = {"volunteer": person.sub}
        act.does(zhou, f"{at}/accept", taken, "同意入队 takes them in", service=SERVICE)
    _trained(act, zhou, (zhou, lu), at)
    act.does(zhou, f"{at}/leave", {}, "搬去外地，离队 moves away and leaves", service=SERVICE)
    seen = act.callers.get(SERVICE, at, lu)
    asked = seen["asked_to_lead"] and seen["captain"] is None
    act.claim("the one of age who has served longest is asked to lead", asked)
    act.does(lu, f"{at}/agree-to-lead", {}, "愿意接任 agrees to lead", service=SERVICE)
    act.claim("she leads", act.callers.get(SERVICE, at, lu)["captain"] == lu.sub)
    act.hear(
        f"team-{team}",
        {
            zhou: "team-captain team-joined team-applied*2 team-left team-captain-no-more",
            lu: "team-joined team-captain-sought team-captain",
            young: "team-joined",
        },
    )


PEOPLE = (("zhou", "周伯"), ("lu", "陆阿姨"), ("young", "小安"), ("mother", "小安妈妈"))
"""Who comes anew each time the day is played."""


def _newcomer(act: Acting, name: str, called: str) -> Person:
    return Person(f"demo-v-{name}-{act.run}", called, ("resident",), home=PLACE)


def _registers(act: Acting, person: Person, born: int, guardian: str | None = None) -> None:
    body = {
        "volunteer": person.sub,
        "place": PLACE,
        "birth_year": born,
        "name": person.name,
        "skills": ["gardening"],
        "free": [{"weekday": 5, "span": "08:30-11:30"}],
        "guardian": guardian,
    }
    words = "注册为志愿者 wants to serve"
    act.does(person, "/volunteers", body, words, service=SERVICE, verb="register-volunteer")
    act.hear(f"volunteer-{person.sub}", {person: "volunteer-welcome"})


def _founded(act: Acting, desk: Person, captain: Person) -> str:
    body = {
        "place": PLACE,
        "kind": "silver-haired",
        "name": "晒谷坪银龄护绿队",
        "charter": "每周六上午护绿，邻里有事搭把手。来去自愿，量力而行。",
        "captain": captain.sub,
    }
    founded = act.does(desk, "/teams", body, "成立服务队 founds it", service=SERVICE, verb="found")
    return str(founded["id"])


def _consented(act: Acting, desk: Person, young: Person, mother: Person) -> None:
    """Staff have seen who the guardian is; the guardian says in what, and how late."""
    at = f"/volunteers/{young.sub}"
    words = "核对户口簿 sees the household's papers"
    act.does(desk, f"{at}/confirm-guardian", {}, words, service=SERVICE)
    until = in_days(200).isoformat()
    night = {"works": ["patrol"], "latest": "21:00", "until": until}
    never = "nobody under age patrols, whoever consents"
    act.refused(mother, f"{at}/consent", night, "not-for-minors-at-all", never, service=SERVICE)
    day = {"works": ["activity"], "latest": "18:00", "until": until}
    act.does(mother, f"{at}/consent", day, "同意参加白天的活动 consents", service=SERVICE)
    told = {mother: "guardian-named guardian-confirmed", young: "guardian-consented"}
    act.hear(f"volunteer-{young.sub}", told)


def _trained(act: Acting, captain: Person, members: tuple[Person, ...], at: str) -> None:
    """What the captain enters for the team stands in each member's own record."""
    volunteers = [person.sub for person in members]
    trained = {"training": "first-aid", "volunteers": volunteers}
    act.does(captain, f"{at}/train-together", trained, "登记急救培训 trains", service=SERVICE)
    insured = {"volunteers": volunteers, "until": in_days(365).isoformat()}
    act.does(captain, f"{at}/insure-together", insured, "登记保险 insures", service=SERVICE)

    def recorded(person: Person) -> bool:
        own = act.callers.get(SERVICE, f"/volunteers/{person.sub}", person)
        return bool(own["trainings"]) and own["insured_until"] is not None

    act.until(lambda: all(map(recorded, members)), "each member's record has both")
    act.claim("training and insurance stand in each member's own record", True)
    for person in members:
        act.hear(f"volunteer-{person.sub}", {person: "trained volunteer-insured"})
