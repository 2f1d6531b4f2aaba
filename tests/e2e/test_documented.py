"""Everybody keeps to the joined OpenAPI document, whoever asks for whatever (schemathesis).

Through the door, as callers come: an answer is the service's, or the door's own, and both have to
be what the document says. Chapter by chapter, for what one test may take is not to depend on how
much a service does.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from threading import local
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.gateway.upstream.listing import TECHNICAL
from shared.contracts.envelope import SERVICES
from shared.runtime.policies import public
from shared.runtime.service import Service
from tests.e2e.mediated import MEDIATOR
from tests.e2e.town import COMMUNITY, DISTRICT, HOME, ROLES, Town
from tests.e2e.waiting import until

FITTING, MISFIT = 3, 1
"""Requests made up for each operation: such as the document describes, and others."""
OTHERS = 3
"""Who ask the same besides the insider, in turn."""
AT_ONCE = 4
ENDLESS = ("/api/notifications/inbox/stream", "/api/subscriptions/feed/stream")
"""Answers that do not end by themselves; tests/e2e/test_stream.py and test_feed.py read them."""
WAITING = "wait"
"""A parameter by which an answer is waited for."""
HELD_TO = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ALWAYS = (
    "x-request-id",
    "x-content-type-options",
    "ratelimit",
    "ratelimit-policy",
)
"""What every answer of the door says besides."""
HEALTH = "Health"
DOOR = "gateway"

PEOPLE: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "insider": (
        "curious-1",
        ("resident", "administrator", "district-staff", "intake"),
        (DISTRICT,),
    ),
    "resident": ("curious-2", ("resident",), (HOME,)),
    "grid worker": ("curious-3", ("grid-worker",), (HOME,)),
    "officer": ("curious-4", (ROLES[COMMUNITY],), (COMMUNITY,)),
    "mediator": (MEDIATOR, ("resident",), (HOME,)),
    "administrator": ("curious-5", ("administrator",), ()),
    "service client": ("curious-6", ("service",), ()),
}
"""Who asks: subject, roles and places. Nobody in particular asks as well."""


def service_of(name: str) -> Service:
    """A service's tables."""
    found: Service = import_module(f"services.{name}.main").service
    return found


def chapters(name: str) -> list[str]:
    """The tags under which a service's document tells of its operations."""
    service = service_of(name)
    tags = [api.tag for api in service.apis]
    tags += [tag for queries in service.queries if queries.rows for tag in queries.tags]
    return [*dict.fromkeys(tags)]


ALL = (*SERVICES, DOOR)
CHAPTERS = [(name, chapter) for name in ALL for chapter in chapters(name)]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]


@dataclass(frozen=True, slots=True)
class Joined:
    """The document, and how to ask the door it stands for."""

    town: Town
    document: dict[str, Any]
    tokens: dict[str | None, str | None]

    def chapter(self, tag: str) -> Iterator[APIOperation[Any, Any, Any, Any]]:
        """The operations of one chapter. The rest is left out: what is kept to make up requests is
        let go with the chapter, and of all together it is gigabytes.
        """
        paths = {
            path: of_it
            for path, operations in self.document["paths"].items()
            if path not in ENDLESS
            and (of_it := {key: one for key, one in operations.items() if tag in one["tags"]})
        }
        for found in schemathesis.openapi.from_dict(
            {**self.document, "paths": paths}
        ).get_all_operations():
            assert isinstance(found, Ok), found
            yield found.ok()

    def ids(self, path: str) -> list[str]:
        """Of things that are really there, whose collection a path names."""
        service, _, rest = path.removeprefix("/api/").partition("/")
        kinds = {api.collection: api.aggregate.kind for api in service_of(service).apis}
        kind = kinds.get(rest.partition("/")[0])
        if kind is None or "{id}" not in rest:
            return []
        stored = self.town.store(service)[f"state_{kind}"].find({}, {"_id": True}, limit=4)
        return [str(one["_id"]) for one in stored]


