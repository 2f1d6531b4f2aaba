"""A town that is lived in: things of most kinds, each with those whom it concerns."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.e2e.certified import CITY_TIME, certified, credentialed
from tests.e2e.mediated import ROOM, a_mediated_dispute, quarrel
from tests.e2e.patrolled import a_patrol
from tests.e2e.town import DISTRICT, HOLDERS, HOME, Person, Town, filing
from tests.e2e.waiting import until
from tests.e2e.wishes_and_lists import a_claimed_wish, a_confirmed_check_in
from tests.services.volunteering.orders.windows import window

DISPATCHER, DEPARTMENT = "matrix-dispatcher", "matrix-department"
BUILDING, UNIT, ORG = f"{HOME}-B1", f"{HOME}-B1-101", "matrix-property"
SOON = datetime.now(UTC) + timedelta(hours=1)
IN_A_MONTH = (SOON + timedelta(days=30)).isoformat()
NAMED = {
    "place": HOME,
    "home": HOME,
    "household": UNIT,
    "category": "sanitation",
    "duty": "petitions",
    "keeper": HOLDERS[HOME],
    "resident": "matrix-resident",
    "organisation": ORG,
    "chair": ORG,
    "first": (SOON + timedelta(days=7)).date().isoformat(),
    "last": (SOON + timedelta(days=9)).date().isoformat(),
    "volunteer": "matrix-volunteer",
    "captain": "matrix-captain",
}
"""What fields of these names are given, where their type takes it."""
GIVEN: dict[str, dict[str, Any]] = {
    # What is there already is refused, after permission: nobody needs more of these places.
    "register-place": {"code": HOME},
    "file": filing(),
    "define": {"code": "matrix", "parent": "sanitation"},
    # Under age, so that there is a guardian.
    "register-volunteer": {"birth_year": SOON.year - 14, "guardian": "matrix-guardian"},
    "make-care-plan": {
        "person": "matrix-elder",
        "purpose": "lone-elder",
        "minutes": 30,
        "visitor": HOLDERS[HOME],
        "deputy": HOLDERS[DISTRICT],
        "health_contact": "matrix-nurse",
    },
    "offer-resource": {"begin": SOON.isoformat(), "until": IN_A_MONTH},
    "state-need": {"begin": SOON.isoformat(), "until": IN_A_MONTH},
    "plan-project": {"until": IN_A_MONTH},
    "place-order": {"service": "haircut", "times": [window()]},
    "plan": {
        "outline": {
            "title": "清洁日",
            "theme": "environment",
            "roles": [{"code": "helper", "number": 5}],
        },
        "begin": IN_A_MONTH,
        "end": (SOON + timedelta(days=30, hours=2)).isoformat(),
    },
    "file-dispute": {
        **quarrel(),
        "on_behalf": True,
        "consent": {"how": "spoken", "given": "2026-01-05T09:00:00+08:00"},
    },
    "open-room": {"room": ROOM, "place": HOME},
    "make-promise": {"year": SOON.astimezone(CITY_TIME).year, "due": SOON.isoformat()},
    "draft-broadcast": {
        "words": [{"language": "zh-Hans", "title": "停水通知", "body": "今晚十点停水。"}]
    },
    "set-on-call": {"place": HOME, "rungs": [{"person": HOLDERS[HOME], "minutes": 5}]},
    "raise-alarm": {"place": HOME},
    "begin-series": {
        "rhythm": {"every": "week", "weekdays": [2]},
        "outline": {
            "title": "清洁日",
            "theme": "environment",
            "roles": [{"code": "helper", "number": 5}],
        },
    },
}
"""What the commands that create things are given besides, by their verb."""


def inhabit(town: Town) -> None:
    """Gives the town a unit to live in, and things that come of themselves."""
    places: tuple[dict[str, Any], ...] = (
        {"code": BUILDING, "kind": "building", "name": "三号楼", "parent": HOME},
        {"code": UNIT, "kind": "unit", "name": "101", "parent": BUILDING},
    )
    for place in places:

        def there(body: dict[str, Any] = place) -> bool:
            answer = town.administrator().post("community", "/places", body)
            # The one above is known to the rules a moment after it was registered.
            return answer.status_code == 201

        until(there, f"{place['code']} is registered")
    departments_to_call(town)
    serves = {"volunteer": "matrix-captain", "place": HOME, "birth_year": 1980, "name": "队长"}

    def enrolled() -> bool:
        answer = town.administrator().post("volunteering", "/volunteers", serves)
        return answer.status_code == 201

    until(enrolled, "somebody serves who can lead a team")
    a_claimed_wish(town, by="matrix-captain")
    a_confirmed_check_in(town)
    a_taken_order(town)
    a_patrol(town, "matrix-captain")
    a_mediated_dispute(town)
    a_webhook(town)
    an_api_key(town)
    who = town.administrator()
    credentialed(town, who, certified(town, who, "matrix"))
    town.resident().file()
    rule = town.administrator().post("notifications", "/rules/team-resumed/change", {"ways": []})
    assert rule.status_code == 200, rule.text
    somebody_to_call(town)
    messages = town.store("notifications")["state_message"]
    until(lambda: messages.count_documents({}) > 0, "somebody is told something")


def somebody_to_call(town: Town) -> None:
    """Those in charge can be called, and there is a danger to call them about."""
    number = {"way": "sms", "address": "13800000000", "wording": "v1", "agreed_at": IN_A_MONTH}
    lines = [{"person": person, **number} for person in HOLDERS.values()]
    body = {"source": "matrix", "lines": lines}
    taken = town.administrator().post("notifications", "/address-imports", body)
    assert {one["outcome"] for one in taken.json()["items"]} == {"taken"}, taken.text
    town.resident().file(text="楼道里燃气泄漏，味道很大")
    messages = town.store("notifications")["state_message"]
    waits = {"s.delivery.queue": "phone"}
    until(lambda: messages.count_documents(waits) > 0, "somebody has to be called")


def departments_to_call(town: Town) -> None:
    """Two departments that petitions knows, one of them the callers' own organisation."""
    for one in (ORG, DEPARTMENT):
        body = {"organisation": one, "kind": "department", "name": "职能部门", "home": HOME}
        answer = town.administrator().post("community", "/organisations", body)
        assert answer.status_code == 201, answer.text
    known = town.store("petitions")["state_organisation"]
    wanted = {"_id": {"$in": [ORG, DEPARTMENT]}}
    until(lambda: known.count_documents(wanted) == 2, "petitions knows the departments")


