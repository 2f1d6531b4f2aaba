"""Every row of the access matrix against the real services: every role, here and elsewhere, with
one's own and others' things, and without a token. New rows are held without a line here; a command
that takes none of the made-up values has an entry in `GIVEN`.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.api import AggregateApi
from shared.runtime.copies import Copies, Copy
from shared.runtime.deciding import state_of
from shared.runtime.documents import CODEC, stored_of
from shared.runtime.identity import Caller
from shared.runtime.problems import PROBLEM
from shared.runtime.service import Service
from tests.architecture.access_matrix import ALL
from tests.e2e.certified import CITY_TIME, certified, credentialed
from tests.e2e.matrix import STRANGER, Ask, Matrix, Reply, Thing
from tests.e2e.mediated import MEDIATOR, ROOM, a_mediated_dispute, quarrel
from tests.e2e.patrolled import a_patrol
from tests.e2e.samples import sample_body
from tests.e2e.town import DISTRICT, FAR, HOLDERS, HOME, ROLES, Person, Town, filing
from tests.e2e.waiting import until
from tests.e2e.wishes_and_lists import a_claimed_wish, a_confirmed_check_in
from tests.services.volunteering.orders.windows import window

DISPATCHER, DEPARTMENT = "matrix-dispatcher", "matrix-department"
BUILDING, UNIT, ORG = f"{HOME}-B1", f"{HOME}-B1-101", "matrix-property"
SOON = datetime.now(UTC) + timedelta(hours=1)
IN_A_MONTH = (SOON + timedelta(days=30)).isoformat()
NAMED = {
    "place": HOME,
    "home": HOME,
    "household": UNIT,
    "category": "sanitation",
    "duty": "petitions",
    "keeper": HOLDERS[HOME],
    "resident": "matrix-resident",
    "organisation": ORG,
    "chair": ORG,
    "first": (SOON + timedelta(days=7)).date().isoformat(),
    "last": (SOON + timedelta(days=9)).date().isoformat(),
    "volunteer": "matrix-volunteer",
    "captain": "matrix-captain",
}
"""What fields of these names are given, where their type takes it."""
GIVEN: dict[str, dict[str, Any]] = {
    # What is there already is refused, after permission: nobody needs more of these places.
    "register-place": {"code": HOME},
    "file": filing(),
    "define": {"code": "matrix", "parent": "sanitation"},
    # Under age, so that there is a guardian.
    "register-volunteer": {"birth_year": SOON.year - 14, "guardian": "matrix-guardian"},
    "make-care-plan": {
        "person": "matrix-elder",
        "purpose": "lone-elder",
        "minutes": 30,
        "visitor": HOLDERS[HOME],
        "deputy": HOLDERS[DISTRICT],
        "health_contact": "matrix-nurse",
    },
    "offer-resource": {"begin": SOON.isoformat(), "until": IN_A_MONTH},
    "state-need": {"begin": SOON.isoformat(), "until": IN_A_MONTH},
    "plan-project": {"until": IN_A_MONTH},
    "place-order": {"service": "haircut", "times": [window()]},
    "plan": {
        "outline": {
            "title": "清洁日",
            "theme": "environment",
            "roles": [{"code": "helper", "number": 5}],
        },
        "begin": IN_A_MONTH,
        "end": (SOON + timedelta(days=30, hours=2)).isoformat(),
    },
    "file-dispute": {
        **quarrel(),
        "on_behalf": True,
        "consent": {"how": "spoken", "given": "2026-01-05T09:00:00+08:00"},
    },
    "open-room": {"room": ROOM, "place": HOME},
    "make-promise": {"year": SOON.astimezone(CITY_TIME).year, "due": SOON.isoformat()},
    "draft-broadcast": {
        "words": [{"language": "zh-Hans", "title": "停水通知", "body": "今晚十点停水。"}]
    },
    "set-on-call": {"place": HOME, "rungs": [{"person": HOLDERS[HOME], "minutes": 5}]},
    "raise-alarm": {"place": HOME},
    "begin-series": {
        "rhythm": {"every": "week", "weekdays": [2]},
        "outline": {
            "title": "清洁日",
            "theme": "environment",
            "roles": [{"code": "helper", "number": 5}],
        },
    },
}
"""What the commands that create things are given besides, by their verb."""
LIVED: dict[str, tuple[str, dict[str, Any], Caller]] = {
    # A draft is seen by few.
    "activities": ("open", {}, Caller(STRANGER)),
    "projects": (
        "give-task",
        {"text": "接送", "until": (SOON + timedelta(days=9)).isoformat(), "person": "member-1"},
        Caller("a1", frozenset({"administrator"})),
    ),
    # One about which somebody has to be called.
    "messages": ("called", {"reached": False}, Caller("desk-1", frozenset({"intake"}))),
    # Who mediates can: of this panel somebody may leave, and who is asked to sit may answer.
    "panels": ("add-seat", {"seat": "doctor"}, Caller(MEDIATOR)),
    "volunteers": ("confirm-guardian", {}, Caller("a1", frozenset({"administrator"}))),
    "organisations": ("admit", {"person": "member-1"}, Caller("a1", frozenset({"administrator"}))),
    "petitions": (
        "consult",
        {"departments": [ORG, DEPARTMENT], "lead": ORG, "question": "请各部门到场。"},
        Caller(HOLDERS[DISTRICT], frozenset({ROLES[DISTRICT]}), frozenset({DISTRICT})),
    ),
}
"""What is done to one thing of a collection, so that it names those who may do more."""
MOST_THINGS = 3
"""Things of a kind that are tried, each in another status."""
SETTLES_WITHIN = 20.0
"""Seconds in which a service's copies have what was just created, and clocks have ticked."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def things(town: Town, service: Service, aggregate: Aggregate[Any]) -> dict[str, Thing]:
    """All that are really there, by id."""
    states = town.store(service.name).get_collection(f"state_{aggregate.kind}", CODEC)
    stored = map(stored_of, states.find())
    return {one.id: Thing(one.id, one.version, state_of(aggregate, one)) for one in stored}


