"""The platform's own monitoring calls whoever is on call: the webhook of Prometheus
Alertmanager, version 4 (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).

Each alert becomes an alarm, told once however often Alertmanager repeats it; when it is resolved,
so is the alarm. An alert's labels say where it goes: ``duty`` (else ``platform``) and ``place``
(else the platform's own list).
"""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from services.notifications.domain.alarm import alarm, alarm_id
from services.notifications.domain.alarm_commands import AlarmKind, Raise, Resolved
from services.notifications.domain.on_call import PLATFORM
from shared.contracts.types import Code, PlaceCode
from shared.runtime.aggregate import Command
from shared.runtime.api import CurrentCaller, CurrentCopies, CurrentStore
from shared.runtime.bodies import read_body
from shared.runtime.policies import operator
from shared.runtime.problems import Problem, field_errors
from shared.runtime.queries import Queries

MOST_ALERTS = 500
"""In one call; Alertmanager's ``max_alerts`` keeps to it."""
MOST_WORDS = 2_000
NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9._:-]+")

Text = Annotated[str, StringConstraints(max_length=10_000)]


class Alert(BaseModel):
    """One alert. What else Alertmanager tells of it is passed over."""

    status: Literal["firing", "resolved"]
    labels: dict[str, Text]
    annotations: dict[str, Text] = Field(default_factory=dict)
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{1,32}$")]
    startsAt: AwareDatetime  # noqa: N815 - as Alertmanager calls it


class Called(BaseModel):
    """What Alertmanager sends."""

    version: Literal["4"]
    alerts: Annotated[list[Alert], Field(max_length=MOST_ALERTS)]


def _schema() -> dict[str, Any]:
    """The body as JSON Schema in one piece: in OpenAPI references lead elsewhere."""
    schema = Called.model_json_schema()
    schema["properties"]["alerts"]["items"] = schema.pop("$defs")["Alert"]
    return schema


BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": _schema()}},
    }
}
_place = TypeAdapter(PlaceCode)
_duty = TypeAdapter(Code)

queries = Queries(tags=["Alarms"])

QUERIES = (queries,)


@queries.post("/alarms/alertmanager", may=operator, openapi_extra=BODY)
async def take_alerts(
    request: Request, caller: CurrentCaller, store: CurrentStore, copies: CurrentCopies
) -> dict[str, int]:
    """Raises and resolves alarms as Alertmanager says, whose bearer token is an operator's. The
    same alert is taken once; a call that broke off is simply repeated.
    """
    raw = await read_body(request)
    try:
        called = Called.model_validate_json(raw or b"{}")
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        if wrong[0]["type"] == "json_invalid":
            raise Problem(400, "malformed-json") from None
        raise Problem(422, "invalid", errors=field_errors(wrong)) from None
    for one in called.alerts:
        id = alarm_id(f"alertmanager:{one.fingerprint}")
        await store.do(
            alarm,
            id,
            command_of(one, copies["place"]),
            actor=caller.sub,
            cause=f"alertmanager>{one.fingerprint}>{one.status}>{_moment(one.startsAt)}",
        )
    return {"taken": len(called.alerts)}


def command_of(alert: Alert, places: Any) -> Command:
    """What is to be done about an alert. A place that nobody knows counts as none: whoever runs the
    platform is called.
    """
    if alert.status == "resolved":
        return Resolved()
    name = NOT_IN_AN_ID.sub("-", alert.labels.get("alertname", "")).strip("-.:_")[:120]
    said = (alert.annotations.get("summary"), alert.annotations.get("description"))
    place = _valid(_place, alert.labels.get("place"))
    return Raise(
        because=AlarmKind.PLATFORM,
        duty=_valid(_duty, alert.labels.get("duty")) or PLATFORM,
        place=place if place in places else None,
        about="",
        where_listed=False,
        words="\n".join(one for one in said if one)[:MOST_WORDS],
        alert=name or None,
    )


def _valid(kind: TypeAdapter[str], given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return kind.validate_python(given)
    except ValidationError:
        return None


def _moment(at: datetime) -> int:
    """In milliseconds: as exact as a cause has to be."""
    return round(at.timestamp() * 1000)
