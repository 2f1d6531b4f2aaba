"""Mediators and a dispute without one, for tests over HTTP."""

from datetime import timedelta
from typing import Any

from services.mediation.domain.panels.mediator_state import Standing
from services.mediation.domain.panels.panel import panel
from services.mediation.domain.panels.panel_state import Panel
from tests.services.community.served import Served, until
from tests.services.mediation.quarrel import CHEN, LIN, does
from tests.services.mediation.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    by_convenor,
    by_person,
    settled,
)


async def registered(at: Served, *people: str, **changes: Any) -> None:
    """These mediate disputes about shared space in the community, and are trained."""
    term = (at.running.clock.now() + timedelta(days=300)).isoformat()
    for person in people:
        asked = {
            "person": person,
            "place": NEIGHBOURHOOD,
            "serves": [COMMUNITY],
            "fields": ["shared-space", "noise"],
            "languages": ["zh"],
            "most_cases": 3,
            "until": term,
            "name": f"和事佬{person}",
            **changes,
        }
        answer = await by_convenor(at, "POST", "/mediators", json=asked)
        assert answer.status_code == 201, answer.text
        trained = {"training": "mediation"}
        answer = await by_convenor(at, "POST", f"/mediators/{person}/train", json=trained)
        assert answer.status_code == 200, answer.text
    mediators = at.running.copies["mediator"]
    await until(
        lambda: all(
            one in mediators
            and mediators[one].standing is Standing.ACTIVE
            and mediators[one].trainings
            for one in people
        )
    )


async def filed(at: Served, **changes: Any) -> str:
    """A dispute that both sides want mediated, and its panel knows them."""
    body = {
        "kind": "shared-space",
        "place": NEIGHBOURHOOD,
        "title": "楼道堆物",
        "text": "他把旧家具堆在楼道里",
        "parties": [{"side": "a", "person": LIN}, {"side": "b", "person": CHEN}],
        **changes,
    }
    answer = await by_person(at, "POST", "/disputes", LIN, json=body)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    await settled(at, panel, id, lambda state: len(state.speakers) == 2)
    assert (await does(at, CHEN, f"/disputes/{id}/agree")).status_code == 200
    return id


async def appointed(at: Served, id: str, person: str, *then: str) -> Panel:
    """The first is asked and accepts."""
    asked = {"person": person, "then": list(then)}
    answer = await by_convenor(at, "POST", f"/panels/{id}/appoint", json=asked)
    assert answer.status_code == 200, answer.text
    answer = await does(at, person, f"/panels/{id}/accept")
    assert answer.status_code == 200, answer.text
    return await settled(at, panel, id, lambda state: state.mediator == person)


async def seated(at: Served, id: str, **people: str) -> Panel:
    """These take seats, by seat (``police_officer`` for ``police-officer``), with nothing to
    declare.
    """
    for seat, person in people.items():
        asked = {"seat": seat.replace("_", "-"), "person": person}
        answer = await by_convenor(at, "POST", f"/panels/{id}/name-member", json=asked)
        assert answer.status_code == 200, answer.text
        answer = await does(at, person, f"/panels/{id}/declare")
        assert answer.status_code == 200, answer.text
    return await settled(at, panel, id, lambda state: set(people.values()) <= set(state.members))