def copies(town: Town, service: Service) -> Copies:
    """What the service's policies know of other things."""
    made = [make() for make in service.copies]
    return {
        copy.name: {id: one.state for id, one in things(town, service, copy.aggregate).items()}
        for copy in made
        if isinstance(copy, Copy)
    }


def various(there: Mapping[str, Thing]) -> set[str]:
    """The ids of the latest in each status."""
    by_status = {getattr(one.state, "status", None): id for id, one in there.items()}
    return set(list(by_status.values())[:MOST_THINGS])


async def lived(ask: Ask, collection: str, ids: Iterable[str]) -> str:
    """The id of the first thing to which it could be done."""
    verb, body, caller = LIVED[collection]
    said = []
    for id in ids:
        reply = await ask("POST", f"/{collection}/{id}/{verb}", caller, body, {})
        if reply.status == 200:
            return id
        said.append(reply)
    raise AssertionError(f"nobody could {verb} any of the {collection}: {said}")


@asynccontextmanager
async def asking(town: Town, name: str) -> AsyncIterator[Any]:
    """How to ask a service; tokens are kept."""
    tokens: dict[Caller, str] = {}

    async def ask(
        method: str, path: str, caller: Caller | None, body: Any, headers: Mapping[str, str]
    ) -> Reply:
        sent = {"Content-Type": "application/json", **headers}
        if caller is not None:
            if caller not in tokens:
                tokens[caller] = town.issuer.token(
                    caller.sub, [*caller.roles], [*caller.places], caller.org
                )
            sent["Authorization"] = f"Bearer {tokens[caller]}"
        content = None if body is None else json.dumps(body).encode()
        return await asyncio.to_thread(lines.ask, method, below + path, content, sent)

    # The door's own tables stand where those of the services do.
    below = "/api/gateway" if name == "gateway" else ""
    lines = Lines(urlsplit(town.url(name)).netloc)
    try:
        yield ask
    finally:
        lines.close()


