"""Who may do what with whose petition: every endpoint, each role, another's object; and tokens."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from deploy.local.issuer import AUDIENCE, mint, new_key
from tests.e2e.town import AREA, DISTRICT, ELSEWHERE, FAR, HOME, NEXT_DOOR, Person, Town, filing

VERBS: dict[str, dict[str, Any]] = {
    "assign": {"assignee": "somebody-else"},
    "take": {},
    "answer": {"done": "杂物已经清走。", "done_by": "物业保洁", "finished": True},
    "hand-up": {"reason": "需要上级协调。"},
    "return": {"question": "在哪里？"},
    "comment": {"text": "请尽快。"},
    "rate": {"stars": 1},
    "confirm-solved": {},
    "withdraw": {},
    "close": {"reason": "复核完毕。"},
}
STAFFS = {"assign", "take", "answer", "hand-up", "return", "comment"}
PETITIONERS = {"comment", "rate", "confirm-solved", "withdraw"}


@dataclass(frozen=True)
class Case:
    """A caller, and what may be done to a petition at HOME that is not theirs unless said so."""

    name: str
    roles: tuple[str, ...]
    places: tuple[str, ...]
    allowed: frozenset[str] | None
    """The verbs that are not forbidden; None for whom the petition does not exist."""
    sub: str | None = None


CASES = [
    Case("another resident", ("resident",), (HOME,), None),
    Case("a resident who claims the district", ("resident",), (DISTRICT,), None),
    Case("nobody in particular", (), (), None),
    Case("the hotline desk", ("intake",), (DISTRICT,), frozenset()),
    Case("the administrator", ("administrator",), (DISTRICT,), None),
    Case("the operator", ("operator",), (DISTRICT,), None),
    Case("a service", ("service",), (DISTRICT,), None),
    Case("staff without a place", ("street-staff",), (), None),
    Case("the neighbours' staff", ("neighbourhood-staff",), (NEXT_DOOR,), None),
    Case("another district's staff", ("district-staff",), (ELSEWHERE, FAR), None),
    Case("the petitioner", ("resident",), (), frozenset(PETITIONERS), "petitioner"),
    Case("a grid worker there", ("grid-worker",), (HOME,), frozenset(STAFFS)),
    Case("staff there", ("neighbourhood-staff",), (HOME,), frozenset(STAFFS)),
    Case("staff of the area", ("area-staff",), (AREA,), frozenset(STAFFS)),
    Case("the district's staff", ("district-staff",), (DISTRICT,), frozenset({*STAFFS, "close"})),
]


def caller(town: Town, case: Case, petitioner: Person) -> Person:
    sub = petitioner.sub if case.sub else f"{'-'.join(case.name.split())}-1".replace("'", "")
    return Person(town, sub, case.roles, case.places)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_verb_for_every_role(town: Town, case: Case) -> None:
    petitioner = town.resident()
    somebody = caller(town, case, petitioner)
    missing = "0" * 32
    for verb, body in VERBS.items():
        petition = petitioner.file()
        answer = somebody.post("petitions", f"/petitions/{petition}/{verb}", body)
        if case.allowed is None:
            # Not to be told from a petition that there is not.
            nothing = somebody.post("petitions", f"/petitions/{missing}/{verb}", body)
            assert answer.status_code == nothing.status_code == 404, (verb, answer.text)
            assert answer.json() == nothing.json()
        elif verb in case.allowed:
            # The rules of the moment may still say no, with a reason.
            assert answer.status_code in (200, 409), (verb, answer.text)
        else:
            assert answer.status_code == 403, (verb, answer.text)
        if answer.status_code != 200:
            assert petitioner.sees(petition)["version"] == 1, verb


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_reading_for_every_role(town: Town, case: Case) -> None:
    petitioner = town.resident()
    petition = petitioner.file(title="只给有关的人看")
    somebody = caller(town, case, petitioner)
    status = 404 if case.allowed is None else 200
    for path in (f"/petitions/{petition}", f"/petitions/{petition}/timeline"):
        answer = somebody.get("petitions", path)
        assert answer.status_code == status, path
        assert ("只给有关的人看" in answer.text) == (status == 200 and "timeline" not in path)
    if status == 200:
        open_to_them = VERBS.keys() & somebody.sees(petition)["can"]
        assert case.allowed is not None
        assert open_to_them <= case.allowed
    queue = somebody.get("petitions", "/petitions", params={"limit": 200})
    if queue.status_code == 200:
        listed = petition in [item["id"] for item in queue.json()["items"]]
        # What is due last stands at the end of a long queue: only absence says something.
        assert status == 200 or not listed
    else:
        assert queue.status_code == 403
    mine = somebody.get("petitions", "/petitions/mine").json()["items"]
    assert (petition in [item["id"] for item in mine]) == (case.sub is not None)


def test_only_those_who_may_file_for_others_do(town: Town) -> None:
    resident, desk = town.resident(), town.staff("intake", DISTRICT)
    for body in (
        filing(on_behalf=True, petitioner="resident-x"),
        filing(raised_at="2025-03-03T09:30:00+08:00"),
    ):
        assert resident.post("petitions", "/petitions", body).status_code == 403
        assert desk.post("petitions", "/petitions", body).status_code == 201
    nobody = Person(town, "nobody-1", (), ())
    assert nobody.post("petitions", "/petitions", filing()).status_code == 403


def test_nobody_acts_in_anothers_name(town: Town) -> None:
    resident, victim = town.resident(), town.resident()
    for extra in ({"by": victim.sub}, {"petitioner": victim.sub, "by": victim.sub}):
        assert resident.post("petitions", "/petitions", filing(**extra)).status_code == 422
    # Without on_behalf the petitioner is the caller, whatever the body says.
    petition = resident.file(petitioner=victim.sub)
    assert resident.sees(petition)["petitioner"] == resident.sub
    assert victim.get("petitions", f"/petitions/{petition}").status_code == 404


# --- tokens ------------------------------------------------------------------------------------


def part(content: dict[str, Any]) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def bad_tokens(town: Town) -> Iterator[tuple[str, str]]:
    """Every kind of token that must not open the door."""
    good = town.issuer.token("resident-1", ["resident"], [HOME])
    head, claims, signature = good.split(".")
    decoded = json.loads(base64.urlsafe_b64decode(claims + "=="))
    raised = part({**decoded, "roles": ["administrator"]})
    stranger = new_key()
    yield "expired", town.issuer.token("resident-1", ["resident"], [HOME], lifetime=-60)
    yield "for another audience", town.issuer.token("resident-1", ["resident"], aud="other")
    yield "without an audience", town.issuer.token("resident-1", ["resident"], aud=None)
    yield "without an end", town.issuer.token("resident-1", ["resident"], exp=None)
    yield "with a name for a subject", town.issuer.token("林 女士", ["resident"])
    yield "of another issuer", town.issuer.token("resident-1", ["resident"], iss="https://x.test")
    yield "signed by a stranger", mint(stranger, town.issuer.url, "resident-1", ["resident"], [])
    yield "alg none", f"{part({'alg': 'none', 'typ': 'at+jwt'})}.{claims}."
    yield "alg none with a signature", f"{part({'alg': 'none'})}.{claims}.{signature}"
    yield "altered claims", f"{head}.{raised}.{signature}"
    yield "altered signature", f"{head}.{claims}.{signature[::-1]}"
    yield "cut off", good[: len(good) // 2]
    yield "no token at all", "a.b.c"
    yield "endless", "x" * 20_000


def answers_to(town: Town, headers: dict[str, str]) -> list[httpx.Response]:
    """What the three doors say."""
    return [
        town.http.get(f"{town.url('petitions')}/petitions/mine", headers=headers),
        town.http.post(f"{town.url('petitions')}/petitions", json=filing(), headers=headers),
        town.http.get(f"{town.url('notifications')}/inbox", headers=headers),
        town.http.get(f"{town.url('community')}/places", headers=headers),
    ]


def test_the_audience_of_good_tokens_is_ours() -> None:
    assert AUDIENCE == "jinlin"


def test_no_token_and_bad_tokens_are_turned_away_everywhere(town: Town) -> None:
    good = {"Authorization": f"Bearer {town.issuer.token('resident-1', ['resident'], [HOME])}"}
    assert [answer.status_code for answer in answers_to(town, good)] == [200, 201, 200, 200]
    tokens = dict(bad_tokens(town))
    headers = {name: {"Authorization": f"Bearer {token}"} for name, token in tokens.items()}
    headers["none"] = {}
    headers["basic"] = {"Authorization": "Basic cmVzaWRlbnQ6MTIz"}
    headers["bearer alone"] = {"Authorization": "Bearer"}
    for name, given in headers.items():
        for answer in answers_to(town, given):
            assert answer.status_code == 401, (name, answer.request.url, answer.text)
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert answer.json()["type"] == "urn:jinlin:problem:not-authenticated"
            assert tokens.get(name, "no such text") not in answer.text
