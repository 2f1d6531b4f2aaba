"""The log over HTTP, for everybody: heads, entries and proofs. Digests, ids and times only."""

import asyncio
from typing import Annotated, Any

import orjson
from fastapi import Path as InPath
from fastapi import Query, Response

from services.ledger.domain.log.head import KeptHead, head
from services.ledger.page import PAGE, POLICY
from services.ledger.proving import (
    Found,
    consistency,
    entries_between,
    head_of,
    inclusion,
    is_behind,
    keys_until,
    last_head,
    the_log,
    with_digest,
)
from services.ledger.views.log import heads_after
from shared.contracts.types import Code
from shared.merkle.notes import KeyLine, head_in, note_in
from shared.merkle.proofs import document
from shared.runtime.api import AggregateApi, CurrentStore
from shared.runtime.own_data import Held
from shared.runtime.policies import public
from shared.runtime.problems import RETRY_AFTER, Invalid, NotFound, Refused, unavailable
from shared.runtime.queries import Queries, gives
from shared.runtime.store import Store

JSON = "application/json"
MOST_HEADS = 200
MOST_ENTRIES = 1_024
LARGEST = 2**53 - 1
"""What a JavaScript number holds."""

Size = Annotated[int, InPath(ge=1, le=LARGEST)]
Index = Annotated[int, InPath(ge=0, le=LARGEST)]
From = Annotated[int, Query(ge=0, le=LARGEST, alias="from")]
To = Annotated[int, Query(ge=0, le=LARGEST)]
Digest = Annotated[
    str,
    Query(min_length=64, max_length=64, pattern="^[0-9a-fA-F]{64}$", description="SHA-256, hex"),
]

queries = Queries(tags=["Log"])


@queries.get("/heads/latest", may=public, **gives(JSON))
async def latest_head(store: CurrentStore) -> Response:
    """The latest signed head."""
    latest = await last_head(store)
    if latest is None:
        raise NotFound
    return _json(_head(latest))


@queries.get("/heads/{size}", may=public, **gives(JSON))
async def signed_head(size: Size, store: CurrentStore) -> Response:
    """The head that was signed when the log had so many entries. Not every size has one."""
    return _json(_head(await _needed(store, size)))


@queries.get("/heads", may=public, **gives(JSON))
async def heads(
    store: CurrentStore,
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_HEADS)] = 50,
) -> Response:
    """The heads of more than `after` entries, the smallest first."""
    page = await store.journal.find(head.kind, heads_after(after, limit))
    items = [_head(store.read(head, stored)) for stored in page.items]
    return _json({"items": items, "next": None if page.next is None else items[-1]["size"]})


@queries.get("/keys", may=public, **gives(JSON))
async def log_keys(store: CurrentStore) -> Response:
    """The log's public keys, the present one last, each vouched for by the one before it."""
    return _json({"keys": [_key(line) for line in (await the_log(store)).keys]})


@queries.get("/proof", may=public, **gives(JSON))
async def proof(
    store: CurrentStore, digest: Digest, kind: Annotated[Code | None, Query()] = None
) -> Response:
    """The proof that a digest stands in the log, complete in itself: of its first entry, or the
    first of a kind. `also` names its other entries, such as that it was withdrawn.
    """
    found, latest, log = await asyncio.gather(
        with_digest(store, digest.lower()), last_head(store), the_log(store)
    )
    those = [one for one in found if kind in (None, one.entry.kind)]
    if not those:
        raise unavailable() if await is_behind(store) else NotFound
    one = those[0]
    if latest is None or latest.size <= one.index:
        raise Refused(
            "not-signed-yet",
            "it is sealed, and the next head is about to be signed: ask again in some seconds",
            409,
            {"Retry-After": str(RETRY_AFTER)},
        )
    origin = head_in(note_in(latest.note).body).origin
    keys = keys_until(log.keys, latest.note)
    path = await inclusion(store, one.index, latest.size)
    told = document(one.entry, one.index, path, latest.signed, origin, keys)
    return _json({**told, "also": [_entry(each) for each in found if each is not one]})


@queries.get("/consistency", may=public, **gives(JSON))
async def consistency_proof(store: CurrentStore, since: From, to: To) -> Response:
    """The proof that the log of `from` entries is the beginning of that of `to`."""
    if since > to:
        raise Invalid("from", "is more than `to`")
    if to > (await the_log(store)).size:
        raise NotFound
    path = await consistency(store, since, to)
    return _json({"from": since, "to": to, "consistency": [one.hex() for one in path]})


@queries.get("/entries/{index}", may=public, **gives(JSON))
async def entry(index: Index, store: CurrentStore) -> Response:
    """The entry at a place of the log, counted from 0."""
    found = await entries_between(store, index, index + 1)
    if not found:
        raise unavailable() if index < (await the_log(store)).size else NotFound
    return _json(_entry(found[0]))


@queries.get("/entries", may=public, **gives(JSON))
async def entries(
    store: CurrentStore,
    since: From = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_ENTRIES)] = 256,
) -> Response:
    """Entries in the order of the log: all that is needed to reckon its heads again."""
    found = await entries_between(store, since, min(since + limit, LARGEST))
    following = since + len(found)
    items = [_entry(each) for each in found]
    return _json({"items": items, "next": following if len(found) == limit else None})


@queries.get("/verify", may=public, **gives("text/html"))
async def verify_page() -> Response:
    """A page that checks a proof in the browser and asks nobody; it works from a disk, too."""
    return Response(PAGE, media_type="text/html", headers={"Content-Security-Policy": POLICY})


async def _needed(store: Store, size: int) -> KeptHead:
    known = await head_of(store, size)
    if known is None:
        raise NotFound
    return known


def _head(known: KeptHead) -> dict[str, Any]:
    return {"size": known.size, "root": known.root, "head": known.signed}


def _key(line: KeyLine) -> dict[str, Any]:
    return {"key": line.key, "succession": line.succession}


def _entry(found: Found) -> dict[str, Any]:
    one = found.entry
    return {
        "index": found.index,
        "digest": one.digest,
        "kind": one.kind,
        "source": one.source,
        "time": one.time,
    }


def _json(told: Any) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(told), media_type=JSON, headers=headers)


APIS: tuple[AggregateApi, ...] = ()
QUERIES: tuple[Queries, ...] = (queries,)
HELD: tuple[Held, ...] = ()
"""The log knows of nobody."""
