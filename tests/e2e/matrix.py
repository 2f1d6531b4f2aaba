"""The access matrix against a real API: every row, every role, own and other places and things.

What has to be answered is computed by asking the row's policy about the true state. Who is asked
about is found by asking, too: a subject, a place or an organisation that stands in the thing
matters when it changes what some policy says.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from itertools import product
from typing import Any

from shared.runtime.aggregate import Command
from shared.runtime.api import AggregateApi, Beneath, Create, Verb
from shared.runtime.bodies import body_of
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, nobody, public
from shared.runtime.queries import Asked
from shared.runtime.service import Service
from tests.e2e.narrowed import NARROWED, OF_THE_DOSSIER

ROLES = (
    "resident",
    "grid-worker",
    "neighbourhood-staff",
    "area-staff",
    "community-staff",
    "street-staff",
    "district-staff",
    "administrator",
    "operator",
    "intake",
    "service",
)
"""Every role that a token may bear."""
STRANGER = "stranger-1"
"""A subject that stands in no thing."""
AT_ONCE = 8
"""Requests on their way at the same time."""
NO_VERSION = {"If-Match": '"999999999999"'}
"""Whoever may carry out a verb is told 412: permission is looked at before, and nothing changes."""

_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is looked at of an answer: the fields of its JSON object, where it was read, and what a
    refusal says.
    """

    status: int
    names: frozenset[str] = frozenset()
    detail: str = ""


Ask = Callable[[str, str, Caller | None, Any, Mapping[str, str]], Awaitable[Reply]]
"""Sends method, path, caller (None: without a token), body and headers."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that is really there."""

    id: str
    version: int
    state: Any


