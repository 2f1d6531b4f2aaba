"""How the door says no to people, and to programs."""

from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.gateway import front
from services.gateway.doorway import answer_also
from services.gateway.identity import Forged, SignInFirst
from services.gateway.upstream import ServiceAway
from shared.runtime.problems import NotFound
from tests.services.gateway.door import DoorAtWork, door

PEOPLE = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "zh-CN"}

TROUBLE: dict[str, Exception] = {
    "/sign-in": SignInFirst(),
    "/forged": Forged(),
    "/away": ServiceAway("petitions"),
    "/hidden": NotFound(),
    "/defect": ZeroDivisionError("secret words"),
}


async def raises(request: Request) -> Response:
    """A route that gets into trouble."""
    raise TROUBLE[request.url.path]


async def well(request: Request) -> Response:
    """A route that answers, with a cookie that somebody else sets."""
    answer_also(request, "Set-Cookie", "a=b; HttpOnly")
    body = await request.body()
    return PlainTextResponse(str(len(body)))


@pytest.fixture
async def at(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DoorAtWork]:
    """The door with routes that get into trouble."""
    routes = [Route(path, raises, methods=["GET", "POST"]) for path in TROUBLE]
    monkeypatch.setattr(front, "ROUTES", [*routes, Route("/well", well, methods=["POST"])])
    async with door() as there:
        yield there


async def test_who_reads_without_being_logged_in_is_led_there_and_back(at: DoorAtWork) -> None:
    answer = await at.client.get("/sign-in?a=1&b=%2F", headers=PEOPLE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fsign-in%3Fa%3D1%26b%3D%252F"


async def test_who_changes_something_is_not_led_anywhere(at: DoorAtWork) -> None:
    answer = await at.client.post("/sign-in", headers=PEOPLE)
    assert answer.status_code == 401
    assert "location" not in answer.headers


async def test_a_program_is_told_what_it_needs(at: DoorAtWork) -> None:
    answer = await at.client.get("/sign-in")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/forged", 403, "校验码"),
        ("/away", 503, "petitions"),
        ("/hidden", 404, "没有"),
        ("/nowhere", 404, "没有"),
        ("/defect", 500, "我们的问题"),
    ],
)
async def test_people_are_told_in_words(at: DoorAtWork, path: str, status: int, words: str) -> None:
    answer = await at.client.get(path, headers=PEOPLE)
    assert answer.status_code == status
    assert words in answer.text
    assert "secret words" not in answer.text
    assert answer.headers["content-type"] != "application/problem+json"
    program = await at.client.get(path)
    assert program.status_code == status
    assert program.json()["status"] == status


async def test_an_away_service_says_when_to_come_again(at: DoorAtWork) -> None:
    assert int((await at.client.get("/away", headers=PEOPLE)).headers["retry-after"]) > 0


async def test_an_answer_may_get_a_header_from_elsewhere(at: DoorAtWork) -> None:
    answer = await at.client.post("/well", content=b"x" * 100_000)
    assert answer.text == "100000"
    assert answer.headers["set-cookie"] == "a=b; HttpOnly"
    assert "set-cookie" not in (await at.client.get("/nowhere")).headers
