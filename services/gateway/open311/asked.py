"""What a request asks: its parameters, its form, its language, and for which jurisdiction."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from services.gateway.open311.gazetteer import Gazetteer
from services.gateway.open311.refusals import NotServed
from services.gateway.public.reading import spoken

MOST_BODY = 64 * 1024
MOST_FIELDS = 100
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. What is empty counts as not given, by the standard."""

    params: Mapping[str, str]
    speaks: str

    def get(self, name: str, most: int = 4_000) -> str | None:
        """A parameter's value without blanks around it. Raises `NotServed` for a longer one."""
        value = self.params.get(name, "").strip()
        if len(value) > most:
            raise NotServed(400, "too-long", field=name, most=most)
        return value or None

    def listed(self, name: str) -> list[str]:
        """The values of a parameter that are parted by commas."""
        parts = (part.strip() for part in self.params.get(name, "").split(","))
        return list(dict.fromkeys(part for part in parts if part))


def asked_by(request: Request) -> Asked:
    """A question. A parameter that is there several times is a list."""
    params: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        params[name] = f"{params[name]},{value}" if name in params else value
    return Asked(params, spoken(request))


async def sent_by(request: Request) -> Asked:
    """What was sent as a form; a key may stand in the address, too. Raises `NotServed`."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != FORM:
        raise NotServed(400, "not-a-form")
    try:
        fields = parse_qsl(
            (await _body(request)).decode(),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            errors="strict",
        )
    except (UnicodeDecodeError, ValueError):
        raise NotServed(400, "not-a-form") from None
    params = {name: request.query_params.get(name, "") for name in ("api_key", "jurisdiction_id")}
    return Asked({**params, **dict(fields)}, spoken(request))


async def _body(request: Request) -> bytes:
    """Raises `NotServed` as soon as it is known to be too long."""
    body = bytearray()
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > MOST_BODY:
            # What is still to come is not read: the connection cannot be used again.
            close = {"Connection": "close"}
            raise NotServed(413, "too-long", close, field="form", most=MOST_BODY)
        if not message.get("more_body", False):
            return bytes(body)


def jurisdiction_in(asked: Asked, gazetteer: Gazetteer) -> str | None:
    """The place that `jurisdiction_id` names: the code of a district, or of one below it down to
    the neighbourhood; None where it names none, and that means the whole city. Raises `NotServed`.
    """
    named = asked.get("jurisdiction_id")
    if named is not None and named not in gazetteer.places:
        raise NotServed(404, "no-jurisdiction", value=named)
    return named
