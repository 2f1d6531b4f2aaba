"""The catalogue over HTTP: what can be ordered at a moment, and what an administrator changes."""

from typing import Annotated, Any

from fastapi import Header, Query, Response
from pydantic import AwareDatetime

from services.volunteering.catalogue import Catalogue, shipped
from services.volunteering.domain.orders.service import open_verbs, service
from services.volunteering.domain.orders.service_commands import (
    CallOffChange,
    DefineService,
    KnownService,
    RetireService,
    ReviseService,
)
from shared.contracts.types import Code
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentClock,
    CurrentCopies,
    CurrentStore,
    Verb,
    aggregate_api,
)
from shared.runtime.copies import Copies
from shared.runtime.endpoints import verbs_open_to
from shared.runtime.policies import administrator, anyone
from shared.runtime.problems import NotFound, language
from shared.runtime.queries import Queries

services_api = aggregate_api(
    service,
    collection="services",
    tag="Orders",
    create=Create(DefineService, may=administrator, id=lambda command: command.code),
    verbs={
        "revise": Verb(ReviseService, may=administrator, begins=True),
        "call-off": Verb(CallOffChange, may=administrator),
        "retire": Verb(RetireService, may=administrator, begins=True),
    },
    open=lambda state, _caller: open_verbs(state),
    see=anyone,
)

queries = Queries(tags=["Orders"])

Speaks = Annotated[str | None, Header(alias="accept-language")]
At = Annotated[AwareDatetime | None, Query(description="A moment; now where it is not said")]


@queries.get("/services", may=anyone)
async def catalogue(
    copies: CurrentCopies, clock: CurrentClock, accept_language: Speaks = None, at: At = None
) -> dict[str, Any]:
    """All services that can be ordered at a moment."""
    moment, known = at or clock.now(), _catalogue(copies)
    services = (known.known(code, moment) for code in known.codes())
    items = [_shown(one, accept_language) for one in services if one is not None and one.open]
    return {"at": moment, "items": items}


@queries.get("/services/{code}", may=anyone)
async def one_service(
    code: Code,
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    response: Response,
    accept_language: Speaks = None,
    at: At = None,
) -> dict[str, Any]:
    """A service at a moment, and what was changed of it; what can be done with it says `can`."""
    snapshot = await store.get(service, code)
    known = _catalogue(copies).known(code, at or clock.now())
    if known is None:
        raise NotFound
    state = service.initial if snapshot is None else snapshot.state
    version = 0 if snapshot is None else snapshot.version
    response.headers["ETag"] = f'"{version}"'
    response.headers["Cache-Control"] = "no-store"
    return {
        "id": code,
        "version": version,
        **_shown(known, accept_language),
        "open": known.open,
        "names": {"zh": known.zh, "en": known.en},
        "revisions": state.revisions,
        "retirement": state.retirement,
        "can": verbs_open_to(services_api, state, caller),
    }


def _shown(known: KnownService, accept_language: str | None) -> dict[str, Any]:
    chinese = language(accept_language) == "zh"
    return {
        "code": known.code,
        "name": known.zh if chinese else known.en,
        "minutes": known.minutes,
        "skill": known.skill,
        "trainings": known.trainings,
        "least_age": known.least_age,
        "terms": known.terms_zh if chinese else known.terms_en,
    }


def _catalogue(copies: Copies) -> Catalogue:
    return Catalogue(shipped(), copies["service"])
