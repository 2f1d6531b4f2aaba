"""Sessions of a dispute that is being mediated, for tests over HTTP."""

from datetime import datetime, timedelta
from typing import Any

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.sessions.session import session
from services.mediation.domain.sessions.session_state import Session, Status
from shared.worktime.hours import CHINA
from tests.services.community.served import Served, until
from tests.services.mediation.panels.peace import appointed, filed, registered
from tests.services.mediation.quarrel import CHEN, LIN, does
from tests.services.mediation.served import NEIGHBOURHOOD, by_convenor, settled

HU = "hu"
"""Who mediates."""
ALL_WEEK = [{"weekday": day, "span": "00:00-24:00"} for day in range(7)]


async def mediated(at: Served) -> str:
    """A dispute that Hu mediates between Lin and Chen."""
    if HU not in at.running.copies["mediator"]:
        await registered(at, HU, most_cases=50)
    id = await filed(at)
    await appointed(at, id, HU)
    await settled(at, dispute, id, lambda state: state.mediator == HU)
    return id


async def opened_room(at: Served, code: str = "hall", **changes: Any) -> None:
    """A room that is open all the time."""
    asked = {
        "room": code,
        "place": NEIGHBOURHOOD,
        "name": "近邻议事厅",
        "capacity": 12,
        "hours": ALL_WEEK,
        **changes,
    }
    answer = await by_convenor(at, "POST", "/rooms", json=asked)
    assert answer.status_code == 201, answer.text
    await until(lambda: code in at.running.copies["room"])
    rooms = at.running.copies["room"]
    await until(lambda: rooms[code].open and bool(rooms[code].hours))


def slot(at: Served, days: int, hour: int = 10) -> dict[str, str]:
    """An hour of the local day in so many days."""
    day = at.running.clock.now().astimezone(CHINA) + timedelta(days=days)
    begin = day.replace(hour=hour, minute=0, second=0, microsecond=0)
    return {"begin": begin.isoformat(), "end": (begin + timedelta(hours=1)).isoformat()}


async def convened(at: Served, of: str, *slots: dict[str, str], **changes: Any) -> str:
    """A session for which times are asked, by tomorrow; its id."""
    times = list(slots) or [slot(at, 3), slot(at, 4)]
    first = min(datetime.fromisoformat(one["begin"]) for one in times)
    answer_by = min(at.running.clock.now() + timedelta(hours=20), first)
    asked = {"dispute": of, "slots": times, "answer_by": answer_by.isoformat(), **changes}
    answer = await does(at, HU, "/sessions", **asked)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def voted(at: Served, id: str, *can: int, who: tuple[str, ...] = (HU, LIN, CHEN)) -> None:
    """All of them can make these times."""
    for person in who:
        answer = await does(at, person, f"/sessions/{id}/vote", can=list(can))
        assert answer.status_code == 200, answer.text


async def was_set(at: Served, id: str) -> Session:
    """Waits until it is."""
    return await settled(at, session, id, lambda state: state.status is Status.SET)


def time_goes_on(at: Served, to: datetime) -> None:
    """The service's clock shows this time from now on, and goes on."""
    clock = at.running.clock
    now = clock.now
    ahead = to - now()
    setattr(clock, "now", lambda: now() + ahead)  # noqa: B010 - a clock that runs ahead


async def held(at: Served, of: str, **changes: Any) -> str:
    """A session that took place, with all who were invited; its id."""
    id = await convened(at, of, slot(at, 1), **changes)
    private = changes.get("side")
    people = (HU, LIN, CHEN) if private is None else (HU, {"a": LIN, "b": CHEN}[private])
    await voted(at, id, 1, who=people)
    state = await was_set(at, id)
    assert state.last is not None
    time_goes_on(at, state.last.end + timedelta(minutes=5))
    attended = {
        "begun": state.last.begin.isoformat(),
        "ended": state.last.end.isoformat(),
        "present": list(people),
    }
    answer = await does(at, HU, f"/sessions/{id}/record", **attended)
    assert answer.status_code == 200, answer.text
    return id
