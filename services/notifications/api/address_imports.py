"""Addresses from another system, line by line: what people said themselves goes before, and who has
unsubscribed is never subscribed again.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Body
from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError

from services.notifications.contact_codes import mark_of, secret_in_use
from services.notifications.domain.preferences.address_commands import ImportAddress
from services.notifications.domain.preferences.preferences import preferences
from services.notifications.domain.ways import Way
from shared.contracts.types import Code, EmailAddress, Id, MobileNumber, at_most
from shared.runtime.api import CurrentCaller, CurrentStore
from shared.runtime.identity import Caller
from shared.runtime.policies import administrator
from shared.runtime.queries import Queries
from shared.runtime.store import Store

MOST_LINES = 500

queries = Queries(tags=["Preferences"])

_EMAIL: TypeAdapter[str] = TypeAdapter(EmailAddress)
_NUMBER: TypeAdapter[str] = TypeAdapter(MobileNumber)


class AddressImport(BaseModel):
    """`source` names the other system; `lines` are checked one by one, as `Line`."""

    model_config = ConfigDict(extra="forbid")

    source: Code
    lines: Annotated[list[dict[str, Any]], at_most(MOST_LINES)]


class Line(BaseModel):
    """An address of a person, and that they agreed to a wording at a time; or that they do not want
    to be written to by this way.
    """

    model_config = ConfigDict(extra="forbid")

    person: Id
    way: Literal[Way.EMAIL, Way.SMS]
    address: str
    wording: Code
    agreed_at: AwareDatetime
    unsubscribed: bool = False


@queries.post("/address-imports", may=administrator)
async def import_addresses(
    caller: CurrentCaller, store: CurrentStore, given: Annotated[AddressImport, Body()]
) -> dict[str, Any]:
    """Takes the lines in turn, and says of each what became of it: ``taken``; ``known``, it was
    taken before; ``kept``, what the person said goes before; ``wrong``, with field and reason.
    Giving the same lines again does nothing.
    """
    items = [
        {"line": number, **await _imported(store, caller, given.source, line)}
        for number, line in enumerate(given.lines, 1)
    ]
    return {"items": items, "next": None}


async def _imported(
    store: Store, caller: Caller, source: str, given: dict[str, Any]
) -> dict[str, str]:
    try:
        line = Line.model_validate(given)
        kind = _EMAIL if line.way is Way.EMAIL else _NUMBER
        address = "" if line.unsubscribed else kind.validate_python(line.address)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "address"
        return {"outcome": "wrong", "field": where, "detail": first["msg"]}
    before = await store.get(preferences, line.person)
    command = ImportAddress(
        person=line.person,
        way=line.way,
        address=address,
        wording=line.wording,
        agreed_at=_whole_milliseconds(line.agreed_at),
        unsubscribed=line.unsubscribed,
        imported_by=caller.sub,
    )
    outcome = await store.do(
        preferences,
        line.person,
        command,
        actor=caller.sub,
        cause=f"address-import>{source}>{line.person}>{_mark(line, address)}",
    )
    if outcome.repeated:
        return {"outcome": "known"}
    was = 0 if before is None else before.version
    return {"outcome": "taken" if outcome.version > was else "kept"}


def _mark(line: Line, address: str) -> str:
    """What a line is known again by: nothing that the address could be read from."""
    said = f"{line.way.value}\n{address}\n{line.wording}\n{line.unsubscribed}"
    return mark_of(said, secret_in_use())


def _whole_milliseconds(moment: datetime) -> datetime:
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


QUERIES = (queries,)
