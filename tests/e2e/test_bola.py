"""Another's thing is nobody else's business: broken object level authorization, tried at the door.

For each kind of thing that belongs to somebody: another resident, an officer of another place and
another program look at it, ask everything that can be asked about it and try its every verb, with a
token and with a browser's session. They are told 403 or 404, and not a word of it. What is to be
tried is read from the services' tables; that those may whom it concerns, the access matrix holds.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from services.gateway.settings import PUBLIC_URL
from shared.contracts.envelope import SERVICES
from shared.runtime.api import AggregateApi
from shared.runtime.policies import public
from shared.runtime.service import Service
from tests.architecture.access_matrix import ALL
from tests.e2e.inhabited import GIVEN, NAMED
from tests.e2e.matrix import NO_VERSION
from tests.e2e.narrowed import NARROWED
from tests.e2e.samples import sample_body
from tests.e2e.town import COMMUNITY, DISTRICT, FAR, HOME, Person, Town

BY_NAME: Mapping[str, Service] = {service.name: service for service in ALL}
OWNED = (
    ("petitions", "petitions"),
    ("community", "residents"),
    ("volunteering", "volunteers"),
    ("volunteering", "wishes"),
    ("volunteering", "orders"),
    ("volunteering", "care-plans"),
    ("volunteering", "patrol-findings"),
    ("volunteering", "certificates"),
    ("volunteering", "accounts"),
    ("mediation", "disputes"),
    ("mediation", "panels"),
    ("mediation", "sessions"),
    ("mediation", "evidence"),
    ("mediation", "agreements"),
    ("ledger", "credentials"),
    ("notifications", "messages"),
    ("notifications", "preferences"),
    ("subscriptions", "webhooks"),
    ("gateway", "api-keys"),
)
"""Services and collections of what belongs to somebody."""
OTHERS = {
    "another resident": (("resident",), FAR),
    "an officer of another place": (("street-staff",), FAR),
    "another program": (("service",), None),
}
"""Roles and places of those whose business it is not."""
PAGES = {
    "petitions": (
        "/petitions/{id}",
        "/work/petitions/{id}",
        "/work/hotline/{id}",
        "/work/duplicates/{id}",
        "/work/disputes/new?petition={id}",
    ),
    "wishes": ("/wishes/{id}",),
    "orders": ("/orders/{id}", "/work/orders/{id}"),
    "care-plans": ("/care/{id}", "/care/{id}/readings?purpose=supervision"),
    "patrol-findings": ("/findings/{id}",),
    "disputes": ("/disputes/{id}", "/disputes/{id}/evidence", "/work/disputes/{id}"),
    "sessions": ("/sessions/{id}",),
    "agreements": (
        "/agreements/{id}",
        "/agreements/{id}/draft",
        "/agreements/{id}/changes",
        "/agreements/{id}/sign",
    ),
    "credentials": ("/me/certificates/{id}",),
    "webhooks": ("/work/registers/webhooks/{id}",),
}
"""Where pages show a thing, by its collection."""
MOST_THINGS = 2
SHORTEST_WORDS = 4
"""Characters from which on words are looked for."""

_WORDS = re.compile(rf"[\u4e00-\u9fff]{{{SHORTEST_WORDS},}}")
"""Chinese: the strangers read English, so that no refusal has any of it."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody at the door, with a token or with a session; `asks` sends a request."""

    town: Town
    who: str
    browser: httpx.Client
    headers: Mapping[str, str]

    def asks(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """A request to the door, in English."""
        sent = {"Accept-Language": "en", **self.headers, **headers}
        return self.browser.request(method, path, json=body, headers=sent)


def with_token(town: Town, who: str) -> Stranger:
    """Comes with a token."""
    roles, place = OTHERS[who]
    person = Person(town, f"bola-{roles[0]}", roles, () if place is None else (place,))
    browser = httpx.Client(base_url=town.url("gateway"), trust_env=False, timeout=30)
    return Stranger(town, who, browser, person.headers())


def with_session(town: Town, who: str) -> Stranger:
    """Signs in at the issuer, as browsers do."""
    roles, place = OTHERS[who]
    door = town.url("gateway")
    browser = httpx.Client(base_url=door, trust_env=False, timeout=30)
    at_issuer = browser.get("/login").headers["location"]
    about = {"sub": f"bola-{roles[0]}", "name": "Stranger", "roles": ",".join(roles)}
    back = browser.post(at_issuer, data={**about, "places": place or ""}).headers["location"]
    begun = browser.get(back.replace(PUBLIC_URL, door))
    assert begun.status_code == 303, begun.text
    csrf = browser.get("/session").json()["csrf"]
    return Stranger(town, who, browser, {"X-CSRF-Token": csrf})


@pytest.fixture(scope="module")
def strangers(town: Town) -> Iterator[list[Stranger]]:
    """All of them; programs have no browser."""
    made = [with_token(town, who) for who in OTHERS]
    made += [with_session(town, who) for who in OTHERS if who != "another program"]
    yield made
    for one in made:
        one.browser.close()


def api_of(service: str, collection: str) -> AggregateApi:
    """The table of a collection."""
    (api,) = (api for api in BY_NAME[service].apis if api.collection == collection)
    return api


def ids_of(town: Town, service: str, api: AggregateApi) -> list[str]:
    """Of the newest things of a kind."""
    found = town.store(service)[f"state_{api.aggregate.kind}"].find({}, {"_id": True})
    return [str(one["_id"]) for one in found.sort("$natural", -1).limit(MOST_THINGS)]


@pytest.fixture(scope="module")
def owned(lived_in: Town) -> Town:
    """The town with a thing of every kind in it."""
    makers = [
        lived_in.administrator(),
        lived_in.resident("bola-owner"),
        lived_in.staff("community-staff", COMMUNITY, "bola-officer"),
        lived_in.staff("neighbourhood-staff", HOME, "bola-steward"),
        lived_in.staff("district-staff", DISTRICT, "bola-district"),
    ]
    for service, collection in OWNED:
        api = api_of(service, collection)
        if api.create is None or ids_of(lived_in, service, api):
            continue
        body = sample_body(api.create.command, NAMED, GIVEN.get(api.create.command.verb, {}))
        told = [one.post(service, f"/{collection}", body) for one in makers]
        assert 201 in {answer.status_code for answer in told}, [answer.text for answer in told]
    return lived_in


def words_of(town: Town, service: str, api: AggregateApi, id: str) -> set[str]:
    """What was written about a thing, in Chinese."""
    entries = town.store(service)["dossiers"].find({"stream": api.aggregate.stream(id)})
    return {found for entry in entries for found in _WORDS.findall(str(entry["d"]))}


Attempt = tuple[str, str, Any, tuple[int, ...]]
"""Method, path, body, and how it may be refused."""
HIDDEN = (403, 404)


def attempts(service: str, api: AggregateApi, id: str) -> Iterator[Attempt]:
    """All that can be asked about a thing, and done with it."""
    at = f"/api/{service}/{api.collection}/{id}"
    yield "GET", at, None, HIDDEN
    yield "GET", f"{at}/timeline", None, HIDDEN
    about = f"/{api.collection}/{{id}}/"
    along = {path.partition("?")[0]: path.partition("?")[2] for path in NARROWED}
    for queries in BY_NAME[service].queries:
        for row in queries.rows:
            beneath = row.path.removeprefix(about)
            if row.method != "GET" or row.may is public or beneath == row.path or "{" in beneath:
                continue
            query = along.get(row.path)
            yield "GET", f"{at}/{beneath}" + (f"?{query}" if query else ""), None, HIDDEN
    for name, verb in api.verbs.items():
        if verb.see is None:  # else whoever does not see the thing may see that much of it
            body = sample_body(verb.command, NAMED, GIVEN.get(name, {}))
            # What else the command names is looked at first.
            refused = HIDDEN if verb.look_at is None else (*HIDDEN, 422)
            yield "POST", f"{at}/{name}", body, refused


@pytest.mark.parametrize(("service", "collection"), OWNED)
def test_anothers_thing_is_nobody_elses(
    owned: Town, strangers: list[Stranger], service: str, collection: str
) -> None:
    api, tried, wrong = api_of(service, collection), 0, []
    ids = ids_of(owned, service, api)
    assert ids, f"there are no {collection}"
    for id in ids:
        words = words_of(owned, service, api, id)
        for stranger in strangers:
            for method, path, body, refused in attempts(service, api, id):
                answer = stranger.asks(method, path, body, **NO_VERSION if body else {})
                tried += 1
                if answer.status_code not in refused or said(words, answer):
                    wrong.append((stranger.who, method, path, answer.status_code, answer.text))
    assert tried >= len(ids) * len(strangers) * 2
    assert wrong == []


def said(words: set[str], answer: httpx.Response) -> set[str]:
    """The words of a thing that an answer has."""
    return {one for one in words if one in answer.text}


@pytest.mark.parametrize("collection", PAGES)
def test_no_page_shows_anothers_thing(
    owned: Town, strangers: list[Stranger], collection: str
) -> None:
    (service,) = (service for service, name in OWNED if name == collection)
    api, wrong = api_of(service, collection), []
    for id in ids_of(owned, service, api):
        written = words_of(owned, service, api, id)
        for stranger in strangers:
            for path in PAGES[collection]:
                answer = stranger.asks("GET", path.format(id=id), Accept="text/html")
                signs_in = answer.status_code == 303 and "/login" in answer.headers["location"]
                if not (signs_in or answer.status_code in (403, 404)) or said(written, answer):
                    wrong.append((stranger.who, path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    [
        *(f"/api/{service}/my-data" for service in SERVICES),
        "/api/notifications/inbox?limit=200",
        "/api/notifications/preferences",
        "/api/petitions/petitions/mine",
        "/api/volunteering/wishes/mine",
        "/api/mediation/disputes",
        "/me/data/export",
        "/inbox",
    ],
)
def test_what_is_asked_of_ones_own_has_nothing_of_others(
    owned: Town, strangers: list[Stranger], path: str
) -> None:
    words: set[str] = set()
    for service, collection in OWNED:
        api = api_of(service, collection)
        for id in ids_of(owned, service, api):
            words |= words_of(owned, service, api, id)
    assert words, "somebody wrote something"
    for stranger in strangers:
        answer = stranger.asks("GET", path, Accept="*/*")
        assert answer.status_code < 500, (path, answer.text)
        assert said(words, answer) == set(), (stranger.who, path)


def test_nobody_is_somebody_else_by_saying_so(owned: Town, strangers: list[Stranger]) -> None:
    """Ids of others in a body, a query or a header change nothing."""
    victim = owned.resident("bola-victim")
    id = victim.file(title="只有本人知道的事情")
    for stranger in strangers:
        for sent in (
            ("GET", f"/api/petitions/petitions/{id}?sub={victim.sub}&by={victim.sub}", None),
            ("GET", f"/api/petitions/petitions/mine?petitioner={victim.sub}", None),
            ("POST", f"/api/petitions/petitions/{id}/withdraw", {"by": victim.sub}),
        ):
            answer = stranger.asks(*sent, **{"X-User": victim.sub, "X-Forwarded-User": victim.sub})
            assert "只有本人知道的事情" not in answer.text
            assert id not in answer.text or answer.status_code in (403, 404, 422)
    assert victim.sees(id)["status"] != "withdrawn"


def test_a_location_of_the_issuer_is_the_only_way_out(town: Town) -> None:
    """The session of the strangers came about as anybody's does."""
    there = httpx.get(f"{town.url('gateway')}/login", trust_env=False).headers["location"]
    assert urljoin(there, "/") == town.issuer.url + "/"
