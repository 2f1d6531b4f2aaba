"""Rules of kinds over HTTP: how each kind of message is told and in what words. Everybody may know
them; administrators change them, with a preview on what really happened.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from fastapi import Body, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notifications.domain.audience import who_must_know
from services.notifications.domain.kind_rule import (
    ChangeRule,
    ChangeWords,
    KindChange,
    ResetRule,
    TurnOff,
    TurnOn,
    Words,
    in_force,
    kind_rule,
)
from services.notifications.domain.kinds import KindRule, Topic
from services.notifications.domain.preferences.state import Tongue
from services.notifications.kinds import kinds_in_use
from services.notifications.saying import id_in, say
from services.notifications.trying import fault_in, previews
from services.notifications.wording import NotRenderable, Rendered, wording
from shared.contracts.envelope import event_class
from shared.contracts.event import Event
from shared.contracts.types import Code
from shared.runtime.api import (
    CurrentCaller,
    CurrentCopies,
    CurrentStore,
    Verb,
    aggregate_api,
    all_fields,
)
from shared.runtime.copies import Copies
from shared.runtime.endpoints import verbs_open_to
from shared.runtime.policies import administrator, anyone
from shared.runtime.problems import Invalid, NotFound
from shared.runtime.queries import Queries

rules_api = aggregate_api(
    kind_rule,
    collection="rules",
    tag="Rules",
    verbs={
        "change": Verb(ChangeRule, may=administrator, begins=True),
        "change-words": Verb(ChangeWords, may=administrator, begins=True),
        "turn-off": Verb(TurnOff, may=administrator, begins=True),
        "turn-on": Verb(TurnOn, may=administrator, begins=True),
        "reset": Verb(ResetRule, may=administrator, begins=True),
    },
    see=anyone,
    history=administrator,
    shown=lambda state, caller: {**all_fields(state, caller), "words": _named(state.words)},
)

queries = Queries(tags=["Rules"])


Name = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class PastEvent(BaseModel):
    """A public event as it was published: its CloudEvents type, and its data."""

    model_config = ConfigDict(extra="ignore")

    type: Annotated[str, Field(max_length=200)]
    data: dict[str, Any]


class Tried(BaseModel):
    """What a preview is made of: a past event that tells of this kind, or parameters; neither: a
    sample. `words` are tried in the place of those in force.
    """

    model_config = ConfigDict(extra="forbid")

    event: PastEvent | None = None
    params: Annotated[dict[Name, Annotated[str, Field(max_length=160)]], Field(max_length=12)] = {}
    words: dict[Tongue, Words] = {}


@queries.get("/rules", may=anyone)
async def all_rules(copies: CurrentCopies, topic: Topic | None = None) -> dict[str, Any]:
    """Every kind with the rule in force; `changed` where it is not as shipped."""
    return {
        "items": [
            {"kind": kind, **_shown(shipped, copies["kind-rule"].get(kind))}
            for kind, shipped in sorted(kinds_in_use().rules.items())
            if topic is None or shipped.topic is topic
        ],
        "next": None,
    }


@queries.get("/rules/{kind}", may=anyone)
async def one_rule(
    kind: Code, caller: CurrentCaller, store: CurrentStore, response: Response
) -> dict[str, Any]:
    """A kind's rule in force, what it may be filled with, and its words in every language, as
    shipped and as changed.
    """
    shipped = _known(kind)
    snapshot = await store.get(kind_rule, kind)
    state = KindChange() if snapshot is None else snapshot.state
    version = 0 if snapshot is None else snapshot.version
    response.headers["ETag"] = f'"{version}"'
    response.headers["Cache-Control"] = "no-store"
    return {
        "id": kind,
        "version": version,
        **_shown(shipped, state),
        "words": {
            tongue.value: {
                "shipped": wording(tongue).messages.get(kind),
                "own": state.words.get(tongue),
            }
            for tongue in Tongue
        },
        "can": verbs_open_to(rules_api, state, caller, ()),
    }


@queries.post("/rules/{kind}/preview", may=administrator)
async def preview(
    kind: Code, copies: CurrentCopies, tried: Annotated[Tried, Body()]
) -> dict[str, Any]:
    """How a message of this kind reads in every language, and what is left of it by each way."""
    shipped = _known(kind)
    if (fault := fault_in(kind, tried.words)) is not None:
        raise Invalid("words", fault)
    told = 0
    params: Mapping[str, str] = {**kinds_in_use().sample(kind), **tried.params}
    if tried.event is not None:
        told, params = _told_by(kind, tried.event)
    languages = {}
    for tongue in Tongue:
        rendered = _said(copies, kind, params, tongue, tried.words.get(tongue))
        ways = previews(rendered, id_in(params))
        languages[tongue.value] = {
            "title": rendered.title,
            "body": rendered.body,
            "short": rendered.short or None,
            "by": {way.value: asdict(one) for way, one in ways.items() if way in shipped.ways},
        }
    return {"kind": kind, "told": told, "params": params, "languages": languages}


def _named(words: Mapping[Tongue, Words]) -> dict[str, Words]:
    return {tongue.value: own for tongue, own in words.items()}


def _known(kind: str) -> KindRule:
    shipped = kinds_in_use().rules.get(kind)
    if shipped is None:
        raise NotFound
    return shipped


def _told_by(kind: str, past: PastEvent) -> tuple[int, Mapping[str, str]]:
    """How many are told of this kind by an event, and what the first of them is told. Raises
    `Invalid`.
    """
    tellings = [one for one in who_must_know(_event(past)) if one.kind == kind]
    if not tellings:
        raise Invalid("event", f"nobody is told {kind} of this event")
    return len(tellings), tellings[0].params


def _event(past: PastEvent) -> Event:
    cls = event_class(past.type)
    if cls is None:
        raise Invalid("event.type", "is not the type of a public event")
    try:
        return msgspec.convert(past.data, cls)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Invalid("event.data", str(error)) from None


def _said(
    copies: Copies, kind: str, params: Mapping[str, str], tongue: Tongue, own: Words | None
) -> Rendered:
    if own is None:
        return say(copies, kind, params, tongue)
    try:
        return wording(tongue).render(kind, params, copies["place"], own)
    except NotRenderable as error:
        raise Invalid("words", str(error)) from None


def _shown(shipped: KindRule, change: KindChange | None) -> dict[str, Any]:
    rule = in_force(shipped, change)
    told = shipped if rule is None else rule
    return {
        "topic": told.topic,
        "urgency": told.urgency,
        "ways": told.ways,
        "must": told.must,
        "lasts": _seconds(told.lasts),
        "gathers": _seconds(told.gathers),
        "heard_within": _seconds(told.heard_within),
        "collected": told.collected,
        "params": told.params,
        "off": rule is None,
        "changed": change is not None and change != KindChange(),
    }


def _seconds(time: timedelta | None) -> int | None:
    return None if time is None else int(time.total_seconds())


APIS = (rules_api,)
QUERIES = (queries,)