class Lines:
    """Connections that are kept: tens of thousands of requests are asked, and most of a client for
    all purposes would be its own time.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._free: list[HTTPConnection] = []

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        """Blocks until there is an answer. Some do not end: only JSON is read to its end."""
        line = self._free.pop() if self._free else HTTPConnection(self._address, timeout=30)
        line.request(method, quote(path, safe="/?=&:"), body, dict(headers))
        answer = line.getresponse()
        media = answer.headers.get("content-type")
        if media not in ("application/json", PROBLEM):
            line.close()
            return Reply(answer.status)
        content = answer.read()
        self._free.append(line)
        if media == PROBLEM:
            return Reply(answer.status, detail=content.decode())
        return Reply(answer.status, frozenset(json.loads(content)))

    def close(self) -> None:
        """Closes what is kept."""
        for line in self._free:
            line.close()


@pytest.fixture(scope="module")
def lived_in(town: Town) -> Town:
    """The town with a unit to live in, and with things that come of themselves."""
    places: tuple[dict[str, Any], ...] = (
        {"code": BUILDING, "kind": "building", "name": "三号楼", "parent": HOME},
        {"code": UNIT, "kind": "unit", "name": "101", "parent": BUILDING},
    )
    for place in places:

        def there(body: dict[str, Any] = place) -> bool:
            answer = town.administrator().post("community", "/places", body)
            # The one above is known to the rules a moment after it was registered.
            return answer.status_code == 201

        until(there, f"{place['code']} is registered")
    departments_to_call(town)
    serves = {"volunteer": "matrix-captain", "place": HOME, "birth_year": 1980, "name": "队长"}

    def enrolled() -> bool:
        answer = town.administrator().post("volunteering", "/volunteers", serves)
        return answer.status_code == 201

    until(enrolled, "somebody serves who can lead a team")
    a_claimed_wish(town, by="matrix-captain")
    a_confirmed_check_in(town)
    a_taken_order(town)
    a_patrol(town, "matrix-captain")
    a_mediated_dispute(town)
    a_webhook(town)
    an_api_key(town)
    who = town.administrator()
    credentialed(town, who, certified(town, who, "matrix"))
    town.resident().file()
    rule = town.administrator().post("notifications", "/rules/team-resumed/change", {"ways": []})
    assert rule.status_code == 200, rule.text
    somebody_to_call(town)
    messages = town.store("notifications")["state_message"]
    until(lambda: messages.count_documents({}) > 0, "somebody is told something")
    return town


def somebody_to_call(town: Town) -> None:
    """Those in charge can be called, and there is a danger to call them about."""
    number = {"way": "sms", "address": "13800000000", "wording": "v1", "agreed_at": IN_A_MONTH}
    lines = [{"person": person, **number} for person in HOLDERS.values()]
    body = {"source": "matrix", "lines": lines}
    taken = town.administrator().post("notifications", "/address-imports", body)
    assert {one["outcome"] for one in taken.json()["items"]} == {"taken"}, taken.text
    town.resident().file(text="楼道里燃气泄漏，味道很大")
    messages = town.store("notifications")["state_message"]
    waits = {"s.delivery.queue": "phone"}
    until(lambda: messages.count_documents(waits) > 0, "somebody has to be called")


def departments_to_call(town: Town) -> None:
    """Two departments that petitions knows, one of them the callers' own organisation."""
    for one in (ORG, DEPARTMENT):
        body = {"organisation": one, "kind": "department", "name": "职能部门", "home": HOME}
        answer = town.administrator().post("community", "/organisations", body)
        assert answer.status_code == 201, answer.text
    known = town.store("petitions")["state_organisation"]
    wanted = {"_id": {"$in": [ORG, DEPARTMENT]}}
    until(lambda: known.count_documents(wanted) == 2, "petitions knows the departments")