@pytest.fixture(scope="module")
def joined(town: Town) -> Joined:
    """The document of all services."""
    address = f"{town.url(DOOR)}/api/openapi.json"

    def whole() -> bool:
        told = town.http.get(address).json()["tags"]
        return {tag["name"].partition(":")[0] for tag in told} == set(ALL)

    until(whole, "every service has told what it lists")
    tokens: dict[str | None, str | None] = {None: None}
    tokens |= {who: town.issuer.token(*about) for who, about in PEOPLE.items()}
    return Joined(town, town.http.get(address).json(), tokens)


def made_up(
    operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, count: int
) -> list[Case]:
    """So many requests, the same in every run; none where there is nothing to do wrong."""
    cases: list[Case] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def take(case: Case) -> None:
        cases.append(case)

    try:
        take()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE
    return cases[:count]


def asked_by_all(cases: list[Case], turn: int) -> Iterator[tuple[Case, str | None]]:
    """Every request by somebody who may do almost everything, and some by others: who, is by turns,
    so that of a chapter of a few operations everybody asks something.
    """
    for case in cases:
        yield case, "insider"
    others = [who for who in (*PEOPLE, None) if who != "insider"]
    for number in range(OTHERS):
        who = others[(turn * OTHERS + number) % len(others)]
        yield cases[number % len(cases)], who


def about_what_is_there(case: Case, ids: list[str]) -> None:
    """Most of what is made up is about nothing: queries are about a thing instead. Not verbs, for
    others live in the town as well.
    """
    if case.method == "GET" and ids and "id" in case.path_parameters:
        case.path_parameters["id"] = ids[0]
        ids.append(ids.pop(0))


_lines = local()


def ask(joined: Joined, case: Case, who: str | None) -> None:
    """Sends a request and holds the answer to the document; says who asked where it fails."""
    if not hasattr(_lines, "session"):
        _lines.session = requests.Session()
    token = joined.tokens[who]
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    (case.query or {}).pop(WAITING, None)
    base = joined.town.url(DOOR)
    try:
        answer = case.call(base_url=base, session=_lines.session, headers=headers, timeout=30)
        case.validate_response(answer, checks=HELD_TO)
    except BaseException as error:
        error.add_note(f"asked by {who or 'nobody in particular'}")
        raise
    assert not set(ALWAYS) - answer.headers.keys(), (case.formatted_path, answer.headers)


@pytest.mark.parametrize(("name", "chapter"), CHAPTERS)
def test_the_door_keeps_to_the_document(joined: Joined, name: str, chapter: str) -> None:
    """Asked by a resident, a grid worker, an officer, a mediator, an administrator, a service
    client and nobody; and more often by somebody who may do almost everything.
    """
    requests_: list[tuple[Case, str | None]] = []
    for turn, operation in enumerate(joined.chapter(f"{name}: {chapter}")):
        ids = joined.ids(operation.path)
        cases = made_up(operation, GenerationMode.POSITIVE, FITTING)
        for case in cases:
            about_what_is_there(case, ids)
        requests_ += asked_by_all(cases, turn)
        misfits = made_up(operation, GenerationMode.NEGATIVE, MISFIT)
        requests_ += [(case, "insider") for case in misfits]
    assert requests_, "there is nothing in this chapter"
    with ThreadPoolExecutor(AT_ONCE) as at_once:
        for _ in at_once.map(lambda one: ask(joined, *one), requests_):
            pass


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_says_how_it_is_as_its_document_has_it(town: Town, name: str) -> None:
    """What the door passes on to nobody."""
    document = schemathesis.openapi.from_url(f"{town.url(name)}/openapi.json")
    asked = 0
    for found in document.include(tag=HEALTH).get_all_operations():
        assert isinstance(found, Ok), found
        (case,) = made_up(found.ok(), GenerationMode.POSITIVE, 1)
        case.call_and_validate(checks=HELD_TO)
        asked += 1
    assert asked == len(TECHNICAL - {"/openapi.json"})


def test_every_operation_says_what_it_answers(joined: Joined) -> None:
    known = {f"{name}: {chapter}" for name, chapter in CHAPTERS}
    for path, operations in joined.document["paths"].items():
        for method, operation in operations.items():
            assert operation["responses"], (method, path)
            assert set(operation["tags"]) <= known, (method, path)
            if operation["x-may"] != public.name:
                assert "401" in operation["responses"], (method, path)
