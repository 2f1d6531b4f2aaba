"""Certificates of hours over HTTP: asked for by oneself, read by oneself, checked by everybody."""

from datetime import date, timedelta
from hmac import compare_digest
from typing import Annotated, Any

import orjson
from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.volunteering.certifying import canonical, read_number, served_in
from services.volunteering.domain.hours.certificate import (
    Certificate,
    IssueCertificate,
    Status,
    Withdraw,
    certificate,
    document,
    open_verbs,
    period,
)
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.views.hours import certificate_numbered, certificates_of
from shared.contracts.types import Id
from shared.runtime import cursors
from shared.runtime.api import CurrentCaller, CurrentStore, Dossier, Verb, aggregate_api
from shared.runtime.bodies import read_body
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.endpoints import cause_of
from shared.runtime.policies import administrator, anyone, owner, public
from shared.runtime.problems import Invalid, NotFound, Problem, field_errors
from shared.runtime.queries import Queries, gives
from shared.runtime.store import Store
from shared.worktime.hours import CHINA

MOST_BODY = 4 * 1024
"""Bytes of a request for a certificate."""
LONGEST = timedelta(days=5 * 366)
"""Of the period of a certificate."""
JSON = "application/json"

holder = owner("volunteer")

certificates_api = aggregate_api(
    certificate,
    collection="certificates",
    tag="Certificates",
    verbs={"withdraw": Verb(Withdraw, may=administrator)},
    open=lambda state, _caller: open_verbs(state),
    see=holder | administrator,
    dossier=Dossier(see=holder, subject="volunteer"),
)

queries = Queries(tags=["Certificates"])


class Period(BaseModel):
    """Of which days the hours are certified, both included."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]


PERIOD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": Period.model_json_schema()}},
    }
}


@queries.post(
    "/certificates",
    may=anyone,
    note="of the caller's own hours",
    openapi_extra=PERIOD,
    status_code=201,
)
async def issue_certificate(
    request: Request, response: Response, caller: CurrentCaller, store: CurrentStore
) -> dict[str, Any]:
    """Certifies what the caller served in a period. With an Idempotency-Key the same request leads
    to one certificate, however often it comes.
    """
    raw = await read_body(request, MOST_BODY)
    asked = _period(raw)
    today = store.clock.now().astimezone(CHINA).date()
    if not asked.first <= asked.last <= today:
        raise Invalid("to", "lies before `from`, or in the future")
    if asked.last - asked.first > LONGEST:
        raise Invalid("to", f"lies more than {LONGEST.days} days after `from`")
    since, until = period(asked.first, asked.last)
    cause, fingerprint = cause_of(request, caller, raw)
    command = IssueCertificate(
        caller.sub,
        await _name_of(store, volunteer.stream(caller.sub), "VolunteerDescribed"),
        since,
        until,
        await served_in(store.find, caller.sub, since, until),
    )
    id = store.clock.new_id()
    outcome = await store.do(
        certificate, id, command, actor=caller.sub, cause=cause, fingerprint=fingerprint
    )
    response.headers["Location"] = f"/certificates/{outcome.id}"
    response.headers["Cache-Control"] = "no-store"
    return {"id": outcome.id, "version": outcome.version}


@queries.get("/certificates", may=anyone, note="the caller's own")
async def my_certificates(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """The caller's certificates, the latest first."""
    asked = certificates_of(caller.sub, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find("certificate", asked)
    items = []
    for one in page.items:
        state = store.read(certificate, one)
        items.append({"id": one.id, **_told(state), "digest": state.digest})
    return {"items": items, "next": cursors.encode(page.next)}


@queries.get("/certificates/{id}/document", may=anyone, note="the holder", **gives(JSON))
async def certificate_document(id: Id, caller: CurrentCaller, store: CurrentStore) -> Response:
    """The certificate in its canonical form: of these very bytes the SHA-256 is its digest."""
    found = await store.get(certificate, id)
    if found is None or found.state.volunteer != caller.sub or found.state.forgotten:
        raise NotFound
    name = await _name_of(store, certificate.stream(id), "HolderNamed")
    number = found.state.number
    return Response(
        canonical(document(found.state, name)),
        media_type=JSON,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{number}.json"',
        },
    )


@queries.get("/public/certificates/{number}", may=public)
async def check_certificate(
    number: Annotated[str, Path(max_length=40)],
    digest: Annotated[str, Query(min_length=64, max_length=64, pattern="^[0-9a-fA-F]{64}$")],
    store: CurrentStore,
) -> Response:
    """Whether there is a certificate with this number and this digest, and whether it is in force.
    A digest that does not fit is answered as a number that there is not.
    """
    read = read_number(number)
    page = (
        None
        if read is None
        else await store.journal.find("certificate", certificate_numbered(read))
    )
    known = (
        Certificate() if page is None or not page.items else store.read(certificate, page.items[0])
    )
    verdict: dict[str, Any] = {"number": read or number, "verdict": "unknown"}
    if compare_digest(known.digest, digest.lower()):
        verdict = {
            "verdict": "valid" if known.status is Status.ISSUED else "withdrawn",
            **_told(known),
        }
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(verdict), media_type=JSON, headers=headers)


def _told(state: Certificate) -> dict[str, Any]:
    return {
        "number": state.number,
        "status": state.status,
        "because": state.because,
        "from": state.since,
        "until": state.until,
        "minutes": state.minutes,
        "issued_at": state.issued_at,
        "replaces": state.replaces,
    }


async def _name_of(store: Store, stream: str, entry: str) -> str | None:
    """The caller's own name, as the latest such entry of a dossier of theirs has it."""
    entries = await store.journal.dossier(stream)
    return next((one.data["name"] for one in reversed(entries) if one.name == entry), None)


def _period(raw: bytes) -> Period:
    try:
        return Period.model_validate_json(raw or b"{}", strict=True)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        if wrong[0]["type"] == "json_invalid":
            raise Problem(400, "malformed-json") from None
        raise Problem(422, "invalid", errors=field_errors(wrong)) from None