def a_taken_order(town: Town) -> None:
    """An order that an organisation was trusted with, and that one of those asked has."""
    administrator = town.administrator()
    body = {"organisation": DISPATCHER, "kind": "partner-unit", "name": "理发店", "home": HOME}
    assert administrator.post("community", "/organisations", body).status_code == 201
    member = {"person": "matrix-barber", "role": "contact"}
    at = f"/organisations/{DISPATCHER}/admit"
    assert administrator.post("community", at, member).status_code == 200
    taker = {
        "volunteer": "matrix-taker",
        "place": HOME,
        "birth_year": 1980,
        "name": "理发师",
        "skills": ["haircut"],
    }
    assert administrator.post("volunteering", "/volunteers", taker).status_code == 201
    order = {"service": "haircut", "place": HOME, "times": [window()]}
    placed = town.resident("matrix-host").post("volunteering", "/orders", order)
    assert placed.status_code == 201, placed.text
    at = f"/orders/{placed.json()['id']}"

    def done(who: Person, verb: str, **body: str) -> bool:
        return who.post("volunteering", f"{at}/{verb}", body).status_code == 200

    barber = town.resident("matrix-taker")
    until(lambda: barber.get("volunteering", "/orders/offered").json()["items"], "they are asked")
    trusted = {"organisation": DISPATCHER}
    until(lambda: done(administrator, "entrust", **trusted), "an organisation dispatches the order")
    assert done(barber, "accept")


def a_webhook(town: Town) -> None:
    """Another system's, that nobody answers."""
    body = {"url": "http://127.0.0.1:9/"}
    system = Person(town, "matrix-system", ("service",), ())
    created = system.post("subscriptions", "/webhooks", body)
    assert created.status_code == 201, created.text


def an_api_key(town: Town) -> None:
    """An application's, of this district."""
    body = {"application": "随手拍", "contact": "api@app.example", "jurisdiction": DISTRICT}
    issued = town.administrator().post("gateway", "/api/gateway/api-keys", body)
    assert issued.status_code == 201, issued.text


async def when_settled(
    town: Town, service: Service, matrix: Matrix, api: AggregateApi, id: str
) -> list[str]:
    """What is answered otherwise of a thing, once its clock and the copies have come to rest."""
    end = time.monotonic() + SETTLES_WITHIN
    while True:
        thing = things(town, service, api.aggregate)[id]
        matrix.copies = copies(town, service)
        wrong = await matrix.of_thing(api, thing)
        if not wrong or time.monotonic() > end:
            return wrong
        await asyncio.sleep(0.5)


@pytest.mark.parametrize("service", ALL, ids=lambda service: service.name)
async def test_the_real_api_is_its_access_matrix(lived_in: Town, service: Service) -> None:
    town, named, wrong = lived_in, dict(NAMED), list[str]()

    def sample(command: type[Command]) -> dict[str, Any]:
        return sample_body(command, named, GIVEN.get(command.verb, {}))

    async with asking(town, service.name) as ask:
        matrix = Matrix(service, ask, copies(town, service), FAR, HOME, ORG, sample)
        wrong += await matrix.of_queries()
        for api in service.apis:
            wrong += await matrix.of_creating(api)
            there = things(town, service, api.aggregate)
            kind = api.aggregate.kind
            assert there, f"no {kind} came to be, GIVEN needs an entry: {[*matrix.refusals]}"
            named.setdefault(kind, next(iter(there)))
            matrix.copies = copies(town, service)
        for api in service.apis:
            there = things(town, service, api.aggregate)
            ids = various(there)
            if api.collection in LIVED:
                others = sorted(there.keys() - ids)
                ids |= {await lived(ask, api.collection, [*sorted(ids), *others])}
            for id in ids:
                wrong += await when_settled(town, service, matrix, api, id)
    print(f"{service.name}: {matrix.asked} requests")
    assert wrong == []
    assert matrix.closed_to_all() == []
