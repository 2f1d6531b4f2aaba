"""``GET /my-data``: all that a service holds about the caller, as one JSON document.

Every service that keeps something about people names it as `Held`, and answers in the same shape:
``service``, ``subject``, ``made_at``, ``things`` (each with ``kind``, ``id``, ``version`` and
``state``; where the thing is the person's own also its ``dossier``, its ``timeline`` and who
``read`` the dossier, why and when), and ``complete``, which is false where there is more of a kind
than one document holds.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.runtime.api import AggregateApi, CurrentCaller, CurrentStore
from shared.runtime.identity import Caller
from shared.runtime.journal import Commit, DossierEntry, Query, Stored
from shared.runtime.policies import anyone
from shared.runtime.queries import Queries
from shared.runtime.store import Store
from shared.runtime.veil import veiled

MOST_OF_A_KIND = 2_000
"""Things of one kind in a document."""
PAGE = 200
"""Things read at once."""


@dataclass(frozen=True, slots=True)
class Held:
    """Things of a table that concern the person whose subject stands in `field` (``_id``: the
    thing's own id), shown as the table shows them to the caller.

    `shown` gives what of a state concerns them; where it is given, the thing is others' too, and
    neither its dossier nor its timeline is in the document.
    """

    api: AggregateApi
    field: str
    shown: Callable[[Any, Caller], Mapping[str, Any]] | None = None


def own_data(held: Sequence[Held]) -> Queries:
    """The query ``GET /my-data`` of a service that holds these."""
    queries = Queries(tags=["My data"])

    @queries.get("/my-data", may=anyone, note="about the caller only")
    async def my_data(caller: CurrentCaller, store: CurrentStore) -> dict[str, Any]:
        """All that this service holds about the caller."""
        return await document(store, held, caller)

    return queries


async def document(store: Store, held: Sequence[Held], caller: Caller) -> dict[str, Any]:
    """The document about the caller. Raises `shared.runtime.journal.Unavailable`."""
    things: list[dict[str, Any]] = []
    complete = True
    for one in held:
        query = Query({one.field: caller.sub}, limit=PAGE)
        found = 0
        while found < MOST_OF_A_KIND:
            page = await store.journal.find(one.api.aggregate.kind, query)
            things += await _things(store, one, page.items, caller)
            found += len(page.items)
            if page.next is None:
                break
            query = Query(query.where, limit=PAGE, after=page.next)
        else:
            complete = False
    return {
        "service": store.service,
        "subject": caller.sub,
        "made_at": store.clock.now(),
        "things": things,
        "complete": complete,
    }


async def _things(
    store: Store, held: Held, found: Sequence[Stored], caller: Caller
) -> list[dict[str, Any]]:
    api, aggregate = held.api, held.api.aggregate
    shown = held.shown or api.shown
    states = [store.read(aggregate, stored) for stored in found]
    things = [
        {
            "kind": aggregate.kind,
            "id": stored.id,
            "version": stored.version,
            "state": veiled(shown(state, caller), api.veil(state, caller)),
        }
        for stored, state in zip(found, states, strict=True)
    ]
    if held.shown is not None or not things:
        return things
    streams = [aggregate.stream(stored.id) for stored in found]
    dossiers = await store.journal.dossiers(streams)
    histories = await store.journal.histories(streams)
    for stream, state, thing in zip(streams, states, things, strict=True):
        concealed = api.veil(state, caller)
        thing["dossier"] = [
            {"name": entry.name, "at": entry.at, "data": veiled(data, concealed)}
            for entry in dossiers.get(stream, [])
            if (data := _of_entry(api, entry, state, caller)) is not None
        ]
        thing["timeline"] = [
            _step(commit, caller, concealed) for commit in histories.get(stream, [])
        ]
        thing["read"] = await store.journal.readings(stream)
    return things


def _of_entry(
    api: AggregateApi, entry: DossierEntry, state: Any, caller: Caller
) -> Mapping[str, Any] | None:
    if api.dossier is None or api.dossier.shown is None:
        return entry.data
    return api.dossier.shown(entry.name, entry.data, state, caller)


def _step(commit: Commit, caller: Caller, concealed: Collection[str]) -> dict[str, Any]:
    """A commit as the person is shown it: who else did something is theirs, not the person's."""
    return {
        "version": commit.version,
        "at": commit.at,
        "verb": commit.verb,
        "by_you": commit.actor == caller.sub,
        "events": [
            {"name": event.name, "data": veiled(event.data, concealed)} for event in commit.events
        ],
    }