@dataclass(frozen=True, slots=True)
class Row:
    """One request of a row of the matrix, and what it has to be answered, asked by whom."""

    method: str
    path: str
    caller: Caller | None
    expected: Callable[[Reply], bool]
    wanted: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Matrix:
    """The rows of a service as its tables have them, to be held against what `ask` reaches."""

    service: Service
    ask: Ask
    copies: Copies
    elsewhere: str
    """A place that nothing lies in."""
    home: str
    """A place for those who ask queries."""
    org: str
    """An organisation for those who ask queries and create things."""
    sample: Callable[[type[Command]], dict[str, Any]]
    asked: int = 0
    allowed: dict[str, int] = field(default_factory=dict)
    """How many of the callers each row let in."""
    refusals: dict[str, None] = field(default_factory=dict)
    """Why nothing was created, where it was allowed."""

    async def of_queries(self) -> list[str]:
        """What is answered otherwise than the table of queries says."""
        wrong: list[str] = []
        for queries in self.service.queries:
            for row in queries.rows:
                wrong += await self._hold(list(self._query(row)))
        return wrong

    async def of_creating(self, api: AggregateApi) -> list[str]:
        """The same for creating a thing; it is really created where that is allowed."""
        self.refusals.clear()
        return [] if api.create is None else await self._hold(list(self._create(api, api.create)))

    async def of_thing(self, api: AggregateApi, thing: Thing) -> list[str]:
        """The same for seeing a thing and for its verbs. The thing stays as it is."""
        return await self._hold(list(self._thing(api, thing)))

    # -- rows ----------------------------------------------------------------------------------

    def _query(self, row: Asked) -> Iterator[Row]:
        path = re.sub(r"\{[^}]*\}", self.home, row.path)
        body: Any = {} if row.method == "POST" else None
        name = f"{row.method} {row.path}"
        if row.may is public:
            yield Row(row.method, path, None, _none_of(401, 403), "let in", body)
        else:
            yield Row(row.method, path, None, _one_of(401), "401", body)
        scopes = ((None, None), (self.home, None), (self.elsewhere, None), (None, self.org))
        for role, (place, org) in product((None, *ROLES), scopes):
            caller = Caller(STRANGER, _set(role), _set(place), org)
            if not self._counted(name, row.may is public or row.may.allows(caller, None, None)):
                yield Row(row.method, path, caller, _one_of(403), "403", body)
            else:
                # What the note says of the answer is seen to by the query's own code and tests.
                closed = (401,) if row.note else (401, 403)
                yield Row(row.method, path, caller, _none_of(*closed), "let in", body)

    def _create(self, api: AggregateApi, create: Create) -> Iterator[Row]:
        path, body = f"/{api.collection}", self.sample(create.command)
        parse, raw = body_of(create.command).parse, json.dumps(body).encode()
        command = parse(raw, Caller(STRANGER))
        lies = api.path(self.copies, None, command)
        yield Row("POST", path, None, _one_of(401), "401", body)

        def allows(policy: Policy, caller: Caller) -> bool:
            return policy.allows(caller, None, parse(raw, caller), lies)

        theirs = [Caller(STRANGER, _set(role), frozenset(), self.org) for role in (None, *ROLES)]
        for caller in [*self._callers((create.may,), allows, command, lies), *theirs]:
            if self._counted(f"POST {path}", allows(create.may, caller)):
                yield Row("POST", path, caller, _none_of(401, 403, 404), "let in", body)
            else:
                yield Row("POST", path, caller, _one_of(403), "403", body)

    def _thing(self, api: AggregateApi, thing: Thing) -> Iterator[Row]:
        state, lies = thing.state, api.path(self.copies, thing.state)
        path = f"/{api.collection}/{thing.id}"
        answered_by_query = {
            (row.method, row.path) for queries in self.service.queries for row in queries.rows
        }
        policies = [api.see, *(verb.may for verb in api.verbs.values())]
        policies += [verb.see for verb in api.verbs.values() if verb.see is not None]
        policies += [one for row in api.beneath.values() for one in (row.see, row.may) if one]
        policies += [] if api.dossier is None else [api.dossier.see]
        policies += [] if api.history is None else [api.history]
        policies += [may for _, _, may in self._asked_of(api)]

        def allows(policy: Policy, caller: Caller) -> bool:
            return policy.allows(caller, state, None, lies)

        callers = list(self._callers(policies, allows, state, lies))
        bodies = {name: self.sample(verb.command) for name, verb in api.verbs.items()}
        for sight in (path, f"{path}/timeline"):
            yield Row("GET", sight, None, _one_of(401), "401")
        for name, body in bodies.items():
            yield Row("POST", f"{path}/{name}", None, _one_of(401), "401", body, NO_VERSION)
        asked = list(self._asked_of(api))
        for caller in callers:
            for row, query, may in asked:
                yield self._about(api, thing, row, query, may, caller)
            sees = self._counted(f"GET /{api.collection}/{{id}}", allows(api.see, caller))
            status = 200 if sees else 404
            if ("GET", f"/{api.collection}/{{id}}") not in answered_by_query:
                dossier = api.dossier is not None and allows(api.dossier.see, caller)
                yield Row("GET", path, caller, *_sight(status, sees and dossier))
            if sees and not allows(api.see_history, caller):
                status = 403
            yield Row("GET", f"{path}/timeline", caller, _one_of(status), str(status))
            for name, verb in api.verbs.items():
                yield self._verb(api, name, verb, thing, caller, bodies[name])
            for name, begins in api.beneath.items():
                yield self._beneath(api, name, begins, thing, caller)

    def _asked_of(self, api: AggregateApi) -> Iterator[tuple[Asked, str, Policy]]:
        """The queries about one thing of the collection, each with what has to be asked along, and
        with who is answered.
        """
        about = f"/{api.collection}/{{id}}/"
        narrowed = {path.partition("?")[0]: (path, may) for path, may in NARROWED.items()}
        for queries in self.service.queries:
            for row in queries.rows:
                if row.method != "GET" or not row.path.startswith(about) or row.may is public:
                    continue
                if "{" in row.path.removeprefix(about):
                    continue
                path, may = narrowed.get(row.path, (row.path, api.see))
                if row.path in OF_THE_DOSSIER:
                    assert api.dossier is not None
                    may = api.see & api.dossier.see
                yield row, path.partition("?")[2], may

    def _about(
        self, api: AggregateApi, thing: Thing, row: Asked, query: str, may: Policy, caller: Caller
    ) -> Row:
        lies = api.path(self.copies, thing.state)
        answered = row.may.allows(caller, None, None) and may.allows(
            caller, thing.state, None, lies
        )
        self._counted(f"GET {row.path} of {api.collection}", answered)
        path = f"{row.path.replace('{id}', thing.id)}{query and f'?{query}'}"
        if answered:
            return Row("GET", path, caller, _none_of(401, 403), "answered")
        return Row("GET", path, caller, _one_of(403, 404), "403 or 404")

    def _verb(
        self,
        api: AggregateApi,
        name: str,
        verb: Verb,
        thing: Thing,
        caller: Caller,
        body: dict[str, Any],
    ) -> Row:
        command = body_of(verb.command).parse(json.dumps(body).encode(), caller)
        lies = api.path(self.copies, thing.state)
        asked_of = api.path(self.copies, thing.state, command)
        sees = (verb.see or api.see).allows(caller, thing.state, None, lies)
        may = sees and verb.may.allows(caller, thing.state, command, asked_of)
        self._counted(f"POST /{api.collection}/{{id}}/{name}", may)
        status = 412 if may else 403 if sees else 404
        # What else the command names is looked at first: there may be none, or none for the caller.
        statuses = (status,) if verb.look_at is None else tuple({status, 404, 422})
        path = f"/{api.collection}/{thing.id}/{name}"
        wanted = " or ".join(map(str, statuses))
        return Row("POST", path, caller, _one_of(*statuses), wanted, body, NO_VERSION)

    def _beneath(
        self, api: AggregateApi, name: str, row: Beneath, thing: Thing, caller: Caller
    ) -> Row:
        lies = api.path(self.copies, thing.state)
        sees = (row.see or api.see).allows(caller, thing.state, None, lies)
        may = sees and row.may.allows(caller, thing.state, None, lies)
        self._counted(f"POST /{api.collection}/{{id}}/{name}", may)
        status = 412 if may else 403 if sees else 404
        path = f"/{api.collection}/{thing.id}/{name}"
        return Row("POST", path, caller, _one_of(status), str(status), {}, NO_VERSION)

    # -- callers -------------------------------------------------------------------------------

    def _callers(
        self,
        policies: Sequence[Policy],
        allows: Callable[[Policy, Caller], bool],
        thing: Any,
        lies: Sequence[str],
    ) -> Iterator[Caller]:
        """Every role here, elsewhere and nowhere; and as everybody whom the thing names."""
        roles: tuple[str | None, ...] = (None, *ROLES)
        texts = [*dict.fromkeys([*lies, *_texts(thing)])]

        def said(sub: str = STRANGER, place: str | None = None, org: str | None = None) -> Any:
            return [
                allows(policy, Caller(sub, _set(role), _set(place), org))
                for policy in policies
                for role in roles
            ]

        def of_effect(all_said: Mapping[str, Any]) -> list[str]:
            """One for everything that they change; of a path the place itself."""
            found = {str(what): one for one, what in all_said.items() if what != stranger}
            return list(found.values())

        stranger = said()
        subjects = of_effect({one: said(one) for one in texts if _SUBJECT.fullmatch(one)})
        places = of_effect({one: said(place=one) for one in texts})
        orgs = of_effect({one: said(org=one) for one in texts})
        for role in roles:
            for place in (None, self.elsewhere, *places):
                yield Caller(STRANGER, _set(role), _set(place))
            for sub in subjects:
                yield Caller(sub, _set(role))
            for org in orgs:
                yield Caller(STRANGER, _set(role), frozenset(), org)
        for sub, place in product(subjects, places):
            yield Caller(sub, frozenset(), frozenset({place}))

    def _counted(self, row: str, allowed: bool) -> bool:
        self.allowed[row] = self.allowed.get(row, 0) + allowed
        return allowed

    # -- asking --------------------------------------------------------------------------------

    async def _hold(self, rows: Sequence[Row]) -> list[str]:
        """The rows that are answered otherwise, in words."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(row: Row) -> str | None:
            async with gate:
                reply = await self.ask(row.method, row.path, row.caller, row.body, row.headers)
            if reply.status in (409, 422):
                self.refusals[f"{reply.status} {reply.detail}"] = None
            if row.expected(reply):
                return None
            who = "no token" if row.caller is None else _told(row.caller)
            return f"{row.method} {row.path} by {who}: {reply.status}, not {row.wanted}"

        self.asked += len(rows)
        return [wrong for wrong in await asyncio.gather(*map(one, rows)) if wrong is not None]

    def closed_to_all(self) -> list[str]:
        """Rows that let none of the callers in: a role or a thing is missing here."""
        shut = {
            f"POST /{api.collection}/{{id}}/{name}"
            for api in self.service.apis
            for name, verb in api.verbs.items()
            if verb.may is nobody
        }
        return sorted(row for row, count in self.allowed.items() if not count and row not in shut)


def _sight(status: int, dossier: bool) -> tuple[Callable[[Reply], bool], str]:
    def expected(reply: Reply) -> bool:
        return reply.status == status and ("dossier" in reply.names) == dossier

    return expected, f"{status} {'with' if dossier else 'without'} a dossier"


def _one_of(*statuses: int) -> Callable[[Reply], bool]:
    return lambda reply: reply.status in statuses


def _none_of(*statuses: int) -> Callable[[Reply], bool]:
    return lambda reply: reply.status not in statuses and reply.status < 500


def _set(one: str | None) -> frozenset[str]:
    return frozenset() if one is None else frozenset({one})


def _texts(value: Any) -> Iterable[str]:
    """Every text in a value, at any depth."""
    if isinstance(value, str):
        yield str(value)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _texts(getattr(value, one.name))
    elif isinstance(value, Mapping):
        yield from _texts([*value.keys(), *value.values()])
    elif isinstance(value, (tuple, list, set, frozenset)):
        for one in value:
            yield from _texts(one)


def _told(caller: Caller) -> str:
    parts = (caller.sub, *sorted(caller.roles), *sorted(caller.places), caller.org or "")
    return "/".join(part for part in parts if part)
