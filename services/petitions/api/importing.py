"""Petitions of another system brought in, and petitions handed over to one, over HTTP."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict
from enum import StrEnum
from typing import Any

import orjson
from fastapi import Request, Response
from starlette.responses import StreamingResponse

from services.petitions.api.known import categories_below
from services.petitions.api.statistics import Since, Until
from services.petitions.handing_over import hand_over
from services.petitions.importing import (
    MAX_BYTES,
    MAX_MAPPING_BYTES,
    Names,
    NotImportable,
    Report,
    bring_in,
    read_lines,
    read_mapping,
)
from services.petitions.rules import rules_in_use
from services.petitions.statistics import Selection
from shared.contracts.types import Code, PlaceCode
from shared.runtime.api import CurrentCaller, CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.copies import Copies
from shared.runtime.journal import Unavailable
from shared.runtime.outcome import Busy
from shared.runtime.policies import administrator
from shared.runtime.problems import Invalid, NotFound, Problem
from shared.runtime.queries import Queries, gives
from shared.runtime.tables import csv_head, csv_lines
from shared.runtime.uploads import UploadTooLarge, read_upload, read_uploads

queries = Queries(tags=["Import"])


def _form(*files: str) -> dict[str, Any]:
    """A form with these files, for the OpenAPI document."""
    properties = {file: {"type": "string", "format": "binary"} for file in files}
    schema = {"type": "object", "required": [*files], "properties": properties}
    content = {"multipart/form-data": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


class As(StrEnum):
    """How the report comes: whole, as a table of the lines at fault, or as it grows."""

    JSON = "json"
    CSV = "csv"
    PROGRESS = "progress"


@queries.post(
    "/petitions/import",
    may=administrator,
    openapi_extra=_form("mapping", "petitions"),
    **gives("application/json", "text/csv", "application/x-ndjson"),
)
async def import_petitions(
    request: Request,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    report: As = As.JSON,
) -> Response:
    """Takes over the petitions of a CSV file, as its mapping (YAML) says; doing it again files
    nothing twice. With ``report=progress`` a line of JSON follows each hundred petitions.
    """
    try:
        most = {"mapping": MAX_MAPPING_BYTES, "petitions": MAX_BYTES}
        sent = await read_uploads(request, most)
        mapping = read_mapping(sent["mapping"].content)
        lines = await asyncio.to_thread(read_lines, sent["petitions"].content, mapping)
    except UploadTooLarge:
        raise Problem(413, "too-large", most=MAX_BYTES) from None
    except NotImportable as refusal:
        raise Invalid(refusal.field, refusal.reason) from None
    growing = bring_in(lines, mapping, _names(copies), caller.sub, store)
    if report is As.PROGRESS:
        return StreamingResponse(
            _told(growing, len(lines)),
            media_type="application/x-ndjson",
            headers={"Cache-Control": "no-store"},
        )
    told = Report(mapping.source)
    async for latest in growing:
        told = latest
    headers = {"Cache-Control": "no-store"}
    if report is As.CSV:
        columns = ("line", "field", "reason")
        body = csv_head(columns) + csv_lines(map(asdict, told.faults), columns)
        return Response(body, media_type="text/csv; charset=utf-8", headers=headers)
    return Response(orjson.dumps(asdict(told)), media_type="application/json", headers=headers)


@queries.post(
    "/petitions/hand-over",
    may=administrator,
    note="with their words, without reports and names; every reading is recorded",
    openapi_extra=_form("mapping"),
    **gives("text/csv"),
)
async def hand_petitions_over(
    request: Request,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode | None = None,
    since: Since = None,
    until: Until = None,
    category: Code | None = None,
) -> StreamingResponse:
    """The petitions below a place (of all places) as CSV for another system, as its mapping says:
    the one that an import takes, so that what is handed over here can be imported there.
    """
    if place is not None and place not in copies["place"]:
        raise NotFound
    try:
        sent = await read_upload(request, "mapping", MAX_MAPPING_BYTES)
        mapping = read_mapping(sent.content)
    except UploadTooLarge:
        raise Problem(413, "too-large", most=MAX_MAPPING_BYTES) from None
    except NotImportable as refusal:
        raise Invalid(refusal.field, refusal.reason) from None
    selection = Selection(place, since, until, categories_below(copies, category, clock.now()))
    return StreamingResponse(
        hand_over(store, selection, mapping, caller.sub),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="petitions.csv"',
            "Cache-Control": "no-store",
        },
    )


async def _told(growing: AsyncIterator[Report], lines: int) -> AsyncIterator[bytes]:
    """How far it is, and the whole report at the end. A store that went away meanwhile ends it
    early, and it says so.
    """
    told: Report | None = None
    try:
        async for latest in growing:
            told = latest
            yield orjson.dumps({"done": told.lines, "of": lines}) + b"\n"
    except (Unavailable, Busy):
        yield orjson.dumps({"broke_off": "unavailable"}) + b"\n"
        return
    if told is not None:
        yield orjson.dumps(asdict(told)) + b"\n"


def _names(copies: Copies) -> Names:
    """Categories by every name they have, places by theirs where no other has the same."""
    often = Counter(known.name for known in copies["place"].values())
    return Names(
        categories={name: one.code for name, one in rules_in_use().by_name.items()},
        places={
            known.name: code
            for code, known in copies["place"].items()
            if often[known.name] == 1 and known.name not in copies["place"]
        },
    )