def a_taken_order(town: Town) -> None:
    """An order that an organisation was trusted with, and that one of those asked has."""
    administrator = town.administrator()
    body = {"organisation": DISPATCHER, "kind": "partner-unit", "name": "理发店", "home": HOME}
    assert administrator.post("community", "/organisations", body).status_code == 201
    member = {"person": "matrix-barber", "role": "contact"}
    at = f"/organisations/{DISPATCHER}/admit"
    assert administrator.post("community", at, member).status_code == 200
    taker = {
        "volunteer": "matrix-taker",
        "place": HOME,
        "birth_year": 1980,
        "name": "理发师",
        "skills": ["haircut"],
    }
    assert administrator.post("volunteering", "/volunteers", taker).status_code == 201
    order = {"service": "haircut", "place": HOME, "times": [window()]}
    placed = town.resident("matrix-host").post("volunteering", "/orders", order)
    assert placed.status_code == 201, placed.text
    at = f"/orders/{placed.json()['id']}"

    def done(who: Person, verb: str, **body: str) -> bool:
        return who.post("volunteering", f"{at}/{verb}", body).status_code == 200

    barber = town.resident("matrix-taker")
    until(lambda: barber.get("volunteering", "/orders/offered").json()["items"], "they are asked")
    trusted = {"organisation": DISPATCHER}
    until(lambda: done(administrator, "entrust", **trusted), "an organisation dispatches the order")
    assert done(barber, "accept")


def a_webhook(town: Town) -> None:
    """Another system's, that nobody answers."""
    body = {"url": "http://127.0.0.1:9/"}
    system = Person(town, "matrix-system", ("service",), ())
    created = system.post("subscriptions", "/webhooks", body)
    assert created.status_code == 201, created.text


def an_api_key(town: Town) -> None:
    """An application's, of this district."""
    body = {"application": "随手拍", "contact": "api@app.example", "jurisdiction": DISTRICT}
    issued = town.administrator().post("gateway", "/api/gateway/api-keys", body)
    assert issued.status_code == 201, issued.text
