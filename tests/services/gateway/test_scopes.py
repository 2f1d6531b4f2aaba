"""Programs: what their tokens were given for, and no more."""

from collections.abc import AsyncIterator

import pytest

from shared.runtime.identity import caller_in
from shared.runtime.signed_tokens import NotAuthenticated
from tests.services.gateway.behind import DOCUMENT, PATHS, operation
from tests.services.gateway.door import DoorAtWork, door


@pytest.fixture
async def at() -> AsyncIterator[DoorAtWork]:
    """The door at work; one of the paths behind it is everybody's."""
    async with door() as there:
        everybody = {"/everybody": {"get": operation(security=[])}}
        there.behind.document = {**DOCUMENT, "paths": {**PATHS, **everybody}}
        yield there


def program(at: DoorAtWork, scope: str | None, *more: str) -> dict[str, str]:
    """The header of a program whose token was given for that."""
    token = at.issuer.token("city-system", ("service", *more), scope=scope)
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    ("scope", "reads", "writes"),
    [
        ("petitions", 200, 200),
        ("petitions:read", 200, 403),
        ("community petitions:read subscriptions", 200, 403),
        ("petitions:write", 403, 403),
        ("petition", 403, 403),
        ("community", 403, 403),
        ("openid profile", 403, 403),
        ("", 403, 403),
        (None, 403, 403),
    ],
)
async def test_a_program_does_what_its_scopes_say(
    at: DoorAtWork, scope: str | None, reads: int, writes: int
) -> None:
    headers = program(at, scope)
    read = await at.get("/things", headers=headers)
    written = await at.post("/things", json={}, headers=headers)
    assert (read.status_code, written.status_code) == (reads, writes)
    assert len(at.behind.asked) == [reads, writes].count(200)


async def test_it_is_told_what_it_lacks(at: DoorAtWork) -> None:
    headers = {**program(at, "community"), "Accept-Language": "en"}
    for refused, least in (
        (await at.get("/things", headers=headers), "petitions:read"),
        (await at.post("/things", json={}, headers=headers), "petitions"),
    ):
        assert refused.json()["type"] == "urn:jinlin:problem:out-of-scope"
        assert refused.json()["detail"].endswith(f"What is needed: {least}.")
        wanted = f'Bearer error="insufficient_scope", scope="{least}"'
        assert refused.headers["www-authenticate"] == wanted


async def test_other_roles_beside_it_make_no_difference(at: DoorAtWork) -> None:
    headers = program(at, "community", "administrator", "resident")
    assert (await at.get("/things", headers=headers)).status_code == 403
    own = await at.client.get("/api/gateway/api-keys", headers=headers)
    assert own.json()["type"] == "urn:jinlin:problem:out-of-scope"


async def test_what_is_everybodys_needs_no_scope(at: DoorAtWork) -> None:
    assert (await at.get("/everybody", headers=program(at, None))).status_code == 200


async def test_what_people_may_does_not_hang_on_scopes(at: DoorAtWork) -> None:
    for scope in (None, "openid profile", "community"):
        token = at.issuer.token("u1", ("resident",), scope=scope)
        headers = {"Authorization": f"Bearer {token}"}
        assert (await at.get("/things", headers=headers)).status_code == 200


def test_scopes_that_are_no_text_are_refused() -> None:
    assert caller_in({"sub": "u1"}).scopes == frozenset()
    assert caller_in({"sub": "u1", "scope": "a b"}).scopes == {"a", "b"}
    with pytest.raises(NotAuthenticated):
        caller_in({"sub": "u1", "scope": ["a"]})
