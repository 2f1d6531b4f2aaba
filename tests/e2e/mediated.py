"""A dispute that is being mediated, with all that comes of it, for the matrix of access."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.worktime.hours import CHINA
from tests.e2e.town import COMMUNITY, HOLDERS, HOME, ROLES, Person, Town
from tests.e2e.waiting import until

PLAINTIFF, DEFENDANT, MEDIATOR = "matrix-lin", "matrix-chen", "matrix-mediator"
ROOM = "matrix-room"
NOT_YET = (":not-yours-to-convene", ":not-mediating")
"""Why no session can be had before it is known who mediates."""


def quarrel() -> dict[str, Any]:
    """The body of POST /disputes."""
    return {
        "kind": "shared-space",
        "place": HOME,
        "title": "楼道堆物",
        "text": "旧家具堆在楼道里。",
        "parties": [
            {"side": "a", "person": PLAINTIFF},
            {"side": "b", "person": DEFENDANT},
        ],
    }


def a_mediated_dispute(town: Town) -> str:
    """The parties have agreed, somebody mediates, a session is polled, something was shown, and an
    agreement is drafted. Returns the dispute's id.
    """
    convenor = Person(town, HOLDERS[COMMUNITY], (ROLES[COMMUNITY],), (COMMUNITY,))
    plaintiff, defendant = town.resident(PLAINTIFF), town.resident(DEFENDANT)
    mediator = town.resident(MEDIATOR)
    now = datetime.now(UTC)
    _registered(convenor, now)
    filed: list[str] = []

    def was_filed() -> bool:
        answer = plaintiff.post("mediation", "/disputes", quarrel())
        filed.extend([answer.json()["id"]] if answer.status_code == 201 else [])
        return bool(filed)

    until(was_filed, "a dispute is filed once the place is known")
    (id,) = filed
    assert defendant.post("mediation", f"/disputes/{id}/agree").status_code == 200

    def appointed() -> bool:
        asked = convenor.post("mediation", f"/panels/{id}/appoint", {"person": MEDIATOR})
        return asked.status_code == 200

    until(appointed, "the panel and the mediator are known")
    assert mediator.post("mediation", f"/panels/{id}/accept").status_code == 200
    seat = {"seat": "lawyer", "person": "matrix-lawyer"}
    named = convenor.post("mediation", f"/panels/{id}/name-member", seat)
    assert named.status_code == 200, named.text
    slot = (now + timedelta(days=2)).astimezone(CHINA).replace(hour=10)  # ends the day it begins
    session = {
        "dispute": id,
        "slots": [{"begin": _told(slot), "end": _told(slot + timedelta(hours=1))}],
        "answer_by": _told(now + timedelta(days=1)),
        "where": "居委会",
    }

    until(lambda: _convened(mediator, session), "the dispute knows who mediates")
    shown = town.http.post(
        f"{town.url('mediation')}/disputes/{id}/evidence?disclosed=all",
        content="物业通知原文".encode(),
        headers=plaintiff.headers({"Content-Type": "text/plain"}),
    )
    assert shown.status_code == 201, shown.text
    clause = {"party": "p2", "what": "搬走旧家具", "until": _told(now + timedelta(days=20))}
    drafted = mediator.post("mediation", f"/disputes/{id}/agreements", {"clauses": [clause]})
    assert drafted.status_code == 201, drafted.text
    return id


def _convened(mediator: Person, session: dict[str, Any]) -> bool:
    answer = mediator.post("mediation", "/sessions", session)
    assert answer.status_code == 201 or answer.json()["type"].endswith(NOT_YET), answer.text
    return answer.status_code == 201


def _registered(convenor: Person, now: datetime) -> None:
    """Somebody mediates, and there is a room."""
    record = {
        "person": MEDIATOR,
        "place": COMMUNITY,
        "serves": [COMMUNITY],
        "fields": ["shared-space"],
        "languages": ["zh-Hans"],
        "most_cases": 5,
        "until": _told(now + timedelta(days=300)),
        "name": "和事佬",
    }

    def there() -> bool:
        return convenor.post("mediation", "/mediators", record).status_code == 201

    until(there, "a mediator is registered once the place is known")
    trained = convenor.post("mediation", f"/mediators/{MEDIATOR}/train", {"training": "mediation"})
    assert trained.status_code == 200, trained.text
    hours = [{"weekday": day, "span": "08:00-21:00"} for day in range(7)]
    room = {"room": ROOM, "place": COMMUNITY, "name": "调解室", "capacity": 20, "hours": hours}
    opened = convenor.post("mediation", "/rooms", room)
    assert opened.status_code == 201, opened.text


def _told(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()
