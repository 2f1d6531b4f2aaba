"""Who may do what: the policies, and where a thing lies."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from shared.runtime.api import Create, Dossier, Verb
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, administrator, anyone, nobody, owner, role, within_place
from tests.runtime.lamp import Break, Install, Lamp, Repair, lamps_api
from tests.runtime.lamp_service import World, world

STREETS = {"p1": ("gl", "dj", "p1"), "p2": ("gl", "nj", "p2")}
"""Where the places are at which lamps stand."""

staff = within_place("grid-worker")


def caller(*roles: str, sub: str = "u1", places: Sequence[str] = ()) -> Caller:
    return Caller(sub, frozenset(roles), frozenset(places), None)


def test_a_rule_is_named_and_composed() -> None:
    either = role("a", "b") & (owner("petitioner") | administrator)
    assert either.name == "(a or b) and (the petitioner or administrator)"
    thing = SimpleNamespace(petitioner="u1")
    assert either.allows(caller("a"), thing, None)
    assert not either.allows(caller("c"), thing, None)
    assert not either.allows(caller("a", sub="u2"), thing, None)
    assert either.allows(caller("b", "administrator", sub="u2"), thing, None)
    assert anyone.allows(caller(), None, None)
    assert not nobody.allows(caller("administrator"), None, None)


def test_a_thing_lies_where_its_table_says_before_all_else() -> None:
    there = caller("grid-worker", places=["dj"])
    assert staff.allows(there, SimpleNamespace(path=("gl", "dj")), None)
    assert staff.allows(there, SimpleNamespace(place="dj"), None)
    assert staff.allows(there, None, SimpleNamespace(code="dj"))
    assert staff.allows(there, SimpleNamespace(household="u1"), None, ("gl", "dj", "u1"))
    assert not staff.allows(there, SimpleNamespace(place="dj"), None, ("gl", "nj"))
    assert not staff.allows(there, SimpleNamespace(household="dj"), None)


def test_a_place_counts_for_the_roles_that_are_named() -> None:
    thing = SimpleNamespace(path=("gl", "dj"))
    assert not staff.allows(caller("resident", places=["dj"]), thing, None)
    assert within_place().allows(caller("resident", places=["dj"]), thing, None)
    assert not staff.allows(caller("grid-worker"), thing, None)


@pytest.mark.parametrize("compose", [lambda one: one | nobody, lambda one: one & anyone])
def test_a_composed_rule_hands_on_where_the_thing_lies(compose: Any) -> None:
    composed: Policy = compose(staff)
    there = caller("grid-worker", places=["dj"])
    assert composed.allows(there, None, None, ("gl", "dj"))
    assert not composed.allows(there, None, None, ("gl", "nj"))


# --- over HTTP -----------------------------------------------------------------------------------


def lies_in(copies: Copies, state: Lamp | None, command: Any) -> Sequence[str]:
    """Where a lamp stands, or is to stand."""
    assert "lamp" in copies
    return STREETS.get(command.place if state is None else state.place, ())


street_lamps = replace(
    lamps_api,
    create=Create(Install, may=staff),
    verbs={"break": Verb(Break, may=anyone), "repair": Verb(Repair, may=staff)},
    see=role("resident") | staff,
    dossier=Dossier(see=staff),
    lies_in=lies_in,
)


@pytest.fixture
async def at() -> AsyncIterator[World]:
    async with world(api=street_lamps) as made:
        yield made


async def install(at: World, *places: str) -> Any:
    return await at.ask(
        "POST",
        "/lamps",
        roles=("grid-worker",),
        places=places,
        json={"place": "p1", "keeper": "k1", "watts": 60},
    )


async def test_staff_create_things_in_their_places_only(at: World) -> None:
    assert (await install(at, "nj")).status_code == 403
    assert (await install(at)).status_code == 403
    assert (await install(at, "dj")).status_code == 201


async def test_staff_see_and_do_what_lies_in_their_places(at: World) -> None:
    path = f"/lamps/{(await install(at, 'gl')).json()['id']}"
    await at.ask("POST", f"{path}/break", json={"words": "dark"})
    here: Any = {"roles": ("grid-worker",), "places": ("dj",)}
    there: Any = {"roles": ("grid-worker",), "places": ("nj",)}
    shown = (await at.ask("GET", path, **here)).json()
    assert (shown["can"], len(shown["dossier"])) == (["repair"], 1)
    assert (await at.ask("GET", f"{path}/timeline", **here)).status_code == 200
    for sight in (path, f"{path}/timeline"):
        assert (await at.ask("GET", sight, **there)).status_code == 404
    assert (await at.ask("POST", f"{path}/repair", json={}, **there)).status_code == 404
    seen = await at.ask("GET", path)
    assert seen.json()["can"] == []
    assert "dossier" not in seen.json()
    assert (await at.ask("POST", f"{path}/repair", json={})).status_code == 403
    assert (await at.ask("POST", f"{path}/repair", json={}, **here)).status_code == 200
