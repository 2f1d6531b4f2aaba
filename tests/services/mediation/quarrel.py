"""A dispute that is being mediated, for tests over HTTP of what happens in it."""

from typing import Any

import httpx

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_commands import LearnMediator, LearnPanel
from tests.services.community.served import Served
from tests.services.mediation.served import NEIGHBOURHOOD, by_person, told

LIN, CHEN, MEDIATOR, POLICE, STRANGER = "lin", "chen", "hu", "officer", "stranger"
"""One side, the other, who mediates, a member of the panel, and nobody."""


async def quarrel(at: Served, kind: str = "shared-space") -> str:
    """Its id, once both sides have agreed and somebody mediates."""
    body = {
        "kind": kind,
        "place": NEIGHBOURHOOD,
        "title": "楼道堆物",
        "text": "他把旧家具堆在楼道里",
        "parties": [{"side": "a", "person": LIN}, {"side": "b", "person": CHEN}],
    }
    answer = await by_person(at, "POST", "/disputes", LIN, json=body)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    assert (await does(at, CHEN, f"/disputes/{id}/agree")).status_code == 200
    await told(at, dispute, id, LearnMediator(MEDIATOR))
    await told(at, dispute, id, LearnPanel((POLICE,)))
    return id


async def does(at: Served, who: str, path: str, /, **said: Any) -> httpx.Response:
    """Somebody sends a command."""
    answer: httpx.Response = await by_person(at, "POST", path, who, json=said)
    return answer


async def reads(at: Served, who: str, path: str, **rest: Any) -> httpx.Response:
    """Somebody asks."""
    answer: httpx.Response = await by_person(at, "GET", path, who, **rest)
    return answer


def code_of(answer: httpx.Response) -> str:
    """The code of a refusal."""
    return str(answer.json()["type"]).removeprefix("urn:jinlin:problem:")
