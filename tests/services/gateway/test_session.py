"""Requests to the API that come by a session instead of a token."""

from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request

from services.gateway.identity import Session
from tests.services.gateway.door import DoorAtWork, door


@pytest.fixture
async def at(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DoorAtWork]:
    """The door, where every cookie called ``s`` is the session of the subject that it names: how
    cookies are sealed is no matter here.
    """
    async with door() as there:
        sessions = there.front.doorway.sessions

        async def session_of(request: Request) -> Session | None:
            sub = request.cookies.get("s")
            if sub is None:
                return None
            token = there.issuer.token(sub, ("resident",), ())
            nobody: frozenset[str] = frozenset()
            word = sessions.forgery.token(sub)
            return Session(sub, "", nobody, nobody, None, token, csrf=word)

        monkeypatch.setattr(sessions, "of", session_of)
        monkeypatch.setattr(sessions, "among", lambda cookies: "s=" in cookies)
        yield there


def word(at: DoorAtWork, sub: str) -> str:
    """What a page of somebody's session puts into `X-CSRF-Token`."""
    return at.front.doorway.sessions.forgery.token(sub)


async def test_a_session_stands_for_its_token(at: DoorAtWork) -> None:
    assert (await at.get("/things", headers={"Cookie": "s=u1"})).status_code == 200
    (asked,) = at.behind.asked
    token = (asked.header("authorization") or "").removeprefix("Bearer ")
    caller = at.front.doorway.verifier.known(token)
    assert caller is not None
    assert caller.sub == "u1"
    assert asked.header("cookie") is None


async def test_without_a_session_there_is_no_token(at: DoorAtWork) -> None:
    await at.get("/things", headers={"Cookie": "other=1"})
    assert at.behind.asked[0].header("authorization") is None


async def test_a_token_of_ones_own_counts_more(at: DoorAtWork) -> None:
    own = at.token("u2")
    await at.post("/things", headers={"Cookie": "s=u1", **own})
    assert at.behind.asked[0].header("authorization") == own["Authorization"]


async def test_what_changes_something_needs_the_sessions_own_word(at: DoorAtWork) -> None:
    for shown in (None, "", "another", word(at, "u2"), word(at, "u1")[:-4]):
        headers = {"Cookie": "s=u1"} | ({} if shown is None else {"X-CSRF-Token": shown})
        answer = await at.post("/things", headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:jinlin:problem:forged")
    assert at.behind.asked == []


async def test_with_its_word_it_is_passed_on(at: DoorAtWork) -> None:
    headers = {"Cookie": "s=u1", "X-CSRF-Token": word(at, "u1")}
    assert (await at.post("/things", headers=headers)).status_code == 200
    assert len(at.behind.asked) == 1
