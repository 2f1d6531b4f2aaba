"""How messages reach people outside the inbox, over HTTP: receipts of those who bring them, and the
calls that are to be made.
"""

from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.notifications.addresses import Addresses, stream_of
from services.notifications.channels.provided import push_key_in_use, receipt_secret_in_use
from services.notifications.channels.signing import NotSigned, verified
from services.notifications.domain.delivering import Bounce, Confirm
from services.notifications.domain.message import Message, message
from services.notifications.domain.ways import Lane, Way
from services.notifications.letters import letter
from services.notifications.views.delivery import to_send
from shared.runtime import cursors
from shared.runtime.aggregate import Command
from shared.runtime.api import CurrentCaller, CurrentClock, CurrentCopies, CurrentStore
from shared.runtime.bodies import read_body
from shared.runtime.clock import Clock
from shared.runtime.copies import Copies
from shared.runtime.journal import Stored
from shared.runtime.policies import Policy, public, role
from shared.runtime.problems import NotFound, Problem, Refused, field_errors
from shared.runtime.queries import Queries
from shared.runtime.store import Store

MOST_BODY = 16 * 1024
"""Bytes of a receipt."""
PURPOSE = "GET /calls"

hotline = role("intake")
"""Who answers the city's hotline calls people, too."""
calls_about_it = Policy(
    "the hotline desk, where somebody is to be called",
    lambda caller, state, _command, _path: "intake" in caller.roles and is_to_be_called(state),
)

queries = Queries(tags=["Delivery"])

APIS = ()
QUERIES = (queries,)


class Receipt(BaseModel):
    """What became of a message that was taken: `id` is the one it was sent under, or an e-mail's
    Message-ID. `bad_address`: nobody is reached there any more. `code` is the provider's reason.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[str, Field(pattern=r"^<?[A-Za-z0-9][A-Za-z0-9._:-]{0,127}(@[A-Za-z0-9.-]+>?)?$")]
    status: Literal["delivered", "bounced", "complained"]
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")] = "bounced"
    bad_address: bool = False


TAKEN = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": Receipt.model_json_schema()}},
    }
}


def is_to_be_called(state: Any) -> bool:
    """Whether somebody has to call the message's recipient."""
    if not isinstance(state, Message) or state.delivery is None:
        return False
    return state.delivery.queue == Way.PHONE.value


@queries.post("/receipts/sms", may=public, note="signed by the gateway", openapi_extra=TAKEN)
async def receipt_of_sms(
    request: Request, store: CurrentStore, clock: CurrentClock
) -> dict[str, Any]:
    """A text message has arrived, or has not. Signed by Standard Webhooks 1.0 with the secret that
    the gateway shares with us; 404 where the installation has no gateway.
    """
    return await take_receipt(Way.SMS, request, store, clock)


@queries.post(
    "/receipts/email", may=public, note="signed by the mail provider", openapi_extra=TAKEN
)
async def receipt_of_email(
    request: Request, store: CurrentStore, clock: CurrentClock
) -> dict[str, Any]:
    """An e-mail has arrived, has come back, or was complained about. Signed like the receipts of
    text messages, with a secret of its own.
    """
    return await take_receipt(Way.EMAIL, request, store, clock)


async def take_receipt(way: Way, request: Request, store: Store, clock: Clock) -> dict[str, Any]:
    """Tells the message what became of it. The same receipt twice changes nothing."""
    secret = receipt_secret_in_use(way)
    if secret is None:
        raise NotFound
    raw = await read_body(request, MOST_BODY)
    try:
        receipt_id = verified(request.headers, raw, secret, clock.now())
    except NotSigned:
        raise Refused(
            "not-signed", "a receipt is signed by its sender, within five minutes", 401
        ) from None
    told = _parsed(raw)
    id = told.id.strip("<>").partition("@")[0]
    found = await store.get(message, id)
    if found is None:
        raise NotFound
    if (told.bad_address or told.status == "complained") and found.state.recipient:
        await Addresses(store).mark_bad(found.state.recipient, way)
    if told.status != "complained":
        command: Command = Confirm(way) if told.status == "delivered" else Bounce(way, told.code)
        cause = f"receipt>{way.value}>{receipt_id}"
        await store.do(message, id, command, actor=f"provider:{way.value}", cause=cause)
    return {"id": id}


def _parsed(raw: bytes) -> Receipt:
    try:
        return Receipt.model_validate_json(raw or b"{}", strict=True)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        if wrong[0]["type"] == "json_invalid":
            raise Problem(400, "malformed-json") from None
        raise Problem(422, "invalid", errors=field_errors(wrong)) from None


@queries.get("/calls", may=hotline, note="each number that is shown is recorded")
async def calls_to_make(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=2_000)] = None,
) -> dict[str, Any]:
    """Who has to be called now, and what they are to be told: the urgent first. It is told with
    ``POST /messages/{id}/called``.
    """
    now = clock.now()
    asked = to_send(Way.PHONE, now, limit=limit, after=cursors.decode(cursor))
    page = await store.journal.find(message.kind, asked)
    streams = [stream_of(stored.state["recipient"], Way.PHONE) for stored in page.items]
    if streams:
        await store.journal.record_reading(caller.sub, streams, PURPOSE, now)
    addresses = Addresses(store)
    items = [await _call(store, stored, addresses, copies, clock) for stored in page.items]
    return {"items": items, "next": cursors.encode(page.next)}


async def _call(
    store: Store, stored: Stored, addresses: Addresses, copies: Copies, clock: Clock
) -> dict[str, Any]:
    state: Message = store.read(message, stored)
    assert state.delivery is not None, "it waits for a call"
    number = await addresses.latest(state.recipient, Way.PHONE)
    tongue = await addresses.tongue(state.recipient)
    words = letter(stored.id, state, Way.PHONE, copies, tongue, 1, clock.now())
    return {
        "id": stored.id,
        "recipient": state.recipient,
        "number": None if number is None else number["number"],
        "kind": state.kind,
        "about": state.about,
        "title": words.title,
        "body": words.body,
        "language": words.language,
        "posted": state.posted,
        "urgent": state.delivery.lane is Lane.URGENT,
        "tries": state.delivery.step.tries,
        "expires": state.delivery.expires,
    }


@queries.get("/push-key", may=public)
async def push_key() -> dict[str, Any]:
    """What a browser subscribes to push messages with (``applicationServerKey``); 404 where the
    installation has none.
    """
    key = push_key_in_use()
    if key is None:
        raise NotFound
    return {"key": key}
